"""What Python and ordinary programs need of this machine's files."""

from __future__ import annotations

import os
import sys

from .errors import ConfinementError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# Programs and libraries of the system. What an administrator may have put beside them under /usr
# and /etc, such as configuration with passwords, is not among it.
_SYSTEM = (
    *("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"),
    *("/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec"),
    *("/usr/share", "/usr/include", "/usr/local/bin", "/usr/local/lib", "/usr/local/lib64"),
    *("/nix/store", "/gnu/store"),
    *("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/etc/locale.alias"),
    *("/etc/ssl/certs", "/etc/ssl/cert.pem", "/etc/ssl/openssl.cnf", "/etc/crypto-policies"),
    *("/etc/pki/tls/certs", "/etc/pki/tls/openssl.cnf", "/etc/pki/ca-trust/extracted"),
    *("/etc/fonts", "/etc/matplotlibrc"),
)
# Prefixes that hold more than a Python; what Python has there is in the list above.
_SHARED_PREFIXES = ("/", "/usr", "/usr/local")
# What Python has in a prefix that somebody uses for other things too, such as a home directory.
_OF_PYTHON = ("bin", "include", "lib", "lib64", "libexec")
# What a session has of its own there; none of it can be the host's as well.
_RESERVED = ("/", "/dev", "/dev/shm", "/etc", "/proc", "/sys", "/tmp", "/var")
_MOST_LINKS = 40


class FileTrees:
    """Real paths of trees, none inside another, and the links by which they are reached."""

    def __init__(self, paths: Iterable[str]) -> None:
        links: dict[str, str] = {}
        real = sorted({_resolve(path, links) for path in paths})
        self.roots: list[str] = []
        for path in real:
            if not self.contains(path):
                self.roots.append(path)
        # A link inside a tree is there already.
        self.links = {path: links[path] for path in sorted(links) if not self.contains(path)}

    def contains(self, path: str) -> bool:
        """Whether a path lies in one of the trees."""
        return any(path == root or path.startswith(root + "/") for root in self.roots)


def readable_paths(listed: Iterable[str]) -> list[str]:
    """The system's files, those of this interpreter, and the listed ones, which have to exist."""
    major, minor = sys.version_info[:2]
    candidates = [
        *_SYSTEM,
        f"/etc/python{major}.{minor}",
        *_paths_of_prefixes(),
        *(sys.executable, *sys.path),
        *_linked_libraries(),
    ]
    found = [path for path in candidates if path not in _SHARED_PREFIXES and _is_usable(path)]
    for path in listed:
        require_usable(path)
        found.append(path)
    return found


def _paths_of_prefixes() -> list[str]:
    """What belongs to this interpreter; in a virtual environment also what that is based on."""
    paths: list[str] = []
    for prefix in {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}:
        if _is_shared(prefix):
            paths += [os.path.join(prefix, name) for name in _OF_PYTHON]
        else:
            paths.append(prefix)
    return paths


def _is_shared(prefix: str) -> bool:
    home = os.path.realpath(os.path.expanduser("~"))
    real = os.path.realpath(prefix)
    # A directory at the top, such as /opt, is nobody's own.
    return real.count("/") < 2 or home == real or home.startswith(real + "/")


def _linked_libraries() -> list[str]:
    """The libraries that are loaded, wherever the linker found them."""
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
        lines = [line.split(None, 5) for line in maps]
    return sorted({line[5].rstrip("\n") for line in lines if len(line) == 6 and line[5][0] == "/"})


def require_usable(path: str) -> None:
    """Raises ConfinementError for a path that cannot be shown to a session."""
    if not _is_usable(path):
        raise ConfinementError(
            f"show {path!r} to the session",
            "it is not the absolute path of an existing file or directory",
            f"It may also not be one of {', '.join(_RESERVED)}, which a session has itself.",
        )


def _is_usable(path: str) -> bool:
    real = os.path.realpath(path)
    is_own = real in _RESERVED or real.startswith("/proc/")
    return os.path.isabs(path) and os.path.exists(path) and not is_own


def _resolve(path: str, links: dict[str, str]) -> str:
    """The real path; adds the links that were followed, by their own real paths."""
    done, rest = "", [name for name in path.split("/") if name]
    followed = 0
    while rest:
        name = rest.pop(0)
        if name == "..":
            done = os.path.dirname(done).rstrip("/")
            continue
        here = f"{done}/{name}"
        if name == "." or not os.path.islink(here) or followed > _MOST_LINKS:
            done = done if name == "." else here
            continue
        followed += 1
        target = links[here] = os.readlink(here)
        done = "" if target.startswith("/") else done
        rest = [part for part in target.split("/") if part] + rest
    return done or "/"
