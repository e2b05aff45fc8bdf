"""What there is to get outside: files, sockets, processes of the host, and a sibling session."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import TYPE_CHECKING, Any

import toolbox

if TYPE_CHECKING:
    from codeact_runtime.confinement import Enclosure, Sandbox

HOST_VARIABLE = "CODEACT_HOST_SECRET"
ALLOWED_VARIABLES = ("PATH", "LC_CTYPE")
SECRET = "the content of a file that is not for everybody"
_SLEEPER = "import time; time.sleep(600)"
_SIBLING = "import sys; sys.path[:0] = sys.argv[2:]; import world; world.be_sibling(sys.argv[1])"
_LIBRARY = "/lib/x86_64-linux-gnu/libm.so.6", "/lib/aarch64-linux-gnu/libm.so.6", "/lib64/libm.so.6"
_IOPRIO_GET = {"x86_64": 252, "aarch64": 31}
_TGKILL = {"x86_64": 234, "aarch64": 131}


class _Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_arguments: Any) -> None:
        pass


class World:
    """Everything that the host has. Closing it leaves nothing."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._keep: list[Any] = []
        top = tempfile.mkdtemp(prefix="codeact-corpus-")
        self._stack.callback(shutil.rmtree, top, ignore_errors=True)
        # The path has no links, so that paths of the sandbox and of the host are the same.
        self._top = Path(os.path.realpath(top))
        for name in ("outside", "workspaces", "sibling", "home"):
            (self._top / name).mkdir()
        self.names: dict[str, Any] = {"SECRET": SECRET, "HOST_VARIABLE": HOST_VARIABLE}
        # More than the limits of the corpus allow; in MiB.
        self.names.update(more_files=400, more_temporary=40)
        self._add_files()
        self._add_sockets()
        self._add_processes()
        self.file = str(self._top / "world.json")
        Path(self.file).write_text(json.dumps(self.names))

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_details: object) -> None:
        self._stack.close()

    def leaks(self) -> dict[str, int]:
        """The descriptors that a session could inherit, opened in this process."""
        leaks = {
            "leaked_file": os.open(self.names["secret"], os.O_RDONLY),
            "leaked_directory": os.open(self.names["outside"], os.O_RDONLY),
            "leaked_socket": self.names["leaked_socket"],
            "leaked_device": os.open("/dev/zero", os.O_RDONLY),
        }
        for leak in leaks.values():
            os.set_inheritable(leak, True)
        return leaks

    def start_free_sibling(self, names: dict[str, Any]) -> subprocess.Popen[bytes]:
        """Another session that is not confined, for the controls."""
        workspace = str(self._top / "workspaces" / "free-sibling")
        _furnish(workspace)
        path = [str(Path(__file__).parent), *sys.path]
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", _SIBLING, workspace, *path], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        names.update(_names_of_sibling(workspace), sibling=process.pid, sibling_init=process.pid)
        return process

    def _add_files(self) -> None:
        outside = self._top / "outside"
        for name in ("secret", "victim_file"):
            (outside / name).write_text(SECRET)
            self.names[name] = str(outside / name)
        for name in ("deletable", "renamable", "movable"):
            (outside / name).write_text("x")
        (outside / "private_module.py").write_text(f"SECRET = {SECRET!r}\n")
        program = outside / "program"
        program.write_text(f"#!/bin/sh\nprintf %s '{SECRET}'\n")
        program.chmod(0o755)
        library = next(path for path in _LIBRARY if os.path.exists(path))
        shutil.copy(library, outside / "library.so")
        database = str(outside / "database")
        run = "import sqlite3; c = sqlite3.connect({0!r}); c.execute('create table t(x)'); "
        run += "c.execute('insert into t values (1)'); c.commit()"
        subprocess.run([sys.executable, "-c", run.format(database)], check=True)
        os.mkfifo(outside / "fifo")
        self.names.update(
            outside=str(outside),
            database=database,
            fifo=str(outside / "fifo"),
            marker=str(outside / "marker"),
            tmp_marker=f"/tmp/codeact-marker-{os.getpid()}",
            workspaces=str(self._top / "workspaces"),
            sibling_workspace=str(self._top / "sibling"),
            home=str(self._top / "home"),
            disk=next((f"/dev/{d}" for d in ("vda", "sda", "nvme0n1") if _exists(d)), "/dev/none"),
            host_file=os.open(outside / "secret", os.O_RDONLY),
        )

    def _add_sockets(self) -> None:
        tcp = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        outside = self.names["outside"]
        addresses = {
            "abstract": (f"\0codeact-{os.getpid()}", socket.SOCK_STREAM),
            "abstract_datagram": (f"\0codeact-datagram-{os.getpid()}", socket.SOCK_DGRAM),
            "unix_path": (f"{outside}/socket", socket.SOCK_STREAM),
            "unix_datagram": (f"{outside}/datagram", socket.SOCK_DGRAM),
        }
        for name, (address, kind) in addresses.items():
            listener = socket.socket(socket.AF_UNIX, kind)
            listener.bind(address)
            if kind == socket.SOCK_STREAM:
                listener.listen(100)
            self.names[name] = address
            self._keep.append(listener)
        ours, theirs = socket.socketpair()
        self._keep += [tcp, udp, server, ours, theirs]
        shared = SharedMemory(create=True, size=64)
        shared.buf[:3] = b"abc"
        self._stack.callback(shared.unlink)
        for directory in ("/tmp", "/dev/shm"):
            self._stack.callback(Path(directory, f"of-sibling-{os.getuid()}").unlink, True)
        system_v = 0x0C0DE000 + os.getpid()
        segment = toolbox.libc.shmget(system_v, 4096, 0o1600)
        self._stack.callback(toolbox.libc.shmctl, segment, 0, None)
        port = tcp.getsockname()[1]
        self.names.update(
            tcp=port,
            udp=udp.getsockname()[1],
            http=server.server_address[1],
            leaked_socket=theirs.fileno(),
            shared_memory=shared.name,
            system_v=system_v,
            host_name=socket.gethostname(),
            tcp_program=f"import socket; socket.create_connection(('127.0.0.1', {port})); "
            "print('in')",
        )

    def _add_processes(self) -> None:
        victim = subprocess.Popen([sys.executable, "-I", "-c", _SLEEPER])
        self._stack.callback(victim.wait)
        self._stack.callback(victim.kill)
        self.names.update(
            victim=victim.pid,
            host=os.getpid(),
            ioprio_get=_IOPRIO_GET[platform.machine()],
            tgkill=_TGKILL[platform.machine()],
            openat=toolbox.ARCHITECTURES[toolbox.MACHINE][1]["openat"],
        )


