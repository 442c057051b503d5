"""The benchmark of speed still runs; what it measures with so few cards is not looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.guides import guide
from tests.bench.peers import PEERS, Entrant, Peer
from tests.bench.pieces import pieces
from tests.bench.speed import HEAD, QUICK, Line, curves, lines


@pytest.mark.slow
def test_every_line_is_measured(tmp_path: Path) -> None:
    """Each line of the table has its figures, on few cards and in one round; so has each curve of the picture."""
    found = list(lines(QUICK, (), tmp_path))
    assert len(found) == 7 + 5 + 1 + 2 + 3 + 1
    for line in found:
        assert (line.ratio("time") or line.ratio("size") or 0) > 0, line
        assert all(line.ratio(figure) for figure in line.wanted), line
        assert line.row().count("|") == HEAD.splitlines()[0].count("|")
    sizes = [*QUICK.sizes, QUICK.largest]
    ours = {f"studypack, {case}" for case in ("cold", "one card edited", "nothing changed")}
    assert curves(found).keys() == ours | {"floor", "plain genanki"}
    for name, points in curves(found).items():
        assert [cards for cards, _ in points] == sizes, name
        assert all(seconds > 0 for _, seconds in points), name


@pytest.mark.parametrize("cards", [20, 100, 1_000])
def test_a_guide_has_as_many_pieces_as_cards(cards: int) -> None:
    """Programs that know only questions and answers get as many as our deck has cards, none of them empty."""
    found = pieces(guide(cards))
    assert abs(len(found) - cards) <= 1
    assert all(question.strip() and answer.strip() for question, answer in found)


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_each_peer_reads_the_same_words(peer: Peer) -> None:
    """What a peer is given says every question and every answer."""
    found = pieces(guide(100))
    text = " ".join(peer.guide(found).split())
    for part in (part for piece in found for part in piece):
        assert " ".join(part.split()) in text


@pytest.mark.parametrize(
    ("script", "why"),
    [("echo first >&2; echo no such thing >&2; exit 3", "no such thing"), ("exit 4", "exit code 4"), ("", "no deck")],
)
def test_a_peer_that_fails_is_told_and_not_run_again(script: str, why: str, tmp_path: Path) -> None:
    """The line of a peer that makes no deck says why, and it is run once only."""
    program = tmp_path / "peer" / "bin" / "peer"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho >> runs\n{script}\n")
    program.chmod(0o755)
    (tmp_path / "peer" / "made").touch()
    peer = Peer(name="peer", command="peer", guide=lambda pieces: str(len(pieces)))
    entrant = Entrant(peer, tmp_path, tmp_path / "work", pieces(guide(20)))
    assert [entrant.run(), entrant.run()] == [{}, {}]
    assert why in entrant.failure
    assert (tmp_path / "work" / "runs").read_text() == "\n"
    line = Line(what="cold", ours={"time": 1.0}, against="peer", theirs={}, failure=entrant.failure, cards=20)
    assert f"| peer | {entrant.failure} |  |" in line.row()
    assert curves([line]) == {"studypack, cold": [(20, 1.0)]}
