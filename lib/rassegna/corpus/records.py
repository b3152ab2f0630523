"""Articles from the rows of an export: JSONL, CSV, Parquet, XLSX, one article a row, one row at a time."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple
from zipfile import ZipFile

import openpyxl
import pyarrow.parquet as pq
from openpyxl.utils.escape import unescape

from rassegna.corpus.cells import cell_articles, known_columns
from rassegna.corpus.decoding import RefusalError, decode, stream_encoding
from rassegna.corpus.items import MAX_IN_MEMORY, MAX_RECORDS, Article, File, Reading, Refusal, check_ratio

_BATCH = 64  # rows of a Parquet file at a time
_DELIMITERS = ",;\t|"


class Record(NamedTuple):
    """One row: what it is called within its file, and its cells by column, or why it cannot be read."""

    where: str
    cells: Mapping[str, Any] | RefusalError


def record_articles(file: File, reading: Reading, *, ending: str) -> Iterator[Article | Refusal]:
    """Read the rows of an export.

    A row's path is that of the file with `#` and the number that a spreadsheet shows for it (CSV, XLSX), its line
    (JSONL) or its place from 1 (Parquet).

    Args:
        file: The export.
        reading: Limits, columns, and which rows.
        ending: One of `READERS`.
    """
    mapped = lru_cache(maxsize=64)(lambda names: known_columns(names, reading.columns))
    told: set[str] = set()
    before = "its first row"
    try:
        records = READERS[ending](file, reading)
        for where, found in islice(records, reading.first, reading.last):
            before = f"row {where}"
            path = f"{file.path}#{where}"
            if isinstance(found, RefusalError):
                yield Refusal(path, str(found))
                continue
            try:
                known = mapped(tuple(found))
            except RefusalError as refusal:
                # The rows of a table have one heading; each line of JSON has its own.
                place = path if ending == ".jsonl" else f"{file.path}#{where}".rpartition("!")[0] or file.path
                if place not in told:
                    yield Refusal(place, str(refusal))
                told.add(place)
                if place == file.path:
                    return
                continue
            for sentence in known.missing:
                if sentence not in told:
                    yield Refusal(file.path, sentence)
                told.add(sentence)
            yield from cell_articles(path, f"{file.stem}-{where}", found, known.columns, reading)
    except RefusalError as refusal:
        yield Refusal(file.path, f"{refusal}; nothing after {before} was read")
    except Exception as error:  # noqa: BLE001 - a broken file can fail anywhere in the library that reads it
        yield Refusal(file.path, f"unreadable: {type(error).__name__}: {error}; nothing after {before} was read")


def _jsonl(file: File, reading: Reading) -> Iterator[Record]:
    limit = 2 * reading.max_bytes + 1_000_000  # an article, its markup, and what else is said of it
    with file.open() as stream:
        number = 0
        while line := stream.readline(limit):
            number += 1
            if len(line) == limit and not line.endswith(b"\n"):
                while (rest := stream.readline(limit)) and not rest.endswith(b"\n"):
                    pass
                yield Record(str(number), RefusalError(f"too large: a line of more than {limit / 1e6:.1f} MB"))
            elif line.strip():
                yield Record(str(number), _object(line))


def _object(line: bytes) -> Mapping[str, Any] | RefusalError:
    try:
        found = json.loads(decode(line)[0].strip())
    except RefusalError as refusal:
        return refusal
    except RecursionError:
        return RefusalError("not read: JSON that is nested too deeply")
    except ValueError as error:
        return RefusalError(f"not JSON: {error}")
    return found if isinstance(found, dict) else RefusalError("not an article: the line is JSON, but no object { }")


class _Lines:
    """The lines of a CSV file, none and no row longer than a limit."""

    def __init__(self, stream: io.TextIOWrapper, limit: int) -> None:
        self._stream, self._limit, self.size = stream, limit, 0

    def __iter__(self) -> Iterator[str]:
        while line := self._stream.readline(self._limit):
            self.size += len(line)
            if self.size >= self._limit:
                raise RefusalError(f"too large: a row of more than {self._limit / 1e6:.1f} million characters")
            yield line


def _csv(file: File, reading: Reading) -> Iterator[Record]:
    with file.open() as stream:
        encoding = stream_encoding(stream)
    limit = 2 * reading.max_bytes + 1_000_000
    csv.field_size_limit(max(csv.field_size_limit(), limit))
    with io.TextIOWrapper(file.open(), encoding=encoding, errors="replace", newline="") as text:
        lines = _Lines(text, limit)
        head = next(iter(lines), "")
        delimiter = max(_DELIMITERS, key=head.count)
        rows = csv.reader(_after(head, lines), delimiter=delimiter)
        names = [name.strip() for name in next(rows, [])]
        for number, row in enumerate(rows, start=2):
            lines.size = 0
            if len(row) > len(names):
                yield Record(
                    str(number), RefusalError(f"{len(row)} cells, but {len(names)} columns: {', '.join(names)}")
                )
            elif any(row):
                yield Record(str(number), _cells(names, row))


def _after(head: str, lines: _Lines) -> Iterator[str]:
    yield head
    yield from lines


def _cells(names: Sequence[Any], row: Sequence[Any]) -> dict[str, Any]:
    """Cells by column; of columns of one name the first counts."""
    found: dict[str, Any] = {}
    for name, value in zip(names, row, strict=False):
        if name not in (None, ""):
            found.setdefault(str(name).strip(), value)
    return found


def _parquet(file: File, reading: Reading) -> Iterator[Record]:
    with file.open() as stream:
        source = io.BytesIO(_held(file)) if file.is_member else stream
        table = pq.ParquetFile(source)
        names = tuple(table.schema_arrow.names)
        wanted = list(dict.fromkeys(known_columns(names, reading.columns).columns.values()))
        for group in range(table.metadata.num_row_groups):
            columns = [table.metadata.row_group(group).column(k) for k in range(table.metadata.num_columns)]
            for column in columns:
                check_ratio(column.total_uncompressed_size, column.total_compressed_size, column.path_in_schema)
        # Read as dictionaries, texts that repeat take their room once.
        table = pq.ParquetFile(source, read_dictionary=wanted)
        rows = (row for batch in table.iter_batches(batch_size=_BATCH, columns=wanted) for row in batch.to_pylist())
        for number, row in enumerate(rows, start=1):
            yield Record(str(number), {name: row.get(name) for name in names})


def _xlsx(file: File, _: Reading) -> Iterator[Record]:
    with file.open() as stream:
        source = io.BytesIO(_held(file)) if file.is_member else stream
        with ZipFile(source) as archive:
            for member in archive.infolist():
                check_ratio(member.file_size, member.compress_size, member.filename)
                if member.filename.endswith("sharedStrings.xml") and member.file_size > MAX_IN_MEMORY:
                    raise RefusalError(f"too large: {member.file_size / 1e6:.0f} MB of texts; save it as CSV")
        book = openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            rows = enumerate(islice(sheet.iter_rows(values_only=True), MAX_RECORDS + 1), start=1)
            names = next(rows, (1, ()))[1]
            prefix = f"{sheet.title}!" if len(book.worksheets) > 1 else ""
            for number, row in rows:
                if any(value is not None for value in row):
                    values = [unescape(value) if isinstance(value, str) else value for value in row]
                    yield Record(f"{prefix}{number}", _cells(names, values))


def _held(file: File) -> bytes:
    """A member of an archive that can only be read whole."""
    data = file.read(MAX_IN_MEMORY)
    if len(data) > MAX_IN_MEMORY:
        raise RefusalError(f"too large: {file.size / 1e6:.0f} MB in an archive; take it out first")
    return data


READERS = {".jsonl": _jsonl, ".csv": _csv, ".parquet": _parquet, ".xlsx": _xlsx}
