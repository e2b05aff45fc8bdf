"""Sending frames: a line of JSON, then raw blobs."""

from __future__ import annotations

import json
import os
from _thread import allocate_lock, start_new_thread
from json.encoder import encode_basestring, encode_basestring_ascii

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, Callable

    from .interrupts import Interrupts

MAX_LINE_BYTES = 16 * 1024 * 1024
MAX_BLOBS_BYTES = 256 * 1024 * 1024
# The kernel takes or refuses a write of this size to a socket as a whole.
ATOMIC_BYTES = 16_384


def _make_encoder(escape: Callable[[str], str]) -> Callable[[Any, int], Iterable[str]]:
    # The C encoder, which JSONEncoder would make anew for every frame at the cost of using it.
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    plain = json.JSONEncoder(
        ensure_ascii=escape is encode_basestring_ascii,
        separators=(",", ":"),
        check_circular=False,
    )
    if make is None:
        return lambda value, _level: (plain.encode(value),)
    encoder: Callable[[Any, int], Iterable[str]] = make(
        None, plain.default, escape, None, ":", ",", False, False, True
    )
    return encoder


_to_json = _make_encoder(encode_basestring)
_to_ascii_json = _make_encoder(encode_basestring_ascii)


class FrameTooLargeError(ValueError):
    """A frame exceeds what the protocol allows."""


class Channel:
    """The way to the host; any thread sends. What comes from there is for `FrameReader`."""

    def __init__(self, descriptor: int, interrupts: Interrupts) -> None:
        self._descriptor = descriptor
        self._interrupts = interrupts
        self._lock = allocate_lock()
        # Decided under the send lock, so that no frame of a cell follows its `done`.
        self.cell: int | None = None
        interrupts.protect(Channel._write_whole.__code__)

    def send(
        self,
        header: dict[str, Any],
        blobs: Sequence[bytes] = (),
        cell: int | None = None,
        before: bytes = b"",
    ) -> bool:
        """Sends a frame as a whole, whatever signals arrive meanwhile.

        With `cell`, only while that cell runs; returns whether it was sent. The frame `done`
        ends its cell. `before` is an encoded frame that goes along: it gets the same mark.
        Raises FrameTooLargeError before anything is sent.
        """
        parts = _encode_frame(header, blobs)
        if before:
            parts[0] = _with_mark(before, header.get("mark")) + parts[0]
        ends_cell = header["type"] == "done"
        is_atomic = len(parts) == 1 and len(parts[0]) <= ATOMIC_BYTES
        if is_atomic or not self._interrupts.is_main_thread():
            sent = self._write_whole(parts, cell, ends_cell)
        else:
            sent = self._write_in_thread(parts, cell, ends_cell)
        self._interrupts.raise_pending()
        return sent

    def abandon(self) -> None:
        """Closes the descriptor in a forked child, whose parent owns the channel."""
        os.close(self._descriptor)
        self._lock = allocate_lock()
        self.cell = None

    def adopt(self, descriptor: int) -> None:
        """Makes this the channel of a branch: another stream under the same number."""
        os.dup2(descriptor, self._descriptor, inheritable=False)
        self._lock = allocate_lock()
        self.cell = None

    def _write_whole(self, parts: list[bytes], cell: int | None, ends_cell: bool) -> bool:
        # Protected: calls nothing written in Python while it holds the lock.
        with self._lock:
            if cell is not None and cell != self.cell:
                return False
            if ends_cell:
                self.cell = None
            try:
                for part in parts:
                    rest: Any = part
                    while rest:
                        written = os.write(self._descriptor, rest)
                        rest = memoryview(rest)[written:] if written < len(rest) else None
            except OSError as error:
                try:
                    os.write(2, b"The channel to the host is closed: %s\n" % str(error).encode())
                finally:
                    # Where the host is gone, so is the reader of descriptor 2.
                    os._exit(70)
        return True

    def _write_in_thread(self, parts: list[bytes], cell: int | None, ends_cell: bool) -> bool:
        # A long write can be cut by an exception from a signal handler of the user. Signals are
        # handled in the main thread only, so another thread writes.
        sent: list[bool] = []
        finished = allocate_lock()
        finished.acquire()

        def write() -> None:
            sent.append(self._write_whole(parts, cell, ends_cell))
            finished.release()

        try:
            start_new_thread(write, ())
        except RuntimeError:
            # The system refuses threads; a signal handler that raises is less likely than that.
            return self._write_whole(parts, cell, ends_cell)
        finished.acquire()
        return sent[0]


def encode_line(header: dict[str, Any]) -> bytes:
    """The line of a frame; raises FrameTooLargeError."""
    try:
        line = "".join(_to_json(header, 0)).encode("utf-8")
    except UnicodeEncodeError:
        line = "".join(_to_ascii_json(header, 0)).encode("ascii")
    if len(line) > MAX_LINE_BYTES:
        raise FrameTooLargeError("is larger than 16 MiB; write it to a file instead")
    return line + b"\n"


def _encode_frame(header: dict[str, Any], blobs: Sequence[bytes]) -> list[bytes]:
    if blobs:
        header["blobs"] = [len(blob) for blob in blobs]
        if sum(header["blobs"]) > MAX_BLOBS_BYTES:
            raise FrameTooLargeError("is larger than 256 MiB; write it to a file instead")
    return [encode_line(header), *blobs]


def _with_mark(line: bytes, mark: int | None) -> bytes:
    return line if mark is None else b'%s,"mark":%d}\n' % (line[:-2], mark)
