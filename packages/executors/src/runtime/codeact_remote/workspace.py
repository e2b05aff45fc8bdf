"""The directory in which the code runs, and what the host does with its files."""

from __future__ import annotations

import json
import os
import stat

from .directory_walk import (
    RefusedPathError,
    open_directory,
    open_file,
    resolve_inside,
    split_path,
    walk,
)
from .removal import remove_entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The same number is on the host.
_PIECE_BYTES = 256 * 1024
# What is deeper is not listed: each level takes a descriptor.
_MAX_DEPTH = 256


class Workspace:
    """One directory, made where it is missing."""

    def __init__(self, path: str | None, keep: bool) -> None:
        self._is_temporary = path is None and not keep
        if path is None:
            path = _make_temporary()
        else:
            os.makedirs(path, exist_ok=True)
        self.path = os.path.realpath(path)
        self._open: dict[int, int] = {}
        # It must be there for the relay as well, whatever the code does to the path.
        os.chdir(self.path)

    def perform(self, header: dict[str, Any], data: bytes) -> bytes:
        """Does what a `file` frame asks for, and returns the blob of its answer."""
        operation, path = header["operation"], header.get("path", "")
        if operation == "open-to-read":
            self._open[header["id"]] = open_file(self.path, path, os.O_RDONLY)
        elif operation == "open-to-write":
            # Not truncated on opening: first it must be known to be the right file.
            file = open_file(self.path, path, os.O_WRONLY | os.O_CREAT)
            self._open[header["id"]] = file
            os.ftruncate(file, 0)
        elif operation == "read":
            return os.read(self._file(header), _PIECE_BYTES)
        elif operation == "write":
            _write_all(self._file(header), data)
        elif operation == "close":
            os.close(self._open.pop(header["file"]))
        elif operation == "list":
            return json.dumps(self._list(path)).encode("ascii")
        elif operation == "remove":
            self._remove(path)
        return b""

    def dispose(self) -> None:
        """Removes it, if it is a temporary one."""
        if not self._is_temporary:
            return
        os.chdir("/")
        parent, name = os.path.split(self.path)
        with walk(parent, []) as directory:
            remove_entry(directory, name)

    def _file(self, header: dict[str, Any]) -> int:
        file = self._open.get(header["file"])
        if file is None:
            raise RefusedPathError("it is not open")
        return file

    def _list(self, path: str) -> list[dict[str, Any]]:
        names = split_path(path)
        entries: list[dict[str, Any]] = []
        with walk(self.path, resolve_inside(self.path, names)) as directory:
            _list_into(entries, directory, "/".join(names), 0)
        return entries

    def _remove(self, path: str) -> None:
        names = split_path(path)
        if not names:
            raise RefusedPathError("it is the workspace itself")
        with walk(self.path, resolve_inside(self.path, names[:-1])) as directory:
            remove_entry(directory, names[-1])


def _make_temporary() -> str:
    directory = os.environ.get("TMPDIR") or "/tmp"
    path = os.path.join(directory, f"codeact-{os.urandom(8).hex()}")
    os.mkdir(path, 0o700)
    return path


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _list_into(entries: list[dict[str, Any]], directory: int, prefix: str, depth: int) -> None:
    """Lists what is below. Links and special files are left out."""
    if depth > _MAX_DEPTH:
        raise RefusedPathError(f"it is nested deeper than {_MAX_DEPTH} directories")
    for name in os.listdir(directory):
        path = f"{prefix}/{name}" if prefix else name
        try:
            status = os.lstat(name, dir_fd=directory)
            if stat.S_ISREG(status.st_mode):
                entries.append({"path": path, "type": "file", "size": status.st_size})
            elif stat.S_ISDIR(status.st_mode):
                _list_directory(entries, directory, name, path, depth + 1)
        except (FileNotFoundError, NotADirectoryError):
            # Running code may remove or replace an entry at any time.
            continue


def _list_directory(
    entries: list[dict[str, Any]], parent: int, name: str, path: str, depth: int
) -> None:
    directory = open_directory(parent, name)
    try:
        entries.append({"path": path, "type": "directory", "size": 0})
        _list_into(entries, directory, path, depth)
    finally:
        os.close(directory)
