"""What the enclosures of a supervisor have in common."""

from __future__ import annotations

import os

from . import landlock, privileges, seccomp
from .enclosure import Enclosure
from .errors import ConfinementError, Part
from .file_system import TEMPORARY, FileSystem
from .identity import Identity
from .kernel import require_linux
from .warden import Plan, Warden

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from .policy import Limits


class Sandbox:
    """Makes enclosures. The supervisor creates it once, before it has threads or large libraries.

    It changes the calling process: that becomes the parent of orphaned descendants, and, unless it
    is root, enters a user namespace, in which it may put children into enclosures. So it must not
    run user code itself.

    `variables` names what the environment may hold. Raises ConfinementError if this machine cannot
    confine; what only shows when it is used, `create_enclosure` and `Enclosure.enter` report.
    """

    def __init__(
        self, readable_paths: Iterable[str], variables: Collection[str], limits: Limits
    ) -> None:
        require_linux()
        _check_environment(variables)
        with Part("use Landlock", "Build the kernel with it and name it in the boot option `lsm`."):
            landlock_version = landlock.supported_version()
        self._limits = limits
        self._requested: list[str] = []
        identity = Identity()
        self._plan = Plan(
            identity,
            FileSystem(readable_paths, limits.temporary_bytes, identity),
            landlock_version,
            seccomp.build_filter(),
        )
        with Part("adopt orphaned processes"):
            privileges.adopt_orphans()
        if not identity.starts_as_root:
            identity.enter_user_namespace()
        self._warden = Warden(self._plan)

    @property
    def helper(self) -> int:
        """The process that makes enclosures, a child of this one."""
        return self._warden.process

    @property
    def descriptor(self) -> int:
        """Can be read when `receive_enclosure` will not have to wait."""
        return self._warden.descriptor

    def create_enclosure(self, writable_paths: Sequence[str]) -> Enclosure:
        """Makes an enclosure in which these paths, usually a workspace, can be written."""
        self.request_enclosure(writable_paths)
        return self.receive_enclosure()

    def request_enclosure(self, writable_paths: Sequence[str]) -> None:
        """Has an enclosure made meanwhile; `receive_enclosure` must follow before all else."""
        self._requested = list(writable_paths)
        self._warden.request_enclosure(writable_paths)

    def receive_enclosure(self) -> Enclosure:
        """The enclosure that was requested, when it is ready."""
        init, has_processes = self._warden.receive_enclosure()
        return Enclosure(self._plan, self._limits, self._requested, init, has_processes)

    def mount(self, enclosure: Enclosure, path: str, name: str) -> str:
        """Shows a directory in an enclosure, writable. Returns its path there, in `/tmp`."""
        self._warden.mount(enclosure.init, path, name)
        return os.path.join(TEMPORARY, name)

    def close(self) -> None:
        """Ends the helper process; enclosures remain."""
        self._warden.close()


def _check_environment(variables: Collection[str]) -> None:
    # What the process was started with stays readable in `/proc`, whatever is changed later.
    with open("/proc/self/environ", "rb") as file:
        names = {os.fsdecode(entry.split(b"=", 1)[0]) for entry in file.read().split(b"\0")}
    unexpected = sorted(names - {"", *variables})
    if unexpected:
        raise ConfinementError(
            "start a session with a clean environment",
            f"this process was started with {', '.join(unexpected)}",
            "Start it with the allowed variables only.",
        )
