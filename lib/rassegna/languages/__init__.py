"""Language resources: the words of a language stand in data files, one folder a language, never in code."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale, UnknownLocaleError

from rassegna.errors import RassegnaError

# Resources that hold for every language: agencies, signs, notations.
ANY = "any"


class LanguageError(RassegnaError):
    """A language is unknown, or a resource cannot be read."""


@cache
def load(code: str, resource: str) -> dict[str, Any]:
    """Read `languages/<code>/<resource>.toml`; a language without that resource has an empty one.

    Raises:
        LanguageError: the file is no valid TOML.
    """
    path = files("rassegna.languages") / code / f"{resource}.toml"
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LanguageError(f"languages/{code}/{resource}.toml: {error}") from error


@cache
def locale(code: str) -> Locale:
    """The CLDR locale of a language: names of months, weekdays, countries.

    Raises:
        LanguageError: no such language.
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
