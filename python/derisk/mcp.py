"""derisk-mcp: worlds for assistants, by the Model Context Protocol.

Each command that reads a world is a tool. Its schema follows from the program's tables of options, so that an assistant
sees the same names, ranges and defaults as a person. Nothing is written, and no file but the worlds is read.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
from collections.abc import Mapping
from typing import Any

from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

import derisk as dr
from derisk import _progress, _rows
from derisk._core import Call, check, many
from derisk._derisk import ffi, lib
from derisk._table import Table

# Commands whose tools read a world, or nothing but what is built in.
TOOLS = "info check balance ties exposure footprint position simulate propagate plan play results concordance".split()
DOCUMENTS = {"simulate": "scenario", "play": "game", "propagate": "shock"}
# Options that write files, or have no use here.
LEFT_OUT = {"format", "output", "all", "quiet", "plot", "map", "store", "threads", "part"}
SECONDS, ROWS = 60.0, 40

ABOUT = """derisk computes trade dependence, and what trade policy costs, on world input-output tables.
Start with worlds, then info. Regions and groups are codes (DEU, EU), sectors codes, slugs or kinds. Answers have units,
a certificate (the largest residual of all equations) and sources; cite says how to quote them."""


def schema_of(row: _rows.Row) -> dict[str, Any]:
    """The JSON schema of an option."""
    names = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    kinds: dict[str, dict[str, Any]] = {
        "FLAG": {"type": "boolean"},
        "TEXT": {"type": "string"},
        "WORD": {"type": "string", "enum": row.words},
        "WORDS": {"type": "array", "items": {"type": "string", "enum": row.words}},
        "RATE": {"type": ["number", "string"], "description": "a fraction (0.25) or a text (25%)"},
        "NUMBER": {"type": "number"},
        "COUNT": {"type": "integer"},
        "REGION": names,
        "SECTOR": names,
    }
    found = kinds[row.kind]
    if row.kind in ("NUMBER", "COUNT"):
        found |= {"exclusiveMinimum" if row.above else "minimum": row.least} | (
            {"maximum": row.most} if row.most else {}
        )
    shape = f" ({row.value})" if row.parts else ""
    default = f" (default: {row.fallback})" if row.fallback else ""
    described = f"{row.help}{shape}{default}"
    if row.many:
        return {"type": "array", "items": found, "description": described}
    return found | {"description": described}


def _strings(value: Any) -> list[str]:
    """All texts in a document."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for part in value.values() for text in _strings(part)]
    return [text for part in value for text in _strings(part)] if isinstance(value, list) else []


