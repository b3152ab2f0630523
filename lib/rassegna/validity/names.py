"""Whether two names mean the same one, as the hand annotation lets them."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rassegna.errors import AnnotationError


def folded(value: object) -> str:
    """A text without accents, capitals and punctuation, its words a space apart; nothing for an absent value."""
    if value is None or value != value:
        return ""
    bare = "".join(c for c in unicodedata.normalize("NFKD", str(value)) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", bare.casefold()))


class Names:
    """Canonical names with the forms that stand for them; what a form has in brackets is a remark."""

    def __init__(self, aliases: Mapping[str, Sequence[str]]) -> None:
        self._canonical = {
            folded(re.sub(r"\(.*?\)", "", form)): name for name, forms in aliases.items() for form in (name, *forms)
        }

    @classmethod
    def read(cls, path: Path) -> "Names":
        """Read `aliases.json`: name → list of its other forms; without the file no name has one.

        Raises:
            AnnotationError: the file is of another form.
        """
        aliases: Any = read_json(path, path.name) if path.is_file() else {}
        if not isinstance(aliases, dict) or not all(isinstance(forms, list) for forms in aliases.values()):
            raise AnnotationError(f'{path.name}: allowed is an object of names and their forms: {{"name": ["form"]}}')
        return cls(aliases)

    def canonical(self, name: str) -> str:
        """The name that a form stands for, else the form itself."""
        return self._canonical.get(folded(name), name)

    def same(self, one: object, other: object) -> bool:
        """Whether two names are equal, or the words of the one are among the other's; no name equals none."""
        a, b = (folded(self._canonical.get(folded(name), name)) for name in (one, other))
        if not a or not b:
            return False
        return a == b or set(a.split()) <= set(b.split()) or set(b.split()) <= set(a.split())


def read_json(path: Path, name: str) -> Any:
    """Read a JSON file; `name` is what errors call it.

    Raises:
        AnnotationError: it is not JSON, or not UTF-8; the message names file and place.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise AnnotationError(f"{name}: not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise AnnotationError(f"{name}: not JSON at line {error.lineno}, column {error.colno}: {error.msg}") from error
