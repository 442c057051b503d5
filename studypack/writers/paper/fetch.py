"""What a page may load: the pictures we hand over ourselves, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping

from weasyprint.urls import URLFetcher, URLFetcherResponse

from studypack.writers.paper.page import Picture

# Pictures were checked when they were read, copies by <use> counted; this is a second look at what costs most if it
# slipped through. A DOCTYPE that only names a DTD is harmless (none is ever fetched) and drawing programs write it.
_UNSAFE_SVG = re.compile(rb"<!DOCTYPE[^>]*\[|<!ENTITY|<\?xml-stylesheet", re.IGNORECASE)


class RefusedError(ValueError):
    """An address that a page may not load."""


class Fetcher(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
    """Answers the addresses it was given, from memory. Opens no file and no connection."""

    def __init__(self, pictures: Mapping[str, Picture]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._pictures = pictures

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The picture of that address. Raises RefusedError for every other address; WeasyPrint logs it and goes on."""
        picture = self._pictures.get(url)
        if picture is None:
            raise RefusedError("not a picture of this guide")
        if not picture.own and is_unsafe_svg(picture.data):
            raise RefusedError("an SVG with declarations of its own")
        # The address is never file:, for WeasyPrint would read that path again when it writes.
        return URLFetcherResponse(url, picture.data, {"Content-Type": picture.mime})


def is_unsafe_svg(data: bytes) -> bool:
    """Whether the bytes are an SVG that could make a renderer work for ever, in any encoding XML allows."""
    text = data.replace(b"\0", b"")
    return b"<svg" in text.lower() and _UNSAFE_SVG.search(text) is not None
