"""How a process has ended that is not a child of this one."""

from __future__ import annotations

import os
import struct
import time

# Of `struct pidfd_info`, in its first version.
_INFO_BYTES = 64
_GET_INFO = 0xC040FF0B
_EXIT_IS_KNOWN = 1 << 3
_EXIT_CODE_OFFSET = 60
# Its parent reaps it a moment after it has ended; only then it is known.
_PATIENCE_SECONDS = 0.1


def exit_code_of(descriptor: int) -> int | None:
    """The exit code, negative for a signal; None before Linux 6.15, which cannot tell."""
    import fcntl

    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        request = struct.pack("Q", _EXIT_IS_KNOWN).ljust(_INFO_BYTES, b"\0")
        try:
            info = fcntl.ioctl(descriptor, _GET_INFO, request)
        except ProcessLookupError:
            info = bytes(_INFO_BYTES)
        except OSError:
            return None
        if struct.unpack_from("Q", info)[0] & _EXIT_IS_KNOWN:
            status = struct.unpack_from("i", info, _EXIT_CODE_OFFSET)[0]
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.001)
    return None
