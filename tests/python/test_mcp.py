"""derisk-mcp, by the client of the official SDK."""

import asyncio
import json
import os
import pathlib
import sys

import pytest

pytest.importorskip("mcp")
from mcp import Client, StdioServerParameters  # noqa: E402

import derisk as dr  # noqa: E402
from derisk import mcp as server  # noqa: E402


@pytest.fixture(scope="module")
def ask(world, trade):
    """ask(tool, **arguments): the answer, and whether it is an error."""
    tools = server.server_of(server.Worlds([world.path, trade.path], seconds=5))

    def call(tool, **arguments):
        async def once():
            async with Client(tools) as client:
                return await client.call_tool(tool, arguments)

        done = asyncio.run(once())
        return (done.content[0].text, True) if done.is_error else (done.structured_content, False)

    call.tools = tools
    return call


def test_tools_have_schemas_of_the_options(ask):
    async def listed():
        async with Client(ask.tools) as client:
            return {tool.name: tool.input_schema for tool in (await client.list_tools()).tools}

    tools = asyncio.run(listed())
    assert {"worlds", "cite", "info", "simulate", "plan", "play", "exposure"} <= set(tools)
    plan = tools["plan"]["properties"]
    assert set(tools["plan"]["required"]) == {"of", "from_", "world"}
    assert plan["world"]["enum"] == ["sample.world", "trade.world"] and plan["starts"]["minimum"] == 1
    assert "short" in plan["horizon"]["enum"] and plan["inside"]["type"] == "boolean"
    assert tools["simulate"]["$defs"]["scenario"]["type"] == "object"
    assert not {"store", "output", "plot", "baseline", "format"} & set(tools["simulate"]["properties"])


def test_answers_are_those_of_the_commands(ask, world):
    tariff = "EU:CHN:transport-equipment:0.25"
    found, wrong = ask("simulate", world="sample.world", tariffs=[tariff], horizon="medium")
    alone = world.simulate(tariffs=tariff, horizon="medium")
    assert not wrong and found["answer"] == alone.answer and found["columns"]["welfare"]["unit"] == "percent"
    assert {row["region"]: row["welfare"] for row in found["rows"]} == alone.welfare.to_dict()
    assert found["certificate"]["worst_residual"] < 1e-9 and "World Input-Output Database" in found["source"]
    scenario = {"changes": [{"tariff": {"by": "EU", "on": "CHN", "sectors": ["transport-equipment"], "rate": 0.25}}]}
    again, _ = ask("simulate", world="sample.world", scenario=scenario, horizon="medium")
    assert again["rows"] == found["rows"]
    plan, _ = ask("plan", world="sample.world", of="EU", from_="CHN", cap=0.4, table="costs")
    assert plan["rows"][0]["value"] == world.plan("EU", from_="CHN", cap=0.4).costs.value[0]


def test_answers_are_not_long(ask):
    found, _ = ask("simulate", world="sample.world", tariffs=["EU:CHN:all:10%"], table="flows", top=100000)
    assert len(found["rows"]) <= 80 and json.dumps(found, allow_nan=False)


def test_worlds_and_citations(ask, trade):
    worlds, _ = ask("worlds")
    assert worlds["trade.world"]["years"] == trade.years and worlds["sample.world"]["regions"]["DEU"] == "Germany"
    cited, _ = ask("cite")
    assert any("Inter-Country Input-Output" in source for source in cited["sources"]["trade.world"])


@pytest.mark.parametrize(("tool", "arguments", "message"), [
    ("simulate", {"tariffs": ["EUU:CHN:all:0.1"]}, "did you mean 'EU'?"),
    ("simulate", {"tarifs": []}, "unknown option 'tarifs'"),
    ("simulate", {"elasticity": __file__, "tariffs": ["EU:CHN:all:0.1"]}, "no files are read here"),
    ("simulate", {"scenario": {"changes": [], "elasticity": __file__}}, "no files are read here"),
    ("balance", {"world": "other.world", "a": "EU"}, "expected one of sample.world, trade.world"),
    ("balance", {}, "A is missing"),
    ("nothing", {}, "no tool 'nothing'"),
    ("simulate", {"tariffs": ["EU:CHN:all:0.1"], "draws": 1000000, "elasticity_error": 0.2}, "stopped after 5 seconds"),
])  # fmt: skip
def test_errors(ask, tool, arguments, message):
    if tool == "simulate":
        arguments = {"world": "sample.world"} | arguments
    found, wrong = ask(tool, **arguments)
    assert wrong and message in found, found


def test_program(world, tmp_path):
    """As an assistant starts it."""
    package = str(pathlib.Path(dr.__file__).parent.parent)
    parameters = StdioServerParameters(command=sys.executable, args=["-m", "derisk.mcp", world.path], cwd=tmp_path,
                                       env={"PYTHONPATH": package, "PATH": os.environ["PATH"]})  # fmt: skip

    async def once():
        async with Client(parameters) as client:
            return await client.call_tool("position", {"of": "CHN"})

    done = asyncio.run(once())
    assert not done.is_error and done.structured_content["answer"] == world.position("CHN").answer
