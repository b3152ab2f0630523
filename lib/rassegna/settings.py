"""The parameters that every notebook and command share, validated before any work is done."""

import datetime
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rassegna import languages
from rassegna.corpus import MAX_MEGABYTES, check_columns, folder_of
from rassegna.errors import LanguageError, ParameterError

CORPUS_FILE = "corpus.toml"
DEFAULT_LANGUAGE = "it"
DEFAULT_PIPELINE = "it_rassegna_news"
_CORPUS_KEYS = ("event", "language", "reference_date", "columns")


@dataclass(frozen=True)
class Settings:
    """What a run works on; the attributes are named as the notebooks' parameters.

    Attributes:
        corpus_dir: Folder of articles, or one file.
        event: What the corpus is about, in the researcher's words.
        language: Language of the articles whose manifest line names none (ISO 639-1 code).
        reference_date: Day the corpus is about, or None.
        max_megabytes: Refuse an article larger than this (1,000,000 bytes each).
        pipeline: spaCy pipeline, a package's name or a path.
        columns: What the columns of exports say, where their names do not tell: field to columns.
    """

    corpus_dir: Path
    event: str = ""
    language: str = DEFAULT_LANGUAGE
    reference_date: datetime.date | None = None
    max_megabytes: float = MAX_MEGABYTES
    pipeline: str = DEFAULT_PIPELINE
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_parameters(
        cls,
        corpus_dir: str | Path,
        *,
        language: str = "",
        reference_date: str = "",
        max_megabytes: float = MAX_MEGABYTES,
        pipeline: str = "",
        columns: Mapping[str, Sequence[str]] | None = None,
    ) -> "Settings":
        """Build settings from plain values; an empty one is taken from `corpus.toml` in the corpus folder.

        Raises:
            ParameterError: a value is not allowed; the message names the parameter, the value and what is.
        """
        own = _corpus_file(Path(corpus_dir))
        language = language or own.get("language", DEFAULT_LANGUAGE)
        reference_date = reference_date or str(own.get("reference_date", ""))
        try:
            languages.locale(language)
        except LanguageError as error:
            raise ParameterError(str(error)) from error
        try:
            date = datetime.date.fromisoformat(reference_date) if reference_date else None
        except ValueError as error:
            message = f"reference_date: {reference_date!r}; allowed is a day such as 2024-06-19, or nothing"
            raise ParameterError(message) from error
        if not (math.isfinite(max_megabytes) and max_megabytes > 0):
            raise ParameterError(f"max_megabytes: {max_megabytes}; allowed is a number above 0")
        event = str(own.get("event", ""))
        told = own.get("columns", {})
        if not isinstance(told, dict):
            raise ParameterError(f"{CORPUS_FILE}: columns = {told!r}; allowed is a table [columns] with field = column")
        mapped = check_columns({**told, **(columns or {})})
        return cls(Path(corpus_dir), event, language, date, max_megabytes, pipeline or DEFAULT_PIPELINE, mapped)

    def as_dict(self) -> dict[str, object]:
        """The settings as the run manifest shows them: no path, only the corpus folder's name."""
        return {
            **asdict(self),
            "corpus_dir": self.corpus_dir.resolve().name,
            "pipeline": Path(self.pipeline).name,
            "reference_date": self.reference_date.isoformat() if self.reference_date else None,
        }


def _corpus_file(corpus_dir: Path) -> dict[str, Any]:
    path = folder_of(corpus_dir) / CORPUS_FILE
    if not path.is_file():
        return {}
    try:
        own = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ParameterError(f"{CORPUS_FILE}: {error}") from error
    if unknown := sorted(set(own) - set(_CORPUS_KEYS)):
        raise ParameterError(f"{CORPUS_FILE}: unknown key {unknown[0]!r}; allowed are {', '.join(_CORPUS_KEYS)}")
    return own
