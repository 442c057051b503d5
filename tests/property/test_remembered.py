"""Remembering topics changes nothing: after any edits, a deck is the same as if the whole guide had been read."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studypack import making
from studypack.cache import Cache
from studypack.folder import Folder
from studypack.pack import Order, Output, Pack, Wishes
from studypack.remembered import Remembered
from studypack.source import from_bytes
from tests.bench.guides import edited, guide

SAMPLES = Path(__file__).parents[1] / "guides"
DECK = Wishes(only=frozenset({Output.DECK}), now=1_700_000_000)

NASTY = (
    *("```", "~~~", "```python", "<details>", "</details>", "<!--", "-->", "<div>", "$$", "<pre>", "\\["),
    *(":::", "::: group", ":::tip Title", "%%", "%% aside %%", "<aside>", "</aside>", "## K"),
    *("[x]: https://example.org", "[green]: https://example.org 'T'", "[^1]: A note.", "A word[^1] and [x] [green]."),
    *(
        "# Another title",
        "## Kinds",
        "## Kinds {: #kinds }",
        "### Deeper",
        "###### Deepest",
        "> ### Quoted",
        "- # Listed",
    ),
    *(
        "{: .question }",
        "{: .no-cards }",
        "{: level=hard }",
        "===",
        "---",
        "",
        "    ",
        "- **Kinds** — a term",
        "- # Listed",
    ),
    *(
        "See [there](#kinds), [here](#kinds-1).",
        "Why?",
        "1. **What is it?** That.",
        "![](nothing.png)",
        "| a | b | c |",
    ),
)
"""Lines that change what the lines after them are, or what lines elsewhere mean."""


def tea(topics: int) -> str:
    """A guide of so many small topics; some have headings that others have too, or hang on what stands elsewhere."""
    kinds = ("Kinds", "Brewing", "What is matcha?", "Leaf grades", "Kinds", "Water {: #water }")
    more = (
        "",
        "See [there](#kinds-1) and [here](#why-2).",
        "A word[^1].",
        "### Why 1? {: #deep }",
        "![](titration.png)",
        "### Kinds",
    )
    body = (
        f"## {kinds[n % len(kinds)] if n < 6 else f'Topic {n}'}\n\nWords about number {n}, [x] and `code`.\n\n"
        f"- **Term {n}** — means {n}\n\n### Why {n % 4}?\n\nBecause of =={n}==.\n\n```sh\n# {n}\n## no heading\n```\n"
        f"\n{more[n % len(more)]}\n"
        for n in range(topics)
    )
    return "---\ntitle: Tea\ntags: [a]\n---\n\nAn introduction.\n\n" + "\n".join(body) + "\n[^1]: A note.\n"


def pack(text: str, root: Path, cache: Path | None, lock: str | None) -> Pack:
    """The deck of a guide in the folder `root`."""
    order = Order(path="tea.md", text=text.encode(), lock=lock, wishes=DECK, root=root, cache=cache)
    return making.make(order, None)


def same(text: str, cache: Path, lock: str | None, root: Path = SAMPLES / "chem") -> str | None:
    """Asserts that a cache makes no difference; the lock after it."""
    with_cache, without = pack(text, root, cache, lock), pack(text, root, None, lock)
    assert with_cache == without
    return without.lock or lock


edits = st.lists(
    st.tuples(
        st.sampled_from(["insert", "insert", "insert", "delete", "copy", "move", "front"]),
        st.floats(0, 1),
        st.floats(0, 1),
    ),
    min_size=1,
    max_size=3,
)


def changed(lines: list[str], kind: str, where: float, other: float) -> list[str]:
    """Lines after an edit; places are parts of the whole."""
    at, to = int(where * len(lines)), int(other * len(lines))
    match kind:
        case "insert":
            return [*lines[:at], NASTY[to % len(NASTY)], *lines[at:]]
        case "delete":
            return [*lines[:at], *lines[at + 1 + to % 12 :]]
        case "copy":
            return [*lines[:at], *lines[to : to + 20], *lines[at:]]
        case "move":
            cut = lines[at : at + 15]
            rest = [*lines[:at], *lines[at + 15 :]]
            return [*rest[:to], *cut, *rest[to:]]
        case _:
            return [lines[0], f"level: {('easy', 'hard')[to % 2]}", *lines[1:]]


@settings(max_examples=50)
@given(history=st.lists(edits, min_size=1, max_size=3), topics=st.integers(5, 9))
def test_any_edits_give_the_same_deck(history: list[list[tuple[str, float, float]]], topics: int) -> None:
    """Lines come, go and move, also such as change what others mean: deck, lock, plan and findings are the same."""
    with tempfile.TemporaryDirectory() as folder:
        text = tea(topics)
        lock = same(text, Path(folder), None)
        assert lock
        for step in history:
            lines = text.split("\n")
            for kind, where, other in step:
                lines = changed(lines, kind, where, other)
            text = "\n".join(lines)
            lock = same(text, Path(folder), lock)


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.md")))
def test_every_sample_gives_the_same_deck(name: str, tmp_path: Path) -> None:
    """Sample guides, built twice, and with a word more in each place of some."""
    text = (SAMPLES / name).read_text("utf-8")
    lock = same(text, tmp_path, None, SAMPLES)
    lock = same(text, tmp_path, lock, SAMPLES)
    lines, chance = text.split("\n"), Random(name)
    for _ in range(6):
        at = chance.randrange(len(lines))
        lines[at] += " more"
        lock = same("\n".join(lines), tmp_path, lock, SAMPLES)


def test_what_did_not_change_is_not_read(tmp_path: Path) -> None:
    """After one edit of a long guide only the topic of the edit is read."""
    text = guide(400)
    same(text, tmp_path, None)
    source, _ = from_bytes(edited(text, 1).encode(), Path("tea.md"))
    assert source is not None
    left = [line for line in Remembered(source, Cache(tmp_path)).source.lines if line]
    assert len(left) < len([line for line in source.lines if line]) / 6
    assert any("Edited" in line for line in left)


@pytest.mark.parametrize("around", ["<!--\n{}\n-->", "```\n{}\n```", "<pre>\n{}\n</pre>", "%%\n{}\n%%"])
def test_a_definition_that_is_none_any_more_is_seen(around: str, tmp_path: Path) -> None:
    """The line of a link's definition is there still, in a comment or in code; topics with the link are read anew."""
    line = "[x]: https://example.org"
    text = f"{tea(8)}\n{line}\n"
    lock = same(text, tmp_path, None)
    lock = same(text.replace(line, around.format(line)), tmp_path, lock)
    same(text, tmp_path, lock)


