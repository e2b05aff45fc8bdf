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
    """The supervisor's side: asks for one enclosure after another."""

    def __init__(self, plan: Plan) -> None:
        supervisor = os.pidfd_open(os.getpid())
        self._socket, served = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = os.fork()
        if self._process == 0:
            self._socket.close()
            _serve(served, plan, supervisor)
        served.close()
        os.close(supervisor)
        self._socket.settimeout(_PATIENCE_SECONDS)

    def make_enclosure(self, writable_paths: Sequence[str]) -> tuple[int, bool]:
        """Returns the number of its init process, and whether it has a `/proc`."""
        answer: dict[str, Any] = {}
        try:
            self._socket.send(json.dumps(list(writable_paths)).encode())
            while not {"init", "has_processes"} <= answer.keys() and "part" not in answer:
                answer.update(json.loads(self._socket.recv(_MESSAGE_BYTES)))
        except (OSError, ValueError) as error:
            advice = "It was killed, or this machine is overloaded; start the executor anew."
            problem = f"the process that makes it does not answer ({error})"
            raise ConfinementError("make an enclosure", problem, advice) from error
        if "part" in answer:
            answer.pop("init", None)
            raise ConfinementError(**answer)
        return answer["init"], answer["has_processes"]

    def close(self) -> None:
        """Ends the process; enclosures remain."""
        self._socket.close()
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)


def _serve(connection: socket.socket, plan: Plan, supervisor: int) -> NoReturn:
    privileges.die_with_parent(signal.SIGKILL)
    while True:
        request = connection.recv(_MESSAGE_BYTES)
        if not request:
            os._exit(0)
        launcher = os.fork()
        if launcher == 0:
            try:
                _launch(connection, plan, supervisor, json.loads(request))
            except BaseException as error:
                # Nobody listens any more if the supervisor has ended.
                with contextlib.suppress(OSError):
                    _send(connection, _describe(error))
                os._exit(1)
        os.waitpid(launcher, 0)


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


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    connection.send(json.dumps(message).encode())


def _describe(error: BaseException) -> dict[str, Any]:
    if not isinstance(error, ConfinementError):
        problem = f"{type(error).__name__}: {error}"
        error = ConfinementError("make an enclosure", problem, "This is a bug; please report it.")
    members = ("part", "problem", "advice", "number")
    return {name: getattr(error, name) for name in members}
