"""Names known beforehand: territories (CLDR, through Babel), organisations, capitals, the researcher's aliases."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

import pandas as pd
from spacy.tokens import Token

from rassegna.errors import RassegnaError
from rassegna.languages import WORDS, entry, locale, optional_rows

LABELS = ("PER", "ORG", "LOC")
ALIAS_COLUMNS = ["alias", "entity", "label"]


class AliasError(RassegnaError):
    """The researcher's table of aliases is not formed as it should be."""


@dataclass(frozen=True)
class Known:
    """What a known name stands for.

    kind: territory, region, organisation, nickname, capital, seat or alias; `stands_for` is the name of the territory
    or organisation that a capital or seat may mean; a doubtful name needs the pipeline to see an entity there too.
    """

    entity: str
    label: str
    kind: str
    territory: str = ""
    stands_for: str = ""
    is_doubtful: bool = False


@dataclass(frozen=True)
class Hit:
    """A known name found in a Doc, from token `start` up to token `end`."""

    start: int
    end: int
    known: tuple[Known, ...]
    name: str  # as the word list writes it


@lru_cache(maxsize=WORDS)
def plain(text: str) -> str:
    """Text for comparing: lower case, no accents, every run of signs one space."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return " ".join(re.findall(r"\w+", "".join(c for c in text if not unicodedata.combining(c))))


def slug(label: str, name: str) -> str:
    """The entity_id of a name: label, colon, words joined by hyphens."""
    return f"{label}:{plain(name).replace(' ', '-')}"


class Gazetteer:
    """Known names, to be found in a Doc."""

    def __init__(self, names: dict[str, tuple[Known, ...]]) -> None:
        """Take spelling → what it may stand for; small initials match any case, capital ones need a capital."""
        self._first: dict[str, list[tuple[tuple[str, ...], str, tuple[Known, ...]]]] = {}
        for name, known in names.items():
            words = _words(name)
            if words:
                self._first.setdefault(words[0], []).append((words, name, known))
        for candidates in self._first.values():
            candidates.sort(key=lambda c: (-len(c[0]), c[1]))

    def get(self, word: str) -> tuple[Known, ...]:
        """What a single word stands for by itself, doubtful names left out; nothing when it is unknown."""
        for words, name, known in self._first.get(plain(word), ()):
            if len(words) == 1 and _case_fits(word, name) and not known[0].is_doubtful:
                return known
        return ()

    def find(self, tokens: Sequence[Token]) -> Iterator[Hit]:
        """The longest known name at each place of a Doc, given as its tokens, left to right."""
        pieces = [(word, i) for i, token in enumerate(tokens) for word in _words(token.text)]
        at = 0
        while at < len(pieces):
            hit, count = self._at(tokens, pieces, at) if pieces[at][0] in self._first else (None, 1)
            if hit is not None:
                yield hit
            at += count

    def _at(self, tokens: Sequence[Token], pieces: list[tuple[str, int]], at: int) -> tuple[Hit | None, int]:
        """The longest known name that begins at a piece of a word, and how many pieces it takes."""
        for words, name, known in self._first[pieces[at][0]]:
            count = len(words)
            if tuple(word for word, _ in pieces[at : at + count]) != words:
                continue
            first, last = pieces[at][1], pieces[at + count - 1][1]
            whole = (at == 0 or pieces[at - 1][1] != first) and (
                at + count == len(pieces) or pieces[at + count][1] != last
            )
            if whole and _case_fits(tokens[first].doc[first : last + 1].text, name):
                return Hit(first, last + 1, known, name), count
        return None, 1


@lru_cache(maxsize=WORDS)
def _words(text: str) -> tuple[str, ...]:
    return tuple(plain(text).split())


def _case_fits(text: str, name: str) -> bool:
    """Does the capitalisation of a text allow the name? ONU, Onu but not onu; Usa but not usa."""
    if name[0].islower():
        return True
    if not text[0].isupper():
        return False
    if len(name) <= 5 and name.isupper():
        return text.isupper() or text == name.capitalize()
    return True


@cache
def territories(language: str) -> dict[str, str]:
    """ISO 3166 or M49 code → the name that this language's newspapers use."""
    names = {code: str(name).replace("’", "'") for code, name in locale(language).territories.items()}
    names.update(entry(language, "places", "canonical"))
    names.update({code: forms[0] for code, forms in entry(language, "places", "historic").items()})
    return names


@cache
def demonyms(language: str, shown: str = "") -> dict[str, str]:
    """Adjective of nationality, in every form → name of the territory, as a language shows it; its own by default.

    One that is written with a capital is there in small letters too.
    """
    names = territories(language) | territories(shown or language)
    found = {}
    for row in optional_rows(language, "demonyms", "forms", "territory"):
        for form in row["forms"].split():
            found[form] = found[form.lower()] = names[row["territory"]]
    return found


