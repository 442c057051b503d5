"""Notes → an Anki package (`.apkg`), as bytes.

Everything about Anki and genanki is settled behind this door: what genanki gets wrong (clozes counted by a regular
expression, one time and position for all, a temporary database, an uncompressed archive with the clock in it) is done
here instead, and what Anki never forgives (a note type whose fields change) is frozen here.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from importlib import resources
from types import MappingProxyType
from typing import Any

import genanki

from studypack.media import Media
from studypack.model import BasicNote, ClozeNote, Guid, KnownNote, Place
from studypack.writers.cards import syntax
from studypack.writers.cards.names import deck_name, legal_tags

BASIC_ID = 1795392000101
"""The id of the note type "studypack basic". Never changes: another id makes every old note a stranger."""

CLOZE_ID = 1795392000102
"""The id of the note type "studypack cloze". Never changes."""

BASIC_FIELDS = (
    *("Front", "Back", "Breadcrumb", "Kind", "Level", "Link"),
    *("Reversed", "Extra", "Spare1", "Spare2", "SPID"),
)
"""The fields of the basic type, in order. Frozen: Anki updates no note across a change of fields."""

CLOZE_FIELDS = ("Text", "Breadcrumb", "Kind", "Level", "Link", "Extra", "Spare1", "Spare2", "SPID")
"""The fields of the cloze type, in order. Frozen."""

BASIC_TEMPLATES = ("Forward", "Backward")
"""The templates of the basic type. Frozen. Backward makes a card only where the field `Reversed` is filled."""

CLOZE_TEMPLATES = ("Cloze",)
"""The template of the cloze type. Frozen."""

_FILES = {"Forward": "basic-forward", "Backward": "basic-backward", "Cloze": "cloze"}
"""What the files of a template in `cards/` are called."""

CSS_RELEASED = 1795392000
"""When templates and CSS last changed, seconds since 1970: the note types' own time.

Anki takes new templates and CSS only if this time grew, so every change of a file in `cards/` needs a later one.
"""

_FIRST_ID = 1_400_000_000_000
_ID_WINDOW = 200_000_000_000
"""Notes get ids from a window of milliseconds, May 2014 to September 2020: Anki reads an id as a time of creation."""

_SEPARATOR = "\x1f"
"""What Anki puts between the fields of a note."""

_COMPRESSION = 5
"""zlib's level. Level 9 takes three times as long, for one part in thirty."""

_SQLITE_VERSION = 3_040_001
"""The version of SQLite that is stamped on every package, whichever wrote it; readers ignore it."""

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest date a zip archive can hold."""


def write(notes: Sequence[KnownNote], *, guide: str, deck: str, description: str = "") -> bytes:
    """The `.apkg` that holds these notes, in their decks below `deck`, with their media.

    `guide` is the guide's name; with the guid it makes the field `SPID`. `deck` is the name of the top deck, in which
    `::` nests; it carries `description`, plain text. `Place.deck` is a path from the top whose elements do not nest
    (see `cards.names`). The same arguments give the same bytes.

    Raises ValueError if two notes share a guid, a cloze's numbers do not fit its gaps, or a media file is not shown.
    """
    return _archive(_database(notes, guide, deck, description), _media(notes))


# --- what a card is made of, for whoever shows one as Anki does -------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The two sides of a card, in Anki's language of templates."""

    name: str
    question: str
    answer: str


def fields(known: KnownNote, guide: str) -> Mapping[str, str]:
    """The texts of a note's fields as the package holds them, by name; `guide` is the guide's name, as in `write`."""
    names = BASIC_FIELDS if isinstance(known.note, BasicNote) else CLOZE_FIELDS
    return MappingProxyType(dict(zip(names, _values(known, guide), strict=True)))


def cards(known: KnownNote) -> Mapping[int, Template]:
    """The template of each of a note's cards, by the card's place: among its templates, or of its cloze, from zero."""
    if isinstance(known.note, BasicNote):
        return MappingProxyType({place: _sides(BASIC_TEMPLATES[place]) for place in _cards(known)})
    return MappingProxyType({place: _sides(CLOZE_TEMPLATES[0]) for place in _cards(known)})


