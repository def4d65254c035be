"""Progress bars of long calls, by tqdm where it is installed, and Ctrl-C during them."""

from __future__ import annotations

import contextlib
import math
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from derisk._derisk import ffi

PATIENCE = 1.0  # seconds before a bar appears


def _bars() -> Any:
    """tqdm's class of bars; None without tqdm, and where nobody looks."""
    if not (sys.stderr and sys.stderr.isatty()) and "ipykernel" not in sys.modules:
        return None
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None
    return tqdm


_limits = threading.local()


@contextlib.contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Stops long calls of this thread that take more than so many seconds, with TimeoutError."""
    _limits.end, _limits.seconds = time.monotonic() + seconds, seconds
    try:
        yield
    finally:
        del _limits.end


class Progress:
    """The progress of one call. Exceptions in it, such as KeyboardInterrupt, stop the call and are raised after it."""

    def __init__(self, command: str) -> None:
        self.command = command
        self.handle = ffi.new_handle(self)
        self.started = time.monotonic()
        self.bar: Any = None  # False: there is none to be shown
        self.failure: BaseException | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar:
            self.bar.close()

    def step(self, what: str, done: int, all: int) -> bool:
        if time.monotonic() > getattr(_limits, "end", math.inf):
            raise TimeoutError(f"{self.command}: stopped after {_limits.seconds:g} seconds")
        if self.bar is None and time.monotonic() - self.started > PATIENCE:
            bars = _bars()
            self.bar = bars(total=all, leave=False) if bars else False
        if self.bar:
            self.bar.total = all
            self.bar.set_description(what, refresh=False)
            self.bar.update(done - self.bar.n)
        return self.failure is None

    def reraise(self) -> None:
        if self.failure is not None:
            raise self.failure


def _stop(kind: Any, value: BaseException, trace: Any) -> None:
    """An exception in the callback: kept for the end of the call, which is told to stop."""
    frame = trace.tb_frame if trace else None
    user = frame.f_locals.get("user") if frame else None
    if user:
        ffi.from_handle(user).failure = value.with_traceback(trace)


def _step(what: Any, done: int, all: int, user: Any) -> bool:
    return bool(ffi.from_handle(user).step(ffi.string(what).decode("utf-8", "replace"), done, all))


ffi.def_extern(name="_progress", onerror=_stop, error=False)(_step)
