"""Files of the workspace for the host. No link is followed out of it."""

from __future__ import annotations

import contextlib
import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | os.O_NOFOLLOW
_MAX_PIECE_BYTES = 4 * 1024 * 1024


class RefusedPathError(Exception):
    """A path leads out of the workspace, or to something that is not an ordinary file."""


class WorkspaceRequests:
    """Reads, writes, lists and removes, in pieces, each request complete in itself."""

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root)

    def answer(self, request: dict[str, Any], buffers: list[Any]) -> Any:
        """Does what a request asks for."""
        names: list[str] = request["names"]
        action = request["action"]
        if action == "read":
            return self._read(names, request["offset"])
        if action == "write":
            return self._write(names, request["offset"], b"".join(bytes(each) for each in buffers))
        if action == "list":
            return self._list(names)
        return self._remove(names)

    def _read(self, names: list[str], offset: int) -> Any:
        file = self._open(names, os.O_RDONLY)
        try:
            data = os.pread(file, _MAX_PIECE_BYTES, offset)
            return {"size": os.fstat(file).st_size}, [data]
        finally:
            os.close(file)

    def _write(self, names: list[str], offset: int, data: bytes) -> dict[str, Any]:
        file = self._open(names, os.O_WRONLY | os.O_CREAT)
        try:
            if offset == 0:
                os.ftruncate(file, 0)
            view = memoryview(data)
            while view:
                written = os.pwrite(file, view, offset)
                view = view[written:]
                offset += written
            return {}
        finally:
            os.close(file)

    def _list(self, names: list[str]) -> dict[str, Any]:
        entries: list[dict[str, Any]] = []
        directory = self._walk(self._resolve(names), False)
        try:
            _list_into(entries, directory, "/".join(names))
        finally:
            os.close(directory)
        return {"entries": entries}

    def _remove(self, names: list[str]) -> dict[str, Any]:
        if not names:
            raise RefusedPathError("it is the workspace itself")
        parent = self._walk(self._resolve(names[:-1]), False)
        try:
            _remove_entry(parent, names[-1])
        finally:
            os.close(parent)
        return {}

    def _open(self, names: list[str], flags: int) -> int:
        resolved = self._resolve(names)
        if not resolved:
            raise RefusedPathError("it is a directory")
        parent = self._walk(resolved[:-1], bool(flags & os.O_CREAT))
        try:
            flags |= os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            file = os.open(resolved[-1], flags, 0o666, dir_fd=parent)
        finally:
            os.close(parent)
        mode = os.fstat(file).st_mode
        if stat.S_ISREG(mode):
            return file
        os.close(file)
        raise RefusedPathError(
            "it is a directory" if stat.S_ISDIR(mode) else "it is not an ordinary file"
        )

    def _resolve(self, names: list[str]) -> list[str]:
        """The names that lead to where `names` really lead: links inside are resolved."""
        path = os.path.realpath(os.path.join(self._root, *names))
        if path != self._root and not path.startswith(os.path.join(self._root, "")):
            raise RefusedPathError("it leads out of the workspace")
        relative = os.path.relpath(path, self._root)
        return [] if relative == "." else relative.split(os.sep)

    def _walk(self, names: list[str], make_missing: bool) -> int:
        directory = os.open(self._root, _DIRECTORY)
        for name in names:
            parent = directory
            try:
                if make_missing:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(name, dir_fd=parent)
                directory = os.open(name, _DIRECTORY, dir_fd=parent)
            finally:
                os.close(parent)
        return directory


def _list_into(entries: list[dict[str, Any]], directory: int, prefix: str) -> None:
    for name in os.listdir(directory):
        path = f"{prefix}/{name}" if prefix else name
        try:
            status = os.stat(name, dir_fd=directory, follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                child = os.open(name, _DIRECTORY, dir_fd=directory)
                entries.append({"path": path, "type": "directory", "size": 0})
                try:
                    _list_into(entries, child, path)
                finally:
                    os.close(child)
            elif stat.S_ISREG(status.st_mode):
                entries.append({"path": path, "type": "file", "size": status.st_size})
        except (FileNotFoundError, NotADirectoryError):
            continue  # Removed or replaced meanwhile.


def _remove_entry(parent: int, name: str) -> None:
    status = os.stat(name, dir_fd=parent, follow_symlinks=False)
    if not stat.S_ISDIR(status.st_mode):
        os.unlink(name, dir_fd=parent)
        return
    directory = os.open(name, _DIRECTORY, dir_fd=parent)
    try:
        for child in os.listdir(directory):
            _remove_entry(directory, child)
    finally:
        os.close(directory)
    os.rmdir(name, dir_fd=parent)
