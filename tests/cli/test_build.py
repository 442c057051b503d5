"""`studypack build`, as installed, in a project of its own."""

from __future__ import annotations

import os
import re
import resource
import select
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from tests.cli.project import BROKEN, GUIDE, PLAIN, SCRIPT, Project

ALL = {"tea.apkg", "tea-cheatsheet.pdf", "tea-matrix.pdf"}
DECK = ("build", "--only", "deck")


def long_guide(questions: int) -> str:
    """The guide with so many questions more: about a page of paper, and a third of a second, for each fifteen."""
    return GUIDE + "".join(f"\n### What is {n}?\n\n{'A long answer. ' * 40}\n" for n in range(questions))


# --- what is built -----------------------------------------------------------------------------------------------


def test_a_guide_in_source_becomes_a_deck_and_two_pdfs_in_build(project: Project) -> None:
    """Without arguments, `build` makes all outputs of the guides in source/, and says what they are."""
    done = project.run("build")
    assert (done.returncode, done.stderr) == (0, "")
    outputs = project.outputs()
    assert set(outputs) == ALL
    assert outputs["tea.apkg"].startswith(b"PK")
    assert outputs["tea-cheatsheet.pdf"].startswith(b"%PDF-")
    head, plan, cards, *files = done.stdout.splitlines()
    assert head == str(Path("source", "tea.md"))
    assert plan == "  5 new"
    assert cards == "  7 cards: 1 question, 4 comparison, 2 term"
    assert [re.split(r"\s{2,}|, ", line.strip())[-1] for line in files[:2]] == ["7 cards", "8.0 pt"]
    assert ["1 page" in line for line in files] == [False, True, True]
    assert len({line.index("B  ") for line in files}) == 1, "sizes stand below one another"


def test_an_unchanged_guide_gives_the_same_bytes(project: Project) -> None:
    """A second build, seconds later, changes no byte of any output."""
    project.run("build")
    first = project.outputs()
    time.sleep(1.1)
    project.run("build")
    assert project.outputs() == first


def test_the_time_of_a_build_can_be_set(project: Project) -> None:
    """With SOURCE_DATE_EPOCH the clock does not matter; a later one changes only what is stamped anew."""
    project.run(*DECK, env={"SOURCE_DATE_EPOCH": "1700000000"})
    first = project.outputs()
    os.utime(project.guide, (1_600_000_000, 1_600_000_000))
    project.run(*DECK, env={"SOURCE_DATE_EPOCH": "1700000000"})
    assert project.outputs() == first
    project.run(*DECK, env={"SOURCE_DATE_EPOCH": "1700000001"})
    assert project.outputs() == first
    project.run(*DECK, "--refresh-all", env={"SOURCE_DATE_EPOCH": "1700000001"})
    assert project.outputs() != first


@pytest.mark.parametrize("only", ["deck", "cheatsheet", "matrix"])
def test_only_makes_just_that_output(project: Project, only: str) -> None:
    """`--only X` makes X and leaves the others out."""
    assert project.run("build", "--only", only).returncode == 0
    (name,) = project.outputs()
    assert name == {"deck": "tea.apkg", "cheatsheet": "tea-cheatsheet.pdf", "matrix": "tea-matrix.pdf"}[only]


def test_only_may_be_repeated_and_out_names_the_folder(project: Project) -> None:
    """Two `--only` make two outputs; `-o` makes the folder, its parents too."""
    done = project.run("build", "source/tea.md", "--only", "deck", "--only", "matrix", "-o", "a/b")
    assert done.returncode == 0
    assert set(project.outputs("a/b")) == ALL - {"tea-cheatsheet.pdf"}
    assert not project.outputs()


