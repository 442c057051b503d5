"""The door to a running Anki: requests to its add-on AnkiConnect, and in words why one fails.

The protocol (https://git.sr.ht/~foosoft/anki-connect): POST `{"action", "version", "params"}` as JSON, get back
`{"result", "error"}`. Python's own `http.client` is enough for that: one request a connection, to this machine, with no
proxy in between (a library would ask the environment for one), no cookies, no redirections.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult, urlsplit

from studypack.desk.anki_here import ADD_ON, is_running
from studypack.diagnostics import StudypackError

ADDRESS = "http://127.0.0.1:8765"
"""Where AnkiConnect listens unless its settings say otherwise."""

VERSION = 6
"""The version of AnkiConnect's protocol that is spoken here; since 2018."""

PATIENCE = 15.0
"""Seconds that Anki may take to answer what it answers at once unless something blocks it."""

LONG = 900.0
"""Seconds that it may take for an import, an export or a sync."""

_SLOW = frozenset({"importPackage", "exportPackage", "sync", "multi", "deleteNotes", "changeDeck", "notesInfo"})

INSTALL = f"In Anki: Tools › Add-ons › Get Add-ons…, code {ADD_ON}, then restart Anki."
"""How to get AnkiConnect."""


class AnkiError(StudypackError):
    """Anki cannot be asked, or refuses; the message says why and what to do."""


class RefusedError(AnkiError):
    """AnkiConnect answered that it could not do an action: `reason`, in its words."""

    def __init__(self, action: str, reason: str) -> None:
        super().__init__(_explained(action, reason))
        self.action, self.reason = action, reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Anki:
    """A running Anki at the `address` of its AnkiConnect; `key` is that one's API key, if it wants one.

    In a `dry` run it is only read: `change` does nothing then, whoever calls it.
    """

    address: str = ADDRESS
    key: str | None = None
    dry: bool = False
    patience: float = PATIENCE

    def greet(self) -> None:
        """Checks that Anki answers, lets us in, and speaks our version. Raises AnkiError where it does not."""
        try:
            answer = self.ask("requestPermission")
        except RefusedError as refusal:
            if refusal.reason != "unsupported action":
                raise
            answer = {"permission": "granted"}  # before 2021 nobody had to ask
        if answer.get("permission") != "granted":
            raise AnkiError(_DENIED)
        if answer.get("requireApikey", answer.get("requireApiKey")) and not self.key:
            raise AnkiError(_NO_KEY)
        if answer.get("requireApikey") is False and self.key:
            raise AnkiError(_STRAY_KEY)
        version = int(self.ask("version"))
        if version < VERSION:
            raise AnkiError(f"AnkiConnect is too old: it speaks version {version}, not {VERSION}. {_UPDATE}")

    def ask(self, action: str, **params: object) -> Any:
        """What Anki answers; for actions that only read. Raises AnkiError."""
        return self._result(action, self._sent(self._request(action, params), action))

    def change(self, action: str, **params: object) -> Any:
        """What Anki answers to an action that changes something; in a dry run None, and nothing is sent."""
        return None if self.dry else self.ask(action, **params)

    def change_all(self, actions: Sequence[tuple[str, Mapping[str, object]]]) -> None:
        """Has actions done in one request, one right after the other: nothing comes in between."""
        if self.dry or not actions:
            return
        answers = self.ask("multi", actions=[self._request(action, params) for action, params in actions])
        for (action, _), answer in zip(actions, answers, strict=True):
            self._result(action, answer)

    def refresh(self) -> None:
        """Has Anki's windows show what it holds now.

        AnkiConnect has them redrawn before it does what it is asked, not after; so it is asked to do nothing more.
        """
        self.change("deleteDecks", decks=[], cardsToo=True)

    def _request(self, action: str, params: Mapping[str, object]) -> dict[str, object]:
        request: dict[str, object] = {"action": action, "version": VERSION, "params": dict(params)}
        return {**request, "key": self.key} if self.key else request

    def _sent(self, request: Mapping[str, object], action: str) -> object:
        body = json.dumps(request).encode()
        with closing(self._connection(action)) as connection:
            try:
                # No header Origin: that is how AnkiConnect knows a program of this machine from a page of the web.
                connection.request("POST", self._path(), body, {"Content-Type": "application/json"})
                response = connection.getresponse()
                status, data = response.status, response.read()
            except TimeoutError as error:
                raise AnkiError(_blocked(self.address, action)) from error
            except (ConnectionError, OSError, HTTPException) as error:
                raise AnkiError(self._unreachable(error)) from error
        if status == 403:
            raise AnkiError(_DENIED)
        try:
            return json.loads(data)
        except ValueError as error:
            raise AnkiError(f"What answers at {self.address} is not AnkiConnect. {_OTHER_ADDRESS}") from error

    def _connection(self, action: str) -> HTTPConnection:
        parts = self._parts()
        kinds: dict[str, type[HTTPConnection]] = {"http": HTTPConnection, "https": HTTPSConnection}
        kind = kinds.get(parts.scheme)
        try:
            host, port = parts.hostname, parts.port
        except ValueError:  # a port that is no number
            host, port = None, None
        if kind is None or not host:
            raise AnkiError(f"{self.address!r} is no address of AnkiConnect; give one such as {ADDRESS}.")
        return kind(host, port, timeout=LONG if action in _SLOW else self.patience)

    def _path(self) -> str:
        return self._parts().path or "/"

    def _parts(self) -> SplitResult:
        """The address in parts; `127.0.0.1:8765` will do."""
        return urlsplit(self.address if "://" in self.address else f"http://{self.address}")

    def _result(self, action: str, answer: object) -> Any:
        if not isinstance(answer, dict) or not {"result", "error"} <= answer.keys():
            raise AnkiError(f"What answers at {self.address} is not AnkiConnect. {_OTHER_ADDRESS}")
        if answer["error"] is not None:
            raise RefusedError(action, str(answer["error"]))
        return answer["result"]

    def _unreachable(self, error: Exception) -> str:
        host = self._parts().hostname or ""
        running = is_running() if host in {"localhost", "::1"} or host.startswith("127.") else None
        start = f"Anki cannot be reached at {self.address}"
        if running:
            return (
                f"{start}, though it is running: AnkiConnect is missing, or listens elsewhere."
                f"\n  {INSTALL}\n  {_OTHER_ADDRESS}"
            )
        if running is False:
            return (
                f"{start}: Anki is not running. Start it, with the profile to push into, and try again."
                f"\n  If it is running, it lacks AnkiConnect. {INSTALL}"
            )
        reason = getattr(error, "strerror", None) or error
        return f"{start} ({reason}). Is Anki running there, with AnkiConnect? {INSTALL}"


