"""The private line between the supervisor and a session, over which descriptors travel."""

from __future__ import annotations

# `socket` takes several times as long to import, and nothing of what it adds is needed.
import _socket
import os
import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CREDENTIALS = struct.Struct("3i")
_MESSAGE = b"d"
_MAX_DESCRIPTORS = 3


def open_link() -> tuple[int, int]:
    """A line between supervisor and session: the supervisor's end, and the session's."""
    ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET, 0)
    # The kernel then says who sent a message.
    ours.setsockopt(_socket.SOL_SOCKET, _socket.SO_PASSCRED, 1)
    ours.setblocking(False)
    return ours.detach(), theirs.detach()


def send_descriptors(link: int, descriptors: list[int]) -> None:
    """Hands descriptors to a session; none mean that its fork is given up."""
    data = struct.pack(f"{len(descriptors)}i", *descriptors)
    rights = (_socket.SOL_SOCKET, _socket.SCM_RIGHTS, data)
    connection = _socket.socket(fileno=link)
    try:
        connection.sendmsg([_MESSAGE], [rights] if descriptors else [])
    finally:
        connection.detach()


def receive_descriptors(link: int) -> list[int]:
    """Waits for what `send_descriptors` sends."""
    connection = _socket.socket(fileno=link)
    size = _MAX_DESCRIPTORS * struct.calcsize("i")
    try:
        _, ancillary, _, _ = connection.recvmsg(16, _socket.CMSG_SPACE(size))
    finally:
        connection.detach()
    for level, kind, data in ancillary:
        if level == _socket.SOL_SOCKET and kind == _socket.SCM_RIGHTS:
            return list(struct.unpack(f"{len(data) // struct.calcsize('i')}i", data))
    return []


def receive_sender(link: int) -> int | None:
    """The process that has announced itself; None if there will be none."""
    connection = _socket.socket(fileno=link)
    try:
        message, ancillary, _, _ = connection.recvmsg(16, _socket.CMSG_SPACE(_CREDENTIALS.size))
    except OSError:
        return None
    finally:
        connection.detach()
    if not message:
        return None
    for level, kind, data in ancillary:
        if level == _socket.SOL_SOCKET and kind == _socket.SCM_CREDENTIALS:
            return int(_CREDENTIALS.unpack(data)[0])
    return None


def peer_of(descriptor: int) -> int:
    """The process that has opened a connection."""
    connection = _socket.socket(fileno=descriptor)
    try:
        peer = connection.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, _CREDENTIALS.size)
    finally:
        connection.detach()
    return int(_CREDENTIALS.unpack(peer)[0])


def listen(path: str, backlog: int) -> int:
    """A socket that only this user can connect to."""
    listener = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM, 0)
    previous_mask = os.umask(0o177)
    listener.bind(path)
    os.umask(previous_mask)
    listener.listen(backlog)
    listener.setblocking(False)
    return listener.detach()


def accept(listener: int) -> int | None:
    """The next connection, which does not block; None if there is none."""
    connection: Any = _socket.socket(fileno=listener)
    try:
        descriptor = int(connection._accept()[0])
    except BlockingIOError:
        return None
    finally:
        connection.detach()
    os.set_blocking(descriptor, False)
    return descriptor