def test_quiet_says_nothing_of_success_but_keeps_warnings(project: Project) -> None:
    """`--quiet` prints nothing for a clean guide, and still prints a warning."""
    done = project.run(*DECK, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    project.guide.write_text(GUIDE.replace("title:", "titel: x\ntitle:"), encoding="utf-8")
    done = project.run(*DECK, "--quiet")
    assert (done.returncode, done.stdout) == (0, "")
    assert "warning SP104" in done.stderr


def test_a_folder_stands_for_its_guides(project: Project) -> None:
    """A folder as argument means each guide in it, in order of names, but not its README."""
    project.guide.with_name("README.md").write_text("# Not a guide\n", encoding="utf-8")
    project.guide.with_name("coffee.md").write_text(GUIDE, encoding="utf-8")
    done = project.run(*DECK, "source")
    assert done.returncode == 0
    assert set(project.outputs()) == {"coffee.apkg", "tea.apkg"}
    assert done.stdout.index("coffee.md") < done.stdout.index("tea.md")


def test_a_guide_that_lost_its_table_loses_its_matrix(project: Project) -> None:
    """No table is a warning; the matrix of an earlier build would mislead, so it goes, and that is said."""
    project.run("build")
    project.guide.write_text(PLAIN, encoding="utf-8")
    done = project.run("build")
    assert done.returncode == 0
    assert "warning SP503" in done.stderr
    assert set(project.outputs()) == ALL - {"tea-matrix.pdf"}
    assert f"{Path('build', 'tea-matrix.pdf')} removed" in done.stdout


# --- what an author did wrong ------------------------------------------------------------------------------------


def test_an_error_leaves_the_last_good_build(project: Project) -> None:
    """A guide with an error builds nothing, exits 1, names file, line and column, and keeps the old outputs."""
    project.run("build")
    good = project.outputs()
    project.guide.write_text(BROKEN, encoding="utf-8")
    done = project.run("build")
    assert done.returncode == 1
    assert re.search(r"^source/tea\.md:\d+:\d+: error SP103: ", done.stderr.replace("\\", "/"), re.MULTILINE)
    assert "nothing built" in done.stderr
    assert done.stdout == ""
    assert project.outputs() == good


def test_one_bad_guide_does_not_stop_the_next(project: Project) -> None:
    """The other guides of a run are built, and the exit code still tells of the error."""
    project.guide.with_name("coffee.md").write_text(BROKEN, encoding="utf-8")
    done = project.run(*DECK)
    assert done.returncode == 1
    assert set(project.outputs()) == {"tea.apkg"}


@pytest.mark.parametrize(
    ("content", "code"), [(b"# T\xe9\n", "SP102"), (b"", "SP106"), (None, "SP101")], ids=["latin-1", "empty", "missing"]
)
def test_a_file_that_is_no_guide_is_a_diagnostic(project: Project, content: bytes | None, code: str) -> None:
    """Not UTF-8, empty, or not there at all: an error with its code, and never a traceback."""
    if content is None:
        project.guide.unlink()
    else:
        project.guide.write_bytes(content)
    done = project.run("build", "source/tea.md")
    assert done.returncode == 1
    assert f"error {code}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["collection", "backup-2024", "Backup-tea"])
def test_names_that_anki_takes_for_a_backup_are_refused(project: Project, name: str) -> None:
    """A deck called so would replace the learner's collection: an error, unless no deck is made."""
    project.guide.rename(project.guide.with_name(f"{name}.md"))
    done = project.run(*DECK)
    assert (done.returncode, project.outputs()) == (1, {})
    assert "error SP107" in done.stderr
    assert project.run("build", "--only", "cheatsheet").returncode == 0


def test_a_guide_without_cards_makes_no_empty_deck(project: Project) -> None:
    """Nothing to learn is a warning, and no `.apkg` that Anki would import to no effect."""
    project.guide.write_text("# Tea {: .no-cards }\n\n## Kinds\n\nGreen.\n\n## Brewing\n\nPour.\n", encoding="utf-8")
    done = project.run(*DECK)
    assert done.returncode == 0
    assert "warning SP404" in done.stderr
    assert not project.outputs()


# --- what the surroundings do not allow --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [("build", "--only", "poster"), ("build", "--no-such-option"), ("bild",), ("build", "empty")],
    ids=["output", "option", "command", "folder"],
)
def test_wrong_usage_exits_2(project: Project, arguments: tuple[str, ...]) -> None:
    """What the command does not know is told, with exit code 2."""
    (project.folder / "empty").mkdir()
    done = project.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Usage:" in done.stderr


def test_a_folder_without_guides_says_what_to_do(tmp_path: Path) -> None:
    """Where there is no source/, the message names the way out, for the command that was meant."""
    for command in (("build",), ("check",), ("build", "--watch")):
        done = Project(folder=tmp_path).run(*command)
        assert done.returncode == 2
        assert f"studypack {command[0]} GUIDE.md, or start one: studypack new" in done.stderr


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="who may read everything reads this folder too")
def test_a_folder_that_cannot_be_read_is_not_called_empty(project: Project) -> None:
    """It may well hold guides."""
    project.guide.parent.chmod(0)
    done = project.run("build")
    project.guide.parent.chmod(0o700)
    assert done.returncode == 2
    assert "The folder source cannot be read. Check its permissions." in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("buidl",), "There is no command 'buidl'. Did you mean 'build'?"),
        (("my tea.md", "-v"), "To build a guide: studypack build 'my tea.md' -v"),
        (("zzz",), "There is no command 'zzz'."),
    ],
)
def test_who_names_no_command_is_told_what_may_be_meant(
    project: Project, arguments: tuple[str, ...], told: str
) -> None:
    """The one that is spelt alike; `build` before the name of a guide."""
    done = project.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.rstrip().endswith(told)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are not UTF-8")
