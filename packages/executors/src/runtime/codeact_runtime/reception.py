"""Where the host connects the streams of sessions, and the loop that waits for it and others."""

from __future__ import annotations

import os
import select

from .links import accept, listen, peer_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Callable

    # Takes token, role and descriptor; returns whether the descriptor is of use.
    TakeConnection = Callable[[bytes, bytes, int], bool]

# A connection begins with the token of its session and a letter for its role.
_TOKEN_BYTES = 32
_BACKLOG = 4096


class Watched:
    """Descriptors with what to do when they can be read."""

    def __init__(self) -> None:
        self._poll = select.poll()
        self._handlers: dict[int, Callable[[], None]] = {}

    @property
    def descriptors(self) -> Iterable[int]:
        """All that are watched."""
        return self._handlers.keys()

    def add(self, descriptor: int, handler: Callable[[], None]) -> None:
        """Watches one more."""
        self._handlers[descriptor] = handler
        self._poll.register(descriptor, select.POLLIN)

    def remove(self, descriptor: int) -> None:
        """Watches it no more."""
        del self._handlers[descriptor]
        self._poll.unregister(descriptor)

    def wait(self, timeout_milliseconds: float | None) -> bool:
        """Waits until something can be read, and does what is to be done.

        Returns whether there was anything.
        """
        found = self._poll.poll(timeout_milliseconds)
        for descriptor, _ in found:
            # One handler may remove what another one waits for.
            handler = self._handlers.get(descriptor)
            if handler is not None:
                handler()
        return bool(found)


class Reception:
    """Listens on a socket that only its user can reach, and turns away all but the host."""

    def __init__(self, path: str, host: int, watched: Watched, take: TakeConnection) -> None:
        self._host = host
        self._watched = watched
        self._take = take
        self._listener = listen(path, _BACKLOG)

    def open(self) -> None:
        """Takes connections from now on."""
        self._watched.add(self._listener, self._accept)

    def _accept(self) -> None:
        while True:
            descriptor = accept(self._listener)
            if descriptor is None:
                return
            if peer_of(descriptor) == self._host:
                self._watched.add(descriptor, self._greeting_reader(descriptor))
            else:
                os.close(descriptor)

    def _greeting_reader(self, descriptor: int) -> Callable[[], None]:
        greeting = bytearray()

        def read() -> None:
            try:
                data = os.read(descriptor, _TOKEN_BYTES + 1 - len(greeting))
            except OSError:
                data = b""
            greeting.extend(data)
            if data and len(greeting) <= _TOKEN_BYTES:
                return
            self._watched.remove(descriptor)
            os.set_blocking(descriptor, True)
            token, role = bytes(greeting[:_TOKEN_BYTES]), bytes(greeting[_TOKEN_BYTES:])
            if not self._take(token, role, descriptor):
                os.close(descriptor)

        return read
