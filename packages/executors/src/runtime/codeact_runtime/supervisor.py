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

from .birth import begin_session
from .control import ControlChannel
from .households import OpenHousehold
from .links import open_link, receive_sender, send_descriptors
from .process_tree import is_below, set_subreaper
from .reception import Reception, Watched
from .refusal import Refusal
from .supervised import Birth, Register, Session
from .undertaker import Undertaker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, NoReturn

    from .enclosed import EnclosedHouseholds
    from .households import Household

_FAULT_STATUS = 70
_REMAINS_POLL_MILLISECONDS = 20
# After so long without anything to do, there is time to prepare for the next session.
_PAUSE_MILLISECONDS = 10


class Supervisor:
    """The process from which all sessions of an executor descend."""

    def __init__(
        self,
        control: ControlChannel,
        plan: dict[str, Any],
        namespace: ModuleType,
        enclosed: EnclosedHouseholds | None,
    ) -> None:
        self._control = control
        self._path: str = plan["socket"]
        self._namespace = namespace
        self._pid = os.getpid()
        self._births: dict[bytes, Birth] = {}
        self._register = Register()
        self._watched = Watched()
        self._enclosed = enclosed
        self._households = enclosed or OpenHousehold(self._register)
        self._undertaker = Undertaker(control, self._register, self._households)
        self._reception = Reception(self._path, plan["host"], self._watched, self._connect)
        self._wake_reader, self._wake_writer = os.pipe()
        os.set_blocking(self._wake_writer, False)

    def run(self) -> NoReturn:
        """Serves until the host is gone. Raises Refusal where nothing can be confined."""
        set_subreaper(True)
        if self._enclosed is not None:
            self._enclosed.begin(self._watched, self._undertaker.bury)
        signal.set_wakeup_fd(self._wake_writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.set_blocking(self._control.descriptor, False)
        self._watched.add(self._control.descriptor, self._obey)
        self._watched.add(self._wake_reader, self._reap)
        self._reception.open()
        # Keeps the collector of every session away from what all of them share.
        gc.freeze()
        self._control.send({"type": "listening", "isolation": self._households.isolation()})
        while True:
            self._wait()
            if self._undertaker.is_busy:
                self._undertaker.report()

    def _wait(self) -> None:
        timeout = _REMAINS_POLL_MILLISECONDS if self._undertaker.is_busy else None
        enclosed = self._enclosed
        if enclosed is None or not enclosed.wants_more:
            self._watched.wait(timeout)
        elif not self._watched.wait(_PAUSE_MILLISECONDS):
            enclosed.make_ahead()

    # What the host asks for.

    def _obey(self) -> None:
        messages = self._control.read()
        if messages is None:
            self._undertaker.end(self._path)
        for message in messages:
            identifier, kind = message["id"], message["type"]
            if kind == "start":
                birth = Birth(identifier, None, message["workspace"])
                self._births[message["token"].encode("ascii")] = birth
            elif kind == "branch":
                source = self._register.by_identifier.get(message["source"])
                if source is None:
                    self._refuse(identifier, "its source has ended")
                else:
                    self._births[message["token"].encode("ascii")] = Birth(identifier, source)
            elif kind == "mount":
                self._mount(identifier, message["path"])
            elif kind == "kill":
                self._kill(identifier)

    def _kill(self, identifier: str) -> None:
        session = self._register.by_identifier.get(identifier)
        if session is not None:
            self._undertaker.kill(session)
            return
        for token, birth in list(self._births.items()):
            if birth.identifier == identifier:
                del self._births[token]
                self._give_up(birth, "it was given up")

    def _mount(self, identifier: str, path: str) -> None:
        """Shows a directory to a confined session."""
        session = self._register.by_identifier.get(identifier)
        answer: dict[str, Any] = {"type": "mounted", "id": identifier}
        try:
            if session is not None:
                session.household.mount(path)
        except Refusal as error:
            answer["problem"] = str(error)
        self._control.send(answer)

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
        try:
            household = self._households.open(birth.workspace)
        except Refusal as error:
            self._give_up(birth, str(error))
            return
        ours, theirs = open_link()
        try:
            pid = household.fork()
        except (OSError, Refusal) as error:
            os.close(ours)
            os.close(theirs)
            household.abandon()
            self._give_up(birth, f"the system refused another process: {error}")
            return
        if pid == 0:
            self._become_session(birth, household, ours, theirs)
        os.close(theirs)
        birth.close()
        session = Session(birth.identifier, pid, ours, household)
        self._welcome(session)
        household.welcome(session)

    def _become_session(
        self, birth: Birth, household: Household, ours: int, theirs: int
    ) -> NoReturn:
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            shared = {*self._watched.descriptors, self._wake_writer, ours}
            shared.update(session.link for session in self._register.by_pid.values())
            for other in self._births.values():
                shared.update(other.descriptors)
            for descriptor in shared:
                os.close(descriptor)
            self._births.clear()
            begin_session(birth.channel, birth.output, theirs, household, self._namespace)
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
        if pid is None or pid in self._register.by_pid or not is_below(pid, source.pid):
            os.close(link)
            self._refuse(birth.identifier, "its source did not fork")
            return
        household = source.household
        session = Session(birth.identifier, pid, link, household)
        self._welcome(session)
        # It may have died meanwhile. Who is not a child by then is reported when it is killed.
        with contextlib.suppress(OSError):
            os.write(link, str(household.parent_number_of_branches).encode("ascii"))
        household.welcome_branch(session)

    def _welcome(self, session: Session) -> None:
        self._register.add(session)
        self._control.send({"type": "started", "id": session.identifier, "pid": session.pid})

    def _give_up(self, birth: Birth, reason: str) -> None:
        source = birth.source
        if source is not None and source.identifier in self._register.by_identifier:
            try:
                send_descriptors(source.link, [])
            except OSError:
                self._undertaker.kill(source)
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
        self._undertaker.reap()
