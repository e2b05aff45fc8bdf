"""What a session may use."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """How much a session may use. Each process has the limit, except where it says otherwise."""

    # Address space, which is more than the memory in use: numpy and pandas need about 512 MiB.
    memory_bytes: int = 2 << 30
    # Processes and threads of the whole session.
    processes: int = 64
    file_size_bytes: int = 1 << 30
    open_files: int = 1024
    # What the whole session may hold in `/tmp`, and once more in `/dev/shm`. It is memory.
    temporary_bytes: int = 256 << 20
    # Over the life of a process; none by default, because cells have time limits of their own.
    cpu_seconds: int | None = None
