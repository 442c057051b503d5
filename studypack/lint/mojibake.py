"""Mangled encoding: UTF-8 that some program read as windows-125x and saved again, such as `â€”` or `β€”` for `—`.

Found sequence by sequence, so that good text around it stays; ftfy, the known library for this, repairs whole texts
and gives up where both kinds stand in one line. A sequence counts only where good text cannot look like it: `é »` at
the end of a French quotation, `Γ΄` of a Greek school class and `Рі` of a Ukrainian word are valid UTF-8
too once taken for bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from types import MappingProxyType

ENCODINGS = ("cp1252", "cp1253", "cp1250", "cp1251", "cp1254", "cp1257", "cp1258", "cp1255", "cp1256")
"""The encodings that UTF-8 is taken for, the likeliest first. Latin-1 is among them by its control characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mangled:
    """A mangled stretch of a line: start and end in characters (from zero, end exclusive), and what was meant."""

    start: int
    end: int
    text: str


def mangled(line: str) -> tuple[Mangled, ...]:
    """The mangled stretches of a line, in order."""
    if line.isascii():
        return ()
    certain: list[Sequence[_Sequence]] = [
        tuple(_certain(tuple(_sequences(line, encoding)), line)) for encoding in ENCODINGS
    ]
    found: dict[int, Mangled] = {}
    taken: set[int] = set()
    for sequence in chain(*sorted(certain, key=_count, reverse=True)):  # who explains most comes first
        places = range(sequence.start, sequence.end)
        if taken.isdisjoint(places):
            taken.update(places)
            found[sequence.start] = Mangled(start=sequence.start, end=sequence.end, text=sequence.text)
    if any(len(one.text) == 1 and "À" <= one.text <= "ÿ" for one in found.values()):
        found |= {start: one for start, one in _bare_a(line) if start not in taken}
    return tuple(_joined(found[start] for start in sorted(found)))


def _bare_a(line: str) -> Iterator[tuple[int, Mangled]]:
    """`à`, whose second half is a no-break space that editors make a plain one: `Ã  la`, in a line mangled anyway."""
    for match in _BARE_A.finditer(line):
        text = "à" if match[0].endswith("  ") else "à "
        yield match.start(), Mangled(start=match.start(), end=match.start() + 2, text=text)


_BARE_A = re.compile(r"(?<![A-ZÀ-Þ])Ã  ?(?=[a-zà-ÿÃÂ])")


def _count(sequences: Sequence[_Sequence]) -> int:
    return len(sequences)


def repaired(line: str) -> str:
    """The line with what is mangled put right, also where it was mangled several times over."""
    for stretch in reversed(mangled(line)):
        line = line[: stretch.start] + stretch.text + line[stretch.end :]
    return line


def _joined(stretches: Iterable[Mangled]) -> Iterator[Mangled]:
    """Stretches without a gap between them are one; what comes of it may be mangled again."""
    last: Mangled | None = None
    for one in stretches:
        if last and last.end == one.start:
            last = Mangled(start=last.start, end=one.end, text=last.text + one.text)
            continue
        if last:
            yield _again(last)
        last = one
    if last:
        yield _again(last)


def _again(stretch: Mangled) -> Mangled:
    return Mangled(start=stretch.start, end=stretch.end, text=repaired(stretch.text))


# --- candidates --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sequence:
    """Characters that are the UTF-8 of one other, `text`, of a `family`; `run` numbers sequences without gaps."""

    start: int
    end: int
    raw: str
    text: str
    family: str
    run: int


@cache
def _bytes_of(encoding: str) -> Mapping[str, int]:
    """The byte of each character of the upper half.

    What an encoding leaves undefined is a control character, or what windows-1252 has there, as programs differ: `βœ…`.
    """
    table = {chr(byte): byte for byte in range(0x80, 0xA0)}
    western, own = _defined("cp1252"), _defined(encoding)
    taken = set(own.values())
    return MappingProxyType(table | {one: byte for one, byte in western.items() if byte not in taken} | own)


def _defined(encoding: str) -> dict[str, int]:
    found = {bytes([byte]).decode(encoding, "ignore"): byte for byte in range(0x80, 0x100)}
    return {character: byte for character, byte in found.items() if character}


