"""Where a note stands in its guide: the headings above it, and what follows from them: its key, deck, level, tags."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from studypack.model import Guide, Html, Kind, Place, Section
from studypack.questions import asks_questions, prompt_of

_NOT_IN_TAG = re.compile(r"[\s\"]+")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Where:
    """Where the walk is: the topic, the path of headings below the guide, and whether questions are asked here.

    `names` is the path as keys name it. Compared by identity, for the notes of a section share one.
    """

    topic: Section | None = None
    path: tuple[Section, ...] = ()
    names: tuple[str, ...] = ()
    questions: bool = False

    def below(self, section: Section) -> Where:
        """Where what stands in a section is."""
        return Where(
            topic=self.topic or section,
            path=(*self.path, section),
            names=(*self.names, name_of(section)),
            questions=asks_questions(section, self.questions),
        )

    def within(self, section: Section) -> Where:
        """Where a section's own note is: under what stands above it, but a topic is its own topic."""
        return self if self.topic is not None else Where(topic=section)


class Places:
    """The places of a guide's notes, one value for all notes of a kind in one section."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        self._places: dict[tuple[Where, Kind, str, str], Place] = {}

    def of(self, kind: Kind, where: Where, section: Section | None) -> Place:
        """A section that is itself asked about tells its own level, but is no part of its breadcrumb."""
        topic = where.topic
        nearest = section or (where.path[-1] if where.path else None)
        level = (nearest.level if nearest else None) or (topic.level if topic else None) or self._guide.level or ""
        heading = topic or section
        anchor = heading.anchor if heading else ""
        place = self._places.get((where, kind, level, anchor))
        if place is None:
            place = self._places[where, kind, level, anchor] = self._new(kind, where, level, anchor)
        return place

    def _new(self, kind: Kind, where: Where, level: str, anchor: str) -> Place:
        guide, topic = self._guide, where.topic
        headings = [guide.title.plain, *(step.heading.plain for step in where.path)]
        tags = [*guide.tags, f"kind::{kind}", *([f"level::{_tag(level)}"] if level else [])]
        if topic is not None:
            tags.append(f"topic::{_tag(topic.anchor)}")
        deck = tuple(part.strip() for part in guide.deck.split("::"))
        return Place(
            deck=(*deck, topic.heading.plain) if topic is not None else deck,
            depth=len(deck),
            topic=name_of(topic) if topic is not None else "",
            breadcrumb=Html(" › ".join(html.escape(text, quote=False) for text in headings)),
            link=(f"{guide.url}#{anchor}" if anchor else guide.url) if guide.url else "",
            level=level,
            tags=tuple(dict.fromkeys(tags)),
        )


def key_of(kind: Kind, where: Where, asked: str) -> tuple[str, ...]:
    """What a note is known by in its guide: its kind, the headings above it, what it asks."""
    return (kind, *where.names, normal(asked))


def normal(text: str) -> str:
    """A text as keys compare it: case, white space and closing punctuation do not count.

    It never starts with `#`, which in keys marks an author's id, or the number of a repeated question.
    """
    return " ".join(text.casefold().split()).rstrip(" .:?!").lstrip("# ")


def name_of(section: Section) -> str:
    """What a section is known by in keys: the author's `#id`, or its heading."""
    return f"#{section.anchor}" if section.pinned else normal(prompt_of(section.heading).plain)


def _tag(text: str) -> str:
    return _NOT_IN_TAG.sub("-", text.strip().lower())
