"""Tables of results."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

from derisk._core import Call, Usage, check, path_of, text
from derisk._derisk import ffi, lib

if TYPE_CHECKING:
    import numpy
    import pandas
    import polars
    import pyarrow


class Column(Sequence[Any]):
    """A column of a table: numbers (NaN where there is none) or texts, by position, or by the row's name.

    ``column[0]`` is the first cell; ``column["DEU"]`` is that of the only row named DEU, and ``column["CHN", "DEU"]``
    that of the only row whose first two columns are these. ``heading``, ``unit`` and ``description`` say what the
    numbers are. Numbers are not copied by ``memoryview(column)`` in Python 3.12 and later, nor by ``to_numpy()``.
    """

    def __init__(self, table: Table, index: int) -> None:
        self._table = table
        self._index = index
        self.name = text(lib.dr_table_column(table._pointer, index))
        self._numbers = lib.dr_table_numbers(table._pointer, index)
        self._texts = lib.dr_table_texts(table._pointer, index)

    @property
    def unit(self) -> str:
        """The unit: "percent", "fraction", "million US dollars"; "" for texts and for numbers without one."""
        return text(lib.dr_table_column_unit(self._table._pointer, self._index))

    @property
    def heading(self) -> str:
        """The heading for people: "real GDP"."""
        return text(lib.dr_table_column_heading(self._table._pointer, self._index))

    @property
    def description(self) -> str:
        """What the column is, in words."""
        return text(lib.dr_table_column_description(self._table._pointer, self._index))

    @property
    def is_text(self) -> bool:
        return bool(lib.dr_table_column_type(self._table._pointer, self._index) == lib.DR_COLUMN_TEXT)

    def __len__(self) -> int:
        return len(self._table)

    @overload
    def __getitem__(self, key: int | str | tuple[str, ...]) -> Any:
        ...

    @overload
    def __getitem__(self, key: slice) -> list[Any]:
        ...

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            return [self._cell(row) for row in range(*key.indices(len(self)))]
        if isinstance(key, (str, tuple)):
            return self._cell(self._table._row(key))
        row = key + len(self) if key < 0 else key
        if not 0 <= row < len(self):
            raise IndexError(f"row {key} of {len(self)}")
        return self._cell(row)

    def _cell(self, row: int) -> Any:
        return text(self._texts[row]) if self.is_text else self._numbers[row]

    def __iter__(self) -> Iterator[Any]:
        if self.is_text:
            return (text(self._texts[row]) for row in range(len(self)))
        return iter(ffi.unpack(self._numbers, len(self)) if len(self) else [])

    def __buffer__(self, flags: int) -> Any:
        if self.is_text:
            raise BufferError(f"{self.name} is a column of text")
        return memoryview(ffi.buffer(self._numbers, 8 * len(self))).cast("d").toreadonly()

    def to_numpy(self) -> numpy.ndarray[Any, Any]:
        """The numbers as a read-only array of float64 that shares them with the table; texts as an array of objects."""
        import numpy

        if self.is_text:
            return numpy.array(list(self), dtype=object)
        if not len(self):
            return numpy.empty(0)
        array = numpy.asarray(_Shared(self._table, self._numbers, len(self)))
        array.flags.writeable = False
        return array

    def to_dict(self) -> dict[Any, Any]:
        """The cells by the names of their rows."""
        return dict(zip(self._table._keys(), self))

    def __repr__(self) -> str:
        cells = ", ".join(repr(self[row]) for row in range(min(len(self), 5)))
        return f"<{self.name}{f' in {self.unit}' if self.unit else ''}: {cells}{', ...' if len(self) > 5 else ''}>"


class _Shared:
    """Numbers of a table for numpy, which keeps the table alive."""

    def __init__(self, table: Table, numbers: Any, count: int) -> None:
        self.table = table
        self.__array_interface__ = {
            "data": (int(ffi.cast("uintptr_t", numbers)), True),
            "shape": (count,),
            "typestr": "<f8",
            "version": 3,
        }


class Picture:
    """A picture, which notebooks show."""

    def __init__(self, plots: Plots, option: str) -> None:
        self._plots = plots
        self._option = option
        self.svg = self._make()

    def _make(self) -> str:
        with tempfile.TemporaryDirectory(prefix="derisk-") as folder:
            path = os.path.join(folder, "picture.svg")
            self.save(path)
            with open(path, encoding="utf-8") as file:
                return file.read()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the picture to a file: NAME.svg, NAME.png or NAME.pdf."""
        table = self._plots._table
        if table._call is None:
            raise Usage("this table has no picture")
        table._call.draw(table._pointer, self._option, os.fspath(path))

    def _repr_svg_(self) -> str:
        return self.svg


