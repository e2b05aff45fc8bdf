"""How values that JSON does not know become plain ones, one step at a time.

No library is imported for it: a value of numpy can only exist where numpy is loaded.
"""

from __future__ import annotations

from .values import UnsendableError, loaded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def convert(value: Any, kind: type) -> Any:
    """A simpler value that stands for `value`: a plain scalar, list or dict.

    - enum: its value; dataclass, named tuple, pydantic model: an object of its fields
    - set: a list, sorted where possible; other sequences: a list
    - date, time, datetime: ISO 8601; timedelta: seconds
    - Decimal and Fraction: a number; UUID and path: a string
    - numpy: numbers and nested lists; pandas: a list, for a DataFrame a list of records, with
      missing values as None
    """
    if _is_instance(value, "enum", "Enum"):
        return value.value
    if isinstance(value, str):
        return str.__str__(value)
    if kind.__module__.split(".", 1)[0] in ("numpy", "pandas"):
        return _convert_array(value, kind)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    converted = _convert_scalar(value, kind)
    return _convert_container(value, kind) if converted is None else converted


def _convert_scalar(value: Any, kind: type) -> Any:
    if _is_instance(value, "datetime", "timedelta"):
        return value.total_seconds()
    if _is_instance(value, "datetime", "date") or _is_instance(value, "datetime", "time"):
        return value.isoformat()
    if _is_instance(value, "decimal", "Decimal"):
        is_integer = value.is_finite() and value == value.to_integral_value()
        return int(value) if is_integer else float(value)
    if _is_instance(value, "fractions", "Fraction"):
        return float(value)
    if _is_instance(value, "uuid", "UUID"):
        return str(value)
    if hasattr(kind, "__fspath__"):
        return value.__fspath__()
    return None


def _convert_container(value: Any, kind: type) -> Any:
    if isinstance(value, (set, frozenset)):
        try:
            return sorted(value)
        except TypeError:
            return list(value)
    if isinstance(value, tuple):
        fields = getattr(kind, "_fields", None)
        return list(value) if fields is None else dict(zip(fields, value))
    if isinstance(value, list):
        return list(value)
    if isinstance(value, dict):
        return dict(value)
    if hasattr(kind, "__dataclass_fields__"):
        from dataclasses import fields as dataclass_fields

        return {field.name: getattr(value, field.name) for field in dataclass_fields(value)}
    if hasattr(kind, "model_dump"):
        return dict(value.model_dump())
    if hasattr(kind, "tolist"):
        return value.tolist()
    return _convert_by_protocol(value, kind)


def _convert_by_protocol(value: Any, kind: type) -> Any:
    from collections.abc import Mapping, Sequence, Set, ValuesView

    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (Sequence, Set, ValuesView)) or _is_instance(
        value, "collections", "deque"
    ):
        return list(value)
    name = kind.__qualname__
    if hasattr(kind, "__next__") or hasattr(kind, "__aiter__"):
        raise UnsendableError(TypeError, f"is of type {name}; send list(…) of it")
    if hasattr(kind, "__await__"):
        raise UnsendableError(TypeError, f"is of type {name} and was not awaited")
    raise UnsendableError(
        TypeError,
        f"is of type {name}, which cannot be sent to a tool; send plain data "
        "(str, int, float, bool, None, bytes, list, dict)",
    )


def _convert_array(value: Any, kind: type) -> Any:
    if kind.__module__.startswith("pandas"):
        return _convert_pandas(value, kind)
    if _is_instance(value, "numpy", "ndarray"):
        if value.dtype.kind == "M":
            value = value.astype(str)
        elif value.dtype.kind == "m":
            value = value / loaded("numpy", "timedelta64")(1, "s")
        return value.tolist()
    if _is_instance(value, "numpy", "datetime64"):
        return str(value)
    if _is_instance(value, "numpy", "timedelta64"):
        return float(value / loaded("numpy", "timedelta64")(1, "s"))
    if _is_instance(value, "numpy", "generic"):
        plain = value.item()
        if type(plain) is not kind:
            return plain
    return _convert_by_protocol(value, kind)


def _convert_pandas(value: Any, kind: type) -> Any:
    if _is_instance(value, "pandas", "DataFrame"):
        if not value.columns.is_unique:
            raise UnsendableError(ValueError, "is a DataFrame with two columns of one name")
        columns = [_without_missing(value.iloc[:, place]) for place in range(value.shape[1])]
        return [dict(zip(value.columns, row)) for row in zip(*columns)]
    if kind.__name__ in ("NaTType", "NAType"):
        return None
    if _is_instance(value, "pandas", "Timestamp"):
        return value.isoformat()
    if _is_instance(value, "pandas", "Timedelta"):
        return value.total_seconds()
    if hasattr(kind, "isna") and hasattr(kind, "tolist"):
        return _without_missing(value)
    if hasattr(kind, "tolist"):
        return value.tolist()
    if hasattr(kind, "__fspath__"):
        return value.__fspath__()
    if kind.__name__ in ("Period", "Interval"):
        return str(value)
    return _convert_by_protocol(value, kind)


def _without_missing(series: Any) -> list[Any]:
    values: list[Any] = series.tolist()
    missing = series.isna()
    if not missing.any():
        return values
    return [None if gone else item for item, gone in zip(values, missing.tolist())]


def _is_instance(value: object, module: str, name: str) -> bool:
    known = loaded(module, name)
    return known is not None and isinstance(value, known)
