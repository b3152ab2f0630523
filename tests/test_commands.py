"""The command line: help, exit statuses, and errors that name what is wrong and what is allowed."""

import json
import subprocess
import sys

import pytest
from conftest import ROOT


def rassegna(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "rassegna", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", [[], ["extract"], ["run"], ["notebooks"]])
def test_help(command):
    done = rassegna(*command, "--help")
    assert done.returncode == 0
    assert "Usage: python -m rassegna" in done.stdout


def test_extract_writes_the_tables_and_says_what_was_refused(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Titolo\n\nUn testo.", encoding="utf-8")
    (corpus / "b.txt").write_bytes(b"")
    done = rassegna("extract", corpus, "--out", tmp_path / "out", "--reference-date", "2024-06-19")
    assert done.returncode == 0, done.stderr
    assert "refused: b.txt: empty" in done.stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["settings"]["reference_date"] == "2024-06-19"
    assert manifest["settings"]["corpus_dir"] == "corpus"
    assert str(tmp_path) not in json.dumps(manifest)
    assert len(manifest["corpus_sha256"]) == 64
    assert "articles.parquet" in manifest["files"]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["extract", "nowhere"], 1, "nowhere: no such folder or file"),
        (["extract", "seeds", "--language", "zz"], 1, "language 'zz': not known"),
        (["extract", "seeds", "--language", "../it"], 1, "not known"),
        (["extract", "seeds", "--reference-date", "19/06/2024"], 1, "reference_date: '19/06/2024'; allowed is a day"),
        (["extract", "seeds", "--max-megabytes", "0"], 1, "max_megabytes: 0.0; allowed is a number above 0"),
        (["extract", "seeds", "--max-megabytes", "x"], 2, "'x' is not a valid float"),
        (["run", "seeds", "-p", "max_artcles", "3"], 1, "unknown parameter 'max_artcles'; allowed are"),
        (["run", "seeds", "-p", "max_articles", "many"], 1, "parameter max_articles: 'many' is no int"),
        (["run", "seeds", "-p", "corpus_dir", "x"], 1, "give the corpus as the argument"),
        (["run", "seeds", "--parameters", "nowhere.yml"], 1, "nowhere.yml: cannot be read"),
        (["run", "seeds", "--notebook", "99"], 1, "notebook '99': not there"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_errors_say_what_is_allowed(tmp_path, arguments, status, message):
    where = ["--out", tmp_path / "out"] if arguments[0] == "extract" else []
    where = ["--build-dir", tmp_path] if arguments[0] == "run" else where
    done = rassegna(*arguments, *where)
    assert done.returncode == status, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())
