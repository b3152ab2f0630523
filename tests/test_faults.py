"""Faults: kills, a full disk, damaged files, Ctrl-C, a corpus that changes, a clock that is wrong."""

import errno
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import kills
import pandas as pd
import pytest
from rassegna import corpus, provenance, runs, storage, tables
from rassegna.errors import CorpusError, ParameterError, ProvenanceError, TableError
from rassegna.extraction import extract
from rassegna.settings import Settings


@pytest.fixture(scope="module")
def killing(tmp_path_factory):
    with kills.killing(tmp_path_factory.mktemp("killing")) as ours:
        yield ours


@pytest.mark.parametrize(("command", "n"), [("extract", 4), ("run", 2)])
def test_a_kill_leaves_everything_whole_and_the_next_run_is_clean(killing, command, n):
    """`make fuzz` kills a hundred times."""
    met = kills.kill(killing, command, n)
    assert met["killed"] >= n // 2


@pytest.mark.parametrize("way", ["SIGINT", "SIGTERM"])
def test_a_run_that_is_told_to_end_does_so_and_leaves_everything_whole(killing, way):
    build, waits = killing.folder / way, killing.folder / f"{way}-notebooks"
    assert killing.give(killing.arguments("extract", "few", build)) == 0
    waits.mkdir()
    text = (killing.folder / "notebooks" / "01-one.ipynb").read_text(encoding="utf-8")
    text = text.replace("# A number", f"# A number\\nopen('{waits}/begun', 'w').close()\\nimport time; time.sleep(600)")
    (waits / "01-one.ipynb").write_text(text, encoding="utf-8")
    arguments = killing.arguments("run", "few", build)
    arguments[arguments.index("--notebooks-dir") + 1] = str(waits)
    started = time.monotonic()
    status = killing.give(arguments, after=waits / "begun", seconds=0, signal=signal.Signals[way])
    assert status == {"SIGINT": 130, "SIGTERM": 143}[way]
    assert time.monotonic() - started < 120
    assert provenance.verify(build / "tables").differences == []
    assert [path for path in build.rglob(".*") if path.name.endswith(kills.LEFT)] == []


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("once")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.txt").write_text(kills.TEXTS["a"], encoding="utf-8")
    extract(Settings.from_parameters(folder / "corpus")).write(folder / "out")
    return folder


@pytest.fixture
def written(once, tmp_path):
    """A corpus of one article and its tables; what is in their folder: name to content."""
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    return content(tmp_path / "out")


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("n", [1, 9, 30, 37])
def test_a_disk_that_is_full_at_the_nth_write_costs_no_earlier_table(rassegna, written, tmp_path, monkeypatch, n):
    """The n-th file that is written, table or manifest, finds no room."""
    left = iter(range(n - 1, -1, -1))

    def full(write):
        def wrapped(*args, **kwargs):
            if not next(left, 1):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "there")
            return write(*args, **kwargs)

        return wrapped

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full(pd.DataFrame.to_parquet))
    monkeypatch.setattr(tables, "write_csv", full(tables.write_csv))
    monkeypatch.setattr(tables, "_write_json", full(tables._write_json))
    status, _, err = rassegna("extract", tmp_path / "corpus", "--out", tmp_path / "out", "--quiet")
    assert (status, "error: there: No space left on device; mend that and run again" in err) == (1, True)
    assert content(tmp_path / "out") == written
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "out"]


def test_a_real_disk_that_is_full(rassegna, written, tmp_path):
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", place]
    if os.geteuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("only who may mount a file system can fill a real one")
    try:
        status, _, err = rassegna("extract", tmp_path / "corpus", "--out", place / "out", "--quiet")
        assert (status, "No space left on device" in err) == (1, True)
        assert list(place.iterdir()) == []
        storage.write_whole(place / "a", b"first")
        with pytest.raises(OSError, match="No space left"):
            storage.write_whole(place / "a", b"x" * 1_000_000)
        assert content(place) == {"a": b"first"}
    finally:
        subprocess.run(["umount", place], check=True)


def test_a_limit_on_the_size_of_files_is_told(tmp_path, written):
    code = "from rassegna import __main__; __main__.main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "extract", tmp_path / "corpus", "--out", tmp_path / "out", "--quiet"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000)),
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, "File too large" in done.stderr) == (1, True), done.stderr
    assert content(tmp_path / "out") == written


