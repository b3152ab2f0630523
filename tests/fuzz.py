"""Hostile articles through everything, and what must hold of the outcome; `make fuzz` runs it long and prints figures.

make fuzz                                      10,000 articles, 100 kills, five minutes led by coverage, 1 MB and 10 MB
make fuzz ARGS="--articles 1000 --kills 20"    less of it
"""

import argparse
import csv
import faulthandler
import html.parser
import importlib.util
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import conllu
import kills
import openpyxl
import pandas as pd
from cassis import load_cas_from_xmi, load_typesystem
from hostile import BOMBS, PROSE, article, file, name
from rassegna import corpus, interchange, reader, rendering, tables
from rassegna.annotation import annotate, blank_pipeline
from rassegna.cleaning import blocks
from rassegna.corpus_tables import Extraction
from rassegna.errors import CorpusError
from rassegna.extraction import extract
from rassegna.settings import Settings
from rassegna.site.pages import words

BATCH = 200  # articles a corpus
LONGEST = 2000  # bytes of an article that coverage leads to
SECONDS = 3.0  # of the processor, a million characters of decoding and cleaning; measured 0.5
RULES = 200.0  # the same of everything after a blank pipeline; measured 7 to 150
SIZES = (1_000_000, 10_000_000)
RULE_SIZES = (25_000, 100_000)
SHOWN = ("articles", "refused", "blocks", "mentions", "quotes", "quantities", "dates", "events", "errors")
TOO_LONG = 300  # seconds of the clock, for one batch
_EXECUTABLE = {"script", "iframe", "object", "embed", "form", "base", "meta", "link", "style", "img", "svg", "math"}


class Markup(html.parser.HTMLParser):
    """What a piece of HTML would start: elements and attributes that can execute."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _EXECUTABLE or any(key.startswith("on") or "javascript:" in (value or "") for key, value in attrs):
            self.found.append(f"{tag} {attrs}")


def write(folder: Path, n: int, draw: random.Random) -> None:
    """Write n hostile files and what may lie beside them."""
    folder.mkdir(parents=True)
    for _ in range(n):
        ending, data = file(draw)
        (folder / name(draw, ending)).write_bytes(data)
    if draw.random() < 0.5:
        (folder / "manifest.csv").write_bytes(b"file,outlet,title\n" + article(draw))


def check(folder: Path) -> Counter[str]:
    """Extract a folder of articles and check every table and export; return rows by table, or that an error was told.

    Raises:
        AssertionError: something does not hold.
    """
    there = {path for path in folder.parent.parent.rglob("*") if folder not in path.parents}
    try:
        extraction = extract(Settings.from_parameters(folder))
    except CorpusError:  # of a manifest that cannot be used at all
        (folder / "manifest.csv").unlink()
        return check(folder) + Counter({"errors": 1})
    for kind, found in extraction.tables.items():
        _in_place(kind, found, extraction.raw)
    extraction.write(folder.parent / "build" / "tables")
    assert set(tables.read(folder.parent / "build" / "tables")) == set(extraction.tables)
    for kind in extraction.tables:
        with (folder.parent / "build" / "tables" / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row), row
    _exports(extraction, folder.parent / "build" / "exports")
    _pages(extraction, folder.parent / "build" / "tables")
    outside = {path for path in folder.parent.parent.rglob("*") if folder not in path.parents} - there
    assert all(folder.parent / "build" in (path, *path.parents) for path in outside), outside
    return Counter({kind: len(found) for kind, found in extraction.tables.items()})


def _in_place(kind: str, found: pd.DataFrame, raw: Mapping[str, str]) -> None:
    """Every text stands at its offsets."""
    for one in found.dropna(subset=["start"]).itertuples() if "start" in found else ():
        assert raw[one.doc_id][int(one.start) : int(one.end)] == one.text, (kind, one)


def _exports(extraction: Extraction, out: Path) -> None:
    """Every export is read back by another program than the one that wrote it."""
    annotations, words, cas, sheet = interchange.export(extraction, out)
    for path in (annotations, cas):
        with zipfile.ZipFile(path) as file:
            for member in file.namelist():
                assert not member.startswith("/"), member
                assert ".." not in member.split("/"), member
                if path is annotations:
                    json.loads(file.read(member))
            if path is cas:
                with file.open(next(m for m in file.namelist() if m.endswith(".xml"))) as types:
                    system = load_typesystem(types)
                for member in (m for m in file.namelist() if m.endswith(".xmi")):
                    load_cas_from_xmi(file.read(member).decode(), typesystem=system)
    assert conllu.parse(words.read_text(encoding="utf-8")) or extraction.sentences.empty
    book = openpyxl.load_workbook(sheet, read_only=True)
    assert not [cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]


def _pages(extraction: Extraction, folder: Path) -> None:
    """The reader and the tables of the notebooks start nothing of the articles' own."""
    for markup in _markup(extraction, folder):
        found = Markup()
        found.feed(markup)
        assert not found.found, found.found[:3]


def _markup(extraction: Extraction, folder: Path) -> list[str]:
    shown: list[str] = []
    kept, rendering._display = rendering._display, lambda markup, _: shown.append(markup)
    try:
        for found in extraction.tables.values():
            rendering.table(found.head(50))
    finally:
        rendering._display = kept
    page = reader.page(tables.read(folder), words=words("en"), event="<script>", foot=["<script>"])
    own = re.sub(r"(?s)<head>.*?</head>|<script\b[^>]*>.*?</script>", "", page)
    return [*shown, own]


