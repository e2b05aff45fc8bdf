"""Where sessions live: which of them can get at each other, and how a household is kept clean.

Without a sandbox all sessions of a supervisor are one household. `enclosed.py` has the other kind.
"""

from __future__ import annotations

import os
import signal

from .process_tree import children_of, descendants_of, is_below, send_signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Union

    from .enclosed import EnclosedHousehold, EnclosedHouseholds
    from .supervised import Register, Session

    Household = Union["OpenHousehold", EnclosedHousehold]
    Households = Union["OpenHousehold", EnclosedHouseholds]


class OpenHousehold:
    """The household of all sessions, which nothing confines."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._pid = os.getpid()
        # What preloaded modules have started.
        self._own_children = set(children_of(self._pid))
        # Which number its sessions, and branches, see as that of their parent.
        self.parent_number = self.parent_number_of_branches = self._pid

    def isolation(self) -> list[str]:
        """What is enforced against the sessions, in words."""
        return []

    def open(self, _workspace: str) -> OpenHousehold:
        """The household for a new session."""
        return self

    def fork(self) -> int:
        """Like `os.fork`; the child has to call `confine`."""
        return os.fork()

    def confine(self, _kept: Collection[int]) -> None:
        """Makes the process a process group."""
        os.setsid()

    def abandon(self) -> None:
        """Nobody could be born into it."""

    def mount(self, _path: str) -> None:
        """Shows a directory to the sessions, which see all of them."""

    def welcome(self, session: Session) -> None:
        """A session has come."""

    def welcome_branch(self, session: Session) -> None:
        """A branch has come; it will become a child of this process."""

    def kill(self, session: Session) -> bool:
        """Kills a session with what it has started. Returns whether nobody will tell of its end.

        That is so with a branch whose source has kept it from becoming a child of this process.
        """
        if is_below(session.pid, self._pid):
            kill_tree(session.pid)
        return session.pid not in children_of(self._pid)

    def bury(self, session: Session) -> None:
        """A session has ended."""

    def forget_child(self, pid: int) -> None:
        """A child of this process has ended, and is no session."""
        self._own_children.discard(pid)

    def clear_remains(self) -> bool:
        """Kills what dead sessions have left; returns whether nothing is left.

        Children that are no sessions are orphans of dead ones: living sessions keep theirs.
        """
        known = self._register.by_pid.keys() | self._own_children
        return kill_all(set(children_of(self._pid)) - known)


def kill_tree(pid: int) -> None:
    """Kills a process that leads a process group, the group, and all descendants."""
    for each in [*descendants_of(pid), -pid, pid]:
        send_signal(each, signal.SIGKILL)


def kill_all(orphans: Collection[int]) -> bool:
    """Kills processes with all descendants; returns whether there were none."""
    for orphan in orphans:
        for pid in [*descendants_of(orphan), orphan]:
            send_signal(pid, signal.SIGKILL)
    return not orphans
