"""A learner who studied a pack and gets the next ones: what must not be lost, doubled, stale or on another card."""

from __future__ import annotations

import io
import json
import re
import shutil
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from anki.collection import Collection
from anki.consts import QUEUE_TYPE_SUSPENDED

from studypack import pipeline
from studypack.diagnostics import StudypackError, has_errors
from studypack.identity import Change, Fate
from studypack.pack import Output, Wishes
from studypack.writers import deck
from tests.anki.collection import collection, import_package, study
from tests.anki.notes import visible

FIRST_BUILD = 1_795_000_000
"""When the first revision is built, seconds since 1970; all of this lies before the clock's time."""

HOUR, DAY = 3600, 86_400
MY_TAG, MY_NOTE = "hard-for-me", " (my note)"

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><circle r="{}"/></svg>'
"""The picture of the guide; the radius may change."""

NOTHING: Mapping[str, str] = MappingProxyType({})
_ASKED = re.compile(r'<div class="(?:ask|term)">(.*?)</div>', re.DOTALL)
_ASPECT = re.compile(r'<div class="aspect">(.*?)</div>', re.DOTALL)
_CORNER = re.compile(r'<span class="corner">.*?</span>', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What an edit means, by what each card asks.

    `becomes` maps what a card asked to what it asks now; those not named ask the same. `gone` ask nothing any more,
    `fresh` never did before.
    """

    becomes: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    gone: frozenset[str] = frozenset()
    fresh: frozenset[str] = frozenset()


# --- packages ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A note in a package."""

    fields: Mapping[str, str]
    tags: tuple[str, ...]
    time: int
    due: int
    decks: Mapping[int, str]


@dataclass(frozen=True, kw_only=True)
class Package:
    """A built package, and what the build said of it."""

    data: bytes
    plan: tuple[Change, ...] = ()

    @cached_property
    def notes(self) -> Mapping[str, Sent]:
        """The notes by guid."""
        with self._opened() as rows:
            names = {int(key): [one["name"] for one in kind["flds"]] for key, kind in self.types.items()}
            decks = {int(key): str(one["name"]) for key, one in json.loads(rows("select decks from col")[0][0]).items()}
            cards: dict[int, list[tuple[int, int, int]]] = {}
            for note, place, deck_id, due in rows("select nid, ord, did, due from cards"):
                cards.setdefault(note, []).append((place, deck_id, due))
            return {
                guid: Sent(
                    fields=dict(zip(names[kind], values.split("\x1f"), strict=True)),
                    tags=tuple(sorted(tags.split())),
                    time=time,
                    due=cards[note][0][2],
                    decks={place: decks[deck_id] for place, deck_id, _ in cards[note]},
                )
                for note, guid, kind, time, values, tags in rows("select id, guid, mid, mod, flds, tags from notes")
            }

    @cached_property
    def types(self) -> Mapping[str, Any]:
        """The note types by id."""
        with self._opened() as rows:
            types: Mapping[str, Any] = json.loads(rows("select models from col")[0][0])
            return types

    @cached_property
    def media(self) -> Mapping[str, bytes]:
        """The pictures by name."""
        archive = zipfile.ZipFile(io.BytesIO(self.data))
        return {name: archive.read(number) for number, name in json.loads(archive.read("media")).items()}

    @cached_property
    def asked(self) -> Mapping[tuple[str, int], str]:
        """What each card asks, by guid and place."""
        return {(guid, place): asks(one.fields, place) for guid, one in self.notes.items() for place in one.decks}

    def fates(self) -> Mapping[str, Fate]:
        """What the plan says becomes of each question."""
        return {change.after or change.before: change.fate for change in self.plan}

    def guids(self, fate: Fate) -> set[str]:
        """The notes that the plan gives this fate."""
        return {change.guid for change in self.plan if change.fate is fate}

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(zipfile.ZipFile(io.BytesIO(self.data)).read("collection.anki2"))
            yield lambda sql: connection.execute(sql).fetchall()


def asks(fields: Mapping[str, str], place: int) -> str:
    """What a card asks, short; empty where the note has no such card."""
    if "Text" not in fields:
        asked = _ASKED.search(fields["Front"])
        assert asked is not None, fields["Front"]
        back = " (backward)" if place else ""
        return visible(_CORNER.sub("", asked[1])).strip() + back if not place or fields["Reversed"] else ""
    text = fields["Text"]
    hidden = [visible(one) for one in re.findall(rf"{{{{c{place + 1}::(.*?)}}}}", text, re.DOTALL)]
    aspect = _ASPECT.search(text)
    if aspect is None or not hidden:
        return " ".join(f"[{one}]" for one in hidden)
    cells = re.findall(r'<div class="subject">(.*?)</div><div class="value">(.*?)</div>', text, re.DOTALL)
    (subject,) = [visible(name) for name, value in cells if value.startswith(f"{{{{c{place + 1}::")]
    return f"{visible(_CORNER.sub('', aspect[1])).strip()} / {subject}"


def answers(fields: Mapping[str, str]) -> str:
    """What a note says, without what a learner added."""
    return " ".join(visible(fields["Text"] if "Text" in fields else fields["Back"]).removesuffix(MY_NOTE).split())


# --- the author --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """An author's folder with one guide, its lock, its pictures and what was built."""

    folder: Path
    name: str = "bread"

    @property
    def guide(self) -> Path:
        """The guide."""
        return self.folder / "source" / f"{self.name}.md"

    @property
    def lock(self) -> Path:
        """What the guide remembers."""
        return self.guide.with_suffix(".lock")

    @property
    def package(self) -> Path:
        """The deck that was built."""
        return self.folder / "build" / f"{self.name}.apkg"

    def write(self, text: str) -> None:
        """Save the guide."""
        self.guide.parent.mkdir(parents=True, exist_ok=True)
        self.guide.write_text(text, encoding="utf-8")

    def build(self, now: int = FIRST_BUILD + DAY, *, refresh: bool = False) -> Package:
        """Build the deck of the guide as it stands, as if at this time, seconds since 1970."""
        wishes = Wishes(only=frozenset({Output.DECK}), now=now, refresh=refresh)
        config = pipeline.Config(guides=(self.guide,), out=self.package.parent, wishes=wishes)
        (report,) = pipeline.build(config)
        for trouble in report.troubles:
            raise StudypackError(trouble)
        assert report.ok, report.diagnostics
        assert not has_errors(report.diagnostics)
        return Package(data=self.package.read_bytes(), plan=report.plan)


# --- the learner -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card in the collection: whose it is, what it asks, where it is, and how well it is known."""

    guid: str
    place: int
    asks: str
    deck: str
    state: tuple[Any, ...]


class Learner:
    """A collection in which every card of a package was studied; each check says what a learner would mind."""

    def __init__(self, opened: Collection, folder: Path, first: Package) -> None:
        self.collection, self.folder, self.first = opened, folder, first
        self.seen = dict(first.notes)
        self.before = self.cards()
        self.reviews = self._rows("select id, cid from revlog order by id")

    def receive(self, package: Package, *, sent_again: bool = False) -> None:
        """Import a package and check all that holds whatever was edited.

        `sent_again` says that unchanged notes may have come anew too, as they do where a lock was lost.
        """
        mine = {guid: (fields, tags) for guid, fields, tags in self._notes()}
        log = import_package(self.collection, package.data, self.folder)
        refused = [*log.conflicting, *log.missing_deck, *log.missing_notetype, *log.empty_first_field]
        assert not refused
        assert log.found_notes == len(package.notes)
        self._check_content(package, mine, sent_again)
        self._check_places(package)
        self._check_types(package)
        self.seen |= package.notes
        again = import_package(self.collection, package.data, self.folder)
        assert not [*again.new, *again.updated], "the same package again changed something"
        told, clean = self.collection.fix_integrity()
        assert clean, told

    def overlook(self, package: Package) -> None:
        """Import a package of another branch, whose notes may be older than those that are there."""
        import_package(self.collection, package.data, self.folder)
        for guid, sent in package.notes.items():
            if guid not in self.seen or sent.time > self.seen[guid].time:
                self.seen[guid] = sent

    def check(self, truth: Truth, package: Package) -> None:
        """Check that every review is still there, on the card that asks the same, and that no card is there twice."""
        now = self.cards()
        assert self.before.keys() <= now.keys(), "cards were lost"
        assert self._rows("select id, cid from revlog order by id") == self.reviews
        _same({card: now[card].state for card in self.before}, {card: self.before[card].state for card in self.before})
        twins = _twice(self.first) | _twice(package)
        asked = {card: self._told(one, twins, now=False) for card, one in self.before.items()}
        ask = {card: self._told(one, twins, now=True) for card, one in now.items()}
        sent = {(guid, place) for guid, place in package.asked}
        wanted = {card: truth.becomes.get(asked[card], asked[card]) for card in self.before}
        for card, one in self.before.items():
            if asked[card] in truth.gone:
                wanted[card] = "" if one.guid in package.notes else asked[card]
        assert truth.gone | truth.becomes.keys() <= set(asked.values()), "the truth names a card that never was"
        _same({asked[card]: ask[card] for card in self.before}, {asked[card]: wanted[card] for card in self.before})
        lost = {asked[card] for card, one in self.before.items() if (one.guid, one.place) not in sent}
        _same(dict.fromkeys(lost, "gone"), dict.fromkeys(truth.gone, "gone"))
        _same(Counter(ask[card] for card in now.keys() - self.before.keys()), Counter(truth.fresh))
        empty = {card for note in self.collection.get_empty_cards().notes for card in note.card_ids}
        assert empty == {card for card in self.before if not ask[card]}

    def cards(self) -> dict[int, Card]:
        """Every card in the collection by its id."""
        found: dict[int, Card] = {}
        for card_id in self.collection.find_cards(""):
            card = self.collection.get_card(card_id)
            note = card.note()
            state = (card.type, card.queue, card.due, card.ivl, card.factor, card.reps, card.lapses, card.flags)
            found[card_id] = Card(
                guid=note.guid,
                place=card.ord,
                asks=asks(dict(note.items()), card.ord),
                deck=self.collection.decks.name(card.did),
                state=state,
            )
        return found

    def _told(self, card: Card, twins: set[str], *, now: bool) -> str:
        """What a card asks; where several ask the same, what it says too."""
        if card.asks not in twins:
            return card.asks
        fields = self.seen[card.guid].fields if now else self.first.notes[card.guid].fields
        return f"{card.asks} → {answers(fields)}"

    def _check_content(
        self, package: Package, mine: Mapping[str, tuple[Sequence[str], Sequence[str]]], sent_again: bool
    ) -> None:
        """New text is there wherever the package has some; the learner's own stays wherever it has none."""
        arrived = {guid: (fields, tags) for guid, fields, tags in self._notes()}
        assert arrived.keys() == mine.keys() | package.notes.keys(), "a note was lost or doubled"
        for guid, sent in package.notes.items():
            last = self.seen.get(guid)
            same = last is not None and (last.fields, last.tags) == (sent.fields, sent.tags)
            if same and not (sent_again and last is not None and sent.time > last.time):
                assert arrived[guid] == mine[guid], "an unchanged note lost the learner's tags or edits"
            else:
                assert arrived[guid] == (list(sent.fields.values()), list(sent.tags)), "a changed note is stale"
        for guid in mine.keys() - package.notes.keys():
            assert arrived[guid] == mine[guid], "a note that left the guide was changed"
        folder = Path(self.collection.media.dir())
        assert {name: (folder / name).read_bytes() for name in package.media} == dict(package.media)

    def _check_places(self, package: Package) -> None:
        """Each card is in the deck that the package says, no deck is empty, and new cards come in guide order."""
        for card in self.cards().values():
            if (card.guid, card.place) in package.asked:
                assert card.deck == package.notes[card.guid].decks[card.place]
        decks: Any = self.collection.decks
        empty = [one.name for one in decks.all_names_and_ids() if one.id != 1 and not decks.cids(one.id, children=True)]
        assert not empty, f"empty decks: {empty}"
        order = [change.guid for change in package.plan if change.fate is not Fate.RETIRED]
        assert sorted(package.notes, key=lambda guid: package.notes[guid].due) == order

    def _check_types(self, package: Package) -> None:
        """The note types are the two, with the templates and the style of the package."""
        ours = {str(one["id"]): one for one in self.collection.models.all() if one["name"].startswith("studypack")}
        assert ours.keys() <= {str(deck.BASIC_ID), str(deck.CLOZE_ID)}
        for key, kind in package.types.items():
            if key in ours:
                assert ours[key]["css"] == kind["css"]
                looks = [[(made["qfmt"], made["afmt"]) for made in one["tmpls"]] for one in (ours[key], kind)]
                assert looks[0] == looks[1]

    def _notes(self) -> Iterator[tuple[str, list[str], list[str]]]:
        for note_id in self.collection.find_notes(""):
            note = self.collection.get_note(note_id)
            yield note.guid, list(note.fields), sorted(note.tags)

    def _rows(self, sql: str) -> list[Any]:
        assert self.collection.db is not None
        return self.collection.db.all(sql)


def _same(found: Mapping[Any, object], wanted: Mapping[Any, object]) -> None:
    """Check that two tables are the same, and show where they are not."""
    rows = {key: (found.get(key), wanted.get(key)) for key in found.keys() | wanted.keys()}
    wrong = [f"{key}: {one!r}, not {other!r}" for key, (one, other) in rows.items() if one != other]
    assert found == wanted, "\n".join(wrong)


def _twice(package: Package) -> set[str]:
    return {asked for asked, count in Counter(package.asked.values()).items() if count > 1}


@contextmanager
def learning(folder: Path, first: Package) -> Iterator[Learner]:
    """The learner whose collection is in this folder, who got this package first."""
    with collection(folder) as opened:
        yield Learner(opened, folder, first)


def begin(folder: Path, package: Package, *, touches_notes: bool = True) -> None:
    """A learner in a new folder who imports a package, studies every card, and makes the pack their own.

    `touches_notes` says whether they also tag and edit notes, an hour after the package was built.
    """
    folder.mkdir(parents=True)
    with collection(folder) as opened:
        import_package(opened, package.data, folder)
        for number, card_id in enumerate(sorted(opened.find_cards(""))):
            study(opened, opened.get_card(card_id))
            if number % 4 == 0:
                opened.set_user_flag_for_cards(1 + number % 7, [card_id])
            if number % 5 == 0:
                opened.sched.suspend_cards([card_id])
        assert all(opened.get_card(one).reps == 2 for one in opened.find_cards(""))
        assert opened.get_card(min(opened.find_cards(""))).queue == QUEUE_TYPE_SUSPENDED
        if touches_notes:
            _touch(opened)
        opened.fix_integrity()  # Anki notes when cards answered in one second were last reviewed, and mentions it


def _touch(opened: Collection) -> None:
    """Tag all notes but every fifth, and add a remark to every third."""
    assert opened.db is not None
    for number, note_id in enumerate(sorted(opened.find_notes(""))):
        note = opened.get_note(note_id)
        built = note.mod
        if number % 5 == 4:
            continue
        note.add_tag(MY_TAG)
        if number % 3 == 0:
            note["Back" if "Back" in note else "Extra"] += MY_NOTE
        opened.update_note(note)
        opened.db.execute("update notes set mod = ? where id = ?", built + HOUR, note_id)


def copied(project: Project, to: Path) -> Project:
    """The same project, and the learner in it, in another folder."""
    shutil.copytree(project.folder, to, dirs_exist_ok=True)
    return replace(project, folder=to)


Studied = Callable[[str], Project]
"""Gives the project of a guide, built, and a learner in its folder `anki` who studied all of it; not to be changed."""


def paint(project: Project, radius: int) -> None:
    """Draw the guide's picture."""
    (project.guide.parent / "loaf.svg").write_text(PICTURE.format(radius), encoding="utf-8")


def receive(project: Project, truth: Truth, *packages: Package, sent_again: bool = False) -> None:
    """Import packages one after the other, and check all that a learner would mind."""
    with learning(project.folder / "anki", first_of(project)) as learner:
        for package in packages:
            learner.receive(package, sent_again=sent_again)
        learner.check(truth, packages[-1])


def first_of(project: Project) -> Package:
    """The package that the learner studied."""
    return Package(data=(project.folder / "anki" / "pack.apkg").read_bytes())
