"""A server on this machine that answers as AnkiConnect does, with Anki's own library behind it.

Shapes, and what is odd about them, follow the add-on's documentation and behaviour: a deck is deleted with its cards
only, `multi` wants the key again in each of its actions, `importPackage` answers true whatever came of it, who
brings a key where there is none is sent away, and windows are redrawn before an action, not after it.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import anki.collection  # noqa: F401  # first of all, for Anki's modules import one another in a circle
from anki.cards import CardId
from anki.collection import (
    Collection,
    DeckIdLimit,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)
from anki.consts import QUEUE_TYPE_SUSPENDED
from anki.decks import DeckConfigId, DeckId
from anki.errors import NotFoundError
from anki.notes import NoteId

from tests.anki.collection import collection

READS = frozenset(
    "version requestPermission findNotes findCards notesInfo areSuspended getDecks deckNames getDeckConfig".split()
)
"""The actions that change nothing."""

REDRAW = "deleteDecks of none"
"""How the deleting of no decks at all is told among what was asked: it changes nothing, but windows are redrawn."""


class Loopback:
    """A running Anki with AnkiConnect, at `address`.

    `asked` are the actions that came, in order, those within `multi` too; `shown` is what Anki's windows show, the
    decks and each note's text and card's place. The other attributes make it behave as an Anki that a learner may have.
    """

    def __init__(self, opened: Collection, port: int) -> None:
        self.collection = opened
        self.address = f"http://127.0.0.1:{port}"
        self.asked: list[str] = []
        self.key: str | None = None
        self.permission = "granted"
        self.forbidden = False
        self.version = 6
        self.unknown: frozenset[str] = frozenset()
        self.delay = 0.0
        self.no_times = False
        self.logged_in = True
        self.one_way = False
        self.imports = True
        self.merges = True
        self.exports = True
        self.profile = True
        self.shown: object = self.held()

    def held(self) -> object:
        """What windows would show if they were redrawn now."""
        assert self.collection.db is not None
        tables = ("select id, flds, tags from notes", "select id, did, queue from cards")
        return self.do_deckNames(), [self.collection.db.all(f"{table} order by id") for table in tables]

    def changes(self) -> list[str]:
        """The actions that came and change something."""
        return [action for action in self.asked if action not in READS | {"multi", REDRAW}]

    def handle(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a request."""
        action = request["action"]
        of_none = action == "deleteDecks" and not request["params"]["decks"]
        self.asked.append(REDRAW if of_none else action)
        refusal = self._refusal(action, request.get("key"))
        if refusal:
            return {"result": None, "error": refusal}
        try:
            return {"result": getattr(self, f"do_{action}")(**request.get("params", {})), "error": None}
        except Exception as error:  # noqa: BLE001  # the add-on too hands whatever went wrong to who asked
            return {"result": None, "error": str(error)}

    def _refusal(self, action: str, key: str | None) -> str | None:
        if key != self.key and action != "requestPermission":
            return "valid api key must be provided"
        if action in self.unknown or not hasattr(self, f"do_{action}"):
            return "unsupported action"
        if not self.profile and action not in {"version", "requestPermission", "multi"}:
            return "collection is not available"
        return None

    # --- actions, by AnkiConnect's names ---

    def do_version(self) -> int:
        """The version of the protocol."""
        return self.version

    def do_requestPermission(self) -> dict[str, Any]:  # noqa: N802
        """Whether this program may ask at all."""
        if self.permission != "granted":
            return {"permission": self.permission}
        return {"permission": "granted", "requireApikey": bool(self.key), "version": self.version}

    def do_multi(self, actions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The answers to several requests."""
        return [self.handle(action) for action in actions]

    def do_sync(self) -> None:
        """Refuses where nobody logged in, or all would have to go one way; there is no AnkiWeb here to sync with."""
        if not self.logged_in:
            raise ValueError("sync: auth not configured")
        if self.one_way:
            raise ValueError("Sync status 2, and that is none of those that need no question")

    def do_deckNames(self) -> list[str]:  # noqa: N802
        """All decks."""
        return [one.name for one in self.collection.decks.all_names_and_ids()]

    def do_getDecks(self, cards: Sequence[int]) -> dict[str, list[int]]:  # noqa: N802
        """The cards by the decks that have them now."""
        found: dict[str, list[int]] = {}
        for card in cards:
            name = self.collection.decks.name(self.collection.get_card(CardId(card)).did)
            found.setdefault(name, []).append(card)
        return found

    def do_changeDeck(self, cards: list[CardId], deck: str) -> None:  # noqa: N802
        """Cards to a deck, which is made if need be; out of a filtered one. Written past Anki's own way to do it."""
        self.shown = self.held()
        assert self.collection.db is not None
        number = self.collection.decks.id(deck)
        self.collection.sched.remFromDyn(cards)
        rows = [(number, int(time.time()), card) for card in cards]
        self.collection.db.executemany("update cards set did = ?, mod = ?, usn = -1 where id = ?", rows)

    def do_deleteDecks(self, decks: Sequence[str], cardsToo: bool = False) -> None:  # noqa: N802, N803
        """Decks with all that is in them."""
        if not cardsToo:
            raise ValueError("it's not possible to delete decks without deleting cards as well")
        self.shown = self.held()
        for name in decks:
            if name in self.do_deckNames():
                self.collection.decks.remove([self._deck(name)])

    def do_getDeckConfig(self, deck: str) -> Any:  # noqa: N802
        """The options of a deck; false if there is none."""
        return self.collection.decks.config_dict_for_deck_id(self._deck(deck)) if deck in self.do_deckNames() else False

    def do_setDeckConfigId(self, decks: Sequence[str], configId: int) -> bool:  # noqa: N802, N803
        """Gives decks other options; false if one is not there."""
        if not set(decks) <= set(self.do_deckNames()):
            return False
        for name in decks:
            stored = self.collection.decks.get(self._deck(name))
            assert stored is not None
            self.collection.decks.set_config_id_for_deck_dict(stored, DeckConfigId(configId))
        return True

    def do_findNotes(self, query: str) -> list[int]:  # noqa: N802
        """The notes that a search finds."""
        return list(map(int, self.collection.find_notes(query)))

    def do_findCards(self, query: str) -> list[int]:  # noqa: N802
        """The cards that a search finds."""
        return list(map(int, self.collection.find_cards(query)))

    def do_notesInfo(self, notes: Sequence[int]) -> list[dict[str, Any]]:  # noqa: N802
        """Each note, an empty object for one that is not there."""
        return [self._note(NoteId(number)) for number in notes]

    def _note(self, number: NoteId) -> dict[str, Any]:
        try:
            note = self.collection.get_note(number)
        except NotFoundError:
            return {}
        kind = note.note_type()
        assert kind is not None
        return {
            "noteId": note.id,
            "tags": note.tags,
            "fields": {name: {"value": text, "order": order} for order, (name, text) in enumerate(note.items())},
            "modelName": kind["name"],
            "cards": [card.id for card in note.cards()],
            **({} if self.no_times else {"mod": note.mod}),
        }

    def do_areSuspended(self, cards: Sequence[int]) -> list[bool | None]:  # noqa: N802
        """Whether each card is suspended; nothing for one that is not there."""
        there = set(self.collection.find_cards(f"cid:{','.join(map(str, cards))}"))
        return [self._is_suspended(card) if card in there else None for card in cards]

    def do_suspend(self, cards: list[CardId]) -> bool:
        """Suspends cards; false if all were suspended."""
        return self._set_suspended(cards, wanted=True)

    def do_unsuspend(self, cards: list[CardId]) -> None:
        """Takes cards up again."""
        self._set_suspended(cards, wanted=False)

    def _set_suspended(self, cards: Sequence[CardId], *, wanted: bool) -> bool:
        """Raises NotFoundError if one of the cards is not there, and does nothing then."""
        others = [card for card, is_so in zip(cards, map(self._is_suspended, cards), strict=True) if is_so != wanted]
        if others:
            self.shown = self.held()
            (self.collection.sched.suspend_cards if wanted else self.collection.sched.unsuspend_cards)(others)
        return bool(others)

    def _is_suspended(self, card: int) -> bool:
        return self.collection.get_card(CardId(card)).queue == QUEUE_TYPE_SUSPENDED

    def do_addTags(self, notes: list[NoteId], tags: str) -> None:  # noqa: N802
        """Tags notes; blanks part tags."""
        self.shown = self.held()
        self.collection.tags.bulk_add(notes, tags)

    def do_removeTags(self, notes: list[NoteId], tags: str) -> None:  # noqa: N802
        """Takes tags away."""
        self.shown = self.held()
        self.collection.tags.bulk_remove(notes, tags)

    def do_deleteNotes(self, notes: list[NoteId]) -> None:  # noqa: N802
        """Deletes notes."""
        self.collection.remove_notes(notes)

    def do_importPackage(self, path: str) -> bool:  # noqa: N802
        """Imports a package with the options of `anki.importing.AnkiPackageImporter`, which the add-on uses.

        That one merges note types since Anki 26.9; before, it passed over notes whose type had other fields.
        """
        self.shown = self.held()
        if not self.imports:
            return True
        options = ImportAnkiPackageOptions(merge_notetypes=self.merges, with_scheduling=True, with_deck_configs=True)
        self.collection.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=options))
        self.collection.models._clear_cache()
        return True

    def do_exportPackage(self, deck: str, path: str, includeSched: bool = False) -> bool:  # noqa: N802, N803
        """Exports a deck with the options of `anki.exporting.AnkiPackageExporter`, which the add-on uses."""
        if not self.exports or deck not in self.do_deckNames():
            return False
        options = ExportAnkiPackageOptions(
            with_scheduling=includeSched, with_deck_configs=includeSched, with_media=True, legacy=True
        )
        limit = DeckIdLimit(deck_id=self._deck(deck))
        self.collection.export_anki_package(out_path=path, options=options, limit=limit)
        return True

    def _deck(self, name: str) -> DeckId:
        number = self.collection.decks.id_for_name(name)
        assert number is not None
        return number


@contextmanager
def running(folder: Path) -> Iterator[Loopback]:
    """A new collection in this folder, and a server for it in a thread; both end with the block."""
    with collection(folder) as opened:
        server = HTTPServer(("127.0.0.1", 0), _Handler)
        served = Loopback(opened, server.server_port)
        server.served = served  # type: ignore[attr-defined]  # how handlers of http.server get at what they serve
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        served: Loopback = self.server.served  # type: ignore[attr-defined]
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(served.delay)
        if served.forbidden or "Origin" in self.headers:
            self.send_response(403)
            self.end_headers()
            return
        body = json.dumps(served.handle(request)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:  # who asked lost patience, as one test wants
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""
