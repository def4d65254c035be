"""derisk schema: the files of this repository are valid, and what the reader refuses is not."""

import json
import re

import jsonschema
import pytest
import yaml

from conftest import ROOT, run

KINDS = {"changes": "scenario", "play": "game", "stops": "shock"}


class Loader(yaml.SafeLoader):
    """As editors and derisk read YAML: only true and false are truths, and 'on' is a word."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])


def load(text):
    return yaml.load(text, Loader)  # noqa: S506


@pytest.fixture(scope="module")
def validator(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schemas")
    schema = json.loads(run("schema", cwd=folder).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def documents():
    """Every scenario, game and supply stop that comes with derisk, or stands in its documentation."""
    for path in sorted((ROOT / "data").rglob("*.yaml")):
        yield f"{path.relative_to(ROOT)}", path.read_text()
    for page in sorted((ROOT / "docs").rglob("*.md")):
        for number, block in enumerate(
            re.findall(r"^```yaml[^\n]*\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL), 1
        ):
            yield f"{page.relative_to(ROOT)}, block {number}", block


DOCUMENTS = {
    name: (kind, text)
    for name, text in documents()
    for key, kind in KINDS.items()
    if re.search(rf"^{key}:", text, re.MULTILINE)
}


@pytest.mark.parametrize("kind, text", DOCUMENTS.values(), ids=DOCUMENTS)
def test_documents_are_valid(validator, kind, text):
    validator.validate(load(text))
    whole = validator.schema
    jsonschema.Draft202012Validator({"$defs": whole["$defs"], "$ref": f"#/$defs/{kind}"}).validate(load(text))


def test_documents_of_all_kinds_are_tried():
    kinds = [kind for kind, _ in DOCUMENTS.values()]
    assert all(kinds.count(kind) >= 3 for kind in KINDS.values())


def refused_keys(schema, path=()):
    """Each mapping of a schema that has keys of its own."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield path, schema
        for key, value in schema.items():
            yield from refused_keys(value, (*path, key))
    elif isinstance(schema, list):
        for k, value in enumerate(schema):
            yield from refused_keys(value, (*path, k))


def test_every_key_says_what_it_holds(validator):
    for path, mapping in refused_keys(validator.schema):
        assert mapping["additionalProperties"] is False, path
        for key, value in mapping["properties"].items():
            assert value, (path, key)


def test_the_reader_takes_the_keys_of_each_instrument(validator, derisk, here):
    """A key that is misspelt is named by the reader, and so are not those that the schema has: the first unknown one
    is."""
    change = validator.schema["$defs"]["change"]
    instruments = {one["required"][0]: change["properties"][one["required"][0]] for one in change["oneOf"]}
    assert len(instruments) > 12
    for instrument, schema in instruments.items():
        keys = [*schema["properties"], "zzz"]
        (here / "a.yaml").write_text(f"changes:\n- {instrument}:\n" + "".join(f"    {key}: x\n" for key in keys))
        error = derisk("simulate", "sample.world", "a.yaml").stderr
        assert error.startswith(f"derisk: a.yaml:{len(keys) + 2}:") and "unknown key 'zzz'" in error


WRONG = {
    "a key": ("scenario", "changes: [{tariff: {by: EU, onn: CHN, rate: 25%}}]"),
    "an instrument": ("scenario", "changes: [{tarif: {by: EU, on: CHN, rate: 25%}}]"),
    "two instruments": ("scenario", "changes: [{ban: {by: EU, on: CHN}, quota: {by: EU, on: CHN, at: 5}}]"),
    "no changes": ("scenario", "title: Nothing"),
    "a rent": ("scenario", "changes: [{quota: {by: EU, on: CHN, at: 5, rent: nobody}}]"),
    "a horizon": ("scenario", "horizon: tomorrow\nchanges: []"),
    "a baseline": ("scenario", "baseline: [{tarif: {by: EU}}]\nchanges: []"),
    "a kind of game": ("game", "play: chess"),
    "a key of another game": ("game", "play: nash\nplayers: [{player: EU, tariff: {on: CHN}}]\ncaps: [5%]"),
    "a required key": ("game", "play: coercion\nof: EU"),
    "a key of a stop": ("shock", "stops: [{by: CHN, to: EU, day: 5}]"),
}


@pytest.mark.parametrize("kind, text", WRONG.values(), ids=WRONG)
def test_mistakes_are_found(validator, derisk, here, kind, text):
    assert not validator.is_valid(load(text))
    (here / "a.yaml").write_text(text)
    command = {"scenario": "simulate", "game": "play", "shock": "propagate"}[kind]
    assert derisk(command, "sample.world", "a.yaml").returncode == 2


def test_a_file_of_ones_own(derisk, refused, here):
    assert derisk("schema", "--output", "a.json").returncode == 0
    assert (here / "a.json").read_text() == derisk("schema").stdout
    refused(2, "nowhere/a.json: cannot be written: no such folder", "schema", "--output", "nowhere/a.json")
