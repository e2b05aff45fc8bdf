"""Calls about mounts."""

from __future__ import annotations

import os
import struct

from .kernel import system_call

NO_SETUID, NO_DEVICES, NO_PROGRAMS = 2, 4, 8
_AT_CURRENT_DIRECTORY = -100
_AT_EMPTY_PATH, _AT_RECURSIVE = 0x1000, 0x8000
_CLONE_TREE, _CLOSE_ON_EXEC = 1, 0x80000
_FROM_DESCRIPTOR, _TO_DESCRIPTOR = 0x04, 0x40
_DETACH = 2
_BIND, _RECURSIVE, _MAKE_PRIVATE = 0x1000, 0x4000, 1 << 18
_READ_ONLY = 1
_MAP_OWNERS = 0x100000


def make_all_private() -> None:
    """Nothing that is mounted from now on is seen outside, and nothing outside is seen here."""
    system_call("mount", b"none", b"/", None, _MAKE_PRIVATE | _RECURSIVE, None)


def mount(kind: str, target: str, flags: int, options: str = "") -> None:
    """Mounts a new file system of a kind on a path."""
    name = kind.encode()
    system_call("mount", name, os.fsencode(target), name, flags, options.encode())


def clone_tree(path: str, flags: int, read_only: bool = True, mapping: int | None = None) -> int:
    """A detached copy of the mounts at a path, with these restrictions, as a descriptor."""
    at = _CLONE_TREE | _CLOSE_ON_EXEC | _AT_RECURSIVE
    tree = system_call("open_tree", _AT_CURRENT_DIRECTORY, os.fsencode(path), at)
    restrictions = flags | _READ_ONLY if read_only else flags
    if mapping is not None:
        restrictions |= _MAP_OWNERS
    attributes = struct.pack("QQQQ", restrictions, 0, _MAKE_PRIVATE, mapping or 0)
    system_call("mount_setattr", tree, b"", _AT_EMPTY_PATH | _AT_RECURSIVE, attributes, 32)
    return tree


def attach_tree(tree: int, target: str) -> None:
    """Mounts a detached copy on a path."""
    path = os.fsencode(target)
    system_call("move_mount", tree, b"", _AT_CURRENT_DIRECTORY, path, _FROM_DESCRIPTOR)
    os.close(tree)


def attach_tree_to(tree: int, directory: int) -> None:
    """Mounts a detached copy on an open directory."""
    flags = _FROM_DESCRIPTOR | _TO_DESCRIPTOR
    system_call("move_mount", tree, b"", directory, b"", flags)
    os.close(tree)


def bind(source: str, target: str) -> None:
    """Shows a path at another one as well, with the restrictions of the mount that it is in."""
    paths = os.fsencode(source), os.fsencode(target)
    system_call("mount", *paths, None, _BIND, None)


def make_read_only(path: str) -> None:
    """Makes the mount at a path read-only, not those beneath it."""
    attributes = struct.pack("QQQQ", _READ_ONLY, 0, 0, 0)
    system_call("mount_setattr", _AT_CURRENT_DIRECTORY, os.fsencode(path), 0, attributes, 32)


def become_root() -> None:
    """Makes the working directory, a mount, the root, and forgets the old root."""
    system_call("pivot_root", b".", b".")
    system_call("umount2", b".", _DETACH)
    os.chdir("/")
