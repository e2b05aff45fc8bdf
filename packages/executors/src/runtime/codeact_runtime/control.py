"""The supervisor's line to the host: one JSON object a line, in both directions."""

from __future__ import annotations

import json
import os

from .outputs import write_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_READ_BYTES = 65_536


class ControlChannel:
    """One duplex stream that only the host and the supervisor hold."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._received = b""

    def read_first(self) -> dict[str, Any] | None:
        """Waits for one message; None at the end of the stream."""
        messages: list[dict[str, Any]] | None = []
        while messages == []:
            messages = self.read()
        return None if messages is None else messages[0]

    def read(self) -> list[dict[str, Any]] | None:
        """The messages that are there; None at the end of the stream."""
        try:
            data = os.read(self.descriptor, _READ_BYTES)
        except BlockingIOError:
            return []
        except ConnectionError:
            data = b""
        if not data:
            return None
        *lines, self._received = (self._received + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def send(self, message: dict[str, Any]) -> None:
        """Sends a message. Where the host is gone, its end of the stream tells soon enough."""
        try:
            write_all(self.descriptor, json.dumps(message).encode("ascii") + b"\n")
        except ConnectionError:
            return
