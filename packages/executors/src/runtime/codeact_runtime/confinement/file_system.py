"""The file system of a session: a small one in memory, with the allowed trees mounted in it.

What is not mounted does not exist there, so there is nothing to guess a path to.
"""

from __future__ import annotations

import errno
import os
import stat

from .errors import Part
from .files import write_file
from .mounts import (
    NO_DEVICES,
    NO_PROGRAMS,
    NO_SETUID,
    attach_tree,
    attach_tree_to,
    become_root,
    bind,
    clone_tree,
    make_all_private,
    make_read_only,
    mount,
)
from .readable_files import FileTrees, readable_paths, require_usable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from .identity import Identity

USER = "user"
TEMPORARY = "/tmp"
HOME = "/tmp/home"
SHARED_MEMORY = "/dev/shm"
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/urandom")

_OWN_FLAGS = NO_SETUID | NO_DEVICES
_LINKS = {
    "/dev/random": "urandom",
    "/dev/fd": "/proc/self/fd",
    "/dev/stdin": "/proc/self/fd/0",
    "/dev/stdout": "/proc/self/fd/1",
    "/dev/stderr": "/proc/self/fd/2",
    "/var/tmp": TEMPORARY,
}
# What programs read about the machine. Everything else in `/proc` that is not a process is hidden:
# settings of the kernel, its memory, its modules, its command line.
_VISIBLE_IN_PROC = frozenset(
    [
        *("cpuinfo", "filesystems", "loadavg", "meminfo", "stat", "uptime", "version"),
        *("mounts", "net", "self", "thread-self"),
    ]
)
_ADVICE_FOR_ROOT = (
    "A host that is root needs a file system that can map owners there, such as ext4, xfs, btrfs, "
    "or tmpfs since Linux 6.3: put the workspace on one, or start the host as an ordinary user."
)
_EMPTY_FILE, _EMPTY_DIRECTORY = "/.empty-file", "/.empty-directory"


class FileSystem:
    """What all sessions of a host see alike."""

    def __init__(self, readable: Iterable[str], temporary_bytes: int, identity: Identity) -> None:
        self._mapping = identity.mapping
        self._temporary_options = f"mode=1777,size={temporary_bytes},nr_inodes=65536"
        self._readable = FileTrees(readable_paths(readable))
        self._devices = [path for path in DEVICES if os.path.exists(path)]
        self._links = {**self._readable.links, **_LINKS}
        user, group = identity.user, identity.group
        self._files = {
            "/etc/passwd": f"{USER}:x:{user}:{group}:{USER}:{HOME}:/bin/sh\n",
            "/etc/group": f"{USER}:x:{group}:\n",
            "/etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
            "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
            _EMPTY_FILE: "",
        }
        self._directories = _directories_for(
            [*self._readable.roots, *self._links, *self._files, *DEVICES],
            [SHARED_MEMORY, TEMPORARY, _EMPTY_DIRECTORY, "/proc"],
        )

    def take_trees(self, writable: Collection[str]) -> tuple[FileTrees, list[tuple[str, int]]]:
        """Copies the mounts of everything visible; needs the right to mount, and to get there."""
        trees = []
        for path in self._readable.roots:
            with Part(f"show {path} to the session"):
                trees.append((path, clone_tree(path, _OWN_FLAGS)))
        for path in self._devices:
            with Part(f"show {path} to the session"):
                trees.append((path, clone_tree(path, NO_SETUID | NO_PROGRAMS)))
        for path in writable:
            require_usable(path)
        written = FileTrees(writable)
        trees += [(path, self.take_writable(path)) for path in written.roots]
        # A tree after the one that it lies in.
        return written, sorted(trees)

    def take_writable(self, path: str) -> int:
        """Copies the mounts of a path that the session may write in; needs the same rights."""
        advice = "" if self._mapping is None else _ADVICE_FOR_ROOT
        with Part(f"make {path} writable for the session", advice):
            return clone_tree(path, _OWN_FLAGS, False, self._mapping)

    def build(self, written: FileTrees, trees: list[tuple[str, int]]) -> bool:
        """Makes this file system that of the process, which must be the first of its namespace.

        Returns whether it has a `/proc`.
        """
        with Part("build the session's file system"):
            make_all_private()
            # Any directory that everybody can get to will do: it has this only for a moment.
            mount("tmpfs", "/dev", _OWN_FLAGS, "mode=0755,size=1m,nr_inodes=4096")
            os.chdir("/dev")
            for path in self._directories:
                os.mkdir(_relative(path))
            for path in (TEMPORARY, SHARED_MEMORY):
                mount("tmpfs", _relative(path), _OWN_FLAGS, self._temporary_options)
            _attach(trees)
            _link({**self._links, **written.links})
            for path, text in self._files.items():
                write_file(_relative(path), text)
            has_processes = _mount_processes()
            become_root()
            os.makedirs(HOME, 0o700, exist_ok=True)
            make_read_only("/")
            if has_processes:
                _hide_in_proc()
        return has_processes


def attach_in_temporary(tree: int, name: str) -> None:
    """Mounts a tree in the `/tmp` of the calling process, which is a session's.

    The session may exchange the directory meanwhile, but only for another one of its own.
    """
    path = os.path.join(TEMPORARY, name)
    with Part(f"make {path} writable for the session"):
        os.mkdir(path, 0o700)
        target = os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        attach_tree_to(tree, target)
        os.close(target)


def _directories_for(paths: Iterable[str], directories: Iterable[str]) -> list[str]:
    """Every directory that has to be there, each after its parent."""
    found = set(directories)
    for path in [*paths, *directories]:
        while path != "/":
            path = os.path.dirname(path)
            found.add(path)
    return sorted(found - {"/"})


def _attach(trees: list[tuple[str, int]]) -> None:
    inside = "\0"
    for path, tree in trees:
        # In another tree, the mount point is there as on the host.
        if not path.startswith(inside):
            _make_mount_point(_relative(path), tree)
            inside = path + "/"
        attach_tree(tree, _relative(path))


def _make_mount_point(path: str, tree: int) -> None:
    if stat.S_ISDIR(os.fstat(tree).st_mode):
        os.makedirs(path, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        write_file(path)


def _link(links: dict[str, str]) -> None:
    for path, target in links.items():
        relative = _relative(path)
        if not os.path.lexists(relative):
            os.makedirs(os.path.dirname(relative) or ".", exist_ok=True)
            os.symlink(target, relative)


def _mount_processes() -> bool:
    """Mounts `/proc`. Returns False, and leaves it empty, where the host's own is masked.

    The kernel then refuses another one, which would show what is masked; so do containers.
    """
    try:
        mount("proc", "proc", _OWN_FLAGS | NO_PROGRAMS)
    except OSError as error:
        if error.errno != errno.EPERM:
            raise
        return False
    return True


def _hide_in_proc() -> None:
    with os.scandir("/proc") as entries:
        for entry in entries:
            if not entry.name.isdigit() and entry.name not in _VISIBLE_IN_PROC:
                is_directory = entry.is_dir(follow_symlinks=False)
                bind(_EMPTY_DIRECTORY if is_directory else _EMPTY_FILE, entry.path)


def _relative(path: str) -> str:
    # To the working directory, which is the new root before it is the process's.
    return path[1:]
