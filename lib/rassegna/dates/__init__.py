"""The table `dates`: when something happened, will happen, and for how long, as TIMEX3."""

import datetime
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
from spacy.language import Language
from spacy.tokens import Doc

from rassegna import languages
from rassegna.dates import calendar_rules, duration_rules, year_rules
from rassegna.dates.anchors import Anchor, anchor
from rassegna.dates.duration_rules import with_day
from rassegna.dates.timex import Context, Timex
from rassegna.reading.finder import Finder, Found
from rassegna.reading.reader import Lexeme, singular_endings

_BUILDERS = {**calendar_rules.BUILDERS, **year_rules.BUILDERS, **duration_rules.BUILDERS}
SPANS = "rassegna_dates"
DATE_COLUMNS = ["doc_id", "start", "end", "text", "type", "value", "mod", "clash", "reason"]
_BETWEEN = {"COMMA", "OF", "AT", "ART", "OPEN", "ARTSG"}  # may stand between a day and its time
_DAY = r"\d{4}-\d\d-\d\d"
_NEAR = 8  # lexemes between a time and the day that it is of
_REACH = 12  # lexemes in which a verb tells the tense


def dates(
    docs: dict[str, Doc], articles: pd.DataFrame, *, reference_date: datetime.date | None = None, language: str = "it"
) -> pd.DataFrame:
    """Find the time expressions of the articles and say which time they mean.

    What is relative ("ieri", "martedì", "lo scorso autunno") counts from the article's publication if its day is
    known, else from the day of the corpus, else it stays underspecified ("XXXX-WXX-2").

    Args:
        docs: doc_id → Doc, as `annotate` gives them.
        articles: Table `articles` (doc_id, published_at; language where it has one).
        reference_date: The day the corpus is about.
        language: Language of the articles that name none.

    Returns:
        Table `dates`, one row per time expression, in the order of `docs`, then by start:
        doc_id (str), start, end (int, code points of the raw text), text (str), type (DATE, TIME, DURATION, SET),
        value (str, TIMEX3), mod (str or null: START, MID, END), clash (str or null, what does not fit: a weekday and
        its date, a day that the page cannot know), reason (str, the rule of `languages/any/time_rules.toml`).

    Source:
        TimeML 1.2.1 and TIMEX3 guidelines (Saurí et al. 2006).
    """
    known = articles.set_index("doc_id")
    rows: list[tuple[Any, ...]] = []
    for doc_id, doc in docs.items():
        published = known["published_at"].get(doc_id) if "published_at" in known else None
        spoken = known["language"].get(doc_id) if "language" in known else None
        finder = DateFinder(spoken if isinstance(spoken, str) else language, anchor(published, reference_date))
        rows += ((doc_id, *row) for row in finder.rows(doc))
    return pd.DataFrame(rows, columns=DATE_COLUMNS)


