"""The command line: help, exit statuses, and errors that name what is wrong and what is allowed."""

import json

import pytest
from conftest import ROOT


@pytest.mark.parametrize(
    "command", [[], ["extract"], ["run"], ["notebooks"], ["export"], ["import"], ["verify"], ["doctor"]]
)
def test_help(rassegna, command):
    status, out, _ = rassegna(*command, "--help")
    assert status == 0
    assert "Usage: python -m rassegna" in out


def test_extract_writes_the_tables_and_says_what_was_refused(rassegna, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Titolo\n\nUn testo.", encoding="utf-8")
    (corpus / "b.txt").write_bytes(b"")
    status, _, err = rassegna("extract", corpus, "--out", tmp_path / "out", "--reference-date", "2024-06-19")
    assert status == 0, err
    assert "refused: b.txt: empty" in err
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
        (["extract", "seeds", "--scheduler", "tcp://x:1"], 1, "--scheduler: needs --engine dask"),
        (
            ["extract", "seeds", "--engine", "dask", "--scheduler", "tcp://x:1"],
            1,
            "--scheduler: needs --cache, a folder",
        ),
        (["extract", "seeds", "--workers", "0"], 2, "0 is not in the range x>=1"),
        (["run", "seeds", "-p", "max_artcles", "3"], 1, "unknown parameter 'max_artcles'; allowed are"),
        (["run", "seeds", "-p", "max_articles", "many"], 1, "parameter max_articles: 'many' is no int"),
        (["run", "seeds", "-p", "corpus_dir", "x"], 1, "give the corpus as the argument"),
        (["run", "seeds", "--parameters", "nowhere.yml"], 1, "nowhere.yml: cannot be read"),
        (["run", "seeds", "--notebook", "99"], 1, "notebook '99': not there"),
        (["export", "seeds", "--format", "pdf"], 2, "'pdf' is not one of 'webannotation', 'conllu', 'cas', 'xlsx'"),
        (["export", "seeds"], 2, "Missing option '--format'"),
        (["export", "nowhere", "--format", "xlsx"], 1, "nowhere: no such folder or file"),
        (["import", "nowhere.xmi"], 1, "nowhere.xmi: cannot be read"),
        (["import", "README.md"], 1, "README.md: is no UIMA CAS XMI"),
        (["verify", "seeds"], 1, "seeds: no manifest.json there"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_errors_say_what_is_allowed(rassegna, tmp_path, arguments, status, message):
    where = ["--out", tmp_path / "out"] if arguments[0] in ("extract", "export", "import") else []
    where = ["--build-dir", tmp_path] if arguments[0] == "run" else where
    got, _, err = rassegna(*arguments, *where)
    assert got == status, err
    assert message in err
    assert not list(tmp_path.iterdir())


def test_annotations_make_the_round_by_the_commands(rassegna, tmp_path):
    status, out, err = rassegna(
        "export", "seeds", "--format", "cas", "--format", "xlsx", "--out", tmp_path / "x", "--quiet"
    )
    assert status == 0, err
    assert out.split() == [str(tmp_path / "x" / "cas.zip"), str(tmp_path / "x" / "tables.xlsx")]
    status, out, err = rassegna("import", tmp_path / "x" / "cas.zip", "--corpus", "seeds", "--out", tmp_path / "y")
    assert status == 0, err
    names = sorted(path.name for path in (ROOT / "seeds" / "annotations").glob("0*.json"))
    assert [line.rpartition("/")[2] for line in out.split()] == names
    read = json.loads((tmp_path / "y" / names[0]).read_text(encoding="utf-8"))
    assert len(read["blocks"]) == 37
    status, _, err = rassegna("import", tmp_path / "x" / "cas.zip", "--corpus", "tests/annotated/articles")
    assert status == 1
    assert "its text is no article's of the corpus" in err


def test_verify_tells_what_differs_and_fails(rassegna, tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("Titolo\n\nUn testo.", encoding="utf-8")
    assert rassegna("extract", tmp_path / "corpus", "--out", tmp_path / "tables", "--quiet")[0] == 0
    status, out, _ = rassegna("verify", tmp_path / "tables", "--corpus", tmp_path / "corpus")
    assert (status, out.splitlines()[-1].partition(": ")[2]) == (0, "all as recorded")
    (tmp_path / "tables" / "quotes.csv").unlink()
    status, out, _ = rassegna("verify", tmp_path / "tables")
    assert status == 1
    assert f"{tmp_path / 'tables' / 'quotes.csv'}: missing" in out
    assert out.endswith("1 differences\n")
