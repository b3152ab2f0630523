"""The curve: articles a second, memory and disk for corpora of growing size, and what a far larger one would take.

make curve                                          10 to 1,000 articles, two workers
make curve ARGS="--sizes 10,100,1000,10000,100000"  all of it: some forty minutes on two cores
make curve ARGS="--sizes 2000 --whole --workers 1"  articles of usual length, on one process

The articles are invented and, but for `--whole`, short (a title, the first sentences, a line of furniture), so that the
largest corpus can be measured; the projection counts words. It is written beside the figure with what it assumes.
"""

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from generated import generate
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter
from rassegna import rendering
from rassegna.engine import Cluster, Plain
from rassegna.extraction import extract
from rassegna.figures.style import LABEL_COLOURS
from rassegna.partitions import worked
from rassegna.settings import Settings

SENTENCES = 2  # of each article's first paragraph
TARGETS = (1_000_000, 100_000_000)
STEP = 10_000  # articles that are generated at a time
MEGA = 1_000_000


def main() -> None:
    """Measure each size in a process of its own, draw, project."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10,100,1000", help="articles, commas between")
    parser.add_argument("--workers", type=int, default=2, help="Dask's processes; 1: the plain run")
    parser.add_argument("--whole", action="store_true", help="articles of some 290 words, not of 60")
    parser.add_argument("--cluster", type=int, default=100, help="workers that the projection is for")
    parser.add_argument("--price", type=float, default=0.04, help="of a core for an hour (euros)")
    parser.add_argument("--words", type=float, default=400, help="in an article of the corpus projected (mean)")
    parser.add_argument("--build-dir", type=Path, default=Path("build"), help="folder for figure and tables")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measured(given.one, workers=given.workers, whole=given.whole)))
        return
    rows = []
    for n in map(int, given.sizes.split(",")):
        command = [sys.executable, __file__, "--one", str(n), "--workers", str(given.workers)]
        command += ["--whole"] if given.whole else []
        rows.append(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout))
        print(", ".join(f"{key} {value:,.4g}" for key, value in rows[-1].items()), flush=True)
    table = pd.DataFrame(rows)
    ahead, assumed = projected(rows[0], rows[-1], cluster=given.cluster, price=given.price, words=given.words)
    print(ahead.to_string(index=False, float_format="{:,.4g}".format))
    print("\n".join(assumed))
    folder = given.build_dir / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "projection.txt").write_text("\n".join([*assumed, ""]), encoding="utf-8")
    for name, found in (("curve", table), ("projection", ahead)):
        found.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    rendering.house_style()
    drawn(table).savefig(folder / "curve.png")


def measured(n: int, *, workers: int, whole: bool) -> dict[str, float]:
    """Run a corpus of n articles from nothing to its tables: words, seconds, memory (MB), disk (MB)."""
    with tempfile.TemporaryDirectory() as folder:
        corpus, cache, out = (Path(folder) / name for name in ("corpus", "cache", "tables"))
        corpus.mkdir()
        size = write(corpus, n, whole=whole)
        started, used = time.perf_counter(), processor()
        with Cluster(workers=workers) if workers > 1 else Plain() as engine:
            timed = Timed(engine)
            ready = time.perf_counter()
            extraction = extract(Settings.from_parameters(corpus), cache_dir=cache, whole=True, engine=timed)
            work = worked(extraction, engine=timed)
            made = time.perf_counter()
            work.extraction.write(out)
            written = time.perf_counter()
            peak = engine.peak() if isinstance(engine, Cluster) else own_peak()
        return {
            "articles": n,
            "words": int(work.extraction.articles["n_words"].sum()),
            "seconds": written - ready,
            "start_seconds": ready - started,
            "parts_seconds": timed.seconds,
            "whole_seconds": made - ready - timed.seconds,
            "write_seconds": written - made,
            "processor_seconds": processor() - used,
            "articles_per_second": n / (written - ready),
            "worker_megabytes": peak,
            "main_megabytes": own_peak(),
            "corpus_megabytes": size / MEGA,
            "cache_megabytes": disk(cache) / MEGA,
            "tables_megabytes": disk(out) / MEGA,
            "workers": workers,
        }


class Timed:
    """An engine, and the seconds that its tasks took."""

    def __init__(self, engine):
        self.engine, self.seconds = engine, 0.0

    def map(self, work, tasks):
        started = time.perf_counter()
        yield from self.engine.map(work, tasks)
        self.seconds += time.perf_counter() - started


def write(folder: Path, n: int, *, whole: bool) -> int:
    """Write n articles, five an event, fifty a day; say how many bytes they have."""
    size = 0
    with (folder / "manifest.csv").open("w", encoding="utf-8") as manifest:
        manifest.write("file,published_at\n")
        for first in range(0, n, STEP):
            paragraphs = (3, 6) if whole else (1, 1)
            for k, text in enumerate(
                generate(min(STEP, n - first), seed=first, paragraphs=paragraphs).raw.values(), first
            ):
                told = f"{text if whole else shortened(text)} {k}"
                (folder / f"{k:06}.txt").write_text(told, encoding="utf-8")
                day = pd.Timestamp("2024-01-01") + pd.Timedelta(k // 50, "D")
                manifest.write(f"{k:06}.txt,{day:%Y-%m-%d}\n")
                size += len(told.encode())
    return size


def shortened(text: str) -> str:
    """An article's title, its first sentences and the line of furniture at its end."""
    title, body, *_, legal = text.split("\n\n")
    return "\n\n".join([title, ". ".join(body.split(". ")[:SENTENCES]).rstrip(".") + ".", legal])


