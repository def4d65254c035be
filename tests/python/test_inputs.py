"""What is given: data frames of any kind, documents, numbers, and what is wrong with them."""

import datetime
import pathlib

import pytest

import derisk as dr


def rows(count=12):
    codes = [f"C{i:02d}" for i in range(count)]
    pairs = [(a, b) for a in codes for b in codes if a != b]
    return {
        "exporter": [a for a, _ in pairs],
        "importer": [b for _, b in pairs],
        "year": [2000] * len(pairs),
        "trade": [float((7 * i) % 13 + 1) for i in range(len(pairs))],
        "rta": [(5 * i) % 3 % 2 for i in range(len(pairs))],
    }


FORMULA = "trade ~ rta | exporter + importer"


@pytest.fixture(scope="module")
def by_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("flows") / "flows.csv"
    data = rows()
    lines = [",".join(data), *[",".join(str(data[name][i]) for name in data) for i in range(len(data["trade"]))]]
    path.write_text("\n".join(lines) + "\n")
    return dr.gravity(FORMULA, path, cluster="pair").to_dict()


def test_frames_of_any_kind(by_file):
    pandas, polars, pyarrow = map(pytest.importorskip, ("pandas", "polars", "pyarrow"))
    categories = pandas.DataFrame(rows()).astype({"exporter": "category", "importer": "category", "year": "int16"})
    frames = [
        pandas.DataFrame(rows()),
        polars.DataFrame(rows()),
        pyarrow.table(rows()),
        categories,
        polars.DataFrame(rows()).with_columns(polars.col("exporter").cast(polars.Categorical)),
    ]
    for frame in frames:
        found = dr.gravity(FORMULA, frame, cluster="pair").to_dict()
        assert {name: found[name] for name in ("variable", "estimate", "error") if name in found} == {
            name: by_file[name] for name in ("variable", "estimate", "error") if name in by_file
        }
        assert found["variable"] == ["rta"]


def test_several_formulas_are_one_table():
    polars = pytest.importorskip("polars")
    both = dr.gravity([FORMULA, "trade ~ rta"], polars.DataFrame(rows()))
    assert len(both.fits) == 2 and len(both) == 3  # the second one has a constant


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: frame.drop("trade"), "trade"),
        (lambda frame: frame.drop("exporter"), "exporter"),
        (lambda frame: frame.with_columns(trade=frame["exporter"]), "'C00'"),
        (lambda frame: frame.with_columns(trade=-frame["trade"]), "trade"),
        (lambda frame: frame.head(0), ""),
        (lambda frame: frame.with_columns(rta=1), "rta"),
    ],
    ids=["no trade", "no exporter", "text for trade", "negative", "no rows", "constant"],
)
def test_frames_that_are_wrong(change, message):
    polars = pytest.importorskip("polars")
    with pytest.raises((dr.BadInput, dr.NoSolution)) as failure:
        dr.gravity(FORMULA, change(polars.DataFrame(rows())))
    assert message in str(failure.value) and "/derisk-" not in str(failure.value)


def test_missing_values_are_left_out():
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(rows())
    some = frame.with_columns(
        rta=polars.when(polars.int_range(polars.len()) < 9).then(None).otherwise(polars.col("rta"))
    )
    assert dr.gravity(FORMULA, some).fits.observations[0] == len(frame) - 9


def test_time_stamps_are_years():
    polars = pytest.importorskip("polars")
    frame, formula = polars.DataFrame(rows()), "trade ~ rta | exporter^year + importer^year"
    stamped = dr.gravity(formula, frame.with_columns(year=datetime.datetime(2000, 1, 1)))
    assert stamped.to_csv() == dr.gravity(formula, frame.with_columns(year=2000)).to_csv()


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda w: w.simulate(tariffs=("EUU", "CHN", "all", 0.1)), dr.BadInput, "did you mean 'EU'?"),
        (lambda w: w.simulate(horizon="medum"), dr.Usage, "did you mean 'medium'?"),
        (lambda w: w.simulate(draws=0), dr.Usage, "expected a whole number"),
        (lambda w: w.simulate(draws=2.5), dr.Usage, "expected a whole number"),
        (lambda w: w.simulate(tariffs=("EU", "CHN", 0.1)), dr.Usage, "expected BY:ON:SECTORS:RATE"),
        (lambda w: w.simulate(tariffs=("EU", "CHN", "all", float("nan"))), dr.BadInput, "nan"),
        (lambda w: w.simulate({"changes": [{"tarif": {}}]}), dr.BadInput, "document:"),
        (lambda w: w.simulate({"changes": {1, 2}}), dr.BadInput, "expected texts, numbers, lists and dictionaries"),
        (lambda w: w.simulate("no.yaml"), dr.BadInput, "no.yaml"),
        (lambda w: w.simulate(object()), dr.Usage, "a object cannot be given"),
        (lambda w: w.simulate(elasticity="a\0b"), dr.BadInput, "zero byte"),
        (lambda w: w.plan("EU", from_="CHN"), dr.Usage, "cap"),
        (lambda w: w.plan("EU", from_="CHN", cap=0.0001, most_tariff=0.01), dr.NoSolution, ""),
        (lambda w: w.export("regionn", output="a.csv"), dr.BadInput, "did you mean 'region'"),
        (lambda w: w.results("mine"), dr.BadInput, "mine"),
        (lambda w: dr.fetch("nowhere"), dr.BadInput, "nowhere"),
        (lambda w: dr.open("no.world"), dr.BadInput, "no.world"),
        (lambda w: dr.open(__file__), dr.BadInput, "not a"),
        (lambda w: dr.sample("tables"), dr.Usage, "expected 'table' or 'trade'"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_errors(call, kind, message, world, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(kind) as failure:
        call(world)
    assert message in str(failure.value), str(failure.value)
    assert not list(tmp_path.iterdir())


def test_unknown_options_are_those_of_python(world):
    with pytest.raises(TypeError, match="unexpected keyword argument 'tarifs'"):
        world.simulate(tarifs=1)


def test_errors_are_what_they_say():
    assert (
        issubclass(dr.BadInput, ValueError) and issubclass(dr.MachineError, OSError) and issubclass(dr.Usage, TypeError)
    )
    assert all(
        issubclass(kind, dr.Error) for kind in (dr.BadInput, dr.Usage, dr.NoSolution, dr.MachineError, dr.Cancelled)
    )


def test_files_that_commands_write(world, tmp_path):
    path = world.export("region", output=tmp_path / "region.csv")
    assert isinstance(path, pathlib.Path) and path.read_text().startswith("code,")
    brief = world.report(
        {"title": "A tariff", "changes": [{"tariff": {"by": "EU", "on": "CHN", "sectors": "all", "rate": 0.1}}]},
        output=tmp_path / "brief.md",
    )
    assert "A tariff" in brief.read_text()


def test_runs_are_stored_while_the_world_is_open(tmp_path):
    own = dr.sample(to=tmp_path / "own.world")
    stored = own.simulate(tariffs=("EU", "CHN", "all", 0.1), store="tariff")
    assert own.results("tariff").welfare["DEU"] == stored.welfare["DEU"]
    with pytest.raises(dr.BadInput, match="tariff"):
        own.simulate(tariffs=("EU", "CHN", "all", 0.1), store="tariff")


def test_schema():
    assert dr.schema()["$defs"]["scenario"]["type"] == "object"
