"""`display()` and the results of cells, sent to the host."""

from __future__ import annotations

from .channel import FrameTooLargeError, encode_line
from .display import mime_bundle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .channel import Channel
    from .outputs import Outputs


class Displayer:
    """Sends MIME bundles, in order with the output."""

    def __init__(self, channel: Channel, outputs: Outputs) -> None:
        self._channel = channel
        self._outputs = outputs
        self._result = b""

    def display(self, *objects: Any) -> None:
        """Show values as richly as they can: tables, images, HTML, Markdown."""
        for value in objects:
            self._show("display", value)

    def show_result(self, value: Any) -> None:
        """Shows the value of the last expression."""
        self._show("result", value)

    def show_result_at_end(self, value: Any) -> None:
        """Shows the value of the last expression as well, by what `take_result` returns."""
        if self._channel.cell is None:
            self._show("result", value)
            return
        data = mime_bundle(value)
        try:
            self._result = encode_line(self._header("result", data))
        except FrameTooLargeError as error:
            self._result = encode_line(self._header("result", _shorter(data, error)))

    def take_result(self) -> bytes:
        """The frame that must go in front of the cell's `done`; empty for none."""
        line, self._result = self._result, b""
        return line

    def _show(self, source: str, value: Any) -> None:
        data = mime_bundle(value)
        try:
            sent = self._send(source, data)
        except FrameTooLargeError as error:
            sent = self._send(source, _shorter(data, error))
        if not sent:
            # A thread that outlived its cell, or a forked child.
            print(data["text/plain"])

    def _send(self, source: str, data: dict[str, Any]) -> bool:
        header = self._header(source, data)
        if header["cell"] is None:
            return False
        header["mark"] = self._outputs.place_mark()
        return self._channel.send(header, (), header["cell"])

    def _header(self, source: str, data: dict[str, Any]) -> dict[str, Any]:
        cell = self._channel.cell
        return {"type": "display", "cell": cell, "source": source, "data": data}


def _shorter(data: dict[str, Any], error: FrameTooLargeError) -> dict[str, Any]:
    note = f"(its other representations left out: all together {error})"
    return {"text/plain": f"{data['text/plain']}\n{note}"}
