"""What the supervisor knows of sessions: those that are being born, and those that live."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .households import Household

_NO_DESCRIPTOR = -1


class Session:
    """A living session."""

    __slots__ = ("exit_code", "household", "identifier", "link", "pid")

    def __init__(self, identifier: str, pid: int, link: int, household: Household) -> None:
        self.identifier = identifier
        self.pid = pid
        self.link = link
        self.household = household
        # Negative for a signal; None where nobody can tell.
        self.exit_code: int | None = None


class Register:
    """The living sessions."""

    def __init__(self) -> None:
        self.by_identifier: dict[str, Session] = {}
        self.by_pid: dict[int, Session] = {}

    def add(self, session: Session) -> None:
        """Takes a session in."""
        self.by_identifier[session.identifier] = session
        self.by_pid[session.pid] = session

    def remove(self, session: Session) -> None:
        """Strikes a session out."""
        del self.by_identifier[session.identifier]
        del self.by_pid[session.pid]


class Birth:
    """A session that was asked for; the host still connects its two streams.

    With `source` it is a branch of that session, else a fork of the supervisor, for a workspace.
    """

    __slots__ = ("channel", "identifier", "link", "output", "source", "workspace")

    def __init__(self, identifier: str, source: Session | None, workspace: str = "") -> None:
        self.identifier = identifier
        self.source = source
        self.workspace = workspace
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
