"""The package as a file: its bytes, its archive, its database; nothing of Anki is needed to see them."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import warnings
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from studypack.model import BasicNote, Guid, Html, Place
from studypack.writers import deck
from tests.anki.notes import HERE, PICTURE, SOUND, TIME, basic, build, cloze, every_kind, gap

ROOT = Path(__file__).resolve().parents[2]
DIGEST = """
import hashlib
from tests.anki.notes import build, every_kind
print(hashlib.sha256(build(*every_kind())).hexdigest())
"""


def entries(package: bytes) -> list[zipfile.ZipInfo]:
    """What the archive lists."""
    return zipfile.ZipFile(io.BytesIO(package)).infolist()


def read(package: bytes, name: str) -> bytes:
    """One entry of the archive."""
    return zipfile.ZipFile(io.BytesIO(package)).read(name)


def query(package: bytes, sql: str) -> list[tuple[Any, ...]]:
    """What the package's database answers."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(read(package, "collection.anki2"))
        return connection.execute(sql).fetchall()


def test_the_same_notes_give_the_same_bytes() -> None:
    """Two builds are equal to the last byte."""
    assert build(*every_kind()) == build(*every_kind())


def test_neither_folder_nor_hash_seed_nor_clock_zone_shows_in_the_bytes(tmp_path: Path) -> None:
    """Other processes, started elsewhere, write the same package."""
    digests = set()
    for seed, zone in (("0", "UTC"), ("1", "Asia/Tokyo")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", DIGEST], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        )
        digests.add(done.stdout)
    assert len(digests) == 1


def test_no_file_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build leaves nothing in the temporary folder, nor in the folder where it runs; genanki leaves its database."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    monkeypatch.chdir(tmp_path)
    build(*every_kind())
    assert list(tmp_path.iterdir()) == []


def test_the_archive_is_compressed_and_dated_by_nobody() -> None:
    """Each entry is deflated and has the earliest date of all, plain rights and no system of its own."""
    for entry in entries(build(*every_kind())):
        assert entry.compress_type == zipfile.ZIP_DEFLATED
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert (entry.create_system, entry.external_attr >> 16) == (3, 0o644)


def test_each_media_file_travels_once() -> None:
    """Two notes that show the same picture and sound bring each once, under a number that the list names."""
    package = build(*every_kind())
    assert json.loads(read(package, "media")) == {"0": PICTURE.name, "1": SOUND.name}
    assert [entry.filename for entry in entries(package)] == ["collection.anki2", "media", "0", "1"]
    assert (read(package, "0"), read(package, "1")) == (PICTURE.data, SOUND.data)


def test_the_version_of_sqlite_does_not_show() -> None:
    """The database's header says the same version and change counter, whichever SQLite wrote it."""
    header = read(build(*every_kind()), "collection.anki2")[:100]
    assert header[24:28] == header[92:96] == b"\0\0\0\1"
    assert int.from_bytes(header[96:100], "big") == 3_040_001
    assert int.from_bytes(header[16:18], "big") == 4096


def test_each_note_has_its_own_time() -> None:
    """A note's and its cards' time is when its content changed, not when the package was built."""
    package = build(basic("a", time=TIME), basic("b", time=TIME + 5, position=20))
    assert query(package, "select guid, mod from notes order by guid") == [("a", TIME), ("b", TIME + 5)]
    assert query(package, "select mod from cards order by due") == [(TIME,), (TIME + 5,)]


def test_each_card_has_its_place_among_new_cards() -> None:
    """`due` is the note's position."""
    package = build(basic("a", position=30), basic("b", position=10, reversed=True))
    assert query(package, "select due, ord from cards order by due, ord") == [(10, 0), (10, 1), (30, 0)]


def test_ids_are_times_of_the_past_and_all_different() -> None:
    """Note and card ids are milliseconds between 2014 and 2020, unique within the package."""
    package = build(*(basic(f"g{n}", position=n, reversed=True) for n in range(500)))
    notes = [row[0] for row in query(package, "select id from notes")]
    cards = [row[0] for row in query(package, "select id from cards")]
    assert len(set(notes)) == 500
    assert len(set(cards)) == 1000
    assert all(1_400_000_000_000 <= id < 1_600_001_000_000 for id in notes + cards)


def test_a_notes_id_depends_on_nothing_but_its_guid() -> None:
    """Other neighbours, another order, another text: the note keeps its id."""
    alone = query(build(basic("g7")), "select id from notes")
    among = build(*(basic(f"g{n}", f"<p>other {n}</p>", position=n) for n in reversed(range(20))))
    assert query(among, "select id from notes where guid = 'g7'") == alone


def test_guides_do_not_share_ids() -> None:
    """Two guides of a thousand notes each have no note id in common."""
    first, second = (
        {row[0] for row in query(build(*(basic(f"{guide}{n}") for n in range(1000))), "select id from notes")}
        for guide in ("a", "b")
    )
    assert not first & second


def test_the_cloze_numbers_make_the_cards() -> None:
    """Cards follow the numbers given, with holes and repetitions, not what the text looks like."""
    note = cloze("c", ["<p>", gap("one"), gap("two {{c9::x}}"), gap("three"), "</p>"], (4, 2, 4))
    assert query(build(note), "select ord from cards order by ord") == [(1,), (3,)]


def test_the_note_types_say_when_they_were_released() -> None:
    """The types' time is that of their templates, not of the build, and lies in the past."""
    models = json.loads(query(build(*every_kind()), "select models from col")[0][0])
    assert {model["mod"] for model in models.values()} == {deck.CSS_RELEASED}
    assert time.time() > deck.CSS_RELEASED


def test_a_type_that_no_note_has_stays_out() -> None:
    """A guide without clozes does not bring the cloze type."""
    models = json.loads(query(build(basic()), "select models from col")[0][0])
    assert list(models) == [str(deck.BASIC_ID)]


def test_control_characters_do_not_reach_anki() -> None:
    """Anki separates fields by one of them; in a note's text they are dropped."""
    package = build(basic("g", "<p>a\x1fb\x00</p>", place=replace(HERE, tags=("t\x011",))))
    fields, tags = query(package, "select flds, tags from notes")[0]
    assert fields.split("\x1f")[0] == "<p>ab</p>"
    assert len(fields.split("\x1f")) == len(deck.BASIC_FIELDS)
    assert tags == " t1 "


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "guide.html#top", "https://a b"])
def test_a_link_that_does_not_lead_to_the_web_is_dropped(link: str) -> None:
    """Only http and https addresses become links."""
    place = Place(deck=("Clouds",), breadcrumb=Html("Clouds"), link=link)
    fields = query(build(basic(place=place)), "select flds from notes")[0][0].split("\x1f")
    assert fields[deck.BASIC_FIELDS.index("Link")] == ""