@cache
def translated(language: str, shown: str) -> dict[str, str]:
    """Name of a territory, region, capital or body in one language → in another, where it differs.

    Territories are known by their codes; the rest by the English name that stands beside theirs in the word lists.
    """
    own, other = _by_key(language), _by_key(shown)
    return {own[key]: other[key] for key in sorted(own.keys() & other.keys()) if own[key] != other[key]}


@cache
def _by_key(language: str) -> dict[str, str]:
    """Code of a territory, or English name of anything else known → its name in a language."""
    listed = (*optional_rows(language, "metonymies", "name"), *optional_rows(language, "organisations", "name"))
    english = entry(language, "places", "english") | {row["name"]: row.get("english", "") for row in listed}
    regions = dict.fromkeys(entry(language, "places", "regions"), "")
    names = {told or name: name for name, told in reversed((regions | english).items())}  # the first of several stays
    return names | territories(language)


@cache
def known_names(language: str) -> dict[str, tuple[Known, ...]]:
    """Every known name of a language → what it may stand for."""
    found: dict[str, tuple[Known, ...]] = {}
    places = {key: entry(language, "places", key) for key in ("aliases", "historic", "regions")}
    doubtful, cities = (set(entry(language, "places", f"doubtful.{key}")) for key in ("codes", "cities"))
    names = territories(language)
    organisations = _organisations(language)
    for code, name in names.items():
        known = Known(name, "LOC", "territory", territory=name, is_doubtful=code in doubtful)
        babel = locale(language).territories.get(code, name)
        for form in (babel, name, *places["aliases"].get(code, []), *places["historic"].get(code, [])):
            if code not in doubtful or form == name:
                found[form] = (known,)
    for name, forms in places["regions"].items():
        for form in (name, *forms):
            found[form] = (Known(name, "LOC", "region"),)
    found.update(organisations)
    for row in optional_rows(language, "metonymies", "name", "kind", "stands_for"):
        target = names.get(row["stands_for"], row["stands_for"])
        label = "ORG" if row["kind"] == "seat" else "LOC"
        territory = target if row["stands_for"] in names else ""
        is_doubtful = row["kind"] == "capital" and row["name"] in cities
        known = Known(row["name"], label, row["kind"], territory, target, is_doubtful)
        found[row["name"]] = (known,)
    return found


def _organisations(language: str) -> dict[str, tuple[Known, ...]]:
    found: dict[str, tuple[Known, ...]] = {}
    for row in optional_rows(language, "organisations", "name", "aliases", "kind"):
        aliases = [a for a in row["aliases"].split("|") if a]
        forms = [row["name"]] if row["kind"] in ("name", "club") else []
        for form in [*forms, *aliases] if row["kind"] == "name" else forms:
            found[form] = (Known(row["name"], "ORG", "organisation"),)
        for form in aliases if row["kind"] != "name" else []:
            found[form] = (*found.get(form, ()), Known(row["name"], "ORG", "nickname"))
    return found


def read_aliases(source: pd.DataFrame | Path | str | None) -> dict[str, Known]:
    """Read a researcher's aliases: columns alias, entity, label (PER, ORG, LOC); an empty entity means "no entity".

    Args:
        source: The table, a CSV file, a folder in which `aliases.csv` may stand, or None.

    Raises:
        AliasError: A column is absent, an alias is empty, or a label is not allowed.
    """
    if source is None:
        return {}
    if isinstance(source, str | Path):
        path = Path(source) / "aliases.csv" if Path(source).is_dir() else Path(source)
        if not path.exists():
            return {}
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    else:
        table = source
    if absent := [c for c in ALIAS_COLUMNS if c not in table.columns]:
        raise AliasError(f"aliases: column '{absent[0]}' is missing; expected {', '.join(ALIAS_COLUMNS)}")
    found = {}
    for number, row in enumerate(table.fillna("").to_dict("records"), start=1):
        alias, name, label = (str(row[c]).strip() for c in ALIAS_COLUMNS)
        if not alias:
            raise AliasError(f"aliases row {number}: alias is empty")
        if name and label not in LABELS:
            raise AliasError(f"aliases row {number}: label is '{label}', expected one of {', '.join(LABELS)}")
        found[alias] = Known(name, label, "alias")
    return found


def gazetteer(language: str, aliases: dict[str, Known]) -> Gazetteer:
    """The known names of a language, with the researcher's aliases above them."""
    names = dict(known_names(language))
    for alias, known in aliases.items():
        twin = next((k for k in names.get(known.entity, ()) if k.label == known.label), None)
        names[alias] = (replace(known, territory=twin.territory if twin else ""),)
    return Gazetteer(names)