def style() -> str:
    """The CSS of both note types."""
    return _resource("cards.css")


@cache
def _sides(name: str) -> Template:
    file = _FILES[name]
    return Template(name=name, question=_resource(f"{file}-question.html"), answer=_resource(f"{file}-answer.html"))


# --- the two note types ------------------------------------------------------------------------------------------


class _Model(genanki.Model):  # type: ignore[misc]  # genanki has no types
    """A note type with the time of its release."""

    def __init__(self, *, required: list[list[Any]], **settings: Any) -> None:
        super().__init__(**settings)
        # Which fields make a card, for old programs; genanki finds it by rendering each template with each field.
        self._req = required

    def released(self) -> dict[str, Any]:
        """As Anki stores it, dated with its release and not with the build, and tied to no deck."""
        stored: dict[str, Any] = self.to_json(CSS_RELEASED, None)
        return stored


def _types() -> tuple[_Model, _Model]:
    """The two note types, made afresh for a build, for genanki writes into the lists it is given."""
    css = style()
    basic = _Model(
        required=[[0, "any", [0]], [1, "any", [BASIC_FIELDS.index("Reversed")]]],
        model_id=BASIC_ID,
        name="studypack basic",
        fields=_fields(BASIC_FIELDS, 4_126_300_000_100),
        templates=[
            _template(BASIC_TEMPLATES[0], 4_126_300_001_100, browser=("{{Front}}", "{{Back}}")),
            _template(
                BASIC_TEMPLATES[1],
                4_126_300_001_101,
                browser=("{{#Reversed}}{{Back}}{{/Reversed}}", "{{Front}}"),
            ),
        ],
        css=css,
    )
    cloze = _Model(
        required=[[0, "any", [0]]],
        model_id=CLOZE_ID,
        name="studypack cloze",
        fields=_fields(CLOZE_FIELDS, 4_126_300_000_200),
        templates=[_template(CLOZE_TEMPLATES[0], 4_126_300_001_200, browser=("{{cloze:Text}}", "{{cloze:Text}}"))],
        css=css,
        model_type=genanki.Model.CLOZE,
    )
    return basic, cloze


def _fields(names: Sequence[str], first_id: int) -> list[dict[str, Any]]:
    """Fields with fixed ids, by which Anki knows them even when a learner renames them.

    What a learner has no reason to edit starts folded in Anki's editor.
    """
    open_fields = {"Front", "Back", "Text", "Extra"}
    return [
        {"name": name, "id": first_id + index, "font": "Arial", "collapsed": name not in open_fields}
        for index, name in enumerate(names)
    ]


def _template(name: str, template_id: int, *, browser: tuple[str, str]) -> dict[str, Any]:
    """A template with a fixed id; `browser` is what Anki's list of cards shows of question and answer."""
    sides = _sides(name)
    return {
        "name": name,
        "id": template_id,
        "qfmt": sides.question,
        "afmt": sides.answer,
        "bqfmt": browser[0],
        "bafmt": browser[1],
    }


@cache
def _resource(name: str) -> str:
    return (resources.files(__package__) / "cards" / name).read_text(encoding="utf-8").strip()


# --- notes -------------------------------------------------------------------------------------------------------

# As genanki's `Note.write_to_db` and `Card.write_to_db` have it: what is no question mark is so for all new notes.
_INSERT_NOTE = "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')"
_INSERT_CARD = "INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')"

_NoteRow = tuple[int, Guid, int, int, str, str, str]
"""Id, guid, note type, time, tags, fields, the field to sort by."""

_CardRow = tuple[int, int, int, int, int, int]
"""Id, note, deck, place among the note's cards, time, position among new cards."""


def _in_order(notes: Sequence[KnownNote], ids: Mapping[Guid, tuple[int, ...]]) -> list[KnownNote]:
    """The notes in the order of their ids.

    Rows that come so fill SQLite's pages: the package gets a tenth smaller, and is written sooner.
    """
    return sorted(notes, key=lambda known: ids[known.guid])


