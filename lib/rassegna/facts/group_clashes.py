"""Where the statements of a discovered group clash: numbers of one thing, dates of one event, exchanged roles."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations

import pandas as pd
from spacy.tokens import Token

from rassegna.facts.assertion import roles
from rassegna.facts.contradictions import Clash, Figure, date_clashes, figures, number_clashes
from rassegna.facts.features import Features, family
from rassegna.facts.statements import Evidence, Place, Statement


def group_clashes(
    own: Sequence[Features], told: Sequence[Evidence], quotes: pd.DataFrame, affiliation: Mapping[str, set[str]]
) -> Iterator[Clash]:
    """Find what contradicts what among statements that tell the same.

    Args:
        own: The features of the group's statements.
        told: Those statements that assert it.
        quotes: Table `quotes`, for who asserts a figure.
        affiliation: As `contradictions.affiliations` gives it.

    Yields:
        Clashes of numbers that count the same, of days that hang on the same word, and of roles: first and second
        are the articles.
    """
    by_key = {one.statement.key: one for one in own}
    for noun in _topics((one.statement.doc_id, noun) for one in own for noun in set(one.counted.values())):
        numbers = figures(told, partial(_numbers_of, by_key, noun), quotes)
        everywhere = {doc_id: _values(told, doc_id) for doc_id in {figure.doc_id for figure in numbers}}
        for clash in number_clashes(numbers, affiliation):
            one, other = clash.first, clash.second
            if one.row.value not in everywhere[other.doc_id] and other.row.value not in everywhere[one.doc_id]:
                yield clash
    words = ((one.statement.doc_id, f[1]) for one in own for f in one.places if f[0] in ("word", "sense"))
    for word in _topics(words):
        days = figures(told, partial(_days_of, by_key, word), quotes)
        # A weekday or "yesterday" was resolved by a guess of ours, which may differ where the articles do not.
        yield from date_clashes([day for day in days if any(c.isdigit() for c in day.text)], affiliation)
    yield from _exchanges(told)


def _values(told: Sequence[Evidence], doc_id: str) -> set[float]:
    """Every number that an article's statements give: one that stands there too, of another noun, is no clash."""
    return {q.row.value for e in told if e.statement.doc_id == doc_id for q in e.statement.quantities}


def _topics(found: Iterable[tuple[str, str]]) -> list[str]:
    """What several articles have, of doc_id and word."""
    articles: dict[str, set[str]] = defaultdict(set)
    for doc_id, word in found:
        articles[word].add(doc_id)
    return sorted(word for word, doc_ids in articles.items() if len(doc_ids) > 1)


def _numbers_of(by_key: Mapping[tuple[str, int], Features], noun: str, statement: Statement) -> list[Place]:
    """The numbers of a noun."""
    one = by_key[statement.key]
    tokens = frozenset[int]().union(*(one.places[f] for f, counted in one.counted.items() if counted == noun))
    return [place for place in statement.quantities if place.tokens & tokens]


def _days_of(by_key: Mapping[tuple[str, int], Features], word: str, statement: Statement) -> list[Place]:
    """The dates that hang on a word."""
    one = by_key[statement.key]
    linked = (f for link in one.links if not link.isdisjoint({("word", word), ("sense", word)}) for f in link)
    tokens = frozenset[int]().union(*(one.places[f] for f in linked if f[0] == "date"))
    return [place for place in statement.dates if place.tokens & tokens]


def _exchanges(told: Sequence[Evidence]) -> Iterator[Clash]:
    """Statements with one verb or noun in which two entities have changed sides."""
    for a, b in combinations(told, 2):
        if a.statement.doc_id == b.statement.doc_id:
            continue
        for first, second in _same_words(a.statement, b.statement):
            does, gets = roles(first, a.statement)
            does_too, gets_too = roles(second, b.statement)
            if does & gets_too and gets & does_too and not (does & does_too or gets & gets_too):
                yield Clash("roles", _side(a.statement, does, gets), _side(b.statement, does_too, gets_too), True)
                break


def _side(statement: Statement, does: set[str], gets: set[str]) -> Figure:
    return Figure(statement.doc_id, f"{' and '.join(sorted(does))} to {' and '.join(sorted(gets))}", None, None)


def _same_words(a: Statement, b: Statement) -> Iterator[tuple[Token, Token]]:
    words: dict[str, list[Token]] = defaultdict(list)
    for token in a.tokens:
        if token.pos_ in ("VERB", "NOUN"):
            words[family(token.lemma_.lower(), a.language)].append(token)
    for token in b.tokens:
        if token.pos_ in ("VERB", "NOUN"):
            for twin in words.get(family(token.lemma_.lower(), b.language), ()):
                if twin.pos_ == token.pos_:
                    yield twin, token
