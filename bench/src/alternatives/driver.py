"""Runs what others offer and times it: a line `{"subject", "action", "code"}` in, seconds out."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from jupyter_client.manager import KernelManager
from smolagents.local_python_executor import LocalPythonExecutor


class Jupyter:
    """A kernel of its own, reached by ZeroMQ on this machine, as notebooks do."""

    def start(self) -> None:
        self._manager = KernelManager()
        self._manager.start_kernel()
        self._client = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=60)

    def run(self, code: str) -> str:
        shown: list[str] = []

        def take(message: dict[str, Any]) -> None:
            if message["msg_type"] == "execute_result":
                shown.append(message["content"]["data"]["text/plain"])

        self._client.execute_interactive(code, output_hook=take, timeout=60)
        return shown[0]

    def close(self) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)


class Smolagents:
    """An interpreter of Python's syntax tree, in this very process."""

    def start(self) -> None:
        self._executor = LocalPythonExecutor([], timeout_seconds=None)
        self._executor.send_tools({})

    def run(self, code: str) -> str:
        return repr(self._executor(code).output)

    def close(self) -> None:
        del self._executor


def main() -> None:
    subjects: dict[str, Any] = {"jupyter": Jupyter(), "smolagents": Smolagents()}
    for line in sys.stdin:
        request = json.loads(line)
        subject = subjects[request["subject"]]
        started = time.perf_counter()
        if request["action"] == "run":
            answer = subject.run(request["code"])
        else:
            answer = getattr(subject, request["action"])()
        seconds = time.perf_counter() - started
        print(json.dumps({"seconds": seconds, "answer": answer}), flush=True)


main()