def _card_rows(
    notes: Iterable[KnownNote], ids: Mapping[Guid, tuple[int, ...]], decks: Mapping[tuple[str, ...], int]
) -> Iterator[_CardRow]:
    """The rows of the notes' cards; `decks` are the decks' ids by path."""
    for known in notes:
        note_id, *card_ids = ids[known.guid]
        deck_id, time, due = decks[known.deck], known.time, known.position
        for card_id, place in zip(card_ids, _cards(known), strict=True):
            yield card_id, note_id, deck_id, place, time, due


def _note_row(known: KnownNote, note_id: int, guide: str) -> _NoteRow:
    type_id = BASIC_ID if isinstance(known.note, BasicNote) else CLOZE_ID
    values, tags = _values(known, guide), _context(known.note.place)[3]
    return (note_id, known.guid, type_id, known.time, tags, _SEPARATOR.join(values), values[0])


def _values(known: KnownNote, guide: str) -> tuple[str, ...]:
    """The texts of a note's fields, in the order of its type's."""
    note = known.note
    breadcrumb, level, link, _tags = _context(note.place)
    context = (breadcrumb, note.kind.value, level, link)
    rest = (syntax.field(note.extra), "", "", syntax.text(f"{guide}/{known.guid}"))
    if isinstance(note, BasicNote):
        return (syntax.field(note.front), syntax.field(note.back), *context, "yes" if note.reversed else "", *rest)
    return (_cloze_text(known, note), *context, *rest)


@lru_cache(4096)
def _context(place: Place) -> tuple[str, str, str, str]:
    """What notes of the same place have in common: the fields Breadcrumb, Level and Link, and the tags."""
    tags = f" {' '.join(legal_tags(place.tags))} "
    return syntax.field(place.breadcrumb), syntax.text(place.level), _link(place), tags


def _cards(known: KnownNote) -> tuple[int, ...]:
    """The places of the note's cards among its templates, or of its clozes, from zero.

    They are what the note's own values say, for genanki's expression miscounts nested and odd clozes.
    """
    if isinstance(known.note, BasicNote):
        return (0, 1) if known.note.reversed else (0,)
    return tuple(sorted({number - 1 for number in known.numbers}))


def _cloze_text(known: KnownNote, note: ClozeNote) -> str:
    """The pieces joined, each gap a cloze with the number that the lock gave it."""
    if len(known.numbers) != len(note.gaps) or not known.numbers:
        raise ValueError(f"note {known.guid}: {len(note.gaps)} gaps, numbers {known.numbers}")
    numbers = iter(known.numbers)
    return "".join(
        syntax.field(piece) if isinstance(piece, str) else syntax.gap(next(numbers), piece.html)
        for piece in note.pieces
    )


def _link(place: Place) -> str:
    """The link, if it leads to the web; anything else would open a file or run something."""
    return syntax.text(place.link) if re.match(r"https?://[^\s]+\Z", place.link) else ""


def _ids(notes: Sequence[KnownNote]) -> Mapping[Guid, tuple[int, ...]]:
    """By guid the note's id and those of its cards, in milliseconds, from a hash of the guid.

    They are the same in every package, and all but never another note's. A clash is settled in the order of the guids,
    not of the guide, so that a moved note moves no id.
    """
    ids: dict[Guid, tuple[int, ...]] = {}
    taken: set[int] = set()
    for known in sorted(notes, key=lambda known: known.guid):
        if known.guid in ids:
            raise ValueError(f"two notes have the guid {known.guid}")
        first = _free(_id(known.guid), taken)
        ids[known.guid] = (first, *(_free(first + place, taken) for place in _cards(known)))
        taken.update(ids[known.guid])
    return ids


def _free(wanted: int, taken: set[int]) -> int:
    while wanted in taken:
        wanted += 1
    return wanted


def _id(text: str) -> int:
    return _FIRST_ID + int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % _ID_WINDOW


# --- decks -------------------------------------------------------------------------------------------------------


def _decks(paths: Iterable[tuple[str, ...]]) -> dict[str, genanki.Deck]:
    """Every deck from the top down, parents too, in the order of the guide, by its name as Anki compares it.

    Anki compares without regard to case, so decks that differ in case only must be one.
    """
    decks: dict[str, genanki.Deck] = {}
    for path in dict.fromkeys(paths):
        for depth in range(1, len(path) + 1):
            name = deck_name(path[:depth])
            decks.setdefault(name.casefold(), genanki.Deck(_id(f"deck {name.casefold()}"), name))
    return decks


