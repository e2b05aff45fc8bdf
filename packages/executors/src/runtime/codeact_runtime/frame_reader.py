"""Receiving frames, in whichever thread has nothing better to do."""

from __future__ import annotations

import json
import os
import select
from _socket import MSG_DONTWAIT
from _socket import socket as Socket
from _thread import allocate_lock
from time import monotonic

from .outputs import duplicate_privately

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _thread import LockType
    from typing import Any, Callable, NoReturn

    from .interrupts import Interrupts

_READ_BYTES = 16_384
_READ_BYTES_OF_BLOBS = 1_048_576
# How often a wait inside of user code looks whether a signal handler of the user, which may call
# tools as well, has received what the wait is for.
_NESTED_CHECK_SECONDS = 1.0
# A sleeping core takes longer to wake than most tools of a program take to answer.
_AWAKE_SECONDS = 0.0002
_EDGE = getattr(select, "EPOLLIN", 0) | getattr(select, "EPOLLET", 0)

_scan_json: Any = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


class Frame:
    """A received frame."""

    __slots__ = ("blobs", "header", "may_hold_tags")

    def __init__(self, header: dict[str, Any], blobs: list[bytes], may_hold_tags: bool) -> None:
        self.header = header
        self.blobs = blobs
        self.may_hold_tags = may_hold_tags


class FrameReader:
    """Reads frames and passes them on.

    To wake another thread takes longer than everything else in a tool call. So the main thread
    reads by itself while it waits for an answer or for the next cell, and what comes then wakes
    no other. While it runs user code, a second thread reads: for interrupts, the end of the
    channel, and answers for other threads. Where the system has no epoll, that one does all the
    reading.
    """

    def __init__(self, descriptor: int, interrupts: Interrupts) -> None:
        self._socket = Socket(fileno=descriptor)
        self._receive = self._socket.recv
        self._interrupts = interrupts
        # What to do with a frame; set it before `wait` and `serve` are called.
        self.dispatch: Callable[[Frame], None]
        self._begin()
        interrupts.protect(FrameReader.wait.__code__)

    def _begin(self) -> None:
        self._lock = allocate_lock()
        self._received: list[bytes] = []
        # How many bytes the frame takes whose blobs are still coming.
        self._open_frame_bytes = 0
        self._main_thread_reads = False
        self._main_poll = _epoll(self._socket, getattr(select, "EPOLLIN", 0))
        self._other_poll = _epoll(self._socket, _EDGE)

    def read_first(self) -> Frame:
        """The first frame of all, before any other thread reads."""
        frames: list[Frame] = []
        self.dispatch = frames.append
        poll = _plain_poll(self._socket)
        while not frames:
            poll.poll()
            self._read_available()
        return frames[0]

    def serve(self) -> NoReturn:
        """Reads whenever the main thread does not."""
        poll = self._other_poll or _plain_poll(self._socket)
        while True:
            poll.poll()
            with self._lock:
                # What is left to the main thread wakes that, or keeps it awake.
                if not self._main_thread_reads:
                    self._read_available()

    def wait(self, arrived: LockType) -> None:
        """Waits until `arrived` can be acquired, because a frame was dispatched."""
        # Protected.
        interrupts = self._interrupts
        if self._other_poll is None or not interrupts.is_main_thread():
            arrived.acquire()
            return
        while True:
            try:
                with self._lock:
                    if arrived.acquire(False):
                        return
                    # By a call from a signal handler of the user it is so already.
                    if not self._main_thread_reads:
                        self._other_poll.unregister(self._socket)
                        self._main_thread_reads = True
                self._sleep()
            finally:
                if self._main_thread_reads:
                    interrupts.held = True
                    try:
                        with self._lock:
                            self._main_thread_reads = False
                            self._read_available()
                            # Tells of what has come since as well.
                            self._other_poll.register(self._socket, _EDGE)
                    finally:
                        interrupts.held = False
            interrupts.raise_pending()

    def adopt(self) -> None:
        """Begins anew in a branch, where the descriptor leads to another stream."""
        self._close_polls()
        self._begin()

    def abandon(self) -> None:
        """Forgets the descriptor in a forked child, which must not read."""
        self._socket.detach()
        self._close_polls()

    def _close_polls(self) -> None:
        for poll in (self._main_poll, self._other_poll):
            if poll is not None:
                poll.close()

    def _sleep(self) -> None:
        # The one step of a wait that an interrupt may cut: nothing has been read yet.
        self._interrupts.raise_pending()
        poll = self._main_poll.poll
        if not self._interrupts.active:
            poll()
            return
        end = monotonic() + _AWAKE_SECONDS
        while not poll(0):
            if monotonic() > end:
                poll(_NESTED_CHECK_SECONDS)
                return
            os.sched_yield()

    def _read_available(self) -> None:
        while True:
            limit = _READ_BYTES_OF_BLOBS if self._open_frame_bytes else _READ_BYTES
            try:
                # Received and stored in one step of the interpreter: an exception from a signal
                # handler of the user would lose the bytes between two.
                self._received.extend(map(self._receive, (limit,), (MSG_DONTWAIT,)))
            except BlockingIOError:
                return
            except ConnectionError:
                os._exit(0)
            size = len(self._received[-1])
            if not size:
                os._exit(0)
            self._take_frames()
            if size < limit:
                return

    def _take_frames(self) -> None:
        received = self._received
        if self._open_frame_bytes:
            if sum(map(len, received)) < self._open_frame_bytes:
                return
            self._open_frame_bytes = 0
        elif b"\n" not in received[-1]:
            return
        data = received[0] if len(received) == 1 else b"".join(received)
        while data:
            line, newline, rest = data.partition(b"\n")
            if not newline:
                return
            header, _ = _scan_json(line.decode(), 0)
            blobs: list[bytes] = []
            if "blobs" in header:
                size = sum(header["blobs"])
                if size > len(rest):
                    self._open_frame_bytes = len(data) - len(rest) + size
                    return
                rest = _cut_blobs(rest, header["blobs"], blobs)
            self.dispatch(Frame(header, blobs, b'"$' in line))
            # After an exception in the line above the frame comes again, which does no harm.
            data = rest
            self._received = [data] if data else []


def _cut_blobs(data: bytes, lengths: list[int], blobs: list[bytes]) -> bytes:
    """Appends the blobs at the beginning of `data`, and returns what follows them."""
    start = 0
    for length in lengths:
        blobs.append(data[start : start + length])
        start += length
    return data[start:]


def _epoll(channel: Socket, events: int) -> Any:
    """Tells when there is something to read; None where there is no such thing."""
    if not hasattr(select, "epoll"):
        return None
    poll = select.epoll()
    poll.register(channel, events)
    private = select.epoll.fromfd(duplicate_privately(poll.fileno()))
    poll.close()
    return private


def _plain_poll(channel: Socket) -> Any:
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    return poll
