"""What was made before: found again, bounded, and never a reason to fail."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from studypack import cache as room
from studypack.cache import Cache, default_folder

ROOT = Path(__file__).parents[2]


def file_of(folder: Path) -> Path:
    """The one file of a cache."""
    (file,) = folder.iterdir()
    return file


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    """By another cache of the same folder; under its own name only; the last one counts."""
    Cache(tmp_path / "deep" / "down").put(b"sheet", "pdf", "a")
    again = Cache(tmp_path / "deep" / "down")
    assert again.get("pdf", "a") == b"sheet"
    assert again.get("pdf") is again.get("pdf", "b") is again.get("pdfa") is None
    again.put(b"", "pdf", "a")
    assert again.get("pdf", "a") == b""


def test_several_are_found_at_once(tmp_path: Path) -> None:
    """As many as are there; a guide may have tens of thousands of topics."""
    cache = Cache(tmp_path)
    cache.put_several("topic", {str(number): b"%d" % number for number in range(0, 50_000, 100)})
    found = cache.several("topic", map(str, range(40_000)))
    assert found == {str(number): b"%d" % number for number in range(0, 40_000, 100)}
    assert cache.get("topic", "100") == b"100"


def test_without_a_folder_nothing_is_kept() -> None:
    """Then it is a cache that is always empty."""
    cache = Cache(None)
    cache.put(b"x", "a")
    assert (cache.open, cache.get("a"), cache.several("a", ["b"])) == (False, None, {})


def test_another_edition_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another version made is never taken for this one's, and stays for when that comes back."""
    cache = Cache(tmp_path)
    cache.put(b"old", "a")
    with monkeypatch.context() as patch:
        patch.setattr(room, "edition", lambda: "another")
        assert cache.get("a") is None
        cache.put(b"new", "a")
        assert cache.get("a") == b"new"
    assert cache.get("a") == b"old"


def test_its_folder_can_be_named() -> None:
    """By the environment; else it is the system's folder for caches, never one beside the guides."""
    assert default_folder({"STUDYPACK_CACHE_DIR": "here/it/is"}) == Path("here/it/is")
    assert default_folder({}).name.lower() == "studypack"
    assert default_folder({"STUDYPACK_CACHE_DIR": ""}) == default_folder({})


# --- its size ----------------------------------------------------------------------------------------------------


def test_its_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the most, what was not used for longest goes, and the file grows no further."""
    monkeypatch.setattr(room, "MOST", 2**20)
    cache = Cache(tmp_path)
    sizes = []
    for number in range(100):
        cache.put(random.Random(number).randbytes(50_000), "pdf", str(number))
        sizes.append(file_of(tmp_path).stat().st_size)
    assert max(sizes) < 2**20 + 200_000
    kept = [number for number in range(100) if cache.get("pdf", str(number)) is not None]
    assert kept == list(range(100 - len(kept), 100)), "the last ones stay"
    assert 10 <= len(kept) <= 20


def test_what_is_used_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Being asked for counts as use, once a day."""
    monkeypatch.setattr(room, "MOST", 2**20)
    now = [1_700_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    cache = Cache(tmp_path)
    cache.put(b"dear", "pdf", "first")
    for number in range(100):
        now[0] += room._DAY + 1
        assert cache.get("pdf", "first") == b"dear"
        cache.put(bytes(50_000), "pdf", str(number))
    assert cache.get("pdf", "0") is None


def test_what_is_too_large_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One thing may not take the place of all others."""
    monkeypatch.setattr(room, "LARGEST", 100)
    cache = Cache(tmp_path)
    cache.put(bytes(101), "a")
    cache.put_several("b", {"small": bytes(100), "large": bytes(101)})
    assert cache.get("a") is None
    assert set(cache.several("b", ["small", "large"])) == {"small"}


# --- what may be wrong with it -----------------------------------------------------------------------------------


def filled(folder: Path) -> bytes:
    """The bytes of a cache with thirty things in it."""
    cache = Cache(folder)
    cache.put_several("x", {str(number): bytes([number]) * number * 200 for number in range(30)})
    return file_of(folder).read_bytes()


def damaged(good: bytes, seed: int) -> bytes:
    """The file after an accident: bytes changed here and there, or its end lost."""
    chance = random.Random(seed)
    data = bytearray(good)
    for _ in range(chance.choice((1, 3, 30, 300))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[: chance.randrange(len(data))] if chance.random() < 0.2 else data)


def test_damage_costs_time_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever became of the file: what is found is right, nothing is raised, and things are kept again.

    But for one accident in a thousand: a table whose index lost some rows looks whole.
    """
    monkeypatch.setattr(room, "edition", lambda: "one and the same in each run")
    good = filled(tmp_path)
    file = file_of(tmp_path)
    kept = 0
    for seed in range(300):
        for left in tmp_path.iterdir():
            left.unlink()
        file.write_bytes(damaged(good, seed))
        cache = Cache(tmp_path)
        for number in range(0, 30, 5):
            assert cache.get("x", str(number)) in (None, bytes([number]) * number * 200), seed
        for _ in range(3):
            cache.put(b"new", "y")
        kept += cache.get("y") == b"new"
    assert kept >= 297


def test_the_thing_of_another_name_is_not_taken(tmp_path: Path) -> None:
    """As where an index is damaged: whole as it is, it is not what was asked for, and the table is given up."""
    cache = Cache(tmp_path)
    cache.put_several("x", {"a": b"a", "b": b"b"})
    with sqlite3.connect(file_of(tmp_path)) as table:
        table.execute("UPDATE kept SET value = (SELECT max(value) FROM kept)")
    table.close()
    assert not cache.several("x", ["a", "b"])
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"not a table", b"SQLite format 3\0" + bytes(4080), bytes(2**16)])
def test_another_file_in_its_place_is_replaced(tmp_path: Path, content: bytes) -> None:
    """Empty, text, half a table: a new one takes its place."""
    cache = Cache(tmp_path)
    cache.put(b"old", "a")
    file_of(tmp_path).write_bytes(content)
    for _ in range(2):
        cache.put(b"new", "a")
    assert cache.get("a") == b"new"


