"""`studypack doctor`: what it finds here, and what it says where something is broken."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import requires
from pathlib import Path

import pytest

from studypack import __version__
from studypack.desk import anki_here, installed
from studypack.desk import doctor as desk
from studypack.desk.doctor import Finding, State, Surroundings
from studypack.writers.paper import fonts, native
from tests.cli.project import Project

NEEDED = [wanted for wanted in requires("studypack") or () if "extra ==" not in wanted]
"""The packages that studypack cannot do without."""

NOBODY = "127.0.0.1:9"
"""An address at which nothing answers (the port of the discard service)."""


def findings(project: Project, *arguments: str, **env: str) -> dict[str, dict[str, str]]:
    """What `studypack doctor --json` found, by name."""
    done = project.run("doctor", "--json", *arguments, env=env)
    assert done.stderr == ""
    said = json.loads(done.stdout)
    assert (done.returncode == 0) == said["ok"]
    return {finding["name"]: finding for finding in said["findings"]}


@contextmanager
def answering(body: bytes, wait: float = 0.0) -> Iterator[tuple[str, int]]:
    """The address of a program that answers every request with this."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(wait)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield "127.0.0.1", server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# --- a machine where all is well ---------------------------------------------------------------------------------


def test_here_nothing_that_is_needed_is_missing(project: Project) -> None:
    """The machine of the tests has what builds packs; what is optional never fails."""
    done = project.run("doctor", "--anki", NOBODY)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("All that studypack needs is here.\n")
    for line in (
        "Python",
        __version__,
        f"all {len(NEEDED)}",
        native.pango_version(),
        "for 22 scripts",
        "AnkiConnect",
        NOBODY,
    ):
        assert line in done.stdout, line


