"""Joins a host's link to the process of a session."""

from __future__ import annotations

import os
import select
import signal

from .directory_walk import describe
from .far_process import FarProcess
from .link import Link, LinkClosedError
from .process_tree import keep_orphans
from .workspace import Workspace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

_FAULT_STATUS = 70


def main(bootstrap: str) -> NoReturn:
    """Serves the host on the standard streams until it is gone, then leaves nothing behind."""
    relay = Relay(Link(), bootstrap)
    status = 0
    for step in (relay.run, relay.dispose):
        try:
            step()
        except LinkClosedError:
            continue
        except BaseException:
            import traceback

            traceback.print_exc()
            status = _FAULT_STATUS
    os._exit(status)


class Relay:
    """One host, one workspace, one process at a time."""

    def __init__(self, link: Link, bootstrap: str) -> None:
        self._link = link
        self._bootstrap = bootstrap
        self._environment: dict[str, str] = {}
        self._workspace: Workspace | None = None
        self._process: FarProcess | None = None
        self._signals = _listen_for_signals()
        keep_orphans()

    def run(self) -> None:
        """Carries frames and bytes; raises LinkClosedError when the host is gone."""
        while True:
            process = self._process
            poll = select.poll()
            poll.register(self._link.input, select.POLLIN)
            poll.register(self._signals, select.POLLIN)
            for descriptor, events in process.interests() if process else ():
                poll.register(descriptor, events)
            seconds = process.remaining_seconds if process else None
            for descriptor, events in poll.poll(None if seconds is None else seconds * 1000):
                if descriptor == self._link.input:
                    for header, blob in self._link.receive():
                        self._take(header, blob)
                elif descriptor == self._signals:
                    self._take_signals()
                elif process is not None:
                    process.carry(descriptor, events)
            if process is not None and process.remaining_seconds == 0:
                process.finish()
                self._process = None

    def dispose(self) -> None:
        """Ends the process and removes a temporary workspace."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._workspace is not None:
            self._workspace.dispose()

    def _take(self, header: dict[str, Any], blob: bytes) -> None:
        kind = header["type"]
        process = self._process
        if kind == "open":
            self._open(header)
        elif kind == "start":
            self._start()
        elif kind == "file":
            self._perform(header, blob)
        elif process is None:
            # It was on its way when the process ended.
            return
        elif kind == "channel":
            process.write(blob)
        elif kind == "grant":
            process.grant(header["stream"], header["bytes"])
        elif kind == "interrupt":
            process.interrupt()
        elif kind == "kill":
            process.kill()

    def _open(self, header: dict[str, Any]) -> None:
        self._environment = {**os.environ, **header["env"]}
        try:
            self._workspace = Workspace(header["workspace"], header["keepWorkspace"])
        except OSError as error:
            message = f"Cannot make the workspace there: {error}"
            self._link.send({"type": "refused", "message": message})
            raise LinkClosedError from error
        self._link.send({"type": "opened", "workspace": self._workspace.path})

    def _start(self) -> None:
        try:
            self._process = FarProcess(self._bootstrap, self._environment, self._link)
        except OSError as error:
            self._link.send({"type": "exit", "reason": f"not started: {error}"})

    def _perform(self, header: dict[str, Any], data: bytes) -> None:
        assert self._workspace is not None
        answer = {"type": "file-result", "id": header["id"]}
        try:
            blob = self._workspace.perform(header, data)
        except Exception as error:
            self._link.send({**answer, "ok": False, "message": describe(error)})
        else:
            self._link.send({**answer, "ok": True}, blob)

    def _take_signals(self) -> None:
        if any(number != signal.SIGCHLD for number in os.read(self._signals, 512)):
            raise LinkClosedError
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if self._process is not None:
                self._process.notice_exit(pid, status)


def _listen_for_signals() -> int:
    """The descriptor from which the numbers of arriving signals can be read."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _ignore)
    # Meant for the process: the host sends it by a frame.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return reading


def _ignore(*_arguments: Any) -> None:
    pass
