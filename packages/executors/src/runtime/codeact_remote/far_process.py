"""The process of a session, and its two streams."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from select import POLLIN, POLLOUT

from .link import PIECE_BYTES, WINDOW_BYTES, make_private
from .process_tree import kill, kill_orphans, send_signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import NoReturn

    from .link import Link

# How long streams may stay open after the exit: an escaped descendant can hold them.
_DRAIN_SECONDS = 0.25
_FAULT_STATUS = 70


class _Source:
    """A stream of the process, carried to the host as far as its window allows."""

    def __init__(self, name: str, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self.name = name
        self.descriptor = descriptor
        self.credit = WINDOW_BYTES
        self.ended = False

    def carry(self, link: Link) -> None:
        try:
            data = os.read(self.descriptor, min(self.credit, PIECE_BYTES))
        except BlockingIOError:
            return
        except ConnectionResetError:
            data = b""
        self.ended = not data
        self.credit -= len(data)
        link.send({"type": self.name}, data)


class FarProcess:
    """A Python that serves the runtime protocol, in a process group of its own."""

    def __init__(self, bootstrap: str, environment: Mapping[str, str], link: Link) -> None:
        self._link = link
        near, far = (end.detach() for end in socket.socketpair())
        output, far_output = os.pipe()
        self._channel = _Source("channel", near)
        self._output = _Source("output", output)
        self._unwritten = bytearray()
        self._ungranted = 0
        self._exit_reason: str | None = None
        self._deadline = 0.0
        try:
            self._pid = _spawn(bootstrap, environment, far, far_output)
        except BaseException:
            self._close()
            raise
        finally:
            os.close(far)
            os.close(far_output)

    def interests(self) -> Iterator[tuple[int, int]]:
        """What the relay should poll for."""
        channel = POLLOUT if self._unwritten else 0
        if self._channel.credit > 0 and not self._channel.ended:
            channel |= POLLIN
        if channel:
            yield self._channel.descriptor, channel
        if self._output.credit > 0 and not self._output.ended:
            yield self._output.descriptor, POLLIN

    def carry(self, descriptor: int, events: int) -> None:
        """Carries what a poll has found."""
        if descriptor == self._output.descriptor:
            self._output.carry(self._link)
            return
        if events & POLLOUT:
            self._write_channel()
        if events & ~POLLOUT and self._channel.credit > 0 and not self._channel.ended:
            self._channel.carry(self._link)

    def write(self, data: bytes) -> None:
        """Passes bytes to the channel; those of a window at most are kept."""
        self._unwritten += data
        self._write_channel()

    def grant(self, stream: str, count: int) -> None:
        """The host has taken so many bytes of a stream."""
        source = self._output if stream == "output" else self._channel
        source.credit += count

    def interrupt(self) -> None:
        """Sends SIGINT to the process and its children."""
        if self._exit_reason is None:
            send_signal(-self._pid, signal.SIGINT)

    def kill(self) -> None:
        """Kills the process and all that it started."""
        if self._exit_reason is None:
            kill(self._pid)

    def wait(self) -> None:
        """Waits for the end of a killed process, and of what it started."""
        if self._exit_reason is None:
            self.notice_exit(*os.waitpid(self._pid, 0))

    def notice_exit(self, pid: int, status: int) -> None:
        """Called for every child that has ended."""
        if pid != self._pid or self._exit_reason is not None:
            return
        # At once: the number of the group is in use only as long as it has members.
        send_signal(-pid, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(status)
        self._exit_reason = f"exited with code {code}" if code >= 0 else f"killed by {_name(-code)}"
        self._deadline = time.monotonic() + _DRAIN_SECONDS
        kill_orphans()

    @property
    def remaining_seconds(self) -> float | None:
        """How long to wait for the last bytes; None while the process lives."""
        if self._exit_reason is None:
            return None
        if self._channel.ended and self._output.ended:
            return 0.0
        return max(0.0, self._deadline - time.monotonic())

    def finish(self) -> None:
        """Tells the host of the exit, after all bytes."""
        self._close()
        self._link.send({"type": "exit", "reason": self._exit_reason})

    def _write_channel(self) -> None:
        try:
            while self._unwritten:
                written = os.write(self._channel.descriptor, self._unwritten)
                del self._unwritten[:written]
                self._ungranted += written
        except BlockingIOError:
            pass
        except OSError:
            # It has closed its end. What the host still says has no reader.
            self._unwritten.clear()
        if self._ungranted >= WINDOW_BYTES // 2:
            self._link.send({"type": "grant", "bytes": self._ungranted})
            self._ungranted = 0

    def _close(self) -> None:
        os.close(self._channel.descriptor)
        os.close(self._output.descriptor)


def _spawn(bootstrap: str, environment: Mapping[str, str], channel: int, output: int) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            _become_session(bootstrap, environment, channel, output)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(_FAULT_STATUS)
    return pid


def _become_session(
    bootstrap: str, environment: Mapping[str, str], channel: int, output: int
) -> NoReturn:
    signal.set_wakeup_fd(-1)
    # A program that is executed inherits what is ignored.
    for number in (signal.SIGINT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    # Else it could be 3 itself, and stay closed to what is executed.
    channel = make_private(channel)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(channel, 3)
    os.setsid()
    os.execve(sys.executable, [sys.executable, "-I", "-c", bootstrap], dict(environment))


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
