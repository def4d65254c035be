"""WIOD's release of 2013 as packages of R carry it: vectors and matrices, in one list or beside each other."""

import bz2
import csv
import gzip
import io
import lzma
import struct

import pytest

COUNTRIES, INDUSTRIES = ["AUS", "RoW"], ["c1", "c2"]
INPUTS = [[10, 5, 2, 1], [4, 30, 1, 3], [3, 1, 20, 6], [1, 4, 7, 50]]
FINAL = [
    [20, 2, 0, 0, 2, 8] + [0] * 4,
    [50, 0, 0, 0, 0, 12] + [0] * 4,
    [6, 0, 0, 0, 0, 40, 4, 0, 0, 0],
    [2, 0, 0, 0, 0, 86] + [0] * 4,
]
OUTPUT = [50, 100, 80, 150]


def integer(number):
    return struct.pack(">i", number)


def text(word):
    return integer(0x00040009) + integer(len(word)) + word.encode()


def texts(words):
    return integer(16) + integer(len(words)) + b"".join(map(text, words))


def tagged(name, value):
    """An element of a list of R whose elements have names."""
    return integer(0x402) + integer(1) + text(name) + value


def numbers(values):
    return integer(14) + integer(len(values)) + struct.pack(f">{len(values)}d", *values)


def matrix(rows):
    cells = [row[k] for k in range(len(rows[0])) for row in rows]
    size = integer(13) + integer(2) + integer(len(rows)) + integer(len(rows[0]))
    return integer(0x20E) + numbers(cells)[4:] + tagged("dim", size) + integer(254)


def parts(**changed):
    all_of = {
        "countries": texts(COUNTRIES),
        "industries": texts(INDUSTRIES),
        "final": matrix(FINAL),
        "output": numbers(OUTPUT),
        "inter": matrix(INPUTS),
    }
    return {name: value for name, value in {**all_of, **changed}.items() if value is not None}


HEAD = b"RDX2\nX\n" + integer(2) + integer(0x30602) + integer(0x20300)


def in_a_list(objects, name="wiot_2000"):
    names = tagged("names", texts(list(objects))) + tagged("class", texts(["iot"])) + integer(254)
    return (
        HEAD + tagged(name, integer(0x313) + integer(len(objects)) + b"".join(objects.values()) + names) + integer(254)
    )


def beside(objects, year="00"):
    with_year = {name + year * (name not in ("countries", "industries")): value for name, value in objects.items()}
    return HEAD + b"".join(tagged(name, value) for name, value in with_year.items()) + integer(254)


def exported(derisk, table):
    return list(csv.reader(io.StringIO(derisk("export", "t.world", "--table", table).stdout)))[1:]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("form", [in_a_list, beside])
def test_a_table_of_vectors_and_matrices(derisk, here, form, pack):
    (here / "wiot_2000.RData").write_bytes(pack(form(parts())))
    done = derisk("import", "wiot_2000.RData", "--to", "t.world", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert "taken as output less inputs, with taxes and margins" in done.stdout
    assert exported(derisk, "value_added") == [
        ["2000", "AUS", "c1", "32.0"],
        ["2000", "AUS", "c2", "60.0"],
        ["2000", "RoW", "c1", "50.0"],
        ["2000", "RoW", "c2", "90.0"],
    ]
    assert ["2000", "RoW", "c1", "AUS", "c37", "6.0"] in exported(derisk, "final")
    assert ["2000", "AUS", "c2", "RoW", "c1", "1.0"] in exported(derisk, "intermediate")


@pytest.mark.parametrize(
    "changed, message",
    [
        ({"inter": matrix(INPUTS[:3])}, "'inter' is not a matrix of numbers of 4 x 4: 2 countries, 2 industries"),
        ({"final": matrix(INPUTS)}, "'final' is not a matrix of numbers of 4 x 10: 2 countries, 2 industries"),
        (
            {"output": numbers(OUTPUT[:3])},
            "'output' has 3 elements; expected one number for each of 4 countries and industries",
        ),
        ({"output": numbers([50, 100, float("nan"), 150])}, "'output', element 3: not a finite number"),
        ({"countries": texts(["AUS", "AUS"])}, "'c1' of 'AUS' appears twice"),
        ({"countries": texts(["AUS", "R_W"])}, "'countries', element 2: expected a code of 1 to 40 bytes, not 'R_W'"),
        ({"industries": numbers([1, 2])}, "'industries' has no codes; expected a vector of texts"),
        (
            {"output": None},
            (
                "an R data file without a table; it holds wiot_2000; expected a data frame, or a matrix whose rows and"
                " columns have names"
            ),
        ),
    ],
)
def test_a_broken_list_is_refused(derisk, here, changed, message):
    (here / "wiot_2000.RData").write_bytes(in_a_list(parts(**changed)))
    done = derisk("import", "wiot_2000.RData", "--to", "t.world")
    assert (done.returncode, done.stderr) == (2, f"derisk: wiot_2000.RData: {message}\n")
    assert not (here / "t.world").exists()


def test_a_truncated_file_is_refused(derisk, here):
    whole = in_a_list(parts())
    for size in range(len(HEAD), len(whole), 97):
        (here / "wiot_2000.RData").write_bytes(whole[:size])
        done = derisk("import", "wiot_2000.RData", "--to", "t.world")
        assert done.returncode == 2 and done.stderr.startswith("derisk: wiot_2000.RData: "), (size, done.stderr)
    assert not (here / "t.world").exists()
