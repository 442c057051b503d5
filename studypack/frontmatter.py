"""Front matter: YAML or TOML in, settings and diagnostics out."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import yaml

from studypack.diagnostics import Diagnostic, why_not_ignored
from studypack.source import Source
from studypack.span import START, Span

CARD_KINDS = ("question", "comparison", "term", "takeaway", "cloze", "concept")
"""The kinds that `cards` switches; the plural is understood too."""

PAPERS = ("A3", "A4", "A5", "B4", "B5", "Letter", "Legal", "Ledger")
"""The paper sizes that `paper` takes, each also with ` landscape` or ` portrait`: the named sizes of CSS."""

THEMES = ("plain", "sepia")
"""The themes that come with studypack; `theme` also takes one style sheet of the author's own, to go on top."""

MATRIX_FITS = ("a3", "split", "tiny")
"""What may become of a matrix that would need type under 6 pt: larger paper, more pages, or small type all the same."""

MOST_SHEETS, MOST_COLUMNS = 99, 6
MARGINS = (4.0, 60.0)
"""The narrowest and the widest margin, in mm: office printers leave 4 mm and more blank at the edge."""

_UNITS = {"": 1.0, "mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(mm|cm|in|pt|)$")
_SWITCH = {"on": "on", "true": "on", "yes": "on", "off": "off", "false": "off", "no": "off"}
_LANG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")
_URL = re.compile(r"https?://[^\s\"'<>\[\]{}|^`]+$")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the front matter says; None where it says nothing.

    `margins` are in mm, in CSS's order: top, right, bottom, left. `theme` are names of built-in themes and of a style
    sheet, each with its place. `ignore` are the codes of rules that `check` leaves alone.
    """

    title: str | None = None
    subtitle: str | None = None
    description: str | None = None
    author: str | None = None
    lang: str | None = None
    deck: str | None = None
    tags: tuple[str, ...] = ()
    level: str | None = None
    url: str | None = None
    paper: str | None = None
    sheets: int | None = None
    columns: int | None = None
    margins: tuple[float, float, float, float] | None = None
    theme: tuple[tuple[str, Span], ...] = ()
    matrix_fit: str | None = None
    cards: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    ignore: tuple[str, ...] = ()


def read_settings(source: Source) -> tuple[Settings, tuple[Diagnostic, ...]]:
    """The settings of a guide, and everything that is wrong with its front matter."""
    if not source.front.strip():
        return Settings(), ()
    reader = _Reader(source)
    return reader.settings(), tuple(reader.diagnostics)


class _Reader:
    """Walks the YAML nodes, which know their lines, rather than plain values, which do not.

    Scalars are taken as the author spelled them: `lang: no` is Norwegian, not false; `title: 2024` is a title.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    def settings(self) -> Settings:
        node = self._compose()
        if node is None:
            return Settings()
        if not isinstance(node, yaml.MappingNode):
            self._report("SP103", node, "the front matter is not a list of `key: value` lines", "see the guide format")
            return Settings()
        values: dict[str, object] = {}
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if name not in _READERS:
                self._unknown(key, name, tuple(_READERS), "key")
                continue
            if name in seen:
                self._report("SP109", key, f"the key `{name}` is given twice; the last one counts", "keep one of them")
            seen.add(name)
            if (read := _READERS[name](self, value)) is not None:
                values[name.replace("-", "_")] = read
        return Settings(**values)  # type: ignore[arg-type]  # each reader returns its field's type

    def _compose(self) -> yaml.Node | None:
        if self.source.lines[0].startswith("+"):
            return self._compose_toml()
        try:
            node: yaml.Node | None = yaml.compose(self.source.front, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = self._place(mark) if mark else (1, 1)
            line = min(line, self.source.body - 1)
            column = min(column, len(self.source.lines[line - 1]) + 1)
            said = " ".join(part for part in (error.context, error.problem) if part)
            self._at("SP103", Span(line, column, line, column), f"the front matter is not YAML: {said}", _YAML_HINT)
        except RecursionError:
            self._at("SP103", START, "the front matter is nested too deep", _YAML_HINT)
        except yaml.YAMLError as error:
            self._at("SP103", START, f"the front matter is not YAML: {error}", _YAML_HINT)
        else:
            return node
        return None

    def _compose_toml(self) -> yaml.Node | None:
        """TOML, as Hugo has it, in the nodes that YAML would give."""
        try:
            return self._node(tomllib.loads(self.source.front), 0, 0)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            found = _TOML_PLACE.search(str(error))
            line, column = (int(found[1]) + 1, int(found[2])) if found else (1, 1)
            said = _TOML_PLACE.sub("", str(error))
            self._at("SP103", Span(line, column, line, column), f"the front matter is not TOML: {said}", _TOML_HINT)
            return None

    def _node(self, value: object, start: int, end: int) -> yaml.Node:
        """A value of TOML as a node of YAML, which stands at these places of the front matter."""
        marks = (yaml.Mark("", start, 0, 0, None, 0), yaml.Mark("", end, 0, 0, None, 0))
        if isinstance(value, list):
            return yaml.SequenceNode(f"{_TAG}seq", [self._node(item, start, end) for item in value], *marks)
        if isinstance(value, dict):
            return yaml.MappingNode(f"{_TAG}map", [self._pair(*pair, start, end) for pair in value.items()], *marks)
        return yaml.ScalarNode(f"{_TAG}str", str(value).lower() if isinstance(value, bool) else str(value), *marks)

    def _pair(self, key: str, value: object, start: int, end: int) -> tuple[yaml.Node, yaml.Node]:
        line = re.compile(rf"^[ \t]*\[?[\"']?({re.escape(key)})\b[^=\n]*=?[ \t]*(.*)", re.M)
        found = line.search(self.source.front, start)
        at = (*found.span(1), *found.span(2)) if found else (start, end, start, end)
        return self._node(key, at[0], at[1]), self._node(value, at[2], at[3])

    def names(self, node: yaml.Node) -> str | None:
        """A name, or several: a list, also of maps with a `name`, as Pandoc and Quarto have authors."""
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        return ", ".join(name for item in items if (name := self._name(item))) or None

    def _name(self, node: yaml.Node) -> str | None:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == "name"), node)
        return self.text(node)

    def text(self, node: yaml.Node) -> str | None:
        """A string, as spelled; nothing for an empty one."""
        if isinstance(node, yaml.ScalarNode):
            value = str(node.value).strip()
            if _NO_TEXT.search(value):
                self._wrong(node, "a character that no text has", "delete the escape")
                return None
            return None if node.tag.endswith(":null") or not value else " ".join(value.split())
        self._wrong(node, "a text was expected here")
        return None

    def texts(self, node: yaml.Node) -> tuple[str, ...] | None:
        """Strings: a YAML list, or words parted by commas or blanks."""
        if isinstance(node, yaml.SequenceNode):
            return tuple(text for item in node.value if (text := self.text(item)))
        if isinstance(node, yaml.ScalarNode):
            return tuple(re.split(r"[,\s]+", text)) if (text := self.text(node)) else None
        self._wrong(node, "a list was expected here")
        return None

    def checked(self, pattern: re.Pattern[str], what: str) -> Callable[[yaml.Node], str | None]:
        """A string that has a form."""

        def read(node: yaml.Node) -> str | None:
            value = self.text(node)
            if value is None or pattern.match(value):
                return value
            self._wrong(node, f"{value!r} is not {what}")
            return None

        return read

    def deck(self, node: yaml.Node) -> str | None:
        """A deck's name; `::` parts the decks it nests in."""
        value = self.text(node)
        if value is not None and not all(part.strip() for part in value.split("::")):
            self._report("SP107", node, f"{value!r} cannot name a deck", "give every part between `::` a name")
            return None
        return value

    def paper(self, node: yaml.Node) -> str | None:
        """A paper size, spelled as in PAPERS."""
        value = self.text(node)
        if value is None:
            return None
        size, *turned = value.split()
        known = next((paper for paper in PAPERS if paper.lower() == size.lower()), None)
        if known and not turned:
            return known
        if known and len(turned) == 1 and turned[0].lower() in ("landscape", "portrait"):
            return f"{known} {turned[0].lower()}"
        self._wrong(node, f"{value!r} is not a paper size", f"one of {', '.join(PAPERS)}, with or without `landscape`")
        return None

    def whole(self, most: int) -> Callable[[yaml.Node], int | None]:
        """A whole number from 1 to `most`."""

        def read(node: yaml.Node) -> int | None:
            value = self.text(node)
            if value is None or (value.isascii() and value.isdigit() and 1 <= int(value) <= most):
                return int(value) if value else None
            self._wrong(node, f"{value!r} is not a whole number from 1 to {most}")
            return None

        return read

    def margins(self, node: yaml.Node) -> tuple[float, float, float, float] | None:
        """One to four lengths, in CSS's order; a bare number is millimetres."""
        texts = [self.text(item) or "" for item in node.value] if isinstance(node, yaml.SequenceNode) else None
        words = texts if texts is not None else (self.text(node) or "").split()
        found = [_LENGTH.match(word) for word in words]
        lengths = [float(match[1]) * _UNITS[match[2]] for match in found if match]
        if len(lengths) != len(words) or not 1 <= len(lengths) <= 4:
            self._wrong(node, "margins are one to four lengths", "for example `margins: 12mm` or `margins: 10mm 15mm`")
            return None
        if not all(MARGINS[0] <= length <= MARGINS[1] for length in lengths):
            least, most = MARGINS
            self._wrong(node, f"a margin is not between {least:g} and {most:g} mm", "printers cannot print to the edge")
            return None
        top = lengths[0]
        right = lengths[1] if len(lengths) > 1 else top
        return top, right, lengths[2] if len(lengths) > 2 else top, lengths[3] if len(lengths) > 3 else right

    def theme(self, node: yaml.Node) -> tuple[tuple[str, Span], ...] | None:
        """Built-in themes by name, and at most one style sheet: a word, or a list of both."""
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        found: list[tuple[str, Span]] = []
        for item in items:
            name = self.text(item) or ""
            if name.lower() in THEMES:
                found.append((name.lower(), self._span(item)))
            elif name.lower().endswith(".css"):
                found.append((name, self._span(item)))
            elif name:
                known = f"one of {', '.join(THEMES)}, or a file such as `mine.css` beside the guide"
                self._wrong(item, f"{name!r} is no theme", known)
        return tuple(found)

    def codes(self, node: yaml.Node) -> tuple[str, ...] | None:
        """Codes of rules to switch off."""
        for part in node.value if isinstance(node, yaml.SequenceNode) else ():
            if isinstance(part, yaml.ScalarNode) and (fault := why_not_ignored(part.value)):
                self._report("SP110", part, *fault)
        found = self.texts(node) or ()
        if isinstance(node, yaml.ScalarNode):
            for fault in filter(None, map(why_not_ignored, found)):
                self._report("SP110", node, *fault)
        return tuple(code.upper() for code in found)

    def choice(self, known: tuple[str, ...]) -> Callable[[yaml.Node], str | None]:
        """One of several words."""

        def read(node: yaml.Node) -> str | None:
            value = self.text(node)
            if value is None or value.lower() in known:
                return value.lower() if value else None
            self._wrong(node, f"{value!r} is none of {', '.join(known)}")
            return None

        return read

    def cards(self, node: yaml.Node) -> Mapping[str, str] | None:
        """Card kinds switched on or off, by kind in the singular."""
        if isinstance(node, yaml.ScalarNode) and not node.value:
            return None
        if not isinstance(node, yaml.MappingNode):
            self._wrong(node, "a map of card kinds was expected here", "for example `cards: {terms: reversed}`")
            return None
        found: dict[str, str] = {}
        for key, value in node.value:
            kind = str(key.value).lower()
            kind = kind if kind in CARD_KINDS else kind.removesuffix("s")
            spelled = str(value.value).lower() if isinstance(value, yaml.ScalarNode) else ""
            if kind not in CARD_KINDS:
                self._unknown(key, str(key.value), CARD_KINDS, "card kind")
            elif spelled == "reversed" and kind == "term":
                found[kind] = "reversed"
            elif spelled in _SWITCH:
                found[kind] = _SWITCH[spelled]
            else:
                self._wrong(value, f"{spelled!r} is neither `on` nor `off`", "only terms can also be `reversed`")
        return MappingProxyType(found)

    def _unknown(self, key: yaml.Node, name: str, known: tuple[str, ...], what: str) -> None:
        near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6)
        hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}"
        self._report("SP104", key, f"unknown {what} {name!r}", hint)

    def _wrong(self, node: yaml.Node, message: str, hint: str = "see the guide format") -> None:
        self._report("SP105", node, message, hint)

    def _report(self, code: str, node: yaml.Node, message: str, hint: str) -> None:
        self._at(code, self._span(node), message, hint)

    def _span(self, node: yaml.Node) -> Span:
        return Span(*self._place(node.start_mark), *self._place(node.end_mark))

    def _place(self, mark: yaml.Mark) -> tuple[int, int]:
        """The line and column of a mark in the file; YAML knows signs that end a line there, and in no editor."""
        before = self.source.front[: mark.index]
        return before.count("\n") + 2, len(before) - before.rfind("\n")

    def _at(self, code: str, span: Span, message: str, hint: str) -> None:
        self.diagnostics.append(Diagnostic(code=code, path=self.source.path, span=span, message=message, hint=hint))


