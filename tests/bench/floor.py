"""The least that any program made of these libraries does. `python tests/bench/floor.py GUIDE CARDS OUT`.

The whole text goes once through one Python-Markdown, so many rows of notes and of cards into the tables of an Anki
collection, and that into a zip file. What a row holds is a slice of the HTML: as much as a real deck, and no work.
"""

from __future__ import annotations

import sqlite3
import sys
import zipfile
from pathlib import Path

import markdown

_TABLES = """
create table col (id integer primary key, crt integer, mod integer, scm integer, ver integer, dty integer, usn integer,
  ls integer, conf text, models text, decks text, dconf text, tags text);
create table notes (id integer primary key, guid text, mid integer, mod integer, usn integer, tags text, flds text,
  sfld integer, csum integer, flags integer, data text);
create table cards (id integer primary key, nid integer, did integer, ord integer, mod integer, usn integer,
  type integer, queue integer, due integer, ivl integer, factor integer, reps integer, lapses integer, left integer,
  odue integer, odid integer, flags integer, data text);
create table revlog (id integer primary key, cid integer, usn integer, ease integer, ivl integer, lastIvl integer,
  factor integer, time integer, type integer);
create table graves (usn integer, oid integer, type integer);
create index ix_notes_usn on notes (usn);
create index ix_cards_usn on cards (usn);
create index ix_revlog_usn on revlog (usn);
create index ix_cards_nid on cards (nid);
create index ix_cards_sched on cards (did, queue, due);
create index ix_revlog_cid on revlog (cid);
create index ix_notes_csum on notes (csum);
insert into col values (1, 0, 0, 0, 11, 0, 0, 0, '{}', '{}', '{}', '{}', '{}');
"""
"""The collection of Anki 2.1 (schema 11), its indexes too."""


def collection(html: str, cards: int) -> bytes:
    """A collection of so many notes of a card each, as SQLite stores it."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(_TABLES)
    step = max(1, len(html) // cards)
    slices = ((number, html[number * step : (number + 1) * step]) for number in range(cards))
    notes = ((number, f"guid{number:012}", 1, 1, -1, "", text, text[:60], number, 0, "") for number, text in slices)
    connection.executemany("insert into notes values (?,?,?,?,?,?,?,?,?,?,?)", notes)
    rows = ((number, number, 1, 0, 1, -1, 0, 0, number, *(0,) * 8, "") for number in range(cards))
    connection.executemany("insert into cards values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)
    connection.commit()
    return connection.serialize()


def main(guide: str, cards: str, out: str) -> None:
    """As the line at the top says."""
    html = markdown.Markdown(extensions=["extra", "sane_lists"]).convert(Path(guide).read_text(encoding="utf-8"))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("collection.anki2", collection(html, int(cards)))
        archive.writestr("media", "{}")


if __name__ == "__main__":
    main(*sys.argv[1:])
