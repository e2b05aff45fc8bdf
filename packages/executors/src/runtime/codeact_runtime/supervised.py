"""What the supervisor knows of sessions: those that are being born, and those that live."""

from __future__ import annotations

import os

_NO_DESCRIPTOR = -1


class Session:
    """A living session."""

    __slots__ = ("exit_code", "identifier", "link", "pid")

    def __init__(self, identifier: str, pid: int, link: int) -> None:
        self.identifier = identifier
        self.pid = pid
        self.link = link
        self.exit_code = 0


class Birth:
    """A session that was asked for; the host still connects its two streams.

    With `source` it is a branch of that session, else a fork of the supervisor.
    """

    __slots__ = ("channel", "identifier", "link", "output", "source")

    def __init__(self, identifier: str, source: Session | None) -> None:
        self.identifier = identifier
        self.source = source
        self.channel = _NO_DESCRIPTOR
        self.output = _NO_DESCRIPTOR
        # The supervisor's end, while a branch is on its way.
        self.link = _NO_DESCRIPTOR

    def connect(self, role: bytes, descriptor: int) -> bool:
        """Takes a stream, `c` or `o`. Returns whether it was still missing."""
        if role == b"c" and self.channel == _NO_DESCRIPTOR:
            self.channel = descriptor
        elif role == b"o" and self.output == _NO_DESCRIPTOR:
            self.output = descriptor
        else:
            return False
        return True

    @property
    def is_connected(self) -> bool:
        """Whether both streams are there."""
        return _NO_DESCRIPTOR not in (self.channel, self.output)

    @property
    def descriptors(self) -> list[int]:
        """All that is open for it."""
        held = (self.channel, self.output, self.link)
        return [descriptor for descriptor in held if descriptor != _NO_DESCRIPTOR]

    def close(self) -> None:
        """Closes what is open for it."""
        for descriptor in self.descriptors:
            os.close(descriptor)
        self.channel = self.output = self.link = _NO_DESCRIPTOR
