"""Functions that are compiled when their module is imported, never inside a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba

MATRIX = numba.float64[:, ::1]
ROW = numba.float64[::1]
MASK = numba.boolean[::1]
DAYS = numba.int64[::1]


def compiled(signature: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile for one signature, without the interpreter's lock, with strict IEEE arithmetic.

    The machine code is cached beside the source; where no folder can be written, or the cache is
    damaged, it is compiled anew. Threads are left to the caller: numba's own need a threading layer
    that not every system has, and that two calls at a time can crash.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            return numba.njit(signature, cache=True, nogil=True, error_model="numpy")(function)
        except (RuntimeError, OSError, EOFError, ValueError):
            return numba.njit(signature, nogil=True, error_model="numpy")(function)

    return decorate