@cache
def _pattern(encoding: str) -> re.Pattern[str]:
    """One character in UTF-8, as the encoding shows its bytes."""

    def among(first: int, last: int) -> str:
        characters = (character for character, byte in _bytes_of(encoding).items() if first <= byte <= last)
        return f"[{re.escape(''.join(characters))}]"

    more = among(0x80, 0xBF)
    return re.compile(
        f"{among(0xC2, 0xDF)}{more}|{among(0xE0, 0xEF)}{more}{{2}}|{among(0xF0, 0xF4)}{more}{{3}}"
        if encoding != "cp1255"  # no vowel point of Hebrew, which are 0xC0 to 0xD2 there, follows anything but a letter
        else f"{among(0xD7, 0xDF)}{more}|{among(0xE0, 0xEF)}{more}{{2}}|{among(0xF0, 0xF4)}{more}{{3}}"
    )


_FAMILIES: Sequence[tuple[int, int, str]] = (
    (0xA0, 0xBF, "signs"),
    (0xC0, 0xFF, "latin"),
    (0x100, 0x17F, "latin"),
    (0x1A0, 0x1A1, "latin"),
    (0x1AF, 0x1B0, "latin"),
    (0x218, 0x21B, "latin"),
    (0x370, 0x3FF, "greek"),
    (0x400, 0x4FF, "cyrillic"),
    (0x5D0, 0x5EA, "hebrew"),
    (0x600, 0x6FF, "arabic"),
    (0x900, 0xE7F, "indic"),
    (0x10A0, 0x10FF, "georgian"),
    (0x1E00, 0x1EFF, "vietnamese"),
    (0x200B, 0x200F, "symbols"),
    (0x2010, 0x2027, "symbols"),
    (0x2030, 0x205E, "symbols"),
    (0x2070, 0x209F, "symbols"),
    (0x20A0, 0x20BF, "symbols"),
    (0x2100, 0x23FF, "symbols"),
    (0x2500, 0x27BF, "symbols"),
    (0x2900, 0x2BFF, "symbols"),
    (0x3000, 0x30FF, "east"),
    (0x3400, 0x9FFF, "east"),
    (0xAC00, 0xD7A3, "east"),
    (0xFE0F, 0xFE0F, "joiner"),
    (0xFEFF, 0xFEFF, "joiner"),
    (0xFF01, 0xFFEE, "east"),
    (0x1D400, 0x1D7FF, "emoji"),
    (0x1F000, 0x1FAFF, "emoji"),
)
"""What an author may have meant; other results are chance."""


def _family(character: str) -> str:
    code = ord(character)
    return next((name for first, last, name in _FAMILIES if first <= code <= last), "")


def _sequences(line: str, encoding: str) -> Iterator[_Sequence]:
    """All that could be mangled, certain or not."""
    table = _bytes_of(encoding)
    run, before = 0, -1
    for found in _pattern(encoding).finditer(line):
        try:
            text = bytes(table[character] for character in found[0]).decode("utf-8")
        except UnicodeDecodeError:  # longer than need be, or half of a pair: no UTF-8
            continue
        if family := _family(text):
            run += found.start() != before
            before = found.end()
            yield _Sequence(start=found.start(), end=found.end(), raw=found[0], text=text, family=family, run=run)


# --- evidence ----------------------------------------------------------------------------------------------------

_CLOSING = frozenset("\xa0\xad»«‹”’“‘›…–—•·®™°²³¹§ªº")
"""What may follow a letter in good text, quotation marks of all languages included. Other signs never do."""

_SCRIPTS = {"greek": 3, "cyrillic": 3, "hebrew": 3, "arabic": 3, "indic": 2, "georgian": 2, "east": 2}
"""How many letters of a script must stand in a row: fewer may be chance in a text of another script."""

_INITIAL = frozenset("«‹“‘”’–—…›™•\xa0")
_LIGATURES = frozenset("ŒœŠšŽžŸ")


def _certain(sequences: Sequence[_Sequence], line: str) -> Iterator[_Sequence]:
    """Those that are mangled beyond doubt; and, of the families that are on this line, the doubtful ones too."""
    runs: dict[int, list[_Sequence]] = {}
    for sequence in sequences:
        runs.setdefault(sequence.run, []).append(sequence)
    sure = [sequence for run in runs.values() for sequence in run if _is_sure(sequence, run, line)]
    families = {sequence.family for sequence in sure}
    for sequence in sequences:
        if sequence in sure or (sequence.family in families and _is_likely(sequence, line)):
            yield sequence


