"""A session: one channel, one namespace, cells one after another."""

from __future__ import annotations

import builtins
import os
import sys
from _thread import allocate_lock, start_new_thread

from .cell_reports import CellReporter, minimal_report
from .cells import MAGICS_NAME, CellCompiler, evaluate
from .channel import Channel
from .displayer import Displayer
from .frame_reader import FrameReader
from .import_hooks import ImportHooks
from .interrupts import Interrupts
from .outputs import Outputs, duplicate_privately
from .process import enter_workspace, set_up_process
from .resource_limits import limit_resources
from .signal_handlers import SignalHandlers
from .tool_calls import ToolCaller, ToolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType
    from typing import Any, NoReturn

    from .branching import BranchDescriptors
    from .frame_reader import Frame
    from .tool_names import ToolNames

_FAULT_STATUS = 70


def main(descriptor: int) -> NoReturn:
    """Prepares this process and serves the channel on a file descriptor, until it ends."""
    # Only here: in WebAssembly there are no processes.
    from .process_tree import end_with_host

    channel = duplicate_privately(descriptor)
    os.close(descriptor)
    end_with_host()
    serve(channel, set_up_process())


def serve(descriptor: int, namespace: ModuleType, link: int | None = None) -> NoReturn:
    """Serves a channel, in a process that is set up, with `namespace` as `__main__`.

    `link` leads to the supervisor, if there is one, which sends over it what a fork needs.
    """
    interrupts = Interrupts()
    interrupts.install()
    channel = Channel(descriptor, interrupts)
    reader = FrameReader(descriptor, interrupts)
    hello = reader.read_first().header
    try:
        limit_resources(hello.get("limits", {}))
        _preload(hello.get("preload", ()))
        Session(channel, reader, interrupts, namespace.__dict__, link, hello).run()
    except BaseException as error:
        report_fault(channel, error)


