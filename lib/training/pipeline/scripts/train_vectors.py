"""Train floret sub-word vectors on the running text, with the training texts three times over."""

import argparse
import gzip
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import floret
from entities import read_entities
from it_rassegna_news.words import STRAIGHT
from treebanks import HELD_OUT, TREEBANKS, read_treebank

NEAR_COPIES = 3  # how often the small texts close to news count
SETTINGS = {
    "hashCount": 2,
    "bucket": 50_000,
    "minn": 4,
    "maxn": 5,
    "dim": 96,
    "epoch": 3,
    "minCount": 8,
}


def running_text(data: Path) -> Iterator[str]:
    """Yield the large corpora's lines."""
    for name in ("europarl", "eltec"):
        with gzip.open(data / "raw" / f"{name}.txt.gz", "rt", encoding="utf8") as lines:
            yield from lines


def near_text(data: Path) -> Iterator[str]:
    """Yield sentences of the training sets (never of the test sets) and of news pages."""
    for part in ("val", "test"):
        yield from (" ".join(words) for words, _ in read_entities(data / "wikineural" / f"{part}.conllu", 1))
    for name in ("WN_train", "WN_dev", "ADG_train", "FIC_train"):
        yield from (" ".join(words) for words, _ in read_entities(data / "kind" / f"{name}.tsv", 0))
    for name in (*TREEBANKS, HELD_OUT[0]):
        for sentence in read_treebank(data / "ud" / f"it_{name}.conllu"):
            yield " ".join(row[1] for row in _surface(sentence))
    for page in (data / "lines" / "it.jsonl").read_text("utf8").splitlines():
        yield from (line["text"] for line in json.loads(page)["lines"] if line["label"] != "furniture")


def _surface(sentence: list[list[str]]) -> Iterator[list[str]]:
    """Yield a sentence's words as written: a contraction instead of its parts."""
    covered = 0
    for row in sentence:
        if "-" in row[0]:
            covered = int(row[0].split("-")[1])
            yield row
        elif int(row[0]) > covered:
            yield row


def main() -> None:
    """Write floret's table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    near = list(near_text(options.data))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf8", suffix=".txt") as text:
        for lines in (running_text(options.data), *[near] * NEAR_COPIES):
            text.writelines(line.strip().translate(STRAIGHT).lower() + "\n" for line in lines)
        text.flush()
        model = floret.train_unsupervised(
            text.name,
            model="skipgram",
            mode="floret",
            lr=0.05,
            neg=5,
            ws=5,
            thread=1,
            **SETTINGS,
        )
    model.save_floret_vectors(str(options.out))


if __name__ == "__main__":
    main()
