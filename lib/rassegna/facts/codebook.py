"""The codebook: facts that a researcher wrote down, with patterns that tell which sentences report them."""

import datetime
import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from spacy.tokens import Token

from rassegna.errors import CodebookError
from rassegna.facts.statements import Place, Statement, forms
from rassegna.quantities.compatibility import incompatible

CODEBOOK_FILE = "codebook.toml"
_FIELDS = {
    "id": "a short name in quotes, such as \"bridge-collapse\"",
    "fact": "a sentence in quotes",
    "all": "a list of lines, or several such lists, each one way of telling the fact",
    "none": "a list of lines",
    "about": "a list of lines",
    "number": "the noun that is counted, in quotes",
    "date": "the word for what is dated, in quotes",
    "who": "an entity, such as \"@Name\"",
    "whom": "an entity, such as \"@Name\"",
    "within": "\"sentence\" or \"paragraph\"",
    "from": "a day, such as \"2024-06-18\"",
}  # fmt: skip
_QUANTITY = re.compile(r"#\s*(?P<sign>[<>])?\s*(?P<value>\d+(?:[., ]\d+)*)?\s*(?P<noun>[^\d<>#]*)")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?|\d{4}-(W\d\d|SP|SU|FA|WI)")
_APOSTROPHES = str.maketrans("’", "'")


@dataclass(frozen=True)
class Term:
    """One alternative of a line: exact words, an entity, a quantity, a date or words by lemma.

    Attributes:
        kind: exact, entity, quantity, date or words.
        text: What is looked for; of a quantity the noun it counts.
        value: Of a quantity; None: any value.
        sign: Of a quantity: < or > for below or above that value, else nothing.
        written: As it stands in the file.
    """

    kind: str
    text: str
    written: str
    value: float | None = None
    sign: str = ""

    def find(self, statement: Statement, names: dict[str, set[str]]) -> frozenset[int] | None:
        """Tokens of the first place where a statement has this; None: it has it nowhere.

        Args:
            statement: The sentence.
            names: Folded name or alias to the entities that it may stand for.
        """
        if self.kind == "entity":
            known = names.get(fold(self.text), set())
            return _first(statement.mentions, lambda m: bool({m.entity, m.stands_for} & known))
        if self.kind == "date":
            return _first(statement.dates, lambda d: d.value == self.text or d.value.startswith(f"{self.text}-"))
        if self.kind == "quantity":
            return next((q.tokens for q in statement.quantities if self._fits(q, statement)), None)
        if self.kind == "exact":
            at = statement.text.translate(_APOSTROPHES).find(self.text)
            return None if at < 0 else _covered(statement, at, at + len(self.text))
        words = self.text.split()
        return _phrase(words, statement.tokens) if all(_stands(word, statement.forms) for word in words) else None

    def counts(self, place: Place, statement: Statement) -> bool:
        """Whether a quantity counts the noun of this term (any noun where it names none)."""
        words = {*str(place.row.counted_phrase).casefold().split(), str(place.row.counted).casefold()}
        words |= {form for t in statement.tokens if t.i in place.tokens for form in forms(t)}
        return all(any(_is(word, form) for form in words) for word in self.text.split())

    def _fits(self, place: Place, statement: Statement) -> bool:
        row = place.row._asdict()
        if self.value is None or not self.counts(place, statement):
            return self.value is None and self.counts(place, statement)
        low, high = (row["value"], row["value"]) if pd.notna(row["value"]) else (row["low"], row["high"])
        if pd.isna(low):
            return False
        if self.sign:
            return bool(low >= self.value if self.sign == ">" else high <= self.value)
        return not incompatible({**row, "value": self.value, "low": None, "high": None, "bound": "exact"}, row)


Line = tuple[Term, ...]


