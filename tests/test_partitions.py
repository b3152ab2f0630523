"""A corpus in parts: the same tables on one process and on Dask's, exact reuse, and what a killed worker costs."""

import os
import shutil
import signal
import subprocess
import sys

import curve
import pandas as pd
import pytest
from conftest import ROOT
from generated import generate
from rassegna import parts, provenance, tables
from rassegna.engine import Cluster, Plain, _seen
from rassegna.errors import EngineError
from rassegna.extraction import extract
from rassegna.partitions import worked
from rassegna.settings import Settings

SMALL = 16  # articles a part, so that few of them make a corpus of several


@pytest.fixture(scope="module")
def cluster():
    with Cluster(workers=2) as started:
        yield started


@pytest.fixture(scope="module")
def news(tmp_path_factory):
    """Sixty short articles of some days, with what a researcher keeps beside them."""
    return write(tmp_path_factory.mktemp("news"), 60)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(parts, "SIZE", SMALL)


def write(folder, n):
    raw = generate(n, paragraphs=(1, 1)).raw
    for doc_id, text in raw.items():
        (folder / f"{doc_id}.txt").write_text(text, encoding="utf-8")
    days = [f"{doc_id}.txt,2024-06-{10 + k // 5:02}" for k, doc_id in enumerate(raw)]
    (folder / "manifest.csv").write_text("\n".join(["file,published_at", *days]), encoding="utf-8")
    name = next(word for word in next(iter(raw.values())).split() if word.istitle() and len(word) > 5)
    lines = ["doc_id,table,item,action,field,value", f",mentions,{name},change,entity,Altro Nome",
             "000003,facts,none,change,status,states", "nowhere,blocks,,change,label,body"]  # fmt: skip
    (folder / "corrections.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder


def run(corpus_dir, cache, engine=None, **settings):
    given = Settings.from_parameters(corpus_dir, **settings)
    return worked(extract(given, cache_dir=cache, whole=True, engine=engine), engine=engine)


def written(work, out):
    """Every file of tables but the manifest, which tells the time."""
    work.extraction.write(out)
    return {path.name: path.read_bytes() for path in out.iterdir() if path.name != tables.MANIFEST}


def test_workers_keep_the_memory_that_they_use_again(cluster):
    """Dask has them give every freed page back to the system at once, which takes a fifth of their time."""
    assert list(cluster._client.run(os.environ.get, "MALLOC_TRIM_THRESHOLD_").values()) == [None, None]


@pytest.mark.parametrize("n", [0, 1, SMALL, SMALL + 1, 24, 25, 100, 1000])
def test_parts_are_of_half_the_size_at_least(small, n):
    doc_ids = [f"{k:04}" for k in range(n)]
    cut = list(parts.cut(doc_ids))
    assert [doc_id for part in cut for doc_id in part] == doc_ids
    assert len(cut) == 1 if n <= SMALL else all(SMALL // 2 <= len(part) <= SMALL for part in cut)


def test_one_article_more_moves_few_ends():
    doc_ids = [f"{k:04}" for k in range(9000)]
    before = {tuple(part) for part in parts.cut(doc_ids)}
    for k in (0, 4000, 9000):
        after = {tuple(part) for part in parts.cut([*doc_ids[:k], "new", *doc_ids[k:]])}
        assert len(after - before) <= 2


def test_the_seeds_are_one_part_and_give_the_same_tables_with_and_without_dask(seeds, cluster, tmp_path):
    plain = extract(Settings.from_parameters(seeds))
    plain.write(tmp_path / "plain")
    work = run(seeds, None, cluster)
    assert (work.n_parts, work.n_reused) == (1, 0)
    found = written(work, tmp_path / "dask")
    assert found == {name: (tmp_path / "plain" / name).read_bytes() for name in found}
    assert len(found) == 2 * len(tables.schemas()) + 1


class Killing:
    """A cluster of which one worker is killed when the first part is done."""

    def __init__(self, cluster):
        self.cluster, self.killed = cluster, 0

    def map(self, work, tasks):
        for result in self.cluster.map(work, tasks):
            if work.__name__ == "_made" and not self.killed:
                self.killed = next(iter(self.cluster._client.run(os.getpid).values()))
                os.kill(self.killed, signal.SIGKILL)
            yield result


class Planned(Plain):
    """What would have to be made: of the parts their articles; nothing is."""

    class StopError(Exception):
        pass

    def map(self, work, tasks):
        if work.__name__ != "_made":
            return super().map(work, tasks)
        if found := [part.articles["doc_id"].tolist() for part, *_ in tasks]:
            raise self.StopError(found)
        return iter(())


def test_a_corpus_in_parts_gives_the_same_tables_on_dask_though_its_workers_are_killed(small, news, cluster, tmp_path):
    plain = run(news, None)
    assert plain.n_parts == 4
    assert str(plain) == "0 of 60 articles annotated before; 0 of 4 parts reused"
    discovered = plain.extraction.facts.loc[plain.extraction.facts["road"] == "discovery", "status"]
    assert len(discovered)
    assert "not_found" not in set(discovered), "of a part's own facts only who tells them"
    expected = written(plain, tmp_path / "plain")
    killing = Killing(cluster)
    assert written(run(news, tmp_path / "cache", killing), tmp_path / "dask") == expected
    assert killing.killed not in cluster._client.run(os.getpid).values()
    again = run(news, tmp_path / "cache", cluster)
    assert str(again) == "60 of 60 articles annotated before; 4 of 4 parts reused"
    assert written(again, tmp_path / "again") == expected
    report = pd.read_csv(tmp_path / "plain" / "corrections.csv")
    assert list(zip(report["line"], report["status"], strict=True)) == [(2, "stale"), (3, "stale"), (4, "invalid")]


def edit(name, old, new):
    def change(folder):
        text = (folder / name).read_text(encoding="utf-8") if (folder / name).exists() else old
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def nothing(_):
    pass


N = 24
LEGAL = "Tutti i diritti"
# What changes: how, settings, the parts made anew (by the first and the last of the corpus's articles).
FIRST, LAST = "000000", "000020"
CHANGES = {
    "nothing": (nothing, {}, []),
    "what the corpus is about": (edit("corpus.toml", "", 'event = "altro"\n'), {}, []),
    "the largest file allowed": (nothing, {"max_megabytes": 1.0}, []),
    "an unused column": (edit("manifest.csv", "file,published_at\n", "file,published_at,colour\n"), {}, []),
    "an article's text": (edit("000001.txt", "a", "e"), {}, [FIRST]),
    "an article's furniture": (edit("000001.txt", LEGAL, "Proprio " + LEGAL), {}, [FIRST]),
    "an article more": (
        edit("zz.txt", "", "Titolo\n\nUn testo nuovo.\n"),
        {},
        [FIRST, LAST],
    ),  # so few have no mark to end at
    "an article less": (lambda folder: (folder / "000023.txt").unlink(), {}, [FIRST, LAST]),
    "a day of publication": (edit("manifest.csv", "000023.txt,2024-06-14", "000023.txt,2024-06-15"), {}, [LAST]),
    "a correction": (edit("corrections.csv", "000003,facts", "000004,facts"), {}, [FIRST]),
    "a correction for all": (edit("corrections.csv", "Altro", "Terzo"), {}, [FIRST, LAST]),
    "names that are one": (edit("aliases.csv", "", "alias,entity,label\nx,y,PER\n"), {}, [FIRST, LAST]),
    "the day it is about": (nothing, {"reference_date": "2024-06-30"}, [FIRST, LAST]),
    "code": (lambda _, patch: patch.setattr(provenance, "folder_sha256", lambda _: "0"), {}, [FIRST, LAST]),
    "a library": (lambda _, patch: patch.setattr(provenance, "version", lambda _: "0"), {}, [FIRST, LAST]),
}


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """A corpus of two parts, and the cache of a run over it."""
    folder = tmp_path_factory.mktemp("known")
    (folder / "corpus").mkdir()
    write(folder / "corpus", N)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "SIZE", SMALL)
        assert run(folder / "corpus", folder / "cache").n_parts == 2
    return folder


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_costs_the_parts_that_depend_on_it(small, known, tmp_path, monkeypatch, name):
    change, settings, redone = CHANGES[name]
    corpus = tmp_path / "corpus"
    shutil.copytree(known / "corpus", corpus)
    change(*(corpus, monkeypatch)[: change.__code__.co_argcount])
    try:
        run(corpus, known / "cache", Planned(), **settings)
        made = []
    except Planned.StopError as stop:
        made = stop.args[0]
    assert len(made) == len(redone)
    assert all(place in part for part, place in zip(made, redone, strict=True))


def test_what_was_there_is_told_and_what_is_damaged_made_anew(small, known, tmp_path):
    shutil.copytree(known, tmp_path / "known")
    corpus, cache = tmp_path / "known" / "corpus", tmp_path / "known" / "cache"
    part = next(path for path in sorted((cache / parts.FOLDER).glob("*/mentions.parquet")))
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    assert str(run(corpus, cache)) == "24 of 24 articles annotated before; 1 of 2 parts reused"
    edit("000001.txt", "a", "e")(corpus)
    work = run(corpus, cache)
    assert str(work) == "23 of 24 articles annotated before; 1 of 2 parts reused"
    assert written(work, tmp_path / "a") == written(run(corpus, None), tmp_path / "b")


def test_a_notebook_takes_a_small_corpus_from_the_last_run_and_a_sample_of_a_large_one(
    seeds, small, known, tmp_path, capsys
):
    run(seeds, tmp_path)
    again = extract(Settings.from_parameters(seeds), cache_dir=tmp_path)
    assert {"mentions", "facts", "terms"} <= vars(again).keys()
    assert "docs" not in vars(again)
    assert not capsys.readouterr().out
    settings = Settings.from_parameters(known / "corpus")
    drawn = [extract(settings).articles["doc_id"].tolist() for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == SMALL
    assert "The corpus has 24 articles; what follows is drawn from a sample of 16" in capsys.readouterr().err


def test_a_scheduler_is_checked_first(cluster, tmp_path, monkeypatch):
    address = cluster._client.scheduler.address
    with Cluster(scheduler=address, shared=(tmp_path,)) as joined:
        assert joined.n_workers == 2
        assert sorted(joined.map(abs, [-1, 2, -3])) == [1, 2, 3]
    assert not list(tmp_path.iterdir())
    assert _seen([str(tmp_path / "x")])[1] == [str(tmp_path / "x")]
    monkeypatch.setattr(provenance, "folder_sha256", lambda _: "0")
    with pytest.raises(EngineError, match="another version"):
        Cluster(scheduler=address, shared=(tmp_path,))
    monkeypatch.setattr("rassegna.engine.TIMEOUT", "1s")
    with pytest.raises(EngineError, match="no answer; give an address"):
        Cluster(scheduler="tcp://127.0.0.1:9")


def test_tables_that_no_run_has_read_for_long_are_deleted(tmp_path):
    frames = {"refused": pd.DataFrame({"path": ["a"]})}
    for name in ("read", "left"):
        parts.keep(tmp_path, name, frames)
    (tmp_path / ".killed").mkdir()
    for path in (*tmp_path.glob("*/sums.json"), tmp_path / ".killed"):
        os.utime(path, (0, 0))
    assert parts.kept(tmp_path, "read")
    parts.keep(tmp_path, "new", frames)
    parts.forget(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "read"]


def test_one_process_does_tasks_in_their_order():
    assert list(Plain().map(abs, [-2, 1])) == [2, 1]


def test_ctrl_c_leaves_the_earlier_result(known, tmp_path):
    out = tmp_path / "tables"
    tables.write({"refused": pd.DataFrame(columns=["path", "reason"])}, out, manifest={})
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    # What runs behind a shell's & is born deaf to Ctrl-C.
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    code += "; from rassegna.__main__ import main; main()"
    options = ["--out", out, "--engine", "dask", "--cache", tmp_path / "c"]
    command = [sys.executable, "-c", code, "extract", known / "corpus", *options]
    own = {**os.environ, "PYTHONPATH": str(ROOT / "lib")}
    with subprocess.Popen(
        list(map(str, command)), env=own, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        said = process.stderr.readline()
        assert "2 workers; watch them at http://127.0.0.1:" in said
        os.killpg(process.pid, signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 130, rest
    assert rest.splitlines()[-1] == "stopped; what an earlier run wrote is whole"
    assert "Traceback" not in rest
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_curve_is_drawn_and_projected():
    sizes = {
        "articles": 10,
        "words": 600,
        "parts_seconds": 1.0,
        "whole_seconds": 0.5,
        "write_seconds": 0.5,
        "workers": 2,
    }
    sizes |= {"articles_per_second": 5.0, "worker_megabytes": 500.0, "main_megabytes": 400.0}
    first = {**sizes, "cache_megabytes": 1.0, "tables_megabytes": 0.5}
    last = {**first, "articles": 1000, "words": 60000, "parts_seconds": 90.0, "main_megabytes": 500.0}
    ahead, assumed = curve.projected(first, last, cluster=10, price=0.1, words=60)
    row = ahead.set_index("articles").loc[1_000_000]
    assert row["hours_in_parts"] == pytest.approx(90 * 2 * 1000 / 3600 / 10)
    assert row["hours_of_the_whole"] == pytest.approx((0.5 * 2 + 0.5) * 1000 / 3600)
    assert row["main_gigabytes"] == pytest.approx(100)
    assert row["euros"] == pytest.approx(row["core_hours"] * 0.1)
    assert "1,000 articles of 60 words" in assumed[0]
    figure = curve.drawn(pd.DataFrame([first, last]))
    assert [ax.get_title("left") or ax.get_title() for ax in figure.axes] == [
        "articles a second",
        "memory at most, MB",
        "disk, MB",
    ]
    assert {tuple(line.get_ydata()) for line in figure.axes[1].lines} == {(500.0, 500.0), (400.0, 500.0)}
