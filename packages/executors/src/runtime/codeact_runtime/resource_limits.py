"""Limits of a session that nothing else confines."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def limit_resources(limits: dict[str, Any]) -> None:
    """Limits each process from now on: `memoryBytes` of address space, `fileSizeBytes`."""
    if not limits:
        return
    import resource

    kinds = {"memoryBytes": resource.RLIMIT_AS, "fileSizeBytes": resource.RLIMIT_FSIZE}
    for name, value in limits.items():
        hard = resource.getrlimit(kinds[name])[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kinds[name], (value, value))
