"""How far the tables can be trusted: extraction against hand annotation, and coder against coder."""

from typing import TYPE_CHECKING

import pandas as pd

from rassegna import tables
from rassegna.validity import judging
from rassegna.validity.annotations import FOLDER, Annotations, read_annotations
from rassegna.validity.matching import Case, Judgement
from rassegna.validity.scoring import scores

if TYPE_CHECKING:
    from rassegna.extraction import Extraction

__all__ = ["FOLDER", "Annotations", "judgements", "read_annotations", "scores"]

_JUDGES = (
    judging.blocks, judging.metadata, judging.quotes, judging.quantities, judging.dates, judging.mentions,
    judging.terms, judging.damage,
)  # fmt: skip


def judgements(extraction: "Extraction", annotations: Annotations) -> pd.DataFrame:
    """Judge what was extracted from the articles that a coder annotated.

    A list that the coder left out is not judged, nor a table that does not exist; where the coder read parts of an
    article only, only what was found in these counts.

    Args:
        extraction: The corpus.
        annotations: One coder's annotation of it.

    Returns:
        One row per annotated or found item and measure, by article: coder, table, measure, kind (found: whether it is
        there; value: what is told of it, where it was found; look-alike: whether it was left alone), doc_id, start,
        end (null where the item has no place), text, status (right, wrong value, missed, invented), gold, found (what
        is annotated and what was found), n_gold, n_right, n_found (items, or characters; n_found is null where the
        annotation does not hold all there is).
    """
    names = [name for name in tables.schemas() if name not in ("refused", "validity")]
    found = {name: getattr(extraction, name) for name in names}
    known = set(found["facts"]["fact_id"]) if "facts" in found else set()
    facts = [fact for fact in annotations.facts if fact["fact_id"] in known]
    rows = {
        name: {doc_id: list(own.itertuples(index=False)) for doc_id, own in table.groupby("doc_id")}
        for name, table in found.items()
    }
    judged: list[Judgement] = []
    for doc_id, gold in annotations.articles.items():
        own = {name: rows[name].get(doc_id, []) for name in names}
        case = Case(doc_id, gold, own, annotations.names, annotations.complete)
        for judge in _JUDGES:
            judged.extend(judge(case))
        judged.extend(judging.facts(case, facts))
        judged.extend(judging.offsets(case, extraction.raw[doc_id]))
    table = pd.DataFrame(judged, columns=Judgement._fields)
    table.insert(0, "coder", annotations.coder)
    return table
