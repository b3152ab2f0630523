"""The notebooks' form: the skeleton, the parameters, and outputs that are stored, complete and clean."""

import ast
import re

import nbformat
import pytest
from conftest import ROOT
from rassegna.runs import TYPES, declared, find

NOTEBOOKS = find(ROOT / "notebooks")
SHARED = ["corpus_dir", "language", "reference_date", "build_dir"]
PARAMETER = re.compile(
    r"^(?P<name>[a-z_]+): (?P<type>[a-z\[\]]+) = (?P<value>.+?)  # (?P<about>[A-Z].+\)|[A-Z].+; empty: .+)$"
)
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|tmp|usr|work|Users)/|0x[0-9a-f]{8,}|\d\d:\d\d:\d\d")

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def code(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def test_skeleton(path):
    cells = read(path).cells
    assert re.match(rf"# {path.stem[:2]} .+\?\n", cells[0].source), "the first cell asks a question"
    assert cells[1].source.startswith("## About")
    first = code(path)[0]
    assert first.metadata.get("tags") == ["parameters"]
    headings = re.findall(r"^## (.+)$", "\n".join(c.source for c in cells if c.cell_type == "markdown"), re.MULTILINE)
    assert headings[0] == "About"
    assert headings[1].startswith("What came in")
    assert headings[-2:] == ["Limits", "Takeaways"]
    assert "**Next:**" in cells[-1].source


def test_parameters(path):
    lines = code(path)[0].source.splitlines()
    found = [PARAMETER.match(line) for line in lines]
    assert all(found), [line for line, match in zip(lines, found, strict=True) if not match]
    assert [match["name"] for match in found][: len(SHARED)] == SHARED
    for match in found:
        assert match["type"] in TYPES
        assert type(ast.literal_eval(match["value"])).__name__ == match["type"].split("[")[0]
    assert list(declared(path)) == [match["name"] for match in found]


def test_no_logic(path):
    for cell in code(path):
        assert len(cell.source.splitlines()) <= 15, cell.source
        assert not re.search(r"^\s*(?:def |class |!|%|import os)|\binput\(", cell.source, re.MULTILINE), cell.source


def test_figures_are_explained(path):
    cells = read(path).cells
    for cell, after in zip(cells, [*cells[1:], None], strict=True):
        if cell.cell_type == "code" and "rendering.show(" in cell.source:
            assert after.source.startswith("**Figure "), "a caption follows"
            assert all(output.metadata["image/png"]["alt"] for output in cell.outputs if "image/png" in output.data)
    text = "\n".join(cell.source for cell in cells)
    if "rendering.show(" in text:
        assert "**What you see" in text
        assert "**What else could explain it" in text


def test_outputs_are_stored_and_clean(path):
    node = read(path)
    assert set(node.metadata) <= {"kernelspec", "language_info"}
    assert set(node.metadata.get("language_info", {})) <= {"name"}
    counts = [cell.execution_count for cell in code(path)]
    assert counts == list(range(1, len(counts) + 1)), "every code cell was run, in order: make notebooks"
    assert any(cell.outputs for cell in code(path))
    for cell in node.cells:
        assert set(cell.metadata) <= {"tags"}, cell.metadata
        for output in cell.get("outputs", []):
            assert output.output_type == "display_data", "cells show what they mean to show, and nothing else"
            for mime in ("text/plain", "text/html"):
                assert not MACHINE.search(output.data.get(mime, "")), output.data[mime]
