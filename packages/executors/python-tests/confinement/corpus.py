"""Runs the corpus as one user and prints what came of it, as JSON.

Two processes: a host with a secret in its environment, which also runs the controls, and a
supervisor with a clean environment, which runs the attempts inside the sandbox.

    corpus.py USER_ID                # the host; started by root or by that user
    corpus.py supervisor WORLD_FILE  # what the host starts
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "src" / "runtime")]

import toolbox  # noqa: E402
from attempts import ATTEMPTS, Attempt  # noqa: E402
from codeact_runtime.confinement import Limits, Sandbox  # noqa: E402
from world import ALLOWED_VARIABLES, World, start_sibling  # noqa: E402

PATIENCE_SECONDS = 30
_NEW_MOUNTS_AND_NAMES = 0x20000 | 0x4000000
_PRIVATE = 1 << 18 | 0x4000
LIMITS = Limits(
    memory_bytes=1 << 30,
    processes=32,
    file_size_bytes=64 << 20,
    open_files=256,
    temporary_bytes=16 << 20,
)


def attempt_in_this_process(attempt: Attempt, world: dict[str, Any], answers: int) -> None:
    """Runs the code, writes the outcome to a descriptor, and exits."""
    os.write(answers, json.dumps(attempt.evaluate(world)).encode())
    os._exit(0)


def collect(process: int, answers: int, attempt: Attempt, world: dict[str, Any]) -> dict[str, Any]:
    """The outcome of an attempt that runs in another process."""
    answer: dict[str, Any] = {"escaped": False, "detail": "no answer"}
    if select.select([answers], [], [], PATIENCE_SECONDS)[0]:
        data = os.read(answers, 65536)
        if data:
            answer = json.loads(data)
    os.close(answers)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    answer["status"] = status
    if attempt.marker:
        paths = [world["marker"], world["tmp_marker"]]
        answer["escaped"] = any(os.path.lexists(path) for path in paths)
        for path in paths:
            with contextlib.suppress(FileNotFoundError, IsADirectoryError, PermissionError):
                os.unlink(path)
            with contextlib.suppress(OSError):
                os.rmdir(path)
    return answer


def supervise(world_file: str) -> None:
    """Tries everything inside the sandbox."""
    world = json.loads(Path(world_file).read_text())
    os.chdir("/")
    leaks = {
        "leaked_file": os.open(world["secret"], os.O_RDONLY),
        "leaked_directory": os.open(world["outside"], os.O_RDONLY),
        "leaked_socket": world["leaked_socket"],
        "leaked_device": os.open("/dev/zero", os.O_RDONLY),
    }
    for leak in leaks.values():
        os.set_inheritable(leak, True)
    world.update(leaks, supervisor=os.getpid())
    sandbox = Sandbox(
        [str(HERE), str(HERE.parent.parent / "src" / "runtime")], ALLOWED_VARIABLES, LIMITS
    )
    sibling = start_sibling(sandbox, world)
    results = []
    for attempt in ATTEMPTS:
        workspace = tempfile.mkdtemp(dir=world["workspaces"])
        enclosure = sandbox.create_enclosure([workspace])
        answers, answering = os.pipe()
        child = enclosure.fork()
        if child == 0:
            enclosure.enter([answering], workspace)
            attempt_in_this_process(attempt, {**world, "mine": workspace.encode()}, answering)
        os.close(answering)
        results.append(collect(child, answers, attempt, world))
        enclosure.destroy()
        os.waitpid(enclosure.init, 0)
    sibling.destroy()
    os.waitpid(world["sibling"], 0)
    print(json.dumps({"results": results, "world": world}))


def control(attempt: Attempt, world: dict[str, Any]) -> dict[str, Any]:
    """Tries one thing without the sandbox, in a process that keeps what it inherited."""
    workspace = tempfile.mkdtemp(dir=world["workspaces"])
    answers, answering = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.getuid() == 0:
            # What root mounts and names ends with this process.
            toolbox.checked(toolbox.sc("unshare", _NEW_MOUNTS_AND_NAMES)[0])
            toolbox.checked(toolbox.sc("mount", b"none", b"/", None, _PRIVATE, None)[0])
        os.chdir(workspace)
        attempt_in_this_process(attempt, {**world, "mine": workspace.encode()}, answering)
    os.close(answering)
    return collect(child, answers, attempt, world)


def host(user: int) -> None:
    """Tries everything in both ways."""
    if user != os.getuid():
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        # So that this process's files in /proc are its own again.
        ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
    with World() as world:
        command = [sys.executable, "-I", str(HERE / "corpus.py"), "supervisor", world.file]
        finished = subprocess.run(
            command,
            env={"PATH": os.environ["PATH"]},
            stdout=subprocess.PIPE,
            pass_fds=[world.names["leaked_socket"]],
        )
        confined = json.loads(finished.stdout)
        names = {**confined["world"], **world.leaks()}
        sibling = world.start_free_sibling(names)
        rows = []
        for attempt, inside in zip(ATTEMPTS, confined["results"]):
            outside = control(attempt, {**names, "supervisor": os.getpid()})
            rows.append({**attempt._asdict(), "inside": inside, "outside": outside})
        sibling.kill()
        sibling.wait()
        print(json.dumps(rows))


if __name__ == "__main__":
    if sys.argv[1] == "supervisor":
        supervise(sys.argv[2])
    else:
        host(int(sys.argv[1]))
