"""Frames on the relay's standard streams, and windows that bound what is on its way."""

from __future__ import annotations

import fcntl
import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# What a stream may carry before its receiver grants more; the same number is on the host.
WINDOW_BYTES = 1024 * 1024
PIECE_BYTES = 65_536
# Away from the numbers that a new process is given.
_LOWEST_PRIVATE = 20


class LinkClosedError(Exception):
    """The host is gone."""


class Link:
    """The relay's end of the stream that the command carries."""

    def __init__(self) -> None:
        """Takes the standard streams away: nothing else can read or write them from now on."""
        self.input = make_private(0)
        self._output = make_private(1)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        os.dup2(2, 1)
        self._received = bytearray()
        self._header: dict[str, Any] | None = None

    def receive(self) -> list[tuple[dict[str, Any], bytes]]:
        """Reads what is there, and returns the frames that are complete with it."""
        data = os.read(self.input, PIECE_BYTES)
        if not data:
            raise LinkClosedError
        self._received += data
        frames = []
        frame = self._next_frame()
        while frame is not None:
            frames.append(frame)
            frame = self._next_frame()
        return frames

    def send(self, header: dict[str, Any], blob: bytes | None = None) -> None:
        """Sends a frame; waits while the link is full."""
        if blob is not None:
            header["blobs"] = [len(blob)]
        line = json.dumps(header, separators=(",", ":")).encode("ascii") + b"\n"
        view = memoryview(line + blob if blob else line)
        try:
            while view:
                view = view[os.write(self._output, view) :]
        except OSError as error:
            raise LinkClosedError from error

    def _next_frame(self) -> tuple[dict[str, Any], bytes] | None:
        received = self._received
        if self._header is None:
            end = received.find(b"\n")
            if end == -1:
                return None
            self._header = json.loads(received[:end])
            del received[: end + 1]
        header = self._header
        (length,) = header.get("blobs", (0,))
        if len(received) < length:
            return None
        blob = bytes(received[:length])
        del received[:length]
        self._header = None
        return header, blob


def make_private(descriptor: int) -> int:
    """A duplicate with a higher number, which no other program inherits."""
    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _LOWEST_PRIVATE)
