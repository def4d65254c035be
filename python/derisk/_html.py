"""Tables in notebooks: the answer, the first rows, the notes and the certificate."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from derisk._derisk import lib
from derisk._core import text

if TYPE_CHECKING:
    from derisk._table import Table

_SHOWN = 15  # rows


def number_for_people(value: float, kind: int) -> str:
    """A number as text shows it."""
    if math.isnan(value):
        return ""
    if kind == lib.DR_COLUMN_COUNT:
        return f"{value:.0f}"
    if kind == lib.DR_COLUMN_PERCENT:
        return f"{value:.2f}%"
    if kind == lib.DR_COLUMN_SHARE:
        return f"{100 * value:.2f}%"
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def escape(value: str) -> str:
    return html.escape(value)


def dictionary(value: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{name} {number:.4g}" if isinstance(number, float) else f"{name} {number}" for name, number in value.items()
    )


def _cell(table: Table, row: int, index: int) -> str:
    kind = lib.dr_table_column_type(table._pointer, index)
    if kind == lib.DR_COLUMN_TEXT:
        return f"<td style='text-align:left'>{escape(text(lib.dr_table_name(table._pointer, row, index)))}</td>"
    return f"<td>{number_for_people(lib.dr_table_numbers(table._pointer, index)[row], kind)}</td>"


def _heading(table: Table, name: str) -> str:
    column = table[name]
    unit = f"<br><small>{escape(column.unit)}</small>" if column.unit else ""
    return f"<th title='{escape(column.description)}'>{escape(name)}{unit}</th>"


def table(table: Table) -> str:
    names = table.columns
    shown = min(len(table), _SHOWN)
    answer = "".join(f"<p>{escape(sentence)}</p>" for sentence in table.answer)
    head = "".join(_heading(table, name) for name in names)
    rows = "".join("<tr>" + "".join(_cell(table, row, i) for i in range(len(names))) + "</tr>" for row in range(shown))
    rest = f"<p><small>{len(table) - shown} more rows</small></p>" if len(table) > shown else ""
    notes = "".join(f"<li>{escape(note)}</li>" for note in table.notes)
    more = f"<details><summary>Notes</summary><ul>{notes}</ul></details>" if notes else ""
    certificate = (
        f"<p><small>Certificate: {escape(dictionary(table.certificate))}</small></p>" if table.certificate else ""
    )
    return (
        f"<div class='derisk'><b>{escape(table.title)}</b>{answer}<table><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>{rest}{more}{certificate}</div>"
    )
