"""Ends a kernel whose host is gone."""

from __future__ import annotations

import os
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .session import KernelSession

_TICK_SECONDS = 0.5
_UNREADABLE = "The host of this kernel is gone; it must not be started again.\n"


class Lease:
    """Counts the time in which the host has not shown up, and acts when it is too long."""

    def __init__(self, seconds: float | None, session: KernelSession) -> None:
        self._session = session
        self._ticks = 0
        self._ended = threading.Event()
        if seconds is not None:
            self._limit = seconds / _TICK_SECONDS
            threading.Thread(target=self._watch, name="codeact-lease", daemon=True).start()

    def renew(self) -> None:
        """The host has shown up."""
        self._ticks = 0

    def end(self) -> None:
        """The session ends in an orderly way."""
        self._ended.set()

    def _watch(self) -> None:
        # Own ticks, not the clock: a computer that sleeps, or C code that lets no thread run,
        # hides the host's messages as well.
        while not self._ended.wait(_TICK_SECONDS):
            self._ticks += 1
            if self._ticks > self._limit:
                self._expire()

    def _expire(self) -> None:
        self._session.remove_workspace()
        self.forbid_restart()
        os._exit(0)

    def forbid_restart(self) -> None:
        """Keeps the server from starting the kernel anew, and again and again.

        A server takes any end for an accident. It cannot start a kernel whose connection file is
        no connection file; an entry without a process may stay on its list until it is culled.
        """
        from importlib import import_module

        try:
            path = import_module("ipykernel.connect").get_connection_file()
            with open(path, "w") as file:
                file.write(_UNREADABLE)
        except (OSError, RuntimeError):
            return