class Session:
    """Everything of one session."""

    def __init__(
        self,
        channel: Channel,
        reader: FrameReader,
        interrupts: Interrupts,
        namespace: dict[str, Any],
        link: int | None,
        hello: dict[str, Any],
    ) -> None:
        self._channel = channel
        self._reader = reader
        self._interrupts = interrupts
        self._namespace = namespace
        self._link = link
        tools, workspace = hello["tools"], hello["workspace"]
        self._workspace: str = workspace
        self._compiler = CellCompiler()
        self._reporter = CellReporter(self._compiler.number_of, workspace, bool(tools))
        self._outputs = self._open_outputs(hello["nonce"])
        self._tool_caller = ToolCaller(channel, reader, self._outputs)
        self._displayer = Displayer(channel, self._outputs)
        self._job: dict[str, Any] | None = None
        self._job_is_there = allocate_lock()
        self._job_is_there.acquire()
        self._reader_thread = 0
        self._is_forked = False
        self._is_branching = False
        self._tool_names: ToolNames | None = None
        self._outputs.install()
        enter_workspace(workspace)
        self._install_names(tools)
        self._install_hooks()

    def run(self) -> NoReturn:
        """Answers `hello` and runs cells until the process exits."""
        self._get_ready()
        while True:
            self._reader.wait(self._job_is_there)
            job = self._job
            assert job is not None
            if job["type"] == "fork":
                self._fork()
            else:
                self._run_cell(job["cell"], job["code"])

    def _get_ready(self) -> None:
        version = ".".join(str(part) for part in sys.version_info[:3])
        self._reader.dispatch = self._dispatch
        self._channel.send({"type": "ready", "python": version, "pid": os.getpid()})
        self._reader_thread = self._start_reading()

    def _install_names(self, tools: list[dict[str, Any]]) -> None:
        names: Any = builtins
        names.display = self._displayer.display
        names.ToolError = ToolError
        if tools:
            from .tool_names import ToolNames

            self._tool_names = ToolNames(self._namespace, tools, self._tool_caller)

    def _open_outputs(self, nonce: str) -> Outputs:
        return Outputs(nonce)

    def _start_reading(self) -> int:
        """Reads frames from now on; returns the identifier of the thread that does."""
        return start_new_thread(self._read_frames, ())

    def _install_hooks(self) -> None:
        import _thread

        self._install_process_hooks()
        # `threading` takes its hook from `_thread` when it is imported.
        threading: Any = sys.modules.get("threading")
        if threading is None:
            _thread._excepthook = self._reporter.report_thread_error
        else:
            threading.excepthook = self._reporter.report_thread_error
        SignalHandlers(self._interrupts, self._reporter.report_stray_error).install()
        hooks = ImportHooks()
        hooks.install()
        hooks.when_imported("matplotlib.pyplot", self._adapt_pyplot)
        hooks.when_imported("asyncio", self._adapt_asyncio)

    def _install_process_hooks(self) -> None:
        import faulthandler

        # After a segmentation fault, the model should see in which line it happened.
        faulthandler.enable(self._outputs.pipe, all_threads=False)
        os.register_at_fork(after_in_child=self._become_forked_child)

    def _read_frames(self) -> None:
        try:
            self._reader.serve()
        except BaseException as error:
            report_fault(self._channel, error)

    def _dispatch(self, frame: Frame) -> None:
        header = frame.header
        kind = header["type"]
        if kind == "tool-result":
            self._tool_caller.resolve(frame)
        elif kind == "execute":
            self._channel.cell = header["cell"]
            self._job = header
            self._job_is_there.release()
        elif kind == "fork":
            self._job = header
            self._job_is_there.release()
        elif kind == "interrupt" and header["cell"] == self._channel.cell:
            self._interrupts.request(header["cell"])
        elif kind == "close":
            os._exit(0)

    def _run_cell(self, number: int, code: str) -> None:
        self._interrupts.open_cell(number)
        self._tool_caller.begin_cell()
        report = self._evaluate_guarded(number, code)
        if self._is_forked:
            _leave_forked_child(report)
        header = {"type": "done", "cell": number, **report}
        mark = self._outputs.synchronise()
        if mark is not None:
            header["mark"] = mark
        self._interrupts.close_cell()
        self._channel.send(header, (), number, self._displayer.take_result())
        self._tool_caller.end_cell()
        # Not before: the host need not wait for it.
        self._outputs.restore_descriptors()

    def _fork(self) -> None:
        """Answers `fork`, and goes on: in this process as before, in another as the branch."""
        from . import branching

        assert self._link is not None
        descriptors = branching.receive_descriptors(self._link)
        if descriptors is None:
            self._channel.send({"type": "forked", "ok": False, "message": "it was given up"})
            return
        answer: dict[str, Any] = {"type": "forked", "ok": True}
        is_branch = False
        self._is_branching = True
        try:
            branching.prepare(self._reader_thread)
            is_branch = branching.fork_branch(descriptors.link)
        except Exception as error:
            answer = {"type": "forked", "ok": False, "message": str(error)}
        self._is_branching = False
        if is_branch:
            self._become_branch(descriptors)
        else:
            descriptors.close()
            self._channel.send(answer)

    def _become_branch(self, descriptors: BranchDescriptors) -> None:
        from .branching import settle_branch

        assert self._link is not None
        self._channel.adopt(descriptors.channel)
        self._reader.adopt()
        self._outputs.adopt(descriptors.output)
        os.dup2(descriptors.link, self._link, inheritable=False)
        descriptors.close()
        self._tool_caller.forget_calls()
        hello = self._reader.read_first().header
        self._outputs.set_nonce(hello["nonce"])
        workspace = hello["workspace"]
        settle_branch(self._workspace, workspace)
        self._workspace = workspace
        self._reporter.add_workspace(workspace)
        self._get_ready()

    def _evaluate_guarded(self, number: int, code: str) -> dict[str, Any]:
        """Runs user code in all its forms, and says how it ended."""
        guard = self._interrupts.guard
        _, error = guard(lambda: self._evaluate(number, code))
        if not isinstance(error, KeyboardInterrupt):
            _, late_error = guard(self._finish_output)
            error = error or late_error
        was_interrupted = self._interrupts.received
        # Describing calls user code once more: `str(error)`.
        report, failure = guard(lambda: self._reporter.report(error, was_interrupted))
        if failure is None:
            described: dict[str, Any] = report
            return described
        # Where there was nothing to describe, an interrupt has come after the end of the code.
        return minimal_report(error or failure, self._interrupts.received)

    def _evaluate(self, number: int, code: str) -> None:
        cell = self._compiler.compile(code, number)
        value = evaluate(cell, self._namespace)
        if value is not None and cell.shows_value:
            if "matplotlib.pyplot" in sys.modules:
                # Its figures are still to come, after the result.
                self._displayer.show_result(value)
            else:
                self._displayer.show_result_at_end(value)

    def _finish_output(self) -> None:
        if "matplotlib.pyplot" in sys.modules:
            from .figures import show_open_figures

            show_open_figures(self._displayer.display)
        magics = getattr(builtins, MAGICS_NAME, None)
        if magics is not None:
            magics.end_cell()
        if self._tool_names is not None:
            self._tool_names.restore()
        self._outputs.flush()

    def _adapt_pyplot(self, pyplot: ModuleType) -> None:
        from .figures import patch_pyplot

        patch_pyplot(pyplot, self._displayer.display)

    def _adapt_asyncio(self, asyncio: ModuleType) -> None:
        from .asyncio_support import adapt_asyncio

        adapt_asyncio(asyncio)

    def _become_forked_child(self) -> None:
        if self._is_branching:
            return
        # The reader thread exists in the parent only, and so does the right to the channel.
        self._is_forked = True
        self._tool_caller.abandon()
        self._reader.abandon()
        self._channel.abandon()


def _preload(modules: Iterable[str]) -> None:
    for module in modules:
        try:
            __import__(module)
        except BaseException as error:
            raise ImportError(f'cannot preload the module "{module}": {error}') from error


def _leave_forked_child(report: dict[str, Any]) -> NoReturn:
    # The cell forked and ran on in the child as well; only the parent goes on after it.
    error = report.get("error")
    if error is not None:
        print(error["traceback"], file=sys.stderr)
    sys.stdout.flush()
    os._exit(0 if error is None else 1)


def report_fault(channel: Channel, error: BaseException) -> NoReturn:
    """Tells the host that the runtime itself failed, and ends the process."""
    import traceback

    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    channel.send({"type": "fault", "message": text})
    os._exit(_FAULT_STATUS)
