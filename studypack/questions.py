"""When a heading asks, what it asks, and which part of what is below it is the answer."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from studypack.model import Block, Html, Listing, Prose, Section, Text

# The marks that end a question: Latin, full width, Arabic, Greek, Armenian.
_MARKS = (
    "?",
    "\N{FULLWIDTH QUESTION MARK}",
    "\N{ARABIC QUESTION MARK}",
    "\N{GREEK QUESTION MARK}",
    "\N{ARMENIAN QUESTION MARK}",
)
_PICTURES = frozenset(("So", "Sk", "Mn", "Cf"))  # symbols, and the signs that modify and join them
_TITLES = re.compile(r"\bquestions\b|\bq\s*&\s*a\b|\bq\s*and\s*a\b|\bfaqs?\b", re.I)
# The words that label a question and its answer, where an English author writes “Q:” and “Answer:”;
# the letters first, for nearly every paragraph is tried and none of the words is there.
_ASKING = (
    r"(?=[QFPDВ问問質질문שس])(?:Q|Question|Frage|Pregunta|Pergunta|Domanda|Вопрос|问题|問題|質問|질문|문제|שאלה|سؤال)"
)
_ANSWERING = (
    r"(?:(?:(?:Correct|Right|Model|Sample) )?(?:Ans|Answer)|Antwort|Réponse|Respuesta|Resposta|Risposta|Ответ"
    r"|答案|回答|解答|정답|답|תשובה|الإجابة|الجواب|جواب)"
)
_COLON = r"(?::-?|\uff1a)"  # `:-` is how many in India write a colon
_ENDS = rf"(?:{_COLON}|[.)])"
_SIGN = rf"[问問שس]\s*\d*\s*{_COLON}"
QUESTION_MARK = re.compile(rf"(?:{_ASKING}\s*\d*\s*{_ENDS}|{_SIGN})\s*", re.I)
"""“Q:” and the like, with which a question starts."""
_NUMBER = (
    rf"(?:{_ASKING}\s*(?:\d*\s*{_ENDS}\s*|\d+\s*[-–—]?\s+)|{_SIGN}\s*"
    r"|\d+(?:\.\d+)*[.):]\s+|\d+[、．]\s*|\(\d+\)\s*|#\d+[.:)]?\s+)"
)
_NUMBERED = re.compile(rf"^{_NUMBER}", re.I)
_NUMBERED_HTML = re.compile(rf"^\s*(<(?:strong|em|b)>)?{_NUMBER}(</(?:strong|em|b)>)?\s*", re.I)
ANSWER_WORD = re.compile(rf"(?:{_ANSWERING}\s*\d*\s*{_ENDS}|[答תج]\s*\d*\s*{_COLON})\s*", re.I)
"""“Answer:” and the like: an answer starts here, whatever stands before it."""
ANSWER_MARK = re.compile(rf"(?:A\s*\d*\s*{_COLON}\s*|{ANSWER_WORD.pattern})", re.I)
"""“A:” and the like, with which an answer starts; “A.” and “A)” are the first of several choices."""
_ANSWER_HTML = re.compile(rf"^<p>\s*(<(?:strong|em|b)>)?{ANSWER_MARK.pattern}(</(?:strong|em|b)>)?\s*", re.I)
_ALL_BOLD = re.compile(r"<strong>(.*)</strong>$", re.S)
_ANSWER_HEADING = re.compile(rf"{_ANSWERING}s?\W*$", re.I)
_UNFOLDED = (
    r"(?:antwort(?:en)?|lösung(?:en)?|réponses?|respuestas?|solución|respostas?|risposta|ответы?|решение"
    r"|(?:查看|参考)?答案|回答|解答|解説|정답|תשובה|פתרון|الإجابة|الجواب|جواب|الحل)\W*$"
)
_ANSWER = re.compile(
    r"(?:(?:show|see|view|reveal|click|tap)\b.*)?\b(?:answers?|solutions?|explanation)\b.{0,20}$"
    rf"|{_UNFOLDED}",
    re.I,
)


def asks(text: str) -> bool:
    """Whether a text ends as a question does; pictures such as 🤔 or ⭐ behind the mark do not count."""
    end = len(text)
    while end and text[end - 1] > "\xff" and unicodedata.category(text[end - 1]) in _PICTURES:
        end = len(text[: end - 1].rstrip())
    return text[:end].rstrip("*_ ”\"')»").endswith(_MARKS)


def is_question(section: Section, in_questions: bool, *, topmost: bool) -> bool:
    """Whether a section is a question: it ends in `?`, is marked so, stands directly among questions, or unfolds.

    `in_questions` says that it stands directly in a part titled or marked as questions. A topmost section (a topic)
    that asks but has only sections below it is the title of a chapter.
    """
    if "question" in section.classes:
        return True
    if "concept" in section.classes or "terms" in section.classes:
        return False
    if section.disclosure or _answers_itself(section):
        return True
    if asks(section.heading.plain):
        return bool(section.blocks) or not (topmost and section.sections)
    return in_questions and not _TITLES.search(section.heading.plain) and not _groups(section)


def asks_questions(section: Section, in_questions: bool) -> bool:
    """Whether what stands directly in a section is questions."""
    if "questions" in section.classes or _TITLES.search(section.heading.plain):
        return True
    return in_questions and _groups(section)


def prompt_of(heading: Text) -> Text:
    """A heading without its number or “Q:”, and without a bold that holds all of it."""
    plain = _NUMBERED.sub("", heading.plain, count=1) or heading.plain
    html = _NUMBERED_HTML.sub(_still_open, heading.html, count=1) if plain != heading.plain else heading.html
    if (bold := _ALL_BOLD.match(html)) and "<strong>" not in bold[1]:
        html = bold[1]
    return Text(html=Html(html), plain=plain)


def split_answer(section: Section) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """What is shown with the question, and the answer.

    Where the answer is folded away (`<details><summary>Answer</summary>`) or starts with “Answer:”, what stands before
    it, often code or what there is to choose from, belongs to the question. An “A:” before the answer is no part of it.
    """
    blocks = (*section.blocks, *section.sections)
    mark = ANSWER_MARK if QUESTION_MARK.match(section.heading.plain) else ANSWER_WORD
    for number, block in enumerate(blocks):
        if _starts_answer(block, mark):
            opened = (*block.blocks, *block.sections) if isinstance(block, Section) else (block,)
            return blocks[:number], _unmarked((*opened, *blocks[number + 1 :]))
    return (), _unmarked(blocks)


def _unmarked(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    match blocks:
        case (Prose(plain=plain) as first, *rest) if ANSWER_MARK.match(plain) and _ANSWER_HTML.match(first.html):
            html = _ANSWER_HTML.sub(lambda match: f"<p>{_still_open(match)}", first.html, count=1)
            return (replace(first, html=Html(html), plain=ANSWER_MARK.sub("", plain, count=1)), *rest)
        case _:
            return blocks


def _still_open(match: re.Match[str]) -> str:
    """A bold that opened before the mark and goes on behind it."""
    return match[1] if match[1] and not match[2] else ""


def _answers_itself(section: Section) -> bool:
    """Whether an answer is folded away in a section, or just one is below a heading “Answer”, or a text says so."""
    blocks = (*section.blocks, *section.sections)
    folded = (isinstance(block, Section) and block.disclosure and _starts_answer(block) for block in blocks)
    return any(folded) or sum(map(_starts_answer, blocks)) == 1


def _starts_answer(block: Block, mark: re.Pattern[str] = ANSWER_WORD) -> bool:
    if isinstance(block, Section):
        return (_ANSWER if block.disclosure else _ANSWER_HEADING).match(block.heading.plain) is not None
    return isinstance(block, Prose) and mark.match(block.plain) is not None


def _groups(section: Section) -> bool:
    """Whether a section among questions gathers questions itself, such as “Easy” or “Networking”."""
    if _NUMBERED.match(section.heading.plain):
        return False
    below = (*section.sections, *_in_lists(section.blocks))
    return any(
        asks(one.heading.plain) or _NUMBERED.match(one.heading.plain) or "question" in one.classes for one in below
    )


def _in_lists(blocks: tuple[Block, ...]) -> list[Section]:
    found: list[Section] = []
    for block in blocks:
        if isinstance(block, Section):
            found.append(block)
        elif isinstance(block, Listing):
            for item in block.items:
                found.extend(_in_lists(item.blocks))
    return found
