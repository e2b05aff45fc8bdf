"""The first process of an enclosure: builds its file system, then holds it until it is killed.

With it the kernel kills everything that was started inside, whatever sessions or process groups
that has made. It runs no user code, and reaps orphans without looking at them.
"""

from __future__ import annotations

import os
import select
import signal

from .descriptors import close_all_except
from .privileges import die_with_parent, forbid_new_privileges
from .seccomp import install_filter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def hold_enclosure(launcher: int, supervisor: int, filter_program: bytes) -> NoReturn:
    """Waits to be killed, or for the end of the supervisor; both processes are pidfds.

    Nobody inside can look into this process, because it keeps privileges that those inside have
    not, nor end it: signals from inside do not reach the first process of a namespace.
    """
    for number in signal.valid_signals():
        if signal.getsignal(number) not in (signal.SIG_DFL, signal.SIG_IGN, None):
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    forbid_new_privileges()
    install_filter(filter_program)
    # The launcher ends now; then the supervisor is the parent, unless it has ended meanwhile.
    select.select([launcher], [], [])
    die_with_parent(signal.SIGKILL)
    if not select.select([supervisor], [], [], 0)[0]:
        close_all_except(())
        while True:
            signal.pause()
    os._exit(0)
