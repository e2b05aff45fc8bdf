"""The far side of a wrapped Python: a relay between a host's one stream and a session beside it.

The protocol is documented in docs/runtime-protocol.md. The relay never runs user code: it starts
the process that does, carries its bytes, signals and ends it, and serves the workspace's files.
"""
