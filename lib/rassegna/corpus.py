"""Read a folder of articles, and its manifest, into a table; name what is refused and why."""

import csv
import datetime
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import charset_normalizer
import pandas as pd
from tqdm import tqdm

from rassegna import languages
from rassegna.errors import CorpusError
from rassegna.tables import sha256

MANIFEST = "manifest.csv"
MANIFEST_COLUMNS = (
    "file", "outlet", "country", "language", "title", "author", "agency", "published_at", "updated_at", "url", "note",
)  # fmt: skip
# What else a researcher keeps in the corpus folder; none of it is an article.
COMPANIONS = {
    MANIFEST,
    "corpus.toml",
    "readme.md",
    "readme.txt",
    "aliases.csv",
    "codebook.toml",
    "contrast_sets.toml",
    "corrections.csv",
}
COMPANION_FOLDERS = {"annotations"}
ENDING = ".txt"
MAX_MEGABYTES = 32

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# One-byte encodings of the news pages that people still paste, the likelier one first where a text fits several.
_LEGACY = ("cp1252", "latin_1", "cp1250", "cp1251", "cp1253", "cp1254", "shift_jis", "gb18030", "euc_kr")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_DETECT_BYTES = 65_536
_TIE = 0.1  # difference in likelihood that a few words cannot settle
_ISO_8601 = re.compile(
    r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])"
    r"([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?"
)


def folder_of(corpus_dir: Path) -> Path:
    """Where what belongs to a corpus lies: its folder, or the folder of the one article that it is."""
    return corpus_dir.parent if corpus_dir.is_file() else corpus_dir


class RefusalError(Exception):
    """A file that is not read, with the reason that the table `refused` shows."""


@dataclass(frozen=True)
class Corpus:
    """A corpus as it was read.

    Attributes:
        articles: One row per article, sorted by doc_id: doc_id, path, sha256, encoding, raw (the decoded text).
        manifest: One row per article that `manifest.csv` speaks of: doc_id and the columns of `MANIFEST_COLUMNS`
            that are there, an absent value null.
        refused: Table `refused`: path, reason.
    """

    articles: pd.DataFrame
    manifest: pd.DataFrame
    refused: pd.DataFrame


def read(corpus_dir: Path, *, max_megabytes: float = MAX_MEGABYTES, progress: bool = False) -> Corpus:
    """Read every article of a folder, or one file.

    A file that cannot be read becomes a row of `refused`, and the others are read all the same.

    Args:
        corpus_dir: Folder of `.txt` files (folders inside it are read too), or one such file.
        max_megabytes: Refuse a file larger than this (1,000,000 bytes each).
        progress: Show a progress bar on standard error.

    Raises:
        CorpusError: nothing at `corpus_dir`, or no readable article there.
    """
    if max_megabytes <= 0:
        raise CorpusError(f"max_megabytes: {max_megabytes}; allowed is a number above 0")
    root, paths = _find(corpus_dir)
    refused: list[tuple[str, str]] = []
    rows: list[tuple[Path, str, str, str]] = []
    twins: dict[str, Path] = {}
    for path in tqdm(paths, desc="Reading", unit="file", disable=not progress):
        try:
            data = _read_bytes(path, max_megabytes=max_megabytes)
            raw, encoding = decode(data)
            twin = twins.setdefault(raw, path)
            if twin is not path:
                raise RefusalError(f"same text as {twin.relative_to(root).as_posix()}, which is kept")
            rows.append((path, sha256(data), encoding, raw))
        except RefusalError as refusal:
            refused.append((path.relative_to(root).as_posix(), str(refusal)))
    if not rows:
        reasons = "; ".join(f"{path}: {reason}" for path, reason in refused[:5])
        raise CorpusError(
            f"{corpus_dir}: no readable article; looked for files ending in {ENDING}, in the folders inside it too"
            + (f"; refused: {reasons}" if reasons else "")
        )
    names = _doc_ids([path.relative_to(root) for path, *_ in rows])
    articles = pd.DataFrame(
        {
            "doc_id": list(names.values()),
            "path": [path.as_posix() for path in names],
            "sha256": [row[1] for row in rows],
            "encoding": [row[2] for row in rows],
            "raw": [row[3] for row in rows],
        },
    ).sort_values("doc_id", ignore_index=True)
    manifest = _read_manifest(root, names, refused)
    return Corpus(articles, manifest, pd.DataFrame(sorted(set(refused)), columns=["path", "reason"]))


