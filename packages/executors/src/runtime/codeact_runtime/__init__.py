"""The Python side of CodeAct: runs cells and carries their tool calls to the host.

The protocol is documented in docs/runtime-protocol.md. Only the standard library is used, and
nothing happens at import, so that a fork server can import everything before it forks.
"""