def test_text_that_genanki_takes_for_broken_tags_is_no_cause_for_a_warning() -> None:
    """Comparisons and formulas are ordinary text; a build prints nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        build(basic(back="<p>a &lt;b and 1 < 2 > 0</p><-->"))


def test_two_notes_with_one_guid_are_refused() -> None:
    """Anki would keep one of them and say nothing."""
    with pytest.raises(ValueError, match="guid same"):
        build(basic("same"), basic("same", "<p>other</p>"))


@pytest.mark.parametrize("numbers", [(), (1,), (1, 2, 3)])
def test_numbers_that_do_not_fit_the_gaps_are_refused(numbers: tuple[int, ...]) -> None:
    """Each gap has one number."""
    with pytest.raises(ValueError, match="note c"):
        build(cloze("c", [gap("a"), gap("b")], numbers))


def test_media_that_no_card_shows_are_refused() -> None:
    """Anki would drop such a file on import."""
    with pytest.raises(ValueError, match=r"disk-1a2b\.png"):
        build(basic(media=(PICTURE,)))


def test_two_pictures_under_one_name_are_refused() -> None:
    """One would hide the other."""
    shown = f'<img src="{PICTURE.name}">'
    other = replace(PICTURE, data=b"other")
    with pytest.raises(ValueError, match=r"disk-1a2b\.png"):
        build(basic("a", shown, media=(PICTURE,)), basic("b", shown, media=(other,)))


def test_ten_thousand_notes_take_seconds() -> None:
    """A large guide costs in proportion: ten times the notes, about ten times the time, and never half a minute."""
    back = "<p>Some <code>text</code> with {{braces}} and more.</p>" * 5
    note = basic(back=back).note
    assert isinstance(note, BasicNote)
    known = [
        replace(
            basic(f"g{n}", position=n), note=replace(note, place=replace(HERE, deck=("Clouds", f"Topic {n // 20}")))
        )
        for n in range(10_000)
    ]
    start = time.perf_counter()
    package = build(*known)
    assert time.perf_counter() - start < 15
    assert query(package, "select count() from cards") == [(10_000,)]


def test_guid_and_guide_name_the_note() -> None:
    """The last field is guide and guid, safe as HTML."""
    package = build(replace(basic(), guid=Guid("a<b&c")))
    assert query(package, "select flds from notes")[0][0].split("\x1f")[-1] == "clouds/a&lt;b&amp;c"