class Plots:
    """The pictures of a table: ``plot()`` its chart, ``plot.map()`` a map of the world. Charts need gnuplot."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def __call__(self) -> Picture:
        return Picture(self, "plot")

    def map(self) -> Picture:
        return Picture(self, "map")


class Table:
    """A table of results, with its unit, the answer in words, notes on what was done, and facts.

    Columns are items and attributes, ``table["welfare"]`` and ``table.welfare``. A table is an Arrow stream, which
    pandas, polars, pyarrow and DuckDB read.
    """

    def __init__(self, pointer: Any, call: Call | None = None) -> None:
        self._pointer = pointer
        self._call = call
        self._indices: dict[tuple[int, int], dict[Any, list[int]]] = {}

    # ---- Rows and columns ----

    @property
    def title(self) -> str:
        return text(lib.dr_table_title(self._pointer))

    @property
    def unit(self) -> str:
        """The unit of columns of money, such as "million US dollars"."""
        return text(lib.dr_table_unit(self._pointer))

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [text(lib.dr_table_column(self._pointer, i)) for i in range(lib.dr_table_columns(self._pointer))]

    def __len__(self) -> int:
        return int(lib.dr_table_rows(self._pointer))

    def __getitem__(self, name: str) -> Column:
        index = lib.dr_table_find(self._pointer, str(name).encode())
        if index < 0:
            raise KeyError(f"no column {name!r}; there are {', '.join(self.columns)}")
        return Column(self, index)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and lib.dr_table_find(self._pointer, name.encode()) >= 0

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and name in self:
            return self[name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}; columns: {', '.join(self.columns)}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.columns]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The rows, each as a dictionary."""
        columns = [self[name] for name in self.columns]
        for row in range(len(self)):
            yield {column.name: column._cell(row) for column in columns}

    def _key_columns(self) -> list[Column]:
        """The columns of text that name a row: those before the first of numbers that are no counts."""
        keys: list[Column] = []
        for name in self.columns:
            if lib.dr_table_column_type(self._pointer, self[name]._index) not in (
                lib.DR_COLUMN_TEXT,
                lib.DR_COLUMN_COUNT,
            ):
                break
            if self[name].is_text:
                keys.append(self[name])
        return keys

    def _keys(self) -> list[Any]:
        keys = self._key_columns()
        return list(keys[0]) if len(keys) == 1 else list(zip(*keys))

    def _rows_by(self, first: int, count: int) -> dict[Any, list[int]]:
        """The rows by the texts in `count` of the columns that name them, from the first on."""
        index = self._indices.get((first, count))
        if index is None:
            index = {}
            for row, name in enumerate(zip(*self._key_columns()[first : first + count])):
                index.setdefault(name, []).append(row)
            self._indices[first, count] = index
        return index

    def _row(self, key: str | tuple[str, ...]) -> int:
        """The only row of that name: a text in one of the columns that name rows, or the texts in the first of them."""
        names = (key,) if isinstance(key, str) else key
        columns = len(self._key_columns())
        for first in range(columns if len(names) == 1 else min(columns, 1)):
            rows = self._rows_by(first, len(names)).get(names, [])
            if len(rows) > 1:
                raise KeyError(
                    f"{len(rows)} rows are named {key!r}; give all names of a row, as {self._keys()[rows[0]]}"
                )
            if rows:
                return rows[0]
        raise KeyError(f"no row {key!r}; rows are named as {self._keys()[:3]}")

    @property
    def row_kinds(self) -> list[str]:
        """For each row "one", "group" (its members have rows of their own) or "total"."""
        words = {lib.DR_ROW_ONE: "one", lib.DR_ROW_GROUP: "group", lib.DR_ROW_TOTAL: "total"}
        return [words[lib.dr_table_row_kind(self._pointer, row)] for row in range(len(self))]

    # ---- What else it says ----

    @property
    def answer(self) -> list[str]:
        """The answer in words, sentence by sentence."""
        return [text(lib.dr_table_sentence(self._pointer, i)) for i in range(lib.dr_table_sentences(self._pointer))]

    @property
    def notes(self) -> list[str]:
        """What was done, and why."""
        return [text(lib.dr_table_note(self._pointer, i)) for i in range(lib.dr_table_notes(self._pointer))]

    @property
    def facts(self) -> dict[str, str | float]:
        """Settings, properties of the certificate and sources, by dotted names."""
        found: dict[str, str | float] = {}
        for i in range(lib.dr_table_facts(self._pointer)):
            name = lib.dr_table_fact_name(self._pointer, i)
            found[text(name)] = (
                text(lib.dr_table_fact_text(self._pointer, name))
                if lib.dr_table_fact_is_text(self._pointer, i)
                else lib.dr_table_fact(self._pointer, name)
            )
        return found

    @property
    def certificate(self) -> dict[str, str | float]:
        """The check of the result, made by code that shares nothing with the solver: residuals of the equations."""
        part = "certificate."
        return {name[len(part) :]: value for name, value in self.facts.items() if name.startswith(part)}

    # ---- Elsewhere ----

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The rows as an Arrow stream of one batch. Numbers that are float64 are not copied."""
        from derisk import _arrow

        return _arrow.capsule(self._pointer)

    def to_arrow(self) -> pyarrow.Table:
        """The rows as a pyarrow.Table: texts, int64 for counts, else float64; null where there is no number."""
        import pyarrow

        return pyarrow.table(self)

    def to_polars(self) -> polars.DataFrame:
        """The rows as a polars.DataFrame."""
        import polars

        return polars.DataFrame(self)

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas.DataFrame; title, unit and certificate are in its ``attrs``. Needs no pyarrow."""
        import pandas

        frame = pandas.DataFrame(
            {name: self[name].to_numpy() if not self[name].is_text else list(self[name]) for name in self.columns}
        )
        frame.attrs = {"title": self.title, "unit": self.unit, "certificate": self.certificate}
        return frame

    def to_dict(self) -> dict[str, list[Any]]:
        """The cells of each column, by its name."""
        return {name: list(self[name]) for name in self.columns}

    def _written(self, format: int) -> str:
        out, size = ffi.new("char **"), ffi.new("size_t *")
        check(lib.dr_table_write_memory(out, size, self._pointer, format))
        try:
            return bytes(ffi.buffer(out[0], size[0])).decode()
        finally:
            lib.dr_memory_free(out[0])

    def to_text(self) -> str:
        """The table for people: the answer, the rows that matter most, names in place of codes."""
        return self._written(lib.DR_FORMAT_TEXT)

    def to_csv(self) -> str:
        return self._written(lib.DR_FORMAT_CSV)

    def to_json(self) -> str:
        """Rows, answer, notes and facts, as the program prints with --format json."""
        return self._written(lib.DR_FORMAT_JSON)

    def to_latex(self) -> str:
        return self._written(lib.DR_FORMAT_LATEX)

    def to_markdown(self) -> str:
        return self._written(lib.DR_FORMAT_MARKDOWN)

    def to_html(self) -> str:
        """A page."""
        return self._written(lib.DR_FORMAT_HTML)

    def write(self, path: str | os.PathLike[str]) -> None:
        """Writes the table to NAME.txt, .csv, .json, .parquet, .tex, .md, .html or .docx, completely or not at all."""
        endings = {
            ".txt": lib.DR_FORMAT_TEXT,
            ".csv": lib.DR_FORMAT_CSV,
            ".json": lib.DR_FORMAT_JSON,
            ".parquet": lib.DR_FORMAT_PARQUET,
            ".tex": lib.DR_FORMAT_LATEX,
            ".md": lib.DR_FORMAT_MARKDOWN,
            ".html": lib.DR_FORMAT_HTML,
            ".docx": lib.DR_FORMAT_WORD,
        }
        ending = os.path.splitext(os.fspath(path))[1].lower()
        if ending not in endings:
            raise Usage(f"{os.fspath(path)}: expected a name that ends with {', '.join(endings)}")
        check(lib.dr_table_write(self._pointer, endings[ending], path_of(path)))

    @property
    def plot(self) -> Plots:
        return Plots(self)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__}: {self.title or 'without a title'}; {len(self)} rows; {', '.join(self.columns)}>"
        )

    def _repr_html_(self) -> str:
        from derisk import _html

        return _html.table(self)
