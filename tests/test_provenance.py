"""Provenance: the manifest says what a build was made from, `verify` finds what differs from it, and pages show it."""

import json
import shutil
import subprocess

import pytest
import yaml
from conftest import ROOT
from rassegna import __version__, provenance, tables
from rassegna.errors import ProvenanceError
from rassegna.extraction import extract
from rassegna.settings import Settings

CITATION_KEYS = {
    "abstract", "authors", "cff-version", "commit", "contact", "date-released", "doi", "identifiers", "keywords",
    "license", "license-url", "message", "preferred-citation", "references", "repository", "repository-artifact",
    "repository-code", "title", "type", "url", "version",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A build as a run leaves it, of one small article: tables, the site's copies, an export, the hashes."""
    folder = tmp_path_factory.mktemp("made")
    corpus, build = folder / "corpus", folder / "build"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Titolo\n\nAnna Neri è a Torino.\n", encoding="utf-8")
    (corpus / "manifest.csv").write_text("file,outlet\na.txt,La Prova\n", encoding="utf-8")
    (corpus / "README.txt").write_text("not used", encoding="utf-8")
    extract(Settings.from_parameters(corpus)).write(build / "tables", parameters={"n_examples": 3})
    shutil.copytree(build / "tables", build / "site" / "tables")
    (build / "site" / "index.html").write_text("<p>", encoding="utf-8")
    (build / "cache").mkdir()
    (build / "cache" / "x.spacy").write_bytes(b"x")
    provenance.write_sums(build)
    return folder


@pytest.fixture
def build(made, tmp_path):
    shutil.copytree(made, tmp_path / "copy")
    return tmp_path / "copy" / "build"


def flip(path):
    """Change one bit in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_the_manifest_says_what_the_build_was_made_from(build):
    manifest = json.loads((build / "tables" / "manifest.json").read_text(encoding="utf-8"))
    corpus = build.parent / "corpus"
    assert manifest["articles"] == {"a.txt": tables.sha256((corpus / "a.txt").read_bytes())}
    assert manifest["companions"] == {"manifest.csv": tables.sha256((corpus / "manifest.csv").read_bytes())}
    assert manifest["parameters"] == {"n_examples": 3}
    assert manifest["versions"]["rassegna"] == __version__
    assert manifest["versions"]["pipeline"] == "it_rassegna_news 1.0.0"
    assert {len(digest) for digest in manifest["data"].values()} == {64}
    assert str(build.parent) not in json.dumps(manifest)


def test_only_the_time_of_writing_differs_between_two_runs(build, tmp_path):
    extraction = extract(Settings.from_parameters(build.parent / "corpus"))
    told = [extraction.write(tmp_path / name) for name in ("x", "y")]
    first, second = (json.loads((tmp_path / name / "manifest.json").read_text(encoding="utf-8")) for name in ("x", "y"))
    assert first["sha256"] == second["sha256"]
    assert {key for key in first if first[key] != second[key]} <= {"written_at"}
    assert tables.manifest_sha256({**told[0], "n_articles": 9}) != tables.manifest_sha256(told[0])


def test_a_build_that_is_whole(build):
    report = provenance.verify(build, corpus_dir=build.parent / "corpus")
    assert (report.differences, report.notes) == ([], [])
    assert build / "tables" / "mentions.parquet" in report.checked
    assert build.parent / "corpus" / "a.txt" in report.checked
    assert provenance.verify(build / "tables").differences == []
    assert "the corpus was not checked" in provenance.verify(build).notes[0]


@pytest.mark.parametrize(
    "name",
    [
        "tables/mentions.parquet",
        "tables/blocks.csv",
        "tables/datapackage.json",
        "site/tables/quotes.csv",
        "site/index.html",
    ],
)
def test_a_changed_byte_is_found(build, name):
    flip(build / name)
    (line,) = provenance.verify(build).differences
    assert line.startswith(f"{build / name}: changed: its SHA-256 is ")


@pytest.mark.parametrize(
    ("old", "new"), [('"n_articles": 1', '"n_articles": 2'), ('"written_at": "2', '"written_at": "1'), ("\n}", "\n }")]
)
def test_a_changed_manifest_is_found(build, old, new):
    path = build / "tables" / "manifest.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    lines = provenance.verify(build).differences
    assert [line for line in lines if line.startswith(f"{path}: changed")]
    # Alone, without the hashes of the whole build, the tables cannot tell another time of writing.
    assert bool(provenance.verify(build / "tables").differences) == ("written_at" not in old)


def test_missing_and_unexpected_files_are_found(build):
    (build / "tables" / "quotes.csv").unlink()
    (build / "tables" / "notes.txt").write_text("mine", encoding="utf-8")
    (build / "site" / "tables" / "dates.parquet").unlink()
    (build / "site" / "evil\u202e.html").write_text("", encoding="utf-8")
    assert sorted(provenance.verify(build).differences) == sorted(
        [
            f"{build}/tables/quotes.csv: missing",
            f"{build}/tables/notes.txt: not recorded",
            f"{build}/site/tables/dates.parquet: missing",
            f"{build}/site/evil[U+202E].html: not recorded",
        ]
    )


def test_tables_that_a_later_run_wrote_are_found(build, tmp_path):
    """Whole in themselves, but no longer those of the site."""
    extract(Settings.from_parameters(build.parent / "corpus", language="en")).write(build / "tables")
    lines = provenance.verify(build).differences
    assert [line for line in lines if line.startswith(f"{build}/site/tables/articles.csv: changed")]
    assert [line for line in lines if line.startswith(f"{build}/tables/manifest.json: changed")]


def test_a_changed_corpus_is_found(build):
    corpus = build.parent / "corpus"
    (corpus / "a.txt").write_text("Titolo\n\nAnna Neri è a Milano.\n", encoding="utf-8")
    (corpus / "b.txt").write_text("Altro\n\nAltro testo.\n", encoding="utf-8")
    (corpus / "manifest.csv").unlink()
    (corpus / "aliases.csv").write_text("alias,entity,label\n", encoding="utf-8")
    assert [
        line.removeprefix(f"{corpus}/")[:24] for line in provenance.verify(build, corpus_dir=corpus).differences
    ] == [
        "a.txt: changed: its SHA-",
        "manifest.csv: missing",
        "aliases.csv: not recorde",
        "b.txt: not recorded",
    ]


def test_other_versions_are_told_and_are_no_difference(build, monkeypatch):
    monkeypatch.setattr("rassegna.provenance.version", lambda _: "0.0")
    monkeypatch.setattr("rassegna.provenance.cleaning.__file__", str(build / "tables" / "x.py"))
    (build / "tables" / "model.json").write_text("{}", encoding="utf-8")
    report = provenance.verify(build)
    assert [line for line in report.notes if line.startswith("numpy: ") and line.endswith("then, 0.0 now")]
    assert [line for line in report.notes if line.startswith("data: cleaning: ")]
    assert report.differences == [f"{build}/tables/model.json: not recorded"]


def test_what_is_no_build_is_refused(build, tmp_path):
    with pytest.raises(ProvenanceError, match=r"no manifest\.json there"):
        provenance.verify(tmp_path)
    manifest = json.loads((build / "tables" / "manifest.json").read_text(encoding="utf-8"))
    listed = json.dumps({**manifest, "files": list(manifest["files"])})
    for text, message in [
        ("{", "cannot be read"),
        ("[]", "has no corpus_sha256"),
        ("{}", "has no corpus_sha256"),
        (listed, "has no files;"),
    ]:
        (build / "tables" / "manifest.json").write_text(text, encoding="utf-8")
        with pytest.raises(ProvenanceError, match=message):
            provenance.verify(build)


def test_a_name_that_leads_elsewhere_is_not_followed(build, tmp_path):
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    with (build / provenance.SUMS).open("a", encoding="utf-8") as file:
        file.write(f"{'0' * 64}  ../../secret\n")
    report = provenance.verify(build)
    assert report.differences == [f"{build}/../../secret: missing"]
    assert not [path for path in report.checked if path.name == "secret"]


def test_the_sums_are_those_of_sha256sum(build):
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", provenance.SUMS], cwd=build, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "cache" not in (build / provenance.SUMS).read_text(encoding="utf-8")


def test_the_foot_names_corpus_versions_data_and_parameters(build):
    manifest = json.loads((build / "tables" / "manifest.json").read_text(encoding="utf-8"))
    text = "\n".join(provenance.foot(manifest))
    digests = [manifest["corpus_sha256"], *manifest["data"].values()]
    for part in [
        *(digest[:12] for digest in digests),
        __version__,
        "it_rassegna_news 1.0.0",
        "language it",
        "n_examples 3",
    ]:
        assert part in text, part
    assert "reference_date" not in text  # none was given


def test_the_citation_file_is_of_its_form():
    """The keys of CFF 1.2.0: those that it demands, and no other than it knows."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"authors", "cff-version", "message", "title"} <= set(cited) <= CITATION_KEYS
    assert cited["cff-version"] == "1.2.0"
    assert cited["version"] == __version__
    assert cited["type"] in {"software", "dataset"}
    assert all({"name"} == set(author) or "family-names" in author for author in cited["authors"])
    assert len(set(cited["keywords"])) == len(cited["keywords"]) > 0
    assert cited["date-released"].isoformat()
