"""What two statements can share: names, numbers, dates, word families, and the links between them in the parse."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import pandas as pd
from spacy.tokens import Token

from rassegna import languages
from rassegna.facts.statements import RESOURCE, Place, Statement, words_of

Feature = tuple[str, ...]
Link = frozenset[Feature]

_CONTENT = ("NOUN", "VERB", "ADJ", "PROPN")
_ARGUMENTS = {"nsubj", "nsubj:pass", "csubj", "obj", "iobj", "obl", "obl:agent", "ccomp", "xcomp"}
_ARGUMENTS |= {"acl", "acl:relcl", "advcl", "parataxis", "nummod"}  # and so many of a thing
_SPECIFIC = ("name", "number", "date")
_NOUNS = ("NOUN", "PROPN")
_SMALL = 2  # "due paesi", "prima volta" tell nothing
_FAMILY = 4  # letters of a word that its ending leaves


@dataclass(frozen=True)
class Features:
    """What a statement can share with another.

    Attributes:
        statement: The statement.
        places: Feature to the tokens that carry it.
        links: Pairs of features, one of which hangs on the other as subject, object or complement.
        phrases: Pairs of features that belong to one phrase ("ordine mondiale").
        counted: Number to the word family of what it counts, where it counts something.
    """

    statement: Statement
    places: Mapping[Feature, frozenset[int]]
    links: frozenset[Link]
    phrases: frozenset[Link]
    counted: Mapping[Feature, str]


def features(statement: Statement, cues: frozenset[int]) -> Features:
    """Take a statement apart.

    Args:
        statement: The sentence.
        cues: Tokens that only say who reports it ("ha detto", "secondo"): they tell no fact.
    """
    counted: dict[Feature, str] = {}
    nodes = {**_words(statement, cues), **_names(statement), **_figures(statement, counted)}
    places: dict[Feature, frozenset[int]] = {}
    for token, feature in nodes.items():
        places[feature] = places.get(feature, frozenset()) | {token}
    senses = {token: ("sense", meant) for token, meant in _senses(statement).items() if token in nodes}
    for token, feature in senses.items():
        places[feature] = places.get(feature, frozenset()) | {token}
    links = frozenset(link for is_argument, link in _links(statement, nodes | senses) if is_argument)
    phrases = frozenset(link for is_argument, link in _links(statement, nodes) if not is_argument)
    # A date, or a number that shares its word, may have taken a number's place.
    return Features(statement, places, links, phrases, {f: noun for f, noun in counted.items() if f in places})


def _names(statement: Statement) -> dict[int, Feature]:
    found: dict[int, Feature] = {}
    adjectives = statement.nations
    for token in statement.tokens:
        if token.lower_ in adjectives:
            found[token.i] = ("name", adjectives[token.lower_])
    for mention in statement.mentions:
        row = mention.row
        name = row.stands_for if isinstance(row.stands_for, str) else row.entity
        found |= dict.fromkeys(mention.tokens, ("name", str(name)))
    return found


def _figures(statement: Statement, counted: dict[Feature, str]) -> dict[int, Feature]:
    found: dict[int, Feature] = {}
    for quantity in statement.quantities:
        row = quantity.row
        is_small = row.kind in ("cardinal", "ordinal") and row.value <= _SMALL
        if quantity.tokens and pd.notna(row.value) and not is_small and not _is_label(quantity, statement):
            number = next((t.i for t in statement.tokens if t.i in quantity.tokens and t.pos_ == "NUM"), None)
            first = min(quantity.tokens) if number is None else number
            found[first] = ("number", str(row.kind), str(row.unit), f"{row.value:.10g}")
            if isinstance(row.counted, str):
                counted[found[first]] = family(row.counted.lower(), statement.language)
    for date in statement.dates:
        if date.row.type == "DATE" and date.row.value[:4].isdigit() and date.tokens:
            found |= dict.fromkeys(date.tokens, ("date", str(date.row.value)))
    return found


def _is_label(quantity: Place, statement: Statement) -> bool:
    """Whether a number names the noun right before it and counts nothing ("articolo 18", "binario 3")."""
    row, first = quantity.row, min(quantity.tokens, default=None)
    if first is None or row.kind != "cardinal" or isinstance(row.unit, str) or isinstance(row.counted, str):
        return False
    heads = (t.head for t in statement.tokens if t.i == first and t.dep_)
    return any(head.i == first - 1 and head.pos_ in _NOUNS for head in heads)


def _words(statement: Statement, cues: frozenset[int]) -> dict[int, Feature]:
    light = words_of(statement.language, "light", "lemmas")
    # "Il presidente" before his name is part of it, "euro" of its number.
    names = _titles(statement).union(*(q.tokens for q in statement.quantities if isinstance(q.row.unit, str)))
    return {
        token.i: ("word", family(token.lemma_.lower(), statement.language))
        for token in statement.tokens
        if _is_content(token) and token.i not in cues and token.i not in names and token.lemma_.lower() not in light
    }


def _senses(statement: Statement) -> dict[int, str]:
    """Token to the word that stands for all that newspapers use for one another."""
    groups = _first_words(statement.language, "synonyms")
    found = {token.i: groups.get(token.lemma_.lower()) for token in statement.tokens}
    return {token: family(first, statement.language) for token, first in found.items() if first}


def _is_content(token: Token) -> bool:
    # Without a tagger any longer word counts.
    return len(token) > 2 and token.is_alpha and not token.is_stop and (not token.pos_ or token.pos_ in _CONTENT)


def _titles(statement: Statement) -> set[int]:
    """Nouns right before a name, over its adjectives: "il presidente russo Vladimir Putin" is one name."""
    found: set[int] = set()
    for mention in statement.mentions:
        if mention.row.label in ("PER", "ORG") and mention.tokens:
            doc, at = statement.tokens[0].doc, min(mention.tokens) - 1
            while at >= statement.tokens[0].i and doc[at].pos_ == "ADJ":
                at -= 1
            if at >= statement.tokens[0].i and doc[at].pos_ == "NOUN":
                found |= set(range(at, min(mention.tokens)))
    return found


def _links(statement: Statement, nodes: Mapping[int, Feature]) -> Iterable[tuple[bool, Link]]:
    """Each feature with the nearest one above it in the parse, and whether an argument lies between them.

    A name, number or date is an argument of a noun as well ("la morte di Rossi", "lo sciopero di giovedì").
    """
    for token in statement.tokens:
        is_argument, at = nodes.get(token.i, ("word",))[0] in _SPECIFIC, token
        while token.i in nodes and at.head.i != at.i:
            is_argument |= at.dep_ in _ARGUMENTS
            at = at.head
            if at.i in nodes and nodes[at.i] != nodes[token.i]:
                yield is_argument, frozenset((nodes[token.i], nodes[at.i]))
                break


def weights(found: Sequence[Features], language: Mapping[str, str]) -> dict[Feature, float]:
    """How much it tells that two statements share a feature (0-1).

    A feature is telling when few statements of the corpus have it, and a word also when few sentences of the language
    have it (`frequencies.csv`).

    Args:
        found: The statements' features.
        language: doc_id to language.
    """
    counts = Counter(feature for own in found for feature in own.places)
    spoken = {feature: language[own.statement.doc_id] for own in found for feature in own.places}
    whole = math.log(len(found) + 1)
    return {
        feature: math.log((len(found) + 1) / n)
        / whole
        * (_rarity(feature[1], spoken[feature]) if feature[0] in ("word", "sense") else 1)
        for feature, n in counts.items()
    }


def _rarity(word: str, language: str) -> float:
    """How rare a word family is in the language: 0 in every sentence, 1 in hardly any; 1 without a list."""
    common = _frequencies(language)
    return math.log(common.get(word, 1e-4)) / math.log(1e-4) if common else 1.0


@cache
def _frequencies(language: str) -> dict[str, float]:
    shares: dict[str, float] = defaultdict(float)
    for row in languages.optional_rows(language, "frequencies", "lemma", "per_10000_sentences"):
        shares[family(row["lemma"], language)] += int(row["per_10000_sentences"]) / 10_000
    return {word: min(max(share, 1e-4), 1) for word, share in shares.items()}


@lru_cache(maxsize=languages.WORDS)
def family(lemma: str, language: str) -> str:
    """What words of one family have in common: the lemma without its ending (firma, firmare), or their first word."""
    lemma = _first_words(language, "families").get(lemma, lemma)
    for ending in languages.optional(language, RESOURCE).get("stem", {}).get("endings", []):
        if lemma.endswith(ending) and len(lemma) - len(ending) >= _FAMILY:
            return lemma[: -len(ending)]
    return lemma


@cache
def _first_words(language: str, resource: str) -> dict[str, str]:
    """Word to the first word of its group (`synonyms.csv`, `families.csv`)."""
    groups = [row["words"].split() for row in languages.optional_rows(language, resource, "words")]
    return {word: group[0] for group in groups for word in group}
