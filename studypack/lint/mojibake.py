"""Mangled encoding: UTF-8 that some program read as windows-125x and saved again, such as `â€”` or `β€”` for `—`.

Found sequence by sequence, so that good text around it stays; ftfy, the known library for this, repairs whole texts
and gives up where both kinds stand in one line. A sequence counts only where good text cannot look like it: `é »` at
the end of a French quotation, `Γ΄` of a Greek school class and `Рі` of a Ukrainian word are valid UTF-8
too once taken for bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
        tuple(_certain(_sequences(line, encoding), line, encoding)) for encoding in ENCODINGS
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
    return sum(sequence.size for sequence in sequences)


def repaired(line: str) -> str:
    """The line with what is mangled put right, until there is nothing more: what is right shows what else is not."""
    while stretches := mangled(line):
        for stretch in reversed(stretches):
            line = line[: stretch.start] + stretch.text + line[stretch.end :]
    return line


def _joined(stretches: Iterable[Mangled]) -> Iterator[Mangled]:
    """Stretches without a gap between them are one."""
    last: Mangled | None = None
    for one in stretches:
        if last and last.end == one.start:
            last = Mangled(start=last.start, end=one.end, text=last.text + one.text)
            continue
        if last:
            yield last
        last = one
    if last:
        yield last


# --- candidates --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sequence:
    """Characters that are the UTF-8 of one other, `text`, of a `family`; `run` numbers sequences without gaps.

    `size` is more than one where several are one character that was mangled several times over. `before` and `after`
    are the characters beside it; where those may be mangled too, what they were.
    """

    start: int
    end: int
    raw: str
    text: str
    family: str
    run: int
    size: int = 1
    before: str = ""
    after: str = ""


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
    (0x80, 0x9F, "byte"),
    (0xA0, 0xBF, "signs"),
    (0xC0, 0xFF, "latin"),
    (0x100, 0x17F, "latin"),
    (0x192, 0x192, "byte"),
    (0x1A0, 0x1A1, "latin"),
    (0x1AF, 0x1B0, "latin"),
    (0x218, 0x21B, "latin"),
    (0x2C6, 0x2DD, "byte"),
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
"""What an author may have meant, or (`byte`) what stands for a byte where it was mangled twice; the rest is chance."""


def _family(character: str) -> str:
    code = ord(character)
    return next((name for first, last, name in _FAMILIES if first <= code <= last), "")


def _sequences(line: str, encoding: str) -> tuple[_Sequence, ...]:
    """All that could be mangled, certain or not."""
    found = tuple(_candidates(line, encoding))
    ends, starts = {one.end: one.text for one in found}, {one.start: one.text for one in found}
    return tuple(
        replace(
            one,
            before=ends.get(one.start) or _before(one, line),
            after=starts.get(one.end) or line[one.end : one.end + 1],
        )
        for one in found
    )


def _candidates(line: str, encoding: str) -> Iterator[_Sequence]:
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

_INITIAL = frozenset("«‹“‘”’–—…›™•\xa0§ª°²³¹º")
_LIGATURES = frozenset("ŒœŠšŽžŸ")


def _certain(sequences: Sequence[_Sequence], line: str, encoding: str) -> Iterator[_Sequence]:
    """Those that are mangled beyond doubt; and, of the families that are on this line, the doubtful ones too."""
    runs: dict[int, list[_Sequence]] = {}
    for sequence in sequences:
        runs.setdefault(sequence.run, []).append(sequence)
    twice = {number: one for number, run in runs.items() if (one := _twice(run, line, encoding))}
    once = [sequence for number, run in runs.items() if number not in twice for sequence in run]
    found = tuple(_of_once(once, runs, line))
    yield from found
    scripts = {sequence.run for sequence in found if sequence.family in _SCRIPTS}
    starts = {sequence.start for sequence in found}
    for sequence in once:  # `«` before a word in Greek
        if sequence.family == "signs" and sequence.run in scripts and sequence.start not in starts:
            yield sequence
    yield from twice.values()


def _of_once(once: Sequence[_Sequence], runs: Mapping[int, Sequence[_Sequence]], line: str) -> Iterator[_Sequence]:
    words = {(run[0].run, family) for run in runs.values() for family in _SCRIPTS if _is_script(run, family)}
    sure = {
        sequence.start: sequence.family
        for sequence in once
        if (sequence.run, sequence.family) in words or _is_sure(sequence, runs[sequence.run], line)
    }
    families = frozenset(sure.values())
    for sequence in once:
        if sequence.start in sure or (sequence.family in families and _is_likely(sequence, runs[sequence.run])):
            yield sequence


_STRANGE = {"cp1251": "greek", "cp1253": "cyrillic"}
"""The family that is not written where an encoding is."""


def _twice(run: Sequence[_Sequence], line: str, encoding: str) -> _Sequence | None:
    """A run that is mangled twice, as one sequence with what was meant; as a whole, for a half would ruin the rest."""
    text = "".join(sequence.text for sequence in run)
    inner = _sequences(text, encoding)
    if sum(len(one.raw) for one in inner) != len(text) or any(one.family == _STRANGE.get(encoding) for one in inner):
        return None
    around = line[: run[0].start] + text + line[run[-1].end :]
    first, last = run[0], run[-1]
    shifted = [replace(one, start=one.start + first.start, end=one.end + first.start) for one in inner]
    alone = replace(shifted[0], before=first.before, after=last.after)
    if not (_is_no_word(text + "x") if len(inner) > 1 else _is_surely_twice(alone, around)):
        return None
    raw = "".join(sequence.raw for sequence in run)
    whole = _Sequence(start=run[0].start, end=run[-1].end, raw=raw, text=text, family="", run=run[0].run, size=len(run))
    deeper = _twice(shifted, around, encoding)
    return replace(whole, text=deeper.text if deeper else "".join(one.text for one in inner))


def _is_surely_twice(one: _Sequence, line: str) -> bool:
    """Whether what comes of a run is mangled still: not `é »`, nor a capital before a quotation mark."""
    if len(one.raw) > 2:
        return any(character not in _CLOSING for character in one.raw[1:])
    return _is_pair(one, line) or one.raw in _SURE_PAIRS


_SURE_PAIRS = frozenset(("Â§", "Âµ", "Ãª", "Ãº", "Ã³"))


def _is_script(run: Sequence[_Sequence], family: str) -> bool:
    """Whether a run has so many letters of a script that it is no chance."""
    same = [one.raw for one in run if one.family == family]
    return len(same) >= _SCRIPTS[family] and _is_no_word("".join(same))


def _is_sure(sequence: _Sequence, run: Sequence[_Sequence], line: str) -> bool:
    match sequence.family:
        case "symbols":
            return _is_symbol(sequence, run, line)
        case "emoji":
            return any(not (character.isalpha() and character.islower()) for character in sequence.raw[1:])
        case "byte":
            return False
        case "joiner":
            return len(run) > 1 or sequence.text == "\ufeff"
        case "vietnamese":
            return sequence.raw[1] not in _CLOSING or _followed(sequence, line)
        case family:
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
    before, after = sequence.before, sequence.after
    if lead in "×ØÐÑ":  # signs, or letters with which words end: too little
        return False
    if not _is_latin(lead):
        return _among_latin(second, before, after)
    if lead not in _WESTERN:
        if second in _CLOSING:  # `Î”G`
            return lead in "ÎÏ" and not before.isalpha() and after.isalpha()
        return not second.isalpha() and not (before.isalpha() and before.isupper())
    if before.islower() or (before.isalpha() and after.islower()):  # a capital within a word: `mĂĽ`, `MĂĽ`
        return True
    if (lead, second) in _SURE_SIGNS:
        return not before.isalpha() and before not in tuple("«»“”‘’„‚›‹")
    if second.isalpha() and second not in _INITIAL:
        return (second in _LIGATURES and after.islower()) or (lead == "Â" and after.isdigit())
    if second not in _CLOSING:
        return True
    if second == "\xad":  # a soft hyphen stands between letters
        return not (before.isalpha() and after.isalpha())
    if lead + second in ("Ã—", "Ã·"):
        return line[: sequence.start].rstrip()[-1:].isdigit()
    return after.islower() and not before.isalpha() and second in _INITIAL and sequence.family == "latin"


_WESTERN = "ÂÃÄÅÈĂĹ"
"""Letters that stand before a small one, but never within a word and before a sign."""

_SURE_SIGNS = frozenset(("Â", sign) for sign in "\xa0»«·®°²³¹§ªºµ")


def _among_latin(second: str, before: str, after: str) -> bool:
    """`cafΓ©`, `20Β°C`: a Greek or Cyrillic capital within a Latin word, or before a sign that follows a number."""
    if second == "°":
        return before.isdigit() or after in tuple("CFK")
    if _is_plain(before) and _is_plain(after):
        return True
    return second in "£¥¢" or (
        not second.isalpha() and (_is_plain(before) or _is_plain(after)) and second not in _CLOSING
    )


def _is_likely(sequence: _Sequence, run: Sequence[_Sequence]) -> bool:
    """Whether a doubtful one may be taken for mangled where its like is certain on the same line."""
    if sequence.family == "symbols" and _CLOSING.issuperset(sequence.raw[1:]):  # “β”…
        return False
    if len(sequence.raw) != 2 or len(run) > 1:
        return True
    before, after = sequence.before, sequence.after
    capitals = before.isalpha() and before.isupper() and not after.islower()
    return sequence.raw[0] in "ÐÑРСÎÏΞΟרØÙ" or not capitals


def _followed(sequence: _Sequence, line: str) -> bool:
    return line[sequence.end : sequence.end + 1].isalpha()


def _before(sequence: _Sequence, line: str) -> str:
    return line[sequence.start - 1 : sequence.start] if sequence.start else ""


def _is_plain(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _is_latin(character: str) -> bool:
    return character.isalpha() and ord(character) < 0x250
