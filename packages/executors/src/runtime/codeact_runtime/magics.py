"""What `!command` and magics do; `source_transforms` turns them into calls of this."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Union

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Callable

    Pieces = list[Union[str, tuple[str, Callable[[], Any]]]]

_TERMINATION_GRACE_SECONDS = 0.2


class Magics:
    """One per session; user code reaches it by a name that no user writes."""

    def __init__(self) -> None:
        self._timer_start: float | None = None

    def run(self, pieces: Pieces) -> None:
        """`!command`: its output goes where the cell's goes; a failure shows its exit status."""
        command = _expand(pieces)
        pip = re.match(r"\s*pip3?\s+(.*)", command, re.DOTALL)
        if pip is not None:
            self._run_pip(pip.group(1))
        else:
            _report(_run_shell(command))

    def capture(self, pieces: Pieces) -> list[str]:
        """`lines = !command`: the lines that the command wrote to either stream."""
        command = _expand(pieces)
        finished = subprocess.run(
            command, **_shell_options(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        _report(finished.returncode)
        output: bytes = finished.stdout
        return output.decode("utf-8", "replace").splitlines()

    def run_script(self, shell: str, script: str) -> None:
        """`%%bash` and `%%sh`."""
        program = shutil.which(shell) or shutil.which("sh")
        if program is None:
            raise RuntimeError(f"%%{shell} needs {shell}, which is not installed here")
        _report(_wait(subprocess.Popen([program, "-c", script], env=_environment())))

    def pip(self, pieces: Pieces) -> None:
        """`%pip`: the pip of this Python."""
        self._run_pip(_expand(pieces))

    def change_directory(self, pieces: Pieces) -> None:
        """`%cd`."""
        words = shlex.split(_expand(pieces))
        os.chdir(os.path.expanduser(words[0] if words else "~"))
        print(os.getcwd())

    def working_directory(self) -> str:
        """`%pwd`."""
        return os.getcwd()

    def environment(self, pieces: Pieces) -> Any:
        """`%env`: all variables; `%env NAME`: one; `%env NAME=value`: sets it."""
        text = _expand(pieces).strip()
        if not text:
            return dict(os.environ)
        name, separator, value = text.partition("=")
        if not separator:
            name, separator, value = text.partition(" ")
        if not separator:
            return os.environ.get(name)
        os.environ[name.strip()] = value.strip()
        return None

    def write_file(self, path: str, text: str, append: bool) -> None:
        """`%%writefile path`."""
        if not path:
            raise ValueError("%%writefile needs a path")
        existed = os.path.exists(path)
        with open(path, "a" if append else "w", encoding="utf-8") as file:
            file.write(text)
        print(f"{'Appending to' if append else 'Overwriting' if existed else 'Writing'} {path}")

    def time_value(self, evaluate: Callable[[], Any]) -> Any:
        """`%time expression`."""
        with self.timed():
            return evaluate()

    @contextmanager
    def timed(self) -> Iterator[None]:
        """`%time statement`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            _print_duration(time.perf_counter() - start)

    def start_timer(self) -> None:
        """`%%time`: the time is shown at the end of the cell."""
        self._timer_start = time.perf_counter()

    def end_cell(self) -> None:
        """Shows the time of a cell that began with `%%time`."""
        if self._timer_start is not None:
            _print_duration(time.perf_counter() - self._timer_start)
            self._timer_start = None

    def _run_pip(self, arguments: str) -> None:
        if sys.platform == "emscripten":
            from codeact_pyodide.pip import run_pip

            run_pip(arguments)
            return
        import importlib

        try:
            _report(_run_shell(f"{shlex.quote(sys.executable)} -m pip {arguments}"))
        finally:
            importlib.invalidate_caches()


def _expand(pieces: Pieces) -> str:
    words = []
    for piece in pieces:
        if isinstance(piece, str):
            words.append(piece)
        else:
            text, evaluate = piece
            try:
                words.append(str(evaluate()))
            except NameError:
                words.append(text)
    return "".join(words).strip()


def _environment() -> dict[str, str]:
    # `python` and `pip` in a command should be the ones that run this code.
    directory = os.path.dirname(sys.executable)
    path = os.environ.get("PATH", os.defpath)
    return {**os.environ, "PATH": f"{directory}{os.pathsep}{path}" if directory else path}


def _shell_options() -> dict[str, Any]:
    return {"shell": True, "executable": shutil.which("bash"), "env": _environment()}


def _run_shell(command: str) -> int:
    return _wait(subprocess.Popen(command, **_shell_options()))


def _wait(process: subprocess.Popen[bytes]) -> int:
    try:
        return process.wait()
    except BaseException:
        process.terminate()
        try:
            process.wait(_TERMINATION_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise


def _report(status: int) -> None:
    if status != 0:
        print(f"(exit status {status})")


def _print_duration(seconds: float) -> None:
    print(f"Wall time: {seconds:.3g} s" if seconds >= 1 else f"Wall time: {seconds * 1e3:.3g} ms")
