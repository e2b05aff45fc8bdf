"""Tool calls over the stdin channel: the one on which a kernel listens while a cell runs."""

from __future__ import annotations

import itertools
import json
import threading
import time

from ..tool_calls import EndCell, ToolError
from ..values import decode, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .session import KernelSession

_ERROR_TYPES: dict[str, type[Exception]] = {
    "ToolError": ToolError,
    "TypeError": TypeError,
    "ValueError": ValueError,
}
_NO_CELL = "no cell is running: tools can be called only while a cell runs"
_CELL_ENDED = "the cell ended before the tool answered"
_POLL_MILLISECONDS = 50
_FIRST_REMINDER_SECONDS = 1.0
_LAST_REMINDER_SECONDS = 10.0
_MAX_LINE_BYTES = 16 * 1024 * 1024

_to_json = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class Call:
    """A call; it is sent when somebody waits for it or for another one of the same thread."""

    __slots__ = ("answer", "cell", "frame", "identifier", "name")

    def __init__(self, identifier: str, cell: int, name: str, frame: bytes) -> None:
        self.identifier = identifier
        self.cell = cell
        self.name = name
        self.frame = frame
        self.answer: tuple[dict[str, Any], list[bytes]] | None = None


class StdinCaller:
    """Carries calls to the host, one exchange at a time; an exchange may hold many calls."""

    def __init__(self, session: KernelSession) -> None:
        self._session = session
        self._identifiers = itertools.count(1)
        self._exchange = threading.Lock()
        self._unsent = threading.local()
        self._end_requested = False
        session.interrupts.protect(StdinCaller._send_batch.__code__)

    def begin_cell(self) -> None:
        """Forgets that the last cell was ended by a tool."""
        self._end_requested = False

    def start(self, name: str, tool_input: Any) -> Call:
        """Makes a call ready to be sent."""
        if self._end_requested:
            raise EndCell
        cell = self._session.cell
        if cell is None:
            raise ToolError(_NO_CELL)
        blobs: list[bytes] = []
        identifier = str(next(self._identifiers))
        header = {
            "type": "tool-call",
            "id": identifier,
            "cell": cell,
            "name": name,
            "input": encode(tool_input, blobs),
        }
        if blobs:
            header["blobs"] = [len(blob) for blob in blobs]
        line = _to_json(header).encode("ascii")
        if len(line) > _MAX_LINE_BYTES:
            raise ValueError(
                "the input is longer than 16 MiB; put large data in a file or in bytes"
            )
        call = Call(identifier, cell, name, b"".join([line, b"\n", *blobs]))
        self._batch().append(call)
        return call

    def wait(self, call: Call) -> Any:
        """The value of the answer; raises the tool's error, or EndCell."""
        if call.answer is None:
            self._send_batch(call.cell)
        if call.answer is None:
            raise ToolError(f"{call.name}: {_CELL_ENDED}")
        header, blobs = call.answer
        if not header["ok"]:
            error = header["error"]
            raise _ERROR_TYPES.get(error["type"], ToolError)(error["message"])
        if header.get("endCell"):
            self._end_requested = True
            raise EndCell
        return decode(header.get("value"), blobs)

    def _batch(self) -> list[Call]:
        batch: list[Call] | None = getattr(self._unsent, "calls", None)
        if batch is None:
            batch = self._unsent.calls = []
        return batch

    def _send_batch(self, cell: int) -> None:
        # No interrupt strikes in here, for it could leave the lock taken; waiting looks for it.
        batch = self._batch()
        calls = [call for call in batch if call.cell == cell]
        batch.clear()
        if not calls or not self._take_turn(cell):
            return
        try:
            self._session.streams.synchronise()
            frames = _Exchange(self._session, f"{cell}-{calls[0].identifier}", calls).run()
        finally:
            self._exchange.release()
        answers = {header["id"]: (header, blobs) for header, blobs in frames}
        for call in calls:
            call.answer = answers.get(call.identifier)

    def _take_turn(self, cell: int) -> bool:
        # In slices, so that threads of a cell that has ended do not wait for ever.
        while not self._exchange.acquire(timeout=_POLL_MILLISECONDS / 1000):
            self._session.interrupts.raise_pending()
            if self._session.cell != cell:
                return False
        return True


class _Exchange:
    """One request with calls, and its answer: in parts, perhaps twice, or only when asked."""

    def __init__(self, session: KernelSession, identifier: str, calls: list[Call]) -> None:
        self._session = session
        self._identifier = identifier
        self._cell = calls[0].cell
        self._frames = b"".join(call.frame for call in calls)
        self._parts: dict[int, bytes] = {}

    def run(self) -> list[tuple[dict[str, Any], list[bytes]]]:
        """The frames of the answer; none if the cell ended before it came."""
        self._request(True)
        reminder = _FIRST_REMINDER_SECONDS
        remind_at = time.monotonic() + reminder
        while self._session.cell == self._cell:
            self._session.interrupts.raise_pending()
            if self._session.stdin_socket.poll(_POLL_MILLISECONDS):
                if self._receive():
                    return _parse_frames(b"".join(self._parts[i] for i in sorted(self._parts)))
            elif time.monotonic() > remind_at:
                # The request or its answer may be lost with a connection.
                self._request(False)
                reminder = min(2 * reminder, _LAST_REMINDER_SECONDS)
                remind_at = time.monotonic() + reminder
        return []

    def _request(self, whole: bool) -> None:
        request = {"codeact": self._identifier, "after": self._session.publisher.number}
        self._session.send_stdin(_to_json(request), [self._frames] if whole else [])

    def _receive(self) -> bool:
        """Takes one message; returns whether the answer is complete."""
        answer = self._session.receive_stdin()
        if answer is None:
            return False
        value, buffers = answer
        if value.get("codeact") != self._identifier:
            return False
        if value.get("unknown"):
            self._request(True)
            return False
        self._parts[value["part"]] = b"".join(bytes(each) for each in buffers)
        return bool(len(self._parts) == value["parts"])


def _parse_frames(data: bytes) -> list[tuple[dict[str, Any], list[bytes]]]:
    frames = []
    at = 0
    while at < len(data):
        end = data.index(b"\n", at)
        header = json.loads(data[at:end].decode("utf-8", "surrogatepass"))
        at = end + 1
        blobs = []
        for length in header.get("blobs", ()):
            blobs.append(data[at : at + length])
            at += length
        frames.append((header, blobs))
    return frames
