"""The fork server: preloads modules, forks sessions, and answers for every process below it.

It never runs user code and has one thread. The host asks over the control channel, and connects
twice for each session to a socket of its own, because Node cannot pass descriptors.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import time

from .birth import begin_session
from .control import ControlChannel
from .links import open_link, receive_sender, send_descriptors
from .outputs import duplicate_privately
from .process import set_up_process
from .process_tree import children_of, descendants_of, is_below, send_signal, set_subreaper
from .reception import Reception, Watched
from .supervised import Birth, Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import NoReturn

_FAULT_STATUS = 70
# Orphans are killed again and again for so long, before the exit of their session is reported.
_ORPHAN_PATIENCE_SECONDS = 2.0
_ORPHAN_POLL_SECONDS = 0.02
_END_PATIENCE_SECONDS = 5.0


def main(descriptor: int) -> None:
    """Serves the control channel on a file descriptor until the host closes it, or is gone."""
    control = ControlChannel(duplicate_privately(descriptor))
    os.close(descriptor)
    plan = control.read_first()
    if plan is None:
        return
    namespace = set_up_process()
    for module in plan["preload"]:
        control.send({"type": "importing", "module": module})
        try:
            __import__(module)
        except BaseException as error:
            message = f"{type(error).__name__}: {error}"
            control.send({"type": "import-failed", "module": module, "message": message})
            return
    Supervisor(control, plan["socket"], plan["host"], namespace).run()


class Supervisor:
    """The process from which all sessions of an executor descend."""

    def __init__(
        self, control: ControlChannel, path: str, host: int, namespace: ModuleType
    ) -> None:
        self._control = control
        self._path = path
        self._namespace = namespace
        self._pid = os.getpid()
        # What preloaded modules have started.
        self._own_children = set(children_of(self._pid))
        self._births: dict[bytes, Birth] = {}
        self._sessions: dict[str, Session] = {}
        self._by_pid: dict[int, Session] = {}
        # Dead, but what they started may still be alive.
        self._ended: list[Session] = []
        self._orphan_deadline = 0.0
        self._watched = Watched()
        self._reception = Reception(path, host, self._watched, self._connect)
        self._wake_reader, self._wake_writer = os.pipe()
        os.set_blocking(self._wake_writer, False)
        os.set_blocking(control.descriptor, False)

    def run(self) -> NoReturn:
        """Serves until the host is gone."""
        set_subreaper(True)
        signal.set_wakeup_fd(self._wake_writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._watched.add(self._control.descriptor, self._obey)
        self._watched.add(self._wake_reader, self._reap)
        self._reception.open()
        # Keeps the collector of every session away from what all of them share.
        gc.freeze()
        self._control.send({"type": "listening"})
        while True:
            timeout = _ORPHAN_POLL_SECONDS * 1000 if self._ended else None
            self._watched.wait(timeout)
            if self._ended:
                self._report_ended()

    # What the host asks for.

    def _obey(self) -> None:
        messages = self._control.read()
        if messages is None:
            self._end()
        for message in messages:
            identifier = message["id"]
            kind = message["type"]
            if kind == "start":
                self._births[message["token"].encode("ascii")] = Birth(identifier, None)
            elif kind == "branch":
                source = self._sessions.get(message["source"])
                if source is None:
                    self._refuse(identifier, "its source has ended")
                else:
                    self._births[message["token"].encode("ascii")] = Birth(identifier, source)
            elif kind == "kill":
                self._kill(identifier)

    def _kill(self, identifier: str) -> None:
        session = self._sessions.get(identifier)
        if session is not None:
            self._kill_session(session)
            return
        for token, birth in list(self._births.items()):
            if birth.identifier == identifier:
                del self._births[token]
                self._give_up(birth, "it was given up")

    def _kill_session(self, session: Session) -> None:
        if is_below(session.pid, self._pid):
            for pid in [*descendants_of(session.pid), -session.pid, session.pid]:
                send_signal(pid, signal.SIGKILL)
        if session.pid not in children_of(self._pid):
            # A branch whose source has kept it from coming here; nobody else reports its end.
            self._bury(session, -signal.SIGKILL)

    def _connect(self, token: bytes, role: bytes, descriptor: int) -> bool:
        """Takes a connection of the host for the session that waits for it."""
        if token not in self._births:
            # The request was written before, and may wait to be read.
            self._obey()
        birth = self._births.get(token)
        if birth is None or not birth.connect(role, descriptor):
            return False
        if birth.is_connected:
            del self._births[token]
            if birth.source is None:
                self._fork(birth)
            else:
                self._hand_over(birth, birth.source)
        return True

    # Births.

    def _fork(self, birth: Birth) -> None:
        ours, theirs = open_link()
        try:
            pid = os.fork()
        except OSError as error:
            os.close(ours)
            os.close(theirs)
            self._give_up(birth, f"the system refused another process: {error}")
            return
        if pid == 0:
            self._become_session(birth, ours, theirs)
        os.close(theirs)
        birth.close()
        self._welcome(Session(birth.identifier, pid, ours))

    def _become_session(self, birth: Birth, ours: int, theirs: int) -> NoReturn:
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            shared = {*self._watched.descriptors, self._wake_writer, ours}
            shared.update(session.link for session in self._sessions.values())
            for other in self._births.values():
                shared.update(other.descriptors)
            for descriptor in shared:
                os.close(descriptor)
            self._births.clear()
            begin_session(birth.channel, birth.output, theirs, self._pid, self._namespace)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(_FAULT_STATUS)

    def _hand_over(self, birth: Birth, source: Session) -> None:
        birth.link, theirs = open_link()
        try:
            send_descriptors(source.link, [birth.channel, birth.output, theirs])
        except OSError as error:
            self._give_up(birth, f"its source cannot be reached: {error}")
            return
        finally:
            os.close(theirs)
        link = birth.link
        os.close(birth.channel)
        os.close(birth.output)
        birth.channel = birth.output = -1
        self._watched.add(link, lambda: self._meet_branch(birth, source, link))

    def _meet_branch(self, birth: Birth, source: Session, link: int) -> None:
        """The branch has announced itself, or its source has refused."""
        self._watched.remove(link)
        pid = receive_sender(link)
        # Code in the source could announce any process that it may signal.
        if pid is None or pid in self._by_pid or not is_below(pid, source.pid):
            os.close(link)
            self._refuse(birth.identifier, "its source did not fork")
            return
        session = Session(birth.identifier, pid, link)
        self._welcome(session)
        try:
            os.write(link, str(self._pid).encode("ascii"))
        except OSError:
            # It died meanwhile. Who is not a child by then is reported when it is killed.
            return

    def _welcome(self, session: Session) -> None:
        self._sessions[session.identifier] = session
        self._by_pid[session.pid] = session
        self._control.send({"type": "started", "id": session.identifier, "pid": session.pid})

    def _give_up(self, birth: Birth, reason: str) -> None:
        source = birth.source
        if source is not None and source.identifier in self._sessions:
            try:
                send_descriptors(source.link, [])
            except OSError:
                self._kill_session(source)
        birth.close()
        self._refuse(birth.identifier, reason)

    def _refuse(self, identifier: str, reason: str) -> None:
        self._control.send({"type": "refused", "id": identifier, "message": reason})

    # Deaths.

    def _reap(self) -> None:
        try:
            os.read(self._wake_reader, 4096)
        except InterruptedError:
            return
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                return
            pid = ended.si_pid
            session = self._by_pid.get(pid)
            if session is not None:
                # At once: the number of the group is certain only as long as this is a zombie.
                send_signal(-pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            self._own_children.discard(pid)
            if session is not None:
                self._bury(session, os.waitstatus_to_exitcode(status))

    def _bury(self, session: Session, exit_code: int) -> None:
        session.exit_code = exit_code
        del self._sessions[session.identifier]
        del self._by_pid[session.pid]
        os.close(session.link)
        self._ended.append(session)
        self._orphan_deadline = time.monotonic() + _ORPHAN_PATIENCE_SECONDS

    def _report_ended(self) -> None:
        """Reports who died, when nothing that they started is left.

        Children that are no sessions are orphans of dead ones: living sessions keep theirs.
        """
        orphans = set(children_of(self._pid)) - self._by_pid.keys() - self._own_children
        for orphan in orphans:
            for pid in [*descendants_of(orphan), orphan]:
                send_signal(pid, signal.SIGKILL)
        if orphans and time.monotonic() < self._orphan_deadline:
            return
        for session in self._ended:
            message = {"type": "exited", "id": session.identifier, "code": session.exit_code}
            self._control.send(message)
        self._ended.clear()

    def _end(self) -> NoReturn:
        """The host is gone: everything below this process ends."""
        deadline = time.monotonic() + _END_PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for pid in descendants_of(self._pid):
                send_signal(pid, signal.SIGKILL)
            try:
                while os.waitpid(-1, os.WNOHANG)[0] != 0:
                    pass
            except ChildProcessError:
                break
            time.sleep(0.005)
        # The host, if it still lives, removes them too.
        with contextlib.suppress(OSError):
            os.unlink(self._path)
            os.rmdir(os.path.dirname(self._path))
        os._exit(0)
