"""How far the tables can be trusted: extraction against hand annotation, and coder against coder."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from rassegna.tables import by_article
from rassegna.validity import judging
from rassegna.validity.agreement import agreement, compared
from rassegna.validity.annotations import FOLDER, LISTS, Annotations, places, read_annotations
from rassegna.validity.effects import effects
from rassegna.validity.matching import Case, Judgement
from rassegna.validity.scoring import scores

if TYPE_CHECKING:
    from rassegna.corpus_tables import Extraction

__all__ = [
    "FOLDER",
    "LISTS",
    "Annotations",
    "agreement",
    "compared",
    "effects",
    "judgements",
    "places",
    "read_annotations",
    "scores",
]

_TABLES = (
    "articles", "blocks", "damage", "sentences", "mentions", "quotes", "quotation_marks", "quantities", "dates",
    "facts", "terms",
)  # fmt: skip
_JUDGES = (
    judging.blocks, judging.metadata, judging.quotes, judging.quantities, judging.dates, judging.mentions,
    judging.terms, judging.damage,
)  # fmt: skip


def judgements(extraction: "Extraction", coders: Sequence[Annotations]) -> pd.DataFrame:
    """Judge what was extracted from the articles that the coders annotated, by each of them.

    A list that a coder left out is not judged, nor a table that does not exist; where a coder read parts of an
    article only, only what was found in these counts.

    Args:
        extraction: The corpus.
        coders: Each coder's annotation of it.

    Returns:
        One row per coder, measure and annotated or found item, by article: coder, table, measure, kind (found: whether
        it is there; value: what is told of it, where it was found; look-alike: whether it was left alone), doc_id,
        start, end (null where the item has no place), text, status (right, wrong value, missed, invented), gold, found
        (what is annotated and what was found), n_gold, n_right, n_found (items, or characters; n_found is null where
        the annotation does not hold all there is).
    """
    judged = [
        (coder.coder, *judgement)
        for coder, case, facts in _cases(extraction, coders)
        for part in (
            *(judge(case) for judge in _JUDGES),
            judging.facts(case, facts),
            judging.offsets(case, extraction.raw[case.doc_id]),
        )
        for judgement in part
    ]
    texts = dict.fromkeys(["coder", "table", "measure", "kind", "doc_id", "text", "status", "gold", "found"], "str")
    whole = dict.fromkeys(["start", "end", "n_gold", "n_right", "n_found"], "Int64")
    return pd.DataFrame(judged, columns=["coder", *Judgement._fields]).astype(texts | whole)


def _cases(
    extraction: "Extraction", coders: Sequence[Annotations]
) -> Iterator[tuple[Annotations, Case, list[dict[str, Any]]]]:
    """Each coder's articles with what was found in them, and the annotated facts that were looked for."""
    if not coders:
        return
    found = {name: getattr(extraction, name) for name in _TABLES}
    known = set(found["facts"]["fact_id"])
    rows = {name: by_article(table) for name, table in found.items()}
    for coder in coders:
        facts = [fact for fact in coder.facts if fact["fact_id"] in known]
        for doc_id, gold in coder.articles.items():
            own = {name: by_article.get(doc_id, []) for name, by_article in rows.items()}
            yield coder, Case(doc_id, gold, own, coder.names, coder.complete), facts
