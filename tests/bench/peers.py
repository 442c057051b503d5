"""Other programs that make Anki decks of Markdown: where they are installed, what they read, how they are called.

Each has a virtual environment of its own in a folder that is kept, with the newest version that runs there. What it
reads says the same as our guide, cut into questions and answers, each in the form that the program's README asks for.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.contenders import Cost, FailedError, cost, last_line, rows
from tests.bench.pieces import Piece

LIMIT = 180
"""How many seconds a peer may take."""

_DECK = "deck.apkg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A program: the package's name, what else must be installed, the command, what it reads, and a file beside it."""

    name: str
    needs: tuple[str, ...] = ()
    command: str
    guide: Callable[[Sequence[Piece]], str]
    beside: tuple[str, str] | None = None


class Entrant:
    """A peer that is given the pieces of one guide. Once it failed it is not run again, and `failure` says why."""

    def __init__(self, peer: Peer, environments: Path, folder: Path, pieces: Sequence[Piece]) -> None:
        self.failure = ""
        self._peer, self._environments, self._folder, self._pieces = peer, environments, folder, pieces
        folder.mkdir()
        (folder / "deck.md").write_text(peer.guide(pieces), encoding="utf-8")
        if peer.beside:
            (folder / peer.beside[0]).write_text(peer.beside[1], encoding="utf-8")

    def run(self) -> Cost:
        """What it takes to make the deck; no figures if it does not."""
        if self.failure:
            return {}
        try:
            return self._run()
        except FailedError as error:
            self.failure = str(error)
            return {}

    def _run(self) -> Cost:
        package = self._folder / _DECK
        package.unlink(missing_ok=True)
        program, *arguments = self._peer.command.split()
        place = environment(self._environments, self._peer.name, *self._peer.needs)
        took = cost([str(place / program), *arguments], cwd=self._folder, limit=LIMIT, PYTHONWARNINGS="ignore")
        if (made := rows(package, "notes")) != len(self._pieces):
            raise FailedError(f"makes {made} notes of {len(self._pieces)}")
        return took


def environment(folder: Path, name: str, *needs: str) -> Path:
    """The programs of a package that is installed in an environment of its own, made if it is not there.

    Raises FailedError if it cannot be installed.
    """
    place = folder.absolute() / name
    programs, made = place / "bin", place / "made"
    if not made.exists():
        _quietly(sys.executable, "-m", "venv", "--clear", str(place))
        _quietly(str(programs / "pip"), "install", "--quiet", "--disable-pip-version-check", name, *needs)
        made.touch()
    return programs


def version(folder: Path, name: str) -> str:
    """The name and the version of what is installed; the name alone where nothing is."""
    program = folder / name / "bin" / "python"
    code = f"from importlib.metadata import version; print(version({name!r}))"
    if not program.exists():
        return name
    return f"{name} {subprocess.run([program, '-c', code], capture_output=True, text=True).stdout.strip()}".strip()


def _quietly(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise FailedError(f"cannot be installed: {last_line(done.stderr)}")


# --- what each reads ---------------------------------------------------------------------------------------------


def _headings(pieces: Sequence[Piece]) -> str:
    return "# Deck\n\n" + "\n\n".join(f"## {question}\n\n{answer}" for question, answer in pieces) + "\n"


def _named_headings(pieces: Sequence[Piece]) -> str:
    cards = (f"## {question} (card-{number})\n\n{answer}" for number, (question, answer) in enumerate(pieces))
    return "# Deck (1)\n\n" + "\n\n".join(cards) + "\n"


def _percents(pieces: Sequence[Piece]) -> str:
    return "\n\n---\n\n".join(f"{question}\n\n%\n\n{answer}" for question, answer in pieces) + "\n"


def _one_list(pieces: Sequence[Piece]) -> str:
    """An answer is the rest of its line, so that its paragraphs, lists and code become one."""
    return (
        "# Deck\n\n" + "\n".join(f"- {question} ?:: {' '.join(answer.split())}" for question, answer in pieces) + "\n"
    )


def _blocks(pieces: Sequence[Piece]) -> str:
    cards = (
        f"---\n\n{question} ::: {answer}\n\n---\n\n[^uid]: {number:010}\n\n"
        for number, (question, answer) in enumerate(pieces)
    )
    return "---\ndeck: Deck\n---\n\n" + "".join(cards)


PEERS = (
    Peer(name="md2anki", command=f"md2anki deck.md -o-anki {_DECK}", guide=_named_headings),
    Peer(name="ankdown", command=f"ankdown -r . -p {_DECK}", guide=_percents),
    Peer(
        name="ankivalenz",
        command="ankivalenz run .",
        guide=_one_list,
        beside=("ankivalenz.json", '{"deck_id": 1500000000, "deck_name": "deck"}'),
    ),
    Peer(name="ankcompiler", command="ankc build --all", guide=_blocks),
    # With a newer Click its command line stops, and makes nothing.
    Peer(name="markdown-anki-decks", needs=("click<8.2",), command="mdankideck . .", guide=_headings),
)
"""The programs compared with."""
