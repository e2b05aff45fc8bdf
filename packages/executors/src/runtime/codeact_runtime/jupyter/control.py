"""Requests of the host on the control channel, which a kernel serves also while a cell runs."""

from __future__ import annotations

import os

from .files import WorkspaceRequests

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .session import KernelSession

_MESSAGE_TYPE = "codeact_request"
_KILLED_STATUS = 137


class ControlRequests:
    """Answers `codeact_request` messages; runs in the kernel's control thread."""

    def __init__(self, session: KernelSession) -> None:
        self._session = session
        self._files = WorkspaceRequests(session.workspace)
        self._operations: dict[str, Callable[[dict[str, Any], list[Any]], Any]] = {
            "renew": lambda request, buffers: {},
            "interrupt": self._interrupt,
            "replay": self._replay,
            "close": self._close,
            "kill": lambda request, buffers: os._exit(_KILLED_STATUS),
            "file": self._files.answer,
        }
        session.kernel.control_handlers[_MESSAGE_TYPE] = self._take

    def uninstall(self) -> None:
        """Answers no more."""
        self._session.kernel.control_handlers.pop(_MESSAGE_TYPE, None)

    async def _take(self, stream: Any, ident: Any, message: Any) -> None:
        session = self._session
        if not session.is_own(message):
            return
        session.lease.renew()
        request = message["content"]
        buffers: list[bytes] = []
        try:
            answer = self._operations[request["operation"]](request, message["buffers"])
            if isinstance(answer, tuple):
                answer, buffers = answer
            content = {"status": "ok", **answer}
        except Exception as error:
            content = {"status": "error", "reason": _reason(error)}
        session.send_control(stream, "codeact_reply", content, message, ident, buffers)

    def _interrupt(self, request: dict[str, Any], _buffers: Any) -> dict[str, Any]:
        self._session.interrupts.request(request["cell"], request["withChildren"])
        return {}

    def _replay(self, request: dict[str, Any], _buffers: Any) -> dict[str, Any]:
        publisher = self._session.publisher
        return {"messages": publisher.since(request["after"]), **self._session.progress}

    def _close(self, request: dict[str, Any], _buffers: Any) -> dict[str, Any]:
        if request["removeWorkspace"]:
            self._session.remove_workspace()
        self._session.uninstall()
        return {}


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file or directory"
    if isinstance(error, NotADirectoryError):
        return "a part of the path is not a directory"
    if isinstance(error, IsADirectoryError):
        return "it is a directory"
    if isinstance(error, PermissionError):
        return "permission denied"
    return str(error) or type(error).__name__
