"""From a corpus folder to every table: the road that the notebooks, the commands and the tests all take."""

import datetime
import platform
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from rassegna import __version__, corpus, tables
from rassegna.cleaning import CONTENT, blocks
from rassegna.damage import damage
from rassegna.metadata import metadata
from rassegna.settings import Settings

_LIBRARIES = ("babel", "charset-normalizer", "numpy", "pandas", "pyarrow", "regex", "spacy")


@dataclass(frozen=True)
class Extraction:
    """Everything that was extracted from one corpus.

    Attributes:
        settings: What it was extracted with.
        raw: doc_id to decoded text, which all offsets point into.
        tables: Table name to table, each with its schema (see `tables.toml`).
    """

    settings: Settings
    raw: dict[str, str]
    tables: dict[str, pd.DataFrame]

    @property
    def articles(self) -> pd.DataFrame:
        """Table `articles`, one row per article."""
        return self.tables["articles"]

    @property
    def blocks(self) -> pd.DataFrame:
        """Table `blocks`, one row per block."""
        return self.tables["blocks"]

    @property
    def damage(self) -> pd.DataFrame:
        """Table `damage`, one row per place where a text looks damaged."""
        return self.tables["damage"]

    @property
    def refused(self) -> pd.DataFrame:
        """Table `refused`, one row per input that was not used."""
        return self.tables["refused"]

    @cached_property
    def outlets(self) -> dict[str, str]:
        """doc_id to the name that tables and figures show, in the fixed order: the outlet, else the doc_id.

        An outlet with several articles has the doc_id behind its name.
        """
        named = self.articles["outlet"].fillna(self.articles["doc_id"])
        shared = named.duplicated(keep=False)
        names = named.where(~shared, named + " (" + self.articles["doc_id"] + ")")
        return dict(zip(self.articles["doc_id"], names, strict=True))

    def overview(self) -> pd.DataFrame:
        """One row per article, in the fixed order of the outlets, for tables and figures.

        Columns: doc_id, name (see `outlets`), published_at, n_chars, n_words, share_content (0-1, of the characters
        in blocks), n_blocks, n_furniture (blocks), n_damage (places).
        """
        size = self.blocks["end"] - self.blocks["start"]
        blocks = self.blocks.assign(
            size=size,
            kept=size.where(self.blocks["label"].isin(CONTENT), 0),
            set_aside=self.blocks["label"] == "furniture",
        )
        sums = blocks.groupby("doc_id").agg(
            n_blocks=("block_id", "size"), size=("size", "sum"), kept=("kept", "sum"), n_furniture=("set_aside", "sum")
        )
        n_damage = self.damage.groupby("doc_id").size()
        overview = self.articles[["doc_id", "published_at", "n_chars", "n_words"]].merge(sums, on="doc_id")
        return overview.assign(
            name=overview["doc_id"].map(self.outlets),
            share_content=overview["kept"] / overview["size"],
            n_damage=overview["doc_id"].map(n_damage).fillna(0).astype(int),
        ).drop(columns=["size", "kept"])

    def named(self, name: str) -> pd.DataFrame:
        """One of the tables with the column name (see `outlets`) in front, in the fixed order of the outlets."""
        found = self.tables[name]
        return found.assign(name=found["doc_id"].map(self.outlets))[["name", *found.columns]]

    def manifest(self) -> dict[str, Any]:
        """What a run says of itself: corpus hash, versions, settings, and the time of writing (UTC)."""
        hashes = "".join(self.articles.sort_values("path")["path"] + self.articles["sha256"])
        return {
            "corpus_sha256": tables.sha256(hashes.encode()),
            "n_articles": len(self.articles),
            "settings": self.settings.as_dict(),
            "versions": {
                "rassegna": __version__,
                "python": platform.python_version(),
                **{name: version(name) for name in _LIBRARIES},
            },
            "written_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        }

    def write(self, out: Path) -> dict[str, Any]:
        """Write all tables to a folder (see `tables.write`); return the manifest."""
        manifest = self.manifest()
        tables.write(self.tables, out, manifest=manifest)
        return manifest


def extract(settings: Settings, *, progress: bool = False) -> Extraction:
    """Read, clean and describe a corpus.

    Args:
        settings: What to work on.
        progress: Show progress bars on standard error.

    Raises:
        CorpusError: no readable article at `settings.corpus_dir`, or its manifest cannot be used.
    """
    read = corpus.read(settings.corpus_dir, max_megabytes=settings.max_megabytes, progress=progress)
    spoken = read.manifest.set_index("doc_id")["language"].reindex(read.articles["doc_id"])
    articles = read.articles.assign(language=spoken.fillna(settings.language).to_numpy())
    labelled = blocks(articles)
    found = {
        "articles": metadata(articles, labelled, read.manifest, reference_date=settings.reference_date),
        "blocks": labelled,
        "damage": damage(labelled[labelled["label"].isin(CONTENT)], articles),
        "refused": read.refused,
    }
    valid = {name: tables.schemas()[name].validate(table) for name, table in found.items()}
    return Extraction(settings, dict(zip(articles["doc_id"], articles["raw"], strict=True)), valid)
