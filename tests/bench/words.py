"""Made-up subject matter: terms, questions and answers, and the ways in which authors edit them.

Words are drawn as in real texts, few often and most seldom (Zipf 1949), so that notes share most of what they say.
Each vocabulary is another world: everyday English, invented words, or Japanese without spaces between words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

_COMMON = """system data user request service node cache key value table index query token session thread process lock
queue event stream file page block header packet port server client cluster region zone bucket object record field
schema type class method module package build test deploy policy role group rule limit quota cost price latency
throughput memory disk network storage compute backup replica shard partition leader follower commit log snapshot
version branch merge release cell tissue enzyme protein membrane acid base salt bond charge energy heat pressure volume
mass force motion wave light orbit planet crust mantle river climate market demand supply tax budget wage trade law
court clause party vote treaty border harvest engine valve pump filter beam joint load bridge tunnel verb noun stress
vowel rhythm chord scale theme scene plot motive canvas pigment glaze kiln fibre loom dose fever nerve artery lung
kidney muscle bone joint reflex habit memory reward schedule""".split()
_RARE_START = "hydro cryo meta poly iso para ortho syn vor tal ker bram quil dex mor fen gal zan lith pyr".split()
_RARE_END = "scope gram zyme lith form plex stat path dyne phore tron vane mark well gate loom crest thorn wick".split()
_ADJ = """small large fast slow cheap strict loose shared private public remote local stable volatile hidden visible
linear nested flat deep shallow early late hot cold wet dry native foreign managed dedicated idle active passive
global regional primary secondary external internal""".split()
_VERBS = """keeps moves stores reads writes sends copies splits joins checks limits hides shows needs avoids builds
drops holds takes gives turns carries feeds blocks cools heats binds breaks sorts counts measures protects""".split()
_GLUE = "and but so while because when after before unless although".split()
_PREP = "in on for with by from across between without under inside".split()
_ADVERBS = "usually often rarely always automatically directly quickly silently mostly only".split()
_ANTONYM = (
    "synchronous asynchronous|symmetric asymmetric|encode decode|import export|increase decrease|upper lower|"
    "inbound outbound|stateful stateless|horizontal vertical|implicit explicit|typed untyped|static dynamic"
).split("|")
_SAME = dict(
    pair.split("=")
    for pair in """fast=quick small=tiny large=big shows=displays needs=requires often=frequently
cheap=inexpensive usually=typically keeps=retains stores=saves checks=verifies limits=restricts is=remains
builds=creates many=several uses=employs also=likewise holds=contains sends=transmits
blocks=prevents but=yet because=since""".split()
)
_KANA = """分散 整合 記憶 通信 回路 細胞 酵素 圧力 契約 税率 音階 色彩 関節 遺伝 索引 鍵 表 行
列 時間 速度 保存 複製 失敗 成功 確認 制限 公開 非公開 同期 非同期 層 網 波 光 熱
酸 塩 核 膜 市場 需要 供給 法律 条項""".split()

TEMPLATES: dict[str, tuple[str, ...]] = {
    "what": (
        "What is {a}?",
        "Can you explain what {a} means?",
        "What do you understand by {a}?",
        "{a}: what is it for?",
    ),
    "differ": ("How does {a} differ from {b}?", "What is the difference between {a} and {b}?", "{a} vs {b}?"),
    "when": ("When would you use {a}?", "In which situations is {a} the right choice?", "When is {a} better than {b}?"),
    "why": ("Why does {a} need {b}?", "What makes {b} necessary for {a}?", "Why is {b} part of {a}?"),
    "does": ("Does {a} support {b}?", "Can {a} be used with {b}?", "Is {b} available in {a}?"),
    "many": (
        "How many {b} can {a} hold?",
        "What is the largest number of {b} in {a}?",
        "How many {b} are allowed per {a}?",
    ),
    "how": ("How does {a} work?", "How is {a} put together?", "Describe how {a} works?"),
    "fix": ("{a} fails with {b}. What do you check first?", "How do you debug {b} in {a}?", "What causes {b} in {a}?"),
}
"""Ways to ask the same thing, by what is asked."""

KANA_TEMPLATES: dict[str, tuple[str, ...]] = {
    "what": ("{a}とは何ですか?", "{a}の意味を説明できますか?", "{a}は何のためですか?"),
    "differ": ("{a}と{b}の違いは何ですか?", "{a}は{b}とどう違いますか?"),
    "does": ("{a}は{b}に対応していますか?", "{b}は{a}で使えますか?"),
    "how": ("{a}はどのように動きますか?", "{a}の仕組みは?"),
}

_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question: what is asked (`form`, `a`, `b`) and how it is put at the moment."""

    form: str
    a: str
    b: str
    text: str


