"""The Arrow C stream interface: tables out, data frames in, without pyarrow."""

from __future__ import annotations

import ctypes
from typing import Any

from derisk._core import Usage, check
from derisk._derisk import ffi, lib

_STREAM = b"arrow_array_stream"

_new = ctypes.pythonapi.PyCapsule_New
_new.restype, _new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]


def _address(pointer: Any) -> int:
    return int(ffi.cast("uintptr_t", pointer))


def capsule(table: Any) -> object:
    """A capsule with the rows of a table as a stream of one batch. Numbers are not copied."""
    stream = lib.binding_stream(table)
    if not stream:
        raise MemoryError
    return _new(_address(stream), _STREAM, _address(lib.binding_capsule_end()))


def take_frame(frame: Any, name: str) -> Any:
    """The rows of a data frame as a file that the library reads (dr_frame); to be freed."""
    if not hasattr(frame, "__arrow_c_stream__"):
        raise Usage(
            f"{name}: a {type(frame).__name__} without __arrow_c_stream__; "
            "expected a data frame of pandas, polars or Arrow"
        )
    try:
        given = frame.__arrow_c_stream__()
    except ImportError as error:
        raise Usage(
            f"{name}: {error}; pandas hands its rows over by pyarrow, which 'pip install derisk[pandas]' brings"
        ) from None
    stream = ffi.cast("struct ArrowArrayStream *", _pointer(given, _STREAM))
    out = ffi.new("dr_frame **")
    check(lib.dr_frame_new(out, stream, name.encode()))
    return out[0]
