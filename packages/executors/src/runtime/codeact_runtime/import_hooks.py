"""Adapts libraries at the moment when user code imports them, and never imports them itself."""

from __future__ import annotations

import sys
from functools import partial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

    Adapt = Callable[[ModuleType], None]


class _AdaptingLoader:
    """Wraps a module's loader."""

    def __init__(self, loader: Any, adapt: Adapt) -> None:
        self._loader = loader
        self._adapt = adapt

    def create_module(self, spec: Any) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        # From here on nothing shows that the module was adapted.
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._adapt(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


class ImportHooks:
    """A finder that looks for nothing, but wraps the loaders of a few modules."""

    def __init__(self) -> None:
        self._adapt: dict[str, Adapt] = {}

    def install(self) -> None:
        """Puts the finder first."""
        sys.meta_path.insert(0, self)

    def when_imported(self, name: str, adapt: Adapt) -> None:
        """Calls `adapt` once, with the module, as soon as it is imported."""
        module = sys.modules.get(name)
        if module is None:
            self._adapt[name] = adapt
        else:
            adapt(module)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any | None:
        """Finds the module by the other finders and wraps its loader."""
        if name not in self._adapt:
            return None
        # Kept until it was called: an import can fail, or be interrupted, and come again.
        adapt = partial(self._adapt_once, name)
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None:
                    loader: Any = _AdaptingLoader(spec.loader, adapt)
                    spec.loader = loader
                return spec
        return None

    def _adapt_once(self, name: str, module: ModuleType) -> None:
        adapt = self._adapt.pop(name, None)
        if adapt is not None:
            adapt(module)