def start_sibling(sandbox: Sandbox, world: dict[str, Any]) -> Enclosure:
    """Another session of the same supervisor, confined like those that attack it."""
    workspace = world["sibling_workspace"]
    _furnish(workspace)
    enclosure = sandbox.create_enclosure([workspace])
    ready, is_ready = os.pipe()
    child = enclosure.fork()
    if child == 0:
        enclosure.enter([is_ready], workspace)
        os.dup2(is_ready, 1)
        be_sibling(workspace)
    os.close(is_ready)
    os.read(ready, 1)
    world.update(_names_of_sibling(workspace), sibling=child, sibling_init=enclosure.init)
    return enclosure


def be_sibling(workspace: str) -> None:
    """What a sibling session does: has things that others should not get at."""
    with socket.socket(socket.AF_UNIX) as listener:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{workspace}/socket")
        listener.bind(f"{workspace}/socket")
        listener.listen(10)
        for directory in ("/tmp", "/dev/shm"):
            Path(directory, f"of-sibling-{os.getuid()}").write_text("x")
        os.write(1, b"\n")
        time.sleep(600)


def _furnish(workspace: str) -> None:
    os.makedirs(workspace, exist_ok=True)
    for name in ("file", "file.deletable"):
        Path(workspace, name).write_text(SECRET)


def _names_of_sibling(workspace: str) -> dict[str, Any]:
    return {
        "sibling_workspace": workspace,
        "sibling_file": f"{workspace}/file",
        "marker_of_sibling": f"{workspace}/marker",
    }


def _exists(device: str) -> bool:
    return os.path.exists(f"/dev/{device}")
