"""A small process that makes enclosures, so that the large one with the libraries need not.

Each process that takes part copies the memory it touches, and its page tables: with pandas loaded
a fork takes milliseconds, and an enclosure needs two.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
from typing import NamedTuple

from . import privileges
from .errors import ConfinementError, Part
from .file_system import attach_in_temporary
from .files import write_file
from .init_process import hold_enclosure
from .kernel import system_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

    from .file_system import FileSystem
    from .identity import Identity

# CLONE_NEWNS, CGROUP, UTS, IPC, PID and NET.
_NEW_NAMESPACES = 0x6E020000
_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000
_HOST_NAME = b"sandbox"
# Within the enclosure's user namespace. The system call filter forbids namespaces too; instances of
# inotify would be taken from those of the host's user.
_KERNEL_LIMITS = {"max_user_namespaces": "0", "max_inotify_instances": "32"}
_MESSAGE_BYTES = 1 << 16
_PATIENCE_SECONDS = 30.0


class Plan(NamedTuple):
    """What all enclosures have in common."""

    identity: Identity
    file_system: FileSystem
    landlock_version: int
    filter_program: bytes


class Warden:
    """The supervisor's side: asks for one thing after another, and is answered in this order."""

    def __init__(self, plan: Plan) -> None:
        supervisor = os.pidfd_open(os.getpid())
        self._socket, served = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.process = os.fork()
        if self.process == 0:
            self._socket.close()
            _serve(served, plan, supervisor)
        served.close()
        os.close(supervisor)
        self._socket.settimeout(_PATIENCE_SECONDS)

    @property
    def descriptor(self) -> int:
        """Can be read when an answer is there."""
        return self._socket.fileno()

    def request_enclosure(self, writable_paths: Sequence[str]) -> None:
        """Asks for an enclosure."""
        self._ask({"writable": list(writable_paths)})

    def receive_enclosure(self) -> tuple[int, bool]:
        """Returns the number of its init process, and whether it has a `/proc`."""
        answer = self._receive({"init", "has_processes"})
        return answer["init"], answer["has_processes"]

    def mount(self, init: int, path: str, name: str) -> None:
        """Shows a directory in `/tmp` of an enclosure; nothing else may be asked for meanwhile."""
        self._ask({"init": init, "path": path, "name": name})
        self._receive({"mounted"})

    def close(self) -> None:
        """Ends the process; enclosures remain."""
        self._socket.close()
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)

    def _ask(self, request: dict[str, Any]) -> None:
        try:
            self._socket.send(json.dumps(request).encode())
        except OSError as error:
            raise _silence(error) from error

    def _receive(self, members: set[str]) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        try:
            while not members <= answer.keys() and "part" not in answer:
                answer.update(json.loads(self._socket.recv(_MESSAGE_BYTES)))
        except (OSError, ValueError) as error:
            raise _silence(error) from error
        if "part" in answer:
            answer.pop("init", None)
            raise ConfinementError(**answer)
        return answer


def _silence(error: Exception) -> ConfinementError:
    problem = f"the process that makes it does not answer ({error})"
    advice = "It was killed, or this machine is overloaded; start the executor anew."
    return ConfinementError("make an enclosure", problem, advice)


def _serve(connection: socket.socket, plan: Plan, supervisor: int) -> NoReturn:
    privileges.die_with_parent(signal.SIGKILL)
    while True:
        try:
            data = connection.recv(_MESSAGE_BYTES)
        except ConnectionError:
            # It has ended before it took an answer.
            data = b""
        if not data:
            os._exit(0)
        request = json.loads(data)
        helper = os.fork()
        if helper == 0:
            try:
                if "init" in request:
                    _mount(connection, plan, **request)
                _launch(connection, plan, supervisor, request["writable"])
            except BaseException as error:
                # Nobody listens any more if the supervisor has ended.
                with contextlib.suppress(OSError):
                    _send(connection, _describe(error))
                os._exit(1)
        os.waitpid(helper, 0)


def _launch(
    connection: socket.socket, plan: Plan, supervisor: int, writable: Sequence[str]
) -> NoReturn:
    identity, files = plan.identity, plan.file_system
    launcher = os.pidfd_open(os.getpid())
    # An ordinary user may not copy mounts out here, and the user that root becomes may not get to
    # all of them any more.
    trees = files.take_trees(writable) if identity.starts_as_root else None
    identity.leave_root()
    identity.enter_user_namespace()
    with Part("create namespaces of processes, mounts, network, IPC, host name and cgroups"):
        system_call("unshare", _NEW_NAMESPACES)
    init = os.fork()
    if init != 0:
        _send(connection, {"init": init})
        os._exit(0)
    with Part("adapt the kernel's settings for the session"):
        system_call("sethostname", _HOST_NAME, len(_HOST_NAME))
        for name, value in _KERNEL_LIMITS.items():
            write_file(f"/proc/sys/user/{name}", value)
    has_processes = files.build(*(trees or files.take_trees(writable)))
    _send(connection, {"has_processes": has_processes})
    hold_enclosure(launcher, supervisor, plan.filter_program)


def _mount(connection: socket.socket, plan: Plan, init: int, path: str, name: str) -> NoReturn:
    """Takes the directory out here, and puts it there with the rights of the enclosure's user."""
    enclosure = os.pidfd_open(init)
    if not plan.identity.starts_as_root:
        with Part("create a namespace of mounts"):
            system_call("unshare", _NEW_MOUNTS)
    tree = plan.file_system.take_writable(path)

    def join_namespaces() -> None:
        with Part("join the namespaces of the enclosure"):
            system_call("setns", enclosure, _NEW_USER | _NEW_MOUNTS)

    plan.identity.join(join_namespaces)
    attach_in_temporary(tree, name)
    _send(connection, {"mounted": True})
    os._exit(0)


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    connection.send(json.dumps(message).encode())


def _describe(error: BaseException) -> dict[str, Any]:
    if not isinstance(error, ConfinementError):
        problem = f"{type(error).__name__}: {error}"
        error = ConfinementError("make an enclosure", problem, "This is a bug; please report it.")
    return error.facts()
