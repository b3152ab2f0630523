"""Contrast sets: the competing designations of one thing, read from the language's file and the corpus's own."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from rassegna.errors import RassegnaError
from rassegna.languages import optional

RESOURCE = "contrast_sets"
FILE = f"{RESOURCE}.toml"
STANCES = ("neutral", "euphemism", "dramatising", "delegitimising", "legitimising", "heroic")
NAMED_BY = ("owner", "target", "person")
_TOP = ("links", "inflection", "words", "other_senses", "sets")
_SET = ("about", "named_by", "terms")
_TERM = ("stance", "forms", "topic", "not", "complement")

Phrase = tuple[str, ...]


class ContrastSetError(RassegnaError):
    """A file of contrast sets is not formed as it should be; the message names file, set, field and what is allowed."""


@dataclass(frozen=True)
class Designation:
    """One designation of a contrast set, and where its words count as one.

    Attributes:
        contrast_set: Identifier of the set.
        term: The designation as tables show it.
        stance: One of `STANCES`.
        named_by: Which complement tells what is designated, one of `NAMED_BY`.
        topic: Words of which its article must have one; empty: none needed.
        absent: Words of which its sentence must have none.
        needs_complement: Whether a complement must name somebody or some place.
    """

    contrast_set: str
    term: str
    stance: str
    named_by: str
    topic: frozenset[str]
    absent: frozenset[str]
    needs_complement: bool


@dataclass(frozen=True)
class ContrastSets:
    """The designations of a language.

    Attributes:
        about: Identifier of each set → what is contested.
        phrases: Words of a phrase → its designation, or None for a phrase that only looks like one.
        links: owner, target → prepositions that lead to it; as, of, of_verbs → what leads from a verb of naming.
        inflection: Last letters of a word → what may stand for them.
    """

    about: Mapping[str, str]
    phrases: Mapping[Phrase, Designation | None]
    links: Mapping[str, frozenset[str]]
    inflection: Mapping[str, tuple[str, ...]]


def contrast_sets(language: str, *, folder: Path | None = None) -> ContrastSets:
    """Read the contrast sets of a language, and those that a corpus adds.

    Args:
        language: Code of a language; one without a list has none of its own.
        folder: Corpus folder, which may hold a `contrast_sets.toml` of the same form; where both know a phrase,
            or a term of the same set, the corpus's counts.

    Raises:
        ContrastSetError: A file is ill-formed, or has a phrase twice.
    """
    files = [(f"{language}/{FILE}", optional(language, RESOURCE)), (FILE, _own(folder))]
    words: dict[str, list[str]] = {}
    about: dict[str, str] = {}
    phrases: dict[Phrase, Designation | None] = {}
    links: dict[str, frozenset[str]] = {"owner": frozenset(), "target": frozenset()}
    inflection: dict[str, tuple[str, ...]] = {}
    for where, data in files:
        _only(data, _TOP, where)
        words |= data.get("words", {})
        links |= {key: frozenset(listed) for key, listed in data.get("links", {}).items()}
        inflection |= {key: tuple(endings) for key, endings in data.get("inflection", {}).items()}
        about |= {key: str(own.get("about", "")) for key, own in data.get("sets", {}).items() if key not in about}
        found = _phrases(data, words, where)
        replaced = {(d.contrast_set, d.term) for d in found.values() if d}
        kept = {p: d for p, d in phrases.items() if d is None or (d.contrast_set, d.term) not in replaced}
        phrases = kept | found
    return ContrastSets(about, phrases, links, inflection)


def _own(folder: Path | None) -> dict[str, Any]:
    path = folder / FILE if folder else None
    if path is None or not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContrastSetError(f"{FILE}: {error}") from error


def _phrases(data: Mapping[str, Any], words: Mapping[str, list[str]], where: str) -> dict[Phrase, Designation | None]:
    found: dict[Phrase, Designation | None] = {}
    for designation, form, place in _forms(data, words, where):
        for phrase in product(*(word.split("|") for word in form.casefold().split())):
            if not phrase:
                raise ContrastSetError(f"{place}, field 'forms': a form is empty; allowed are words")
            if phrase in found and found[phrase] != designation:
                raise ContrastSetError(f"{place}, field 'forms': {' '.join(phrase)!r} stands twice; allowed is once")
            found[phrase] = designation
    return found


def _forms(
    data: Mapping[str, Any], words: Mapping[str, list[str]], where: str
) -> Iterator[tuple[Designation | None, str, str]]:
    """Every form of a file, with its designation and its place in words."""
    for form in data.get("other_senses", {}).get("phrases", []):
        yield None, form, f"{where}: other_senses"
    for key, own in data.get("sets", {}).items():
        place = f"{where}: set {key!r}"
        _only(own, _SET, place)
        named_by = _one_of(own.get("named_by", NAMED_BY[0]), NAMED_BY, f"{place}, field 'named_by'")
        for term, known in own.get("terms", {}).items():
            spot = f"{place}, term {term!r}"
            if not isinstance(known, dict):
                raise ContrastSetError(f"{spot}: {known!r}; allowed is a table with {', '.join(_TERM)}")
            _only(known, _TERM, spot)
            designation = Designation(
                contrast_set=key,
                term=term,
                stance=_one_of(known.get("stance"), STANCES, f"{spot}, field 'stance'"),
                named_by=named_by,
                topic=_listed(known, "topic", words, spot),
                absent=_listed(known, "not", words, spot),
                needs_complement=bool(known.get("complement", False)),
            )
            yield from ((designation, form, spot) for form in _strings(known.get("forms", [term]), "forms", spot))


def _listed(known: Mapping[str, Any], field: str, words: Mapping[str, list[str]], spot: str) -> frozenset[str]:
    """The words of a guard, with `@name` for a list of them."""
    found: set[str] = set()
    for word in _strings(known.get(field, []), field, spot):
        name = word.removeprefix("@")
        if name != word:
            _one_of(name, tuple(words), f"{spot}, field {field!r}")
            found.update(words[name])
        elif len(word.split()) == 1:
            found.add(word.casefold())
        else:
            raise ContrastSetError(f"{spot}, field {field!r}: {word!r}; allowed are single words")
    return frozenset(found)


def _strings(value: Any, field: str, spot: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ContrastSetError(f"{spot}, field {field!r}: {value!r}; allowed is a list of strings")
    return value


def _only(table: Mapping[str, Any], allowed: tuple[str, ...], place: str) -> None:
    if unknown := sorted(set(table) - set(allowed)):
        raise ContrastSetError(f"{place}, field {unknown[0]!r}: unknown; allowed are {', '.join(allowed)}")


def _one_of(value: Any, allowed: tuple[str, ...], place: str) -> str:
    if value not in allowed:
        raise ContrastSetError(f"{place}: {value!r}; allowed are {', '.join(allowed)}")
    return str(value)
