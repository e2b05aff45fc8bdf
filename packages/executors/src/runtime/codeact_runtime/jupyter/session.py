"""A session of a host in a kernel: what happens before and after each of its cells."""

from __future__ import annotations

import builtins
import json
import os
import shutil
import sys
import tempfile
import time
import warnings

from ..import_hooks import ImportHooks
from ..process import _Exit
from ..tool_calls import ToolError
from ..tool_names import ToolNames
from .control import ControlRequests
from .interrupts import KernelInterrupts
from .lease import Lease
from .published import Publisher
from .reports import KernelReporter
from .shell_changes import ShellChanges
from .stdin_calls import StdinCaller
from .streams import Streams

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

_DISPLAY_TYPES = frozenset(("display_data", "execute_result", "update_display_data"))
# The messages of a process that ends at once get this long to leave it.
_LAST_OUTPUT_SECONDS = 0.1


def install(shell: Any, hello: dict[str, Any]) -> None:
    """Makes the kernel serve a host; the reply to the running request says `ready`."""
    previous = getattr(shell.kernel, "codeact_session", None)
    if previous is not None:
        previous.uninstall()
    shell.kernel.codeact_session = KernelSession(shell, hello)


class KernelSession:
    """Everything of one session."""

    def __init__(self, shell: Any, hello: dict[str, Any]) -> None:
        self.shell = shell
        self.kernel = kernel = shell.kernel
        self.cell: int | None = None
        self._process = os.getpid()
        self._nonce: str = hello["nonce"]
        self._parent: Any = None
        self._ident: Any = None
        self._last_cell = 0
        self._last_report: dict[str, Any] | None = None
        self._send = kernel.session.send
        self._owns_workspace: bool = hello["ownsWorkspace"]
        self.workspace = self._enter_workspace(hello)
        os.environ.update(hello["env"])
        self.interrupts = KernelInterrupts(kernel)
        self.publisher = Publisher(kernel)
        self.streams = Streams(self._nonce, self.publisher)
        self.caller = StdinCaller(self)
        self._reporter = KernelReporter(shell, self.workspace, bool(hello["tools"]))
        self._changes = ShellChanges(shell, self)
        self._control = ControlRequests(self)
        self.lease = Lease(hello["leaseSeconds"], self)
        self._install_hooks()
        self._install_names(hello["tools"])
        self._report: dict[str, Any] | None = {
            "type": "ready",
            "python": ".".join(str(part) for part in sys.version_info[:3]),
            "pid": os.getpid(),
            "workspace": self.workspace,
        }

    @property
    def stdin_socket(self) -> Any:
        """The socket on which answers come."""
        return self.kernel.stdin_socket

    def send_stdin(self, prompt: str, buffers: list[bytes]) -> None:
        """Asks the host for something, in the name of the running cell."""
        content = {"prompt": prompt, "password": False}
        self._send(
            self.stdin_socket,
            "input_request",
            content,
            self._parent,
            ident=self._ident,
            buffers=buffers,
        )

    def receive_stdin(self) -> tuple[dict[str, Any], list[Any]] | None:
        """An answer of the host; None for anything else."""
        _, message = self.kernel.session.recv(self.stdin_socket)
        try:
            return json.loads(message["content"]["value"]), message["buffers"]
        except (KeyError, TypeError, ValueError):
            return None

    def is_own(self, parent: Any) -> bool:
        """Whether a request comes from this session's host."""
        ours = parent.get("metadata", {}).get("codeact")
        return isinstance(ours, dict) and ours.get("nonce") == self._nonce

    @property
    def progress(self) -> dict[str, Any]:
        """The last cell that began, and how it ended, if it has."""
        return {"begun": self._last_cell, "report": self._last_report}

    def uninstall(self) -> None:
        """Leaves the kernel as it was found."""
        self._changes.uninstall()
        self.interrupts.uninstall()
        self._control.uninstall()
        self.lease.end()
        self.kernel.session.send = self._send
        self.kernel.init_metadata = self._init_metadata
        self.kernel.finish_metadata = self._finish_metadata
        self.kernel.should_handle = self._should_handle
        self._reporter.uninstall()
        self.kernel.codeact_session = None

    def end_by_tool_or_error(self, error: BaseException | None) -> None:
        """Notes how the cell ended; called while user code may still be in charge."""
        self._reporter.note(error)
        self._tool_names.restore()
        self.streams.flush()

    def deliver_output(self) -> None:
        """Gives the output of the running cell a chance to leave a process that is about to die."""
        if self.cell is None or os.getpid() != self._process:
            return
        self.streams.flush()
        self.streams.synchronise()
        time.sleep(_LAST_OUTPUT_SECONDS)

    def note_shown_error(self, error: BaseException | None) -> None:
        """Notes what IPython would have printed as a traceback."""
        self._reporter.note_shown(error)

    def send_control(
        self,
        stream: Any,
        kind: str,
        content: dict[str, Any],
        parent: Any,
        ident: Any,
        buffers: list[bytes],
    ) -> None:
        """Answers a request of the control channel."""
        self._send(stream, kind, content, parent, ident=ident, buffers=buffers)

    def remove_workspace(self) -> None:
        """Removes the workspace if it is a temporary one of this session."""
        if self._owns_workspace:
            shutil.rmtree(self.workspace, ignore_errors=True)

    def _enter_workspace(self, hello: dict[str, Any]) -> str:
        path = hello["workspace"]
        if path is None and not self._owns_workspace:
            return os.getcwd()
        if path is None:
            path = tempfile.mkdtemp(prefix="codeact-")
        os.makedirs(path, exist_ok=True)
        path = os.path.realpath(path)
        os.chdir(path)
        sys.path.insert(0, path)
        return str(path)

    def _install_hooks(self) -> None:
        kernel = self.kernel
        self._init_metadata = kernel.init_metadata
        self._finish_metadata = kernel.finish_metadata
        kernel.init_metadata = self._before_cell
        kernel.finish_metadata = self._after_cell
        self._should_handle = kernel.should_handle
        kernel.should_handle = self._handles
        kernel.session.send = self._send_or_number
        self.interrupts.protect(KernelSession._send_or_number.__code__)
        hooks = ImportHooks()
        hooks.install()
        hooks.when_imported("asyncio", _adapt_asyncio)
        # What IPython says of exit() is for people.
        warnings.filterwarnings("ignore", message="To exit: use 'exit'")

    def _install_names(self, tools: list[dict[str, Any]]) -> None:
        names: Any = builtins
        names.ToolError = ToolError
        for name in ("exit", "quit"):
            self.shell.user_ns[name] = _Exit()
        self._tool_names = ToolNames(self.shell.user_ns, tools, self.caller)

    def _handles(self, stream: Any, message: Any, ident: Any) -> Any:
        # A host whose connection broke sends its request again.
        if self.is_own(message):
            cell = message["metadata"]["codeact"].get("cell")
            if cell is not None and cell <= self._last_cell:
                return False
        return self._should_handle(stream, message, ident)

    def _before_cell(self, parent: Any) -> Any:
        if self.is_own(parent):
            ours = parent["metadata"]["codeact"]
            if "cell" in ours:
                self._begin_cell(parent, ours)
        return self._init_metadata(parent)

    def _begin_cell(self, parent: Any, ours: dict[str, Any]) -> None:
        if self.cell is not None:
            # An interrupt struck ipykernel, which then answers nothing.
            self._end_cell({"status": "error"})
        number = ours["cell"]
        self._parent = parent
        self._ident = self.kernel._parent_ident["shell"]
        self._changes.begin_cell()
        self._reporter.begin_cell(number, parent["content"]["code"])
        self.publisher.begin_cell(parent, ours["maxOutputBytes"])
        self.caller.begin_cell()
        self.streams.take()
        self.cell = self._last_cell = number
        self._last_report = None
        self.interrupts.begin_cell(number)

    def _after_cell(self, parent: Any, metadata: Any, reply: Any) -> Any:
        metadata = self._finish_metadata(parent, metadata, reply)
        if self.is_own(parent):
            if self.cell is not None:
                self._end_cell(reply)
            metadata["codeact"], self._report = self._report, None
        return metadata

    def _end_cell(self, reply: dict[str, Any]) -> None:
        number = self.cell
        self.interrupts.end_cell()
        report = self._reporter.report(reply)
        self.streams.give_back()
        lost = self.publisher.end_cell()
        self.cell = None
        self._report = {
            "type": "done",
            "cell": number,
            **report,
            "number": self.publisher.number,
            "lost": lost,
        }
        self._last_report = self._report

    def _send_or_number(self, stream: Any, message: Any, *arguments: Any, **named: Any) -> Any:
        if self.cell is not None and isinstance(message, dict):
            kind = message.get("msg_type")
            if kind in _DISPLAY_TYPES and stream is self.kernel.iopub_socket:
                self.streams.synchronise()
                self.publisher.display(kind, message["content"])
                return message
        return self._send(stream, message, *arguments, **named)


def _adapt_asyncio(asyncio: ModuleType) -> None:
    from ..asyncio_support import adapt_asyncio

    adapt_asyncio(asyncio)
