"""`display()` and the results of cells, sent to the host."""

from __future__ import annotations

from .channel import FrameTooLargeError
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

    def display(self, *objects: Any) -> None:
        """Show values as richly as they can: tables, images, HTML, Markdown."""
        for value in objects:
            self._show("display", value)

    def show_result(self, value: Any) -> None:
        """Shows the value of the last expression."""
        self._show("result", value)

    def _show(self, source: str, value: Any) -> None:
        data = mime_bundle(value)
        try:
            sent = self._send(source, data)
        except FrameTooLargeError as error:
            text = (
                f"{data['text/plain']}\n(its other representations left out: all together {error})"
            )
            sent = self._send(source, {"text/plain": text})
        if not sent:
            # A thread that outlived its cell, or a forked child.
            print(data["text/plain"])

    def _send(self, source: str, data: dict[str, Any]) -> bool:
        cell = self._channel.cell
        if cell is None:
            return False
        header = {
            "type": "display",
            "cell": cell,
            "source": source,
            "data": data,
            "mark": self._outputs.place_mark(),
        }
        return self._channel.send(header, (), cell)
