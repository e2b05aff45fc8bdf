"""Top-level `await`, and adaptations of asyncio to life inside a cell; imported when needed."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Coroutine
    from types import ModuleType
    from typing import Any, Callable

# So many tool calls, each in a thread of asyncio.to_thread, overlap.
_EXECUTOR_THREADS = 64
_CANCEL_GRACE_SECONDS = 1.0

_loop: AbstractEventLoop | None = None


def run_until_complete(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Runs a cell's coroutine in the loop that all cells share. An interrupt cancels its tasks."""
    import asyncio

    global _loop
    if _loop is None or _loop.is_closed():
        _loop = asyncio.new_event_loop()
    asyncio.set_event_loop(_loop)
    try:
        return _loop.run_until_complete(coroutine)
    except KeyboardInterrupt:
        _cancel_tasks(_loop)
        raise


def release_idle_threads() -> None:
    """Lets the threads of `asyncio.to_thread` end; the loop starts others when it needs them."""
    loop: Any = _loop
    executor = None if loop is None else loop._default_executor
    if executor is not None:
        executor.shutdown(wait=False)
        loop._default_executor = None


def abandon_loop() -> None:
    """Forgets the loop of the process that this one branched from, without touching what it shares.

    To close it properly would take the other's descriptors out of the kernel's watch list.
    """
    global _loop
    loop: Any = _loop
    _loop = None
    if loop is not None and not loop.is_closed():
        loop._selector.close()
        loop._ssock.close()
        loop._csock.close()
        loop._closed = True


def _cancel_tasks(loop: AbstractEventLoop) -> None:
    import asyncio

    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        # What swallows the cancellation is left behind, not waited for.
        loop.run_until_complete(asyncio.wait(tasks, timeout=_CANCEL_GRACE_SECONDS))


def adapt_asyncio(asyncio: ModuleType) -> None:
    """Gives loops enough threads, and lets `asyncio.run` work in a cell with top-level await."""
    from asyncio import base_events, runners

    original_run = runners.run
    loop_class: Any = base_events.BaseEventLoop
    original_run_in_executor = loop_class.run_in_executor

    def run(main: Any, *arguments: Any, **named: Any) -> Any:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return original_run(main, *arguments, **named)
        return _run_in_thread(main, lambda wrapped: original_run(wrapped, *arguments, **named))

    def run_in_executor(self: Any, executor: Any, function: Any, *arguments: Any) -> Any:
        if executor is None and self._default_executor is None:
            from concurrent.futures import ThreadPoolExecutor

            self.set_default_executor(ThreadPoolExecutor(_EXECUTOR_THREADS, "asyncio"))
        return original_run_in_executor(self, executor, function, *arguments)

    run.__doc__ = original_run.__doc__
    names: Any = asyncio
    names.run = runners.run = run
    loop_class.run_in_executor = run_in_executor


def _run_in_thread(main: Any, run: Callable[[Any], Any]) -> Any:
    # The loop of this thread is running the cell, so the new one needs a thread of its own.
    import asyncio
    import contextvars
    import threading

    started: list[tuple[AbstractEventLoop, Any]] = []
    outcome: list[tuple[Any, BaseException | None]] = []

    async def wrapped() -> Any:
        started.append((asyncio.get_running_loop(), asyncio.current_task()))
        return await main

    def work() -> None:
        try:
            outcome.append((run(wrapped()), None))
        except BaseException as error:
            outcome.append((None, error))

    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(work,), daemon=True)
    thread.start()
    try:
        thread.join()
    except KeyboardInterrupt:
        for loop, task in started:
            loop.call_soon_threadsafe(task.cancel)
        thread.join(_CANCEL_GRACE_SECONDS)
        raise
    value, error = outcome[0]
    if error is not None:
        raise error
    return value
