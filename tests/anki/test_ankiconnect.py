"""The door to a running Anki: what a person reads when it stays shut."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from studypack.desk import anki_here
from studypack.desk.ankiconnect import Anki, AnkiError
from tests.anki.loopback import Loopback, running


@pytest.fixture
def loopback(tmp_path: Path) -> Iterator[Loopback]:
    """A running Anki."""
    with running(tmp_path) as served:
        yield served


def _refusal(anki: Anki) -> str:
    def open_it() -> None:
        anki.greet()
        anki.ask("deckNames")

    with pytest.raises(AnkiError) as caught:
        open_it()
    return str(caught.value)


def test_it_opens(loopback: Loopback) -> None:
    """With a key where one is wanted, whatever proxies the environment names."""
    Anki(address=loopback.address).greet()
    loopback.key = "secret"
    Anki(address=loopback.address, key="secret").greet()
    assert "Default" in Anki(address=loopback.address, key="secret").ask("deckNames")


def test_no_proxy_comes_between(loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment's would not know this machine's Anki."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert Anki(address=loopback.address).ask("version") == 6


REFUSALS: dict[str, tuple[Callable[[Loopback], object], str]] = {
    "denied": (lambda it: setattr(it, "permission", "denied"), "denies permission"),
    "forbidden": (lambda it: setattr(it, "forbidden", True), "denies permission"),
    "key": (lambda it: setattr(it, "key", "secret"), "set ANKICONNECT_KEY"),
    "version": (lambda it: setattr(it, "version", 5), "too old: it speaks version 5, not 6"),
    "action": (lambda it: setattr(it, "unknown", frozenset({"deckNames"})), "does not know “deckNames”"),
    "profile": (lambda it: setattr(it, "profile", False), "open a profile"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_each_refusal_says_what_to_do(loopback: Loopback, name: str) -> None:
    """The words are for a person who sits before Anki."""
    arrange, said = REFUSALS[name]
    arrange(loopback)
    assert said in _refusal(Anki(address=loopback.address))


def test_a_wrong_key_is_told(loopback: Loopback) -> None:
    """Not the add-on's own words, which do not say where a key is set."""
    loopback.key = "secret"
    assert "does not take this API key" in _refusal(Anki(address=loopback.address, key="guess"))


def test_a_key_where_none_is_wanted_is_told(loopback: Loopback) -> None:
    """AnkiConnect sends that one away too, and speaks of a key that must be right."""
    assert "unset ANKICONNECT_KEY" in _refusal(Anki(address=loopback.address, key="left over"))


def test_one_that_knows_no_permissions_is_taken(loopback: Loopback) -> None:
    """Before 2021 AnkiConnect had no such action."""
    loopback.unknown = frozenset({"requestPermission"})
    Anki(address=loopback.address).greet()


def test_a_dialog_that_blocks_it_is_guessed(loopback: Loopback) -> None:
    """Nothing is waited for without end."""
    loopback.delay = 1.0
    assert "a dialog is open in it" in _refusal(Anki(address=loopback.address, patience=0.1))
    loopback.delay = 0.0


def test_sync_without_a_login_is_told(loopback: Loopback) -> None:
    """Once in Anki itself, the add-on cannot do it."""
    loopback.logged_in = False
    with pytest.raises(AnkiError, match="not logged in to AnkiWeb"):
        Anki(address=loopback.address).change("sync")


def test_a_sync_that_has_to_ask_is_told(loopback: Loopback) -> None:
    """As after a note type changed: Anki then wants to know which way, and the add-on asks nobody."""
    loopback.one_way = True
    with pytest.raises(AnkiError, match="as a whole, up or down: press Sync in Anki, and choose"):
        Anki(address=loopback.address).change("sync")


def test_a_dry_run_sends_nothing_that_changes(loopback: Loopback) -> None:
    """Also where several actions are to be done at once."""
    anki = Anki(address=loopback.address, dry=True)
    assert anki.change("sync") is None
    anki.change_all([("sync", {})])
    assert loopback.asked == []


def test_one_of_several_that_fails_is_told(loopback: Loopback) -> None:
    """Though the request as a whole succeeds."""
    loopback.key = "secret"
    with pytest.raises(AnkiError, match="does not know “nonsense”"):
        Anki(address=loopback.address, key="secret").change_all([("version", {}), ("nonsense", {})])


@pytest.mark.parametrize("address", ["ftp://127.0.0.1", "http://", "http://127.0.0.1:port", ""])
def test_an_address_that_is_none_is_told(address: str) -> None:
    """With one that is."""
    assert "give one such as http://127.0.0.1:8765" in _refusal(Anki(address=address))


class _Page(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<h1>Welcome</h1>")

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


def test_another_server_there_is_told() -> None:
    """Some other program may have the port."""
    server = HTTPServer(("127.0.0.1", 0), _Page)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        assert "is not AnkiConnect" in _refusal(Anki(address=f"http://127.0.0.1:{server.server_port}"))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _closed() -> str:
    """An address where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize(
    ("line", "is_so"),
    [
        ("/usr/bin/anki", True),
        ("anki -p Tea", True),
        ("/usr/bin/python3 /usr/bin/anki", True),
        ("/opt/anki/bin/python3.13 -s /opt/anki/bin/anki", True),
        ("python3 -m aqt", True),
        (
            "/data/AnkiProgramFiles/.venv/bin/python -c import aqt, sys; sys.argv[0] = 'Anki'; run()",
            True,
        ),
        ("/Library/Application Support/AnkiProgramFiles/.venv/bin/python -c import aqt, sys; run()", True),
        ("/Applications/Anki.app/Contents/MacOS/launcher", True),
        ('"anki.exe","1234","Console","1","300,000 K"', True),
        ("python3 -m studypack push --anki http://127.0.0.1:8765", False),
        ("vim anki", False),
        ("/usr/bin/python3 /usr/bin/ankify", False),
    ],
)
def test_an_anki_is_known_among_processes(line: str, is_so: bool) -> None:
    """However it was installed."""
    assert bool(anki_here._ANKI.match(line)) is is_so


def test_a_python_without_a_window_may_be_anki() -> None:
    """Windows names only the program, and Anki's launcher starts that one."""
    assert anki_here._any_is_anki(['"pythonw.exe","1234","Console","1","300,000 K"']) is None
    assert anki_here._any_is_anki(['"pythonw.exe","1","","",""', '"anki.exe","2","","",""']) is True
    assert anki_here._any_is_anki(['"python.exe","1234","Console","1","300,000 K"']) is False


@pytest.mark.skipif(sys.platform == "win32" or not shutil.which("cat"), reason="needs a program to call Anki")
def test_no_anki_and_an_anki_without_ankiconnect_are_told_apart(tmp_path: Path) -> None:
    """By whether a program of that name runs; whoever runs the tests may have one open."""
    already = anki_here.is_running()
    assert already is not None
    if not already:
        assert "Anki is not running. Start it" in _refusal(Anki(address=_closed()))
    with _called_anki(tmp_path):
        assert anki_here.is_running()
        told = _refusal(Anki(address=_closed()))
    assert "AnkiConnect is missing" in told
    assert "2055492159" in told
    assert anki_here.is_running() is already


@contextmanager
def _called_anki(folder: Path) -> Iterator[None]:
    """A program of that name, which runs: until it has answered, the system may not know yet what it is called."""
    program = folder / "anki"
    program.symlink_to(str(shutil.which("cat")))
    with subprocess.Popen([str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"x")
        assert process.stdout.read(1) == b"x"
        yield
        process.stdin.close()
