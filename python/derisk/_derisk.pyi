"""The extension module: what it declares is in include/derisk.h and src/cli/host.h."""

from typing import Any

ffi: Any
lib: Any