# --- the package -------------------------------------------------------------------------------------------------


def _database(notes: Sequence[KnownNote], guide: str, deck: str, description: str) -> bytearray:
    """The collection as SQLite stores it, never on disk."""
    top = tuple(deck.split("::"))
    decks = _decks((top, *(known.deck for known in notes)))
    decks[deck_name(top).casefold()].description = escape(description).replace("\n", "<br>")
    connection = sqlite3.connect("")
    try:
        # Defaults that differ between builds of SQLite, and bytes left over from changed rows.
        connection.executescript(
            "PRAGMA page_size=4096; PRAGMA auto_vacuum=0; PRAGMA secure_delete=1;"
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
        )
        _write(connection.cursor(), notes, guide, decks)
        connection.commit()
        database = connection.serialize()
    finally:
        connection.close()
    return _without_version(database)


def _write(cursor: sqlite3.Cursor, notes: Sequence[KnownNote], guide: str, decks: Mapping[str, genanki.Deck]) -> None:
    """Write decks and note types once, then the rows; genanki writes all decks again for every deck."""
    genanki.Package([]).write_to_db(cursor, CSS_RELEASED, iter(()))
    stored = json.loads(cursor.execute("SELECT decks FROM col").fetchone()[0])
    stored.update({str(deck.deck_id): deck.to_json() for deck in decks.values()})
    used = {isinstance(known.note, BasicNote) for known in notes}
    types = {str(one.model_id): one.released() for one in _types() if (one.model_id == BASIC_ID) in used}
    cursor.execute("UPDATE col SET decks = ?, models = ?", (json.dumps(stored), json.dumps(types)))
    ids, homes = _ids(notes), {path: decks[deck_name(path).casefold()].deck_id for path in {one.deck for one in notes}}
    notes = _in_order(notes, ids)
    cursor.executemany(_INSERT_NOTE, (_note_row(known, ids[known.guid][0], guide) for known in notes))
    cursor.executemany(_INSERT_CARD, sorted(_card_rows(notes, ids, homes)))


def _without_version(database: bytes) -> bytearray:
    """The database with the fields of its header that tell who wrote it, and how often, set to fixed values.

    Offsets from https://www.sqlite.org/fileformat.html: 24 change counter, 92 the same again, 96 SQLite's version.
    """
    stamped = bytearray(database)
    stamped[24:28] = stamped[92:96] = (1).to_bytes(4, "big")
    stamped[96:100] = _SQLITE_VERSION.to_bytes(4, "big")
    return stamped


def _media(notes: Sequence[KnownNote]) -> list[Media]:
    """Every picture and sound once, in the order of names."""
    media: dict[str, Media] = {}
    for known in notes:
        for medium in known.note.media:
            same = media.setdefault(medium.name, medium)
            if same.data != medium.data:
                raise ValueError(f"two media files are named {medium.name}")
            if not any(medium.name in html for html in _html(known)):
                raise ValueError(f"note {known.guid} does not show its media file {medium.name}")
    return [media[name] for name in sorted(media)]


def _html(known: KnownNote) -> Iterator[str]:
    note = known.note
    if isinstance(note, BasicNote):
        yield from (note.front, note.back, note.extra)
    else:
        yield from (piece if isinstance(piece, str) else piece.html for piece in note.pieces)
        yield note.extra


def _archive(database: bytearray, media: Sequence[Media]) -> bytes:
    """The zip file: the collection, the list of media names, the media under their numbers."""
    names = json.dumps({str(index): medium.name for index, medium in enumerate(media)})
    entries: list[tuple[str, bytes | bytearray]] = [("collection.anki2", database), ("media", names.encode())]
    entries += [(str(index), medium.data) for index, medium in enumerate(media)]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in entries:
            archive.writestr(_entry(name), data, zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION)
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry without a clock, a user or a system in it."""
    entry = zipfile.ZipInfo(name, date_time=_ZIP_DATE)
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry
