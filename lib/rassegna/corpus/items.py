"""What reading yields, as plain data: articles, what was refused; and the files and limits that it works with."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO

from rassegna.corpus.decoding import RefusalError, decode
from rassegna.corpus.pages import read_page
from rassegna.tables import sha256

MAX_RECORDS = 1_000_000  # rows, records or members of one file
MAX_RATIO = 100  # how many times what is read may come out of compression; news text has 3 to 10
MAX_IN_MEMORY = 256_000_000  # bytes of what must be held whole: a spreadsheet in an archive, a spreadsheet's texts
SMALL = 10_000_000  # bytes up to which no ratio is a danger
_NO_NAME = re.compile(r"[^\w.-]+")
_MAX_NAME = 120  # bytes


@dataclass(frozen=True)
class Article:
    """One article as it was read.

    Attributes:
        path: File, relative to the corpus folder; the record behind `#` where the file holds several.
        name: What its doc_id is made of.
        sha256: Of the bytes that it was decoded from; of a cell, of its text in UTF-8.
        encoding: What they were decoded with.
        raw: The text that stands for the article and that all offsets point into.
        record: What the export or the archive says of it, by the names of the columns of `manifest.csv`.
        page: What the web page says of itself, by the same names.
        headline: Number of the non-blank line that gives the title which record or page tell; None: there is none.
        main: Numbers of the non-blank lines that look like the article on the web page; None: nothing is known.
    """

    path: str
    name: str
    sha256: str
    encoding: str
    raw: str
    record: dict[str, str] = field(default_factory=dict)
    page: dict[str, str] = field(default_factory=dict)
    headline: int | None = None
    main: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Refusal:
    """What was not read, and why: a row of the table `refused`."""

    path: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """How to read.

    Attributes:
        columns: Field to the names of its column (see `records.FIELDS`), in the order of preference.
        max_megabytes: Refuse an article larger than this (1,000,000 bytes).
        first: The first record to read, from 0, of a file that holds several.
        last: The record to stop before; None: read to the end.
    """

    columns: Mapping[str, tuple[str, ...]]
    max_megabytes: float
    first: int = 0
    last: int | None = None

    @property
    def max_bytes(self) -> int:
        """Size of the largest article."""
        return int(self.max_megabytes * 1_000_000)

    def check_size(self, size: int) -> None:
        """Refuse an article that is too large.

        Raises:
            RefusalError: it is.
        """
        if size > self.max_bytes:
            raise RefusalError(f"too large: {size / 1_000_000:.1f} MB; max_megabytes is {self.max_megabytes:g}")


@dataclass(frozen=True)
class File:
    """A file of the corpus, or a member of an archive, that can be opened more than once.

    Attributes:
        path: What it is called in the tables.
        size: Bytes, as far as its folder or archive says.
        open: Opens it anew for reading.
        is_member: Whether it lies in an archive.
    """

    path: str
    size: int
    open: Callable[[], IO[bytes]]
    is_member: bool = False

    @property
    def stem(self) -> str:
        """Its name without folder and ending."""
        name = PurePosixPath(self.path.rpartition("#")[2] if self.is_member else self.path).name
        stem = name.removesuffix(".gz").rpartition(".")[0] if "." in name else name
        return safe_name(stem) if self.is_member else stem

    def read(self, limit: int) -> bytes:
        """Its bytes, one more than the limit at most, whatever its folder says of its size."""
        with self.open() as stream:
            return stream.read(limit + 1)


def text_article(file: File, reading: Reading) -> Article:
    """An article from a file of text.

    Raises:
        RefusalError: no text can be read from it.
    """
    data = _whole(file, reading)
    raw, encoding = decode(data)
    return Article(file.path, file.stem, sha256(data), encoding, raw)


def page_article(file: File, reading: Reading) -> Article:
    """An article from a web page.

    Raises:
        RefusalError: no text can be read from it.
    """
    return of_page(file.path, file.stem, _whole(file, reading))


def of_page(
    path: str, name: str, data: bytes, *, charset: str = "", record: Mapping[str, str] | None = None
) -> Article:
    """An article from the bytes of a web page, its charset and what else is known of it.

    Raises:
        RefusalError: no text can be read from it.
    """
    known = dict(record or {})
    page = read_page(data, charset=charset, url=known.get("url", ""))
    headline = line_of(known.get("title") or page.given.get("title"), page.text)
    return Article(path, name, sha256(data), page.encoding, page.text, known, page.given, headline, page.main)


def line_of(title: str | None, text: str) -> int | None:
    """Number of the first non-blank line that is this title, whatever its case and spaces."""
    wanted = _spoken(title or "")
    lines = (line for line in text.splitlines() if line.strip())
    return next((k for k, line in enumerate(lines) if wanted and _spoken(line) == wanted), None)


def _spoken(text: str) -> str:
    return " ".join(text.split()).casefold()


def _whole(file: File, reading: Reading) -> bytes:
    reading.check_size(file.size)
    data = file.read(reading.max_bytes)
    reading.check_size(len(data))
    return data


def safe_name(name: str) -> str:
    """A name that can be a file's: letters, digits, `.`, `_` and `-`, and not too long."""
    found = _NO_NAME.sub("_", name).strip("._-")
    if len(found.encode()) > _MAX_NAME:
        found = found.encode()[: _MAX_NAME - 9].decode(errors="ignore") + "-" + sha256(name.encode())[:8]
    return found or "article"


def check_ratio(size: int, packed: int, name: str) -> None:
    """Refuse what grows out of all proportion when it is unpacked.

    Raises:
        RefusalError: it does.
    """
    if size > SMALL and size > MAX_RATIO * max(packed, 1):
        raise RefusalError(f"a bomb: {name} grows from {packed:,} to {size:,} bytes; allowed is {MAX_RATIO} times")
