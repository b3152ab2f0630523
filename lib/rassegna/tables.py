"""The tables' schemas, and their writing and reading, so that every table on disk keeps its contract."""

import csv
import hashlib
import io
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from rassegna import storage
from rassegna.errors import TableError

MANIFEST = "manifest.json"
PACKAGE = "datapackage.json"
TEXTS = "texts"  # folder of the texts that offsets point into, where no file of the corpus holds them as such
_DTYPES = {"string": "str", "integer": "int64", "number": "float64", "boolean": "bool"}
_NULLABLE = {"integer": "Int64", "boolean": "boolean"}
_SPAN = {
    "doc_id": {"type": "string", "about": "Article (see `articles`)."},
    "start": {"type": "integer", "about": "First code point in the raw text, from 0."},
    "end": {"type": "integer", "about": "Code point after the last one."},
    "text": {"type": "string", "about": "The raw text from `start` to `end`, unchanged."},
}
# What a spreadsheet takes for a formula when a cell begins with it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """One column of a table: its type, whether it may be absent, the values allowed, and what it means."""

    name: str
    type: str
    about: str
    null: bool = False
    values: tuple[str, ...] = ()

    @property
    def dtype(self) -> str:
        """Name of the pandas dtype."""
        return _NULLABLE.get(self.type, _DTYPES[self.type]) if self.null else _DTYPES[self.type]


@dataclass(frozen=True)
class Schema:
    """One table: what a row is, its columns in order, and the columns that sort it."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    sort: tuple[str, ...]

    def validate(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the table with this schema's columns, types and order of rows.

        Raises:
            TableError: a column is missing or holds what the schema does not allow.
        """
        names = [column.name for column in self.columns]
        missing = [name for name in names if name not in table]
        if missing and len(table):
            raise TableError(f"table {self.name}: missing column(s) {', '.join(missing)}; it has {', '.join(table)}")
        # A stable sort over every column: equal keys never leave the order to chance.
        ties = [*self.sort, *(name for name in names if name not in self.sort)]
        table = table.reindex(columns=names).sort_values(ties, kind="stable", ignore_index=True)
        try:
            return self._pandera().validate(table, lazy=True)
        except (pa.errors.SchemaErrors, pa.errors.SchemaError) as error:
            cases = getattr(error, "failure_cases", None)
            shown = cases.head(5).to_string(index=False) if isinstance(cases, pd.DataFrame) else str(error)
            raise TableError(f"table {self.name} breaks its schema:\n{shown}") from error

    def _pandera(self) -> pa.DataFrameSchema:
        return pa.DataFrameSchema(
            {
                column.name: pa.Column(
                    column.dtype,
                    checks=pa.Check.isin(column.values) if column.values else None,
                    nullable=column.null,
                )
                for column in self.columns
            },
            strict=True,
            coerce=True,
        )


@cache
def schemas() -> dict[str, Schema]:
    """Read the data dictionary: table name to `Schema`, in the order of `tables.toml`."""
    spec = tomllib.loads(files("rassegna").joinpath("tables.toml").read_text(encoding="utf-8"))
    return {name: _schema(name, table) for name, table in spec.items()}


