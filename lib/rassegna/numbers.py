"""The table `numbers`: figures that several articles give for the same thing, and whether they agree."""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from rassegna.alignment import Pair, Reading, identifier, languages_of
from rassegna.prominence import in_sentences
from rassegna.quantities.groups import Figure, clash, figures_of, groups, links, other_source
from rassegna.quantities.things import joined, things

NUMBER_COLUMNS = [
    *("number_id", "thing", "doc_id", "start", "end", "text", "value", "low", "high", "bound", "unit", "kind"),
    *("asserter", "sentence_id", "status", "factor", "reason"),
]
_UNITS = {"a": "years", "mo": "months", "wk": "weeks", "d": "days", "h": "hours", "min": "minutes", "s": "seconds"}
_WITHOUT_OF = re.compile(r"(?: \w{1,3})+$")  # small words at the end of what phrases have in common
_N_NAMED = 3  # shared words in a label
STATUSES = ["differs", "differs_by_source", "agrees"]


def numbers(
    quantities: pd.DataFrame,
    sentences: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    articles: pd.DataFrame | None = None,
    affiliation: Mapping[str, set[str]] | None = None,
    language: str = "it",
) -> pd.DataFrame:
    """Group the figures that at least two articles give for the same thing, and say whether they agree.

    Precision comes first: the same noun, unit or person must be counted, and the sentences must share words and names,
    more of them the less the noun tells; a figure that the words call a part, an addition or of another time differs
    from none; and of several figures in an article the one that agrees is compared.

    Args:
        quantities: Table `quantities`, with the column asserter filled (see `voices.voice_of`).
        sentences: Table `sentences`.
        mentions: Table `mentions`.
        articles: Table `articles`, for the language of each; without it all are in `language`.
        affiliation: Speaker to the entities that he or she speaks for (see `facts.contradictions.affiliations`).
        language: Language of the articles that name none.

    Returns:
        Table `numbers`, one row per figure that is compared, sorted by number_id, article and start. status: agrees
        (with every other of its group), differs, or differs_by_source where each figure it clashes with has another
        asserter. factor: the group's highest number by its lowest. A group's articles may have copied each other.
    """
    rows = in_sentences(quantities.sort_values(["doc_id", "start", "end"], ignore_index=True), sentences)
    rows = joined(rows, sentences)
    spoken = languages_of(rows["doc_id"], articles, language=language)
    reading = Reading(sentences, mentions, spoken=spoken)
    near = reading.contexts(rows)
    figures = figures_of(rows, things(rows, near, mentions, spoken=spoken), near, affiliation or {})
    found, best = groups(links(figures, near, reading.stories()), figures)
    table = [row for members in found for row in _rows(members, figures, best, reading.written)]
    whole = pd.DataFrame(table, columns=["place", "number_id", "thing", "status", "factor", "reason"])
    whole = whole.merge(rows.drop(columns="reason"), left_on="place", right_index=True)
    return whole.sort_values(["number_id", "doc_id", "start", "end"], ignore_index=True)[NUMBER_COLUMNS]


def compared(numbers: pd.DataFrame) -> pd.DataFrame:
    """One row per thing of table `numbers`, the disputed ones first, then by falling factor and articles.

    Columns: number_id, thing, status (differs if any figure does, else differs_by_source, else agrees), n_articles,
    n_asserters (named ones), lowest, highest (numbers written), factor.
    """
    ends = numbers.assign(
        lowest=numbers["low"].fillna(numbers["value"]),
        highest=numbers["high"].fillna(numbers["value"]),
        rank=numbers["status"].map(STATUSES.index).astype(int),
    )
    table = (
        ends.groupby("number_id")
        .agg(
            thing=("thing", "first"),
            rank=("rank", "min"),
            n_articles=("doc_id", "nunique"),
            n_asserters=("asserter", "nunique"),
            lowest=("lowest", "min"),
            highest=("highest", "max"),
            factor=("factor", "first"),
        )
        .reset_index()
    )
    table = table.assign(status=table["rank"].map(dict(enumerate(STATUSES))), is_agreed=table["rank"] == 2)
    table = table.sort_values(["is_agreed", "factor", "n_articles", "number_id"], ascending=[True, False, False, True])
    columns = ["number_id", "thing", "status", "n_articles", "n_asserters", "lowest", "highest", "factor"]
    return table[columns].reset_index(drop=True)


def _rows(
    members: list[int], figures: Sequence[Figure], best: Mapping[int, Pair], written: Mapping[str, str]
) -> Iterator[tuple[Any, ...]]:
    """The rows of one group: place, number_id, thing, status, factor, reason."""
    own = [figures[i] for i in members]
    ends = [end for figure in own for end in figure.ends]
    factor = max(ends) / min(ends) if min(ends) > 0 else math.nan
    thing = _label(own, [best[i] for i in members], written)
    code = identifier("n", ((f.doc_id, f.start) for f in own))
    kinds = {(f.asserter, f.written): f for f in own}
    status = {kind: _status(f, kinds.values()) for kind, f in kinds.items()}
    for i, f in zip(members, own, strict=True):
        yield i, code, thing, status[f.asserter, f.written], factor, _reason(best[i], f, written)


def _status(figure: Figure, others: Iterable[Figure]) -> str:
    clashing = [other for other in others if clash(figure, other)]
    if not clashing:
        return "agrees"
    return "differs_by_source" if all(other_source(figure, other) for other in clashing) else "differs"


def _reason(pair: Pair, figure: Figure, written: Mapping[str, str]) -> str:
    if pair.shared:
        return f"both say: {', '.join(sorted(written[feature] for feature in pair.shared))} ({pair.share:.2f})"
    return "same person" if figure.thing.level == "person" else "said again in the article"


def _label(own: Sequence[Figure], best: Sequence[Pair], written: Mapping[str, str]) -> str:
    """What all write for the thing, else what most do, or the unit; and what the sentences share most."""
    phrases = Counter(f.phrase.casefold() for f in own if f.phrase and f.thing.level != "unit")
    common = _WITHOUT_OF.sub("", " ".join(words[0] for words in _while_alike(phrase.split() for phrase in phrases)))
    *_, unit, kind = own[0].written
    name = common or min(
        phrases, key=lambda text: (-phrases[text], text), default=_UNITS.get(unit or kind, unit or kind)
    )
    features = Counter(feature for pair in best for feature in pair.shared)
    shared = sorted(features, key=lambda f: (-features[f], f))[:_N_NAMED]
    return f"{name}: {', '.join(written[f] for f in shared)}".strip(": ")


def _while_alike(phrases: Iterable[list[str]]) -> Iterator[tuple[str, ...]]:
    return itertools.takewhile(lambda words: len(set(words)) == 1, zip(*phrases, strict=False))