class Tool:
    """A command as a tool."""

    def __init__(self, command: _rows.Command, worlds: Mapping[str, dr.World]) -> None:
        self.command = command
        self.worlds = worlds
        self.document = DOCUMENTS.get(command.name)
        rows = [*command.given, *command.options]
        self.rows = {row.python: row for row in rows if row.kind != "FILE" and row.name not in LEFT_OUT}

    def properties(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.command.of_world:
            found["world"] = {"type": "string", "enum": list(self.worlds), "description": "the world"}
        if self.document:
            found[self.document] = {"$ref": f"#/$defs/{self.document}"}
        return found | {name: schema_of(row) for name, row in self.rows.items()}

    def described(self) -> types.Tool:
        required = [name for name, row in self.rows.items() if row.required]
        required += ["world"] * (self.command.of_world and len(self.worlds) > 1)
        required += [self.document] if self.document and self.document != "scenario" else []
        schema = {
            "type": "object",
            "properties": self.properties(),
            "required": required,
            "additionalProperties": False,
        }
        if self.document:
            schema["$defs"] = dr.schema()["$defs"]
        return types.Tool(name=self.command.name, description=self.command.description, input_schema=schema)

    def call(self, given: Mapping[str, Any]) -> dict[str, Any]:
        known = {*self.rows, *([self.document] if self.document else []), *(["world"] if self.command.of_world else [])}
        for name, value in given.items():
            if name not in known:
                raise dr.Usage(f"{self.command.name}: unknown option '{name}'; there are {', '.join(sorted(known))}")
            for text in _strings(value):
                if os.path.exists(text):
                    raise dr.Usage(f"{self.command.name}: {name}: no files are read here, such as '{text}'")
        arguments: list[Any] = []
        if self.command.of_world:
            name = given.get("world", next(iter(self.worlds)))
            if name not in self.worlds:
                raise dr.BadInput(f"world '{name}': expected one of {', '.join(self.worlds)}")
            arguments.append(self.worlds[name])
        if self.document:
            arguments.append(given.get(self.document))
        arguments += [given.get(row.python) for row in self.command.given if row.python in self.rows]
        options = {row.name: many(given.get(row.python)) if row.many else given.get(row.python)
                   for row in self.command.options if row.python in self.rows}  # fmt: skip
        call = Call(self.command.name, arguments, options)
        return answer(Table(call.table, call))


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def answer(table: Table) -> dict[str, Any]:
    """A table as an assistant reads it: the answer first, units with every column, and how sure it is."""
    all_rows = len(table)
    if all_rows > ROWS:
        check(lib.dr_table_top(table._pointer, ROWS))
    columns = {name: {"unit": table[name].unit, "is": table[name].description} for name in table.columns}
    rows = [{name: _plain(value) for name, value in row.items()} for row in table]
    facts = table.facts
    return {
        "title": table.title,
        "answer": table.answer,
        "unit": table.unit,
        "columns": columns,
        "rows": rows,
        "rows_in_all": all_rows,
        "certificate": {name: _plain(value) for name, value in table.certificate.items()},
        "settings": {name: value for name, value in facts.items() if name.startswith("settings.")},
        "source": facts.get("source", ""),
        "notes": table.notes,
    }


class Worlds:
    """What the tools are about."""

    def __init__(self, paths: list[str], seconds: float = SECONDS) -> None:
        opened = [dr.open(path) for path in paths] or [dr.sample()]
        self.worlds = {os.path.basename(world.path): world for world in opened}
        self.seconds = seconds
        self.tools = {command.name: Tool(command, self.worlds) for command in _rows.commands(ffi, lib)
                      if command.name in TOOLS}  # fmt: skip

    def described(self) -> list[types.Tool]:
        nothing = {"type": "object", "properties": {}, "additionalProperties": False}
        return [
            types.Tool(name="worlds", description="The worlds: regions, sectors, years.", input_schema=nothing),
            types.Tool(
                name="cite", description="How to cite derisk and the sources of the worlds.", input_schema=nothing
            ),
            *[tool.described() for tool in self.tools.values()],
        ]

    def call(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        if name == "worlds":
            return {name: {"regions": world.regions, "sectors": world.sectors, "years": world.years}
                    for name, world in self.worlds.items()}  # fmt: skip
        if name == "cite":
            sources = {name: [row["title"] + "; " + row["detail"] for row in world.info() if row["what"] == "source"]
                       for name, world in self.worlds.items()}  # fmt: skip
            return {"derisk": f"derisk {dr.__version__}, Apache-2.0; see CITATION.cff", "sources": sources}
        if name not in self.tools:
            raise dr.Usage(f"no tool '{name}'; there are worlds, cite, {', '.join(self.tools)}")
        with _progress.limit(self.seconds):
            return self.tools[name].call(given)


def server_of(worlds: Worlds) -> Server[Any]:
    """The server, without a transport."""

    async def list_tools(context: Any, params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=worlds.described())

    async def call_tool(context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            found = await asyncio.to_thread(worlds.call, params.name, params.arguments or {})
        except (dr.Error, TimeoutError) as error:
            return types.CallToolResult(content=[types.TextContent(type="text", text=str(error))], is_error=True)
        text = types.TextContent(type="text", text=json.dumps(found, ensure_ascii=False))
        return types.CallToolResult(content=[text], structured_content=found)

    return Server(
        "derisk", version=dr.__version__, instructions=ABOUT, on_list_tools=list_tools, on_call_tool=call_tool
    )


def main() -> None:
    """The program derisk-mcp, which answers on standard input and output."""
    parser = argparse.ArgumentParser(
        prog="derisk-mcp", description="Worlds for assistants, by the Model Context Protocol."
    )
    parser.add_argument("worlds", nargs="*", metavar="WORLD", help="world files (default: the sample world)")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="time after which an answer is given up (60)")
    given = parser.parse_args()
    try:
        worlds = Worlds(given.worlds, given.seconds)
    except dr.Error as error:
        parser.exit(getattr(error, "status", 1), f"derisk-mcp: {error}\n")

    async def serve() -> None:
        server = server_of(worlds)
        async with stdio_server() as (reader, writer):
            await server.run(reader, writer, server.create_initialization_options())

    asyncio.run(serve())


if __name__ == "__main__":
    main()
