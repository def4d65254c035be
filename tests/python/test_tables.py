"""Tables as Python's own things, and as data frames of others."""

import gc
import json
import math

import pytest

import derisk as dr


@pytest.fixture(scope="module")
def result(world):
    return world.simulate(tariffs=("EU", "CHN", "transport-equipment", 0.25))


def test_columns(result):
    assert result.columns[:2] == ["region", "welfare"]
    assert result["welfare"].unit == "percent" and result.welfare.description == "real income of final demand"
    assert result["real_gdp"].heading == "real GDP"
    assert result.welfare["DEU"] == result.welfare[list(result.region).index("DEU")] == result.welfare.to_dict()["DEU"]
    assert result.welfare[-1] == list(result.welfare)[-1] and result.welfare[:2] == list(result.welfare)[:2]
    assert [row["region"] for row in result] == list(result.region)
    assert result.flows.new["CHN", "DEU", "TEQ"] < result.flows.base["CHN", "DEU", "TEQ"]
    with pytest.raises(KeyError, match="rows are named 'CHN'; give all names of a row"):
        result.flows.new["CHN"]
    for wrong, kind in (("DEX", KeyError), (1000, IndexError), (("CHN", "DEU"), KeyError)):
        with pytest.raises(kind):
            result.welfare[wrong]
    with pytest.raises(KeyError, match="no column 'welfair'; there are region, welfare"):
        result["welfair"]
    with pytest.raises(AttributeError, match="no attribute 'welfair'"):
        result.welfair


def test_what_a_table_says(result):
    assert result.unit.startswith("million US dollars") and result.title.endswith("regions, 2011")
    assert result.answer and result.notes and result.facts["settings.model"] == "caliendo-parro"
    assert 0 < result.certificate["worst_residual"] < 1e-9
    written = json.loads(result.to_json())
    assert written["answer"] == result.answer and written["notes"] == result.notes
    assert result.row_kinds.count("group") > 0 and "real income" in str(result)
    assert result.to_latex().count("toprule") == 1
    assert result.to_markdown().startswith("**") and result.to_html().startswith("<!DOCTYPE html>")


def test_other_tables_of_a_result(result, world):
    assert result.regions.to_csv() == result.to_csv()
    assert result.regions is result.regions
    with pytest.raises(dr.Usage, match="no table 'sectors' beside its own"):
        world.simulate(tariffs="EU:CHN:all:10%", sweep="rate=10%:20%:10%").sectors
    with pytest.raises(dr.Usage, match="not available for coercion"):
        world.play({"play": "coercion", "by": "CHN", "of": "EU", "sectors": ["electrical-optical"]}).regions


def test_files(result, tmp_path):
    result.write(tmp_path / "regions.csv")
    assert (tmp_path / "regions.csv").read_text() == result.to_csv()
    with pytest.raises(dr.Usage, match="expected a name that ends with"):
        result.write(tmp_path / "regions.xls")
    with pytest.raises(dr.BadInput):
        result.write(tmp_path / "nowhere" / "regions.csv")


def test_numbers_are_shared_and_live_as_long_as_they_are_used(world):
    numpy = pytest.importorskip("numpy")
    array = world.simulate(tariffs=("EU", "CHN", "all", 0.25)).flows.new.to_numpy()
    gc.collect()
    again = list(world.simulate(tariffs=("EU", "CHN", "all", 0.25)).flows.new)
    assert array.dtype == numpy.float64 and list(array) == again
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


def test_pandas(result):
    pandas = pytest.importorskip("pandas")
    frame = result.to_pandas()
    assert list(frame.columns) == result.columns and frame.attrs["unit"] == result.unit
    assert list(frame.set_index("region").welfare) == list(result.welfare)
    assert pandas.api.types.is_float_dtype(frame.welfare)


def test_polars_and_arrow(result, world):
    pyarrow, polars = pytest.importorskip("pyarrow"), pytest.importorskip("polars")
    assert result.to_polars()["welfare"].to_list() == list(result.welfare)
    table = result.flows.to_arrow()
    assert table.schema.field("base").type == pyarrow.float64() and table.num_rows == len(result.flows)
    gc.collect()
    assert table["base"].to_pylist() == list(result.flows.base)
    years = world.info().to_arrow()
    assert years.num_rows == len(world.info()) and polars.DataFrame(world.info()).height == years.num_rows


def test_missing_numbers_are_null(world):
    pytest.importorskip("pyarrow")
    table = world.exposure("EU", to="CHN", cut=True, sectors="mining")
    for name in table.columns:
        column = table[name]
        if not column.is_text:
            nulls = [value is None for value in table.to_arrow()[name].to_pylist()]
            assert nulls == [math.isnan(value) for value in column]


def test_notebook(result):
    html = result._repr_html_()
    assert "<table>" in html and "Germany" in html and "Certificate: worst_residual" in html and "more rows" in html
    assert html.count("<tr>") == 16


def test_pictures(result, world, tmp_path):
    assert "<svg" in result.plot.map().svg
    picture = result.plot()
    assert "<svg" in picture._repr_svg_()
    picture.save(tmp_path / "regions.pdf")
    assert (tmp_path / "regions.pdf").read_bytes().startswith(b"%PDF")
    assert "<svg" in world.exposure("EU", to="CHN").plot().svg and "<svg" in world.exposure("EU").plot.map().svg
    with pytest.raises(dr.Usage):
        world.info().plot()
