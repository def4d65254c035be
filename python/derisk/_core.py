"""Calls of commands in this process: arguments in, tables out, errors as exceptions."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from derisk._derisk import ffi, lib


class Error(Exception):
    """What derisk could not do: one line with the place, the fault, what was expected, and the nearest valid name."""

    status = 0


class Usage(Error, TypeError):
    """The call is wrong: an option that does not exist, is missing, or does not go with another."""

    status = 1


class BadInput(Error, ValueError):
    """A file, name or number given is wrong."""

    status = 2


class NoSolution(Error, ArithmeticError):
    """The model has no solution, or none within tolerance."""

    status = 3


class MachineError(Error, OSError):
    """No memory, no space on the disk, no permission, or a file that is in use."""

    status = 4


class Cancelled(Error):
    """The call was stopped."""

    status = 5


for _kind in (Error, Usage, BadInput, NoSolution, MachineError, Cancelled):
    _kind.__module__ = "derisk"  # under which name tracebacks show them

_ERRORS = {kind.status: kind for kind in (Usage, BadInput, NoSolution, MachineError, Cancelled)}


def text(pointer: Any) -> str:
    """A text of the library."""
    return ffi.string(pointer).decode("utf-8", "replace") if pointer else ""


def check(status: int, names: Mapping[str, str] | None = None) -> None:
    """Raises the exception of a status, with the line of the library, in which `names` stand for paths."""
    if status == 0:
        return
    line = text(lib.dr_error_text())
    for path, name in (names or {}).items():
        line = line.replace(path, name)
    raise _ERRORS.get(status, Error)(line)


def path_of(value: str | os.PathLike[str]) -> bytes:
    return os.fsencode(os.fspath(value))


# ---- What is given ----------------------------------------------------------------------------------------------


class Many(tuple[Any, ...]):
    """The values of an option that may be given several times."""


def many(value: Any) -> Many:
    """One value, or a list of them."""
    if value is None:
        return Many()
    return Many(value) if isinstance(value, list) else Many((value,))


def document_text(value: Any, indent: int | None = 2) -> str:
    """A document as JSON, which is YAML. Where a reader of YAML 1.1, such as PyYAML, has taken the key `on` for true,
    it is `on` again. Without `indent` it is one line."""

    def named(part: Any) -> Any:
        if isinstance(part, Mapping):
            return {"on" if key is True else key: named(entry) for key, entry in part.items()}
        return [named(entry) for entry in part] if isinstance(part, (list, tuple)) else part

    return json.dumps(named(value), indent=indent)


class Files:
    """Data frames and documents that a call is given, as files for the time of the call."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}  # of paths, in messages
        self.frames: list[Any] = []
        self.folder: str | None = None

    def document(self, value: Mapping[str, Any]) -> str:
        """A scenario, game or supply stop as a file: JSON is YAML."""
        if not self.folder:
            self.folder = tempfile.mkdtemp(prefix="derisk-")
        name = f"document{len(self.names) + 1}" if self.names else "document"
        path = os.path.join(self.folder, name + ".yaml")
        try:
            content = document_text(value)
        except (TypeError, ValueError) as error:
            raise BadInput(f"document: {error}; expected texts, numbers, lists and dictionaries") from None
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
        self.names[path] = name
        return path

    def frame(self, value: Any) -> str:
        """A data frame as a file, by the Arrow protocol."""
        from derisk import _arrow

        name = f"frame{len(self.frames) + 1}"
        frame = _arrow.take_frame(value, name)
        self.frames.append(frame)
        path = text(lib.dr_frame_path(frame))
        self.names[path] = name
        return path

    def close(self) -> None:
        for frame in self.frames:
            lib.dr_frame_free(frame)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def word(value: Any, files: Files) -> str:
    """A value as the command line would have it."""
    if isinstance(value, str):
        return value
    if isinstance(value, os.PathLike):
        return os.fsdecode(os.fspath(value))
    if isinstance(value, bytes):
        return os.fsdecode(value)
    if isinstance(value, Mapping):
        return files.document(value)
    if hasattr(value, "__arrow_c_stream__") or hasattr(value, "__dataframe__"):
        return files.frame(value)
    if isinstance(value, tuple):
        return ":".join(_part(part, files) for part in value)
    if isinstance(value, (list, set, frozenset)):
        return ",".join(word(part, files) for part in value)
    if hasattr(value, "item"):  # a number of numpy
        value = value.item()
    if isinstance(value, (int, float)):
        return repr(value)
    raise Usage(
        f"a {type(value).__name__} cannot be given; "
        "expected a text, a number, a list, a dictionary, a path or a data frame"
    )


