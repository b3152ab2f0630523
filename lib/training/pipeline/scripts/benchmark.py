"""Time the pipeline beside a bare spaCy one of the same architecture, on the same text, in one run, turn by turn."""

import argparse
import json
from pathlib import Path
from typing import Any

import spacy
from evaluate import articles, words_per_second
from spacy.language import Language
from spacy.training import Corpus

FEATURES = {
    "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
    "rows": [5000, 1000, 2500, 1000],
    "include_static_vectors": False,
}


def tok2vec(width: int, depth: int) -> dict[str, Any]:
    """Return the settings of spaCy's own network, as wide and deep as the pipeline's."""
    encode = {"width": width, "depth": depth, "window_size": 1, "maxout_pieces": 3}
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": width,
            **FEATURES,
        },
        "encode": {"@architectures": "spacy.MaxoutWindowEncoder.v2", **encode},
    }


def bare_pipeline(treebank: Path, entity_docs: Path) -> Language:
    """Return a spaCy pipeline with stock parts only, trained for a few steps so that it parses like one in use."""
    nlp = spacy.blank("it")
    listener = {
        "@architectures": "spacy.Tok2VecListener.v1",
        "width": 128,
        "upstream": "tok2vec",
    }
    nlp.add_pipe("tok2vec", config={"model": tok2vec(128, 5)})
    nlp.add_pipe(
        "morphologizer",
        config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": listener}},
    )
    state = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "extra_state_tokens": False,
        "use_upper": True,
    }
    state |= {"maxout_pieces": 2}
    parser = state | {"state_type": "parser", "hidden_width": 128, "tok2vec": listener}
    nlp.add_pipe("parser", config={"model": parser})
    nlp.add_pipe(
        "trainable_lemmatizer",
        config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": listener}},
    )
    nlp.add_pipe(
        "ner",
        config={"model": state | {"state_type": "ner", "hidden_width": 64, "tok2vec": tok2vec(96, 4)}},
    )
    syntax = list(Corpus(treebank, limit=60)(nlp))
    entities = list(Corpus(entity_docs, limit=1500)(nlp))
    optimizer = nlp.initialize(lambda: syntax + entities)
    for examples in (syntax, entities):
        for start in range(0, len(examples), 10):
            nlp.update(examples[start : start + 10], sgd=optimizer)
    return nlp


def main() -> None:
    """Print words a second of both, best of three turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipeline", help="path or name")
    parser.add_argument("--corpus", type=Path, required=True, help="folder that convert.py wrote")
    options = parser.parse_args()
    ours = spacy.load(options.pipeline)
    bare = bare_pipeline(options.corpus / "syntax-plain.spacy", options.corpus / "entities-gold.spacy")
    texts = articles(ours, options.corpus / "wikinews-dev.spacy")
    best = {"pipeline": 0.0, "bare spaCy": 0.0}
    for _ in range(3):
        for name, nlp in (("pipeline", ours), ("bare spaCy", bare)):
            best[name] = max(best[name], words_per_second(nlp, texts, repeats=1))
    print(json.dumps(best, indent=1))


if __name__ == "__main__":
    main()
