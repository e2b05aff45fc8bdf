"""The filter of system calls: the third layer, written in the kernel's BPF."""

from __future__ import annotations

import ctypes
import errno
import struct

from .kernel import system_call
from .system_call_numbers import ARCHITECTURES, LAST_KNOWN, MACHINE
from .system_call_rules import BITS_RULES, FORBIDDEN, VALUES_RULES, WITHOUT_VISIBLE_FLAGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .system_call_rules import BitsRule, ValuesRule

_SET_MODE_FILTER = 1

_LOAD, _RETURN = 0x20, 0x06
_JUMP_IF_EQUAL, _JUMP_IF_GREATER, _JUMP_IF_BITS = 0x15, 0x25, 0x45

_ALLOW = 0x7FFF0000
_KILL_PROCESS = 0x80000000
_FAIL_WITH = 0x00050000

# Offsets in the structure that a filter sees. Of an argument only the lower half is looked at:
# the kernel takes no more of those that have rules.
_NUMBER, _ARCHITECTURE = 0, 4


def build_filter(machine: str = MACHINE) -> bytes:
    """The filter's program."""
    architecture, numbers = ARCHITECTURES[machine]
    program = [
        _instruction(_LOAD, _ARCHITECTURE),
        _instruction(_JUMP_IF_EQUAL, architecture, 1, 0),
        # 32-bit calls have other numbers, which the rest of this program would mistake.
        _instruction(_RETURN, _KILL_PROCESS),
        _instruction(_LOAD, _NUMBER),
        # This also meets the x32 calls of x86_64.
        _instruction(_JUMP_IF_GREATER, LAST_KNOWN, 0, 1),
        _fail(errno.ENOSYS),
    ]
    for name in WITHOUT_VISIBLE_FLAGS:
        program += _when_called(numbers.get(name), [_fail(errno.ENOSYS)])
    for name in FORBIDDEN:
        program += _when_called(numbers.get(name), [_fail(errno.EPERM)])
    for bits_rule in BITS_RULES:
        program += _when_called(numbers.get(bits_rule.name), _bits_rule(bits_rule))
    for values_rule in VALUES_RULES:
        program += _when_called(numbers.get(values_rule.name), _values_rule(values_rule))
    program.append(_instruction(_RETURN, _ALLOW))
    return b"".join(program)


def install_filter(program: bytes) -> None:
    """Puts the filter in force; needs that new privileges are forbidden."""
    instructions = ctypes.create_string_buffer(program, len(program))
    count = len(program) // 8
    header = struct.pack("HxxxxxxQ", count, ctypes.addressof(instructions))
    system_call("seccomp", _SET_MODE_FILTER, 0, header)


def _when_called(number: int | None, block: list[bytes]) -> list[bytes]:
    # Missing numbers are of calls that this architecture never had.
    if number is None:
        return []
    return [_instruction(_JUMP_IF_EQUAL, number, 0, len(block)), *block]


def _bits_rule(rule: BitsRule) -> list[bytes]:
    block = [_fail(errno.EPERM), _instruction(_RETURN, _ALLOW)]
    for argument, bits in reversed(rule.bits):
        # To the end of the block, where it is allowed, unless one of the bits is set.
        block = [_load(argument), _instruction(_JUMP_IF_BITS, bits, 0, len(block) - 1), *block]
    return block


def _values_rule(rule: ValuesRule) -> list[bytes]:
    matched, otherwise = _instruction(_RETURN, _ALLOW), _fail(rule.error)
    if not rule.allows:
        matched, otherwise = otherwise, matched
    count = len(rule.values)
    jumps = [
        _instruction(_JUMP_IF_EQUAL, value, count - index, 0)
        for index, value in enumerate(rule.values)
    ]
    return [_load(rule.argument), *jumps, otherwise, matched]


def _load(argument: int) -> bytes:
    return _instruction(_LOAD, 16 + 8 * argument)


def _fail(error: int) -> bytes:
    return _instruction(_RETURN, _FAIL_WITH | error)


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