@pytest.mark.parametrize("command", ["build", "diff", "check"])
def test_a_guide_whose_name_is_no_text_is_told_so(project: Project, command: str) -> None:
    """Archives made on old systems bring such names; a deck and its notes cannot be called so."""
    project.guide.rename(project.guide.with_name(os.fsdecode(b"gr\xfcn.md")))
    done = project.run(command)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "SP107: the file's name is not UTF-8" in done.stdout + done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /dev/full")
@pytest.mark.parametrize(
    "command", [("check",), ("diff", "--json"), ("completion", "bash"), ("check", "--explain", "SP101")]
)
def test_where_nothing_more_can_be_said_that_is_told(project: Project, command: tuple[str, ...]) -> None:
    """A log on a full disk is no error in a guide."""
    with Path("/dev/full").open("wb") as full:
        run = partial(subprocess.run, [str(SCRIPT), *command], cwd=project.folder, env=project.environment, stdout=full)
        done = run(stderr=subprocess.PIPE, text=True)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert done.stderr.startswith("error: Cannot write what there is to say: ")
        assert run(stderr=full).returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="shells there cannot close a stream")
def test_it_builds_where_nobody_listens(project: Project) -> None:
    """Without a standard error at all, as some schedulers start programs."""
    command = ["sh", "-c", '"$0" build --only deck 2>&-', str(SCRIPT)]
    done = subprocess.run(command, cwd=project.folder, env=project.environment, stdout=subprocess.PIPE, text=True)
    assert done.returncode == 0
    assert "7 cards" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_ctrl_c_before_a_command_began_is_no_error_in_a_guide(project: Project) -> None:
    """While its module is imported, Click would exit with 1."""
    (project.folder / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "class Presser:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'studypack.cli.check':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Presser())\n",
        encoding="utf-8",
    )
    done = project.run("check", env={"PYTHONPATH": str(project.folder)})
    assert (done.returncode, done.stderr) == (130, "error: interrupted; what is not listed above is as it was\n")


def test_two_guides_for_one_output_are_refused(project: Project) -> None:
    """Guides of one name, upper and lower case alike, would overwrite each other: neither is built."""
    other = project.folder / "more" / "TEA.md"
    other.parent.mkdir()
    other.write_text(GUIDE, encoding="utf-8")
    done = project.run("build", "source/tea.md", "more/TEA.md")
    assert (done.returncode, project.outputs()) == (2, {})
    assert "would write the same files" in done.stderr


def test_a_guide_named_twice_is_built_once(project: Project) -> None:
    """The same path twice is no conflict."""
    done = project.run(*DECK, "source/tea.md", "source/tea.md")
    assert (done.returncode, done.stdout.count("7 cards:")) == (0, 1)


def test_a_folder_that_cannot_be_written_is_told_before_any_work(project: Project) -> None:
    """An output folder that is a file, or below one, ends the run with exit code 2 and advice."""
    (project.folder / "file").write_text("", encoding="utf-8")
    for out in ("file", "file/below"):
        done = project.run("build", "-o", out)
        assert done.returncode == 2
        assert "Choose another folder with -o" in done.stderr
        assert (f"{out}: it is a file" in done.stderr) == (out == "file")


@pytest.mark.parametrize("value", ["yesterday", "-5", "99999999999"])
def test_a_bad_build_time_is_refused(project: Project, value: str) -> None:
    """SOURCE_DATE_EPOCH that is no time, or lies ahead, is an error of the environment."""
    done = project.run("build", env={"SOURCE_DATE_EPOCH": value})
    assert (done.returncode, project.outputs()) == (2, {})
    assert "SOURCE_DATE_EPOCH" in done.stderr


def test_an_output_that_cannot_be_replaced_is_told(project: Project) -> None:
    """If the second of three files cannot be replaced, the message names it and what is new already; no draft stays."""
    (project.folder / "build" / "tea-cheatsheet.pdf").mkdir(parents=True)
    done = project.run("build")
    assert done.returncode == 2
    assert "tea-cheatsheet.pdf" in done.stderr
    assert "Already new: tea.apkg" in done.stderr
    assert sorted(file.name for file in (project.folder / "build").iterdir()) == ["tea-cheatsheet.pdf", "tea.apkg"]


