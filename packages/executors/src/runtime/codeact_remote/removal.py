"""Removing what hostile code has left: trees of any depth, without permissions, with links."""

from __future__ import annotations

import os
import stat

from .directory_walk import DIRECTORY_FLAGS, open_directory

# As many directories are open at once, however deep a tree is.
_MAX_DEPTH = 32
_ROUNDS = 8


def remove_entry(parent: int, name: str) -> None:
    """Removes an entry with all in it; a link is removed itself, not what it leads to."""
    if not stat.S_ISDIR(os.lstat(name, dir_fd=parent).st_mode):
        os.unlink(name, dir_fd=parent)
        return
    for rounds_left in reversed(range(_ROUNDS)):
        directory = _open_to_empty(parent, name)
        try:
            # What was too deep has been moved up.
            while _empty(directory, directory, 0):
                continue
        finally:
            os.close(directory)
        try:
            os.rmdir(name, dir_fd=parent)
            return
        except OSError:
            # Running code still writes.
            if rounds_left == 0:
                raise


def _empty(root: int, directory: int, depth: int) -> bool:
    """Returns whether something was moved to the root instead of removed."""
    has_moved = False
    for name in os.listdir(directory):
        try:
            if not stat.S_ISDIR(os.lstat(name, dir_fd=directory).st_mode):
                os.unlink(name, dir_fd=directory)
            elif depth >= _MAX_DEPTH:
                new_name = os.urandom(16).hex()
                os.rename(name, new_name, src_dir_fd=directory, dst_dir_fd=root)
                has_moved = True
            else:
                has_moved = _empty_below(root, directory, name, depth) or has_moved
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            # Running code was faster.
            continue
    return has_moved


def _empty_below(root: int, parent: int, name: str, depth: int) -> bool:
    directory = _open_to_empty(parent, name)
    try:
        has_moved = _empty(root, directory, depth + 1)
    finally:
        os.close(directory)
    os.rmdir(name, dir_fd=parent)
    return has_moved


def _open_to_empty(parent: int, name: str) -> int:
    try:
        directory = open_directory(parent, name)
    except PermissionError:
        _permit(parent, name)
        directory = open_directory(parent, name)
    os.fchmod(directory, 0o700)
    return directory


def _permit(parent: int, name: str) -> None:
    if not hasattr(os, "O_PATH"):
        os.chmod(name, 0o700, dir_fd=parent, follow_symlinks=False)
        return
    directory = os.open(name, DIRECTORY_FLAGS | os.O_PATH, dir_fd=parent)
    try:
        os.chmod(f"/proc/self/fd/{directory}", 0o700)
    finally:
        os.close(directory)
