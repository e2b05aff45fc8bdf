"""What attempts call. It runs inside the sandbox, and outside for the control."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import http.client
import mmap
import os
import platform
import re
import resource
import signal
import socket
import stat
import struct
import subprocess
import sys
import threading
import time
from typing import Any

from codeact_runtime.confinement.system_call_numbers import ARCHITECTURES, MACHINE

EPERM, ENOSYS, ENOENT = errno.EPERM, errno.ENOSYS, errno.ENOENT
EFAULT, ENOTTY, EADDRINUSE = errno.EFAULT, errno.ENOTTY, errno.EADDRINUSE

# A software clock, of user code only.
PERF_ATTRIBUTES = struct.pack("IIQQQQQ", 1, 128, 0, 0, 0, 0, 0x61).ljust(128, b"\0")

libc = ctypes.CDLL(None, use_errno=True)
libc.fopen.restype = libc.getenv.restype = libc.malloc.restype = ctypes.c_void_p
libc.syscall.restype = ctypes.c_long
_NUMBERS = ARCHITECTURES[MACHINE][1]
_SIGCHLD = 17


def sc(call: str | int, *arguments: Any) -> tuple[int, int]:
    """A raw system call: its result and the error number."""
    number = _NUMBERS[call] if isinstance(call, str) else call
    values = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    ctypes.set_errno(0)
    return libc.syscall(ctypes.c_long(number), *values), ctypes.get_errno()


def checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), "failed")
    return result


def run(*command: str, **options: Any) -> str:
    finished = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=20, **options
    )
    if finished.returncode != 0:
        raise RuntimeError(f"{command} failed: {finished.returncode}")
    return finished.stdout.decode()


def sh(script: str, **options: Any) -> str:
    return run("sh", "-c", script, **options)


def own_file() -> None:
    with open("own", "w") as file:
        file.write("x")


def creates_and_removes(path: str) -> bool:
    with open(path, "w") as file:
        file.write("x")
    os.unlink(path)
    return True


def makes_and_removes_device(path: str) -> bool:
    os.mknod(path, stat.S_IFBLK | 0o600, os.makedev(254, 0))
    os.unlink(path)
    return True


def readable(path: str) -> str:
    try:
        with open(path, errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def has_open_files() -> bool:
    """Whether something beyond the standard descriptors leads into a file system."""
    numbers = [name for name in os.listdir("/proc/self/fd") if int(name) > 2]
    # The descriptor of the listing itself leads to `/proc`, or is closed already.
    paths = [os.readlink(link) for n in numbers if os.path.lexists(link := f"/proc/self/fd/{n}")]
    return any(path.startswith("/") and not path.startswith("/proc/") for path in paths)


def is_listed(path: str) -> bool:
    return os.path.basename(path) in os.listdir(os.path.dirname(path))


def is_more_than_shown(directory: str) -> bool:
    """Whether a directory has more than what leads to this Python, if that is in it."""
    shown = os.path.relpath(sys.base_prefix, directory).split("/")[0]
    return bool({*os.listdir(directory)} - {shown})


def is_set_id(path: str) -> bool:
    return bool(os.stat(path).st_mode & (stat.S_ISUID | stat.S_ISGID))


def file_handle(path: bytes) -> bytes | None:
    buffer = ctypes.create_string_buffer(struct.pack("Ii", 128, 0), 136)
    result, _ = sc("name_to_handle_at", -100, path, buffer, bytes(4), 0)
    return buffer.raw if result == 0 else None


def own_memory_matches(pattern: bytes) -> bool:
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            first, last = (int(bound, 16) for bound in span.split("-"))
            try:
                memory.seek(first)
                if re.search(pattern, memory.read(last - first)):
                    return True
            except (OSError, ValueError, OverflowError):
                continue
    return False


def http_get(port: int) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/")
    return connection.getresponse().read()


def connects(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(3)
        return client.connect(path) is None


def try_bind(address: str) -> int:
    try:
        socket.socket(socket.AF_UNIX).bind(address)
    except OSError as error:
        return error.errno or 0
    return 0


def read_shared_memory(name: str) -> bytes:
    from multiprocessing.shared_memory import SharedMemory

    memory = SharedMemory(name)
    return bytes(memory.buf[:3])


def traces_child() -> bool:
    child = os.fork()
    if child == 0:
        time.sleep(5)
        os._exit(0)
    try:
        return sc("ptrace", 0x4206, child, 0, 0)[0] == 0
    finally:
        os.kill(child, signal.SIGKILL)


def reads_memory(process: int) -> bool:
    """Asks for a page that is there in every Python: fails for rights, else not with EPERM."""
    target = ctypes.create_string_buffer(8)
    source = ctypes.create_string_buffer(b"content!", 8)
    local = struct.pack("QQ", ctypes.addressof(target), 8)
    remote = struct.pack("QQ", ctypes.addressof(source), 8)
    result, error = sc("process_vm_readv", process, local, 1, remote, 1, 0)
    return result == 8 or error == EFAULT


def set_owner(process: int) -> bool:
    ours, _ = socket.socketpair()
    fcntl.fcntl(ours, fcntl.F_SETOWN, process)
    return fcntl.fcntl(ours, fcntl.F_GETOWN) == process


def ends_own_init() -> bool:
    """Ends the first process of the namespace, made here for the control, which is root's."""
    if os.path.exists("/proc/sys/kernel/osrelease"):
        child = os.fork()
        if child == 0:
            time.sleep(30)
        os.kill(child, signal.SIGKILL)
        return os.waitpid(child, 0)[1] == signal.SIGKILL
    for number in range(1, 32):
        os.kill(1, number)
    time.sleep(0.2)
    return os.getpid() == 0