@dataclass(frozen=True)
class Entry:
    """One fact of the codebook; the attributes are the fields of the file.

    Attributes:
        fact_id, fact: Its name, and the sentence that tells it.
        ways: Ways of telling it; of one of them every line must be met.
        none: Lines that must not be met.
        about: Lines that the paragraph or the headline must meet.
        number, date: What must be counted, or dated, alike in every article; None: nothing.
        who, whom: Who acts on whom; None: not checked.
        within: sentence or paragraph, in which all lines must be met.
        since: Day on which it happened, or None.
    """

    fact_id: str
    fact: str
    ways: tuple[tuple[Line, ...], ...]
    none: tuple[Line, ...] = ()
    about: tuple[Line, ...] = ()
    number: Line | None = None
    date: Line | None = None
    who: Line | None = None
    whom: Line | None = None
    within: str = "sentence"
    since: str | None = None


def read_codebook(folder: Path) -> list[Entry]:
    """Read `codebook.toml` of a corpus folder; without the file there are no entries.

    Raises:
        CodebookError: the file cannot be read; the message names the file, the fact, the field and what is allowed.
    """
    path = folder / CODEBOOK_FILE
    if not path.is_file():
        return []
    try:
        spec = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CodebookError(f"{CODEBOOK_FILE}: {error}") from error
    if set(spec) - {"fact"} or not isinstance(spec.get("fact", []), list):
        raise CodebookError(f"{CODEBOOK_FILE}: holds {', '.join(sorted(spec))}; allowed are only [[fact]] entries")
    entries = [_entry(number, raw) for number, raw in enumerate(spec.get("fact", []), start=1)]
    for entry in entries:
        if sum(other.fact_id == entry.fact_id for other in entries) > 1:
            raise _error(entry.fact_id, "id", "is there twice; allowed is each name once")
    return entries


def line(text: str, *, where: str = "", field: str = "all") -> Line:
    """Read one line of a pattern: alternatives with `|` between them.

    Raises:
        CodebookError: an alternative is empty or not well formed.
    """
    parts = re.findall(r'(?:"[^"]*"|[^|"])+', text)
    terms = tuple(_term(part.strip(), where, field) for part in parts)
    if not terms or text.count("|") - sum(part.count("|") for part in parts) != len(parts) - 1:
        raise _error(where, field, f"{text!r} has an empty alternative; allowed are words with | between them")
    return terms


def fold(name: str) -> str:
    """A name in the form in which names are compared."""
    return " ".join(re.findall(r"\w+", name.casefold()))


def _error(fact: str, field: str, message: str) -> CodebookError:
    return CodebookError(f"{CODEBOOK_FILE}, fact {fact!r}, field {field!r}: {message}")


def _entry(number: int, raw: Any) -> Entry:
    if not isinstance(raw, dict):
        raise CodebookError(f"{CODEBOOK_FILE}: entry {number} is no table; allowed are [[fact]] entries")
    where = str(raw.get("id") or f"entry {number}")
    _check(where, raw)
    nested = isinstance(raw["all"], list) and all(isinstance(way, list) for way in raw["all"])
    ways = tuple(_lines(where, "all", way) for way in (raw["all"] if nested else [raw["all"]]))
    more: dict[str, Any] = {field: _lines(where, field, raw.get(field, [])) for field in ("none", "about")}
    for field in ("number", "date", "who", "whom"):
        more[field] = _lines(where, field, [raw[field]])[0] if field in raw else None
    return Entry(raw["id"], raw["fact"], ways, within=raw.get("within", "sentence"), since=_day(where, raw), **more)


