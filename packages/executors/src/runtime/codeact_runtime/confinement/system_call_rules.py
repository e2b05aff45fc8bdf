"""Which system calls a session may not make. What is not mentioned, and known, is allowed."""

from __future__ import annotations

import errno
from typing import NamedTuple

# Refused as if they did not exist, so that programs take the older call in their place:
# the flags of these stand in memory, where a filter cannot see them.
WITHOUT_VISIBLE_FLAGS = ("clone3", "openat2")

FORBIDDEN = (
    # Other processes.
    *("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd"),
    *("move_pages", "migrate_pages"),
    # The view of the file system.
    *("mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "mount_setattr"),
    *("fsopen", "fsconfig", "fsmount", "fspick", "statmount", "listmount"),
    *("unshare", "setns"),
    # Files without their path.
    *("open_by_handle_at", "name_to_handle_at", "fanotify_init", "fanotify_mark"),
    # Parts of the kernel that were broken most often, or that outlive the session.
    *("bpf", "perf_event_open", "userfaultfd"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("keyctl", "add_key", "request_key"),
    *("lsm_get_self_attr", "lsm_set_self_attr", "lsm_list_modules"),
    # Memory that no limit counts; `/dev/shm` is there.
    *("memfd_create", "memfd_secret", "shmget", "msgget", "semget", "mq_open", "mq_unlink"),
    # The machine.
    *("kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module"),
    *("quotactl", "quotactl_fd", "swapon", "swapoff", "reboot", "acct", "syslog", "vhangup"),
    *("settimeofday", "clock_settime", "clock_adjtime", "adjtimex"),
    *("sethostname", "setdomainname", "iopl", "ioperm", "modify_ldt"),
    # Relics.
    *("uselib", "ustat", "sysfs", "_sysctl", "lookup_dcookie", "nfsservctl", "remap_file_pages"),
)


class BitsRule(NamedTuple):
    """Forbids a call in which each of these arguments has one of these bits."""

    name: str
    bits: tuple[tuple[int, int], ...]


class ValuesRule(NamedTuple):
    """Allows (or forbids) a call by the value of one argument."""

    name: str
    argument: int
    values: tuple[int, ...]
    allows: bool
    error: int = errno.EPERM


# CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID and NET.
_NEW_NAMESPACES = 0x7E020000
# A file that runs with the rights of its owner would be a trap for other users of this machine.
_SET_ID = 0o6000
_CREATES = 0o100 | 0o20000000

BITS_RULES = (
    BitsRule("clone", ((0, _NEW_NAMESPACES),)),
    BitsRule("chmod", ((1, _SET_ID),)),
    BitsRule("fchmod", ((1, _SET_ID),)),
    BitsRule("fchmodat", ((2, _SET_ID),)),
    BitsRule("fchmodat2", ((2, _SET_ID),)),
    BitsRule("mknod", ((1, _SET_ID),)),
    BitsRule("mknodat", ((2, _SET_ID),)),
    BitsRule("creat", ((1, _SET_ID),)),
    BitsRule("open", ((1, _CREATES), (2, _SET_ID))),
    BitsRule("openat", ((2, _CREATES), (3, _SET_ID))),
)

_AF_UNIX = 1
_PERSONALITY_QUERY = 0xFFFFFFFF
_TIOCSTI, _TIOCSETD, _TIOCLINUX = 0x5412, 0x5423, 0x541C

VALUES_RULES = (
    ValuesRule("socket", 0, (_AF_UNIX,), True, errno.EACCES),
    ValuesRule("socketpair", 0, (_AF_UNIX,), True, errno.EACCES),
    ValuesRule("personality", 0, (0, _PERSONALITY_QUERY), True),
    ValuesRule("ioctl", 1, (_TIOCSTI, _TIOCSETD, _TIOCLINUX), False),
)
