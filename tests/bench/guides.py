"""Made-up guides of any number of cards, to measure with: the same text for the same numbers.

They are what authors write: most notes are questions with an answer of some sentences, with bold words, code and links
in them; beside them terms, comparisons, takeaways, clozes, lists and code to read.
"""

from __future__ import annotations

from itertools import accumulate
from random import Random

_SYLLABLES = "ba ce di fo gu ka le mi no pu ra se ti vo xa ze bro cla dre fli gro pla ste tri".split()
_CHOICE = Random(20_240_101)
WORDS = tuple("".join(_CHOICE.choices(_SYLLABLES, k=_CHOICE.choice((1, 2, 2, 3)))) for _ in range(4_000))
"""Words that mean nothing, few of them common and most seldom, as in any language (Zipf 1949)."""

_WEIGHTS = tuple(accumulate(1 / (rank + 3) for rank in range(len(WORDS))))

TOPIC_CARDS = 40
"""How many cards a topic has."""


def guide(cards: int, seed: int = 1) -> str:
    """A guide of about `cards` cards (within two in a hundred, from a hundred on)."""
    chance = Random(f"{seed} {cards}")
    topics = (_topic(chance, number, min(TOPIC_CARDS, cards - start)) for number, start in _starts(cards))
    front = f"---\ntitle: Guide {seed} of {cards} cards\nauthor: Nobody\n---"
    return f"{front}\n\n{_prose(chance, 40)}\n\n{''.join(topics)}"


def edited(text: str, which: int) -> str:
    """The guide after its author added a sentence to one answer: that of the first question after the middle."""
    at = text.index("?\n\n", len(text) // 2) + 3
    return f"{text[:at]}Edited for the time number {which}. {text[at:]}"


def _starts(cards: int) -> list[tuple[int, int]]:
    return list(enumerate(range(0, cards, TOPIC_CARDS)))


def _topic(chance: Random, number: int, cards: int) -> str:
    """A topic: a comparison of four rows by three columns, terms, a takeaway, a cloze, and questions."""
    parts = [f"## {_title(chance, 3)} {number}\n", _prose(chance, 45) + "\n"]
    left = cards - 1  # the topic's own words are a card
    if left >= 20:
        parts.append(f"### {_title(chance, 2)} {number}\n\n{_table(chance)}\n")
        parts.append("\n".join(f"- **{_title(chance, 2)}** — {_prose(chance, 14)}" for _ in range(5)) + "\n")
        parts.append(f"> [!TIP] {_title(chance, 3)}\n> {_prose(chance, 30)}\n")
        parts.append(f"{_prose(chance, 12)} =={_words(chance, 2)}== {_prose(chance, 8)}\n")
        left -= 12 + 5 + 1 + 1
    parts += [_question(chance, f"{number}.{n}") for n in range(left)]
    return "\n".join(parts) + "\n"


def _question(chance: Random, name: str) -> str:
    return f"### Why {_words(chance, chance.randint(4, 9))} {name}?\n\n{_answer(chance)}\n"


def _answer(chance: Random) -> str:
    kind = chance.random()
    if kind < 0.6:
        return _prose(chance, chance.randint(20, 60))
    if kind < 0.8:
        return f"{_prose(chance, 18)}\n\n" + "\n".join(f"- {_prose(chance, 9)}" for _ in range(chance.randint(2, 5)))
    if kind < 0.9:
        return (
            f"{_prose(chance, 25)}\n\n{_prose(chance, 25)} See [{_words(chance, 2)}](https://example.org/{kind:.6f})."
        )
    code = "\n".join(f"{_words(chance, 1)} = {_words(chance, 1)}({chance.random():.4f})" for _ in range(4))
    return f"{_prose(chance, 15)}\n\n```python\n{code}\n```"


def _table(chance: Random) -> str:
    rows = ["| " + " | ".join(_title(chance, 1) for _ in range(4)) + " |", "|---|---|---|---|"]
    rows += ["| " + " | ".join(_words(chance, chance.choice((1, 2, 4))) for _ in range(4)) + " |" for _ in range(4)]
    return "\n".join(rows) + "\n"


def _prose(chance: Random, words: int) -> str:
    """A sentence or more; a word in twelve is bold, code or emphasised."""
    found = chance.choices(WORDS, cum_weights=_WEIGHTS, k=words)
    for place in range(words):
        sign = chance.random()
        if sign < 0.08:
            found[place] = (f"**{found[place]}**", f"`{found[place]}`", f"*{found[place]}*")[place % 3]
        elif sign < 0.14 and place:
            found[place - 1] += "." if sign < 0.11 else ","
    return " ".join(found).capitalize() + "."


def _words(chance: Random, count: int) -> str:
    return " ".join(chance.choices(WORDS, cum_weights=_WEIGHTS, k=count))


def _title(chance: Random, count: int) -> str:
    return _words(chance, count).title()