def batches(things: Iterable[int], size: int = 500) -> Iterable[list[int]]:
    """Numbers in lists of a size, so that no single request keeps Anki's window from being drawn for long."""
    all_ = list(things)
    return (all_[start : start + size] for start in range(0, len(all_), size))


# --- in words ----------------------------------------------------------------------------------------------------

_OTHER_ADDRESS = f"If AnkiConnect listens elsewhere than at {ADDRESS}, say where: --anki URL, or ANKICONNECT_URL."

_UPDATE = "In Anki: Tools › Add-ons › Check for Updates, then restart Anki."

_DENIED = (
    "AnkiConnect denies permission. In Anki: Tools › Add-ons › AnkiConnect › Config; remove what is in"
    " “ignoreOriginList”, restart Anki, and answer Yes if it asks."
)

_NO_KEY = "AnkiConnect wants an API key: set ANKICONNECT_KEY to what its settings in Anki have as “apiKey”."

_STRAY_KEY = "AnkiConnect has no API key, and sends away whoever brings one: unset ANKICONNECT_KEY."


def _blocked(address: str, action: str) -> str:
    return (
        f"Anki at {address} does not answer ({action}): a dialog is open in it, or it is busy with a sync, an import or"
        " a check. Look at its window, close what is open, and try again."
    )


def _explained(action: str, reason: str) -> str:
    """What AnkiConnect says, and what to do about it."""
    lowered = reason.lower()
    if reason == "unsupported action":
        return f"AnkiConnect is too old: it does not know “{action}”. {_UPDATE}"
    if "api key" in lowered:
        return "AnkiConnect does not take this API key; compare ANKICONNECT_KEY with “apiKey” in its settings."
    if "collection is not available" in lowered or "nonetype" in lowered:
        return "Anki has no collection open: open a profile in it, wait for a sync to end, and try again."
    if action == "sync" and "auth" in lowered:
        return "Anki is not logged in to AnkiWeb: press Sync in Anki once, and log in."
    if action == "sync" and "sync status" in lowered:
        return "Anki would have to sync its collection as a whole, up or down: press Sync in Anki, and choose."
    if action == "sync":
        return f"Anki could not sync ({reason.strip()}). Press Sync in Anki, and answer what it asks."
    if action in {"importPackage", "exportPackage"}:
        where = "Can it use files of this folder? One from Flatpak or Snap, or on another machine, cannot everywhere."
        return f"Anki could not do “{action}”: {reason.strip()}\n  {where}"
    return f"Anki could not do “{action}”: {reason.strip()}"
