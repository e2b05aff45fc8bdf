"""What `codeact_runtime` needs besides in WebAssembly: one thread, no processes, devices for pipes.

The JavaScript around it (`src/pyodide/worker`) provides three devices, and reads and writes of them
are all that ties the two together; docs/runtime-protocol.md describes them.
"""
