"""Paths of the workspace, opened so that no link leads out, also while code changes them."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

DIRECTORY_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE_FLAGS = os.O_NOFOLLOW | os.O_NONBLOCK


class RefusedPathError(Exception):
    """A path leads out of the workspace, or to something that is not an ordinary file."""


def split_path(path: str) -> list[str]:
    """The names in a path relative to the workspace."""
    if "\0" in path:
        raise RefusedPathError("it is not a path")
    if path.startswith("/"):
        raise RefusedPathError("it must be relative to the workspace")
    names = [name for name in path.split("/") if name not in ("", ".")]
    if ".." in names:
        raise RefusedPathError("it must not contain `..`")
    return names


def resolve_inside(root: str, names: list[str]) -> list[str]:
    """The names that really lead there from `root`: links inside the workspace are resolved."""
    real = os.path.realpath(os.path.join(root, *names))
    prefix = os.path.join(root, "")
    if real != root and not real.startswith(prefix):
        raise RefusedPathError("it leads out of the workspace")
    return [name for name in real[len(prefix) :].split("/") if name]


@contextmanager
def walk(root: str, names: list[str], make_missing: bool = False) -> Iterator[int]:
    """Opens the directory that `names` lead to, below `root`."""
    directory = os.open(root, DIRECTORY_FLAGS)
    try:
        for name in names:
            if make_missing:
                _make_directory(directory, name)
            below = open_directory(directory, name)
            os.close(directory)
            directory = below
        yield directory
    finally:
        os.close(directory)


def open_directory(parent: int, name: str) -> int:
    """Opens a directory in another, never through a link."""
    return os.open(name, DIRECTORY_FLAGS, dir_fd=parent)


def open_file(root: str, path: str, flags: int) -> int:
    """Opens an ordinary file, and never waits for a writer of a pipe."""
    names = resolve_inside(root, split_path(path))
    if not names:
        raise RefusedPathError("it is a directory")
    with walk(root, names[:-1], make_missing=bool(flags & os.O_CREAT)) as parent:
        file = os.open(names[-1], flags | _FILE_FLAGS, 0o666, dir_fd=parent)
    mode = os.fstat(file).st_mode
    if stat.S_ISREG(mode):
        return file
    os.close(file)
    raise RefusedPathError(
        "it is a directory" if stat.S_ISDIR(mode) else "it is not an ordinary file"
    )


def describe(error: Exception) -> str:
    """Why a path could not be used, in words."""
    if not isinstance(error, OSError):
        return str(error)
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def _make_directory(parent: int, name: str) -> None:
    with suppress(FileExistsError):
        os.mkdir(name, dir_fd=parent)


_REASONS = {
    errno.ENOENT: "there is no such file or directory",
    errno.ENOTDIR: "a part of the path is not a directory",
    errno.EISDIR: "it is a directory",
    errno.EACCES: "permission denied",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk is full",
    errno.ELOOP: "it leads through a symbolic link",
    # A pipe without a reader, a socket, a device without a driver.
    errno.ENXIO: "it is not an ordinary file",
}
