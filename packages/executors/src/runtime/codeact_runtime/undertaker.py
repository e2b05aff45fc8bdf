"""What follows the end of a session: everything that it has started ends, and the host is told."""

from __future__ import annotations

import contextlib
import os
import signal
import time

from .process_tree import descendants_of, send_signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from .control import ControlChannel
    from .households import Households
    from .supervised import Register, Session

# What is left is killed again and again for so long, before the exit of its session is reported.
_PATIENCE_SECONDS = 2.0
_END_PATIENCE_SECONDS = 5.0


class Undertaker:
    """Meets the ends of the supervisor's children, and of branches that are not."""

    def __init__(self, control: ControlChannel, register: Register, households: Households) -> None:
        self._control = control
        self._register = register
        self._households = households
        # Dead, but what they started may still be alive.
        self._ended: list[Session] = []
        self._deadline = 0.0

    @property
    def is_busy(self) -> bool:
        """Whether `report` is to be called again and again."""
        return bool(self._ended)

    def kill(self, session: Session) -> None:
        """Kills a session with what it has started."""
        if session.household.kill(session):
            session.exit_code = -signal.SIGKILL
            self.bury(session)

    def reap(self) -> None:
        """Looks which children have ended."""
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                return
            pid = ended.si_pid
            session = self._register.by_pid.get(pid)
            if session is not None:
                # At once: the number of the group is certain only as long as this is a zombie.
                send_signal(-pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            self._households.forget_child(pid)
            if session is not None:
                session.exit_code = os.waitstatus_to_exitcode(status)
                self.bury(session)

    def bury(self, session: Session) -> None:
        """Takes note of the end of a session."""
        self._register.remove(session)
        os.close(session.link)
        self._ended.append(session)
        self._deadline = time.monotonic() + _PATIENCE_SECONDS
        session.household.bury(session)

    def report(self) -> None:
        """Reports who died, when nothing that they started is left."""
        is_late = time.monotonic() >= self._deadline
        waiting = []
        for session in self._ended:
            if session.household.clear_remains() or is_late:
                message = {"type": "exited", "id": session.identifier, "code": session.exit_code}
                self._control.send(message)
            else:
                waiting.append(session)
        self._ended = waiting

    def end(self, socket: str) -> NoReturn:
        """The host is gone: everything below this process ends, then this process."""
        deadline = time.monotonic() + _END_PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for pid in descendants_of(os.getpid()):
                send_signal(pid, signal.SIGKILL)
            try:
                while os.waitpid(-1, os.WNOHANG)[0] != 0:
                    pass
            except ChildProcessError:
                break
            time.sleep(0.005)
        # The host, if it still lives, removes them too.
        with contextlib.suppress(OSError):
            os.unlink(socket)
            os.rmdir(os.path.dirname(socket))
        os._exit(0)
