"""Measure the road of web pages against trafilatura alone, in one run, on pages with gold main text.

    PYTHONPATH=lib python lib/training/cleaning/evaluate_pages.py FOLDER [--seen LINES_DIR]

FOLDER is a checkout of scrapinghub/article-extraction-benchmark (gold: the article's body, without its title) or of
adbar/trafilatura (gold: pieces of text that belong to the article, and pieces that do not). Pages whose address is in
LINES_DIR, on which the line classifier was trained, are left out.

Compared are trafilatura's text, and of ours the lines labelled subtitle, heading or body (and, where the gold does not
leave it out, the title). Of bodies: runs of four words, as that benchmark counts them, precision and recall the means
over pages. Of pieces: found or not, over all pages.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import trafilatura
from rassegna.cleaning import blocks
from rassegna.corpus.decoding import RefusalError
from rassegna.corpus.items import of_page
from rassegna.corpus.pages import _decode_page

BODY = ("subtitle", "heading", "body")
SAMPLES = 1_000  # of the bootstrap
Case = tuple[str, bytes, Any]  # address, page, gold
Counts = tuple[float, ...]  # true positives, false positives, false negatives


def cases(folder: Path) -> Iterator[Case]:
    """The pages of a folder with their gold."""
    if (folder / "ground-truth.json").is_file():
        for name, gold in sorted(json.loads((folder / "ground-truth.json").read_text(encoding="utf-8")).items()):
            yield gold["url"], gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()), gold["articleBody"]
        return
    for url, gold in json.loads((folder / "tests" / "evaldata.json").read_text(encoding="utf-8")).items():
        for path in (folder / "tests" / place / gold["file"] for place in ("eval", "cache")):
            if path.is_file():
                yield url, path.read_bytes(), (gold["with"], gold["without"])
                break


def texts(page: bytes, *, language: str, has_title: bool) -> dict[str, str]:
    """What each road gives of a page as its article; a page that names no language is in the one given."""
    alone = trafilatura.extract(_decode_page(page, "")[0], include_comments=False) or ""
    try:
        article = of_page("page.html", "page", page)
    except RefusalError:
        return {"trafilatura alone": alone, "line classifier alone": "", "both": ""}
    kept = ("title", *BODY) if has_title else BODY
    row = {"doc_id": "page", "language": article.page.get("language", language), "raw": article.raw}
    known = row | {"main": article.main, "headline": article.headline}
    of_ours = {"line classifier alone": row, "both": known}
    labelled = {name: blocks(pd.DataFrame([values])) for name, values in of_ours.items()}
    return {"trafilatura alone": alone} | {
        name: "\n".join(table.loc[table["label"].isin(kept), "text"]) for name, table in labelled.items()
    }


def of_body(text: str, gold: str) -> Counts:
    """Runs of four words that text and gold share, that only the text has, that only the gold has; they sum to one."""
    found, wanted = _runs(text), _runs(gold)
    both = sum((found & wanted).values())
    counts = both, sum(found.values()) - both, sum(wanted.values()) - both
    return tuple(n / max(sum(counts), 1) for n in counts)


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[k : k + 4]) for k in range(max(1, len(words) - 3)) if words)


def of_pieces(text: str, gold: tuple[Sequence[str], Sequence[str]]) -> Counts:
    """Pieces of the article that are there, pieces of the rest that are there, pieces of the article that are not."""
    found = " ".join(text.split())
    there, other = (sum(" ".join(piece.split()) in found for piece in pieces) for pieces in gold)
    return there, other, len(gold[0]) - there


def mean_scores(pages: Sequence[Counts]) -> tuple[float, float, float]:
    """Precision and recall as means over pages, and their F."""
    precision = [tp / (tp + fp) for tp, fp, _ in pages if tp + fp]
    recall = [tp / (tp + fn) for tp, _, fn in pages if tp + fn]
    return _with_f(sum(precision) / max(len(precision), 1), sum(recall) / max(len(recall), 1))


def sum_scores(pages: Sequence[Counts]) -> tuple[float, float, float]:
    """Precision and recall over all pages together, and their F."""
    tp, fp, fn = (sum(page[k] for page in pages) for k in range(3))
    return _with_f(tp / max(tp + fp, 1), tp / max(tp + fn, 1))


def _with_f(precision: float, recall: float) -> tuple[float, float, float]:
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def print_scores(counts: dict[str, list[Counts]], scores: Callable[..., tuple[float, float, float]]) -> None:
    """Print the roads as a Markdown table, and how far both together lie above trafilatura alone."""
    print(f"{len(counts['both'])} pages\n\n| | precision | recall | F |\n|---|---|---|---|")
    for name, pages in counts.items():
        print(f"| {name} | " + " | ".join(f"{value:.4f}" for value in scores(pages)) + " |")
    pairs = list(zip(counts["both"], counts["trafilatura alone"], strict=True))
    chance = random.Random(0)
    differences = []
    for _ in range(SAMPLES):
        ours, theirs = zip(*chance.choices(pairs, k=len(pairs)), strict=True)
        differences.append(scores(ours)[2] - scores(theirs)[2])
    low, high = sorted(differences)[SAMPLES // 40], sorted(differences)[-SAMPLES // 40]
    print(
        f"\nF of both less F of trafilatura alone: {low:+.4f} to {high:+.4f} (95 % of {SAMPLES} samples of the pages)"
    )


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seen", type=Path)
    parser.add_argument("--language", default="en", help="of pages that name none, as the corpus's is in the workbook")
    parser.add_argument("--every", type=int, default=1, help="measure only every n-th page")
    given = parser.parse_args()
    seen = set()
    for path in given.seen.glob("*.jsonl") if given.seen else ():
        seen |= {json.loads(line)["url"] for line in path.read_text(encoding="utf-8").splitlines()}
    is_body = (given.folder / "ground-truth.json").is_file()
    counts: dict[str, list[Counts]] = {}
    for url, page, gold in islice(cases(given.folder), 0, None, given.every):
        if url not in seen:
            for name, text in texts(page, language=given.language, has_title=not is_body).items():
                counts.setdefault(name, []).append(of_body(text, gold) if is_body else of_pieces(text, gold))
    print_scores(counts, mean_scores if is_body else sum_scores)


if __name__ == "__main__":
    main()
