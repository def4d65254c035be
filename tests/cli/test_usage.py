"""Every wrong use: its one line, exit status 1, and nothing done."""

import pytest

CHANGE = ("--ban", "EU:CHN:mining")

WRONG_USES = [
    (["simulat"], "unknown command 'simulat'; did you mean 'simulate'?"),
    (["frobnicate"], "unknown command 'frobnicate'; 'derisk help' lists the commands"),
    (["--verbose"], "unknown option '--verbose'; 'derisk help' lists the commands"),
    (["help", "impot"], "unknown command 'impot'; did you mean 'import'?"),
    (["help", "info", "export"], "help: unexpected argument 'export'"),
    (["demo", "now"], "demo: unexpected argument 'now'"),
    (["info"], "info: WORLD is missing; see 'derisk info --help'"),
    (["info", "sample.world", "again"], "info: unexpected argument 'again'"),
    (["info", "sample.world", "--formt", "csv"], "info: unknown option '--formt'; did you mean '--format'?"),
    (["info", "sample.world", "--colour=no"], "info: unknown option '--colour'"),
    (["info", "sample.world", "-x"], "info: unknown option '-x'"),
    (["info", "sample.world", "--format"], "info: --format: a value was expected: --format FORMAT"),
    (
        ["info", "sample.world", "--format", "jsno"],
        "info: --format is text, csv, json or parquet, not 'jsno'; did you mean 'json'?",
    ),
    (["info", "sample.world", "--format", "csv", "--format", "csv"], "info: --format is given twice"),
    (["info", "sample.world", "--quiet=yes"], "info: --quiet takes no value"),
    (["export", "sample.world"], "export: --table NAME is missing: the stored table to export"),
    (["import"], "import: FILE is missing; see 'derisk import --help'"),
    (["import", "icoi", "a.csv"], "import: 'icoi' is neither a file nor a layout; did you mean 'icio'?"),
    (["import", "icio"], "import: FILE is missing; see 'derisk import --help'"),
    (["import", "icio", "a.csv"], "import: --to WORLD is missing: the world file to write"),
    (["import", "icio", "a.csv", "--to", "w", "--year", "2011.5"], "import: --year: '2011.5' is not a year"),
    (["import", "long", "a", "b", "--to", "w"], "import: 'import long' takes one folder, not 2"),
    (
        ["aggregate", "sample.world", "--regions", "map.csv"],
        "aggregate: --to NEW.world is missing: the world file to make",
    ),
    (
        ["aggregate", "sample.world", "--to", "new.world"],
        "aggregate: --regions or --sectors is missing: a map of what goes into what",
    ),
    (
        ["simulate", "sample.world"],
        "simulate: a scenario file, or --tariff, --trade-cost or --ban, was expected",
    ),
    (["simulate", "sample.world", *CHANGE, "--year", "last"], "simulate: --year: 'last' is not a year"),
    (
        ["simulate", "sample.world", *CHANGE, "--closure", "free"],
        "simulate: --closure is fixed, income-share or zero, not 'free'",
    ),
    (
        ["simulate", "sample.world", *CHANGE, "--table", "region"],
        "simulate: --table is regions, sectors, flows, decomposition, factors, curbs, ties or draws, not 'region'; did you mean 'regions'?",
    ),
    (
        ["simulate", "sample.world", "--tariff", "EU:CHN:all"],
        "simulate: --tariff 'EU:CHN:all': BY:ON:SECTORS:RATE[:inside] was expected",
    ),
    (
        ["simulate", "sample.world", "--tariff", "EU:CHN:all:25%:2012"],
        "simulate: --tariff 'EU:CHN:all:25%:2012': BY:ON:SECTORS:RATE[:inside] was expected",
    ),
    (
        ["simulate", "sample.world", "--trade-cost", "EU::all:2"],
        "simulate: --trade-cost 'EU::all:2': BETWEEN:AND:SECTORS:TIMES[:inside] was expected",
    ),
    (["simulate", "sample.world", "--ban", "EU"], "simulate: --ban 'EU': BY:ON:SECTORS[:inside] was expected"),
    (["results", "sample.world", "--table", "flows"], "results: --table is for a run: its NAME is missing"),
    (["completion"], "completion: SHELL is missing; see 'derisk completion --help'"),
    (["completion", "zsh"], "completion: SHELL is bash, not 'zsh'"),
]


@pytest.mark.parametrize("arguments, line", WRONG_USES, ids=[" ".join(case[0]) for case in WRONG_USES])
def test_wrong_use(refused, arguments, line):
    refused(1, line, *arguments)


def test_without_a_command_help_goes_to_standard_error(derisk):
    done = derisk()
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == derisk("help").stdout


def test_options_may_stand_anywhere_and_be_joined(derisk):
    expected = derisk("info", "sample.world", "--format", "csv").stdout
    assert expected.count("\n") > 20
    assert derisk("info", "--format=csv", "sample.world").stdout == expected
