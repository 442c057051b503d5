"""WeasyPrint alone, to measure ours against; imports nothing of ours. `python tests/bench/bare.py PART FILE`.

PART is `layout`, `write` or `cold`. FILE is a pickled (HTML, CSS, pictures by address: MIME type and bytes).
Prints JSON: seconds of the processor, pages, and the most memory in MB.
"""

from __future__ import annotations

import gc
import json
import pickle
import resource
import sys
import time
from pathlib import Path

import weasyprint
from weasyprint.urls import URLFetcher, URLFetcherResponse

Content = tuple[str, str, dict[str, tuple[str, bytes]]]
"""HTML, CSS, and pictures by address: their MIME type and their bytes."""

OPTIONS = {"pdf_variant": "pdf/ua-1", "pdf_identifier": True}
"""As ours."""


class _Pictures(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
    def __init__(self, pictures: dict[str, tuple[str, bytes]]) -> None:
        super().__init__()
        self._pictures = pictures

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """A picture, from memory."""
        mime, data = self._pictures[url]
        return URLFetcherResponse(url, data, {"Content-Type": mime})


def through(content: Content, *, write: bool) -> int:
    """Lays a page out, and writes it if asked; the number of its sheets."""
    html, css, pictures = content
    fetcher = _Pictures(pictures)
    style = weasyprint.CSS(string=css, url_fetcher=fetcher)
    document = weasyprint.HTML(string=html, url_fetcher=fetcher).render(stylesheets=[style], pdf_variant="pdf/ua-1")
    if write:
        document.write_pdf(**OPTIONS)
    return len(document.pages)


def memory() -> float:
    """The most memory that this process had so far, in MB; as in paper.py, which is not imported here."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text("ascii").partition("VmHWM:")[2].split()[0]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> None:
    """As the line at the top says; `cold` prints nothing, and leaves the collector on."""
    part, path = sys.argv[1:]
    content: Content = pickle.loads(Path(path).read_bytes())  # noqa: S301  # the benchmark wrote it
    if part == "cold":
        through(content, write=True)
        return
    through(("<html lang=en><title>t</title><p>x", content[1], {}), write=True)
    gc.disable()
    begin = time.process_time()
    pages = through(content, write=part == "write")
    seconds = time.process_time() - begin
    sys.stdout.write(json.dumps({"seconds": seconds, "pages": pages, "memory": memory()}))


if __name__ == "__main__":
    main()