def valid(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """A table as its schema wants it (see `Schema.validate`)."""
    return schemas()[name].validate(table)


def _schema(name: str, table: dict[str, Any]) -> Schema:
    columns = {**(_SPAN if table.get("span") else {}), **table["columns"]}
    return Schema(
        name=name,
        grain=table["grain"],
        sort=tuple(table["sort"]),
        columns=tuple(
            Column(key, c["type"], c["about"], c.get("null", False), tuple(c.get("values", ())))
            for key, c in columns.items()
        ),
    )


def write(
    tables: Mapping[str, pd.DataFrame],
    out: Path,
    *,
    manifest: Mapping[str, Any],
    texts: Mapping[str, str] | None = None,
) -> None:
    """Write all tables to a folder at once: Parquet, CSV, `datapackage.json` and `manifest.json`.

    The folder is prepared beside `out` and takes its place by renaming: a run killed midway leaves the
    earlier tables whole. In the CSV a text that a spreadsheet would take for a formula has an apostrophe
    before it; the Parquet holds every text unchanged.

    Args:
        tables: Table name to table; each is validated against its schema.
        out: Folder to write. Absent, empty, or written by an earlier run.
        manifest: What to say of the run; the files' hashes are added, and one over all it says but `written_at`.
        texts: doc_id to text, written as `texts/<doc_id>.txt` in UTF-8, line ends as they stand.

    Raises:
        BusyError: another process is writing there.
        TableError: a table breaks its schema, or `out` holds files that are not tables of ours.
    """
    out = out.resolve()
    checked = {name: valid(name, table) for name, table in tables.items()}
    _check_ours(out)
    with storage.prepared(out) as fresh:
        for name, table in checked.items():
            table.to_parquet(fresh / f"{name}.parquet", index=False)
            write_csv(table, fresh / f"{name}.csv")
        _write_json(fresh / PACKAGE, _package(checked, fresh))
        for doc_id, text in (texts or {}).items():
            (fresh / TEXTS).mkdir(exist_ok=True)
            (fresh / TEXTS / f"{doc_id}.txt").write_bytes(text.encode())
        hashes = {name: sha256((fresh / name).read_bytes()) for name in files_of(fresh)}
        told = {**manifest, "files": hashes}
        _write_json(fresh / MANIFEST, {**told, "sha256": manifest_sha256(told)})
        storage.settle(fresh)


def files_of(folder: Path) -> list[str]:
    """Every file in a folder and those inside it, as relative paths, sorted."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def write_csv(table: pd.DataFrame, path: Path | io.StringIO) -> None:
    """Write a table as CSV, without its index; a text that a spreadsheet would take for a formula is defused."""
    texts = table.select_dtypes(include=["str", "object", "category"]).columns
    safe = table.assign(**{name: _safe(table[name]) for name in texts})
    # The writer puts a carriage return in quotes only where lines end with one; else it would begin a row.
    has_return = any(safe[name].astype("str").str.contains("\r", regex=False).any() for name in texts)
    ends = "\r\n" if has_return else "\n"
    safe.to_csv(path, index=False, quoting=csv.QUOTE_MINIMAL, lineterminator=ends)


def read(out: Path) -> dict[str, pd.DataFrame]:
    """Read back the tables that `write` left in a folder, validated: table name to table.

    Raises:
        TableError: the folder has no `manifest.json`, or a table breaks its schema.
    """
    storage.recover(out.resolve())
    if not (out / MANIFEST).is_file():
        raise TableError(f"{out}: no {MANIFEST} there; write the tables with `python -m rassegna extract`")
    return {
        name: schema.validate(_read_parquet(out / f"{name}.parquet"))
        for name, schema in schemas().items()
        if (out / f"{name}.parquet").is_file()
    }


def _read_parquet(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path)
    except (OSError, ValueError) as error:  # pyarrow says ArrowInvalid, a ValueError, of a file that is none
        raise TableError(f"{path}: cannot be read ({error}); write the tables anew") from error


def by_article(table: pd.DataFrame) -> dict[str, list[Any]]:
    """doc_id to the rows of a table as named tuples, in their order: far quicker than a table by article."""
    found: dict[str, list[Any]] = {}
    for row in table.itertuples():
        found.setdefault(str(row.doc_id), []).append(row)
    return found


def sha256(data: bytes) -> str:
    """SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def manifest_sha256(manifest: Mapping[str, Any]) -> str:
    """SHA-256 of what a manifest says, without its own hash and the time of writing."""
    told = {key: value for key, value in manifest.items() if key not in ("sha256", "written_at")}
    return sha256(as_json(told))


def as_json(data: Mapping[str, Any]) -> bytes:
    """JSON as it is written here: indented by one, UTF-8, a line end at the end."""
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _check_ours(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise TableError(f"{out}: is a file; give a folder for the tables")
    ours = {MANIFEST, PACKAGE, TEXTS, *(f"{name}{ending}" for name in schemas() for ending in (".parquet", ".csv"))}
    there = {path.name for path in out.iterdir()}
    foreign = sorted(there - ours if MANIFEST in there else there - ours | there & {TEXTS})
    if foreign:
        raise TableError(
            f"{out}: holds files that are no tables ({', '.join(foreign[:5])}); "
            "give an empty folder, or one that an earlier run wrote"
        )


def defuse(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _safe(column: pd.Series) -> pd.Series:
    if column.dtype == "str":  # by far the most, and quicker at once
        return column.mask(column.str.startswith(_FORMULA, na=False), "'" + column)
    return column.astype(object).map(lambda value: defuse(value) if isinstance(value, str) else value)


def _package(tables: Mapping[str, pd.DataFrame], folder: Path) -> dict[str, Any]:
    """A Frictionless data package over the CSV files."""
    return {
        "profile": "tabular-data-package",
        "name": "rassegna",
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "description": schemas()[name].grain,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": (folder / f"{name}.csv").stat().st_size,
                "hash": f"sha256:{sha256((folder / f'{name}.csv').read_bytes())}",
                "schema": {"fields": [_field(column) for column in schemas()[name].columns], "missingValues": [""]},
            }
            for name in tables
        ],
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.null else {"required": True}
    if column.values:
        constraints["enum"] = list(column.values)
    return {"name": column.name, "type": column.type, "description": column.about, "constraints": constraints}


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    path.write_bytes(as_json(data))
