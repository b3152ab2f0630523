"""What the errors do to the findings: the same shares, once from the annotation and once from the extraction."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from rassegna import voices
from rassegna.tables import by_article
from rassegna.validity.annotations import Annotations
from rassegna.validity.matching import Case, touches

if TYPE_CHECKING:
    from rassegna.corpus_tables import Extraction

VOICE, BOUNDS, TERMS = "share of voice", "bounds of numbers", "voice of contested terms"
_COLUMNS = {
    **dict.fromkeys(["coder", "finding", "doc_id", "what"], "str"),
    "n_annotated": "int64",
    "n_extracted": "int64",
}
# Bounds of the annotation that the table has other words for.
_BOUNDS = {"ordinal": "exact", "dozens": "vague", "thousands": "vague"}


def effects(extraction: "Extraction", coders: Sequence[Annotations]) -> pd.DataFrame:
    """Compute findings from the annotation and from the extraction, on the articles that each coder annotated.

    Where the coder's list holds all there is, all that was extracted counts; where it is a selection, and of contested
    terms, what was extracted of the annotated items, and reported statements are left out of the share of voice.

    Args:
        extraction: The corpus.
        coders: Each coder's annotation.

    Returns:
        One row per coder, finding, article and what has a share: coder, finding (share of voice: utterances by
        speaker; bounds of numbers; voice of contested terms), doc_id, name (see `Extraction.outlets`), what,
        n_annotated, n_extracted, share_annotated, share_extracted (0-1, of the article's; null where it has none),
        difference (points, extracted less annotated); in the order of coders, findings and outlets, then by falling
        n_annotated and what.
    """
    names = ("quotes", "quantities", "terms") if coders else ()
    rows = {name: by_article(getattr(extraction, name)) for name in names}
    counted: list[tuple[str, str, str, str, int, int]] = []
    for coder in coders:
        for doc_id, gold in coder.articles.items():
            found = {name: own.get(doc_id, []) for name, own in rows.items()}
            case = Case(doc_id, gold, found, coder.names, coder.complete)
            for finding, (annotated, extracted) in (
                (VOICE, _speakers(case)),
                (BOUNDS, _told(case, "quantities", "quantities", "bound")),
                (TERMS, _told(case, "voices", "terms", "voice")),
            ):
                for what in sorted({*annotated, *extracted}):
                    counts = annotated.count(what), extracted.count(what)
                    counted.append((coder.coder, finding, doc_id, what, *counts))
    return _shares(
        pd.DataFrame(counted, columns=list(_COLUMNS)).astype(_COLUMNS),
        extraction.outlets,
        [coder.coder for coder in coders],
    )


def _shares(table: pd.DataFrame, outlets: Mapping[str, str], coders: list[str]) -> pd.DataFrame:
    for side in ("annotated", "extracted"):
        total = table.groupby(["coder", "finding", "doc_id"])[f"n_{side}"].transform("sum")
        table[f"share_{side}"] = table[f"n_{side}"] / total.where(total > 0)
    table = table.assign(
        name=table["doc_id"].map(outlets),
        difference=(table["share_extracted"] - table["share_annotated"]) * 100,
        coder_place=table["coder"].map({name: n for n, name in enumerate(coders)}),
        place=table["doc_id"].map({doc_id: n for n, doc_id in enumerate(outlets)}),
    )
    order = {
        "coder_place": True,
        "finding": False,
        "place": True,
        "n_annotated": False,
        "n_extracted": False,
        "what": True,
    }
    table = table.sort_values(list(order), ascending=list(order.values()), ignore_index=True)
    shares = ["share_annotated", "share_extracted", "difference"]
    return table[["coder", "finding", "doc_id", "name", "what", "n_annotated", "n_extracted", *shares]]


def _speakers(case: Case) -> tuple[list[str], list[str]]:
    """Whose each annotated and each extracted utterance is; a name of the annotation where one is the same."""
    if "quotes" not in case.gold:
        return [], []
    with_reports = "indirect" in case.gold and "indirect" in case.complete
    kinds = ["quotes", "indirect"] if with_reports else ["quotes"]
    gold = [(item["start"], item["end"], item["speaker"]) for kind in kinds for item in case.items(kind)]
    found = [(r.start, r.end, r.speaker) for r in case.rows("quotes") if with_reports or r.kind != "indirect"]
    columns = ["start", "end", "speaker"]
    said = [voices.utterances(pd.DataFrame(rows, columns=columns).astype({"speaker": "str"}).assign(doc_id=case.doc_id))
            ["speaker"].tolist() for rows in (gold, found)]  # fmt: skip
    annotated, extracted = ([case.names.canonical(name) for name in side] for side in said)
    known = sorted(set(annotated))
    return annotated, [
        name if name in known else next((own for own in known if case.names.same(own, name)), name)
        for name in extracted
    ]


def _told(case: Case, name: str, table: str, key: str) -> tuple[list[str], list[str]]:
    """What is told of each item of a list and of each row of its table."""
    if name not in case.gold or table not in case.tables:
        return [], []
    items, rows = case.items(name), case.rows(table)
    # The table of terms holds the plain words of a contested set, too, which no coder marks as contested: each
    # annotated item counts once there.
    if name in case.complete and table != "terms":
        return [_word(item[key]) for item in items], [getattr(row, key) for row in rows]
    # What the coder finds as right is no shift.
    told = [(item, getattr(own[0], key)) for item in items if (own := [row for row in rows if touches(item, row)])]
    accepted = [item[key] if value in (item.get("also") or ()) else value for item, value in told]
    return [_word(item[key]) for item in items], [_word(value) for value in accepted]


def _word(bound: str) -> str:
    return _BOUNDS.get(bound, bound)