def _part(part: Any, files: Files) -> str:
    """A part of a change: lists are separated by commas, and True stands for `inside`."""
    return "inside" if part is True else word(part, files)


def settings_of(options: Mapping[str, Any], files: Files) -> Iterator[tuple[str, str]]:
    for name, value in options.items():
        for one in value if isinstance(value, Many) else (value,):
            if one is True:
                yield name, ""
            elif isinstance(value, Many) and isinstance(one, Mapping):  # a change with all its keys
                yield name, document_text(one, indent=None)
            elif one is not None and one is not False:
                yield name, word(one, files)


# ---- Calls ------------------------------------------------------------------------------------------------------

_host: Any = None
_lock = threading.Lock()


def host() -> Any:
    """What stays from one call to the next: worlds, economies and models."""
    global _host
    with _lock:
        if _host is None:
            out = ffi.new("cli_host **")
            check(lib.cli_host_new(out))
            _host = out[0]
    return _host


def forget() -> None:
    """Closes all world files that no call is using, so that other programs may write to them."""
    lib.cli_host_forget(host())


@contextlib.contextmanager
def _given(files: Files) -> Iterator[Files]:
    try:
        yield files
    finally:
        files.close()


class Call:
    """A command that was called: its table, other tables of the same result, and pictures."""

    def __init__(self, command: str, arguments: Sequence[Any], options: Mapping[str, Any]) -> None:
        with _given(Files()) as files:
            texts = [word(value, files) for value in arguments if value is not None]
            settings = list(settings_of(options, files))
            self._pointer = self._run(command, texts, settings, files.names)

    @staticmethod
    def _run(command: str, texts: list[str], settings: list[tuple[str, str]], names: Mapping[str, str]) -> Any:
        from derisk._progress import Progress

        keep = [ffi.new("char[]", _bytes(value)) for value in texts]
        given = ffi.new("cli_setting[]", len(settings) or 1)
        for i, (name, value) in enumerate(settings):
            pair = ffi.new("char[]", _bytes(name)), ffi.new("char[]", _bytes(value))
            keep.extend(pair)
            given[i].name, given[i].text = pair
        arguments = ffi.new("char *[]", keep[: len(texts)] or [ffi.NULL])
        out = ffi.new("cli_call **")
        with Progress(command) as progress:
            request = ffi.new(
                "cli_request *",
                {
                    "command": (name_of := ffi.new("char[]", command.encode())),
                    "arguments": arguments,
                    "argument_count": len(texts),
                    "settings": given,
                    "setting_count": len(settings),
                    "progress": lib._progress,
                    "user": progress.handle,
                },
            )
            status = lib.cli_host_call(out, host(), request)
            del name_of
            progress.reraise()
        check(status, names)
        return ffi.gc(out[0], lib.cli_call_free)

    @property
    def table(self) -> Any:
        """The table of the command, or NULL."""
        return lib.cli_call_table(self._pointer)

    def more(self, name: str) -> Any:
        """Another table of the same result."""
        out = ffi.new("dr_table **")
        check(lib.cli_call_more(out, self._pointer, name.encode()))
        return ffi.gc(out[0], lib.dr_table_free)

    def draw(self, table: Any, option: str, path: str) -> None:
        check(lib.cli_call_draw(self._pointer, table, option.encode(), path_of(path)))


def _bytes(value: str) -> bytes:
    if "\0" in value:
        raise BadInput(f"{value!r}: a text with a zero byte")
    return value.encode("utf-8", "surrogateescape")


def main() -> None:
    """The program derisk."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    words = [ffi.new("char[]", os.fsencode(argument)) for argument in ["derisk", *sys.argv[1:]]]
    lib.cli_program(len(words), ffi.new("char *[]", [*words, ffi.NULL]))


@atexit.register
def _end() -> None:
    global _host
    if _host is not None:
        lib.cli_host_forget(_host)
