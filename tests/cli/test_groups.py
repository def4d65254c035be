"""Groups that are named, whole or not, and names as people type them."""

import json

import pytest


def csv_rows(text):
    header, *lines = text.splitlines()
    return [dict(zip(header.split(","), line.split(","))) for line in lines]


def welfare(derisk, *change):
    done = derisk("simulate", "sample.world", *change, "--format", "csv")
    assert done.returncode == 0, done.stderr
    return {row["region"]: float(row["welfare"]) for row in csv_rows(done.stdout)}


EU = ("DEU", "FRA", "ITA", "XEU")


def test_a_group_is_one_actor_and_a_list_is_of_several(derisk):
    outside = derisk("export", "sample.world", "--table", "region", "--format", "json")
    others = [row["code"] for row in json.loads(outside.stdout)]
    members = json.loads(
        derisk("simulate", "sample.world", "--tariff", "EU:CHN:TEQ:10%", "--table", "flows", "--format", "json").stdout
    )
    assert members["title"]
    info = derisk("info", "sample.world", "--format", "csv").stdout
    eu = next(line for line in info.splitlines() if line.startswith("group,EU,"))
    here = eu.rsplit(": ", 1)[1].strip('"').split()
    listed = ",".join(code for code in others if code not in here)
    group = welfare(derisk, "--tariff", "EU:all:goods:10%")
    assert group == welfare(derisk, "--tariff", f"EU:{listed}:goods:10%")
    inside = welfare(derisk, "--tariff", "EU:all:goods:10%:inside")
    assert inside == welfare(derisk, "--tariff", f"{','.join(here)}:all:goods:10%")
    assert inside["EU"] < group["EU"]


def test_what_is_left_alone_is_noted(derisk):
    done = json.loads(derisk("simulate", "sample.world", "--tariff", "EU:all:goods:10%", "--format", "json").stdout)
    notes = [note for note in done["notes"] if "between members" in note]
    assert len(notes) == 1
    assert notes[0].startswith("trade between members of EU is left alone: ") and "trillion US dollars" in notes[0]
    done = json.loads(derisk("simulate", "sample.world", "--tariff", "EU:CHN:goods:10%", "--format", "json").stdout)
    assert not [note for note in done["notes"] if "between members" in note]


def test_only_flows_between_members_is_an_error(refused):
    refused(
        2,
        (
            "--ban EU:EU:all: change 1 (ban) changes no flow: all flows are between members of EU; "
            "'inside: true' (or ':inside') includes them"
        ),
        "simulate",
        "sample.world",
        "--ban",
        "EU:EU:all",
    )
    refused(
        2,
        "all trade of DEU with EU is between members of EU; 'inside: true' (or --inside) includes it",
        "plan",
        "sample.world",
        "DEU",
        "--from",
        "EU",
        "--cap",
        "40%",
    )


@pytest.mark.parametrize(
    "command",
    [
        ("simulate", "sample.world", "--tariff", "EU:CHN:TEQ:10%"),
        ("simulate", "sample.world", "--tariff", "EU:CHN:TEQ:10%", "--table", "decomposition"),
        ("propagate", "sample.world", "energy-stop.yaml", "--steps", "3"),
        ("exposure", "sample.world", "BRICS"),
        ("exposure", "sample.world", "EU", "--to", "BRICS"),
        ("exposure", "sample.world", "EU", "--to", "BRICS", "--hidden"),
        ("balance", "sample.world", "EU", "BRICS"),
        ("balance", "sample.world", "BRICS", "--by", "year"),
    ],
)
def test_a_group_that_is_not_whole_is_said(derisk, command):
    done = derisk(*command, "--format", "json")
    assert done.returncode == 0, done.stderr
    table = json.loads(done.stdout)
    assert table["groups"]["BRICS"]["in_table"] < table["groups"]["BRICS"]["members"] == 5
    assert len([note for note in table["notes"] if note.startswith("BRICS is incomplete: the table has ")]) == 1


def test_a_group_of_another_year(derisk):
    now = derisk("exposure", "sample.world", "EU", "--format", "json")
    later = json.loads(derisk("exposure", "sample.world", "EU@2020", "--format", "json").stdout)
    members = derisk("exposure", "sample.world", "DEU,FRA,ITA,POL,NLD,ESP,XEU", "--format", "json")
    assert later["rows"] != json.loads(now.stdout)["rows"]  # Britain left
    assert "GBR" in {row.get("first_market") for row in later["rows"]} or members.returncode != 0


@pytest.mark.parametrize(
    "typed, region",
    [
        ("Germany", "DEU"),
        ("germany", "DEU"),
        ("DE", "DEU"),
        ("deu", "DEU"),
        ("china", "CHN"),
        ("GB", "GBR"),
        ("UK", "GBR"),
        ("eu", "EU"),
        ("European Union", "EU"),
        ("row", "ROW"),
    ],
)
def test_names_of_regions(derisk, typed, region):
    named = derisk("exposure", "sample.world", typed, "--format", "csv")
    assert named.returncode == 0, named.stderr
    assert named.stdout == derisk("exposure", "sample.world", region, "--format", "csv").stdout


@pytest.mark.parametrize(
    "typed, words, never",
    [
        ("AUT", "Austria (AUT) is part of XEU", "AUS"),
        ("BEL", "Belgium (BEL) is part of XEU", None),
        ("EL", "'EL', Greece (GRC), is part of XEU", None),
        ("VNM", "Vietnam (VNM) is not a region of this world: it is included in ROW", None),
        ("Norway", "Norway (NOR) is not a region of this world: it is included in ROW", None),
        ("Germny", "did you mean 'DEU' (Germany)?", None),
        ("EU@20", "expected a year of four digits after the @", None),
        ("XX@2020", "'XX@2020' is not a group of this world with a year", None),
        ("EU@1900", "'EU@1900' had no members in 1900", None),
    ],
)
def test_regions_that_are_not_there(derisk, typed, words, never):
    done = derisk("exposure", "sample.world", typed)
    assert done.returncode == 2
    assert words in done.stderr
    assert never is None or never not in done.stderr


@pytest.mark.parametrize(
    "typed, words",
    [
        ("electronics", "did you mean 'electrical-optical' (ELE: Electrical and optical equipment)?"),
        ("textile", "did you mean 'textiles-leather' (TEX)?"),
        ("minig", "did you mean 'mining' (MIN)?"),
    ],
)
def test_sectors_that_are_not_there(derisk, typed, words):
    done = derisk("simulate", "sample.world", "--tariff", f"EU:CHN:{typed}:10%")
    assert done.returncode == 2 and words in done.stderr


@pytest.mark.parametrize("typed", ["ele", "Electrical-Optical", "electrical and optical equipment"])
def test_names_of_sectors(derisk, typed):
    assert welfare(derisk, "--tariff", f"EU:CHN:{typed}:10%") == welfare(derisk, "--tariff", "EU:CHN:ELE:10%")


def test_what_there_is_is_named(derisk):
    assert (
        "there are final, final_row, final_use, "
        in derisk("export", "sample.world", "--table", "trade", "--format", "csv").stderr
    )
    assert derisk("results", "sample.world", "foo").stderr.endswith("there is no run 'foo'; it has none\n")
