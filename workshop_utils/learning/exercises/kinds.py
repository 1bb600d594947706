"""Answers in other containers and number types, turned into what the rest of a notebook needs.

The kind that is needed is that of an example: what the solution is, or gives back.
"""

from collections.abc import Iterable, Iterator, Mapping, Set, Sized
from itertools import islice
from typing import Any

import numpy as np

MOST_ITEMS = 1_000_000
"""Items that an answer may have; more would fill the memory before it is judged."""
_QUOTED = "this is a text; write the value without quotation marks."


class WrongKind(Exception):  # noqa: N818 - it says what the answer is
    """The value cannot be turned into what is needed; the message is the repair."""


class NotAttempted(BaseException):
    """There are still three dots; no ``Exception``, so that no predicate swallows it."""


def like(value: Any, example: Any) -> Any:
    """Return a value as the kind of an example: number, text, truth value, array, list or tuple.

    A value of another kind than these, such as a network, is returned as it is.

    Raises:
        WrongKind: It cannot be turned into that kind.
        NotAttempted: It is three dots, or holds them.
    """
    if value is ...:
        raise NotAttempted
    if isinstance(example, bool | np.bool_):
        return _truth_value(value)
    if isinstance(example, int | float | np.number):
        return _number(value, isinstance(example, int | np.integer))
    if isinstance(example, str):
        return _text(value)
    if isinstance(example, np.ndarray):
        return _array(value, example.dtype)
    if isinstance(example, list | tuple):
        return _row(value, example)
    if callable(example) and not callable(value):
        raise WrongKind("a function is expected; give its name without calling it.")
    return value


def _plain(value: Any) -> Any:
    """Return what NumPy, pandas and Keras hold as a NumPy array, and another value as it is."""
    if not hasattr(type(value), "__array__"):
        return value
    size = getattr(value, "size", 0)
    if isinstance(size, int) and size > MOST_ITEMS:
        raise WrongKind(f"at most {MOST_ITEMS:,} items are expected.")
    return np.asarray(value)


def _single(value: Any) -> Any:
    """Take the one item out of an array or a list that holds no other."""
    value = _plain(value)
    for _ in range(3):
        if isinstance(value, list | tuple) and len(value) == 1:
            value = _plain(value[0])
    if isinstance(value, np.ndarray) and value.size == 1:
        return value.reshape(-1)[0].item()
    return value


def _truth_value(value: Any) -> bool:
    single = _single(value)
    if isinstance(single, bool | int | float) and single in (0, 1):
        return bool(single)
    raise WrongKind(f"True or False is expected, not {_named(value)}.")


def _number(value: Any, whole: bool) -> float:
    single = _single(value)
    if isinstance(single, str | bytes):
        raise WrongKind(_QUOTED)
    if isinstance(single, int) and whole:
        return int(single)  # exactly, however large
    try:
        number = float(single)
        return int(number) if whole and number.is_integer() else number
    except Exception:
        raise WrongKind(f"one number is expected, not {_named(value)}.") from None


def _text(value: Any) -> str:
    if isinstance(value, str):
        return str.__str__(value)
    raise WrongKind(f"one text in quotation marks is expected, not {_named(value)}.")


def _array(value: Any, dtype: np.dtype[Any]) -> Any:
    if isinstance(value, str | bytes | Mapping | Set):
        raise WrongKind(f"an array is expected, not {_named(value)}.")
    value = _listed(value) if isinstance(value, Iterator) else _plain(value)
    if isinstance(value, list | tuple) and len(value) > MOST_ITEMS:
        raise WrongKind(f"at most {MOST_ITEMS:,} items are expected.")
    try:
        array = np.asarray(value)
    except Exception:
        raise WrongKind("the rows of an array must have the same length.") from None
    if array.dtype.kind == "O":
        try:
            array = array.astype(np.float64)  # Fraction and Decimal become numbers
        except Exception:
            raise WrongKind(f"an array of numbers is expected, not {_named(value)}.") from None
    if array.dtype.kind in "SUM" and dtype.kind not in "SUM":
        raise WrongKind(_QUOTED)
    fits = dtype.kind == "f" and array.dtype.kind in "biuf"
    fits |= dtype.kind in "biu" and bool(np.all(array.astype(dtype) == array))
    return array.astype(dtype, copy=False) if fits else array


def _row(value: Any, example: list[Any] | tuple[Any, ...]) -> list[Any] | tuple[Any, ...]:
    """Return a list or a tuple whose items are of the kinds of the example's."""
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        kind = "tuple" if isinstance(example, tuple) else "list"
        raise WrongKind(f"a {kind} is expected, not {_named(value)}.")
    items = _listed(value)
    if len(items) == len(example):
        items = [like(*pair) for pair in zip(items, example, strict=True)]
    elif len({type(each) for each in example}) == 1:
        items = [like(each, example[0]) for each in items]
    return tuple(items) if isinstance(example, tuple) else items


def _listed(value: Iterable[Any]) -> list[Any]:
    """Return the items, read once; those of a set in their order, as it has none of its own."""
    plain = _plain(value)
    if isinstance(plain, np.ndarray) and plain.ndim == 0:
        raise WrongKind("a list is expected, not one number.")
    too_long = isinstance(plain, Sized) and len(plain) > MOST_ITEMS
    items = [] if too_long else list(islice(iter(plain), MOST_ITEMS + 1))
    if too_long or len(items) > MOST_ITEMS:
        raise WrongKind(f"at most {MOST_ITEMS:,} items are expected.")
    if isinstance(value, Iterator) and not items:
        raise WrongKind("a generator can be read only once, and this one is empty; make a list.")
    return sorted(items, key=repr) if isinstance(value, Set) else items


def _named(value: Any) -> str:
    """Return what a value is: ``a list``, ``an int``, ``3 numbers``."""
    if isinstance(value, np.ndarray):
        return f"an array of the shape {value.shape}"
    kind = type(value).__name__
    return f"{'an' if kind[:1].lower() in 'aeiou' else 'a'} {kind}"