def test_a_folder_that_cannot_be_written_is_named(rassegna, written, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for where in (tmp_path / "file" / "out", Path("/proc/none/out")):
        status, _, err = rassegna("extract", tmp_path / "corpus", "--out", where, "--quiet")
        assert status == 1
        assert err.startswith(f"error: {where.parent}")
        assert "mend that and run again" in err


def test_damaged_tables_are_named_and_made_anew(rassegna, written, tmp_path):
    out = tmp_path / "out"
    for name in ("quotes.parquet", tables.MANIFEST, tables.PACKAGE):
        (out / name).write_bytes(written[name][: len(written[name]) // 2])
    with pytest.raises(TableError, match=r"quotes\.parquet: cannot be read .*; write the tables anew"):
        tables.read(out)
    with pytest.raises(ProvenanceError, match=r"manifest\.json: cannot be read"):
        provenance.verify(out)
    assert rassegna("extract", tmp_path / "corpus", "--out", out, "--quiet")[0] == 0
    assert {**content(out), tables.MANIFEST: b""} == {**written, tables.MANIFEST: b""}


@pytest.mark.parametrize(
    ("part", "odd", "told"),
    [
        ("settings", {"max_megabytes": "x"}, "`max_megabytes` is no number"),
        ("articles", {"a.txt": None}, "`articles` holds what is no hash"),
        ("files", {"../../x": 1}, "`files` holds what is no hash"),
        ("files", {"../../x": "y"}, ""),
        ("versions", {"python": None}, ""),
        ("data", {"pipeline": ["x"]}, ""),
    ],
)
def test_a_manifest_of_odd_values_is_told_not_believed(written, tmp_path, part, odd, told):
    path = tmp_path / "out" / tables.MANIFEST
    read = json.loads(path.read_text(encoding="utf-8"))
    path.write_bytes(tables.as_json({**read, part: {**read[part], **odd}}))
    if told:
        with pytest.raises(ProvenanceError, match=told):
            provenance.verify(tmp_path / "out")
    else:
        report = provenance.verify(tmp_path / "out", corpus_dir=tmp_path / "corpus")
        assert f"{path}: changed: it is not the manifest that the run wrote" in report.differences


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}'])
def test_a_damaged_notebook_is_named(tmp_path, text):
    (tmp_path / "01-a.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=r"01-a\.ipynb: cannot be read as a notebook"):
        runs.check({}, [tmp_path / "01-a.ipynb"])


def test_a_name_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text(kills.TEXTS["a"], encoding="utf-8")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"))).write_text(kills.TEXTS["b"], encoding="utf-8")
    extraction = extract(Settings.from_parameters(tmp_path))
    assert list(extraction.articles["doc_id"]) == ["a"]
    assert extraction.refused.values.tolist() == [["\\udcff.txt", "its name is not written in UTF-8; rename it"]]


@pytest.mark.parametrize("fate", ["deleted", "cut", "grown"])
def test_a_file_that_changes_between_listing_and_reading(tmp_path, monkeypatch, fate):
    for name, text in kills.TEXTS.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    listed = Path.iterdir

    def change(folder):
        found = list(listed(folder))
        path = tmp_path / "b.txt"
        path.unlink()
        if fate == "cut":
            path.write_bytes(b"Ponte")
        elif fate == "grown":
            path.write_bytes(b"x" * 2_000_000)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(Path, "iterdir", change)
        read = corpus.read(tmp_path, max_megabytes=1)
    assert len(read.articles) + len(read.refused) == len(kills.TEXTS)
    assert list(read.refused["path"]) == ([] if fate == "cut" else ["b.txt"])
    for row in read.articles.itertuples():
        assert row.sha256 == tables.sha256((tmp_path / row.path).read_bytes())


def test_what_belongs_to_the_corpus_may_not_change_under_a_run(written, tmp_path):
    extraction = extract(Settings.from_parameters(tmp_path / "corpus"))
    (tmp_path / "corpus" / "aliases.csv").write_text("alias,entity,label\nRossi,,\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"aliases\.csv: changed while the corpus was worked on; run again"):
        extraction.write(tmp_path / "out")
    assert content(tmp_path / "out") == written
    manifest = extract(Settings.from_parameters(tmp_path / "corpus")).write(tmp_path / "out")
    provenance.check_corpus(tmp_path / "corpus", manifest)
    (tmp_path / "corpus" / "a.txt").write_text(kills.TEXTS["b"], encoding="utf-8")
    with pytest.raises(CorpusError, match=r"the corpus changed .*a\.txt: changed: .*; run again"):
        provenance.check_corpus(tmp_path / "corpus", manifest)


@pytest.mark.parametrize("moment", [0, 2**31 - 1])
def test_no_table_depends_on_the_times_of_files_or_the_clock(rassegna, written, tmp_path, monkeypatch, moment):
    given = ["extract", tmp_path / "corpus", "--out", tmp_path / "out", "--quiet", "--cache", tmp_path / "cache"]
    given += ["--log-level", "info", "--log-file", tmp_path / "log"]
    assert rassegna(*given)[0] == 0
    for path in tmp_path.rglob("*"):
        os.utime(path, (moment, moment))
    monkeypatch.setattr(time, "time", lambda: float(moment))
    assert rassegna(*given)[0] == 0
    assert {**content(tmp_path / "out"), tables.MANIFEST: b""} == {**written, tables.MANIFEST: b""}
    assert "1 of 1 parts reused" in (tmp_path / "log").read_text(encoding="utf-8")
