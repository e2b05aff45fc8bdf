"""Descriptors 1 and 2 and the text streams on them: one pipe while a cell runs, in true order."""

from __future__ import annotations

import codecs
import os
import re
import select
import sys
import threading
import time

from ..outputs import (
    Outputs,
    _LabelledWriter,
    _StandardWriter,
    _text_stream,
    duplicate_privately,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Callable

    from .published import Publisher

_READ_BYTES = 65_536
# Much small output is joined, for servers limit the number of messages.
_JOIN_SECONDS = 0.02
_MAX_JOINED_BYTES = 65_536
_SYNCHRONISE_SECONDS = 5.0
# A thread that writes waits until its output is on its way, for C code that it calls next may let
# no other thread run. That costs time, so it is done so often in a row, and then so often.
_MAX_DELIVERIES = 20.0
_DELIVERIES_PER_SECOND = 50.0
_MAX_MARK_CHARACTERS = 20


class Streams:
    """Takes over the standard streams for each cell, and gives them back after it."""

    def __init__(self, nonce: str, publisher: Publisher) -> None:
        self._publisher = publisher
        read_end, write_end = os.pipe()
        self._kept = (duplicate_privately(1), duplicate_privately(2))
        os.dup2(write_end, 1)
        os.close(write_end)
        self._outputs = Outputs(nonce)
        self._outputs.stdout = _text_stream(_DeliveringWriter(1, self._deliver))
        self._outputs.stderr = _text_stream(
            _DeliveringLabelledWriter(2, self._outputs, self._deliver)
        )
        os.dup2(self._kept[0], 1)
        self._replaced: tuple[Any, ...] = ()
        self._read_end = duplicate_privately(read_end)
        os.close(read_end)
        self._marks = _MarkParser(nonce)
        self._passed = threading.Condition()
        self._last_passed = 0
        self._unsent: list[tuple[str, bytes]] = []
        self._unsent_bytes = 0
        self._last_sent = 0.0
        self._deliveries = _MAX_DELIVERIES
        self._last_delivery = 0.0
        self._thread = threading.Thread(target=self._read, name="codeact-output", daemon=True)
        self._thread.start()

    def take(self) -> None:
        """Makes the pipe the standard output."""
        self._replaced = (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)
        os.dup2(self._outputs.pipe, 1)
        self._outputs.install()

    def flush(self) -> None:
        """Flushes the streams that user code put in place of ours, and replaces closed ones."""
        self._outputs.flush()

    def give_back(self) -> None:
        """Publishes what is in the pipe and restores what was there before."""
        self.synchronise()
        os.dup2(self._kept[0], 1)
        os.dup2(self._kept[1], 2)
        sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__ = self._replaced  # type: ignore[misc]

    def synchronise(self) -> None:
        """Waits until everything that was written is published."""
        mark = self._outputs.place_mark()
        deadline = time.monotonic() + _SYNCHRONISE_SECONDS
        with self._passed:
            while self._last_passed < mark and time.monotonic() < deadline:
                self._passed.wait(0.1)

    def _deliver(self) -> None:
        now = time.monotonic()
        earned = (now - self._last_delivery) * _DELIVERIES_PER_SECOND
        self._deliveries = min(_MAX_DELIVERIES, self._deliveries + earned)
        self._last_delivery = now
        if self._deliveries >= 1:
            self._deliveries -= 1
            self.synchronise()
            self._publisher.flush()

    def _read(self) -> None:
        poll = select.poll()
        poll.register(self._read_end, select.POLLIN)
        while True:
            if self._unsent:
                left = self._last_sent + _JOIN_SECONDS - time.monotonic()
                if left <= 0 or not poll.poll(left * 1000):
                    self._send()
                    continue
            data = os.read(self._read_end, _READ_BYTES)
            for item in self._marks.push(data):
                if isinstance(item, int):
                    self._send()
                    with self._passed:
                        self._last_passed = item
                        self._passed.notify_all()
                else:
                    self._add(*item)

    def _add(self, stream: str, data: bytes) -> None:
        self._unsent.append((stream, data))
        self._unsent_bytes += len(data)
        if self._unsent_bytes >= _MAX_JOINED_BYTES:
            self._send()

    def _send(self) -> None:
        unsent, self._unsent = self._unsent, []
        self._unsent_bytes = 0
        self._last_sent = time.monotonic()
        while unsent:
            stream = unsent[0][0]
            count = next((i for i, each in enumerate(unsent) if each[0] != stream), len(unsent))
            self._publisher.text(stream, b"".join(data for _, data in unsent[:count]))
            del unsent[:count]


class _DeliveringWriter(_StandardWriter):
    """The binary side of `sys.stdout`."""

    def __init__(self, descriptor: int, deliver: Callable[[], None]) -> None:
        super().__init__(descriptor)
        self._deliver = deliver

    def write(self, data: Any) -> int:
        length = super().write(data)
        self._deliver()
        return length


class _DeliveringLabelledWriter(_LabelledWriter):
    """The binary side of `sys.stderr`."""

    def __init__(self, descriptor: int, outputs: Outputs, deliver: Callable[[], None]) -> None:
        super().__init__(descriptor, outputs)
        self._deliver = deliver

    def write(self, data: Any) -> int:
        length = super().write(data)
        self._deliver()
        return length


class _MarkParser:
    """Cuts what comes out of the pipe into text of the two streams and marks."""

    def __init__(self, nonce: str) -> None:
        self._prefix = f"\x1b]codeact;{nonce};".encode("ascii")
        self._mark = re.compile(re.escape(self._prefix) + rb"(e|o|[0-9]{1,15})\x07")
        self._rest = b""
        self._stream = "stdout"
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def push(self, data: bytes) -> Iterator[tuple[str, bytes] | int]:
        """Text of whole characters, with its stream, and the numbers of marks."""
        data = self._rest + data
        start = 0
        for match in self._mark.finditer(data):
            yield from self._text(data[start : match.start()])
            start = match.end()
            kind = match[1]
            if kind in (b"e", b"o"):
                yield from self._text(b"", final=True)
                self._stream = "stderr" if kind == b"e" else "stdout"
            else:
                yield from self._text(b"", final=True)
                yield int(kind)
        held = self._held(data, start)
        yield from self._text(data[start : len(data) - held])
        self._rest = data[len(data) - held :]

    def _held(self, data: bytes, start: int) -> int:
        """The length of what may become a mark at the end."""
        at = data.rfind(b"\x1b", max(start, len(data) - len(self._prefix) - _MAX_MARK_CHARACTERS))
        if at < 0:
            return 0
        end = data[at:]
        begins = end.startswith(self._prefix) or self._prefix.startswith(end)
        return len(end) if begins else 0

    def _text(self, data: bytes, final: bool = False) -> Iterator[tuple[str, bytes]]:
        text = self._decoder.decode(data, final)
        if text:
            yield self._stream, text.encode("utf-8")
