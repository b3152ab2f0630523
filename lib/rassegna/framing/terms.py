"""Table `terms`: every designation of a contrast set in use, what it designates, and in whose voice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from spacy.tokens import Doc

from rassegna.annotation import block_of, raw_offset, raw_span
from rassegna.framing.naming import namer
from rassegna.framing.phrases import Phrases, Reading
from rassegna.framing.sets import ContrastSets, Designation, contrast_sets
from rassegna.mentions.gazetteer import demonyms
from rassegna.tables import by_article
from rassegna.voices import voice_of

HEADLINE = ("title", "subtitle", "heading")
_FURTHEST = 12  # words behind a designation that its complement may reach
_COLUMNS = ["doc_id", "start", "end", "text", "contrast_set", "term", "stance", "part", "reason", "owners", "targets",
            "person", "is_named", "namer"]  # fmt: skip


def terms(
    docs: Mapping[str, Doc],
    *,
    mentions: pd.DataFrame,
    quotes: pd.DataFrame,
    quotation_marks: pd.DataFrame,
    language: Mapping[str, str],
    folder: Path | None = None,
) -> pd.DataFrame:
    """Table `terms`: one row per use of a designation, none within a longer one.

    Args:
        docs: doc_id → annotated Doc.
        mentions: Table `mentions`: what a complement names.
        quotes: Table `quotes`: in whose voice a designation stands.
        quotation_marks: Table `quotation_marks`: which designations stand in scare quotes.
        language: doc_id → language of the article; one without contrast sets has no rows.
        folder: Corpus folder, which may bring contrast sets of its own.

    Returns:
        The columns of the data dictionary, by article and start. A set is contested where the corpus uses designations
        of it that differ in stance.

    Raises:
        ContrastSetError: the corpus's file is ill-formed.
    """
    named = by_article(mentions)
    finders = {code: _Finder.of(code, folder) for code in sorted(set(language.values()))}
    found = []
    for doc_id, doc in docs.items():
        reading = Reading.of(doc, language=language[doc_id])
        for use in finders[language[doc_id]].uses(reading, named.get(doc_id, [])):
            span, known = doc[use.start : use.end], use.designation
            part = "headline" if block_of(span)[1] in HEADLINE else "body"
            found.append((doc_id, *raw_span(span), span.text, known.contrast_set, known.term, known.stance, part,
                          use.known_by, *use.complement, *use.namer))  # fmt: skip
    table = _resolved(pd.DataFrame(found, columns=_COLUMNS))
    contested = table.groupby("contrast_set")["stance"].nunique().gt(1)
    scare = quotation_marks[quotation_marks["kind"] == "scare"]
    table = table.assign(
        is_contested=table["contrast_set"].map(contested).astype(bool), is_scare=_overlap(table, scare)
    )
    return _voiced(table, quotes).drop(columns=["owners", "targets", "person", "is_named", "namer"])


class Complement(NamedTuple):
    """Whom the words around a designation name: whose it is, where or against whom, and which person it describes."""

    owners: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    person: str | None = None


class Use(NamedTuple):
    """A designation in a Doc, from token `start` up to token `end`."""

    start: int
    end: int
    known_by: str
    designation: Designation
    complement: Complement
    namer: tuple[bool, str | None]


@dataclass(frozen=True)
class _Finder:
    sets: ContrastSets
    phrases: Phrases
    nations: Mapping[str, str]

    @classmethod
    def of(cls, language: str, folder: Path | None) -> "_Finder":
        sets = contrast_sets(language, folder=folder)
        return cls(sets, Phrases(sets.phrases, sets.inflection), demonyms(language))

    def uses(self, reading: Reading, named: list[Any]) -> Iterator[Use]:
        """The designations of an article in order, none within another."""
        article, at = reading.words(0, len(reading.forms)), 0
        while at < len(reading.forms):
            end, use = self._use(reading, at, article, named)
            if use:
                yield use
            at = end

    def _use(self, reading: Reading, at: int, article: set[str], named: list[Any]) -> tuple[int, Use | None]:
        """The longest phrase at a token that its guards let through, and where to read on."""
        for end, known_by, known in self.phrases.at(reading, at):
            if known is None or _within_name(reading.doc, at, end, named):
                return end, None
            sentence = reading.doc[at].sent
            if known.topic and known.topic.isdisjoint(article):
                continue
            if known.absent and not known.absent.isdisjoint(reading.words(sentence.start, sentence.end)):
                continue
            complement = self._complement(reading, at, end, named, known.named_by)
            if known.needs_complement and not any(complement):
                continue
            is_parsed = reading.lemmas is not reading.forms
            named_so = namer(reading.doc, at, named, self.sets.links) if is_parsed else (False, None)
            return end, Use(at, end, known_by, known, complement, named_so)
        return at + 1, None

    def _complement(self, reading: Reading, start: int, end: int, named: list[Any], named_by: str) -> Complement:
        """What the words around a designation name: the person it describes, or what `_read_on` finds behind it."""
        first = raw_offset(reading.doc, reading.doc[start].idx)
        for mention in named:
            if mention.kind == "description" and mention.start <= first < mention.end:
                return Complement(person=mention.entity)
        before = self.nations.get(reading.forms[start - 1]) if start else None
        found: dict[str, list[str]] = {"owner": [before] if before else [], "target": []}
        beside = self._read_on(reading, end, {m.start: m for m in named if m.kind == "name"}, found, named_by)
        person = beside.entity if beside and named_by == "person" and beside.label == "PER" else None
        return Complement(tuple(found["owner"]), tuple(found["target"]), person)

    def _read_on(
        self, reading: Reading, end: int, begins: dict[int, Any], found: dict[str, list[str]], named_by: str
    ) -> Any:
        """Read on over adjectives, prepositions, articles and names, as long as nothing else comes.

        Names and demonyms go to `found`; the name that follows without a preposition comes back, if any: it is the
        designation's owner where it stands right behind it ("il governo Meloni").
        """
        doc, at, link, is_open = reading.doc, end, "", False
        while at < min(len(doc), end + _FURTHEST) and not doc[at].is_sent_start:
            name = begins.get(raw_offset(doc, doc[at].idx))
            if name is not None and (is_open or at == end):
                found[link or "owner"].append(name.stands_for if pd.notna(name.stands_for) else name.entity)
                if not is_open and name.label == "PER":
                    return name
                at, is_open = _behind(doc, at, name.end), False
                continue
            if name is not None:
                return name
            if reading.forms[at] in self.nations:
                found["owner"].append(self.nations[reading.forms[at]])
            elif step := self._link(reading.lemmas[at], named_by):
                link, is_open = step, True
            elif doc[at].pos_ not in ("ADJ", "DET", "CCONJ"):
                break
            is_open = is_open or (bool(link) and doc[at].pos_ == "CCONJ")
            at += 1
        return None

    def _link(self, word: str, named_by: str) -> str:
        """Where a preposition leads: to an owner, to a target where the set has such, or nowhere."""
        kinds = ("owner", "target") if named_by == "target" else ("owner",)
        return next((kind for kind in kinds if word in self.sets.links[kind]), "")


def _resolved(table: pd.DataFrame) -> pd.DataFrame:
    """Say what each designation designates: the person, the target, its owner's target elsewhere, or else the owner.

    "The Russian aggression" is the war in Ukraine where all other Russian wars of the corpus are in Ukraine.
    """
    known: dict[tuple[str, str], set[str]] = {}
    for row in table.itertuples():
        for owner in row.owners if row.targets else ():
            known.setdefault((row.contrast_set, owner), set()).add(_joined(row.targets))
    found = []
    for row in table.itertuples():
        elsewhere = set().union(*(known.get((row.contrast_set, owner), set()) for owner in row.owners))
        if pd.notna(row.person):
            found.append((row.person, "; the person named"))
        elif row.targets:
            found.append((_joined(row.targets), "; its complement"))
        elif len(elsewhere) == 1:
            found.append((elsewhere.pop(), "; where else its owner has one"))
        elif row.owners:
            found.append((_joined(row.owners), "; its owner"))
        else:
            found.append((None, ""))
    referents = pd.Series([name for name, _ in found], index=table.index, dtype="str")
    return table.assign(
        referent=referents, reason=table["reason"] + pd.Series([w for _, w in found], table.index, "str")
    )


def _voiced(table: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """Add voice and holder: what a verb of naming gives to somebody is attributed, however it is reported."""
    voiced = voice_of(table, quotes)
    named = table["is_named"].astype(bool) & voiced["voice"].eq("own")
    voice = voiced["voice"].mask(named, "attributed")
    reason = table["reason"].mask(named, table["reason"] + "; a verb of naming")
    return table.assign(voice=voice, holder=voiced["holder"].mask(named, table["namer"].astype("str")), reason=reason)


def _joined(names: Sequence[str]) -> str:
    return "; ".join(sorted(set(names)))


def _within_name(doc: Doc, start: int, end: int, named: list[Any]) -> bool:
    """Is it part of a name (of a treaty, a party, a person)? A capital that begins a sentence makes no name."""
    first, last = raw_span(doc[start:end])
    begins = bool(doc[start].is_sent_start)
    return any(
        m.kind == "name" and m.start <= first and last <= m.end and not (begins and m.end == last) for m in named
    )


def _behind(doc: Doc, at: int, end: int) -> int:
    """The first token that begins in the raw text where a name ends, or later."""
    while at < len(doc) and raw_offset(doc, doc[at].idx) < end:
        at += 1
    return at


def _overlap(spans: pd.DataFrame, others: pd.DataFrame) -> list[bool]:
    around = by_article(others)
    return [
        any(start < other.end and other.start < end for other in around.get(doc_id, ()))
        for doc_id, start, end in zip(spans["doc_id"], spans["start"], spans["end"], strict=True)
    ]
