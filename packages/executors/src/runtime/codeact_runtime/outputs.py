"""Standard output and standard error, which are one pipe to the host, and the marks in it."""

from __future__ import annotations

import fcntl
import io
import itertools
import os
import stat
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SIOCOUTQ = 0x5411  # bytes that the peer of a socket has not read yet
_FIONREAD = 0x541B  # bytes that wait in a pipe
_NOTHING = b"\0\0\0\0"
# Away from the low numbers that programs close in bulk.
PRIVATE_DESCRIPTOR = 1000


def duplicate_privately(descriptor: int) -> int:
    """A duplicate with a high number that child processes do not inherit."""
    import resource

    soft_limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    lowest = PRIVATE_DESCRIPTOR if soft_limit < 0 or soft_limit > PRIVATE_DESCRIPTOR + 16 else 3
    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, lowest)


def write_all(descriptor: int, data: Any) -> int:
    """Writes every byte, also where user code made the descriptor non-blocking."""
    length = len(data)
    try:
        written = os.write(descriptor, data)
        if written == length:
            return length
    except BlockingIOError:
        written = 0
    view = memoryview(data)[written:]
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except BlockingIOError:
            _wait_until_writable(descriptor)
    return length


def _wait_until_writable(descriptor: int) -> None:
    import select

    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    poll.poll()


class _StandardWriter(io.RawIOBase):
    """The unbuffered binary side of `sys.stdout`; user code cannot close it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        pass

    def write(self, data: Any) -> int:
        if type(data) is not bytes:
            data = memoryview(data).cast("B")
        return write_all(self._descriptor, data)


class _LabelledWriter(_StandardWriter):
    """The binary side of `sys.stderr`: marks what it writes, while it goes to the host's pipe."""

    def __init__(self, descriptor: int, outputs: Outputs) -> None:
        super().__init__(descriptor)
        self._outputs = outputs

    def write(self, data: Any) -> int:
        data = bytes(data)
        outputs = self._outputs
        if data and outputs.is_pipe(self._descriptor):
            outputs.write_labelled(self._descriptor, data)
            return len(data)
        return write_all(self._descriptor, data)


class StandardStream(io.TextIOWrapper):
    """`sys.stdout` or `sys.stderr`: writes at once, and stays open."""

    def close(self) -> None:
        self.flush()


def standard_stream(descriptor: int) -> StandardStream:
    """The text stream on a descriptor."""
    return _text_stream(_StandardWriter(descriptor))


def _text_stream(writer: _StandardWriter) -> StandardStream:
    # Lone surrogates, as in undecodable file names, are shown as escapes. No newline is changed.
    raw: Any = writer
    return StandardStream(
        raw, encoding="utf-8", errors="backslashreplace", newline="", write_through=True
    )


class Outputs:
    """Owns descriptors 1 and 2 and the text streams on them."""

    def __init__(self, nonce: str) -> None:
        self._pipe = duplicate_privately(1)
        self._identity = _identity(self._pipe)
        self._unread_request = _unread_request(self._pipe)
        self.set_nonce(nonce)
        self.stdout = standard_stream(1)
        self.stderr = _text_stream(_LabelledWriter(2, self))
        self._flush_c_stdout: Any = None

    def install(self) -> None:
        """Makes both descriptors the pipe and replaces `sys.stdout` and `sys.stderr`."""
        os.dup2(self._pipe, 2)
        sys.stdout = sys.__stdout__ = self.stdout  # type: ignore[misc]
        sys.stderr = sys.__stderr__ = self.stderr  # type: ignore[misc]

    def adopt(self, descriptor: int) -> None:
        """Makes another pipe the output, in a branch."""
        os.dup2(descriptor, self._pipe, inheritable=False)
        self._identity = _identity(self._pipe)
        self._unread_request = _unread_request(self._pipe)
        self.restore_descriptors()

    def set_nonce(self, nonce: str) -> None:
        """Begins the marks anew."""
        self._prefix = f"\x1b]codeact;{nonce};".encode("ascii")
        self._error_mark = self._prefix + b"e\x07"
        self._ordinary_mark = self._prefix + b"o\x07"
        self._marks = itertools.count(1)
        self._label_is_open = False

    @property
    def pipe(self) -> int:
        """The private descriptor of the pipe."""
        return self._pipe

    def is_pipe(self, descriptor: int) -> bool:
        """Whether a descriptor still leads to the host."""
        return _identity(descriptor) == self._identity

    def write_labelled(self, descriptor: int, data: bytes) -> None:
        """Writes what belongs to stderr, with the marks that say so."""
        # An interrupt may cut it, so remember that the label may be left open.
        self._label_is_open = True
        write_all(descriptor, self._error_mark + data + self._ordinary_mark)
        self._label_is_open = False

    def synchronise(self) -> int | None:
        """The mark for a frame that nothing is written after until the host has taken it.

        None if the host has read everything already.
        """
        if self._label_is_open or "ctypes" in sys.modules:
            self._finish_writes()
        request = self._unread_request
        if request is not None and fcntl.ioctl(self._pipe, request, _NOTHING) == _NOTHING:
            return None
        return self._write_mark()

    def place_mark(self) -> int:
        """The mark for a frame that output follows: it separates what came before and after."""
        self._finish_writes()
        return self._write_mark()

    def _finish_writes(self) -> None:
        if "ctypes" in sys.modules:
            self._flush_c_output()
        if self._label_is_open:
            write_all(self._pipe, self._ordinary_mark)
            self._label_is_open = False

    def _write_mark(self) -> int:
        mark = next(self._marks)
        write_all(self._pipe, b"%s%d\x07" % (self._prefix, mark))
        return mark

    def flush(self) -> None:
        """Flushes the streams that user code put in place of ours, and replaces closed ones."""
        if sys.stdout is not self.stdout:
            sys.stdout = _flushed(sys.stdout, self.stdout)
        if sys.stderr is not self.stderr:
            sys.stderr = _flushed(sys.stderr, self.stderr)

    def restore_descriptors(self) -> None:
        """Makes 1 and 2 the pipe again where user code closed or redirected them."""
        for descriptor in (1, 2):
            if not self.is_pipe(descriptor):
                os.dup2(self._pipe, descriptor)

    def _flush_c_output(self) -> None:
        # C code buffers what it prints to a pipe. Where it can be reached at no cost, flush it.
        if self._flush_c_stdout is None:
            import ctypes

            try:
                library = ctypes.PyDLL(None)
                stream = ctypes.c_void_p.in_dll(library, "stdout")
                flush = library.fflush
                flush.argtypes = [ctypes.c_void_p]
                self._flush_c_stdout = lambda: flush(stream)
            except (AttributeError, ValueError, OSError):
                self._flush_c_stdout = lambda: None
        self._flush_c_stdout()


def _flushed(stream: Any, standard: StandardStream) -> Any:
    if stream is None or getattr(stream, "closed", False):
        return standard
    stream.flush()
    return stream


def _identity(descriptor: int) -> tuple[int, int] | None:
    try:
        status = os.fstat(descriptor)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _unread_request(descriptor: int) -> int | None:
    """The ioctl that tells how much of the output is unread, where there is one."""
    if sys.platform != "linux":
        return None
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISSOCK(mode):
        return _SIOCOUTQ
    return _FIONREAD if stat.S_ISFIFO(mode) else None