def processor() -> float:
    """Seconds of processor time of this process and of those that it has ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def own_peak() -> float:
    """The most memory that this process has held (MB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def disk(folder: Path) -> int:
    """Bytes in a folder's files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def drawn(table: pd.DataFrame) -> Figure:
    """What corpora of growing size take: articles a second, memory, disk, each by the number of articles."""
    panels: dict[str, dict[str, str]] = {
        "articles a second": {"articles_per_second": ""},
        "memory at most, MB": {"worker_megabytes": "a worker", "main_megabytes": "main process"},
        "disk, MB": {"cache_megabytes": "cache", "tables_megabytes": "tables"},
    }
    fig, axes = plt.subplots(1, len(panels), figsize=(7.2, 2.6))
    for ax, (title, lines) in zip(axes, panels.items(), strict=True):
        last = table.iloc[-1]
        for column, colour in zip(lines, (LABEL_COLOURS["body"], LABEL_COLOURS["title"]), strict=False):
            ax.plot(table["articles"], table[column], "o-", color=colour, ms=4, lw=1.2)
            is_highest = last[column] == max(last[other] for other in lines)
            ax.annotate(lines[column], (last["articles"], last[column]), xytext=(6, 0), textcoords="offset points",
                        fontsize=8, color=colour, va="bottom" if is_highest else "top")  # fmt: skip
        ax.set_title(title, fontsize=9, fontweight="normal")
        ax.set_xscale("log")
        ax.set_xticks(table["articles"], [f"{n:,}" for n in table["articles"]], rotation=30, minor=False)
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.set_xlabel("articles", fontsize=8)
        ax.tick_params(labelsize=8)
        ax.grid(axis="y", color="#EEEEEE")
        if title.startswith("disk"):
            ax.set_yscale("log")
            ax.yaxis.set_minor_formatter(NullFormatter())
        else:
            ax.set_ylim(0, table[list(lines)].max().max() * 1.1)
        ax.yaxis.set_major_formatter(lambda value, _: f"{value:,g}")
    return fig


def projected(
    first: dict[str, float], last: dict[str, float], *, cluster: int, price: float, words: float
) -> tuple[pd.DataFrame, list[str]]:
    """Time and cost of far larger corpora, from the largest measured; and what that assumes, in sentences.

    What is done in parts is shared by the workers and grows with the words; what is done with the tables of all the
    articles runs in one process, and grows with n log n.
    """
    n, core = last["articles"], last["workers"]
    longer = words / (last["words"] / n)
    grown = last["main_megabytes"] - (first["main_megabytes"] if first is not last else 0)  # what the start takes stays
    rows = []
    for target in TARGETS:
        times = target / n * longer
        log = math.log(target) / math.log(max(n, 2))
        parts_hours = last["parts_seconds"] * core * times / 3600
        whole_hours = (last["whole_seconds"] * log + last["write_seconds"]) * times / 3600
        rows.append(
            {
                "articles": target,
                "workers": cluster,
                "hours_in_parts": parts_hours / cluster,
                "hours_of_the_whole": whole_hours,
                "core_hours": parts_hours + whole_hours,
                "euros": (parts_hours + whole_hours) * price,
                "main_gigabytes": grown * times / 1000,
                "disk_terabytes": (last["cache_megabytes"] + last["tables_megabytes"]) * times / MEGA,
            }
        )
    size = last["words"] / n
    assumed = [
        (
            f"Projected from {n:,} articles of {size:.0f} words (mean), invented, on {os.cpu_count()} cores,"
            f" {core:.0f} workers; Python {sys.version.split()[0]}."
        ),
        (
            f"Assumed: {words:g} words an article (mean), {price:g} euros a core-hour, {cluster} workers as fast as"
            " these; work in parts grows with the words and is shared evenly; numbers, passages and writing run in one"
            " process (n log n), whose memory grows with the words: where it exceeds one machine, cut the corpus by"
            " time and run each piece. Not counted: fetching and reading archives, storage, idle machines."
        ),
    ]
    return pd.DataFrame(rows), assumed


if __name__ == "__main__":
    main()