_TAG = "tag:yaml.org,2002:"
_TOML_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$")
_TOML_HINT = 'between +++ stand lines such as `title = "Tea"`; for `title: Tea`, write --- instead'
_YAML_HINT = "a value that holds `: ` or starts with a sign such as [ or @ needs quotes"

_READERS: Mapping[str, Callable[[_Reader, yaml.Node], object]] = MappingProxyType(
    {
        "title": _Reader.text,
        "subtitle": _Reader.text,
        "description": _Reader.text,
        "author": _Reader.names,
        "lang": lambda reader, node: reader.checked(_LANG, "a language tag such as `en` or `pt-BR`")(node),
        "deck": _Reader.deck,
        "tags": _Reader.texts,
        "level": _Reader.text,
        "url": lambda reader, node: reader.checked(_URL, "an address that starts with http:// or https://")(node),
        "paper": _Reader.paper,
        "sheets": lambda reader, node: reader.whole(MOST_SHEETS)(node),
        "columns": lambda reader, node: reader.whole(MOST_COLUMNS)(node),
        "margins": _Reader.margins,
        "theme": _Reader.theme,
        "matrix-fit": lambda reader, node: reader.choice(MATRIX_FITS)(node),
        "cards": _Reader.cards,
        "ignore": _Reader.codes,
    }
)
