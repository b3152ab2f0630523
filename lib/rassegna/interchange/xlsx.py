"""All tables as one spreadsheet in which every text is text, and what does not fit is said."""

import io
import math
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.xml.functions import tostring

from rassegna.interchange.archives import archive
from rassegna.rendering import visible

MAX_TEXT = 32_767  # of a cell, in UTF-16 code units; these are Excel's limits, other programs have wider ones
MAX_ROWS = 1_048_576
MAX_NAME = 31
NOTES = "notes"
_NO_CHARACTER = re.compile("[\ufffe\uffff]")  # which XML forbids, as it does most controls
_PROPERTIES = "docProps/core.xml"
_NEVER = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def spreadsheet(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """An Excel workbook (xlsx) with a sheet for each table, its column names in the first row.

    Texts are stored as texts, so that none is taken for a formula; characters that the format forbids, and those that
    hide or reorder text, are written as their code points (`[U+0007]`). An absent value is an empty cell. A text longer
    than `MAX_TEXT` is cut, rows beyond `MAX_ROWS` are left out, a table's name is cut after `MAX_NAME`, and the last
    sheet, `notes`, says where (sheet, row, column, note).

    Args:
        tables: Table name to table.

    Returns:
        The file. The same tables give the same bytes.
    """
    book = Workbook(write_only=True)
    notes: list[tuple[str, int | None, str | None, str]] = []
    for name, table in tables.items():
        sheet = book.create_sheet(name[:MAX_NAME])
        sheet.freeze_panes = "A2"
        sheet.append([_text(sheet, column) for column in table.columns])
        for number, row in enumerate(table.head(MAX_ROWS - 1).itertuples(index=False), start=2):
            sheet.append(list(_cells(sheet, number, row, list(table.columns), notes)))
        if len(table) >= MAX_ROWS:
            left = len(table) - MAX_ROWS + 1
            notes.append((sheet.title, None, None, f"{left} rows left out; the CSV and Parquet files have them all"))
        if name != sheet.title:
            notes.append((sheet.title, None, None, f"the table is called {name}"))
    sheet = book.create_sheet(NOTES)
    for row in [("sheet", "row", "column", "note"), *notes]:
        sheet.append([_text(sheet, cell) if isinstance(cell, str) else cell for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return _timeless(buffer)


def _cells(sheet: Any, number: int, row: Any, columns: list[str], notes: list[Any]) -> Iterator[Any]:
    for column, value in zip(columns, row, strict=True):
        if pd.isna(value):
            yield None
        elif isinstance(value, str) or (isinstance(value, float) and math.isinf(value)):
            text = _NO_CHARACTER.sub(lambda match: f"[U+{ord(match[0]):04X}]", visible(str(value)))
            cut = _cut(text)
            if len(cut) < len(text):
                note = f"cut after {len(cut)} of {len(text)} characters; the CSV and Parquet files have it whole"
                notes.append((sheet.title, number, column, note))
            yield _text(sheet, cut)
        else:
            yield value.item() if hasattr(value, "item") else value


def _text(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    return cell


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")
    return text if len(units) <= 2 * MAX_TEXT else units[: 2 * MAX_TEXT].decode("utf-16-le", errors="ignore")


def _timeless(book: io.BytesIO) -> bytes:
    """The workbook without the moment of its writing, which openpyxl puts into its properties and its archive."""
    properties = DocumentProperties(creator="Rassegna", created=_NEVER, modified=_NEVER)
    with zipfile.ZipFile(book) as file:
        members = {name: file.read(name) for name in file.namelist()}
    return archive({**members, _PROPERTIES: tostring(properties.to_tree())})
