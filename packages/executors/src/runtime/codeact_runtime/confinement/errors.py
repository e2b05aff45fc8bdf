"""What to say when the platform refuses a part of the confinement."""

from __future__ import annotations

import errno as error_numbers
import os

from ..refusal import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any


class ConfinementError(Refusal):
    """A part of the confinement is not available; the session must not run."""

    def __init__(self, part: str, problem: str, advice: str, number: int | None = None) -> None:
        super().__init__(f"Cannot {part}: {problem}. {advice}")
        self.part = part
        self.problem = problem
        self.advice = advice
        self.number = number

    def facts(self) -> dict[str, Any]:
        """What another process needs to raise it again."""
        members = ("part", "problem", "advice", "number")
        return {name: getattr(self, name) for name in members}


class SystemCallError(OSError):
    """A system call failed; unlike an OSError it knows which."""

    def __init__(self, number: int, call: str) -> None:
        super().__init__(number, os.strerror(number))
        self.call = call


class Part:
    """A context: an OSError in it becomes a ConfinementError that names the part."""

    def __init__(self, part: str, advice: str = "") -> None:
        self._part = part
        self._advice = advice

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if isinstance(error, OSError):
            number = error.errno or 0
            advice = self._advice or _likely_cause(number)
            raise ConfinementError(self._part, _describe(error), advice, number) from error


def _describe(error: OSError) -> str:
    name = error_numbers.errorcode.get(error.errno or 0, "an unknown error")
    where = error.call if isinstance(error, SystemCallError) else f"the use of {error.filename!r}"
    return f"{where} failed with {name} ({error.strerror})"


def _likely_cause(number: int) -> str:
    """Why a machine refuses namespaces and mounts, and what to do about it."""
    if number == error_numbers.ENOSYS:
        return f"This kernel ({os.uname().release}) or the container around it lacks the call."
    if number == error_numbers.EINVAL:
        return "Most likely this process has threads: make the sandbox before any are started."
    if _read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1":
        return (
            "AppArmor restricts user namespaces here: allow them to this Python by an AppArmor "
            "profile, or set kernel.apparmor_restrict_unprivileged_userns=0."
        )
    if _read("/proc/sys/kernel/unprivileged_userns_clone") == "0":
        return "User namespaces are switched off: set kernel.unprivileged_userns_clone=1."
    if number == error_numbers.ENOSPC:
        return "The number of user namespaces is used up: raise user.max_user_namespaces."
    if "\nSeccomp:\t2" in _read("/proc/self/status"):
        return (
            "A system call filter, usually that of a container, forbids it: allow user namespaces "
            "in the container's seccomp profile, or use the container itself as the sandbox."
        )
    return "Something in the configuration of this machine forbids it: see docs/sandbox.md."


def _read(path: str) -> str:
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return ""
