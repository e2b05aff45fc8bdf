"""What the test host reads: values, marks, and the result of a cell."""

from __future__ import annotations

import base64
from typing import Any, Callable

NONCE = "0123456789abcdef"


def decode_value(value: Any, blobs: list[bytes]) -> Any:
    if isinstance(value, list):
        return [decode_value(item, blobs) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((tag, content),) = value.items()
        if tag == "$blob":
            return blobs[content]
        if tag == "$text":
            return blobs[content].decode("utf-8")
        if tag == "$bytes":
            return base64.b64decode(content)
        if tag == "$float":
            return float(content)
        if tag == "$object":
            value = content
    return {key: decode_value(item, blobs) for key, item in value.items()}


class Result:
    """What came of one cell."""

    def __init__(self) -> None:
        self.status = ""
        self.error: dict[str, Any] = {}
        self.outputs: list[tuple[str, Any]] = []

    def add_text(self, stream: str, data: bytes) -> None:
        if self.outputs and self.outputs[-1][0] == stream:
            self.outputs[-1] = (stream, self.outputs[-1][1] + data)
        else:
            self.outputs.append((stream, data))

    def text(self, *streams: str) -> str:
        wanted = streams or ("stdout", "stderr")
        parts = [data for stream, data in self.outputs if stream in wanted]
        return b"".join(parts).decode("utf-8", "replace")

    @property
    def displays(self) -> list[dict[str, Any]]:
        return [data for stream, data in self.outputs if stream in ("result", "display")]

    @property
    def result(self) -> Any:
        results = [data for stream, data in self.outputs if stream == "result"]
        return results[-1]["text/plain"] if results else None

    @property
    def traceback(self) -> str:
        return str(self.error.get("traceback", ""))


class MarkParser:
    """Splits the bytes of the pipe into text and marks."""

    def __init__(self, text: Callable[[str, bytes], None], mark: Callable[[int], None]) -> None:
        self._prefix = f"\x1b]codeact;{NONCE};".encode()
        self._text, self._mark = text, mark
        self._held = b""
        self._stream = "stdout"

    def push(self, chunk: bytes) -> None:
        data = self._held + chunk
        while True:
            start = data.find(self._prefix)
            end = data.find(b"\x07", start) if start != -1 else -1
            if end == -1:
                break
            if start:
                self._text(self._stream, data[:start])
            kind = data[start + len(self._prefix) : end]
            data = data[end + 1 :]
            if kind == b"e":
                self._stream = "stderr"
            elif kind == b"o":
                self._stream = "stdout"
            else:
                self._mark(int(kind))
        keep = self._possible_start(data)
        if data[:keep]:
            self._text(self._stream, data[:keep])
        self._held = data[keep:]

    def _possible_start(self, data: bytes) -> int:
        start = data.find(self._prefix)
        if start != -1:
            return start
        for length in range(min(len(self._prefix) - 1, len(data)), 0, -1):
            if self._prefix.startswith(data[-length:]):
                return len(data) - length
        return len(data)