@pytest.mark.skipif(sys.platform != "linux", reason="takes a library away by LD_LIBRARY_PATH")
def test_a_missing_library_takes_the_pdfs_but_not_the_deck(project: Project) -> None:
    """Where Pango cannot be loaded, the deck is built, what to install is said once, and the exit code is 2."""
    unusable = project.folder / "lib" / "libpango-1.0.so.0"
    unusable.parent.mkdir()
    unusable.touch()
    done = project.run("build", env={"LD_LIBRARY_PATH": str(unusable.parent)})
    assert done.returncode == 2
    assert done.stderr.count("error: PDFs need system libraries") == 1
    assert set(project.outputs()) == {"tea.apkg"}
    assert "7 cards" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no limit on the size of files")
def test_a_full_disk_leaves_the_last_good_build(project: Project) -> None:
    """Where an output does not fit, the old ones stay, no draft is left, and the exit code is 2."""
    project.run(*DECK)
    good = project.outputs()
    project.guide.write_text(GUIDE + "\nMore.\n", encoding="utf-8")
    limit = len(good["tea.apkg"]) // 2
    done = subprocess.run(
        [str(SCRIPT), *DECK],
        cwd=project.folder,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == 2
    assert "Cannot write build/tea.apkg: " in done.stderr
    assert project.outputs() == good


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("wait", [0, 0.5, 1.5])
def test_a_build_that_is_stopped_leaves_nothing_half(project: Project, number: int, code: int, wait: float) -> None:
    """Ctrl-C or the end of a session, at any moment: whole files or none, no draft, no traceback."""
    project.guide.write_text(long_guide(400), encoding="utf-8")
    command = subprocess.Popen(
        [str(SCRIPT), "build"], cwd=project.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not (project.folder / "build").is_dir():
        time.sleep(0.01)
    time.sleep(wait)
    command.send_signal(number)
    _, errors = command.communicate(timeout=60)
    assert command.returncode == code
    assert "Traceback" not in errors
    assert project.outputs() == {}


# --- how it looks ------------------------------------------------------------------------------------------------


def test_a_pipe_gets_plain_text(project: Project) -> None:
    """Into a pipe or a file go neither colours nor a bar nor a carriage return."""
    project.guide.write_text(GUIDE.replace("title:", "titel: x\ntitle:"), encoding="utf-8")
    done = project.run("build")
    assert "warning SP104" in done.stderr
    assert not re.search(r"[\x1b\r█━]", done.stdout + done.stderr)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_gets_colours_unless_they_are_not_wanted(
    project: Project, variables: dict[str, str], *, coloured: bool
) -> None:
    """On a terminal the guide's name is bold, with NO_COLOR set it is not; what takes no second has no bar."""
    text = on_terminal(project, *DECK, variables=variables)
    assert "tea.apkg" in text
    assert ("\x1b[1m" in text) is coloured
    assert "━" not in text


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
def test_long_work_shows_a_bar_that_goes_away(project: Project) -> None:
    """After a second the bar names the step and counts; before a line is printed it is wiped away."""
    project.guide.write_text(long_guide(150), encoding="utf-8")
    text = on_terminal(project, "build", "--only", "deck", "--only", "cheatsheet")
    assert re.search(r"cheatsheet .*━.*2/3", text)
    bar, _, rest = text.rpartition("━")
    assert "\x1b[2K" in rest.partition("tea.md")[0]
    assert "tea.apkg" not in bar


def on_terminal(project: Project, *arguments: str, variables: dict[str, str] | None = None) -> str:
    """All that the command writes to a terminal of 80 columns."""
    import pty

    control, terminal = pty.openpty()
    environment = {**project.environment, "TERM": "xterm-256color", "COLUMNS": "80", **(variables or {})}
    command = subprocess.Popen(
        [str(SCRIPT), *arguments], cwd=project.folder, env=environment, stdout=terminal, stderr=terminal
    )
    text = b""
    # The terminal stays open here until all is read: some systems drop what is left in it when its last user goes.
    while (ready := select.select([control], [], [], 0.1)[0]) or command.poll() is None:
        text += os.read(control, 4096) if ready else b""
    os.close(terminal)
    os.close(control)
    assert command.returncode == 0, text.decode()
    return text.decode()


def test_a_console_that_lacks_a_character_is_no_reason_to_fail(project: Project) -> None:
    """On a console of code page 1252, ✅ in a message becomes `?`."""
    project.guide.rename(project.guide.with_name("✅.md"))
    done = subprocess.run(
        [str(SCRIPT), *DECK],
        cwd=project.folder,
        env={**project.environment, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"?.apkg" in done.stdout


def test_version_and_help_answer(project: Project) -> None:
    """`--version` and `-h` print to standard output and exit 0; so does `python -m studypack`."""
    import studypack

    assert project.run("--version").stdout == f"studypack {studypack.__version__}\n"
    assert "build" in project.run("-h").stdout