def decode(data: bytes) -> tuple[str, str]:
    """Decode a file: the text, its line ends as they stand, and the encoding's name.

    A byte order mark decides; else UTF-8, UTF-16 without a mark, and what `charset-normalizer` finds likely.
    UTF-8 with a few broken bytes stays UTF-8, each broken sequence one U+FFFD, and the name says so.

    Raises:
        RefusalError: the bytes are empty, binary, or fit no encoding.
    """
    if not data.strip():
        raise RefusalError("empty: no character but white space")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _not_blank(_decode_as(data, encoding)), encoding
    if b"\x00" in data:
        return _not_blank(_decode_utf16(data)), "utf-16"
    if len(_CONTROL.findall(data[:_DETECT_BYTES])) > 0.1 * min(len(data), _DETECT_BYTES):
        raise RefusalError("binary: more than a tenth of its bytes are control characters")
    try:
        return _not_blank(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    if 10 * broken <= len(data) - len(text):  # at least ten good multi-byte characters to a broken one
        return text, f"utf-8 ({broken} broken)"
    matches = charset_normalizer.from_bytes(data[:_DETECT_BYTES], cp_isolation=list(_LEGACY))
    if not (best := matches.best()):
        raise RefusalError(f"undecodable: neither UTF-8 nor UTF-16 nor one of {', '.join(_LEGACY)}")
    # A short text fits several as well: among equals the encoding that is commoner on the web wins.
    equals = {name for m in matches if _is_as_good(m, best) for name in (m.encoding, *m.could_be_from_charset)}
    encoding = min(equals, key=lambda name: _LEGACY.index(name) if name in _LEGACY else len(_LEGACY))
    return _not_blank(_decode_as(data, encoding)), encoding


def _is_as_good(match: charset_normalizer.CharsetMatch, best: charset_normalizer.CharsetMatch) -> bool:
    return match.chaos <= best.chaos and match.coherence >= best.coherence - _TIE


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise RefusalError(f"undecodable: not {encoding} at byte {error.start}") from error


def _decode_utf16(data: bytes) -> str:
    """Text is UTF-16 without a mark when its NULs all but alternate; anything else with a NUL is binary."""
    sample = data[:_DETECT_BYTES]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(data) % 2 == 0 and max(even, odd) > 0.4 * len(sample) / 2 and min(even, odd) < 0.05 * len(sample) / 2:
        return _decode_as(data, "utf-16-be" if even > odd else "utf-16-le")
    raise RefusalError("binary: it holds NUL bytes")


def _not_blank(text: str) -> str:
    if not text.strip():
        raise RefusalError("empty: no character but white space")
    return text


def _find(corpus_dir: Path) -> tuple[Path, list[Path]]:
    """The folder that paths are told from, and every file in it that is no companion, sorted."""
    if corpus_dir.is_file():
        return corpus_dir.parent, [corpus_dir]
    if not corpus_dir.is_dir():
        raise CorpusError(f"{corpus_dir}: no such folder or file; give a folder of {ENDING} files, or one of them")
    return corpus_dir, sorted(_walk(corpus_dir), key=lambda path: path.relative_to(corpus_dir).as_posix())


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name.lower() in COMPANIONS:
            continue
        if path.is_dir() and not path.is_symlink():
            if path.name not in COMPANION_FOLDERS:
                yield from _walk(path)
        else:
            yield path


def _read_bytes(path: Path, *, max_megabytes: float) -> bytes:
    if path.suffix.lower() != ENDING:
        raise RefusalError(f"not a {ENDING} file")
    try:
        if not path.is_file():
            raise RefusalError("unreadable: no regular file")
        size = path.stat().st_size
        if size > max_megabytes * 1_000_000:
            raise RefusalError(f"too large: {size / 1_000_000:.1f} MB; max_megabytes is {max_megabytes:g}")
        return path.read_bytes()
    except OSError as error:
        raise RefusalError(f"unreadable: {error.strerror or error}") from error


def _doc_ids(paths: list[Path]) -> dict[Path, str]:
    """File names without ending; with their folders, joined by dots, where two files share a name."""
    n_files = Counter(path.stem for path in paths)
    return {path: path.stem if n_files[path.stem] == 1 else ".".join(path.with_suffix("").parts) for path in paths}


def _read_manifest(root: Path, names: dict[Path, str], refused: list[tuple[str, str]]) -> pd.DataFrame:
    """Read what the researcher knows; name every line or column that cannot be used in `refused`."""
    path = root / MANIFEST
    taken: dict[str, dict[str, str | None]] = {}
    if path.is_file():
        reader = csv_reader(path, required=("file",), allowed=MANIFEST_COLUMNS)
        allowed = ", ".join(MANIFEST_COLUMNS)
        unknown = [name for name in reader.fieldnames or () if name not in MANIFEST_COLUMNS]
        refused.extend((f"{MANIFEST}, line 1", f"unknown column {name!r}; allowed are {allowed}") for name in unknown)
        known = {path.as_posix(): doc_id for path, doc_id in names.items()}
        try:
            for row in reader:
                where, file = f"{MANIFEST}, line {reader.line_num}", (row.get("file") or "").strip()
                if file not in known:
                    refused.append((where, f"unknown file {file!r}: no article of that name was read"))
                elif known[file] in taken:
                    refused.append((where, f"second line for {file}; the first one counts"))
                else:
                    taken[known[file]] = _manifest_values(row, where, refused)
        except csv.Error as error:
            raise CorpusError(f"{MANIFEST}, line {reader.line_num}: {error}") from error
    rows = [{"doc_id": doc_id, **values} for doc_id, values in sorted(taken.items())]
    return pd.DataFrame(rows, columns=["doc_id", *MANIFEST_COLUMNS[1:]], dtype="str")


def csv_reader(path: Path, *, required: Sequence[str], allowed: Sequence[str]) -> "csv.DictReader[str]":
    """Open a researcher's CSV file, in whichever encoding, with commas or semicolons.

    Raises:
        CorpusError: it cannot be decoded, or a required column is missing; the message names file and column.
    """
    try:
        text, _ = decode(path.read_bytes())
    except RefusalError as refusal:
        raise CorpusError(f"{path.name}: {refusal}") from refusal
    header = text.split("\n", 1)[0]
    # Spreadsheets of half of Europe separate with semicolons.
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if header.count(";") > header.count(",") else ","
    )
    reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
    if missing := [name for name in required if name not in reader.fieldnames]:
        has = ", ".join(reader.fieldnames)
        raise CorpusError(f"{path.name}: no column `{missing[0]}`; it has {has}; allowed are {', '.join(allowed)}")
    return reader


def _manifest_values(row: dict[str, str], where: str, refused: list[tuple[str, str]]) -> dict[str, str | None]:
    values = {name: (row.get(name) or "").strip() or None for name in MANIFEST_COLUMNS[1:]}
    if (code := values["language"]) and not languages.is_known(code):
        refused.append((where, f"language {code!r} is not known; allowed are ISO 639-1 codes such as it, en, fr"))
        values["language"] = None
    for name in ("published_at", "updated_at"):
        value = values[name]
        if value is not None and not is_time(value):
            refused.append((where, f"{name} {value!r} is no ISO 8601 time such as 2024-06-19 or 2024-06-19T10:35"))
            values[name] = None
    return values


def is_time(value: str) -> bool:
    """Whether a value is an ISO 8601 year, month, day or time of an existing day."""
    if not _ISO_8601.fullmatch(value):
        return False
    try:
        datetime.date.fromisoformat(value[:10]) if len(value) >= 10 else None
    except ValueError:
        return False
    return True