@dataclass(slots=True, kw_only=True)
class Words:
    """A world to write about; `kind` is "english", "invented" or "kana"."""

    chance: Random
    kind: str = "english"
    _nouns: list[str] = field(default_factory=list)
    _weights: list[float] = field(default_factory=list)
    _terms: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Draws this world's own words, the common ones first."""
        pick, made = self.chance, set[str]()
        if self.kind == "kana":
            pairs = {pick.choice(_KANA) + pick.choice(_KANA) for _ in range(150)}
            self._nouns = pick.sample([*_KANA, *sorted(pairs)], len(_KANA) + len(pairs))
        else:
            while len(made) < (260 if self.kind == "invented" else 90):
                made.add(pick.choice(_RARE_START) + pick.choice(_RARE_END))
            base = [] if self.kind == "invented" else _COMMON
            self._nouns = [*pick.sample(base, min(len(base), 120)), *sorted(made)]
            self._nouns = pick.sample(self._nouns, len(self._nouns))
        self._weights = list(accumulate(1 / (rank + 4) for rank in range(len(self._nouns))))
        self._terms = [self._term() for _ in range(40)]

    @property
    def templates(self) -> dict[str, tuple[str, ...]]:
        """The ways to ask in this world's language."""
        return KANA_TEMPLATES if self.kind == "kana" else TEMPLATES

    def noun(self) -> str:
        """A thing, often a common one."""
        return self.chance.choices(self._nouns, cum_weights=self._weights)[0]

    def term(self) -> str:
        """A name of something, often one that other notes mention, or one word away from one."""
        if self.chance.random() < 0.5:
            return self.chance.choice(self._terms)
        found = self._term()
        self._terms.append(found)
        return found

    def _term(self) -> str:
        pick = self.chance
        if self.kind == "kana":
            return "".join(self.noun() for _ in range(pick.choice((1, 2, 2, 3))))
        roll = pick.random()
        if roll < 0.1:
            return "".join(pick.choice("ABCDEGHIKLMNPRSTVX") for _ in range(pick.choice((3, 3, 4))))
        if roll < 0.2:
            return f"{self.noun()} {pick.choice(('v', 'tier ', 'level ', ''))}{pick.randrange(1, 9)}"
        if roll < 0.3:
            return f"{pick.choice(pick.choice(_ANTONYM).split())} {self.noun()}"
        if roll < 0.45:
            return f"{pick.choice(_ADJ)} {self.noun()} {self.noun()}"
        if roll < 0.6:
            return self.noun()
        return f"{self.noun()} {self.noun()}"

    def brand(self) -> str:
        """A name that nothing had before."""
        pick = self.chance
        return f"{pick.choice(_RARE_START).capitalize()}{pick.choice(_RARE_END)}{pick.choice(('', 'ly', 'io', 'hub'))}"

    def question(self, form: str | None = None) -> Question:
        """A new question."""
        form = form or self.chance.choice(list(self.templates))
        a, b = self.term(), self.noun() if form in ("many", "fix", "why") else self.term()
        return Question(form=form, a=a, b=b, text=self.chance.choice(self.templates[form][:2]).format(a=a, b=b))

    def answer(self, question: Question) -> str:
        """An answer that fits."""
        pick = self.chance
        if question.form == "does" and pick.random() < 0.6:
            return pick.choice(("Yes.", "No.", "Yes.", "Only in part."))
        if question.form == "many" and pick.random() < 0.7:
            return str(pick.choice((1, 2, 3, 5, 10, 16, 100, 256, 1024)))
        return self.text(pick.choice((1, 1, 2, 2, 3, 5)), question.a, question.b)

    def text(self, sentences: int, *about: str) -> str:
        """Some sentences about some terms."""
        return " ".join(self._sentence(about) for _ in range(sentences))

    def _sentence(self, about: Sequence[str]) -> str:
        pick = self.chance
        subject = pick.choice(about) if about and pick.random() < 0.5 else f"the {self.noun()}"
        if self.kind == "kana":
            subject = subject.removeprefix("the ")
            return f"{subject}は{self.noun()}と{self.noun()}を{self.noun()}する。"
        words = [subject, *([pick.choice(_ADVERBS)] if pick.random() < 0.3 else []), pick.choice(_VERBS), self._thing()]
        while pick.random() < 0.55:
            words += [pick.choice(_PREP), self._thing()]
        if pick.random() < 0.35:
            words += [pick.choice(_GLUE), "it", pick.choice(_VERBS), self._thing()]
        text = " ".join(words)
        return f"{text[0].upper()}{text[1:]}."

    def _thing(self) -> str:
        adjective = f"{self.chance.choice(_ADJ)} " if self.chance.random() < 0.4 else ""
        return f"{self.chance.choice(('a', 'the', 'the', 'each'))} {adjective}{self.noun()}"

    def cell(self) -> str:
        """What a table's cell says, often what others say too."""
        pick = self.chance
        if self.kind == "kana":
            return pick.choice((self.noun(), "はい", "いいえ", self.noun() + self.noun(), self._sentence(())))
        return pick.choice(
            (
                pick.choice(("Yes", "No", "High", "Low", "✅", "❌", "Medium", "Fully managed", "Manual")),
                f"{pick.choice((1, 2, 3, 5, 10, 50, 100, 256))} {pick.choice(('ms', 'GB', 'MB/s', '%', 'per second'))}",
                f"{pick.choice(_ADJ).capitalize()} {self.noun()}",
                f"{self.noun().capitalize()} {pick.choice(_PREP)} {self.noun()}",
                self._sentence(()).rstrip("."),
            )
        )

    def cloze(self) -> tuple[str, ...]:
        """A sentence in parts, every other one to be hidden."""
        pick = self.chance
        if self.kind == "kana":
            parts = [f"{self.term()}は", self.noun(), "と", self.noun(), "を使う。"]
            return tuple(parts) if pick.random() < 0.6 else (parts[0], parts[1], "を使う。")
        parts = [f"The {self.term()} {pick.choice(_VERBS)} the ", self.noun()]
        while pick.random() < 0.6 and len(parts) < 7:
            parts += [
                f" {pick.choice(_PREP)} {pick.choice(_ADJ)} ",
                pick.choice((self.noun(), str(pick.randrange(2, 99)))),
            ]
        return (*parts, f" {pick.choice(_GLUE)} {self._sentence(())[:-1].lower()}.")

    # --- edits ---

    def typo(self, text: str) -> str:
        """A slip of the pen, or one put right."""
        found = list(_WORD.finditer(text)) if self.kind != "kana" else []
        if not found:
            return (
                f"{text.rstrip('.。')}。"
                if self.kind == "kana" and not text.endswith("。")
                else text.rstrip(".。") + "!"
            )
        word = self.chance.choice(found)
        at = self.chance.randrange(word.start() + 1, word.end() - 1)
        roll = self.chance.random()
        if roll < 0.35:
            return text[:at] + text[at + 1 :]
        if roll < 0.7:
            return text[:at] + text[at] + text[at:]
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]

    def light(self, text: str) -> str:
        """The same said a little differently."""
        if self.kind == "kana":
            return self.chance.choice(
                (f"一般に{text}", text.replace("と", "や", 1) + "なお。", f"{text} ({self.noun()})")
            )
        words, pick = text.split(" "), self.chance
        for _ in range(pick.choice((1, 1, 2, 3))):
            roll, at = pick.random(), pick.randrange(len(words))
            known = [i for i, word in enumerate(words) if word.lower() in _SAME]
            if known and roll < 0.4:
                words[known[0]] = _SAME[words[known[0]].lower()]
            elif roll < 0.6:
                words.insert(at, pick.choice((*_ADVERBS, "really", "also", "basically")))
            elif roll < 0.75 and len(words) > 6:
                del words[at]
            elif roll < 0.85 and len(words) > 6:
                words[at : at + 2] = words[at : at + 2][::-1]
            else:
                words.append(f"({self.noun()})" if pick.random() < 0.5 else f"{pick.choice(_PREP)} the {self.noun()}")
        return " ".join(words)

    def heavy(self, question: Question) -> Question:
        """The same asked in other words."""
        ways = [way for way in self.templates[question.form] if way.format(a=question.a, b=question.b) != question.text]
        text = self.chance.choice(ways).format(a=question.a, b=question.b)
        return Question(form=question.form, a=question.a, b=question.b, text=text)

    def lightly(self, question: Question, typo: bool = False) -> Question:
        """The same question with a slip, or a word more or less."""
        pick, text = self.chance, question.text
        if typo:
            text = f"{self.typo(text.rstrip('?'))}?"
        elif self.kind == "kana":
            text = pick.choice((f"では、{text}", f"{text.rstrip('?')}か?", f"簡単に、{text}"))
        else:
            lower = text[0].lower() + text[1:] if not text[:2].isupper() else text
            text = pick.choice(
                (
                    f"{text.rstrip('?')} {pick.choice(('in practice', 'exactly', 'at scale', 'today', 'and why'))}?",
                    f"Briefly, {lower}",
                    f"In {self.noun()}, {lower}",
                    re.sub(r"^What is ", "What's ", text),
                    re.sub(r"\b(a|the|is|does)\b", r"\1 the", text, count=1),
                    text.replace("?", f" ({self.noun()})?"),
                )
            )
        return Question(form=question.form, a=question.a, b=question.b, text=text)

    def rewritten(self, text: str, *about: str) -> str:
        """Another text about the same, with some of its sentences kept now and then."""
        kept = [one for one in re.split(r"(?<=[.。]) ?", text) if one and self.chance.random() < 0.25]
        return " ".join([*kept, self.text(self.chance.choice((1, 2, 3)), *about)])

    def renamed(self, name: str) -> str:
        """Another name for the same thing, often akin."""
        pick = self.chance
        if self.kind == "kana":
            return pick.choice((f"{name}型", f"{self.noun()}{name}", self.term()))
        return pick.choice(
            (
                f"{name}s",
                f"{pick.choice(_ADJ)} {name}",
                f"{name} ({self.noun()})",
                f"the {name}",
                name.upper(),
                f"{name} {self.noun()}",
                self.term(),
            )
        )

    def sibling(self, question: Question) -> Question:
        """Another question of the same form that shares all but one thing with this one."""
        a, b = question.a, question.b
        ways = self.templates[question.form]
        way = next((one for one in ways if one.format(a=a, b=b) == question.text), ways[0])
        if "{b}" in way and self.chance.random() < 0.5:
            b = self._other(b)
        else:
            a = self._other(a)
        return Question(form=question.form, a=a, b=b, text=way.format(a=a, b=b))

    def _other(self, name: str) -> str:
        pick = self.chance
        number = re.search(r"\d+", name)
        if number:
            return f"{name[: number.start()]}{int(number[0]) + pick.choice((1, 2, 10))}{name[number.end() :]}"
        for pair in _ANTONYM:
            one, other = pair.split()
            if name.startswith(f"{one} "):
                return other + name[len(one) :]
            if name.startswith(f"{other} "):
                return one + name[len(other) :]
        first, _, _last = name.rpartition(" ")
        found = name
        while found == name:
            found = f"{first} {self.noun()}" if first and pick.random() < 0.5 else self.term()
        return found

    def near(self, text: str, old: str, new: str) -> str:
        """A text about one thing turned into one about another, which says nearly the same."""
        text = text.replace(old, new)
        long = len(text) > (8 if self.kind == "kana" else 24)
        return self.light(text) if long else self.chance.choice((text, self.cell()))