class DateFinder(Finder):
    """spaCy component: time expressions in `doc._.dates` and, with the type as label, in `doc.spans`."""

    table, rules = "dates", "time_rules"

    def __init__(self, language: str, at: Anchor) -> None:
        super().__init__(language)
        self.anchor = at
        words = languages.optional(language, "time_words")
        self.order = words.get("date_order", {}).get("order", "dmy")
        forms = ("future", "past", "participle")
        self.endings = {form: tuple(words.get(f"{form}_ending", {}).get("words", ())) for form in forms}

    def expressions(
        self,
        doc: Doc,  # noqa: ARG002 - quantities need it
        lexemes: Sequence[Lexeme],
        offset: int,
    ) -> Iterator[Found]:
        """The time expressions of one block."""
        for t in self.find(lexemes):
            first, last = offset + lexemes[t.first].start, offset + lexemes[t.last - 1].end
            yield first, last, t.type, (t.type, t.value, t.mod, t.clash, t.rule)

    def find(self, lexemes: Sequence[Lexeme]) -> list[Timex]:
        """The time expressions among the lexemes of one block, in the order of the text."""
        found: list[Timex] = []
        story = ""
        for match in self.grammar.find(lexemes):
            tense = self._tense(lexemes, match.first, match.last)
            context = Context(self.anchor, tense, story, lexemes, self.order, singular_endings(self.language))
            try:
                built = list(_BUILDERS[match.build](match, context))
            except OverflowError:  # "in 99999999999 days": beyond what a calendar has
                continue
            found += built
            if built and built[-1].type in ("DATE", "TIME") and re.match(r"\d{4}", built[-1].value):
                value = built[-1].value.split("/")[-1][:10]
                if len(value) >= len(story) or not re.match(_DAY, story):
                    story = value
        return list(self._timed(found, lexemes))

    def _timed(self, found: list[Timex], lexemes: Sequence[Lexeme]) -> Iterator[Timex]:
        """Give times of day their day: the one beside them (one expression then), near them, told before, or today."""
        ends = [i for i, lexeme in enumerate(lexemes) if "END" in lexeme.classes]
        days = [t for t in found if t.type in ("DATE", "TIME") and re.fullmatch(r"[\dX]{4}-..-..(T\w\w)?", t.value)]
        joined: dict[Timex, Timex] = {}
        result = []
        for t in found:
            if not t.value.startswith("T"):
                result.append(t)
                continue
            beside = next((d for d in days if d not in joined and _adjoin(t, d, lexemes)), None)
            sentence = bisect_left(ends, t.first)
            near = [d for d in days if abs(d.first - t.first) <= _NEAR and bisect_left(ends, d.first) == sentence]
            before = [d for d in days if d.first < t.first]
            near += before[-1:] if not near else []
            day = beside or min(near, key=lambda d: (abs(d.first - t.first), d.first), default=None)
            timed = with_day(t, day.value[:10] if day else self.anchor.shifted(0))
            if beside is not None:
                first, last = min(t.first, beside.first), max(t.last, beside.last)
                timed = Timex(first, last, f"{beside.rule}, {t.rule}", "TIME", timed.value, None, beside.clash, True)
                joined[beside] = timed
            result.append(timed)
        yield from sorted((t for t in result if t not in joined), key=lambda t: t.first)

    def _tense(self, lexemes: Sequence[Lexeme], first: int, last: int) -> str:
        """The tense of the nearest verb, or word of planning, in the sentence; a comma makes it farther."""
        before = first - 1 if first and "ART" not in lexemes[first - 1].classes else first - 2
        if before >= 0 and "FUTURE_BEFORE" in lexemes[before].classes:
            return "future"
        best, tense = _REACH + 1, ""
        for indices in (range(first - 1, -1, -1), range(last, len(lexemes))):
            distance = 0
            for i in indices:
                classes = lexemes[i].classes
                distance += 3 if "COMMA" in classes else 1
                if "END" in classes or distance >= best:
                    break
                if found := self._tense_of(lexemes, i):
                    best, tense = distance, found
                    break
        return tense

    def _tense_of(self, lexemes: Sequence[Lexeme], i: int) -> str:
        classes, form = lexemes[i].classes, lexemes[i].form
        for tense in ("future", "past"):
            if tense.upper() in classes or ("CONTENT" in classes and form.endswith(self.endings[tense])):
                return tense
        if "AUXILIARY" in classes and i + 1 < len(lexemes) and "FUTURE" not in lexemes[i + 1].classes:
            return "past" if lexemes[i + 1].form.endswith(self.endings["participle"]) else ""
        return ""


def _adjoin(time: Timex, day: Timex, lexemes: Sequence[Lexeme]) -> bool:
    """Whether only small words stand between a time and a day, or a comma before the day ("22h57, le 11 novembre")."""
    first, last = (time, day) if time.first < day.first else (day, time)
    gap = lexemes[first.last : last.first]
    if last is time and any("COMMA" in lexeme.classes for lexeme in gap):
        return False
    return first.last <= last.first and len(gap) <= 2 and all(_BETWEEN & lexeme.classes.keys() for lexeme in gap)


@Language.factory(
    "rassegna_dates", default_config={"language": "it", "reference_date": None}, assigns=["doc._.dates", "doc.spans"]
)
def make_dates(
    nlp: Language,  # noqa: ARG001 - spaCy passes both to every factory
    name: str,  # noqa: ARG001
    language: str,
    reference_date: str | None,
) -> DateFinder:
    """Make the component for any pipeline; without a reference date (ISO 8601) relative values stay underspecified."""
    return DateFinder(language, anchor(reference_date, None))