def grow(text: str) -> float:
    """Processor seconds of decoding and cleaning a text."""
    started = time.process_time()
    raw, _ = corpus.decode(text.encode())
    blocks(pd.DataFrame({"doc_id": ["a"], "raw": [raw], "language": ["it"]}))
    return time.process_time() - started


def follow(text: str, *, pipeline: str = "") -> float:
    """Processor seconds of everything after the parse, of an article that holds a text; a blank pipeline by default."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.txt"
        path.write_text(f"Titolo del pezzo\n\n{PROSE}\n{text}\n", encoding="utf-8")
        extraction = extract(Settings.from_parameters(path))
        own = {} if pipeline else {"pipeline": blank_pipeline("it")}
        extraction.__dict__["docs"] = annotate(extraction.articles, extraction.blocks, progress=False, **own)
        started = time.process_time()
        for kind, found in extraction.tables.items():
            _in_place(kind, found, extraction.raw)
        return time.process_time() - started


def main() -> None:
    """Print one line a measure; a failure ends it with the articles that did it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000, help="hostile articles that are generated")
    parser.add_argument("--kills", type=int, default=100, help="times that a command is killed")
    parser.add_argument("--seconds", type=int, default=300, help="of articles that coverage leads to")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    kill(arguments.kills, arguments.seed)
    generate(arguments.articles, arguments.seed)
    guide(arguments.seconds, arguments.seed)
    growth()


def kill(n: int, seed: int) -> None:
    """Kill `extract` and `run`, the quicker one more often."""
    with tempfile.TemporaryDirectory() as folder, kills.killing(Path(folder)) as ours:
        for command, share in (("extract", 0.6), ("run", 0.4)):
            started = time.monotonic()
            met = kills.kill(ours, command, round(n * share), seed=seed)
            told = ", ".join(f"{count} {what}" for what, count in met.items())
            print(f"{command}: {round(n * share)} kills ({told}), all whole: {time.monotonic() - started:.0f} s")


def generate(n: int, seed: int) -> None:
    """Extract hostile articles by the batch, two batches at a time."""
    started, sizes = time.monotonic(), [min(BATCH, n - first) for first in range(0, n, BATCH)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(batch, sizes, (f"{seed}-{number}" for number in range(len(sizes)))))
    rows = sum(found, Counter[str]())
    told = ", ".join(f"{count} {kind}" for kind, count in rows.items() if kind in SHOWN)
    print(f"{n} hostile articles ({told}): nothing crashed, ran or left its folder: {time.monotonic() - started:.0f} s")


def batch(n: int, seed: str) -> Counter[str]:
    """Extract n hostile articles; keep them if that fails, or takes too long to be taken for work."""
    faulthandler.dump_traceback_later(TOO_LONG, exit=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work"
        write(work / "corpus", n, random.Random(seed))
        try:
            return check(work / "corpus")
        except Exception:
            kept = shutil.copytree(work, Path(tempfile.mkdtemp()) / seed)
            print(f"batch {seed} fails; its articles are kept in {kept}")
            raise
        finally:
            faulthandler.cancel_dump_traceback_later()


def guide(seconds: int, seed: int) -> None:
    """Let atheris change hostile articles where that leads to code not yet run."""
    if not importlib.util.find_spec("atheris"):
        print("!!! not led by coverage: atheris is not installed, there are no wheels for this system")
        return
    with tempfile.TemporaryDirectory() as folder:
        draw = random.Random(seed)
        (Path(folder) / "first").mkdir()
        for number in range(BATCH):
            (Path(folder) / "first" / str(number)).write_bytes(article(draw)[:LONGEST])
        command = [sys.executable, Path(__file__).with_name("guided.py"), "first", f"-max_total_time={seconds}"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        # What crashed, took too long or too much memory.
        kept = [shutil.copy(path, tempfile.mkdtemp()) for path in Path(folder).glob("*-*") if path.is_file()]
        assert done.returncode == 0, f"{kept} breaks it:\n{done.stderr[-3000:]}"
    told = re.search(r"Done (\d+) runs", done.stderr)
    reached = re.findall(r"cov: (\d+)", done.stderr)
    print(f"{told[1]} articles led by coverage ({reached[0]} to {reached[-1]} places of the code): nothing broke")


def growth() -> None:
    """Hold the time of every kind of nasty text against its length."""
    for size in SIZES:
        seconds = {kind: grow(make(size)) / size * 1e6 for kind, make in BOMBS.items()}
        worst = max(seconds, key=lambda kind: seconds[kind])
        told = f"{seconds[worst]:.2f} s a MB at most ({worst})"
        print(f"decoding and cleaning, {len(BOMBS)} kinds of text, {size / 1e6:g} MB: {told}")
        assert seconds[worst] < SECONDS
    for kind, make in BOMBS.items():
        few, many = (follow(make(size)) / size * 1e6 for size in RULE_SIZES)
        print(f"rules after a blank pipeline, {kind}: {many:.1f} s a MB; of a quarter of the text {few:.1f}")
        assert many < RULES, kind


if __name__ == "__main__":
    main()
