"""What a cell puts out, as numbered messages on the iopub channel, within a limit."""

from __future__ import annotations

import json
from _thread import allocate_lock
from base64 import b64encode
from collections import deque
from threading import Event

from ..display import MAX_RICH_CHARACTERS, shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Between two cells background threads may put out so much.
_IDLE_LIMIT_BYTES = 65_536
_FLUSH_SECONDS = 0.5


class _Piece:
    """Something to publish: text as bytes of UTF-8, or the content of a display."""

    __slots__ = ("content", "data", "kind", "size")

    def __init__(self, kind: str, size: int, data: bytes = b"", content: Any = None) -> None:
        self.kind = kind
        self.size = size
        self.data = data
        self.content = content


class Publisher:
    """Numbers what is published, so that the host sees gaps, and keeps a copy to fill them.

    Of a cell's output the first bytes up to the limit go out at once. Of the rest only the last
    bytes are kept, half of the limit, and follow at the end of the cell, with the number of the
    bytes between: what nobody will read is not sent through the network.
    """

    def __init__(self, kernel: Any) -> None:
        self._kernel = kernel
        self._send = kernel.session.send
        self._lock = allocate_lock()
        self._parent: Any = None
        self._number = 0
        self._record: list[dict[str, Any]] = []
        self._head_left = 0
        self._tail_limit = 0
        self._tail: deque[_Piece] = deque()
        self._tail_bytes = 0
        self._lost = 0

    @property
    def number(self) -> int:
        """The number of the last message."""
        return self._number

    def begin_cell(self, parent: Any, limit: int) -> None:
        """From now on output belongs to the request `parent`."""
        with self._lock:
            self._parent = parent
            self._record = []
            self._head_left = limit
            self._tail_limit = (limit + 1) // 2
            self._tail.clear()
            self._tail_bytes = self._lost = 0

    def end_cell(self) -> int:
        """Publishes the end of what was too long; returns the bytes lost behind all of it."""
        with self._lock:
            for piece in self._tail:
                self._publish(piece)
            lost, self._lost = self._lost, 0
            self._tail.clear()
            self._tail_bytes = self._tail_limit = 0
            self._head_left = _IDLE_LIMIT_BYTES
            return lost

    def text(self, stream: str, data: bytes) -> None:
        """Publishes text; `data` holds whole characters."""
        with self._lock:
            head = data
            if len(data) > self._head_left:
                head = _whole_characters(data[: self._head_left])
                self._hold(_Piece(stream, len(data) - len(head), data[len(head) :]))
            if head:
                self._head_left -= len(head)
                self._publish(_Piece(stream, len(head), head))

    def display(self, kind: str, content: dict[str, Any]) -> None:
        """Publishes a display."""
        content["data"] = bundle = _sendable(content["data"])
        size = len(json.dumps(bundle))
        with self._lock:
            if size <= self._head_left:
                self._head_left -= size
                self._publish(_Piece(kind, size, content=content))
            else:
                self._hold(_Piece(kind, size, content=content))

    def flush(self) -> None:
        """Waits until everything is with the library that sends it, whose threads are C."""
        sent = Event()
        self._kernel.iopub_thread.schedule(sent.set)
        sent.wait(_FLUSH_SECONDS)

    def since(self, number: int) -> list[dict[str, Any]]:
        """The messages of this cell after a number."""
        with self._lock:
            return [message for message in self._record if message["number"] > number]

    def _hold(self, piece: _Piece) -> None:
        self._head_left = 0
        self._tail.append(piece)
        self._tail_bytes += piece.size
        while self._tail_bytes > self._tail_limit:
            oldest = self._tail[0]
            surplus = self._tail_bytes - self._tail_limit
            if oldest.data and surplus < oldest.size:
                rest = oldest.data[surplus:].lstrip(_CONTINUATIONS)
                cut = oldest.size - len(rest)
                oldest.data, oldest.size = rest, len(rest)
            else:
                cut = oldest.size
                self._tail.popleft()
            self._tail_bytes -= cut
            self._lost += cut

    def _publish(self, piece: _Piece) -> None:
        content = piece.content
        kind = piece.kind
        if content is None:
            content = {"name": kind, "text": piece.data.decode("utf-8", "replace")}
            kind = "stream"
        self._number += 1
        lost, self._lost = self._lost, 0
        # Recorded before it is sent: an interrupt between the two loses nothing.
        self._record.append(
            {"number": self._number, "lost": lost, "type": kind, "content": content}
        )
        self._send(
            self._kernel.iopub_socket,
            kind,
            content,
            self._parent,
            ident=b"codeact",
            metadata={"codeact": {"number": self._number, "lost": lost}},
        )


def _sendable(offered: dict[str, Any]) -> dict[str, Any]:
    """A MIME bundle as JSON has it; what cannot be is left out, and `text/plain` says so."""
    bundle: dict[str, Any] = {}
    notes = []
    for kind, content in offered.items():
        if isinstance(content, (bytes, bytearray, memoryview)):
            content = b64encode(content).decode("ascii")
        try:
            length = len(json.dumps(content, allow_nan=False))
        except (TypeError, ValueError) as error:
            notes.append(f"({kind} failed with {type(error).__name__}: {error})")
            continue
        if kind == "text/plain":
            content = shorten(str(content))
        elif length > MAX_RICH_CHARACTERS:
            notes.append(f"({kind} left out: {length} characters)")
            continue
        bundle[kind] = content
    if notes:
        bundle["text/plain"] = "\n".join([str(bundle.get("text/plain", "")), *notes])
    return bundle


_CONTINUATIONS = bytes(range(0x80, 0xC0))


def _whole_characters(data: bytes) -> bytes:
    """Leaves out a character that is cut at the end."""
    return data.decode("utf-8", "ignore").encode("utf-8")
