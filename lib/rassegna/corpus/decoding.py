"""From bytes to text: which encoding a file is in, and which file is no text at all."""

import codecs
import re
from typing import IO

import charset_normalizer

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
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")


class RefusalError(Exception):
    """Something that is not read, with the reason that the table `refused` shows."""


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


def checked(text: str) -> str:
    """A text that came decoded, from a cell or a JSON string, if it is one that can be worked on.

    Raises:
        RefusalError: it is blank, or holds NULs or halves of surrogate pairs.
    """
    if _UNREADABLE.search(text):
        raise RefusalError("undecodable: it holds NUL characters or halves of surrogate pairs")
    return _not_blank(text)


def stream_encoding(stream: IO[bytes]) -> str:
    """The encoding of a file that is too large to be decoded at once; the stream is read to its end.

    Raises:
        RefusalError: as `decode`.
    """
    sample = chunk = stream.read(_DETECT_BYTES)
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding
    decoder = codecs.getincrementaldecoder("utf-8")()
    while chunk:
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            sample = chunk
            break
        chunk = stream.read(_DETECT_BYTES)
    whole = sample[: sample.rfind(b"\n") + 1] or sample  # no character cut in two
    return decode(whole)[1].partition(" ")[0]
