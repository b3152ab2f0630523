"""Measure what the README states: set-up and run from nothing, a second run, memory, and the throughput of each part.

make bench                    everything; the set-up takes some minutes
make bench ARGS=--no-setup    only what needs no fresh installation
"""

import argparse
import json
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from generated import generate
from rassegna.cleaning import blocks
from rassegna.extraction import extract
from rassegna.numbers import numbers
from rassegna.reuse import passages
from rassegna.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
MEGABYTES = 10
REPEATS = 3
COPIES = 40
ARTICLES = (1_000, 5_000, 20_000)


def main() -> None:
    """Print one line a measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-setup", action="store_true", help="leave out the run from a fresh clone")
    parser.add_argument("--articles", type=int, help="only reuse and numbers of so many generated articles, as JSON")
    arguments = parser.parse_args()
    if arguments.articles:
        print(json.dumps(generated(arguments.articles)))
        return
    print(f"machine: {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    if not arguments.no_setup:
        from_nothing()
    cleaning()
    extraction()
    scale()


def from_nothing() -> None:
    """Clone into an empty folder, `make run` twice."""
    environment = {
        k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "MAKEFLAGS")
    }
    folder = Path(tempfile.mkdtemp(prefix="rassegna-"))
    try:
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder / "clone")], check=True)
        for name in ("from an empty folder to the site", "the second run"):
            started = time.perf_counter()
            subprocess.run(
                ["make", "run"],
                cwd=folder / "clone",
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            print(f"{name}: {time.perf_counter() - started:.0f} s")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
        print(f"memory of the largest process: {peak:.0f} MB")
    finally:
        shutil.rmtree(folder)


def cleaning() -> None:
    """Label the lines of the seeds, repeated to some megabytes; the best of a few runs, on one core."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    size = sum(len(text.encode()) for text in texts)
    copies = MEGABYTES * 1_000_000 // size + 1
    articles = pd.DataFrame(
        [(f"{n}-{k}", "it", f"{n}\n{text}") for n in range(copies) for k, text in enumerate(texts)],
        columns=["doc_id", "language", "raw"],
    )
    blocks(articles.head(5))
    seconds = []
    for _ in range(REPEATS):
        started = time.process_time()
        blocks(articles)
        seconds.append(time.process_time() - started)
    print(f"cleaning: {copies * size / 1e6 / min(seconds):.1f} MB of text per second of processor time")


def extraction() -> None:
    """Parse the seeds, repeated, and time what comes after the parse; the words counted are the content's."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    tables = ("mentions", "quotes", "quantities", "dates")
    with tempfile.TemporaryDirectory() as folder:
        for n in range(COPIES):
            for k, text in enumerate(texts):
                (Path(folder) / f"{n}-{k}.txt").write_text(f"{n}\n{text}", encoding="utf-8")
        warm = extract(Settings.from_parameters(ROOT / "seeds"))
        for table in tables:
            getattr(warm, table)
        corpus = extract(Settings.from_parameters(folder))
        n_words = corpus.articles["n_words"].sum()
        seconds = {}
        for name in ("docs", *tables):
            started = time.process_time()
            getattr(corpus, name)
            seconds[name] = time.process_time() - started
    after = sum(seconds[name] for name in tables)
    each = ", ".join(f"{name} {n_words / seconds[name]:,.0f}" for name in tables)
    print(f"pipeline: {n_words / seconds['docs']:,.0f} words a second of processor time, {n_words:,} words")
    print(f"after the parse: {n_words / after:,.0f} words a second ({each})")


def scale() -> None:
    """Time reuse and numbers on generated news of growing size, each in a process of its own."""
    runs = []
    for n in ARTICLES:
        command = [sys.executable, __file__, "--articles", str(n)]
        runs.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    small, large = runs[0], runs[-1]
    for name in ("passages", "numbers"):
        curve = ", ".join(f"{run['n']:,} articles {run[name]:.1f} s" for run in runs)
        print(f"{name}: {curve}; {large[name] / small[name]:.0f} times the time")
    even = large["n"] * math.log(large["n"]) / (small["n"] * math.log(small["n"]))
    print(f"n log n would be {even:.0f} times; memory at {large['n']:,}: {large['megabytes']:.0f} MB")
    for run in runs:
        print(
            f"planted in {run['n']:,}: copies found {run['copies_found']:.3f}, pairs found that are copies "
            f"{run['copies_right']:.3f}; contradicted figures found {run['figures_found']:.3f}, "
            f"articles said to differ whose event has one {run['figures_right']:.3f}"
        )


def generated(n: int) -> dict[str, float]:
    """Time the tables of passages and numbers of n articles, and look for what was planted in them."""
    news = generate(n)
    own = news.tables
    names = ("blocks", "sentences", "quotes", "quotation_marks")
    started = time.process_time()
    shared = passages(*(own[name] for name in names), raw=news.raw, language=news.language)
    reused = time.process_time()
    figures = numbers(own["quantities"], own["sentences"], own["mentions"], articles=own["articles"])
    counted = time.process_time()
    found, planted = ({*zip(t["doc_id"], t["other_doc_id"], strict=True)} for t in (shared, news.copies))
    differing = figures[figures["status"] != "agrees"]
    clashes = {*zip(differing["doc_id"], differing["value"], strict=True)}
    wrong = {*zip(news.contradictions["doc_id"], news.contradictions["value"].astype(float), strict=True)}
    events = set(news.contradictions["event"])
    right = [news.event[doc_id] in events for doc_id in differing["doc_id"]]
    return {
        "n": n,
        "passages": reused - started,
        "numbers": counted - reused,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        "copies_found": len(found & planted) / len(planted),
        "copies_right": len(found & planted) / max(len(found), 1),
        "figures_found": len(clashes & wrong) / len(wrong),
        "figures_right": sum(right) / max(len(right), 1),
    }


if __name__ == "__main__":
    main()
