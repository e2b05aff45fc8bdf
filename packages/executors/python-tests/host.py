"""A small host for tests: starts the real runtime and speaks the protocol with it."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Callable

from wire import NONCE, MarkParser, Result, decode_value

RUNTIME = Path(__file__).resolve().parent.parent / "src" / "runtime" / "codeact_runtime"
PYTHON = os.environ.get("CODEACT_TEST_PYTHON", sys.executable)
PATIENCE_SECONDS = 60.0


class Gone(Exception):
    """The interpreter ended."""


def runtime_payload() -> bytes:
    modules = {}
    for path in sorted(RUNTIME.glob("*.py")):
        if path.stem == "bootstrap":
            continue
        name = "codeact_runtime" if path.stem == "__init__" else f"codeact_runtime.{path.stem}"
        modules[name] = path.read_text("utf-8")
    data = json.dumps({"modules": modules, "entry": "codeact_runtime.session"}).encode("utf-8")
    return b"%d\n" % len(data) + data


class Host:
    """One interpreter. A thread reads both streams; frames wait for their marks."""

    def __init__(
        self,
        tools: dict[str, Callable[..., Any]] | None = None,
        declarations: list[dict[str, Any]] | None = None,
        python: str = PYTHON,
        environment: dict[str, str] | None = None,
        use_fifo: bool = False,
    ) -> None:
        self.tools = tools or {}
        self.directory = tempfile.TemporaryDirectory()
        self.workspace = self.directory.name
        self.calls: list[dict[str, Any]] = []
        self.marked_frames = 0
        self.fault = ""
        self.read_output = threading.Event()
        self.read_output.set()
        self._output_is_paused = threading.Event()
        self._cell = 0
        self._result = Result()
        self._done: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._ready: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._send_lock = threading.Lock()
        self._waiting: list[tuple[dict[str, Any], list[bytes]]] = []
        self._events: list[tuple[str, Any]] = []
        self._last_mark = 0
        self._marks = MarkParser(
            lambda stream, data: self._events.append((stream, data)),
            lambda mark: self._events.append(("mark", mark)),
        )
        self._channel, child = socket.socketpair()
        if use_fifo:
            self._output, child_output = os.pipe()
        else:
            ours, theirs = socket.socketpair()
            self._output, child_output = ours.detach(), theirs.detach()
        os.set_blocking(self._output, False)
        self.process = self._spawn(python, child, child_output, environment)
        child.close()
        os.close(child_output)
        hello = {
            "type": "hello",
            "nonce": NONCE,
            "tools": declarations or [],
            "workspace": self.workspace,
        }
        self._channel.sendall(runtime_payload() + json.dumps(hello).encode() + b"\n")
        threading.Thread(target=self._read, daemon=True).start()
        ready = self._ready.get(timeout=PATIENCE_SECONDS)
        if ready is None:
            raise Gone(f"no ready: {self.fault} {self._result.text()}")
        self.ready = ready

    def _spawn(
        self,
        python: str,
        channel: socket.socket,
        output: int,
        environment: dict[str, str] | None,
    ) -> subprocess.Popen[bytes]:
        bootstrap = (RUNTIME / "bootstrap.py").read_text("utf-8")
        number = channel.fileno()

        def place_channel() -> None:
            os.dup2(number, 3)

        return subprocess.Popen(
            [python, "-I", "-c", bootstrap],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=(3,),
            preexec_fn=place_channel,
            start_new_session=True,
            env=environment,
        )

    def execute(self, code: str, patience: float = PATIENCE_SECONDS) -> Result:
        self.start_cell(code)
        return self.wait_for_cell(patience)

    def start_cell(self, code: str) -> int:
        self._cell += 1
        self._result = Result()
        self.send({"type": "execute", "cell": self._cell, "code": code})
        return self._cell

    def wait_for_cell(self, patience: float = PATIENCE_SECONDS) -> Result:
        done = self._done.get(timeout=patience)
        if done is None:
            raise Gone(self.fault or self._result.text())
        self._result.status = done["status"]
        self._result.error = done.get("error", {})
        return self._result

    def interrupt(self, cell: int | None = None) -> None:
        self.send({"type": "interrupt", "cell": self._cell if cell is None else cell})

    def send(self, frame: dict[str, Any], blobs: tuple[bytes, ...] = ()) -> None:
        if blobs:
            frame["blobs"] = [len(blob) for blob in blobs]
        data = json.dumps(frame, separators=(",", ":")).encode() + b"\n" + b"".join(blobs)
        with self._send_lock:
            self._channel.sendall(data)

    def pause_output(self) -> None:
        """Leaves the pipe unread, until `read_output` is set."""
        self._output_is_paused.clear()
        self.read_output.clear()
        self._output_is_paused.wait(PATIENCE_SECONDS)

    def wait_for_text(self, text: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while text not in self._result.text():
            if time.monotonic() > deadline:
                raise AssertionError(f"{text!r} never came: {self._result.text()!r}")
            time.sleep(0.002)

    def wait_for_calls(self, count: int) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(self.calls) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(self.calls)} of {count} calls came")
            time.sleep(0.002)

    def wait_for_exit(self) -> int:
        return self.process.wait(PATIENCE_SECONDS)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.send({"type": "close"})
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._channel.close()
        self.directory.cleanup()

    def _read(self) -> None:
        buffer = bytearray()
        output_open = True
        channel_open = True
        while channel_open or output_open:
            sources: list[Any] = [self._channel] if channel_open else []
            if not self.read_output.is_set():
                self._output_is_paused.set()
            elif output_open:
                sources.append(self._output)
            try:
                readable, _, _ = select.select(sources, [], [], 0.05)
            except (OSError, ValueError):
                break
            if self._output in readable:
                try:
                    chunk = os.read(self._output, 65536)
                except OSError:
                    chunk = b""
                if chunk:
                    self._marks.push(chunk)
                else:
                    output_open = False
            if self._channel in readable:
                try:
                    data = self._channel.recv(1 << 20)
                except OSError:
                    data = b""
                if data:
                    buffer += data
                else:
                    channel_open = False
                self._take_frames(buffer)
            self._release()
            if not channel_open and not self.read_output.is_set():
                break
            if not channel_open and self.process.poll() is not None and not readable:
                break
        os.close(self._output)
        self._ready.put(None)
        self._done.put(None)

    def _take_frames(self, buffer: bytearray) -> None:
        while True:
            end = buffer.find(b"\n")
            if end == -1:
                return
            header = json.loads(bytes(buffer[:end]).decode("utf-8"))
            position = end + 1
            blobs = []
            for length in header.get("blobs", []):
                blobs.append(bytes(buffer[position : position + length]))
                position += length
            if position > len(buffer):
                return
            del buffer[:position]
            self._waiting.append((header, blobs))

    def _release(self) -> None:
        """Output and frames in their order; a mark waits for a frame, and a frame for its mark."""
        while True:
            mark = self._waiting[0][0].get("mark") if self._waiting else None
            if mark is not None and mark <= self._last_mark:
                self.marked_frames += 1
                self._handle(*self._waiting.pop(0))
            elif self._events:
                kind, content = self._events[0]
                if kind != "mark":
                    self._result.add_text(kind, content)
                elif self._waiting:
                    self._last_mark = max(self._last_mark, content)
                else:
                    return
                self._events.pop(0)
            elif self._waiting and mark is None:
                self._handle(*self._waiting.pop(0))
            else:
                return

    def _handle(self, header: dict[str, Any], blobs: list[bytes]) -> None:
        kind = header["type"]
        if kind == "ready":
            self._ready.put(header)
        elif kind == "display":
            self._result.outputs.append((header["source"], header["data"]))
        elif kind == "done":
            self._done.put(header)
        elif kind == "fault":
            self.fault = header["message"]
        elif kind == "tool-call":
            call = {**header, "input": decode_value(header["input"], blobs)}
            self.calls.append(call)
            self._result.outputs.append(("call", call["input"]))
            threading.Thread(target=self._answer, args=(call,), daemon=True).start()
        else:
            raise AssertionError(f"unknown frame {header}")

    def _answer(self, call: dict[str, Any]) -> None:
        tool = self.tools.get(call["name"])
        identifier = call["id"]
        if tool is None:
            return  # Never answered: a pending call.
        blobs: list[bytes] = []
        try:
            answer = tool(call["input"], blobs)
            frame = {"type": "tool-result", "id": identifier, "ok": True}
            frame.update(answer if isinstance(answer, Answer) else {"value": answer})
        except Exception as error:
            name = type(error).__name__
            kind = name if name in ("TypeError", "ValueError") else "ToolError"
            detail = {"type": kind, "message": str(error)}
            frame = {"type": "tool-result", "id": identifier, "ok": False, "error": detail}
        with contextlib.suppress(OSError):
            self.send(frame, tuple(blobs))


class Answer(dict):  # type: ignore[type-arg]
    """Members of a `tool-result` frame, from a tool that needs more than a value."""


def declare(
    stub: str,
    name: str,
    parameters: Any,
    python_name: str | None = None,
) -> dict[str, Any]:
    """A ToolDeclaration. Parameters are names; `?` means optional, `!` nullable."""
    if parameters != "value":
        parameters = [
            {
                "name": text.rstrip("?!").split(":")[0],
                "pythonName": text.rstrip("?!").split(":")[-1],
                "required": "?" not in text,
                "nullable": "!" in text,
            }
            for text in parameters
        ]
    return {
        "name": name,
        "pythonName": python_name or name,
        "stub": stub,
        "parameters": parameters,
    }
