"""Every instrument of the policy language is an option of simulate, in one line or with all its keys, and gives what
the same change in a file gives."""

import json
import re

import pytest

# The option's value, and the keys that it stands for.
CHANGES = {
    "tariff": ("EU,USA:CHN:goods:10%", "by: [EU, USA], on: CHN, sectors: goods, rate: 10%"),
    "trade-cost": ("EU:CHN:services:1.2", "between: EU, and: CHN, sectors: services, times: 1.2"),
    "ban": ("EU:RUS:mining,refined-petroleum", "by: EU, on: RUS, sectors: [mining, refined-petroleum]"),
    "autarky": ("TUR:mining", "in: TUR, sectors: mining"),
    "export-curb": ("CHN:EU:metals:40%", "by: CHN, to: EU, sectors: metals, cut: 40%"),
    "quota": ("EU:CHN:metals:60%", "by: EU, on: CHN, sectors: metals, at: 60%"),
    "tariff-rate-quota": (
        "EU:CHN:metals:60%:0%:25%",
        "by: EU, on: CHN, sectors: metals, quota: 60%, in-quota: 0%, over-quota: 25%",
    ),
    "export-tax": ("CHN:EU:metals:10%", "by: CHN, to: EU, sectors: metals, rate: 10%"),
    "export-subsidy": ("CHN:EU:metals:10%", "by: CHN, to: EU, sectors: metals, rate: 10%"),
    "production-tax": ("CHN:metals:5%", "in: CHN, sectors: metals, rate: 5%"),
    "production-subsidy": ("CHN:metals:5%", "in: CHN, sectors: metals, rate: 5%"),
    "use-tax": ("EU:mining:5%", "in: EU, sectors: mining, rate: 5%"),
    "use-subsidy": ("EU:mining:5%", "in: EU, sectors: mining, rate: 5%"),
    "productivity": ("RUS:all:-10%", "in: RUS, sectors: all, change: -10%"),
    "labour": ("DEU:goods:2%", "in: DEU, sectors: goods, change: 2%"),
    "factor-supply": ("DEU:goods:labour:2%", "in: DEU, sectors: goods, factor: labour, change: 2%"),
    "demand": ("DEU:services:5%", "in: DEU, sectors: services, change: 5%"),
    "direction": ("CHN:investment:consumption:5%", "in: CHN, from: investment, to: consumption, part: 5%"),
    "transfer": ("EU:TUR:0.1%", "from: EU, to: TUR, amount: 0.1%"),
    "leave": ("ITA:EU:1.05", "region: ITA, group: EU, trade-cost: 1.05"),
    "join": ("TUR:EU:1.05", "region: TUR, group: EU, trade-cost: 1.05"),
}

# Those that need an account of emissions, which tests/cli/test_carbon.py has.
CARBON = ["carbon-price", "carbon-border"]


def answer(derisk, *arguments):
    done = derisk("simulate", "sample.world", *arguments, "--format", "csv", "--quiet")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", CHANGES)
def test_a_line_is_the_change_of_a_file(derisk, story, tmp_path, name):
    line, keys = CHANGES[name]
    file = tmp_path / "scenario.yaml"
    file.write_text(f"changes:\n  - {name}: {{{keys}}}\n")
    wanted = answer(derisk, str(file))
    assert answer(derisk, f"--{name}", line) == answer(derisk, f"--{name}", f"{{{keys}}}") == wanted
    assert answer(derisk, "--tariff", "EU:CHN:agriculture:1%") != wanted


def test_every_instrument_is_an_option(derisk):
    instruments = json.loads(derisk("schema").stdout)["$defs"]["change"]["properties"]
    assert set(instruments) - {"from", "until"} == {*CHANGES, *CARBON}


@pytest.mark.parametrize("name", [*CHANGES, *CARBON])
def test_help_has_the_shape_that_is_read(derisk, name):
    done = derisk("simulate", "sample.world", f"--{name}", ":")
    expected = re.search(r"expected (\S+)$", done.stderr.strip())[1]
    assert done.returncode == 1 and f"--{name} {expected}\n" in derisk("simulate", "--help").stdout


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("quota", "{by: EU, on: CHN, at: 60%, rents: importer}", "unknown key 'rents'; did you mean 'rent'?"),
        ("quota", "{by: EU, on: CHN}", "'quota' takes one of 'cut' (40%) and 'at' (60% of the base, or a value)"),
        ("tariff", "{file: x.csv}", "'x.csv': only a document that is a file itself names other files"),
        ("export-curb", "CHN:EU:metals:140%", "a cut of 140.00%; expected one between 0% and 100%"),
        ("productivity", "RUS:all:-100%", "a change of -100.00%; expected more than -100%"),
        ("transfer", "EU:TUR:no", "'no' is not a number; expected a value in the unit of the world, or a part of "
                                  "income such as 1%"),
        ("demand", "DEU:sevices:5%", "'sevices' is not a sector of this world, by code, slug or kind; did you mean "
                                     "'services'?"),
    ],
)  # fmt: skip
def test_wrong_changes(derisk, option, value, message):
    done = derisk("simulate", "sample.world", f"--{option}", value)
    assert (done.returncode, done.stderr) == (2, f"derisk: --{option} {value}: {message}\n")


def test_any_key_of_a_change_can_vary(derisk):
    both = ["--tariff", "EU:CHN:goods:10%", "--export-curb", "CHN:EU:metals:10%"]
    rows = answer(derisk, *both, "--sweep", "cut=10%:50%:20%", "--of", "EU").splitlines()
    assert [row.split(",")[0] for row in rows] == ["cut", "10%", "30%", "50%"]
    last = answer(derisk, "--tariff", "EU:CHN:goods:10%", "--export-curb", "CHN:EU:metals:50%", "--of", "EU")
    assert rows[3].split(",", 1)[1] == last.splitlines()[1]


def test_lines_give_titles(derisk):
    for name in ("quota", "tariff-rate-quota", "export-curb"):
        line = CHANGES[name][0]
        assert derisk("simulate", "sample.world", f"--{name}", line).stdout.startswith(f"{name} {line}: overview")
