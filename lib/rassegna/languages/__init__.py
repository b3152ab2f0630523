"""Language resources: what the library knows about a language stands in data files, one folder a language."""

import csv
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError

from rassegna.errors import LanguageError

FOLDER = Path(__file__).parent
WORDS = 1 << 14  # of a text that a cache remembers what it knows of; beyond, the oldest are forgotten
ANY = "any"  # the folder of what holds for every language: agencies, signs, notations


def languages() -> list[str]:
    """Codes of the languages that have a folder of resources, sorted."""
    return sorted(p.name for p in FOLDER.iterdir() if p.is_dir() and any(p.glob("*.toml")))


@cache
def load(code: str, resource: str) -> dict[str, Any]:
    """Read one TOML resource of a language; read once, so treat what comes back as read-only.

    Args:
        code: Language code, the name of a folder here (`it`).
        resource: File name without extension (`roles`).

    Raises:
        LanguageError: No such language or resource, or the file is not TOML.
    """
    path = _path(code, f"{resource}.toml")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LanguageError(f"{code}/{path.name} is not valid TOML: {error}") from error


@cache
def optional(code: str, resource: str) -> dict[str, Any]:
    """Read one TOML resource as `load` does; a language without it has an empty one."""
    return load(code, resource) if (FOLDER / code / f"{resource}.toml").is_file() else {}


def entry(code: str, resource: str, key: str) -> Any:
    """Look up a key (dots go down a level) in a TOML resource; what a language leaves out stands in the folder `any`.

    Raises:
        LanguageError: As `load`, or the key is absent; the message names file and key.
    """
    for folder in (code, ANY):
        found: Any = optional(folder, resource)
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if found is not None:
            return found
    load(code, resource)
    raise LanguageError(f"{code}/{resource}.toml has no key '{key}'")


@cache
def rows(code: str, resource: str, *columns: str) -> tuple[dict[str, str], ...]:
    """Read one CSV resource of a language; lines that begin with `#` are comments.

    Args:
        code: Language code.
        resource: File name without extension (`reporting_verbs`).
        columns: Columns that must be there.

    Raises:
        LanguageError: No such language or resource, a column is absent, or a row is too short.
    """
    path = _path(code, f"{resource}.csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    numbered = [(n, line) for n, line in enumerate(lines, start=1) if line.strip() and not line.startswith("#")]
    reader = csv.DictReader(line for _, line in numbered)
    if absent := [c for c in columns if c not in (reader.fieldnames or ())]:
        raise LanguageError(f"{code}/{path.name} has no column '{absent[0]}'")
    found = []
    for row in reader:
        if None in row or any(value is None for value in row.values()):
            number = numbered[reader.line_num - 1][0]
            raise LanguageError(f"{code}/{path.name} line {number}: expected columns {reader.fieldnames}")
        found.append({key: value.strip() for key, value in row.items()})
    return tuple(found)


def optional_rows(code: str, resource: str, *columns: str) -> tuple[dict[str, str], ...]:
    """Read one CSV resource as `rows` does; a language without it has no rows."""
    return rows(code, resource, *columns) if (FOLDER / code / f"{resource}.csv").is_file() else ()


@cache
def locale(code: str) -> Locale:
    """The CLDR locale of a language: names of months, weekdays, countries.

    Raises:
        LanguageError: No such language.
    """
    message = f"language {code!r}: not known; give an ISO 639-1 code such as it, en, fr"
    if not re.fullmatch("[a-z]{2,3}", code):  # it also names a folder
        raise LanguageError(message)
    try:
        return Locale(code)
    except UnknownLocaleError as error:
        raise LanguageError(message) from error


def is_known(code: str) -> bool:
    """Whether a code names a language."""
    try:
        locale(code)
    except LanguageError:
        return False
    return True


def _path(code: str, name: str) -> Path:
    folder = FOLDER / code
    if not folder.is_dir():
        raise LanguageError(f"no resources for language '{code}'; there are: {', '.join(languages())}")
    path = folder / name
    if not path.is_file():
        raise LanguageError(f"language '{code}' has no resource {name}")
    return path