def joins_namespaces(process: int) -> bool:
    descriptor = os.open(f"/proc/{process}/ns/net", os.O_RDONLY)
    return sc("setns", descriptor, 0)[0] == 0


def lock_is_taken(path: str) -> bool:
    with open(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True


def capabilities() -> int:
    with open("/proc/self/status") as file:
        rows = dict(line.split(":", 1) for line in file if line.startswith("Cap"))
    return sum(int(value, 16) for value in rows.values())


def clones(flags: int) -> bool:
    number = 56 if platform.machine() == "x86_64" else 220
    result, _ = sc(number, flags | _SIGCHLD, None, None, None, None)
    if result == 0:
        os._exit(0)
    return result > 0


def clones_3(flags: int) -> bool:
    arguments = struct.pack("8Q", flags, 0, 0, 0, _SIGCHLD, 0, 0, 0)
    result, _ = sc("clone3", arguments, 64)
    if result == 0:
        os._exit(0)
    return result > 0


def has_working_setuid_program() -> bool:
    for path in ("/usr/bin/su", "/usr/bin/passwd", "/usr/bin/mount", "/bin/su"):
        if os.path.exists(path):
            is_honoured = not os.statvfs(path).f_flag & os.ST_NOSUID
            return is_set_id(path) and is_honoured and libc.prctl(39, 0, 0, 0, 0) == 0
    return False


def raises_limit(kind: int, value: int) -> bool:
    hard = resource.getrlimit(kind)[1]
    higher = value if hard == resource.RLIM_INFINITY else max(value, hard)
    resource.setrlimit(kind, (value, higher))
    return resource.getrlimit(kind)[0] == value


def clock_can_be_set() -> bool:
    return sc("clock_settime", 99, bytes(16))[1] != EPERM


def lock_file(path: str) -> bool:
    own_file()
    fcntl.flock(os.open(path, os.O_RDWR), fcntl.LOCK_EX)
    return True


def _run_machine_code(code: bytes) -> int:
    memory = mmap.mmap(-1, 4096, prot=7)
    memory.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    return int(ctypes.CFUNCTYPE(ctypes.c_long)(address)())


def calls_32_bit() -> bool:
    """`int 0x80` with the number of getpid."""
    return _run_machine_code(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3") == os.getpid()


def runs_machine_code_that_opens(path: str) -> bool:
    """`open(path, O_RDONLY)` by the instruction itself, no library in between."""
    name = ctypes.create_string_buffer(path.encode())
    address = struct.pack("<Q", ctypes.addressof(name))
    code = b"\x48\xbf" + address + b"\x31\xf6\x31\xd2\xb8\x02\x00\x00\x00\x0f\x05\xc3"
    return _run_machine_code(code) > 0


def starts_processes(count: int, detached: bool = False) -> bool:
    children = []
    try:
        for _ in range(count):
            child = os.fork()
            if child == 0:
                if detached:
                    os.setsid()
                time.sleep(20)
                os._exit(0)
            children.append(child)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return len(children) == count


def starts_nested_processes(count: int) -> bool:
    """Each process starts the next; the last one reports."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        for _ in range(count):
            if os.fork() != 0:
                time.sleep(20)
                os._exit(0)
        os.write(writing, b"x")
        os._exit(0)
    os.close(writing)
    import select

    try:
        ready = select.select([reading], [], [], 3)[0]
        return bool(ready) and os.read(reading, 1) == b"x"
    finally:
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)


def starts_threads(count: int) -> bool:
    threading.stack_size(65536)
    release = threading.Event()
    threads = [threading.Thread(target=release.wait, args=(20,)) for _ in range(count)]
    try:
        for thread in threads:
            thread.start()
    finally:
        release.set()
    return True


def fills(directory: str, megabytes: int) -> bool:
    """Takes the space without writing to it, in files that no limit of their size forbids."""
    taken = []
    try:
        for index in range(megabytes // 4 + 1):
            taken.append(os.path.join(directory, f"codeact-fill-{os.getpid()}-{index}"))
            descriptor = os.open(taken[-1], os.O_CREAT | os.O_WRONLY)
            os.posix_fallocate(descriptor, 0, 4 << 20)
            os.close(descriptor)
        return True
    finally:
        for path in taken:
            os.unlink(path)


def opens_files(count: int) -> bool:
    descriptors: list[int] = []
    try:
        for _ in range(count):
            descriptors.append(os.open(".", 0))
        return True
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def fills_memory_files(megabytes: int) -> bool:
    descriptors = [os.memfd_create(str(index)) for index in range(megabytes)]
    return sum(os.write(each, bytes(1 << 20)) for each in descriptors) == megabytes << 20