def test_it_loads_nothing_heavy(tmp_path: Path) -> None:
    """So it answers at once, and speaks also where a library is broken."""
    code = (
        "import sys\nfrom studypack.desk.doctor import *\nimport os\n"
        "examine(Surroundings(environment=os.environ, anki_connect=('127.0.0.1', 9)))\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"PIL", "fontTools", "genanki", "jinja2", "markdown", "rich", "weasyprint"}


def test_every_extra_but_the_one_for_tests_is_named_and_explained() -> None:
    """What pip knows of the extras is what the doctor explains."""
    assert set(installed.extras()) >= {"math", "diagrams", "cjk", "cluster"}
    assert "test" not in installed.extras()
    assert set(desk.EXTRAS) == set(installed.extras())
    assert all(installed.needed(extra) for extra in installed.extras())


# --- what may be missing -----------------------------------------------------------------------------------------


def look(examination: desk.Examination, **env: str) -> dict[str, Finding]:
    """What one examination finds, by name."""
    found = examination(Surroundings(environment=env, anki_connect=("127.0.0.1", 9)))
    return {finding.name: finding for finding in found}


def test_a_missing_native_library_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named, with what to install."""
    monkeypatch.setattr(native, "missing", lambda: ("libpango-1.0.so.0",))
    found = look(desk.look_at_paper)["Pango"]
    assert found.state is State.MISSING
    assert "libpango-1.0.so.0" in found.found
    assert found.advice == native.how_to_install()


def test_missing_fonts_are_missed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A broken installation is to be made anew."""
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    found = look(desk.look_at_paper)["fonts"]
    assert found.state is State.MISSING
    assert "fonts.conf" in found.found
    assert "pip install --force-reinstall studypack" in found.advice


def test_libraries_that_are_missing_or_too_old_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with what is wrong; of extras that is no fault."""
    here = {"click": "8.0.1", "genanki": ""}
    real = installed._version
    monkeypatch.setattr(installed, "_version", lambda name: "" if name == "ziamath" else here.get(name, real(name)))
    found = look(desk.look_at_python)["libraries"]
    assert found.state is State.MISSING
    assert found.found == "click 8.0.1, older than 8.5; no genanki"
    math = look(desk.look_at_extras)["math"]
    assert (math.state, math.found) == (State.ABSENT, "formulas on paper: no ziamath")
    assert "'studypack[math]'" in math.advice


@pytest.mark.parametrize(
    ("here", "least", "fault"),
    [("1.10", "1.9", False), ("2", "2.0.0", False), ("2.0rc1", "2.0", False), ("1.9", "1.10", True), ("", "1", True)],
)
def test_versions_are_compared_as_numbers(here: str, least: str, fault: bool) -> None:
    """1.10 is newer than 1.9."""
    assert bool(installed.Package(name="x", least=least, here=here).fault) == fault


def test_an_old_python_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the version that is needed."""
    monkeypatch.setattr(installed, "oldest_python", lambda: (99, 1))
    found = look(desk.look_at_python)["Python"]
    assert found.state is State.MISSING
    assert "Python 99.1 or newer" in found.advice


def test_an_examination_that_fails_is_a_finding(monkeypatch: pytest.MonkeyPatch, project: Project) -> None:
    """Whatever is broken, the others speak, and there is no traceback."""

    def broken() -> None:
        raise RuntimeError("what a library may do")

    monkeypatch.setattr(native, "require", broken)
    found = desk.examine(Surroundings(environment={}, anki_connect=("127.0.0.1", 9)))
    bad = [finding for finding in found if finding.state is State.MISSING]
    assert [(finding.topic, finding.found) for finding in bad] == [
        ("Paper", "could not be examined: RuntimeError: what a library may do")
    ]
    assert {"Programs", "Extras", "Cache", "Anki"} <= {finding.topic for finding in found}


def test_what_is_missing_sets_the_exit_code(tmp_path: Path) -> None:
    """2, and the last line counts; as a person would see it whose Pango is gone."""
    code = (
        "from studypack.writers.paper import native\n"
        "native.LIBRARIES = (('libnowhere.so.7',),)\n"
        "native.missing.__defaults__ = (native.LIBRARIES,)\n"
        "from studypack.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code, "doctor"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "")
    assert "libnowhere.so.7" in done.stdout
    assert done.stdout.endswith("\n1 thing that studypack needs is missing.\n")


# --- the cache ---------------------------------------------------------------------------------------------------


def test_the_cache_is_shown_and_not_made(project: Project) -> None:
    """Before the first build it says so; afterwards its size."""
    assert "made at the first build" in findings(project)["folder"]["found"]
    assert not project.cache.exists()
    project.run("build", "--only", "deck")
    assert "B of 537 MB at most" in findings(project)["folder"]["found"]
    assert [file.suffix for file in project.cache.iterdir()] == [".sqlite"]


def test_a_cache_that_cannot_be_written_is_weak(project: Project) -> None:
    """It costs time only, so the visit ends well."""
    project.cache.write_text("", encoding="utf-8")
    found = findings(project)["folder"]
    assert found["state"] == "weak"
    assert "cannot be written" in found["found"]
    below = findings(project, STUDYPACK_CACHE_DIR=str(project.cache / "below"))["folder"]
    assert "is no folder" in below["found"]


# --- Anki --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "state", "said"),
    [
        (b'{"result": 6, "error": null}', "ok", "version 6, at "),
        (b'{"result": null, "error": "valid api key must be provided"}', "absent", "wants an API key"),
        (b"4", "absent", "version 4, at "),
        (b"<html>", "absent", "another program than AnkiConnect"),
        (b'{"result": null, "error": "no"}', "absent", "another program than AnkiConnect"),
        (b"\xff\xfe", "absent", "another program than AnkiConnect"),
    ],
)
def test_anki_connect_is_asked(project: Project, body: bytes, state: str, said: str) -> None:
    """Its answer is understood, and so is what only looks like one; nothing of it makes the visit end badly."""
    with answering(body) as (host, port):
        found = findings(project, "--anki", f"{host}:{port}", HTTP_PROXY="http://127.0.0.1:9")["AnkiConnect"]
    assert (found["state"], said in found["found"]) == (state, True), found
    assert bool(found["advice"]) == (state != "ok")


def test_a_key_that_is_not_the_right_one_is_told_from_none(project: Project) -> None:
    """It may also be one too many."""
    with answering(b'{"result": null, "error": "valid api key must be provided"}') as (host, port):
        found = findings(project, "--anki", f"{host}:{port}", ANKICONNECT_KEY="guess")["AnkiConnect"]
    assert found["found"].startswith("does not take this API key")
    assert "unset it if that is null" in found["advice"]


def test_an_anki_that_shows_a_dialog_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """It accepts the question and does not answer."""
    monkeypatch.setattr(anki_here, "_PATIENCE", 0.05)
    with answering(b"6", wait=0.5) as address:
        (*_, found) = desk.look_at_anki(Surroundings(environment={}, anki_connect=address))
    assert "does it show a dialog?" in found.found
    assert "close what is open in it" in found.advice


def test_an_installed_add_on_is_told_from_one_that_is_missing(tmp_path: Path) -> None:
    """Who has it is told to start Anki, who has not where to get it."""
    env = {"ANKI_BASE": str(tmp_path), "HOME": str(tmp_path), "PATH": ""}
    assert anki_here.ADD_ON in look(desk.look_at_anki, **env)["AnkiConnect"].advice
    (tmp_path / "addons21" / anki_here.ADD_ON).mkdir(parents=True)
    found = look(desk.look_at_anki, **env)["AnkiConnect"]
    assert found.state is State.ABSENT
    # Whoever runs the tests may have an Anki open.
    assert found.advice.startswith(("Start Anki before you push", "Restart Anki"))
    assert anki_here.ADD_ON not in found.advice


def test_anki_is_found_where_its_installers_put_it(tmp_path: Path) -> None:
    """On the path first."""
    program = tmp_path / "anki"
    program.touch(mode=0o755)
    found = look(desk.look_at_anki, PATH=str(tmp_path), HOME=str(tmp_path))["Anki"]
    assert found.state is State.OK
    assert found.found in {f"{program}, not running", f"{program}, running"}  # one may be open on this machine


@pytest.mark.parametrize("address", ["8765", "localhost", "localhost:x", "http://localhost:99999", ":1"])
def test_an_address_that_is_none_is_refused(project: Project, address: str) -> None:
    """Wrong usage, with an example."""
    done = project.run("doctor", "--anki", address)
    assert done.returncode == 2
    assert "127.0.0.1:8765" in done.stderr
