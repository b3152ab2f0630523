"""Measure what the README states: set-up and run from nothing, a second run, memory, and cleaning's throughput.

make bench                    everything; the set-up takes some minutes
make bench ARGS=--no-setup    only what needs no fresh installation
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from rassegna.cleaning import blocks

ROOT = Path(__file__).resolve().parent.parent
MEGABYTES = 10
REPEATS = 3


def main() -> None:
    """Print one line a measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-setup", action="store_true", help="leave out the run from a fresh clone")
    arguments = parser.parse_args()
    print(f"machine: {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    if not arguments.no_setup:
        from_nothing()
    cleaning()


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


if __name__ == "__main__":
    main()
