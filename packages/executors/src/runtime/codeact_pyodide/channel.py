"""Sending frames where there are no threads."""

from __future__ import annotations

from codeact_runtime.channel import Channel


class DeviceChannel(Channel):
    """The way to the host, which is a device: it takes every write as a whole."""

    def _write_in_thread(self, parts: list[bytes], cell: int | None, ends_cell: bool) -> bool:
        return self._write_whole(parts, cell, ends_cell)
