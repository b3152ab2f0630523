"""What contradicts what: figures and dates that cannot both be right, and whose they are."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pandas as pd

from rassegna.facts.statements import Evidence, Place, Statement, is_word, words_of
from rassegna.quantities.compatibility import incompatible
from rassegna.voices import speaks_for, voice_of

_NAME_PARTS = ("flat", "flat:name", "appos", "nmod", "compound", "nsubj")
_REACH = 12  # tokens of a speaker's description


@dataclass(frozen=True)
class Figure:
    """A number or date that a statement gives for a fact.

    Attributes:
        doc_id: Article.
        text: As written.
        row: Its row in table `quantities` or `dates`.
        holder: Who asserts it; None: the outlet itself, or nobody is known.
    """

    doc_id: str
    text: str
    row: Any
    holder: str | None

    def __str__(self) -> str:
        """The figure with its source."""
        return f"{self.text} ({self.holder})" if self.holder else self.text


@dataclass(frozen=True)
class Clash:
    """Two articles whose figures all differ; `is_of_outlets` unless different sources assert them."""

    kind: str
    first: Figure
    second: Figure
    is_of_outlets: bool

    def seen_from(self, doc_id: str) -> str:
        """The clash in words, as one of the articles has it."""
        own, other = (self.first, self.second) if self.first.doc_id == doc_id else (self.second, self.first)
        between = "" if self.is_of_outlets else " between sources"
        return f"{self.kind}{between}: {own}, against {other} in {other.doc_id}"


def figures(
    evidence: Iterable[Evidence], picked: Callable[[Statement], Iterable[Place]], quotes: pd.DataFrame
) -> list[Figure]:
    """The numbers or dates that evidence gives, each with who asserts it; one that is negated ("non il 2") is none."""
    places = [(e.statement, place) for e in evidence if e.taken == "asserted" for place in picked(e.statement)]
    places = [(s, place) for s, place in places if not _is_ruled_out(place, s)]
    if not places:
        return []
    spans = pd.DataFrame([(s.doc_id, p.start, p.end) for s, p in places], columns=["doc_id", "start", "end"])
    holders = voice_of(spans, quotes)["holder"]
    return [
        Figure(s.doc_id, str(place.row.text), place.row, None if pd.isna(holder) else str(holder))
        for (s, place), holder in zip(places, holders, strict=True)
    ]


def number_clashes(found: Sequence[Figure], affiliation: Mapping[str, set[str]]) -> list[Clash]:
    """Articles whose numbers for one thing all differ (see `quantities.compatibility`)."""
    return _clashes("number", found, affiliation, lambda a, b: incompatible(a._asdict(), b._asdict()))


def date_clashes(found: Sequence[Figure], affiliation: Mapping[str, set[str]]) -> list[Clash]:
    """Articles whose dates for one thing all differ; a month and a day within it agree."""
    return _clashes("date", found, affiliation, lambda a, b: not _agree(a.value, b.value))


def _agree(a: str, b: str) -> bool:
    return a.startswith(b) or b.startswith(a)


def _clashes(
    kind: str, found: Sequence[Figure], affiliation: Mapping[str, set[str]], differ: Callable[[Any, Any], bool]
) -> list[Clash]:
    by_article: dict[str, list[Figure]] = defaultdict(list)
    for figure in found:
        by_article[figure.doc_id].append(figure)
    clashes = []
    for one, other in combinations(by_article.values(), 2):
        pairs = [(a, b) for a in one for b in other]
        if all(differ(a.row, b.row) for a, b in pairs):
            same = [(a, b) for a, b in pairs if _same_source(a.holder, b.holder, affiliation)]
            clashes.append(Clash(kind, *(same or pairs)[0], bool(same)))
    return clashes


def _same_source(a: str | None, b: str | None, affiliation: Mapping[str, set[str]]) -> bool:
    """Whether two figures go back to one source, as far as is known: an outlet's own voice may have any."""
    if a is None or b is None:
        return True
    return not speaks_for(a, affiliation).isdisjoint(speaks_for(b, affiliation))


def affiliations(quotes: pd.DataFrame, found: Sequence[Statement]) -> dict[str, set[str]]:
    """Speaker to the entities that its description names ("il portavoce del Dipartimento di Stato americano ...")."""
    starts: dict[str, list[int]] = defaultdict(list)
    own: dict[str, list[Statement]] = defaultdict(list)
    for statement in found:
        starts[statement.doc_id].append(statement.start)
        own[statement.doc_id].append(statement)
    named: dict[str, set[str]] = defaultdict(set)
    for row in quotes.dropna(subset=["speaker", "speaker_start"]).itertuples():
        at = bisect_right(starts[str(row.doc_id)], row.speaker_start) - 1
        if at >= 0:
            named[str(row.speaker)] |= _described(
                own[str(row.doc_id)][at], int(row.speaker_start), int(row.speaker_end)
            )
    return dict(named)


def _described(statement: Statement, start: int, end: int) -> set[str]:
    tokens = [t for t in statement.tokens if _overlaps(statement, t.i, start, end)]
    if not tokens:
        return set()
    head = tokens[0]
    while head.dep_ in _NAME_PARTS[:-1] and head.head.pos_ in ("NOUN", "PROPN"):
        head = head.head
    near = {t.i for t in head.subtree if abs(t.i - tokens[0].i) <= _REACH and t.pos_ in ("NOUN", "PROPN", "ADJ")}
    adjectives = statement.nations
    found = statement.entities(frozenset(near))
    return found | {adjectives[t.lower_] for t in statement.tokens if t.i in near and t.lower_ in adjectives}


def _overlaps(statement: Statement, token: int, start: int, end: int) -> bool:
    first, last = statement.span(frozenset({token}))
    return first < end and start < last


def _is_ruled_out(place: Place, statement: Statement) -> bool:
    """Whether a negation stands right before the figure or its preposition ("non il 2 maggio")."""
    before = [t for t in statement.tokens if t.i < min(place.tokens, default=0)][-2:]
    negations = words_of(statement.language, "negation", "words")
    while before and before[-1].pos_ in ("DET", "ADP"):
        before.pop()
    return bool(before) and is_word(before[-1], negations)
