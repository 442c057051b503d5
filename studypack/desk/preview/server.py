"""The page's server: on this machine only, and told by nobody else what to do."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import Any

from studypack.desk.preview.content import Content, as_json, read
from studypack.desk.preview.faces import faces, sets_formulas, style
from studypack.desk.preview.papers import Press, Sheets
from studypack.diagnostics import StudypackError

try:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response, StreamingResponse
    from starlette.routing import Route
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from studypack.desk.preview.follow import Stamps, follow, stamps
except ImportError as error:
    raise StudypackError("The preview needs an extra: pip install 'studypack[preview]'") from error

HOST = "127.0.0.1"

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self';"
    " connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may load: what comes from this server. Styles may stand in it, as a card's do, and can load no more."""

_HEADERS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_PAGE = {"page.html": "text/html", "page.css": "text/css", "page.js": "text/javascript"}
_QUIET = 15.0  # seconds after which a line without meaning shows whether the page is still there


class Desk:
    """What is shown of one guide at the moment; each change has a number, and wakes who waits for it."""

    def __init__(self, path: Path, cache: Path | None) -> None:
        self.path, self._cache = path, cache
        self.number = 0
        self.ended = False
        self.content: Content | None = None
        self.sheets = Sheets()
        self.seen: Stamps = {}
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()

    def read(self) -> None:
        """Take the guide as it is now; its PDFs are those of before."""
        before = stamps(self.content.files if self.content else ())
        content = read(self.path, int(time.time()), self._cache, self.content)
        # What was saved while it was read is seen as a change; a file that was first heard of now was read just now.
        self.seen = {**stamps(content.files), **{file: before[file] for file in content.files if file in before}}
        with self._lock:
            self.content = content
            self.sheets = Sheets(made=self.sheets.made)
        self._tell()

    def take(self, sheets: Sheets) -> None:
        """Take the PDFs that were laid out."""
        with self._lock:
            self.sheets = sheets
        self._tell()

    def as_json(self) -> dict[str, Any]:
        """All that the page shows but for the faces of the cards."""
        with self._lock:
            content, sheets, number = self.content, self.sheets, self.number
        assert content is not None
        shown = as_json(content, () if sheets.coming else sheets.diagnostics)
        return {
            "number": number,
            **shown,
            "sheets": sheets.as_json(),
            "style": style(),
            "formulas": sets_formulas(),
        }

    def end(self) -> None:
        """Nothing more comes."""
        self.ended = True
        self._tell()

    def _tell(self) -> None:
        self.number += 1
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def events(self) -> AsyncIterator[str]:
        """The number of each state, as server-sent events (html.spec.whatwg.org, 9.2); of the present one at once."""
        self._loop = asyncio.get_running_loop()
        while not self.ended:
            news = self._news
            yield f"data: {self.number}\n\n"
            while not news.is_set() and not self.ended:
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), _QUIET)
                    break
                yield ":\n\n"


# --- what is asked of it -----------------------------------------------------------------------------------------


def application(desk: Desk, port: int) -> ASGIApp:
    """The application that serves a desk; `port` is where it listens."""

    def file(request: Request) -> Response:
        name = request.path_params.get("name", "page.html")
        if name not in _PAGE:
            raise HTTPException(404)
        data = (resources.files(__package__) / name).read_bytes()
        return Response(data, media_type=_PAGE[name], headers={"content-security-policy": CSP})

    def guide(_request: Request) -> Response:
        return JSONResponse(desk.as_json())

    def card(request: Request) -> Response:
        found = desk.content.cards.get(request.path_params["id"]) if desk.content else None
        if found is None or desk.content is None:
            raise HTTPException(404)
        return JSONResponse(faces(desk.content, found))

    def medium(request: Request) -> Response:
        found = desk.content.media.get(request.path_params["name"]) if desk.content else None
        if found is None:
            raise HTTPException(404)
        # A drawing opened by itself must not be able to do anything either.
        return Response(found.data, media_type=found.mime, headers={"content-security-policy": "sandbox"})

    def paper(request: Request) -> Response:
        name = request.path_params["name"]
        if (data := desk.sheets.pdf(name)) is None:
            raise HTTPException(404)
        file_name = f"{desk.path.stem}-{name}.pdf".encode("ascii", "replace").decode().replace('"', "'")
        headers = {"content-disposition": f'inline; filename="{file_name}"'}
        return Response(data, media_type="application/pdf", headers=headers)

    async def events(_request: Request) -> Response:
        return StreamingResponse(desk.events(), media_type="text/event-stream")

    routes = [
        Route("/", file),
        Route("/guide.json", guide),
        Route("/cards/{id}", card),
        Route("/media/{name}", medium),
        Route("/paper/{name}.pdf", paper),
        Route("/events", events),
        Route("/{name}", file),
    ]
    return _Guarded(Starlette(routes=routes), port)


class _Guarded:
    """Refuses whoever asks under another name than this machine's own.

    A page from elsewhere may have its own name lead here (DNS rebinding), and would then read what it gets.
    """

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._names = {f"{host}:{port}".encode() for host in (HOST, "localhost", "[::1]")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        hosts = [value for name, value in scope["headers"] if name == b"host"]

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *((n.encode(), v.encode()) for n, v in _HEADERS.items())]
            await send(message)

        if len(hosts) != 1 or hosts[0].lower() not in self._names:
            await Response("This page is for this computer only.", 421)(scope, receive, guarded)
            return
        await self._app(scope, receive, guarded)


# --- running -----------------------------------------------------------------------------------------------------


def listening(port: int | None) -> socket.socket:
    """A socket at a port of this machine, or at a free one. Raises StudypackError where it is taken."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    with suppress(AttributeError, OSError):
        if port:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((HOST, port or 0))
        found.listen()
    except OSError as error:
        found.close()
        why = f"Port {port} cannot be used ({error.strerror or error})."
        raise StudypackError(f"{why} Take another one, or leave --port out for a free one.") from error
    return found


class _Server(uvicorn.Server):
    """One that says when it is `ready`, and lets go of pages that wait for news when it is to end."""

    def __init__(self, config: uvicorn.Config, desk: Desk, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._desk, self._ready = desk, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """It listens, and signals come to it; before, one may end the program anywhere, so no thread runs yet."""
        await super().startup(sockets)
        self._ready()

    def handle_exit(self, sig: int, frame: Any) -> None:
        """A signal asked to end."""
        self._desk.end()
        super().handle_exit(sig, frame)


def serve(path: Path, cache: Path | None, port: int | None, ready: Callable[[str], None]) -> None:
    """Serves a guide's page until a signal ends it; `ready` hears of its address. Raises StudypackError."""
    with ExitStack() as stack:
        listener = stack.enter_context(listening(port))
        at = listener.getsockname()[1]
        desk = Desk(path, cache)
        desk.read()

        def begin() -> None:
            press = stack.enter_context(Press(path, cache, desk.take))
            press.order()
            stack.enter_context(_following(desk, press))
            ready(f"http://{HOST}:{at}/")

        settings = uvicorn.Config(
            application(desk, at),
            log_level="error",
            lifespan="off",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        _Server(settings, desk, begin).run(sockets=[listener])


@contextmanager
def _following(desk: Desk, press: Press) -> Iterator[None]:
    """Takes the guide anew, and has its PDFs laid out, whenever it is saved."""
    stop = threading.Event()

    def changed() -> None:
        desk.read()
        press.order()

    thread = threading.Thread(target=follow, args=(lambda: desk.seen, changed, stop), name="follow", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
