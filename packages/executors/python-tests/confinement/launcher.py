"""A small supervisor for tests: confines one session, which runs code, and tells what came of it.

launcher.py '{"user": 0, "code": "…", …}'
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RUNTIME = HERE.parent.parent / "src" / "runtime"
NOBODY = 65534
USERS = (0, NOBODY) if os.getuid() == 0 else (os.getuid(),)


def python_for(user: int) -> str:
    """This Python, or the system's where the user cannot get to this one."""
    if user == os.getuid():
        return sys.executable
    # One that cannot reach its own library may find that of another Python.
    same = f"import sys; sys.exit(sys.base_prefix != {sys.base_prefix!r})"
    change = [shutil.which("setpriv") or "setpriv", f"--reuid={user}", f"--regid={user}"]
    test = [*change, "--clear-groups", sys.executable, "-I", "-c", same]
    reachable = subprocess.run(test, capture_output=True).returncode == 0
    return sys.executable if reachable else "/usr/bin/python3"


def launch(code: str, user: int | None = None, **options: Any) -> dict[str, Any]:
    """Runs code in a session; `options` are read in `main`."""
    user = USERS[-1] if user is None else user
    request = json.dumps({"code": code, "user": user, **options})
    command = [python_for(user), "-I", str(HERE / "launcher.py"), request]
    environment = {"PATH": os.environ["PATH"], **options.get("environment", {})}
    prefix = options.get("prefix", [])
    finished = subprocess.run(
        [*prefix, *command], env=environment, stdout=subprocess.PIPE, timeout=120
    )
    result: dict[str, Any] = json.loads(finished.stdout)
    return result


def become(user: int) -> None:
    """Changes the user of this process, as if it had been started by that."""
    if user != os.getuid():
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)


def main(request: dict[str, Any]) -> dict[str, Any]:
    sys.path.insert(0, str(RUNTIME))
    become(request["user"])
    exec(request.get("before", ""), {"request": request})
    from codeact_runtime.confinement import ConfinementError, Limits, Sandbox

    top = os.path.realpath(tempfile.mkdtemp(prefix="codeact-confined-"))
    workspace = request.get("workspace", top)
    try:
        sandbox = Sandbox(
            request.get("readable", []), ["PATH", "LC_CTYPE"], Limits(**request.get("limits", {}))
        )
        exec(request.get("preload", ""), {})
        enclosure = sandbox.create_enclosure([workspace, *request.get("writable", [])])
        output, writing = os.pipe()
        child = enclosure.fork()
        if child == 0:
            _be_session(enclosure, request, writing, workspace)
        os.close(writing)
        with os.fdopen(output, "rb") as stream:
            text = stream.read().decode("utf-8", "replace")
        _, status = os.waitpid(child, 0)
        owners = {name: os.stat(os.path.join(top, name)).st_uid for name in os.listdir(top)}
        before = _running(text)
        enclosure.destroy()
        os.waitpid(enclosure.init, 0)
        sandbox.close()
        return {
            "output": text,
            "status": status,
            "owners": owners,
            "before": before,
            "after": _running(text),
        }
    except ConfinementError as error:
        return {"error": str(error), "part": error.part, "number": error.number}
    finally:
        shutil.rmtree(top, ignore_errors=True)


def _be_session(
    enclosure: Any, request: dict[str, Any], writing: int, workspace: str
) -> None:
    status = 0
    try:
        kept = [eval(text) for text in request.get("kept", [])]
        enclosure.enter([writing, *kept], workspace)
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        sys.stdout = sys.stderr = os.fdopen(writing, "w", 1)
        exec(request["code"], {"__name__": "__main__", "enforced": enclosure.describe()})
        sys.stdout.flush()
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    except BaseException:
        os.write(writing, traceback.format_exc().encode())
        status = 1
    os._exit(status)


def _running(text: str) -> int:
    """How many processes carry the marker that the session has printed."""
    marker = text.split("marker:")[1].split()[0] if "marker:" in text else None
    if marker is None:
        return 0
    count = 0
    for entry in os.listdir("/proc"):
        if entry.isdigit() and entry != str(os.getpid()):
            try:
                command = Path("/proc", entry, "cmdline").read_bytes()
            except OSError:
                continue
            count += command.split(b"\0")[-2:-1] == [marker.encode()]
    return count


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
