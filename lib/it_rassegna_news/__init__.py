"""Italian spaCy pipeline for news: tokenizer, sentences, morphology, syntax, lemmas and entities."""

from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.util import get_model_meta, load_model_from_init_py

from it_rassegna_news import embedding, lemmas, sentences, tokenizer

__all__ = ["embedding", "lemmas", "load", "sentences", "tokenizer"]


def __getattr__(name: str) -> Any:
    """Give the version written in `meta.json`; a package without weights yet has none."""
    if name == "__version__":
        return get_model_meta(Path(__file__).parent)["version"]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load(**overrides: Any) -> Language:
    """Load the pipeline; the options are those of `spacy.load` (disable, exclude, config)."""
    return load_model_from_init_py(__file__, **overrides)
