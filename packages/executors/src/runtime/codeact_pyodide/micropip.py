"""What code that was written for Pyodide imports as `micropip`."""

from __future__ import annotations

from codeact_pyodide import installer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


async def install(
    requirements: str | list[str],
    keep_going: bool = False,
    deps: bool = True,
    credentials: str | None = None,
    pre: bool = False,
    index_urls: str | list[str] | None = None,
    *,
    reinstall: bool = False,
    verbose: bool | int | None = None,
) -> None:
    """Installs packages from where the host allows it. Raises ValueError where that fails."""
    del keep_going, credentials, verbose
    if index_urls is not None:
        raise ValueError("index_urls: only the host says where packages come from")
    names = [requirements] if isinstance(requirements, str) else list(requirements)
    installer.install(names, upgrade=reinstall, pre=pre, dependencies=deps)


def __getattr__(name: str) -> NoReturn:
    if name.startswith("__"):
        raise AttributeError(name)
    raise AttributeError(f"micropip.{name} is not available here; micropip.install is")
