"""The least that any program does to build a deck again of which it knows everything. `again.py GUIDE KEPT LOCK OUT`.

It reads the guide, finds out nothing about it, takes all rows from what was kept, reads the lock and writes it again,
puts the rows into the tables of an Anki collection, and that into a zip file. What no build of a changed guide can do
without is imported. `keep` makes what it needs; that is not measured.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import zipfile
from contextlib import closing
from pathlib import Path

LEVEL = 5
"""How hard studypack compresses."""


def keep(deck: Path, kept: Path) -> None:
    """Take the tables and rows out of a deck, as JSON, as a cache would hold them."""
    with zipfile.ZipFile(deck) as archive:
        collection = archive.read("collection.anki2")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(collection)
        schema = [sql for (sql,) in connection.execute("select sql from sqlite_master where sql is not null")]
        rows = {table: list(connection.execute(f"select * from {table}")) for table in ("col", "notes", "cards")}  # noqa: S608
    kept.write_text(json.dumps({"schema": schema, "rows": rows}, ensure_ascii=False), encoding="utf-8")


def main(guide: str, kept: str, lock: str, out: str) -> None:
    """As the line at the top says."""
    import click  # noqa: F401
    import genanki  # noqa: F401
    import markdown  # noqa: F401
    import yaml  # noqa: F401

    Path(guide).read_bytes().decode().splitlines()
    entries = [json.loads(line) for line in Path(lock).read_text(encoding="utf-8").splitlines()]
    remembered = json.loads(Path(kept).read_text(encoding="utf-8"))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        archive.writestr("collection.anki2", _collection(remembered["schema"], remembered["rows"]))
        archive.writestr("media", "{}")
    text = "".join(f"{json.dumps(entry, ensure_ascii=False)}\n" for entry in entries)
    Path(out).with_suffix(".lock").write_text(text, encoding="utf-8")


def _collection(schema: list[str], rows: dict[str, list[list[object]]]) -> bytes:
    with closing(sqlite3.connect("")) as connection:
        connection.executescript("pragma journal_mode=off; pragma synchronous=off;" + ";".join(schema))
        for table, found in rows.items():
            if found:
                connection.executemany(f"insert into {table} values ({','.join('?' * len(found[0]))})", found)  # noqa: S608
        connection.commit()
        return connection.serialize()


if __name__ == "__main__":
    main(*sys.argv[1:])
