"""Cells that only say yes, no or partly, in words of the guide's language or by a mark; and what the marks mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from markupsafe import Markup, escape

from studypack.writers.paper import marks


class Verdict(StrEnum):
    """What a cell answers; also the CSS class of the cell."""

    YES = "yes"
    NO = "no"
    PARTLY = "partly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A cell's verdict, and the word at its beginning that says so; no word where a drawn mark says it."""

    verdict: Verdict
    word: str


# For each language its words for yes, no and partly; the first of each is the one that a legend uses.
_WORDS: dict[str, tuple[str, str, str]] = {
    "ar": ("نعم", "لا", "جزئيًا جزئيا جزئياً جزئي"),
    "cs": ("ano", "ne", "částečně částečný"),
    "da": ("ja", "nej", "delvist delvis"),
    "de": ("ja", "nein", "teilweise teils bedingt eingeschränkt"),
    "el": ("ναι", "όχι", "εν_μέρει μερικώς"),
    "en": ("yes", "no", "partly partial partially in_part limited"),
    "es": ("sí si", "no", "en_parte parcial parcialmente"),
    "fa": ("بله بلی آری", "خیر نه", "تا_حدی جزئی"),
    "fi": ("kyllä", "ei", "osittain"),
    "fr": ("oui", "non", "en_partie partiel partielle partiellement"),
    "he": ("כן", "לא", "חלקית חלקי"),
    "hi": ("हाँ हां", "नहीं", "आंशिक"),
    "it": ("sì si", "no", "in_parte parziale parzialmente"),
    "ja": ("はい 可 有 あり 対応 ○ ◯ 〇", "いいえ 不可 無 なし 非対応 ×", "一部 部分的 △"),
    "ko": ("예 네", "아니요 아니오", "일부 부분 부분적"),
    "nb": ("ja", "nei", "delvis"),
    "nl": ("ja", "nee neen", "deels gedeeltelijk"),
    "pl": ("tak", "nie", "częściowo częściowy częściowa częściowe"),
    "pt": ("sim", "não nao", "em_parte parcial parcialmente"),
    "ru": ("да", "нет", "частично"),
    "sv": ("ja", "nej", "delvis"),
    "tr": ("evet", "hayır", "kısmen"),
    "uk": ("так", "ні", "частково"),
    "zh": ("是 有 支持 √", "否 无 無 不支持 ×", "部分 △"),
}
_SAME = {"no": "nb", "nn": "nb"}

_DRAWN = {
    **dict.fromkeys("✅☑✔✓", Verdict.YES),
    **dict.fromkeys("❌✖✗✘❎🚫⛔", Verdict.NO),
    "⚠": Verdict.PARTLY,
}
_SIGNS = {"~": Verdict.PARTLY, "◐": Verdict.PARTLY, "◑": Verdict.PARTLY}
"""Characters that are no drawn marks but say a verdict when they stand alone, in any language."""

_ALONE = frozenset("○◯〇×△√~◐◑")

# After the word: nothing, a note that is set off (`Yes, since v2`, `No (planned)`, `Yes – but`).
_AFTER = r"(?:[.!。]?$|\s*[,;:(，；：（、،؛]|\s+[–—-]\s)"


def judge(text: str, lang: str) -> Judged | None:
    """The verdict of a cell's plain text in a guide of that language (BCP 47), or None where it gives none, or several.

    English words are understood in every guide.
    """
    text = text.strip()
    if text[:1] in _DRAWN:
        said = {_DRAWN[mark] for mark in marks.used(text) if mark in _DRAWN}
        return Judged(verdict=_DRAWN[text[0]], word="") if len(said) == 1 else None
    for verdict, pattern in _patterns(_language(lang)):
        if found := pattern.match(text):
            return Judged(verdict=verdict, word=found[1])
    return None


def show(html: str, judged: Judged) -> str:
    """A cell's HTML with the word that judges in an element of its own, to be coloured; heavier for yes."""
    if not judged.word:
        return html
    tag = "b" if judged.verdict is Verdict.YES else "span"
    start = re.compile(rf"((?:<[^>]+>|\s)*)({re.escape(str(escape(judged.word)))})")
    return start.sub(rf'\1<{tag} class="verdict">\2</{tag}>', html, count=1) if start.match(html) else html


def legend(texts: Iterable[str], lang: str) -> tuple[tuple[Markup, str], ...]:
    """Every mark that cells use, and its word: marks of one meaning together, verdicts first.

    Words that say yes or no need none. Nothing is explained in a language that we do not know; marks that are no
    verdicts only in English.
    """
    language = _language(lang)
    if language not in _WORDS:
        return ()
    meanings: dict[str, list[Markup]] = {word: [] for word in _words(language)}
    for text in texts:
        for drawing, word in _used(text.strip(), language):
            if drawing not in (shown := meanings.setdefault(word, [])):
                shown.append(drawing)
    return tuple((Markup(" ").join(drawings), word) for word, drawings in meanings.items() if drawings)


def _used(text: str, language: str) -> Iterator[tuple[Markup, str]]:
    """The marks of a cell that can be explained: how each looks, and its word."""
    words = dict(zip(Verdict, _words(language), strict=True))
    for mark in marks.used(text):
        name, word = marks.MARKS[mark]
        if mark in _DRAWN and (mark != "⚠" or text.startswith("⚠")):
            yield marks.icon(name, mark), words[_DRAWN[mark]]
        elif language == "en":
            yield marks.icon(name, mark), word
    judged = judge(text, language)
    if judged and judged.word in _ALONE:
        yield Markup(escape(judged.word)), words[judged.verdict]


def _language(lang: str) -> str:
    tag = lang.lower().partition("-")[0]
    return _SAME.get(tag, tag)


def _words(language: str) -> tuple[str, str, str]:
    """The words of a legend for yes, no and partly."""
    yes, no, partly = (_spelled(words)[0] for words in _WORDS.get(language, _WORDS["en"]))
    return yes, no, partly


def _spelled(words: str) -> list[str]:
    return [word.replace("_", " ") for word in words.split()]


@cache
def _patterns(language: str) -> tuple[tuple[Verdict, re.Pattern[str]], ...]:
    """A verdict and what a cell that gives it begins with; the longest words first, so that none hides another."""
    known: dict[str, Verdict] = dict(_SIGNS)
    for name in ("en", language):
        for verdict, words in zip(Verdict, _WORDS.get(name, ("", "", "")), strict=True):
            known |= dict.fromkeys(_spelled(words), verdict)
    return tuple(
        (verdict, re.compile(rf"({re.escape(word)}){_AFTER}", re.IGNORECASE))
        for word, verdict in sorted(known.items(), key=lambda entry: -len(entry[0]))
    )
