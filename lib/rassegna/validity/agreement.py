"""How far coders agree: Krippendorff's alpha for the values of what they marked, and for what they marked at all."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import krippendorff
import numpy as np
import pandas as pd

from rassegna import languages
from rassegna.cleaning import CONTENT
from rassegna.languages.verbs import find_cues
from rassegna.validity.annotations import Annotations
from rassegna.validity.matching import Item
from rassegna.validity.names import Names, folded
from rassegna.validity.scoring import CONFIDENCE, MIN_ARTICLES
from rassegna.validity.unitizing import Spans, coincide, unitizing_alpha

# Lists whose spans are marked on the running text, and what their items tell.
UNITS = ("quotes", "indirect", "quantities", "dates", "mentions", "voices", "damage")
VALUES = {
    "blocks": ("label",),
    "quotes": ("speaker", "cue_class"),
    "indirect": ("speaker", "cue_class"),
    "quantities": ("value", "bound"),
    "dates": ("value",),
    "mentions": ("label",),
    "voices": ("voice",),
}
_COLUMNS = {
    "list": "str",
    "measure": "str",
    **dict.fromkeys(["alpha", "low", "high"], "float64"),
    "interval": "str",
    **dict.fromkeys(["n", "n_agree"], "int64"),
    "is_complete": "bool",
}
_UNKNOWN = ("", "either")


def agreement(
    coders: Sequence[Annotations],
    *,
    raw: Mapping[str, str],
    language: Mapping[str, str],
    seed: int = 1,
    n_resamples: int = 1000,
) -> pd.DataFrame:
    """Measure how far coders agree, on the articles that they all annotated.

    Values are compared on what at least two marked: nominal alpha. What they marked is compared character by
    character of the content that all read: unitizing alpha. Where one of them marked a selection only, the second is
    low whatever they would have agreed on: see `is_complete`.

    Args:
        coders: Two coders or more; fewer give an empty table.
        raw: doc_id to text.
        language: doc_id to language, for the classes of cues.
        seed: Seed of the draws.
        n_resamples: Draws for an interval.

    Returns:
        One row per list and measure, in the order of the form: list, measure (units, or the key that tells a value),
        alpha (1 agreement, 0 as chance has it; null where only one value occurs), low, high (the middle 95 % of alpha
        when articles are drawn anew, where five or more were annotated; of values else when units are; null where no
        draw can differ), interval (articles, items, none), n (units that two coders marked; for `units` characters),
        n_agree (where all who marked it agree; for `units` characters too), is_complete (every coder's list holds all
        there is).

    Source:
        Krippendorff 2019, Content Analysis, 4th ed., chapter 12; Krippendorff, Mathet, Bouvry and Widlöcher 2016,
        Quality & Quantity 50(6), for `units`.
    """
    rows = []
    for name, own in _shared(coders):
        whole = all(name in c.complete for c in coders)
        for key in VALUES.get(name, ()):
            units = [
                (doc_id, values)
                for doc_id in own
                for _, values in _units(coders, doc_id, name, key, language.get(doc_id, ""))
            ]
            if units:
                rows.append((name, key, *_nominal(units, seed, n_resamples), whole))
        if name in UNITS:
            rows.append((name, "units", *_unitizing(coders, own, name, raw, seed, n_resamples), whole))
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def compared(coders: Sequence[Annotations], *, language: Mapping[str, str]) -> pd.DataFrame:
    """Where what `agreement` compares stands.

    Args:
        coders: Two coders or more; fewer give an empty table.
        language: doc_id to language, for the classes of cues.

    Returns:
        One row per list, measure and unit that two coders marked, or, where measure is units, that any of them
        marked: list, measure, doc_id, start, end (as the first of them has it), is_agreed (all who marked it told the
        same; of units, all marked just this).
    """
    rows = []
    for name, own in _shared(coders):
        for doc_id in own:
            for key in VALUES.get(name, ()):
                for place, values in _units(coders, doc_id, name, key, language.get(doc_id, "")):
                    rows.append((name, key, doc_id, *place, len(set(filter(None, values))) == 1))
            marked = Counter((i["start"], i["end"]) for c in coders for i in c.articles[doc_id][name])
            if name in UNITS:
                rows += [(name, "units", doc_id, *place, n == len(coders)) for place, n in sorted(marked.items())]
    return pd.DataFrame(rows, columns=["list", "measure", "doc_id", "start", "end", "is_agreed"])


def _shared(coders: Sequence[Annotations]) -> Iterator[tuple[str, list[str]]]:
    """The lists that all coders filled in, in the order of the form, and the articles in which they did."""
    shared = sorted(set.intersection(*(set(c.articles) for c in coders))) if len(coders) > 1 else []
    for name in [*VALUES, *(unit for unit in UNITS if unit not in VALUES)]:
        if own := [doc_id for doc_id in shared if all(name in c.articles[doc_id] for c in coders)]:
            yield name, own


def _units(
    coders: Sequence[Annotations], doc_id: str, name: str, key: str, language: str
) -> Iterator[tuple[tuple[int, int], list[str]]]:
    """Each unit that two coders or more marked: where, and a value by coder, empty where a coder did not mark it."""
    units: list[list[Item | None]] = []
    for n, coder in enumerate(coders):
        for item in coder.articles[doc_id][name]:
            same = (unit for unit in units if unit[n] is None and any(o and _overlap(o, item) for o in unit))
            unit = next(same, None)
            if unit is None:
                unit = [None] * len(coders)
                units.append(unit)
            unit[n] = item
    for unit in units:
        values = _agreed([_values(item, key, language) if item else [] for item in unit], key, coders[0].names)
        if sum(bool(value) for value in values) > 1:
            first = next(item for item in unit if item)
            yield (first["start"], first["end"]), values


def _values(item: Item, key: str, language: str) -> list[str]:
    """The value of an item, then others that the coder finds as right; none where there is nothing to compare."""
    if key == "cue_class":
        return [found] if (found := item[key] or cue_class(item["cue"] or "", language)) else []
    value = item[key]
    told = f"{value:g}" if isinstance(value, int | float) else value or ""
    return [] if told in _UNKNOWN else [told, *(item.get("also") or [])]


def _agreed(values: list[list[str]], key: str, names: Names) -> list[str]:
    """One value by coder: that which all take for right, if there is one."""
    marked = [own for own in values if own]
    same: Callable[[str, str], bool] = names.same if key == "speaker" else str.__eq__
    for value in marked[0] if marked else ():
        if all(any(same(value, other) for other in own) for own in marked):
            return [value if own else "" for own in values]
    return [own[0] if own else "" for own in values]


def cue_class(cue: str, language: str) -> str:
    """The class of a cue as written, by the language's lists; empty where they have none."""
    words = cue.split()
    if not words or not languages.optional(language, "quotation"):
        return ""
    if matches := find_cues(words, language=language):
        return matches[0].cue.stance
    for group in languages.entry(language, "attribution", "prepositions"):
        if any(folded(cue).startswith(folded(phrase)) for phrase in group["cues"]):
            return str(group["stance"])
    return ""


