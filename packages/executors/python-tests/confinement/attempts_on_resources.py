"""Attempts to use more than the limits allow. The amounts are small: a control really uses them."""

from __future__ import annotations

RESOURCE_ATTEMPTS: dict[str, list[tuple[str, ...]]] = {
    "resources": [
        ("address space", "len(mmap.mmap(-1, 3 << 30)) > 0"),
        (
            "memory in a child",
            "run(sys.executable, '-c', 'import mmap; mmap.mmap(-1, 3 << 30)') == ''",
        ),
        ("allocation", "bool(libc.malloc(ctypes.c_size_t(3 << 30)))"),
        ("processes", "starts_processes(48)"),
        ("processes of processes", "starts_nested_processes(48)"),
        ("threads", "starts_threads(48)"),
        ("detached processes", "starts_processes(48, detached=True)"),
        ("file size", "os.truncate(os.open('big', 66), 2 << 30) is None"),
        ("file size by writing", "os.pwrite(os.open('big', 66), b'x', 2 << 30) == 1"),
        ("file size by allocation", "libc.ftruncate(os.open('a', 66), 128 << 20) == 0"),
        ("descriptors", "opens_files(world['more_files'])"),
        ("temporary files", "fills('/tmp', world['more_temporary'])"),
        ("shared memory", "fills('/dev/shm', world['more_temporary'])"),
        ("memory files", "fills_memory_files(40)"),
        ("locked memory", "libc.mlock(bytes(900_000), 900_000) == 0"),
        ("watches", "len([checked(libc.inotify_init()) for _ in range(60)]) == 60"),
    ],
}
