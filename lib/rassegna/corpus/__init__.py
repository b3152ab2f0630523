"""Read a corpus, of whatever files, and its manifest into a table; name what is refused and why.

The files of a folder are found by `find`, read one by one (or a range of one's records) by `read_file`, and put
together by `assemble`: three steps, so that the second can be done anywhere.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pandas as pd
from tqdm import tqdm

from rassegna.corpus.cells import check_columns
from rassegna.corpus.decoding import RefusalError, decode
from rassegna.corpus.items import Article, Reading, Refusal, safe_name
from rassegna.corpus.manifest import MANIFEST, MANIFEST_COLUMNS, csv_reader, is_time, read_manifest
from rassegna.corpus.reading import COMPANIONS, ENDINGS, TEXTS, find, read_file
from rassegna.errors import CorpusError

__all__ = [
    "COMPANIONS", "ENDINGS", "MANIFEST", "MANIFEST_COLUMNS", "MAX_MEGABYTES", "Article", "Corpus", "Reading", "Refusal",
    "RefusalError", "assemble", "check_columns", "csv_reader", "decode", "find", "folder_of", "is_time", "read",
    "read_file", "stands_alone",
]  # fmt: skip

MAX_MEGABYTES = 32


def folder_of(corpus_dir: Path) -> Path:
    """Where what belongs to a corpus lies: its folder, or the folder of the one file that it is."""
    return corpus_dir.parent if corpus_dir.is_file() else corpus_dir


def stands_alone(path: str) -> bool:
    """Whether an article's path is that of a file of text, which its offsets point into once it is decoded."""
    return path.lower().endswith(TEXTS) and "#" not in path


@dataclass(frozen=True)
class Corpus:
    """A corpus as it was read.

    Attributes:
        articles: One row per article, sorted by doc_id: doc_id, path, sha256, encoding, raw (the decoded text),
            language (of the manifest, the record or the page, else null), and as `Article` has them: record, page,
            headline and main.
        manifest: One row per article that `manifest.csv` speaks of: doc_id and the columns of `MANIFEST_COLUMNS`
            that are there, an absent value null.
        refused: Table `refused`: path, reason.
    """

    articles: pd.DataFrame
    manifest: pd.DataFrame
    refused: pd.DataFrame


def read(
    corpus_dir: Path,
    *,
    max_megabytes: float = MAX_MEGABYTES,
    columns: Mapping[str, Sequence[str]] | None = None,
    progress: bool = False,
) -> Corpus:
    """Read every article of a folder, or of one file.

    What cannot be read becomes a row of `refused`, and the others are read all the same.

    Args:
        corpus_dir: Folder of files (folders inside it are read too), or one file; `ENDINGS` says of which kinds.
        max_megabytes: Refuse an article larger than this (1,000,000 bytes each).
        columns: What the columns of exports say, where their names do not tell: field to columns (see `cells.FIELDS`).
        progress: Show a progress bar on standard error.

    Raises:
        CorpusError: nothing at `corpus_dir`, or no readable article there.
        ParameterError: `columns` names no field.
    """
    if max_megabytes <= 0:
        raise CorpusError(f"max_megabytes: {max_megabytes}; allowed is a number above 0")
    reading = Reading(check_columns(columns or {}), max_megabytes)
    root, paths = find(corpus_dir)
    bar = tqdm(paths, desc="Reading", unit="file", disable=not progress)
    return assemble(root, (item for path in bar for item in read_file(root, path, reading)), name=str(corpus_dir))


def assemble(root: Path, items: Iterable[Article | Refusal], *, name: str) -> Corpus:
    """Put together what was read: one article a text, a doc_id for each, and what the manifest says of it.

    Args:
        root: Folder of the corpus.
        items: What `read_file` gave, file by file in the order of `find`.
        name: What the corpus is called in errors.

    Raises:
        CorpusError: no article among the items, or the manifest cannot be used.
    """
    refused: list[tuple[str, str]] = []
    found: list[Article] = []
    twins: dict[str, str] = {}
    for item in items:
        if isinstance(item, Refusal):
            refused.append((item.path, item.reason))
        elif (twin := twins.setdefault(item.raw, item.path)) is not item.path:
            refused.append((item.path, f"same text as {twin}, which is kept"))
        else:
            found.append(item)
    if not found:
        reasons = "; ".join(f"{path}: {reason}" for path, reason in refused[:5])
        raise CorpusError(
            f"{name}: no readable article; looked for files ending in {', '.join(ENDINGS)},"
            " in the folders inside it too" + (f"; refused: {reasons}" if reasons else "")
        )
    articles = pd.DataFrame([vars(article) for article in found]).drop(columns="name")
    articles.insert(0, "doc_id", _doc_ids(found))
    articles = articles.sort_values("doc_id", ignore_index=True)
    manifest = read_manifest(root, dict(zip(articles["path"], articles["doc_id"], strict=True)), refused)
    told = manifest.set_index("doc_id")["language"].reindex(articles["doc_id"]).to_numpy()
    own = [
        record.get("language", page.get("language"))
        for record, page in zip(articles["record"], articles["page"], strict=True)
    ]
    articles["language"] = pd.Series(told, dtype="str").fillna(pd.Series(own, dtype="str"))
    return Corpus(articles, manifest, pd.DataFrame(sorted(set(refused)), columns=["path", "reason"]))


def _doc_ids(articles: Sequence[Article]) -> list[str]:
    """Names; where two articles share one, their paths without and then with the ending, joined by dots."""
    names = [article.name for article in articles]
    for alternative in (_dotted, _dotted_whole):
        n_articles = Counter(names)
        names = [n if n_articles[n] == 1 else alternative(a) for n, a in zip(names, articles, strict=True)]
    taken: set[str] = set()
    for k, name in enumerate(names):
        number = 1
        while names[k] in taken:
            number += 1
            names[k] = f"{name}-{number}"
        taken.add(names[k])
    return names


def _dotted(article: Article) -> str:
    path = PurePosixPath(article.path)
    if stands_alone(article.path):
        return ".".join(path.with_suffix("").parts)
    return safe_name(".".join((*path.parent.parts, article.name)))


def _dotted_whole(article: Article) -> str:
    name = ".".join(PurePosixPath(article.path).parts)
    return name if stands_alone(article.path) else safe_name(name)
