"""Record types of tools. They are a `TypedDict` each; models call them like a dataclass."""

from __future__ import annotations

from typing import Any, TypedDict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    _TypedDictMeta = type
else:
    _TypedDictMeta = type(TypedDict("_TypedDict", {}))


class _RecordMeta(_TypedDictMeta):
    """Makes `Point(1, 2)` the dict `{"x": 1, "y": 2}`; all else is as in any `TypedDict`."""

    def __new__(cls, name: str, bases: tuple[Any, ...], namespace: Any, **options: Any) -> Any:
        # `typing` derives from types of exactly its own kind, and what it makes is one of them.
        records: list[Any] = [base for base in bases if type(base) is _RecordMeta]
        for record in records:
            record.__class__ = _TypedDictMeta
        try:
            return _TypedDictMeta(name, bases, namespace, **options)
        finally:
            accept_values_in_order(records)

    def __call__(cls, *values: Any, **members: Any) -> dict[str, Any]:
        if len(values) < 2:
            return dict(*values, **members)
        names = list(cls.__annotations__)
        if len(values) > len(names):
            raise TypeError(
                f"{cls.__name__} has {len(names)} members ({', '.join(names)}), got {len(values)}"
            )
        named = dict(zip(names, values))
        for name in members:
            if name in named:
                raise TypeError(f"{cls.__name__} got {name!r} twice")
        return {**named, **members}


def accept_values_in_order(types: Iterable[Any]) -> None:
    """Lets the record types among these be called with the values of their members in order."""
    for each in types:
        if type(each) is _TypedDictMeta:
            each.__class__ = _RecordMeta
