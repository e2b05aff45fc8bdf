"""Tool calls over a channel: they block the thread that makes them, and overlap across threads."""

from __future__ import annotations

import itertools
from _thread import allocate_lock

from .channel import FrameTooLargeError
from .values import decode, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .channel import Channel
    from .frame_reader import Frame, FrameReader
    from .outputs import Outputs


class ToolError(RuntimeError):
    """A tool failed, or could not be called."""


# It is a builtin for user code, and is shown and pickled like one.
ToolError.__module__ = "builtins"


class EndCell(BaseException):
    """Ends the cell because a tool said so; not an Exception, so that user code lets it pass."""


_ERROR_TYPES: dict[str, type[Exception]] = {
    "ToolError": ToolError,
    "TypeError": TypeError,
    "ValueError": ValueError,
}

_NO_CELL = "no cell is running: tools can be called only while a cell runs"
_CELL_ENDED = "the cell ended before the tool answered"
_FORKED = "tools cannot be called from a child process; call them in the main process"


class PendingCall:
    """A call that was sent; `lock` is released when the answer is there."""

    __slots__ = ("answer", "identifier", "lock", "name")

    def __init__(self, identifier: str, name: str) -> None:
        self.identifier = identifier
        self.name = name
        self.answer: Frame | None = None
        self.lock = allocate_lock()
        self.lock.acquire()

    def settle(self, answer: Frame | None) -> None:
        """Wakes whoever waits for the answer; None where there will be none."""
        if self.answer is None:
            self.answer = answer
        try:
            self.lock.release()
        except RuntimeError:
            return  # The end of the cell and the answer have met.


class ToolCaller:
    """Sends calls and hands out their answers."""

    def __init__(self, channel: Channel, reader: FrameReader, outputs: Outputs) -> None:
        self._channel = channel
        self._reader = reader
        self._outputs = outputs
        self._identifiers = itertools.count(1)
        self._pending: dict[str, PendingCall] = {}
        self._end_requested = False
        self._forked = False

    def begin_cell(self) -> None:
        """Forgets that the last cell was ended by a tool."""
        self._end_requested = False

    def start(self, name: str, tool_input: Any) -> PendingCall:
        """Sends a call, without waiting for its answer."""
        if self._end_requested:
            raise EndCell
        if self._forked:
            raise ToolError(_FORKED)
        cell = self._channel.cell
        if cell is None:
            raise ToolError(_NO_CELL)
        blobs: list[bytes] = []
        header = {
            "type": "tool-call",
            "id": str(next(self._identifiers)),
            "cell": cell,
            "name": name,
            "input": encode(tool_input, blobs),
        }
        mark = self._outputs.synchronise()
        if mark is not None:
            header["mark"] = mark
        call = PendingCall(header["id"], name)
        self._pending[call.identifier] = call
        try:
            sent = self._channel.send(header, blobs, cell)
        except BaseException as error:
            self._pending.pop(call.identifier, None)
            if isinstance(error, FrameTooLargeError):
                raise ValueError(f"the input {error}") from None
            raise
        if not sent:
            self._pending.pop(call.identifier, None)
            raise ToolError(_NO_CELL)
        return call

    def wait(self, call: PendingCall) -> Any:
        """The value of the answer; raises the tool's error, or EndCell."""
        try:
            self._reader.wait(call.lock)
        finally:
            self._pending.pop(call.identifier, None)
        answer = call.answer
        if answer is None:
            raise ToolError(f"{call.name}: {_CELL_ENDED}")
        header = answer.header
        if not header["ok"]:
            error = header["error"]
            raise _ERROR_TYPES.get(error["type"], ToolError)(error["message"])
        if header.get("endCell"):
            self._end_requested = True
            raise EndCell
        value = header.get("value")
        return decode(value, answer.blobs) if answer.may_hold_tags else value

    def resolve(self, frame: Frame) -> None:
        """Hands an answer to its caller; called by the thread that reads."""
        # `wait` removes it, so that an exception from a signal handler of the user loses nothing.
        call = self._pending.get(frame.header["id"])
        if call is not None:
            call.settle(frame)

    def end_cell(self) -> None:
        """Fails the calls that threads still wait for; their cell is over."""
        while self._pending:
            try:
                _, call = self._pending.popitem()
            except KeyError:
                return
            call.settle(None)

    def forget_calls(self) -> None:
        """Forgets what was pending in the process that this one branched from."""
        self._pending.clear()
        self._end_requested = False

    def abandon(self) -> None:
        """Refuses every call from now on: this is a forked child."""
        self._forked = True
        self._pending.clear()
