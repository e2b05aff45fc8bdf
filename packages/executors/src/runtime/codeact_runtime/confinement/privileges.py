"""Privileges: what the session starts without, and can never get."""

from __future__ import annotations

import errno
import struct

from .kernel import system_call

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_CAPBSET_DROP = 24
_PR_SET_SECUREBITS = 28
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_CAPABILITY_VERSION_3 = 0x20080522
_MOST_CAPABILITIES = 64
# NOROOT, NO_SETUID_FIXUP, NO_CAP_AMBIENT_RAISE, each with its lock; KEEP_CAPS locked off.
_SECURE_BITS = 0b11101111


def drop_capabilities() -> None:
    """Empties all five sets of capabilities of the calling thread."""
    system_call("prctl", _PR_SET_SECUREBITS, _SECURE_BITS, 0, 0, 0)
    _empty_bounding_set()
    system_call("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    system_call("capset", header, bytes(24))


def forbid_new_privileges() -> None:
    """From now on no program gives privileges by being started: setuid and the like."""
    system_call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def set_dumpable(dumpable: bool) -> None:
    """Whether processes of the same user may look into this one, `/proc` included."""
    system_call("prctl", _PR_SET_DUMPABLE, int(dumpable), 0, 0, 0)


def die_with_parent(signal_number: int) -> None:
    """Has the kernel send a signal when the parent process is gone."""
    system_call("prctl", _PR_SET_PDEATHSIG, signal_number, 0, 0, 0)


def adopt_orphans() -> None:
    """Makes descendants whose parent ends children of this process."""
    system_call("prctl", _PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _empty_bounding_set() -> None:
    try:
        for capability in range(_MOST_CAPABILITIES):
            system_call("prctl", _PR_CAPBSET_DROP, capability, 0, 0, 0)
    except OSError as error:
        # The kernel knows no capability of this number, nor any above.
        if error.errno != errno.EINVAL:
            raise
