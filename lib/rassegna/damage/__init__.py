"""Places where a text looks damaged: a warning to the reader, never a deletion."""

from collections.abc import Mapping

import pandas as pd
from spacy.tokens import Doc

from rassegna.annotation import block_of, raw_span
from rassegna.damage.grammar import in_sentences
from rassegna.damage.text import in_blocks

COLUMNS = ["doc_id", "start", "end", "text", "block_id", "reason"]


def damage(blocks: pd.DataFrame, articles: pd.DataFrame, docs: Mapping[str, Doc]) -> pd.DataFrame:
    """Find what a reader should be warned of in the content of each article.

    Args:
        blocks: Table `blocks`, its content rows only.
        articles: One row per article: doc_id, language.
        docs: doc_id → Doc, as `annotate` gives them, of the articles whose grammar can be judged.

    Returns:
        Table `damage`, one row per place (with the first reason where two rules agree), sorted by doc_id, start, end:
        doc_id, start, end, text, block_id, reason. Reasons: see `text.in_blocks` and `grammar.in_sentences`.
    """
    language = dict(zip(articles["doc_id"], articles["language"], strict=True))
    rows = list(in_blocks(blocks, language))
    for doc_id, doc in docs.items():
        for span, reason in in_sentences(doc, language[doc_id]):
            rows.append((doc_id, *raw_span(span), span.text, block_of(span)[0], reason))
    found = pd.DataFrame(rows, columns=COLUMNS)
    found = found.sort_values(["doc_id", "start", "end", "reason"])
    return found.drop_duplicates(["doc_id", "start", "end"], ignore_index=True)
