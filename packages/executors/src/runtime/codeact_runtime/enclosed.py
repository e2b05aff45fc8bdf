"""Households of confined sessions: a session and its branches share an enclosure."""

from __future__ import annotations

import json
import os

from .confinement import ConfinementError, Limits, Sandbox
from .households import kill_all, kill_tree
from .process_ends import exit_code_of
from .process_tree import children_of, is_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any, Callable, NoReturn

    from .confinement import Enclosure
    from .reception import Watched
    from .supervised import Session

    TellEnd = Callable[[Session], None]

# So many enclosures are made ahead, when there is nothing else to do.
_ENCLOSURES_AHEAD = 2
_FAILED_STATUS = 70


class EnclosedHousehold:
    """An enclosure and those that live in it."""

    # The supervisor is not visible from inside, and the enclosure's first process is.
    parent_number = 0
    parent_number_of_branches = 1

    def __init__(self, owner: EnclosedHouseholds, enclosure: Enclosure, directory: str) -> None:
        self._owner = owner
        self._enclosure = enclosure
        self._directory = directory
        self._members: dict[int, Session] = {}
        # By which the end of a branch is seen: it is no child of this process.
        self._branches: dict[int, int] = {}
        self._is_destroyed = False
        self._is_gone = False

    def fork(self) -> int:
        """Like `os.fork`; the child has to call `confine`."""
        return self._enclosure.fork()

    def confine(self, kept: Collection[int]) -> None:
        """Confines the process; raises ConfinementError."""
        self._enclosure.enter(kept, self._directory)

    def welcome(self, session: Session) -> None:
        """The first session has come."""
        self._members[session.pid] = session

    def welcome_branch(self, session: Session) -> None:
        """A branch has come, which is a child of the enclosure's first process."""
        self.welcome(session)
        try:
            descriptor = os.pidfd_open(session.pid)
        except ProcessLookupError:
            # It died meanwhile; there is nothing to wait for.
            self._owner.tell_end(session)
            return
        self._branches[session.pid] = descriptor
        self._owner.watched.add(descriptor, lambda: self._meet_end(session))

    def mount(self, path: str) -> str:
        """Shows a directory to its members; returns its path there."""
        return self._owner.mount(self._enclosure, path)

    def kill(self, session: Session) -> bool:
        """Kills a session with what it has started; returns False: its end will be seen."""
        if len(self._members) == 1:
            self._destroy()
        elif is_below(session.pid, os.getpid()):
            kill_tree(session.pid)
        return False

    def bury(self, session: Session) -> None:
        """A session has ended. With the last one, all that was started in the enclosure ends."""
        self._members.pop(session.pid, None)
        descriptor = self._branches.pop(session.pid, None)
        if descriptor is not None:
            self._owner.watched.remove(descriptor)
            os.close(descriptor)
        if not self._members:
            self._destroy()

    def init_has_ended(self) -> None:
        """The first process of the enclosure is gone, and so is everything in it."""
        self._is_gone = True

    def clear_remains(self) -> bool:
        """Kills what dead members have left; returns whether nothing is left.

        Living members keep their orphans.
        """
        if not self._members:
            return self._is_gone
        return kill_all(set(children_of(self._enclosure.init)) - self._members.keys())

    def abandon(self) -> None:
        """Ends a household into which nobody was born."""
        self._destroy()

    def _destroy(self) -> None:
        if not self._is_destroyed:
            self._is_destroyed = True
            self._enclosure.destroy()

    def _meet_end(self, session: Session) -> None:
        session.exit_code = exit_code_of(self._branches[session.pid])
        self._owner.tell_end(session)


class EnclosedHouseholds:
    """Opens households. To be made before anything is preloaded: it starts a helper."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._sandbox = Sandbox(plan["readable"], plan["variables"], Limits(**plan["limits"]))
        self._given: str | None = plan["workspace"]
        self._writable = [] if self._given is None else [self._given]
        self._probe_directory: str = plan["probe"]
        self._ahead: list[Enclosure] = []
        self._is_requested = False
        self._is_refused = False
        self._by_init: dict[int, EnclosedHousehold] = {}
        self._isolation: list[str] = []

    def begin(self, watched: Watched, tell_end: TellEnd) -> None:
        """Raises ConfinementError where a session could not be confined; from now on `open` works.

        This process can then start no threads any more.
        """
        self.watched = watched
        self.tell_end = tell_end
        enclosure = self._sandbox.create_enclosure(self._writable)
        self._isolation = enclosure.describe()
        try:
            _try(enclosure, self._sandbox.mount(enclosure, self._probe_directory, "probe"))
        finally:
            enclosure.destroy()
            os.waitpid(enclosure.init, 0)
        watched.add(self._sandbox.descriptor, self._receive)

    def isolation(self) -> list[str]:
        """What is enforced against the sessions, in words."""
        return self._isolation

    def open(self, workspace: str) -> EnclosedHousehold:
        """The household for a new session; raises ConfinementError."""
        self._settle()
        is_given = workspace == self._given
        if is_given == (self._given is not None) and self._ahead:
            enclosure = self._ahead.pop()
        else:
            enclosure = self._sandbox.create_enclosure(self._writable if is_given else [])
            self._is_refused = False
        directory = workspace
        if not is_given:
            try:
                directory = self.mount(enclosure, workspace)
            except ConfinementError:
                enclosure.destroy()
                raise
        household = EnclosedHousehold(self, enclosure, directory)
        self._by_init[enclosure.init] = household
        return household

    def mount(self, enclosure: Enclosure, path: str) -> str:
        """Shows a directory in an enclosure; returns its path there."""
        self._settle()
        return self._sandbox.mount(enclosure, path, os.path.basename(path))

    @property
    def wants_more(self) -> bool:
        """Whether `make_ahead` should be called when there is time."""
        is_short = len(self._ahead) < _ENCLOSURES_AHEAD
        return is_short and not (self._is_requested or self._is_refused)

    def make_ahead(self) -> None:
        """Has one more enclosure made, for a session that nobody has asked for yet."""
        self._is_requested = True
        self._sandbox.request_enclosure(self._writable)

    def forget_child(self, pid: int) -> None:
        """A child of this process has ended, and is no session."""
        household = self._by_init.pop(pid, None)
        if household is not None:
            household.init_has_ended()
        self._ahead = [each for each in self._ahead if each.init != pid]

    def _receive(self) -> None:
        self._is_requested = False
        try:
            self._ahead.append(self._sandbox.receive_enclosure())
        except ConfinementError:
            # Whoever needs one will be told, for it is then tried again.
            self._is_refused = True

    def _settle(self) -> None:
        """The helper answers in order; what was asked for ahead comes first."""
        if self._is_requested:
            self._receive()


def _try(enclosure: Enclosure, directory: str) -> None:
    """Confines a process that does nothing; raises ConfinementError where that fails."""
    outcome, answer = os.pipe()
    child = enclosure.fork()
    if child == 0:
        _be_confined(enclosure, directory, answer)
    os.close(answer)
    with open(outcome, "rb") as file:
        problem = json.loads(file.read() or b"{}")
    _, status = os.waitpid(child, 0)
    if problem or status != 0:
        unknown = {"part": "confine a session", "problem": f"it ended with {status}", "advice": ""}
        raise ConfinementError(**(problem or unknown))


def _be_confined(enclosure: Enclosure, directory: str, answer: int) -> NoReturn:
    try:
        enclosure.enter([answer], directory)
    except ConfinementError as error:
        os.write(answer, json.dumps(error.facts()).encode())
        os._exit(_FAILED_STATUS)
    finally:
        os._exit(0)
