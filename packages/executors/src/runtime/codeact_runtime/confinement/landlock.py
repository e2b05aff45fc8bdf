"""Landlock: the second layer. It would hold if something of the file system's view did not."""

from __future__ import annotations

import os
import stat
import struct

from .kernel import system_call

_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_CHAR, _MAKE_BLOCK = 1 << 6, 1 << 11
_TRUNCATE, _IOCTL_DEVICE = 1 << 14, 1 << 15
# How many kinds of access to files each version of the interface knows.
_FILE_ACCESS_COUNT = {1: 13, 2: 14, 3: 15, 4: 15}
_FILE_ACCESS_COUNT_NOW = 16

_READ = _EXECUTE | _READ_FILE | _READ_DIR
_DEVICE = _READ_FILE | _WRITE_FILE
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_BIND_AND_CONNECT_TCP = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


def supported_version() -> int:
    """The version of Landlock's interface in this kernel; raises OSError where there is none."""
    return system_call("landlock_create_ruleset", None, 0, _CREATE_RULESET_VERSION)


class Landlock:
    """Rules for the calling thread and everything that it starts."""

    def __init__(self, version: int) -> None:
        self._file_access = (1 << _FILE_ACCESS_COUNT.get(version, _FILE_ACCESS_COUNT_NOW)) - 1
        network = _BIND_AND_CONNECT_TCP if version >= 4 else 0
        scoped = _ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0
        size = 24 if version >= 6 else 16 if version >= 4 else 8
        attributes = struct.pack("QQQ", self._file_access, network, scoped)[:size]
        self._rules = system_call("landlock_create_ruleset", attributes, size, 0)

    def allow_reading(self, path: str) -> None:
        """Everything beneath the path may be read and executed."""
        self._allow(path, _READ)

    def allow_writing(self, path: str) -> None:
        """Everything beneath the path may be read, executed and changed, but no device made."""
        self._allow(path, ~(_MAKE_CHAR | _MAKE_BLOCK | _IOCTL_DEVICE))

    def allow_device(self, path: str) -> None:
        """The device may be read and written."""
        self._allow(path, _DEVICE)

    def enforce(self) -> None:
        """Puts the rules in force; needs that new privileges are forbidden."""
        system_call("landlock_restrict_self", self._rules, 0)
        os.close(self._rules)

    def _allow(self, path: str, access: int) -> None:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            access &= _OF_FILES
        rule = struct.pack("=Qi", access & self._file_access, descriptor)
        system_call("landlock_add_rule", self._rules, _RULE_PATH_BENEATH, rule, 0)
        os.close(descriptor)


def describe(version: int) -> str:
    """What this version adds to the confinement, in words."""
    extras = ", TCP" if version >= 4 else ""
    extras += ", abstract sockets and signals" if version >= 6 else ""
    return f"Landlock version {version}: files{extras}"
