"""Score a pipeline on the held-out sets: entities by label, parts of speech, syntax, lemmas, sentences, speed."""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import it_rassegna_news  # noqa: F401  (registers the components)
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Corpus

Scores = dict[str, float]


def precision_recall(right: int, found: int, wanted: int) -> Scores:
    """Return precision, recall and F, in 0-1."""
    precision = right / found if found else 0.0
    recall = right / wanted if wanted else 0.0
    total = precision + recall
    return {
        "p": precision,
        "r": recall,
        "f": 2 * precision * recall / total if total else 0.0,
    }


def tags(doc: Doc) -> list[str]:
    """Return the label of each word's entity, empty outside; NERMuD's scorer drops the B- and I- too."""
    return [token.ent_type_ for token in doc]


def entities(nlp: Language, path: Path) -> dict[str, Scores]:
    """Score entities on the files' own words: strict spans by label, and NERMuD's score by word.

    The words of a KIND file carry no sentences' syntax; each Doc is one sentence.
    """
    gold = list(DocBin().from_disk(path).get_docs(nlp.vocab))
    bare = [
        Doc(
            nlp.vocab,
            words=[t.text for t in d],
            spaces=[bool(t.whitespace_) for t in d],
        )
        for d in gold
    ]
    right, found, wanted = Counter[str](), Counter[str](), Counter[str]()
    by_tag = {name: Counter[str]() for name in ("right", "found", "wanted")}
    for doc, reference in zip(nlp.pipe(bare), gold, strict=True):
        predicted = {(e.start, e.end, e.label_) for e in doc.ents}
        expected = {(e.start, e.end, e.label_) for e in reference.ents}
        for counter, spans in (
            (right, predicted & expected),
            (found, predicted),
            (wanted, expected),
        ):
            counter.update(label for _, _, label in spans)
            counter["micro"] += len(spans)
        for guess, truth in zip(tags(doc), tags(reference), strict=True):
            by_tag["found"]["micro"] += guess != ""
            by_tag["wanted"]["micro"] += truth != ""
            by_tag["right"]["micro"] += guess == truth != ""
    scores = {label: precision_recall(right[label], found[label], wanted[label]) for label in sorted(wanted)}
    scores["token"] = precision_recall(*(by_tag[name]["micro"] for name in ("right", "found", "wanted")))
    return scores


def syntax(nlp: Language, path: Path) -> Scores:
    """Score everything else on raw text, ten sentences a Doc, punctuation left out of the attachment scores."""
    kept = [name for name in nlp.pipe_names if name != "ner"]
    with nlp.select_pipes(enable=kept):
        scores = nlp.evaluate(list(Corpus(path)(nlp)))
    names = (
        "token_f",
        "pos_acc",
        "morph_acc",
        "dep_uas",
        "dep_las",
        "lemma_acc",
        "sents_p",
        "sents_r",
        "sents_f",
    )
    return {name: float(scores[name]) for name in names if scores.get(name) is not None}


def words_per_second(nlp: Language, texts: list[str], *, repeats: int = 3) -> float:
    """Return the best of several timings over the texts, by CPU time (one thread); white space not counted."""
    best = 0.0
    for _ in range(repeats):
        start = time.process_time()
        words = sum(sum(not t.is_space for t in doc) for doc in nlp.pipe(texts))
        best = max(best, words / (time.process_time() - start))
    return best


def main() -> None:
    """Print the scores as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipeline", help="path or name")
    parser.add_argument("--corpus", type=Path, required=True, help="folder that convert.py wrote")
    parser.add_argument("--part", choices=("dev", "test"), default="dev")
    parser.add_argument("--skip", nargs="*", default=[], choices=("entities", "syntax", "speed"))
    options = parser.parse_args()
    start = time.perf_counter()
    nlp = spacy.load(options.pipeline)
    report: dict[str, Any] = {"load_s": time.perf_counter() - start}
    parts: dict[str, Callable[[], Any]] = {
        "entities": lambda: entities(nlp, options.corpus / f"wikinews-{options.part}.spacy"),
        "syntax": lambda: syntax(nlp, options.corpus / f"isdt-ud-{options.part}.spacy"),
        "speed": lambda: words_per_second(nlp, articles(nlp, options.corpus / "wikinews-dev.spacy")),
    }
    report |= {name: score() for name, score in parts.items() if name not in options.skip}
    print(json.dumps(report, indent=1))


def articles(nlp: Language, path: Path, *, size: int = 20) -> list[str]:
    """Return the held-out texts joined into pieces as long as an article."""
    texts = [doc.text for doc in DocBin().from_disk(path).get_docs(nlp.vocab)]
    return [" ".join(texts[i : i + size]) for i in range(0, len(texts), size)]


if __name__ == "__main__":
    main()
