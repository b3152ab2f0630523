"""Articles from archives as a stream, without unpacking them: the members of a zip file, the pages of a web archive."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from itertools import islice
from pathlib import PurePosixPath
from typing import IO
from zipfile import ZipFile, ZipInfo

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from rassegna.corpus.decoding import RefusalError
from rassegna.corpus.items import MAX_RATIO, MAX_RECORDS, SMALL, Article, File, Reading, Refusal, check_ratio, of_page

Read = Callable[[File, Reading], Iterator[Article | Refusal]]
_WEB = ("text/html", "application/xhtml+xml")


def zip_articles(
    file: File, reading: Reading, *, read: Read, is_kept: Callable[[str], bool]
) -> Iterator[Article | Refusal]:
    """Read the members of a zip file, in the order of their names; nothing is written to disk.

    Args:
        file: The zip file.
        reading: Limits, columns, and which members.
        read: Reads a member.
        is_kept: Whether a path is an article's, and not a companion's.
    """
    with file.open() as stream, _opened(stream) as archive:
        members = [member for member in archive.infolist() if not member.is_dir() and is_kept(member.filename)]
        members.sort(key=lambda member: member.filename)
        if len(members) > MAX_RECORDS:
            raise RefusalError(f"{len(members):,} members; allowed are {MAX_RECORDS:,}")
        size = 0
        for member in islice(members, reading.first, reading.last):
            path = f"{file.path}#{member.filename}"
            if reason := _fault(member):
                yield Refusal(path, reason)
                continue
            size += member.file_size
            if size > MAX_RATIO * file.size + SMALL:  # each is as it should be, but they share their bytes
                raise RefusalError(f"a bomb: more than {MAX_RATIO} times its size comes out of it; read up to {path}")
            try:
                within = File(path, member.file_size, partial(archive.open, member), is_member=True)
                yield from read(within, replace(reading, first=0, last=None))
            except Exception as error:  # noqa: BLE001 - a broken member can fail anywhere in its decompression
                yield Refusal(path, f"unreadable: {type(error).__name__}: {error}")


def _opened(stream: IO[bytes]) -> ZipFile:
    try:
        return ZipFile(stream)
    except OSError:
        raise
    except Exception as error:  # a broken directory can fail in its structure, its versions or its names
        raise RefusalError(f"unreadable: {type(error).__name__}: {error}") from error


def _fault(member: ZipInfo) -> str:
    if member.flag_bits & 1:
        return "encrypted: take it out first"
    if PurePosixPath(member.filename).suffix.lower() == ".zip":
        return "an archive in an archive: take it out first"
    try:
        check_ratio(member.file_size, member.compress_size, "it")
    except RefusalError as refusal:
        return str(refusal)
    return ""


def warc_articles(file: File, reading: Reading) -> Iterator[Article | Refusal]:
    """Read the web pages of a web archive (WARC, gzipped or not), one after another.

    Requests, robots' files and what else a crawler keeps are passed over; a response that is no page is refused. A
    page's path is that of the archive with `#` and its number among the responses, from 1.
    """
    size = 0
    path = file.path
    with file.open() as stream:
        records = ArchiveIterator(stream, record_types=WarcRecordType.response, auto_decode="all")
        try:
            for number, record in enumerate(islice(records, reading.first, reading.last), start=reading.first + 1):
                path = f"{file.path}#{number}"
                size += record.content_length
                if number > MAX_RECORDS or size > MAX_RATIO * file.size + SMALL:
                    yield Refusal(
                        path, f"more than {MAX_RECORDS:,} records, or {MAX_RATIO} times its size: it ends here"
                    )
                    return
                try:
                    yield _page(path, f"{file.stem}-{number}", record, reading)
                except RefusalError as refusal:
                    yield Refusal(path, str(refusal))
        except OSError as error:
            yield Refusal(file.path, f"broken after {path}: {error}; what follows was not read")


def _page(path: str, name: str, record: WarcRecord, reading: Reading) -> Article:
    headers = record.http_headers
    if headers is None or headers.status_code != HTTPStatus.OK:
        raise RefusalError(f"no page: HTTP status {headers.status_code if headers else 'absent'}; read is 200")
    if record.http_content_type not in _WEB:
        raise RefusalError(f"no page: {record.http_content_type or 'no content type'}; read are {' and '.join(_WEB)}")
    reading.check_size(record.content_length)
    data = record.reader.read(reading.max_bytes + 1)
    reading.check_size(len(data))
    if len(data) < record.content_length and "Content-Encoding" not in headers:
        raise RefusalError(f"cut off: {len(data):,} of {record.content_length:,} bytes are there")
    url = record.headers.get("WARC-Target-URI") or ""
    return of_page(path, name, data, charset=record.http_charset or "", record={"url": url} if url else {})
