"""A whole corpus, part by part: every part's tables made once and kept, on one process or on Dask's workers."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from tqdm import tqdm

from rassegna import parts, tables
from rassegna.corpus_tables import OF_WHOLE, Extraction
from rassegna.engine import Engine, Plain
from rassegna.errors import EngineError


@dataclass(frozen=True)
class Work:
    """A corpus with all its tables, and what of it was there before.

    Attributes:
        extraction: The corpus; its tables need no Docs any more.
        n_articles, n_before: Articles, and those that had been annotated before.
        n_parts, n_reused: Parts, and those whose tables had been made before.
    """

    extraction: Extraction
    n_articles: int
    n_before: int
    n_parts: int
    n_reused: int

    def __str__(self) -> str:
        """What was reused, in a sentence."""
        return (
            f"{self.n_before:,} of {self.n_articles:,} articles annotated before;"
            f" {self.n_reused:,} of {self.n_parts:,} parts reused"
        )


def worked(extraction: Extraction, *, engine: Engine | None = None) -> Work:
    """Make every table of a corpus, or take what an earlier run with the same texts, settings and versions has made.

    Args:
        extraction: The corpus, as `extract` reads it; its cache is the folder that the workers share.
        engine: What does the work; by default this process.

    Raises:
        EngineError: A part cannot be made (see `engine.Cluster`).
    """
    engine = engine or Plain()
    with ExitStack() as folders:
        cache = extraction.cache_dir or Path(folders.enter_context(TemporaryDirectory(prefix="rassegna-")))
        folder, around = cache / parts.FOLDER, parts.surroundings(extraction.settings)
        own = extraction.in_parts()
        names = [part.key(around) for part in own]
        missing = [(part, n) for part, n in zip(own, names, strict=True) if not parts.is_kept(folder, n)]
        n_missing, bar = len(missing), extraction.progress
        is_one = len(names) == 1  # whose articles have a bar of their own
        tasks = [(replace(part, progress=bar and is_one), folder, name) for part, name in missing]
        del own, missing
        n_new = sum(tqdm(engine.map(_made, _given_up(tasks)), "Extracting", n_missing, unit="part", disable=not bar))
        whole = extraction.joined([_kept(folder, name) for name in names])
        name = tables.sha256("".join([around, *names]).encode())
        shared = parts.kept(folder, name)
        if shared is None:
            parts.keep(folder, name, {table: getattr(whole, table) for table in OF_WHOLE})
        else:
            vars(whole).update(shared)
        parts.forget(folder)
    n = len(extraction.articles)
    return Work(whole, n, n - n_new, len(names), len(names) - n_missing)


def _given_up(tasks: list[tuple[Extraction, Path, str]]) -> Iterator[tuple[Extraction, Path, str]]:
    """The tasks from the first on; what is done is not held any longer."""
    while tasks:
        yield tasks.pop(0)


def _made(task: tuple[Extraction, Path, str]) -> int:
    """Make a part's tables and keep them; say how many of its articles had to be annotated."""
    part, folder, name = task
    parts.keep(folder, name, part.kept())
    return sum(not doc._.is_stored for doc in part.docs.values())


def _kept(folder: Path, name: str) -> dict[str, pd.DataFrame]:
    found = parts.kept(folder, name)
    if found is None:
        raise EngineError(f"{folder / name}: is gone or damaged since this run wrote it; run again")
    return found