def test_a_table_of_another_shape_is_replaced(tmp_path: Path) -> None:
    """A file by this name that this version did not make."""
    cache = Cache(tmp_path)
    cache.put(b"old", "a")
    file = file_of(tmp_path)
    file.unlink()
    with sqlite3.connect(file) as table:
        table.execute("CREATE TABLE kept (something TEXT)")
    table.close()
    for _ in range(2):
        cache.put(b"new", "a")
    assert cache.get("a") == b"new"


def _blocked(folder: Path, how: str) -> Path:
    """A folder in which no cache can be."""
    match how:
        case "a file":
            folder.write_bytes(b"")
        case "below a file":
            folder.write_bytes(b"")
            return folder / "below"
        case "a folder for a file":
            (folder / f"cache-{room.FORM}.sqlite").mkdir(parents=True)
        case "a way to nowhere":
            folder.mkdir()
            (folder / f"cache-{room.FORM}.sqlite").symlink_to(folder / "not" / "there")
        case "no name for a file":
            return folder.with_name("x" * 300)
    return folder


@pytest.mark.parametrize(
    "how", ["a file", "below a file", "a folder for a file", "a way to nowhere", "no name for a file"]
)
def test_where_there_can_be_none_nothing_is_kept(tmp_path: Path, how: str) -> None:
    """Nothing is raised, and what stands in the way is left alone."""
    cache = Cache(_blocked(tmp_path / "cache", how))
    before = sorted(tmp_path.rglob("*"))
    cache.put(b"x", "a")
    assert cache.get("a") is None
    assert sorted(tmp_path.rglob("*")) == before


def test_one_that_cannot_be_written_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that somebody filled and made read-only is of use for longer than a day."""
    Cache(tmp_path).put(b"x", "a")
    connect = sqlite3.connect
    monkeypatch.setattr(time, "time", lambda: 4e9)
    monkeypatch.setattr(
        sqlite3, "connect", lambda file, timeout: connect(f"file:{file}?mode=ro", timeout=timeout, uri=True)
    )
    cache = Cache(tmp_path)
    cache.put(b"y", "a")
    assert cache.get("a") == b"x"
    assert file_of(tmp_path).exists()


def test_a_lock_that_lasts_is_waited_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the build goes on without a cache, and what is in it stays."""
    monkeypatch.setattr(room, "_PATIENCE", 0.05)
    Cache(tmp_path).put(b"x", "a")
    other = sqlite3.connect(file_of(tmp_path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    cache = Cache(tmp_path)
    assert cache.get("a") is None
    assert not cache.open
    other.close()
    assert Cache(tmp_path).get("a") == b"x"


def test_it_may_be_deleted_at_any_time(tmp_path: Path) -> None:
    """Also between two questions, its folder with it."""
    cache = Cache(tmp_path / "cache")
    cache.put(b"x", "a")
    file_of(tmp_path / "cache").unlink()
    (tmp_path / "cache").rmdir()
    assert cache.get("a") is None
    cache.put(b"x", "a")
    assert cache.get("a") == b"x"


# --- several at once ---------------------------------------------------------------------------------------------


def test_threads_and_processes_may_use_it_at_once(tmp_path: Path) -> None:
    """Eight at a time, from an empty folder: each finds what it kept, and what the others did."""
    code = """
import sys
from pathlib import Path
from studypack.cache import Cache
folder, mine = Path(sys.argv[1]), sys.argv[2]
for number in range(20):
    Cache(folder).put(f"{mine} {number}".encode() * 500, mine, str(number))
    assert Cache(folder).get(mine, str(number)) == f"{mine} {number}".encode() * 500
"""
    processes = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(mine)], cwd=ROOT, stderr=subprocess.PIPE)
        for mine in range(4)
    ]
    start = threading.Barrier(4)

    def use(mine: int) -> None:
        cache = Cache(tmp_path)
        start.wait()
        for number in range(20):
            cache.put(b"%d" % number * 500, f"thread {mine}", str(number))
            assert cache.get(f"thread {mine}", str(number)) == b"%d" % number * 500

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(use, range(4)))
    for process in processes:
        assert (process.communicate()[1], process.returncode) == (b"", 0)
    cache = Cache(tmp_path)
    assert all(cache.get(str(mine), str(number)) for mine in range(4) for number in range(20))
    assert all(cache.get(f"thread {mine}", str(number)) for mine in range(4) for number in range(20))