def _is_sure(sequence: _Sequence, run: Sequence[_Sequence], line: str) -> bool:
    match sequence.family:
        case "symbols":
            return _is_symbol(sequence, run, line)
        case "emoji":
            return any(not (character.isalpha() and character.islower()) for character in sequence.raw[1:])
        case "joiner":
            return len(run) > 1 or sequence.text == "\ufeff"
        case "vietnamese":
            return sequence.raw[1] not in _CLOSING or _followed(sequence, line)
        case family:
            same = [other for other in run if other.family == family]
            if len(same) >= _SCRIPTS.get(family, 99) and _is_no_word("".join(other.raw for other in same)):
                return True
            return len(sequence.raw) == 2 and family not in ("hebrew", "arabic") and _is_pair(sequence, line)


def _is_symbol(sequence: _Sequence, run: Sequence[_Sequence], line: str) -> bool:
    """`â€”`, `β€”`, `вЂ”`: a letter before a euro sign, a dagger or the like; not a letter before a quotation mark."""
    second, third = sequence.raw[1], sequence.raw[2]
    if second not in "”–—•“" and (not second.isalpha() or second.isupper()):
        return second not in _CLOSING
    if len(run) > 1:
        return True
    # `“β”…` and `β—“beta”` are good text; `âœ…` is not, for no word starts so.
    unlikely = third.islower() if second.isalpha() else third in _CLOSING
    return not (unlikely or _before(sequence, line).isalpha())


def _is_no_word(raw: str) -> bool:
    """Whether characters cannot be a word: a sign among the letters, or a capital after a small letter."""
    inside = raw[:-1]
    return any(not character.isalpha() for character in inside) or bool(_has_hump(raw))


def _has_hump(raw: str) -> bool:
    return any(one.islower() and other.isupper() for one, other in pairwise(raw))


def _is_pair(sequence: _Sequence, line: str) -> bool:
    """`Ã©`, `Â°`, `Å‚`, `Î±`: two characters that were one."""
    lead, second = sequence.raw[0], sequence.raw[1]
    before, after = _before(sequence, line), line[sequence.end : sequence.end + 1]
    if lead in "×ØÐÑ":  # signs, or letters with which words end: too little
        return False
    if not _is_latin(lead):
        return _among_latin(second, before, after)
    if before.isalpha() and before.isupper():  # at the end of a word in capitals
        return False
    if second.isalpha():
        return second in _LIGATURES and _is_western(lead) and (before.islower() or after.islower())
    if second not in _CLOSING:
        return True
    if before.islower():
        return lead.isupper()
    if sequence.family == "signs":
        return (lead, second) in _SURE_SIGNS and not before.isalpha() and before not in tuple("«»“”‘’„‚›‹")
    return after.islower() and not before.isalpha() and second in _INITIAL and lead in "ÃÅÄÈĂĹĂ"


_SURE_SIGNS = frozenset(("Â", sign) for sign in "\xa0»«·®°²³¹§ªº")


def _is_western(lead: str) -> bool:
    """A letter that stands before no ž, š or œ in any language."""
    return lead in "ÃÅÄÂÆÈ"


def _among_latin(second: str, before: str, after: str) -> bool:
    """`cafΓ©`, `20Β°C`: a Greek or Cyrillic capital within a Latin word, or before a sign that follows a number."""
    if second == "°":
        return before.isdigit()
    return not second.isalpha() and (_is_plain(before) or _is_plain(after)) and second not in _CLOSING


def _is_likely(sequence: _Sequence, line: str) -> bool:
    """Whether a doubtful one may be taken for mangled where its like is certain on the same line."""
    if len(sequence.raw) != 2:
        return True
    lead = sequence.raw[0]
    before = _before(sequence, line)
    return lead in "ÐÑРСÎÏΞΟרØÙ" or not (before.isalpha() and before.isupper())


def _followed(sequence: _Sequence, line: str) -> bool:
    return line[sequence.end : sequence.end + 1].isalpha()


def _before(sequence: _Sequence, line: str) -> str:
    return line[sequence.start - 1 : sequence.start] if sequence.start else ""


def _is_plain(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _is_latin(character: str) -> bool:
    return character.isalpha() and ord(character) < 0x250
