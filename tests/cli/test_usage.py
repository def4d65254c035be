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
    (["info"], "info: WORLD is missing: world file"),
    (["info", "sample.world", "again"], "info: unexpected argument 'again'"),
    (["info", "sample.world", "--formt", "csv"], "info: unknown option '--formt'; did you mean '--format'?"),
    (["info", "sample.world", "--colour=no"], "info: unknown option '--colour'"),
    (["info", "sample.world", "-x"], "info: unknown option '-x'"),
    (["info", "sample.world", "--format"], "info: --format: its value is missing: --format FORMAT"),
    (
        ["info", "sample.world", "--format", "jsno"],
        "info: --format 'jsno': expected text, csv, json or parquet; did you mean 'json'?",
    ),
    (["info", "sample.world", "--format", "csv", "--format", "csv"], "info: --format is given twice"),
    (["info", "sample.world", "--quiet=yes"], "info: --quiet takes no value"),
    (["export", "sample.world"], "export: --table NAME is missing: stored table to export"),
    (["import"], "import: FILE is missing: files or folders to import"),
    (["import", "icoi", "a.csv", "--to", "w"], "import: 'icoi' is neither a file nor a layout; did you mean 'icio'?"),
    (["import", "icio", "--to", "w"], "import: FILE is missing: files of the layout icio"),
    (["import", "icio", "a.csv"], "import: --to WORLD is missing: world file to write"),
    (
        ["import", "icio", "a.csv", "--to", "w", "--year", "2011.5"],
        "import: --year '2011.5': expected a whole number from 1 to 9999, such as 2011",
    ),
    (["import", "long", "a", "b", "--to", "w"], "b: the long format is one folder for each command"),
    (
        ["aggregate", "sample.world", "--regions", "map.csv"],
        "aggregate: --to WORLD is missing: new world file",
    ),
    (
        ["aggregate", "sample.world", "--to", "new.world"],
        "aggregate: one of --regions and --sectors is needed",
    ),
    (
        ["simulate", "sample.world"],
        "simulate: a scenario file, a change such as --tariff, --growth or --sensitivity is needed",
    ),
    (
        ["simulate", "sample.world", *CHANGE, "--year", "last"],
        "simulate: --year 'last': expected a whole number from 1 to 9999, such as 2011",
    ),
    (
        ["simulate", "sample.world", *CHANGE, "--closure", "free"],
        "simulate: --closure 'free': expected fixed, income-share or zero",
    ),
    (
        ["simulate", "sample.world", *CHANGE, "--table", "region"],
        (
            "simulate: --table 'region': expected regions, money, sectors, flows, decomposition, factors, curbs, ties,"
            " protection, overview, summary, draws, products, partial, emissions, jobs, years, lifetime, horizons or"
            " prices; did you mean 'regions'?"
        ),
    ),
    (
        ["simulate", "sample.world", "--tariff", "EU:CHN:all"],
        "simulate: --tariff 'EU:CHN:all': expected BY:ON:SECTORS:RATE[:inside]",
    ),
    (
        ["simulate", "sample.world", "--tariff", "EU:CHN:all:25%:2012"],
        "simulate: --tariff 'EU:CHN:all:25%:2012': expected BY:ON:SECTORS:RATE[:inside]",
    ),
    (
        ["simulate", "sample.world", "--trade-cost", "EU::all:2"],
        "simulate: --trade-cost 'EU::all:2': expected BETWEEN:AND:SECTORS:TIMES[:inside]",
    ),
    (["simulate", "sample.world", "--ban", "EU"], "simulate: --ban 'EU': expected BY:ON:SECTORS[:inside]"),
    (
        ["simulate", "sample.world", "--productivity", "RUS:all:-10%:inside"],
        "simulate: --productivity 'RUS:all:-10%:inside': expected IN:SECTORS:CHANGE",
    ),
    (["simulate", "sample.world", "--quota", "[a]"], "simulate: --quota '[a]': expected BY:ON:SECTORS:AT[:inside]"),
    (["results", "sample.world", "--table", "flows"], "results: --table needs NAME"),
    (["completion"], "completion: SHELL is missing: name of the shell"),
    (["completion", "csh"], "completion: SHELL 'csh': expected bash, zsh, fish or words; did you mean 'zsh'?"),
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
