"""Who a session is: never the machine's root, whoever starts it."""

from __future__ import annotations

import os
import signal

from .errors import Part
from .files import write_file
from .kernel import system_call
from .privileges import set_dumpable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

_NEW_USER = 0x10000000
_WHOLE_RANGE = ["0", "0", "4294967295"]
# The session of a root host runs as a user that no machine has; systemd documents this range as
# free. Within one host all sessions share it: they are kept apart by their namespaces.
_FIRST_FREE_USER = 1_879_048_192
_ROOT_INSIDE = 1000


class Identity:
    """The user of the sessions of this process, decided once."""

    def __init__(self) -> None:
        self.starts_as_root = os.geteuid() == 0 and _owns_all_users()
        if self.starts_as_root:
            self.user_outside = self.group_outside = _FIRST_FREE_USER + os.getpid()
            self.user = self.group = _ROOT_INSIDE
            # Shows files of root as files of the session's user, in mounts that ask for it.
            self.mapping: int | None = _create_mapping(self.user_outside)
        else:
            self.user = self.user_outside = os.geteuid()
            self.group = self.group_outside = os.getegid()
            self.mapping = None

    def leave_root(self) -> None:
        """Becomes the ordinary user outside, for good, where the host is root."""
        if self.starts_as_root:
            with Part("become an ordinary user"):
                os.setgroups([])
                _change_user(self.user_outside, self.group_outside)

    def join(self, namespaces: Callable[[], None]) -> None:
        """Becomes the user inside; `namespaces` joins those that belong to the user."""
        if not self.starts_as_root:
            namespaces()
            return
        with Part("become an ordinary user"):
            # Inside, groups cannot be changed any more, but the user can.
            os.setgroups([])
            namespaces()
            _change_user(self.user, self.group)

    def enter_user_namespace(self) -> None:
        """Makes a user namespace in which only this user exists; gives privileges in it."""
        with Part("create a user namespace"):
            system_call("unshare", _NEW_USER)
            # Without this, an ordinary user may not map a group.
            write_file("/proc/self/setgroups", "deny")
            write_file("/proc/self/uid_map", f"{self.user} {self.user_outside} 1")
            write_file("/proc/self/gid_map", f"{self.group} {self.group_outside} 1")


def _change_user(user: int, group: int) -> None:
    os.setresgid(group, group, group)
    os.setresuid(user, user, user)
    # A change of user makes the process's own files in `/proc` those of root.
    set_dumpable(True)


def _owns_all_users() -> bool:
    with open("/proc/self/uid_map", encoding="ascii") as file:
        return file.read().split() == _WHOLE_RANGE


def _create_mapping(user: int) -> int:
    """A descriptor of a user namespace that maps root to `user`, made by a short-lived process."""
    with Part("create a user namespace"):
        ready, is_ready = os.pipe()
        child = os.fork()
        if child == 0:
            _become_mapped(is_ready)
        os.close(is_ready)
        try:
            answer = os.read(ready, 16)
            if answer != b"ready":
                number = int(answer or b"0")
                raise OSError(number, os.strerror(number), "unshare")
            write_file(f"/proc/{child}/uid_map", f"0 {user} 1")
            write_file(f"/proc/{child}/gid_map", f"0 {user} 1")
            return os.open(f"/proc/{child}/ns/user", os.O_RDONLY | os.O_CLOEXEC)
        finally:
            os.close(ready)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _become_mapped(is_ready: int) -> None:
    try:
        system_call("unshare", _NEW_USER)
        os.write(is_ready, b"ready")
    except OSError as error:
        os.write(is_ready, str(error.errno).encode())
    signal.pause()
