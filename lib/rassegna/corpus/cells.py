"""Which columns of an export say what, and an article from the cells of one row."""

import datetime
import email.utils
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from rassegna import languages
from rassegna.corpus.decoding import RefusalError, checked
from rassegna.corpus.items import Article, Reading, Refusal, line_of, of_page, safe_name
from rassegna.corpus.manifest import MANIFEST_COLUMNS, TIMES, is_time, usable
from rassegna.errors import ParameterError
from rassegna.tables import sha256

METADATA = tuple(name for name in MANIFEST_COLUMNS if name != "file")
FIELDS = ("text", "html", "id", *METADATA)
_NO_LETTER = re.compile(r"[\W_]+")
_SHOWN = 4  # common names in a message
_MAX_VALUE = 2_000  # code points of a cell that is no text of an article


class Known(NamedTuple):
    """What a table's columns say: field to column, and as sentences what was asked for and is not there."""

    columns: dict[str, str]
    missing: tuple[str, ...]


def check_columns(given: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Fields with the names of their columns, each as a tuple.

    Raises:
        ParameterError: there is no such field, or what is given is no name; the message says what is allowed.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, value in given.items():
        names = tuple(value) if isinstance(value, list | tuple) else (value,)
        if name not in FIELDS:
            raise ParameterError(f"columns: unknown field {name!r}; allowed are {', '.join(FIELDS)}")
        if not names or not all(isinstance(column, str) and column for column in names):
            raise ParameterError(f"columns: {name} = {value!r}; allowed is the name of a column, or a list of names")
        found[name] = names
    return found


def known_columns(names: Sequence[str], asked: Mapping[str, tuple[str, ...]]) -> Known:
    """Find out what the columns of a table say: what is asked for, else by common names (`languages/any/columns.toml`).

    Args:
        names: The table's columns.
        asked: Field to columns, the first that is there counts.

    Raises:
        RefusalError: no column for the article's text; the message names the columns that are there.
    """
    there = f"it has {', '.join(names) or 'none'}"
    columns: dict[str, str] = {}
    missing = []
    for field, wanted in asked.items():
        if column := next((column for column in wanted if column in names), None):
            columns[field] = column
        elif field in ("text", "html", "id"):
            raise RefusalError(f"no column {' or '.join(wanted)} for {field}; {there}")
        else:
            missing.append(f"no column {' or '.join(wanted)} for {field}; {there}; read without it")
    free = {_folded(name): name for name in reversed(names) if name not in columns.values()}
    for field, common in _common_names().items():
        if field not in asked and (column := next((free[name] for name in common if name in free), None)):
            columns[field] = column
    if "text" in columns and "text" not in asked and "html" in asked:
        del columns["text"]
    if not {"text", "html"} & set(columns):
        such = ", ".join(_common_names()["text"][:_SHOWN])
        raise RefusalError(
            f"no column for the text; {there}; it is known by such names as {such}, or say which:"
            ' text = "NAME" under [columns] in corpus.toml, or --column text=NAME'
        )
    return Known(columns, tuple(missing))


@cache
def _common_names() -> dict[str, list[str]]:
    found: dict[str, list[str]] = languages.load(languages.ANY, "columns")
    return {field: found[field] for field in FIELDS if field in found}


def _folded(name: str) -> str:
    return _NO_LETTER.sub("", name.casefold())


def cell_articles(
    path: str, name: str, cells: Mapping[str, Any], columns: Mapping[str, str], reading: Reading
) -> Iterator[Article | Refusal]:
    """The article of one row, and a refusal for each cell that cannot be used.

    The text that stands for the article is its cell; a title that no line of it gives stands above it.

    Args:
        path: What the row is called in the tables.
        name: What its doc_id is made of if it has no id.
        cells: Column to value.
        columns: Field to column.
        reading: Limits.
    """
    record: dict[str, str] = {}
    for field in (field for field in (*METADATA, "id") if field in columns):
        try:
            if value := _metadata(field, cells.get(columns[field])):
                record[field] = value
        except RefusalError as refusal:
            yield Refusal(path, f"column {columns[field]}: {refusal}; read without it")
    name = safe_name(record.pop("id", "") or name)
    column = columns.get("text", columns.get("html", ""))
    try:
        text = _text(cells.get(column), reading)
        if "text" in columns:
            title = record.get("title")
            if title and line_of(title, text) is None:
                text = f"{title}\n\n{text}"
            headline = line_of(title, text)
            yield Article(path, name, sha256(text.encode()), "utf-8", text, record, headline=headline)
        else:
            yield of_page(path, name, text.encode(), charset="utf-8", record=record)
    except RefusalError as refusal:
        yield Refusal(path, f"column {column}: {refusal}")


def _text(value: Any, reading: Reading) -> str:
    if value is None:
        raise RefusalError("empty: no text")
    if not isinstance(value, str):
        raise RefusalError(f"holds no text but {type(value).__name__} {str(value)[:40]!r}")
    text = checked(value)
    reading.check_size(len(text.encode()))
    return text


def _metadata(field: str, value: Any) -> str:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = ", ".join(value)
    if isinstance(value, float):
        value = "" if math.isnan(value) else int(value) if value.is_integer() else str(value)
    if isinstance(value, datetime.datetime):
        at_midnight = value.time() == datetime.time.min and value.tzinfo is None
        value = value.date().isoformat() if at_midnight else value.isoformat()
    elif isinstance(value, datetime.date):
        value = value.isoformat()
    if value is None:
        return ""
    if not isinstance(value, str | int):
        raise RefusalError(f"holds {type(value).__name__}; allowed are a text, a number, a list of texts")
    text = " ".join(str(value).split())
    if len(text) > _MAX_VALUE:
        raise RefusalError(f"too long: {len(text):,} characters; allowed are {_MAX_VALUE:,}")
    if text and field == "language":
        text = text.replace("_", "-").partition("-")[0].lower()
    if text and field in TIMES:
        text = _time(text)
    return usable(field, checked(text)) if text else ""


def _time(text: str) -> str:
    """A time as ISO 8601 writes it, of the ways in which exports write it; others stay as they are."""
    if is_time(text):
        return text.replace(" ", "T", 1)
    for parse in (datetime.datetime.fromisoformat, email.utils.parsedate_to_datetime):
        try:
            return parse(text).isoformat()
        except ValueError:
            continue
    return text