def _check(where: str, raw: dict[str, Any]) -> None:
    """Refuse an unknown field, a missing one, and a value that is none of those allowed."""
    for field in raw:
        if field not in _FIELDS:
            raise _error(where, field, f"is not known; allowed are {', '.join(_FIELDS)}")
    for field in ("id", "fact", "all"):
        if not raw.get(field):
            raise _error(where, field, f"is missing; give {_FIELDS[field]}")
    for field in ("id", "fact", "within"):
        if not isinstance(raw.get(field, ""), str):
            raise _error(where, field, f"{raw[field]!r}; allowed is {_FIELDS[field]}")
    if raw.get("within", "sentence") not in ("sentence", "paragraph"):
        raise _error(where, "within", f"{raw['within']!r}; allowed is {_FIELDS['within']}")
    if ("who" in raw) != ("whom" in raw):
        raise _error(where, "who" if "who" in raw else "whom", "stands alone; who and whom go together")


def _lines(where: str, field: str, raw: Any) -> tuple[Line, ...]:
    if not isinstance(raw, list) or not all(isinstance(text, str) and text.strip() for text in raw):
        raise _error(where, field, f"{raw!r}; allowed is {_FIELDS[field]}")
    return tuple(line(text, where=where, field=field) for text in raw)


def _day(where: str, raw: dict[str, Any]) -> str | None:
    if "from" not in raw:
        return None
    try:
        return datetime.date.fromisoformat(str(raw["from"])).isoformat()
    except ValueError as error:
        raise _error(where, "from", f"{raw['from']!r}; allowed is {_FIELDS['from']}") from error


def _term(written: str, where: str, field: str) -> Term:
    text = written.translate(_APOSTROPHES)
    if len(text) > 2 and text[0] == text[-1] == '"':
        return Term("exact", text[1:-1], written)
    if text.startswith("@") and fold(text):
        return Term("entity", text[1:].strip(), written)
    if text.startswith("#") and (match := _QUANTITY.fullmatch(text)) and (match["value"] or match["noun"].strip()):
        plain = re.sub(r"[. ](?=\d{3}(?!\d))", "", match["value"] or "").replace(",", ".")
        value = float(plain) if plain else None
        return Term("quantity", match["noun"].strip().casefold(), written, value, match["sign"] or "")
    if _DATE.fullmatch(text):
        return Term("date", text, written)
    if text and text[0] not in '@#"' and re.search(r"\w", text):
        return Term("words", text.casefold(), written)
    allowed = 'words, "exact words", @Name, #24 anni, 2024-06-19, with | between'
    raise _error(where, field, f"{written!r}; allowed are {allowed}")


def stub(fact_id: str, fact: str, lines: Sequence[str]) -> str:
    """An entry of the codebook as TOML."""
    listed = ", ".join(_quoted(text) for text in lines)
    return f"[[fact]]\nid = {_quoted(fact_id)}\nfact = {_quoted(fact)}\nall = [{listed}]\n"


def _quoted(text: str) -> str:
    return json.dumps(text.replace("\x7f", ""), ensure_ascii=False)  # a TOML string but for this one character


def _first(places: tuple[Place, ...], fits: Any) -> frozenset[int] | None:
    return next((place.tokens for place in places if fits(place.row)), None)


def _covered(statement: Statement, start: int, end: int) -> frozenset[int]:
    base = statement.tokens[0].idx
    return frozenset(t.i for t in statement.tokens if t.idx - base < end and start < t.idx - base + len(t))


def _stands(pattern: str, known: frozenset[str]) -> bool:
    return any(_is(pattern, form) for form in known) if pattern.endswith("*") else pattern in known


def _is(pattern: str, form: str) -> bool:
    return form.startswith(pattern[:-1]) if pattern.endswith("*") else form == pattern


def _phrase(words: list[str], tokens: tuple[Token, ...]) -> frozenset[int] | None:
    """The first place where the words stand one behind the other, articles between them left out."""
    for first in range(len(tokens)):
        found: list[int] = []
        at = first
        for word in words:
            while found and at < len(tokens) and tokens[at].pos_ == "DET":
                at += 1
            if at >= len(tokens) or not any(_is(word, form) for form in forms(tokens[at])):
                break
            found.append(tokens[at].i)
            at += 1
        else:
            return frozenset(found)
    return None
