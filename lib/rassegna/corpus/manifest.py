"""What the researcher knows of the articles: `manifest.csv`, and the reading of such small tables."""

import csv
import datetime
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from rassegna import languages
from rassegna.corpus.decoding import RefusalError, decode
from rassegna.errors import CorpusError

MANIFEST = "manifest.csv"
MANIFEST_COLUMNS = (
    "file", "outlet", "country", "language", "title", "author", "agency", "published_at", "updated_at", "url", "note",
)  # fmt: skip
TIMES = ("published_at", "updated_at")
_ISO_8601 = re.compile(
    r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])"
    r"([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?"
)


def read_manifest(root: Path, known: Mapping[str, str], refused: list[tuple[str, str]]) -> pd.DataFrame:
    """Read what the researcher knows; name every line or column that cannot be used in `refused`.

    Args:
        root: Folder of the manifest.
        known: Path of each article, with the record behind `#` where a file holds several, to doc_id.
        refused: Rows of the table `refused`, which this adds to.
    """
    path = root / MANIFEST
    taken: dict[str, dict[str, str | None]] = {}
    if path.is_file():
        reader = csv_reader(path, required=("file",), allowed=MANIFEST_COLUMNS)
        allowed = ", ".join(MANIFEST_COLUMNS)
        unknown = [name for name in reader.fieldnames or () if name not in MANIFEST_COLUMNS]
        refused.extend((f"{MANIFEST}, line 1", f"unknown column {name!r}; allowed are {allowed}") for name in unknown)
        try:
            for row in reader:
                where, file = f"{MANIFEST}, line {reader.line_num}", (row.get("file") or "").strip()
                if file not in known:
                    refused.append((where, f"unknown file {file!r}: no article of that name was read"))
                elif known[file] in taken:
                    refused.append((where, f"second line for {file}; the first one counts"))
                else:
                    taken[known[file]] = _manifest_values(row, where, refused)
        except csv.Error as error:
            raise CorpusError(f"{MANIFEST}, line {reader.line_num}: {error}") from error
    rows = [{"doc_id": doc_id, **values} for doc_id, values in sorted(taken.items())]
    return pd.DataFrame(rows, columns=["doc_id", *MANIFEST_COLUMNS[1:]], dtype="str")


def csv_reader(path: Path, *, required: Sequence[str], allowed: Sequence[str]) -> "csv.DictReader[str]":
    """Open a researcher's CSV file, in whichever encoding, with commas or semicolons.

    Raises:
        CorpusError: it cannot be decoded, or a required column is missing; the message names file and column.
    """
    try:
        text, _ = decode(path.read_bytes())
    except RefusalError as refusal:
        raise CorpusError(f"{path.name}: {refusal}") from refusal
    header = text.split("\n", 1)[0]
    # Spreadsheets of half of Europe separate with semicolons.
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if header.count(";") > header.count(",") else ","
    )
    reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
    if missing := [name for name in required if name not in reader.fieldnames]:
        has = ", ".join(reader.fieldnames)
        raise CorpusError(f"{path.name}: no column `{missing[0]}`; it has {has}; allowed are {', '.join(allowed)}")
    return reader


def _manifest_values(row: Mapping[str, str], where: str, refused: list[tuple[str, str]]) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    for name in MANIFEST_COLUMNS[1:]:
        value = (row.get(name) or "").strip()
        try:
            values[name] = usable(name, value) or None
        except RefusalError as refusal:
            refused.append((where, str(refusal)))
            values[name] = None
    return values


def usable(name: str, value: str) -> str:
    """What a column of metadata says, if it is what that column may hold.

    Raises:
        RefusalError: it is not; the message names column, value and what is allowed.
    """
    if value and name == "language" and not languages.is_known(value):
        raise RefusalError(f"language {value!r} is not known; allowed are ISO 639-1 codes such as it, en, fr")
    if value and name in TIMES and not is_time(value):
        raise RefusalError(f"{name} {value!r} is no ISO 8601 time such as 2024-06-19 or 2024-06-19T10:35")
    return value


def is_time(value: str) -> bool:
    """Whether a value is an ISO 8601 year, month, day or time of an existing day."""
    if not _ISO_8601.fullmatch(value):
        return False
    try:
        datetime.date.fromisoformat(value[:10]) if len(value) >= 10 else None
    except ValueError:
        return False
    return True
