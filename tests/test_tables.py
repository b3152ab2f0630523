"""The tables: schemas, writing and reading back, the data package, and what a killed run leaves."""

import csv
import json
import os
import signal
import subprocess
import sys
import textwrap

import frictionless
import pandas as pd
import pytest
from rassegna import tables
from rassegna.errors import TableError

BLOCKS = pd.DataFrame(
    [
        ("b", 0, 5, "Ciao!", 0, "body", "rule"),
        ("a", 7, 9, "=1", 1, "furniture", "rule"),
        ("a", 0, 6, "Titolo", 0, "title", "rule"),
    ],
    columns=["doc_id", "start", "end", "text", "block_id", "label", "reason"],
)
REFUSED = pd.DataFrame(columns=["path", "reason"])


@pytest.fixture
def written(tmp_path):
    out = tmp_path / "tables"
    tables.write({"blocks": BLOCKS, "refused": REFUSED}, out, manifest={"settings": {}})
    return out


def test_validate_sorts_and_orders_columns():
    table = tables.schemas()["blocks"].validate(BLOCKS[BLOCKS.columns[::-1]])
    assert list(table.columns) == [column.name for column in tables.schemas()["blocks"].columns]
    assert list(zip(table["doc_id"], table["start"], strict=True)) == [("a", 0), ("a", 7), ("b", 0)]


@pytest.mark.parametrize(
    ("change", "named"),
    [({"label": "advert"}, "advert"), ({"start": None}, "start"), ({"start": "x"}, "start")],
)
def test_validate_names_what_is_wrong(change, named):
    with pytest.raises(TableError, match=rf"(?s)table blocks.*{named}"):
        tables.schemas()["blocks"].validate(BLOCKS.assign(**change))


def test_validate_names_a_missing_column():
    with pytest.raises(TableError, match=r"missing column\(s\) label"):
        tables.schemas()["blocks"].validate(BLOCKS.drop(columns="label"))


@pytest.mark.parametrize("name", tables.schemas())
def test_an_empty_table_has_its_columns_and_types(name):
    schema = tables.schemas()[name]
    empty = schema.validate(pd.DataFrame())
    assert list(empty.columns) == [column.name for column in schema.columns]
    assert [str(dtype) for dtype in empty.dtypes] == [column.dtype for column in schema.columns]


def test_what_is_written_is_read_back(written):
    read = tables.read(written)
    assert set(read) == {"blocks", "refused"}
    assert sorted(read["blocks"]["text"]) == ["=1", "Ciao!", "Titolo"]
    assert read["refused"].empty


def test_csv_holds_no_formula_and_parquet_the_text_unchanged(written):
    with (written / "blocks.csv").open(encoding="utf-8", newline="") as file:
        cells = [row["text"] for row in csv.DictReader(file)]
    assert "'=1" in cells
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


@pytest.mark.parametrize("text", ["a\r=1", "a\n@b", "a\r\n+1", "plain"])
def test_no_line_end_in_a_text_begins_a_row(tmp_path, text):
    table = pd.DataFrame({"text": [text, "b"], "n": [1, 2]})
    tables.write_csv(table, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["text", "n"], [text, "1"], ["b", "2"]]
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "a.csv"), table)


def test_data_package_is_valid(written):
    report = frictionless.validate(str(written / tables.PACKAGE))
    assert report.valid, report.flatten(["title", "message"])


def test_manifest_has_every_files_hash(written):
    files = json.loads((written / tables.MANIFEST).read_text(encoding="utf-8"))["files"]
    assert files == {
        path.name: tables.sha256(path.read_bytes()) for path in written.iterdir() if path.name != tables.MANIFEST
    }


def test_foreign_files_are_never_touched(tmp_path):
    (tmp_path / "thesis.docx").write_text("dear", encoding="utf-8")
    with pytest.raises(TableError, match=r"thesis\.docx"):
        tables.write({"refused": REFUSED}, tmp_path, manifest={})
    assert (tmp_path / "thesis.docx").read_text(encoding="utf-8") == "dear"


def test_a_failed_write_leaves_the_earlier_tables(written):
    with pytest.raises(TableError):
        tables.write({"blocks": BLOCKS.assign(label="advert")}, written, manifest={})
    assert len(tables.read(written)["blocks"]) == 3
    assert [path.name for path in written.parent.iterdir()] == ["tables"]


@pytest.mark.parametrize("moment", ["to_csv", "_write_json", "rename"])
def test_a_killed_write_leaves_the_earlier_tables(written, moment):
    """Kill the process without warning when it first calls a function of the writing, then read."""
    code = f"""
        import os, signal, pathlib
        import pandas as pd
        from rassegna import tables
        def die(*args, **kwargs):
            os.kill(os.getpid(), signal.SIGKILL)
        owner = {{"to_csv": pd.DataFrame, "_write_json": tables, "rename": pathlib.Path}}["{moment}"]
        before = tables.read(pathlib.Path({str(written)!r}))
        original = pathlib.Path.rename
        setattr(owner, "{moment}", die)
        if "{moment}" == "rename":  # die between the two renamings
            pathlib.Path.rename = lambda self, to: original(self, to) if ".former" in str(to) else die()
        tables.write(before, pathlib.Path({str(written)!r}), manifest={{}})
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], env={**os.environ}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(tables.read(written)["blocks"]) == 3


def test_read_says_what_is_missing(tmp_path):
    with pytest.raises(TableError, match=r"manifest\.json"):
        tables.read(tmp_path)


def test_the_dictionary_explains_every_column():
    for schema in tables.schemas().values():
        assert schema.grain.startswith("one row per")
        for column in schema.columns:
            assert len(column.about) > 15, f"{schema.name}.{column.name}"
            assert column.about.endswith("."), f"{schema.name}.{column.name}"
