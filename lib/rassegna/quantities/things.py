"""What a quantity is a quantity of, so that figures from different articles can be compared."""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from rassegna import languages
from rassegna.alignment import Context, stem_of, stop_words
from rassegna.tables import by_article

SMALL = 2  # a count up to here ("both countries") says little
_SAID_NEAR = 3  # content words between "persons" and the word that tells what became of them
_AGE_REACH = 60  # code points between a person and an age
_AND = 4  # code points between years and their months
_MONTHS = 12
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Thing:
    """What is counted.

    Attributes:
        key: Two quantities can be compared only if theirs are equal; None: with no other.
        level: How much the key tells: toll (what an event has one figure of), noun, unit (a measure, of what the
            sentence must tell), slight, person (an age).
        attributes: Stems of the adjectives of the noun.
        is_part: Whether the words say that it is a part, an addition, or of another time.
    """

    key: Hashable | None
    level: str
    attributes: frozenset[str] = frozenset()
    is_part: bool = False


NOTHING = Thing(None, "slight")


@dataclass(frozen=True, slots=True)
class _Lists:
    """The word lists of a language, by stems."""

    same: tuple[tuple[frozenset[str], str], ...]
    tolls: frozenset[str]
    generic: frozenset[str]
    part: frozenset[str]
    other_set: re.Pattern[str] | None


def things(
    quantities: pd.DataFrame, contexts: Sequence[Context], mentions: pd.DataFrame, *, spoken: Mapping[str, str]
) -> list[Thing]:
    """Say of each quantity what it is a quantity of.

    Args:
        quantities: Table `quantities`.
        contexts: The context of each (see `alignment.contexts`).
        mentions: Table `mentions`: an age is that of the person named beside it.
        spoken: doc_id to language.

    Source:
        Word lists: `languages/<code>/counted.toml`.
    """
    persons = by_article(mentions[mentions["label"] == "PER"])
    return [
        _age(row, persons.get(row.doc_id, ())) if row.kind == "age" else _thing(row, near, spoken.get(row.doc_id, ""))
        for row, near in zip(quantities.itertuples(), contexts, strict=True)
    ]


def joined(rows: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Make one duration of years and the months behind them ("sette anni e quattro mesi": 7.33 years).

    Args:
        rows: Table `quantities` by article and start, with sentence_id.
        sentences: Table `sentences`, which has the text between.
    """
    after = rows.shift(-1)
    is_begun = (rows["unit"] == "a") & (after["unit"] == "mo") & (rows["kind"] == "duration") & (rows["value"] % 1 == 0)
    is_begun &= (after["doc_id"] == rows["doc_id"]) & (after["sentence_id"] == rows["sentence_id"])
    is_begun &= (after["start"] - rows["end"] <= _AND) & (after["value"] < _MONTHS)
    told = rows.merge(sentences, on=["doc_id", "sentence_id"], how="left", suffixes=("", "_told"))
    ends = after["end"].where(is_begun, rows["end"]).astype(int)
    texts = [
        text[first - begin : last - begin]
        for text, begin, first, last in zip(told["text_told"], told["start_told"], rows["start"], ends, strict=True)
    ]
    value = rows["value"] + (after["value"] / _MONTHS).where(is_begun, 0)
    whole = rows.assign(end=ends, text=rows["text"].where(~is_begun, texts), value=value)
    return whole[~is_begun.shift(fill_value=False)].reset_index(drop=True)


def _age(row: Any, persons: Iterable[Any]) -> Thing:
    gaps = [(max(row.start - p.end, p.start - row.end, 0), p.entity_id) for p in persons]
    gap, entity = min(gaps, default=(_AGE_REACH + 1, None))
    return Thing(("age", entity), "person") if gap <= _AGE_REACH else NOTHING


def _thing(row: Any, context: Context, language: str) -> Thing:
    if pd.isna(row.value) and pd.isna(row.low):
        return NOTHING
    lists = _lists(language)
    is_part = bool(lists.other_set and lists.other_set.search(context.before))
    unit = None if pd.isna(row.unit) else row.unit
    if unit is not None or row.kind in ("multiple", "fraction"):
        return Thing((row.kind, unit), "slight" if row.kind == "multiple" else "unit", is_part=is_part)
    if pd.isna(row.counted):
        return NOTHING
    noun = stem_of(language, row.counted)
    words = [word.casefold() for word in _WORD.findall(row.counted_phrase)]
    phrase = frozenset(stem_of(language, word) for word in words)
    name = _class(phrase if noun in lists.generic else {noun}, lists)
    if name is None and noun in lists.generic:
        name = _said(context, lists)
    is_toll = name in lists.tolls and row.kind == "cardinal"
    is_slight = row.kind == "ordinal" or row.value <= SMALL or (name is None and noun in lists.generic)
    stops = stop_words(language)
    upto = next((n for n, word in enumerate(words) if word in stops), len(words))  # "container | of ammunition"
    stems = [stem_of(language, word) for word in words[:upto]]
    # The noun as written may have a shorter stem than its lemma.
    attributes = frozenset(stem for stem in stems if not (stem.startswith(noun) or noun.startswith(stem)))
    is_part |= not attributes.isdisjoint(lists.part)
    level = "toll" if is_toll else "slight" if is_slight else "noun"
    return Thing((row.kind, name or noun), level, attributes, is_part)


def _class(stems: Iterable[str], lists: _Lists) -> str | None:
    own = frozenset(stems)
    return next((name for entry, name in lists.same if entry <= own), None)


def _said(context: Context, lists: _Lists) -> str | None:
    """The class of the nearest word that tells what became of those counted ("14 persons lost their lives")."""
    near = context.near(reach=_SAID_NEAR)
    found = sorted((max(context.features[stem] for stem in entry), name) for entry, name in lists.same if entry <= near)
    is_clear = found and (len(found) == 1 or found[0][0] < found[1][0] or found[0][1] == found[1][1])
    return found[0][1] if is_clear else None


@cache
def _lists(language: str) -> _Lists:
    own = languages.optional(language, "counted")

    def stems(entry: str) -> frozenset[str]:
        return frozenset(stem_of(language, w) for w in _WORD.findall(entry) if w not in stop_words(language))

    classes = own.get("toll", {}) | own.get("same", {})
    before = "|".join(re.escape(words) for words in own.get("other_set", {}).get("words", ()))
    return _Lists(
        same=tuple((stems(entry), name) for name, entries in classes.items() for entry in entries),
        tolls=frozenset(own.get("toll", {})),
        generic=frozenset(stem_of(language, word) for word in own.get("generic", {}).get("words", ())),
        part=frozenset(stem_of(language, word) for word in own.get("part", {}).get("words", ())),
        other_set=re.compile(rf"(?<!\w)(?:{before})(?:\s+\w+)?\s*$") if before else None,
    )
