"""A live fork of a session: a second process with the same memory, owned by the supervisor."""

from __future__ import annotations

import os
import stat
import sys
import time

from . import links
from .birth import reseed
from .process_tree import end_with, set_subreaper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PREFIX = "/proc/self"
_CREATION_FLAGS = os.O_CREAT | os.O_EXCL | os.O_TRUNC
# A thread that has just done its work needs a moment to be gone.
_THREAD_PATIENCE_SECONDS = 0.25
_BRANCH_IS_HERE = b"b"
_FAILED_STATUS = 70


class Obstacle(Exception):
    """Says why this session cannot be forked now."""


class BranchDescriptors:
    """What the supervisor hands to a session for its branch."""

    __slots__ = ("channel", "link", "output")

    def __init__(self, channel: int, output: int, link: int) -> None:
        self.channel = channel
        self.output = output
        self.link = link

    def close(self) -> None:
        """Closes them in the process that is not the branch."""
        for descriptor in (self.channel, self.output, self.link):
            os.close(descriptor)


def receive_descriptors(link: int) -> BranchDescriptors | None:
    """Waits for what the supervisor sends; None if the host has given up meanwhile."""
    descriptors = links.receive_descriptors(link)
    return BranchDescriptors(*descriptors) if len(descriptors) == 3 else None


def prepare(reader_thread: int) -> None:
    """Raises Obstacle where the state cannot be copied; brings open files up to date."""
    _refuse_threads(reader_thread)
    try:
        _flush_files()
    except Exception as error:
        raise Obstacle(f"a file that is open for writing cannot be flushed: {error}") from None


def fork_branch(link: int) -> bool:
    """Forks this process. Returns whether this is the branch; raises Obstacle on failure.

    The branch becomes a child of the supervisor, or of the first process of its enclosure, because
    the process between the two ends. It is announced before, so that the supervisor never takes it
    for an orphan.
    """
    set_subreaper(False)
    try:
        pid = _fork()
        if pid == 0:
            _fork_again(link)
            return True
        if not _ended_well(pid):
            raise Obstacle("the system refused another process, or the supervisor the branch")
        return False
    except OSError as error:
        raise Obstacle(f"the system refused another process: {error}") from None
    finally:
        # The branch, too, answers for all that it starts.
        set_subreaper(True)


def settle_branch(old_workspace: str, workspace: str) -> None:
    """Gives the branch random numbers, a directory and open files of its own."""
    reseed()
    _enter_copy(old_workspace, workspace)
    _reopen_files(old_workspace, workspace)
    asyncio_support = sys.modules.get("codeact_runtime.asyncio_support")
    if asyncio_support is not None:
        asyncio_support.abandon_loop()


def _fork() -> int:
    import warnings

    # Newer versions of Python warn of threads; the only other one is the reader, which holds
    # nothing and is started again.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return os.fork()


def _fork_again(link: int) -> None:
    """In the process between: returns in the branch only."""
    between = os.getpid()
    try:
        is_announced, announce = os.pipe()
        pid = _fork()
        if pid != 0:
            os.close(announce)
            os._exit(0 if os.read(is_announced, 1) else _FAILED_STATUS)
        os.close(is_announced)
        os.setsid()
        parent = _tell_supervisor(link)
        os.write(announce, b"1")
        os.close(announce)
        while os.getppid() == between:
            time.sleep(0)
        end_with(parent)
    except BaseException:
        os._exit(_FAILED_STATUS)


def _tell_supervisor(link: int) -> int:
    """Tells the supervisor who the branch is; the kernel vouches for the sender.

    Returns the number of the process that will be its parent.
    """
    os.write(link, _BRANCH_IS_HERE)
    return int(os.read(link, 32))


def _ended_well(pid: int) -> bool:
    try:
        return os.waitpid(pid, 0)[1] == 0
    except ChildProcessError:
        # A handler of the user was faster. If the branch is not there, the host will notice.
        return True


def _refuse_threads(reader_thread: int) -> None:
    from _thread import get_ident

    own = {get_ident(), reader_thread}
    asyncio_support = sys.modules.get("codeact_runtime.asyncio_support")
    if asyncio_support is not None:
        asyncio_support.release_idle_threads()
    deadline = time.monotonic() + _THREAD_PATIENCE_SECONDS
    while True:
        foreign = sys._current_frames().keys() - own
        if not foreign:
            return
        if time.monotonic() > deadline:
            raise Obstacle(f"threads are running in it: {_names_of(foreign)}")
        time.sleep(0.005)


def _names_of(identifiers: set[int]) -> str:
    threading: Any = sys.modules.get("threading")
    threads = [] if threading is None else threading.enumerate()
    names = [str(thread.name)[:100] for thread in threads if thread.ident in identifiers]
    names += ["(no name)"] * (len(identifiers) - len(names))
    return ", ".join(names[:10])


def _open_regular_files() -> list[int]:
    descriptors = [int(name) for name in os.listdir(f"{_PREFIX}/fd")]
    found = []
    for descriptor in descriptors:
        try:
            if descriptor > 2 and stat.S_ISREG(os.fstat(descriptor).st_mode):
                found.append(descriptor)
        except OSError:
            continue  # The descriptor of the listing itself.
    return found


def _position_and_flags(descriptor: int) -> tuple[int, int]:
    with open(f"{_PREFIX}/fdinfo/{descriptor}", encoding="ascii") as file:
        fields = dict(line.split(":", 1) for line in file if ":" in line)
    return int(fields["pos"]), int(fields["flags"], 8)


def _flush_files() -> None:
    """Else both processes would write what is still in a buffer."""
    if all(_position_and_flags(each)[1] & os.O_ACCMODE == 0 for each in _open_regular_files()):
        return
    import gc
    import io

    kinds = (io.BufferedWriter, io.BufferedRandom, io.TextIOWrapper)
    for value in gc.get_objects():
        if issubclass(type(value), kinds) and not value.closed and value.writable():
            value.flush()


def _reopen_files(old_workspace: str, workspace: str) -> None:
    """Separates the positions of open files, and moves files of the workspace to the copy.

    A file that cannot be opened again stays as it is: shared with the source.
    """
    for descriptor in _open_regular_files():
        try:
            position, flags = _position_and_flags(descriptor)
            path = _moved(os.readlink(f"{_PREFIX}/fd/{descriptor}"), old_workspace, workspace)
            if path is None or not os.path.isfile(path):
                path = f"{_PREFIX}/fd/{descriptor}"
            fresh = os.open(path, flags & ~_CREATION_FLAGS)
        except OSError:
            continue
        os.lseek(fresh, position, os.SEEK_SET)
        os.dup2(fresh, descriptor, os.get_inheritable(descriptor))
        os.close(fresh)


def _enter_copy(old_workspace: str, workspace: str) -> None:
    try:
        directory = _moved(os.getcwd(), old_workspace, workspace)
    except FileNotFoundError:
        directory = workspace
    if directory is not None:
        os.chdir(directory if os.path.isdir(directory) else workspace)
    sys.path[:] = [_moved(entry, old_workspace, workspace) or entry for entry in sys.path]


def _moved(path: str, old_workspace: str, workspace: str) -> str | None:
    """Where a path of the old workspace is in the new one; None for a path elsewhere."""
    if path == old_workspace or path.startswith(os.path.join(old_workspace, "")):
        return workspace + path[len(old_workspace) :]
    return None
