"""From a corpus folder to every table: the road that the notebooks, the commands and the tests all take."""

import random
from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from rassegna import corpus, log, parts, provenance, rendering, tables
from rassegna.cleaning import blocks
from rassegna.corpus_tables import Extraction
from rassegna.corrections import Corrections, corrections, merged
from rassegna.engine import Engine, Plain
from rassegna.metadata import metadata
from rassegna.settings import Settings

FILES = 200  # that are read at a time


def extract(
    settings: Settings,
    *,
    cache_dir: Path | str | None = None,
    progress: bool = False,
    whole: bool = False,
    engine: Engine | None = None,
) -> Extraction:
    """Read, clean and describe a corpus.

    Args:
        settings: What to work on.
        cache_dir: Folder that keeps annotated texts, and tables, from run to run; without one nothing is kept.
        progress: Show progress bars on standard error.
        whole: Take all articles, however many; else of more than `parts.SIZE` a sample of so many, always the same,
            and say so.
        engine: What cleans the articles; by default this process.

    Raises:
        CorpusError: no readable article at `settings.corpus_dir`, or its manifest cannot be used.
    """
    engine = engine or Plain()
    before = provenance.companions(settings.corpus_dir, ())
    with log.stage("reading") as told:
        read = _read(settings, engine, progress=progress)
        told.update(articles=len(read.articles), refused=len(read.refused))
    companions = provenance.companions(settings.corpus_dir, read.articles["path"]) | before
    articles = read.articles.assign(language=read.articles["language"].fillna(settings.language))
    given = corrections(settings.corpus_dir, dict(zip(articles["doc_id"], articles["raw"], strict=True)))
    if not whole and len(articles) > parts.SIZE:
        rendering.say(
            f"The corpus has {len(articles):,} articles; what follows is drawn from a sample of {parts.SIZE:,}"
            " (seed 1). The tables that `extract` and `run` write hold them all."
        )
        drawn = random.Random(1).sample(articles["doc_id"].tolist(), parts.SIZE)  # noqa: S311
        articles, given = articles[articles["doc_id"].isin(drawn)].reset_index(drop=True), given.of(sorted(drawn))
    own = articles["doc_id"].map({d: n for n, ids in enumerate(parts.cut(articles["doc_id"])) for d in ids})
    sheets = [
        (settings, sheet, read.manifest[read.manifest["doc_id"].isin(sheet["doc_id"])], given.of(sheet["doc_id"]))
        for _, sheet in articles.groupby(own)
    ]
    with log.stage("cleaning") as told:
        described = list(engine.map(_described, sheets))
        told["rows"] = sum(len(labelled) for _, labelled, _ in described)
    reports = [*(report for *_, report in described), given.orphans("blocks")]
    extraction = Extraction(
        settings=settings,
        raw=dict(given.raw),
        articles=tables.valid("articles", pd.concat([own for own, *_ in described])),
        blocks=tables.valid("blocks", pd.concat([own for _, own, _ in described])),
        refused=tables.valid("refused", read.refused),
        given=given,
        companions=companions,
        cache_dir=Path(cache_dir) if cache_dir else None,
        progress=progress,
        _reported={"blocks": merged(reports)},
    )
    return extraction if whole else _known(extraction)


def _read(settings: Settings, engine: Engine, *, progress: bool) -> corpus.Corpus:
    """The corpus as `corpus.read` gives it, its files read by the engine, some at a time."""
    reading = corpus.Reading(corpus.check_columns(settings.columns), settings.max_megabytes)
    root, paths = corpus.find(settings.corpus_dir)
    batches = [(root, first, paths[first : first + FILES], reading) for first in range(0, len(paths), FILES)]
    bar = tqdm(engine.map(_read_files, batches), "Reading", len(batches), unit="batch", disable=not progress)
    items = (item for _, found in sorted(bar, key=itemgetter(0)) for item in found)
    return corpus.assemble(root, items, name=str(settings.corpus_dir))


def _read_files(
    batch: tuple[Path, int, Sequence[str], corpus.Reading],
) -> tuple[int, list[corpus.Article | corpus.Refusal]]:
    """The articles of some files, and the place of these among all."""
    root, first, paths, reading = batch
    return first, [item for path in paths for item in corpus.read_file(root, path, reading)]


def _described(
    sheet: tuple[Settings, pd.DataFrame, pd.DataFrame, Corrections],
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Tables `articles` and `blocks` of some articles, and what became of the corrections of their blocks."""
    settings, articles, manifest, given = sheet
    labelled, report = given.apply("blocks", tables.valid("blocks", blocks(articles)))
    described = metadata(articles, labelled, manifest, reference_date=settings.reference_date)
    return described.drop(columns="raw"), labelled, report


def _known(extraction: Extraction) -> Extraction:
    """With the tables of an earlier run, if all that they depend on is still the same."""
    if extraction.cache_dir is None or len(extraction.articles) > parts.SIZE:
        return extraction
    folder = extraction.cache_dir / parts.FOLDER
    if not folder.is_dir():
        return extraction
    name = extraction.key(parts.surroundings(extraction.settings))
    found = parts.kept(folder, name)
    return extraction.joined([found]) if found else extraction
