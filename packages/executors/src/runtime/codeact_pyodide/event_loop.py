"""An event loop that blocks, as loops do elsewhere; imported when user code imports asyncio.

Pyodide's own loop is the browser's, which runs nothing while Python runs. This one sleeps by the
session's reader, so that `asyncio.run` and top-level `await` work, and can be interrupted.
"""

from __future__ import annotations

import asyncio
from asyncio import base_events, events, runners, tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    Sleep = Callable[[float], None]

_LONG_SECONDS = 3600.0


class _SleepingSelector:
    """Knows no descriptors: it only waits."""

    def __init__(self, sleep: Sleep) -> None:
        self._sleep = sleep

    def select(self, timeout: float | None) -> list[Any]:
        """Waits so long; for ever where nothing is scheduled."""
        if timeout is None or timeout > 0:
            self._sleep(_LONG_SECONDS if timeout is None else timeout)
        return []


class BlockingLoop(base_events.BaseEventLoop):
    """Tasks, timers and synchronisation; no sockets, no processes, no threads."""

    def __init__(self, sleep: Sleep) -> None:
        super().__init__()
        self._selector = _SleepingSelector(sleep)

    def _process_events(self, _events: list[Any]) -> None:
        pass

    def _write_to_self(self) -> None:
        pass

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> Any:
        """Runs the function at once, for there are no threads."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future


def install(sleep: Sleep) -> None:
    """Makes it the loop that asyncio creates, and lets `asyncio.run` work inside of one."""

    def new_event_loop() -> BlockingLoop:
        return BlockingLoop(sleep)

    original_run = runners.run

    def run(main: Any, **named: Any) -> Any:
        running = events._get_running_loop()
        if running is None:
            return original_run(main, **named)
        return _run_nested(running, lambda: original_run(main, **named))

    run.__doc__ = original_run.__doc__
    names: Any = asyncio
    names.new_event_loop = events.new_event_loop = new_event_loop
    names.run = runners.run = run
    # Pyodide's loop counts as running all the time.
    events._set_running_loop(None)
    events.set_event_loop(None)


def _run_nested(outer: Any, run: Callable[[], Any]) -> Any:
    # The outer loop stands still meanwhile, since this is its thread.
    swap_task: Any = tasks._swap_current_task  # type: ignore[attr-defined]
    task = swap_task(outer, None)
    events._set_running_loop(None)
    try:
        return run()
    finally:
        events._set_running_loop(outer)
        swap_task(outer, task)
        events.set_event_loop(outer)
