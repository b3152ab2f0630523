"""Convert the treebanks and the entity files into spaCy's binary format."""

import argparse
import random
from collections.abc import Iterable
from pathlib import Path

from entities import entity_sets
from spacy.tokens import Doc, DocBin
from treebanks import syntax_sets


def write(path: Path, docs: Iterable[Doc]) -> None:
    """Write Docs and say how many words they hold."""
    stored = DocBin(docs=list(docs), store_user_data=False)
    stored.to_disk(path)
    print(path.name, len(stored), "docs", sum(len(tokens) for tokens in stored.tokens), "words")


def main() -> None:
    """Convert everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        help="folder with kind/, wikineural/ and ud/",
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for sets in (syntax_sets, entity_sets):
        for name, docs in sets(options.data, random.Random(options.seed)):
            write(options.out / f"{name}.spacy", docs)


if __name__ == "__main__":
    main()
