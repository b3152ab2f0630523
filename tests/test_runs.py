"""Running notebooks: parameters are checked first, a failure is named and kept, outputs are stored clean."""

import json
import shutil

import nbformat
import pytest
from conftest import ROOT
from rassegna import runs
from rassegna.errors import NotebookError, ParameterError
from rassegna.extraction import extract
from rassegna.settings import Settings

NOTEBOOKS = ROOT / "notebooks"


def write_notebook(path, *cells: str):
    node = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "P", "language": "python"}}
    )
    node.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    node.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(node, path)
    return path


@pytest.fixture
def notebook(tmp_path):
    lines = [
        'word: str = "a"  # A word',
        "n: int = 1",
        "share: float = 0.5",
        "on: bool = True",
        "names: list[str] = []",
    ]
    return write_notebook(tmp_path / "01-test.ipynb", "\n".join(lines), "print(word, n, share, on, names)")


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ({"word": "b"}, {"word": "b"}),
        ({"n": "3"}, {"n": 3}),
        ({"share": "1"}, {"share": 1.0}),
        ({"on": "false"}, {"on": False}),
        ({"names": "a, b"}, {"names": ["a", "b"]}),
        ({"names": ["a"], "n": 2}, {"names": ["a"], "n": 2}),
    ],
)
def test_parameters_get_their_declared_types(notebook, given, values):
    assert runs.check(given, [notebook]) == {notebook: values}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"wrod": "b"}, r"unknown parameter 'wrod'; allowed are .*word \(str\)"),
        ({"n": "three"}, "parameter n: 'three' is no int"),
        ({"n": 1.5}, "parameter n: 1.5 is no int"),
        ({"n": True}, "parameter n: True is no int"),
        ({"on": "maybe"}, "parameter on: 'maybe' is no bool"),
        ({"word": 3}, "parameter word: 3 is no str"),
        ({"names": [1]}, r"parameter names: \[1\] is no list"),
    ],
)
def test_parameters_are_refused_before_anything_runs(notebook, given, message):
    with pytest.raises(ParameterError, match=message):
        runs.execute([notebook], notebook.parent / "out", parameters=given)
    assert not list((notebook.parent / "out").glob("*.ipynb"))


@pytest.mark.parametrize(("text", "message"), [("- a\n", "holds no parameters"), ("a: [", "cannot be read")])
def test_a_file_of_parameters_is_checked(tmp_path, text, message):
    (tmp_path / "p.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=message):
        runs.read_parameters(tmp_path / "p.yml")


def test_find_names_the_notebooks_there():
    assert [path.stem for path in runs.find(NOTEBOOKS, ["01"])] == ["01-corpus"]
    with pytest.raises(ParameterError, match=r"'99'.*01-corpus"):
        runs.find(NOTEBOOKS, ["99"])


def test_execute_keeps_the_failed_notebook_and_names_the_cell(tmp_path, notebook):
    bad = write_notebook(tmp_path / "02-bad.ipynb", "x: int = 1", "print('so far')", "1 / 0", "print('never')")
    with pytest.raises(NotebookError, match=r"02-bad: cell \[3\] failed: ZeroDivisionError"):
        runs.execute([notebook, bad], tmp_path / "out", parameters={"word": "ciao"})
    kept = (tmp_path / "out" / "02-bad.ipynb").read_text(encoding="utf-8")
    assert "so far" in kept
    assert '"never\\n"' not in kept
    assert "ciao 1 0.5 True []" in (tmp_path / "out" / "01-test.ipynb").read_text(encoding="utf-8")


def test_execute_runs_each_notebook_in_its_folder(tmp_path):
    (tmp_path / "here.txt").write_text("found", encoding="utf-8")
    path = write_notebook(tmp_path / "01-here.ipynb", "n: int = 1", "print(open('here.txt').read())")
    (copy,) = runs.execute([path], tmp_path / "out")
    assert "found" in copy.read_text(encoding="utf-8")


@pytest.fixture
def corpora(tmp_path):
    """Corpora unlike the seeds: the annotated test articles, and articles in three languages, some in an export."""
    languages, mixed = ROOT / "tests" / "languages", tmp_path / "mixed"
    shutil.copytree(languages / "mixed", mixed)
    rows = [
        {"id": path.stem, "lang": "en", "text": path.read_text(encoding="utf-8")}
        for path in sorted((languages / "english").glob("*.txt"))
    ]
    (mixed / "all.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return {"annotated": ROOT / "tests" / "annotated" / "articles", "mixed": mixed}


@pytest.mark.parametrize("name", ["annotated", "mixed"])
def test_the_workbook_runs_on_another_corpus(corpora, tmp_path, name):
    """Every notebook, with another value for a parameter of its own."""
    corpus = corpora[name]
    copies = runs.execute(
        runs.find(NOTEBOOKS), tmp_path / "runs", parameters={"max_articles": 3}, corpus_dir=corpus, build_dir=tmp_path
    )
    found = extract(Settings.from_parameters(corpus), cache_dir=tmp_path / "cache")
    assert len(found.articles) > 8
    for copy in copies:
        text = copy.read_text(encoding="utf-8")
        assert any(name in text for name in found.outlets.values()), copy.name
        assert "Il leader nordcoreano" not in text
        cells = json.loads(text)["cells"]
        assert not [o for c in cells for o in c.get("outputs", []) if o.get("name") == "stderr"], copy.name
