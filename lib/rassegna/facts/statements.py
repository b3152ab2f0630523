"""The statements that facts are looked for in: the sentences, each with what it names, counts and dates."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd
from spacy.tokens import Doc, Token

from rassegna import languages
from rassegna.annotation import block_of, raw_offset
from rassegna.mentions.gazetteer import demonyms
from rassegna.tables import by_article

RESOURCE = "statements"


class Place(NamedTuple):
    """A row of a table within a statement: its place in the raw text, the tokens it covers, the row itself."""

    start: int
    end: int
    tokens: frozenset[int]
    row: Any


@dataclass(frozen=True)
class Statement:
    """One sentence, ready to be compared.

    Attributes:
        doc_id, sentence_id, block_id, start, end, text: As in table `sentences`.
        language: Language of the article.
        label: Label of the block (title, subtitle, heading, body).
        tokens: The sentence's tokens without white space.
        mentions, quantities, dates: What the tables have within it, in the order of the text.
        nations: Adjective of nationality to the territory's name as the tables show it.
    """

    doc_id: str
    sentence_id: int
    block_id: int
    start: int
    end: int
    text: str
    language: str
    label: str
    tokens: tuple[Token, ...]
    mentions: tuple[Place, ...]
    quantities: tuple[Place, ...]
    dates: tuple[Place, ...]
    nations: Mapping[str, str]

    @cached_property
    def forms(self) -> frozenset[str]:
        """Every form and lemma in it."""
        return frozenset(form for token in self.tokens for form in forms(token))

    @property
    def key(self) -> tuple[str, int]:
        """What names the statement: doc_id and sentence_id."""
        return self.doc_id, self.sentence_id

    def entities(self, tokens: frozenset[int]) -> set[str]:
        """Entities whose mention covers one of some tokens; a metonym is who it stands for."""
        return {m.row.entity for m in self.mentions if m.tokens & tokens}

    def span(self, tokens: frozenset[int]) -> tuple[int, int]:
        """Where some of its tokens stand in the raw text; without any the whole sentence."""
        found = [t for t in self.tokens if t.i in tokens]
        if not found:
            return self.start, self.end
        doc = found[0].doc
        last = found[-1].idx + len(found[-1]) - 1
        return raw_offset(doc, found[0].idx), raw_offset(doc, last) + 1


@dataclass(frozen=True)
class Evidence:
    """A statement that tells a fact.

    Attributes:
        statement: The sentence.
        tokens: Its words that tell the fact.
        taken: asserted, denied, exchanged (the roles) or open.
        score: How fully the fact is told (0-1).
        reason: What was found.
    """

    statement: Statement
    tokens: frozenset[int]
    taken: str
    score: float
    reason: str


def statements(
    docs: Mapping[str, Doc],
    sentences: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    *,
    language: Mapping[str, str],
    shown: str,
) -> list[Statement]:
    """Put each sentence together with the rows that lie within it.

    Args:
        docs: doc_id to Doc, as `annotate` gives them.
        sentences: Table `sentences` of these docs.
        tables: Tables `mentions`, `quantities` and `dates`, by name.
        language: doc_id to language.
        shown: Language whose names of territories the tables show.

    Returns:
        One statement per sentence, in the order of `sentences`.
    """
    found = []
    rows = {name: by_article(table) for name, table in tables.items()}
    for doc_id, own in by_article(sentences).items():
        doc = docs[doc_id]
        nations = demonyms(language[doc_id], shown)
        tokens = [[t for t in sentence if not t.is_space] for sentence in doc.sents]
        words = [sentence for sentence in tokens if sentence]
        for row, inner in zip(own, words, strict=True):
            offsets = [raw_offset(doc, t.idx) for t in inner]
            mentions, quantities, dates = (
                _within(rows[name].get(doc_id, []), row, inner, offsets) for name in ("mentions", "quantities", "dates")
            )
            label = block_of(doc[inner[0].i : inner[0].i + 1])[1]
            place = (str(doc_id), int(row.sentence_id), int(row.block_id), int(row.start), int(row.end), str(row.text))
            rows_within = (mentions, quantities, dates)
            found.append(Statement(*place, language[str(doc_id)], label, tuple(inner), *rows_within, nations))
    return found


def _within(rows: list[Any], sentence: Any, tokens: list[Token], offsets: list[int]) -> tuple[Place, ...]:
    inside = []
    for row in rows:
        if sentence.start <= row.start and row.end <= sentence.end:
            first = max(bisect_right(offsets, row.start) - 1, 0)
            covered = frozenset(t.i for t in tokens[first : bisect_left(offsets, row.end)])
            inside.append(Place(row.start, row.end, covered, row))
    return tuple(inside)


def words_of(language: str, *keys: str) -> frozenset[str]:
    """A list of words of `statements.toml`; empty where the language has none."""
    found: Any = languages.optional(language, RESOURCE)
    for key in keys:
        found = found.get(key, {})
    return frozenset(found)


def forms(token: Token) -> tuple[str, str]:
    """Form and lemma of a token, as they are compared with a codebook's words."""
    return token.text.casefold().replace("’", "'").rstrip("'"), token.lemma_.casefold()


def is_word(token: Token, words: frozenset[str]) -> bool:
    """Whether a token stands in a list of words, by form or lemma."""
    return token.lower_ in words or token.lemma_.lower() in words
