"""A corpus in parts, and what is known of a part kept on disk under a hash of all that it depends on.

Names are made one, and facts without a codebook are found, within a part; so memory does not grow with the corpus.
"""

import io
import json
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from rassegna import provenance
from rassegna.settings import Settings
from rassegna.tables import sha256

FORMAT = 1  # raise it when what is stored changes
SIZE = 500  # articles; a corpus of no more is one part, and nothing in it depends on this module
FOLDER = "parts"
DAYS = 30  # after which tables that no run needed are deleted
LIMIT = (
    "Names are made one, codebook clashes looked for and other facts found within a part of the corpus;"
    " of facts without a codebook only the articles that tell or deny them are listed."
)
_SUMS = "sums.json"
_READ_IN_PARTS = ("aliases.csv", "codebook.toml", "contrast_sets.toml")


def cut(doc_ids: Sequence[str]) -> Iterator[list[str]]:
    """Cut articles, in their order, into runs of half of `SIZE` to `SIZE`; no more than `SIZE` stay together.

    Where a part ends is told by a mark in an article's name, so one article more or less shifts only the next end.
    """
    first = 0
    while (left := len(doc_ids) - first) > SIZE:
        last = min(SIZE, left - SIZE // 2)
        window = range(min(3 * SIZE // 4, last), last)
        size = next((n for n in window if sha256(doc_ids[first + n].encode())[0] == "0"), last)
        yield list(doc_ids[first : first + size])
        first += size
    yield list(doc_ids[first:])


def in_time(articles: pd.DataFrame) -> list[str]:
    """The doc_ids by day of publication, so that the articles on one event are in one part; unknown days come first."""
    day = articles["published_at"].str[:10].fillna("")
    return articles.assign(day=day).sort_values(["day", "doc_id"])["doc_id"].tolist()


def surroundings(settings: Settings) -> str:
    """Hash of what all parts depend on: versions, code, language data, pipelines, settings, the researcher's files."""
    companions = provenance.companions(settings.corpus_dir, ())
    told = {
        "format": FORMAT,
        "code": provenance.folder_sha256(Path(__file__).parent),
        "settings": {key: settings.as_dict()[key] for key in ("pipeline", "reference_date")},
        "companions": {name: digest for name, digest in companions.items() if name.lower() in _READ_IN_PARTS},
        **provenance.made_with(settings.pipeline),
    }
    return sha256(json.dumps(told, sort_keys=True).encode())


def key(around: str, raw: Mapping[str, str], frames: Sequence[pd.DataFrame]) -> str:
    """Hash that names a part: of its surroundings, its texts, and the tables that it is made from."""
    texts = json.dumps([around, *sorted(raw.items())])
    tables = (frame.to_json(orient="split", index=False, double_precision=15) for frame in frames)
    return sha256("\n".join([texts, *tables]).encode("utf-8", "surrogatepass"))


def keep(folder: Path, name: str, frames: Mapping[str, pd.DataFrame]) -> None:
    """Keep tables as Parquet in `folder/name`, whole or not at all, whoever else is writing them."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".", dir=folder) as work:
        fresh = Path(work) / name
        fresh.mkdir()
        sums = {}
        for table, frame in frames.items():
            frame.to_parquet(fresh / f"{table}.parquet", index=False)
            sums[table] = sha256((fresh / f"{table}.parquet").read_bytes())
        (fresh / _SUMS).write_text(json.dumps(sums), encoding="utf-8")
        if _content(folder, name) is None:
            shutil.rmtree(folder / name, ignore_errors=True)
            try:
                fresh.rename(folder / name)
            except OSError:
                if _content(folder, name) is None:  # no other run has put it there in the meantime
                    raise


def is_kept(folder: Path, name: str) -> bool:
    """Whether the tables are there, and every byte of them as it was written."""
    return _content(folder, name) is not None


def kept(folder: Path, name: str) -> dict[str, pd.DataFrame] | None:
    """The tables in `folder/name`; None where there are none that can be trusted: they are then made anew."""
    content = _content(folder, name)
    if content:
        with suppress(OSError):  # a cache that may only be read
            (folder / name / _SUMS).touch()
    return content and {table: pd.read_parquet(io.BytesIO(data)) for table, data in content.items()}


def forget(folder: Path) -> None:
    """Delete the tables that nobody has read or written for `DAYS` days, and what a killed run left so long ago."""
    oldest = time.time() - DAYS * 24 * 3600
    for path in folder.iterdir():
        sums = path / _SUMS
        with suppress(OSError):  # another run was quicker
            if (sums if sums.exists() else path).stat().st_mtime < oldest:
                shutil.rmtree(path, ignore_errors=True)


def _content(folder: Path, name: str) -> dict[str, bytes] | None:
    try:
        sums: dict[str, Any] = json.loads((folder / name / _SUMS).read_bytes())
        content = {table: (folder / name / f"{table}.parquet").read_bytes() for table in sums}
    except (OSError, ValueError, TypeError):
        return None
    return content if sums and all(sha256(data) == sums[table] for table, data in content.items()) else None
