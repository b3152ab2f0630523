"""Find the files of a corpus, and read any of them into articles, one at a time."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from rassegna.corpus.archives import warc_articles, zip_articles
from rassegna.corpus.decoding import RefusalError
from rassegna.corpus.items import Article, File, Reading, Refusal, page_article, text_article
from rassegna.corpus.manifest import MANIFEST
from rassegna.corpus.records import record_articles
from rassegna.errors import CorpusError

TEXTS, PAGES, WEB_ARCHIVES, ARCHIVES = (".txt",), (".html", ".htm", ".xhtml"), (".warc", ".warc.gz"), (".zip",)
RECORDS = {".jsonl": ".jsonl", ".ndjson": ".jsonl", ".csv": ".csv", ".parquet": ".parquet", ".xlsx": ".xlsx"}
ENDINGS = (*TEXTS, *PAGES, *RECORDS, *WEB_ARCHIVES, *ARCHIVES)
# What else a researcher keeps in the corpus folder; none of it is an article.
COMPANIONS = {
    MANIFEST,
    "corpus.toml",
    "readme.md",
    "readme.txt",
    "readme.html",
    "aliases.csv",
    "codebook.toml",
    "contrast_sets.toml",
    "corrections.csv",
}
COMPANION_FOLDERS = {"annotations", "__MACOSX"}


def find(corpus_dir: Path) -> tuple[Path, list[str]]:
    """The folder that paths are told from, and every file in it that is no companion, sorted.

    Raises:
        CorpusError: nothing at `corpus_dir`.
    """
    if corpus_dir.is_file():
        return corpus_dir.parent, [corpus_dir.name]
    if not corpus_dir.is_dir():
        raise CorpusError(
            f"{corpus_dir}: no such folder or file; give a folder of articles, or one file ({', '.join(ENDINGS)})"
        )
    return corpus_dir, sorted(path.relative_to(corpus_dir).as_posix() for path in _walk(corpus_dir))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            if _is_kept_folder(path.name) and not _is_ours(path):
                yield from _walk(path)
        elif _is_article(path.name):
            yield path


def _is_ours(folder: Path) -> bool:
    """Whether a folder holds the tables of an earlier run."""
    return (folder / "datapackage.json").is_file() and (folder / "articles.parquet").is_file()


def _is_kept_folder(name: str) -> bool:
    return (name == ".." or not name.startswith(".")) and name not in COMPANION_FOLDERS


def _is_article(name: str) -> bool:
    return not name.startswith(".") and name.lower() not in COMPANIONS


def _is_kept(path: str) -> bool:
    """Whether a member of an archive may be an article."""
    *folders, name = PurePosixPath(path).parts or ("",)
    return _is_article(name) and all(map(_is_kept_folder, folders))


def read_file(root: Path, path: str, reading: Reading) -> Iterator[Article | Refusal]:
    """Read one file of a corpus, or with `reading.first` and `last` a range of its records, as plain data.

    Args:
        root: Folder that the path is told from.
        path: As `find` gives it.
        reading: Limits, columns, and which records.
    """
    local = root / path
    if (shown := path.encode(errors="backslashreplace").decode()) != path:
        yield Refusal(shown, "its name is not written in UTF-8; rename it")
        return
    try:
        if not local.is_file():
            raise RefusalError("unreadable: no regular file")
        yield from _read(File(path, local.stat().st_size, lambda: local.open("rb")), reading)
    except RefusalError as refusal:
        yield Refusal(path, str(refusal))
    except OSError as error:
        yield Refusal(path, f"unreadable: {error.strerror or error}")


def _read(file: File, reading: Reading) -> Iterator[Article | Refusal]:
    is_empty = not reading.first
    try:
        for item in _articles(file, reading):
            is_empty = False
            yield item
        if is_empty:
            raise RefusalError("empty: no article in it")
    except RefusalError as refusal:
        yield Refusal(file.path, str(refusal))


def _articles(file: File, reading: Reading) -> Iterator[Article | Refusal]:
    name = file.path.lower()
    ending = next((ending for ending in ENDINGS if name.endswith(ending)), "")
    if ending in TEXTS:
        yield text_article(file, reading)
    elif ending in PAGES:
        yield page_article(file, reading)
    elif ending in RECORDS:
        yield from record_articles(file, reading, ending=RECORDS[ending])
    elif ending in WEB_ARCHIVES:
        yield from warc_articles(file, reading)
    elif ending in ARCHIVES:
        yield from zip_articles(file, reading, read=_read, is_kept=_is_kept)
    else:
        raise RefusalError(f"not read; files that are end in {', '.join(ENDINGS)}")
