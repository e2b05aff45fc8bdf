"""Calls that the host itself answers; they go the way of tool calls, by reserved names."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from codeact_runtime.tool_calls import ToolCaller

_caller: ToolCaller | None = None


def connect(caller: ToolCaller) -> None:
    """Sends them by this from now on."""
    global _caller
    _caller = caller


def call_host(name: str, value: Any) -> Any:
    """The host's answer; raises what it says is wrong."""
    assert _caller is not None
    return _caller.wait(_caller.start(name, value))
