"""Put the trained parts together into one pipeline, lemmas learnt, and write it."""

import argparse
import shutil
from pathlib import Path
from typing import cast

import spacy
from it_rassegna_news.lemmas import DictionaryLemmatizer
from spacy.language import Language
from spacy.training import Corpus

TOKENIZER = {"nlp": {"tokenizer": {"@tokenizers": "rassegna.Tokenizer.v1"}}}


def assemble(syntax: Path, entities: Path, treebanks: list[Path]) -> Language:
    """Return the whole pipeline from its trained parts and the Docs that lemmas are learnt from."""
    nlp = spacy.blank("it", config=TOKENIZER)
    nlp.add_pipe("rassegna_line_breaks", name="line_breaks")
    trained = spacy.load(syntax)
    for name in ("tok2vec", "morphologizer", "parser"):
        nlp.add_pipe(name, source=trained)
    lemmatizer = cast("DictionaryLemmatizer", nlp.add_pipe("rassegna_lemmatizer", name="lemmatizer"))
    corpora = [Corpus(path) for path in treebanks]
    lemmatizer.initialize(lambda: (example for corpus in corpora for example in corpus(nlp)), nlp=nlp)
    nlp.add_pipe("ner", source=spacy.load(entities))
    return nlp


def main() -> None:
    """Write the pipeline with its name, version and licence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--syntax", type=Path, required=True)
    parser.add_argument("--entities", type=Path, required=True)
    parser.add_argument("--treebanks", type=Path, nargs="+", required=True)
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--package", type=Path, required=True, help="the package's folder, where it is written")
    options = parser.parse_args()
    nlp = assemble(options.syntax, options.entities, options.treebanks)
    nlp.meta.update(
        name="rassegna_news",
        version=options.version,
        description="Italian pipeline for news: sentences, morphology, syntax, lemmas, entities PER ORG LOC.",
        license="CC BY-NC-SA 4.0",
        spacy_version=">=3.8.0,<3.9.0",
        performance={},
    )
    for old in options.package.glob("it_rassegna_news-*"):
        shutil.rmtree(old)
    folder = options.package / f"it_rassegna_news-{options.version}"
    nlp.to_disk(folder)
    # The words of the training data have no place in the package; the parts add their labels' strings on loading.
    (folder / "vocab" / "strings.json").write_text("[]", encoding="utf8")
    shutil.copyfile(folder / "meta.json", options.package / "meta.json")


if __name__ == "__main__":
    main()
