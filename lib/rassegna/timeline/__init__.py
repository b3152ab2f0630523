"""The table `events`: what happened, or is to happen, at each date that the articles name."""

import datetime
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from spacy.tokens import Doc, Span

from rassegna.alignment import languages_of, stop_words
from rassegna.annotation import raw_span
from rassegna.dates.interval import Days, interval
from rassegna.prominence import in_sentences
from rassegna.tables import by_article
from rassegna.timeline.clashing import clashes
from rassegna.timeline.lanes import lanes
from rassegna.timeline.telling import telling
from rassegna.voices import voice_of

__all__ = ["clashes", "events", "lanes"]

EVENT_COLUMNS = [
    *("doc_id", "sentence_id", "start", "end", "text", "value", "label", "predicate", "is_moved"),
    *("date_start", "date_end", "day_first", "day_last", "relation", "voice", "holder", "reason"),
]
_EDGES = ["date_start", "date_end"]
_TYPES = {"doc_id": "str", "is_moved": bool} | dict.fromkeys(["sentence_id", "start", "end", *_EDGES], int)
_VAGUE = {"PAST_REF": "before", "FUTURE_REF": "after"}
_MOST_DATES = 50  # of a sentence; with more it is a list, which tells no event
_ONE_DAY = datetime.timedelta(1)
_TENSES = {"past": "before", "future": "after"}


def events(
    docs: dict[str, Doc],
    *,
    dates: pd.DataFrame,
    sentences: pd.DataFrame,
    mentions: pd.DataFrame,
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    language: str = "it",
) -> pd.DataFrame:
    """Find the event that each date is the date of, and whether it lay ahead when the article was published.

    Durations and repeated times are left out, and so are dates in a name, a year that no small word leads in
    ("Expo 2015"), dates that the text denies, and those around which too few words stand to tell an event.

    Args:
        docs: doc_id → Doc, as `annotate` gives them; without a parse an event is its whole sentence.
        dates: Table `dates`.
        sentences: Table `sentences`.
        mentions: Table `mentions`, for the dates in names.
        quotes: Table `quotes`, for the voice.
        articles: Table `articles` (doc_id, published_at; language where it has one).
        language: Language of the articles that name none.

    Returns:
        Table `events`, one row per date of an event, sorted by article, date and its end: see the data dictionary.
    """
    known = articles.set_index("doc_id")
    spoken = languages_of(known.index, articles, language=language)
    published = {doc_id: _published(value) for doc_id, value in known["published_at"].items()}
    placed = in_sentences(_candidates(dates, mentions), sentences)
    rows: list[tuple[Any, ...]] = []
    for doc_id, own in by_article(placed).items():
        if doc_id in docs:
            day = published.get(doc_id)
            rows += _told(docs[doc_id], own, day, language=spoken.get(doc_id, language))
    found = pd.DataFrame(rows, columns=[c for c in EVENT_COLUMNS if c not in ("voice", "holder")]).astype(_TYPES)
    spans = found[["doc_id", *_EDGES]].set_axis(["doc_id", "start", "end"], axis=1)
    found = found.join(voice_of(spans, quotes))
    return found.sort_values(["doc_id", *_EDGES], ignore_index=True)[EVENT_COLUMNS]


def _candidates(dates: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """The dates that may be an event's: points and periods in time, none of them a part of a name."""
    chosen = dates[dates["type"].isin(["DATE", "TIME"]) & (dates["value"] != "PRESENT_REF")]
    around = by_article(mentions)
    is_free = [
        not any(m.start <= row.start and row.end <= m.end for m in around.get(row.doc_id, ()))
        for row in chosen.itertuples()
    ]
    return chosen[np.array(is_free, dtype=bool)].astype({"doc_id": "str", "start": int, "end": int})


def _told(doc: Doc, dates: list[Any], published: Days | None, *, language: str) -> Iterator[tuple[Any, ...]]:
    """The rows of one article, without the voice."""
    spans = [_span(doc, row.start, row.end) for row in dates]
    others = frozenset(t.i for span in spans if span is not None for t in span)
    n_dates = Counter(row.sentence_id for row in dates)
    for row, span in zip(dates, spans, strict=True):
        if span is None or n_dates[row.sentence_id] > _MOST_DATES or _is_bare_year(row.text, span, language):
            continue
        told = telling(span, others, language=language)
        if told is None:
            continue
        start, end = raw_span(told.clause) if doc._.blocks else (told.clause.start_char, told.clause.end_char)
        days = interval(row.value)
        first, last = (day.isoformat() for day in days) if days else (None, None)
        relation, reason = _relation(days, row.value, told.tense, published)
        yield (
            *(row.doc_id, row.sentence_id, start, end, told.clause.text, row.value, told.label, told.predicate),
            *(told.is_moved, row.start, row.end, first, last, relation, reason),
        )


def _span(doc: Doc, start: int, end: int) -> Span | None:
    """The tokens of a span of the raw text."""
    block = next((b for b in reversed(doc._.blocks) if b[4] <= start), None)
    shift = block[3] - block[4] if block else 0
    return doc.char_span(start + shift, end + shift, alignment_mode="expand")


def _is_bare_year(text: str, span: Span, language: str) -> bool:
    """Whether a year in figures stands behind no small word, as in a name: "Expo 2015", "rapporto 2023"."""
    if not (len(text) == 4 and text.isdigit()):
        return False
    before = span.doc[span.start - 1].lower_.strip("'’") if span.start > span.sent.start else ""
    return before not in stop_words(language)


def _published(value: object) -> Days | None:
    """The days in which the article may have been published, as far as its table tells."""
    return interval(value) if isinstance(value, str) else None


def _relation(days: Days | None, value: str, tense: str, published: Days | None) -> tuple[str, str]:
    """Where the event lies, seen from the publication, and how that is known: by the days, else by the words."""
    if days and published:
        if days[1] < published[0]:
            return "before", "ends before the publication"
        is_ahead = days[0] - published[1] == _ONE_DAY  # by the clock of the place, while the page's is behind
        if days[0] > published[1] and not (is_ahead and tense == "past"):
            return "after", "begins after the publication"
        if days == published:
            return "on", "the day of the publication"
    if value in _VAGUE:
        return _VAGUE[value], "vague word"
    if tense:
        return _TENSES[tense], f"{tense} tense"
    if days and published and published[0] == published[1]:
        return "on", "covers the day of the publication"
    return "unknown", "no publication day and no tense" if published is None else "no tense"