def test_a_picture_that_changed_is_seen(tmp_path: Path) -> None:
    """The topic of a picture is remembered; another picture under the same name, or none, is not taken for it."""
    picture, cache, text = tmp_path / "titration.png", tmp_path / "cache", tea(8)
    picture.write_bytes((SAMPLES / "chem" / "titration.png").read_bytes())
    lock = same(text, cache, None, tmp_path)
    source, _ = from_bytes(text.encode(), tmp_path / "tea.md")
    assert source is not None
    assert "![](titration.png)" not in Remembered(source, Cache(cache)).source.lines
    picture.write_bytes((SAMPLES / "chem" / "ph-scale.png").read_bytes())
    lock = same(text, cache, lock, tmp_path)
    reading = making.read("tea.md", text.encode(), Folder(tmp_path), deck=True, cache=Cache(cache), whole=False)
    assert [note for note in reading.known if note.media]  # the new one is remembered by now
    picture.unlink()
    same(text, cache, lock, tmp_path)


def test_settings_that_changed_are_remembered_with_the_topics(tmp_path: Path) -> None:
    """Front matter that changes has every topic read once, and not at each build from then on."""

    def known(text: str) -> int:
        reading = making.read("tea.md", text.encode(), Folder(SAMPLES), deck=True, cache=Cache(tmp_path), whole=False)
        return len(reading.known)

    before = guide(400)
    after = before.replace("title: ", "tags: [new]\ntitle: ", 1)
    same(before, tmp_path, None)
    assert known(before) > 250
    assert known(after) == 0
    same(after, tmp_path, None)
    assert known(after) > 250