def _overlap(one: Item, other: Item) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


def _nominal(units: list[tuple[str, list[str]]], seed: int, n_resamples: int) -> tuple[Any, ...]:
    """Alpha of the values, its interval, how that was found, n and n_agree."""
    domain = {value: n for n, value in enumerate(sorted({v for _, values in units for v in values if v}))}
    counts = np.zeros((len(units), len(domain)))
    for n, (_, values) in enumerate(units):
        for value in values:
            if value:
                counts[n, domain[value]] += 1
    doc_ids = np.array([doc_id for doc_id, _ in units])
    groups = [np.flatnonzero(doc_ids == doc_id) for doc_id in sorted(set(doc_ids))]
    by_article = len(groups) >= MIN_ARTICLES
    parts = groups if by_article else [np.array([n]) for n in range(len(units))]

    def alpha(drawn: np.ndarray) -> float:
        rows = counts[np.concatenate([parts[n] for n in drawn])]
        used = rows[:, rows.any(axis=0)]
        return (
            float(krippendorff.alpha(value_counts=used, level_of_measurement="nominal"))
            if used.shape[1] > 1
            else np.nan
        )

    n_agree = int(((counts > 0).sum(axis=1) == 1).sum())
    how = "articles" if by_article else "items"
    return (*_with_interval(alpha, len(parts), how, seed, n_resamples), len(units), n_agree)


def _unitizing(
    coders: Sequence[Annotations], doc_ids: list[str], name: str, raw: Mapping[str, str], seed: int, n_resamples: int
) -> tuple[Any, ...]:
    """Alpha of the units, its interval, how that was found, and characters: in all and agreed on."""
    laid = [coincide(*_continuum([c.articles[doc_id] for c in coders], name, len(raw[doc_id]))) for doc_id in doc_ids]
    found, own = np.array([pair[0] for pair in laid]), np.array([pair[1] for pair in laid])

    def alpha(drawn: np.ndarray) -> float:
        return unitizing_alpha(found[drawn].sum(axis=0), own[drawn].sum(axis=0))

    how = "articles" if len(doc_ids) >= MIN_ARTICLES else "none"
    n = round(found.sum() / len(coders))
    return (
        *_with_interval(alpha, len(doc_ids), how, seed, n_resamples),
        *(n, round(found.trace(axis1=1, axis2=2).sum() / len(coders))),
    )


def _continuum(articles: list[dict[str, Any]], name: str, length: int) -> tuple[list[Spans], int]:
    """Each coder's units on the content that all read, laid end to end, and its length; an inner unit is left out."""
    read = np.ones(length, dtype=bool)
    content = [block for article in articles for block in article.get("blocks", ()) if block["label"] in CONTENT]
    for spans in (content, *(article["coded"] for article in articles if "coded" in article)):
        kept = np.zeros(length, dtype=bool)
        for span in spans:
            kept[span["start"] : span["end"]] = True
        read &= kept if spans is not content or content else True
    place = np.concatenate([[0], np.cumsum(read)])
    coded: list[Spans] = []
    for article in articles:
        units: list[tuple[int, int, int]] = []
        for item in sorted(article[name], key=lambda item: (item["start"], -item["end"])):
            start, end = int(place[item["start"]]), int(place[item["end"]])
            if start < end and (not units or start >= units[-1][1]):
                units.append((start, end, 1))
        coded.append(units)
    return coded, int(place[-1])


def _with_interval(
    alpha: Callable[[np.ndarray], float], n_parts: int, how: str, seed: int, n_resamples: int
) -> tuple[float, float, float, str]:
    """Alpha of all parts, and the ends of its middle 95 % when they are drawn anew."""
    point = alpha(np.arange(n_parts))
    if how == "none" or np.isnan(point) or point == 1:
        return point, np.nan, np.nan, "none"
    drawn = np.random.default_rng(seed).integers(0, n_parts, size=(n_resamples, n_parts))
    values = np.array([alpha(draw) for draw in drawn])
    values = values[~np.isnan(values)]
    if np.ptp(values) == 0:
        return point, np.nan, np.nan, "none"
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return point, float(low), float(high), how
