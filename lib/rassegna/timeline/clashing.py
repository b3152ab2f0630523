"""Dates that do not fit: with their weekday or their page, and with those that other articles give the same event."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from rassegna import languages
from rassegna.alignment import FAR, Context, Pair, Reading, identifier, languages_of, pairs, stem_of, weights
from rassegna.dates.interval import Days
from rassegna.quotes import has_rules

CLASH_COLUMNS = ["clash_id", "kind", "doc_id", "start", "end", "text", "value", "clash", "other_doc_id"]
_SHARE = 0.5  # of the words and names of the poorer sentence, what both must have (0-1)
_FAR_APART = 7  # dates further apart than so many times the longer one are dates of two events
_A_DAY = len("2024-06-19")
_WEEK = 7  # days: a few of them, or one, are as precise
_ONE_DAY = datetime.timedelta(1)


def clashes(
    events: pd.DataFrame,
    dates: pd.DataFrame,
    *,
    sentences: pd.DataFrame,
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    language: str = "it",
) -> pd.DataFrame:
    """Find the dates that do not fit their weekday or page, and the events that two articles date differently.

    Precision comes first: two articles clash on an event only if the same verb or noun tells it, and it is no verb of
    speaking, as people speak every day; the sentences share words and a name, or have no name and share most of their
    words, and each has no name that the other lacks; the dates, as precise as each other and near each other, exclude
    each other; and neither article also gives the other's date. A date that hangs on the publication day is compared
    only where that day is known.

    Args:
        events: Table `events`.
        dates: Table `dates`.
        sentences: Table `sentences`.
        mentions: Table `mentions`.
        articles: Table `articles`, for the language of each.
        language: Language of the articles that name none.

    Returns:
        One row per clash and article (the expression that clashes), sorted by kind, clash_id, doc_id and start:
        clash_id (str), kind (weekday, articles), doc_id, start, end (int, the date in the raw text), text, value (of
        the date), clash (str, what does not fit with what), other_doc_id (str; null for a weekday).
    """
    own = dates.dropna(subset=["clash"])
    ids = [identifier("w", [(row.doc_id, row.start)]) for row in own.itertuples()]
    weekdays = own.assign(clash_id=ids, kind="weekday", other_doc_id=None)[CLASH_COLUMNS]
    spoken = languages_of(articles["doc_id"], articles, language=language)
    reading = Reading(sentences, mentions, spoken=spoken)
    found = pd.DataFrame(_rows(_dated(events, dates, articles, spoken), reading), columns=CLASH_COLUMNS)
    table = pd.concat([weekdays.astype(object), found.astype(object)])
    table = table.sort_values(["kind", "clash_id", "doc_id", "start"], ignore_index=True)
    whole = dict.fromkeys(["start", "end"], int)
    return table.astype(dict.fromkeys(CLASH_COLUMNS, "str") | whole)


def _dated(
    events: pd.DataFrame, dates: pd.DataFrame, articles: pd.DataFrame, spoken: Mapping[str, str]
) -> pd.DataFrame:
    """The events that can be compared, each with its date as written."""
    names = ["doc_id", "date_start", "date_end", "written"]
    written = dates[["doc_id", "start", "end", "text"]].set_axis(names, axis=1)
    dated = events.dropna(subset=["day_first", "predicate"]).merge(written, on=names[:3])
    verbs = {code: _speaking(code) for code in set(spoken.values())}
    is_said = [p in verbs[spoken[d]] for d, p in zip(dated["doc_id"], dated["predicate"], strict=True)]
    anchored = set(articles.loc[articles["published_at"].str.len() >= _A_DAY, "doc_id"])
    is_sure = dated["doc_id"].isin(anchored) | dated["written"].str.contains(r"\d")
    return dated[is_sure & ~np.array(is_said, dtype=bool)].reset_index(drop=True)


def _speaking(language: str) -> set[str]:
    """The verbs that report what somebody says."""
    if not has_rules(language):
        return set()
    cues = languages.rows(language, "reporting_verbs", "cue", "frame")
    return {verb for row in cues if row["frame"] == "content" for verb in row["cue"].split("/")}


def _rows(dated: pd.DataFrame, reading: Reading) -> Iterator[tuple[Any, ...]]:
    """The rows of the events that articles date differently."""
    found = list(_clashing(dated, reading))
    if not found:
        return
    ends = np.array([(pair.first, pair.second) for pair in found])
    links = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(dated), len(dated)))
    _, group = connected_components(links, directed=False)
    best: dict[int, tuple[int, Pair]] = {}
    for pair in sorted(found, key=lambda p: (-p.share, p.first, p.second)):
        best.setdefault(pair.first, (pair.second, pair))
        best.setdefault(pair.second, (pair.first, pair))
    members = defaultdict(list)
    for place in sorted(best):
        members[group[place]].append(place)
    events = list(dated.itertuples())
    for own in members.values():
        clash_id = identifier("d", [(events[i].doc_id, events[i].date_start) for i in own])
        for i in own:
            event, other = events[i], events[best[i][0]]
            shared = ", ".join(sorted(reading.written[feature] for feature in best[i][1].shared))
            clash = (
                f"“{event.label}”: {_when(event)} here, {_when(other)} in {other.doc_id} (“{other.label}”); "
                f"both say: {shared}"
            )
            yield (
                *(clash_id, "articles", event.doc_id, event.date_start, event.date_end, event.written, event.value),
                *(clash, other.doc_id),
            )


def _clashing(dated: pd.DataFrame, reading: Reading) -> Iterator[Pair]:
    """The pairs of events that are the same one with another date."""
    if dated.empty:
        return
    spans = dated[["doc_id", "date_start", "date_end"]].set_axis(["doc_id", "start", "end"], axis=1)
    of_dates = _words(dated["written"], reading)
    contexts = [_without(own, of_dates) for own in reading.contexts(spans)]
    docs = dated["doc_id"].tolist()
    keys = [stem_of(reading.spoken[d], p) for d, p in zip(docs, dated["predicate"], strict=True)]
    days, is_double = _ranges(dated)
    moved = dated["is_moved"].tolist()
    order = [float(first.toordinal()) for first, _ in days]
    told: set[tuple[int, str]] = set()  # an event, and an article that gives it the same date
    old: set[int] = set()  # the date from which an event was moved to another
    clashing = []
    for pair in pairs(contexts, keys, docs, order, weight=weights(contexts)):
        a, b = pair.first, pair.second
        if not _is_one(pair, contexts, keys[a]):
            continue
        if _overlap(days[a], days[b]):
            if not (moved[a] or moved[b]):
                told |= {(a, docs[b]), (b, docs[a])}
            old |= {i for i, j in ((a, b), (b, a)) if moved[i] and is_double[i] and not moved[j]}
        elif _comparable(days[a], days[b]):
            clashing.append(pair)
    for pair in clashing:
        ends = {(pair.first, docs[pair.second]), (pair.second, docs[pair.first])}
        if not ends & told and not {pair.first, pair.second} & old:
            yield pair


def _ranges(dated: pd.DataFrame) -> tuple[list[Days], list[bool]]:
    """The days of each event, and whether its sentence gives it several dates: then all of them unless it was moved."""
    place = ["doc_id", "sentence_id", "predicate"]
    several = dated.groupby(place).agg(first=("day_first", "min"), last=("day_last", "max"))
    wide = dated[place].join(several, on=place)
    first = dated["day_first"].where(dated["is_moved"], wide["first"])
    last = dated["day_last"].where(dated["is_moved"], wide["last"])
    read = datetime.date.fromisoformat
    return [(read(a), read(b)) for a, b in zip(first, last, strict=True)], dated.duplicated(place, keep=False).tolist()


def _words(written: pd.Series, reading: Reading) -> frozenset[str]:
    """The words of the dates as features: that two sentences name the same month says nothing of their events."""
    languages_read = sorted(set(reading.spoken.values()))
    words = {word for text in written.unique() for word in text.split()}
    return frozenset(stem_of(language, word) for language in languages_read for word in words)


def _without(context: Context, words: frozenset[str]) -> Context:
    """A context of its sentence alone, without some words."""
    kept = {f: distance for f, distance in context.features.items() if distance < FAR and f not in words}
    return Context(kept, context.years, context.before)


def _is_one(pair: Pair, contexts: Sequence[Context], predicate: str) -> bool:
    """Whether two sentences tell one event: they share words and a name, and no name sets them apart."""
    shared = pair.shared - {predicate}
    names = [_names(contexts[i].features) for i in (pair.first, pair.second)]
    is_apart = bool(names[0] - names[1]) and bool(names[1] - names[0])
    named = _names(dict.fromkeys(shared, 0))
    is_told = bool(shared - named) and (bool(named) or not any(names))
    return is_told and pair.share >= _SHARE and not is_apart


def _names(features: Mapping[str, int]) -> set[str]:
    return {feature for feature in features if feature.startswith("@")}


def _overlap(a: Days, b: Days) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def _comparable(a: Days, b: Days) -> bool:
    """Whether two dates that exclude each other are as precise, and near enough to be meant for the same event."""
    lengths = sorted((last - first + _ONE_DAY).days for first, last in (a, b))
    gap = (max(a[0], b[0]) - min(a[1], b[1])).days
    return lengths[1] <= max(_WEEK, 2 * lengths[0]) and gap <= _FAR_APART * lengths[1]


def _when(row: Any) -> str:
    return f"{row.written} ({row.value})"
