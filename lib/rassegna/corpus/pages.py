"""Web pages as text: the visible lines in order, those that look like the article, what the page says of itself.

Markup is read as HTML: no entity of its own is expanded, nothing is fetched, no script runs.
"""

import codecs
import logging
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import trafilatura
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura.settings import Document
from trafilatura.utils import load_html

from rassegna import languages
from rassegna.corpus.decoding import RefusalError, decode

# fmt: off
_INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "meter", "output", "q", "rb", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "td", "th", "time", "tt", "u", "var", "wbr",
}
_UNSEEN = {
    "canvas", "datalist", "head", "iframe", "math", "noscript", "object", "script", "select", "style", "svg",
    "template", "textarea",
}
# fmt: on
_CELLS = {"td", "th"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]+)|<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE
)
_DECLARED_WITHIN = 8_192  # bytes of a page among which its encoding is declared
_LATIN_1 = {"iso8859-1", "ascii"}  # which browsers take for its superset
_WORDS = re.compile(r"\w+")
_RUN = 4  # words in a row by which a line is found again in the main content
_SHARE = 0.5  # of a line's runs that the main content has
_PLACES = 8  # in the main content at which a line is looked for
_NEVER = "2100-01-01"  # trafilatura's own limit is the clock

# What the libraries make of a page that they cannot read is said once, by us.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


class Page(NamedTuple):
    """A web page as it was read; `given` is by the names of the manifest's columns, `main` are numbers of lines."""

    encoding: str
    text: str
    given: dict[str, str]
    main: tuple[int, ...] | None


def read_page(data: bytes, *, charset: str = "", url: str = "") -> Page:
    """Read a web page.

    Args:
        data: The page.
        charset: What its server says of its encoding.
        url: Its address, as far as that is known.

    Raises:
        RefusalError: it cannot be decoded, or no text is to be seen on it.
    """
    markup, encoding = _decode_page(data, charset)
    tree = _parse(markup)
    found = lines(tree)
    try:
        told = trafilatura.bare_extraction(
            tree,
            url=url or None,
            include_comments=False,
            with_metadata=True,
            date_extraction_params={"original_date": True, "extensive_search": False, "max_date": _NEVER},
        )
    except Exception:  # noqa: BLE001 - it fails on some markup in unforeseen ways; the lines are there all the same
        told = None
    document = told if isinstance(told, Document) else None
    content = document.text or "" if document else ""
    main = main_lines(found, content)
    if 2 * sum(map(len, (found[k] for k in main))) < len(content):  # the article itself is hidden until a script runs
        found = lines(tree, hidden=True)
        main = main_lines(found, content)
    if not found:
        raise RefusalError("empty: no text is to be seen on the page")
    return Page(encoding, "\n".join(found), _given(tree, document), tuple(main) or None)


def _parse(markup: str) -> HtmlElement:
    tree = load_html(markup)
    if tree is None:  # a fragment without a frame, or something too large for trafilatura
        try:
            tree = document_fromstring(markup.encode(), parser=HTMLParser(encoding="utf-8"))
        except (etree.LxmlError, ValueError) as error:
            raise RefusalError(f"not HTML: {error}") from error
    return tree


def _decode_page(data: bytes, charset: str) -> tuple[str, str]:
    """Decode as the server or the page declares, if that is true, else as any file."""
    declared = _CHARSET.search(data[:_DECLARED_WITHIN])
    by_page = [group.decode("ascii") for group in declared.groups() if group] if declared else []
    for name in filter(None, (charset, *by_page)):
        try:
            codec = codecs.lookup(name).name
            codec = "cp1252" if codec in _LATIN_1 else codec
            if codec not in ("utf-8", "utf-16"):  # those are told by the bytes
                return data.decode(codec), codec
        except (LookupError, UnicodeError):
            continue
    return decode(data)


def _given(tree: HtmlElement, told: Document | None) -> dict[str, str]:
    found = {"language": (tree.get("lang") or "").replace("_", "-").partition("-")[0].strip().lower()}
    if told:
        found |= {
            "title": told.title or "",
            "author": ", ".join(name.strip() for name in (told.author or "").split(";")),
            "outlet": told.sitename or "",
            "published_at": told.date or "",
            "url": told.url or "",
        }
    found = {name: " ".join(value.split()) for name, value in found.items()}
    if not found["language"] or not languages.is_known(found["language"]):
        del found["language"]
    return {name: value for name, value in found.items() if value}


class _Lines(list[str]):
    """Lines that are put together from pieces of text."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[str] = []

    def add(self, text: str | None) -> None:
        if text:
            self._pieces.append(text)

    def end(self, mark: str = "") -> None:
        """End the line; with a mark go on behind it, if there is something before."""
        text = " ".join(_INVISIBLE.sub("", "".join(self._pieces)).split())
        if text and mark:
            self._pieces.append(mark)
            return
        if text:
            self.append(text)
        self._pieces.clear()


def lines(tree: HtmlElement, *, hidden: bool = False) -> list[str]:
    """The visible lines of a page in order: block elements and line breaks end one, white space is collapsed.

    Args:
        tree: The page.
        hidden: Take what the page hides, too.
    """
    found = _Lines()
    walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        is_block = event in ("start", "end") and element.tag not in _INLINE
        if is_block:
            found.end()
        if event == "start":
            if element.tag in _CELLS:
                found.end(" | ")
            if _is_unseen(element, hidden):
                walk.skip_subtree()
            else:
                found.add(element.text)
        elif element is not tree:
            found.add(element.tail)
    found.end()
    return list(found)


def _is_unseen(element: HtmlElement, hidden: bool) -> bool:
    if element.tag in _UNSEEN:
        return True
    return not hidden and (element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style", ""))))


def main_lines(found: Sequence[str], main: str) -> list[int]:
    """Which of a page's lines the main content is made of: the heaviest chain that runs forward in both.

    Args:
        found: The lines of the page.
        main: The main content, extracted from the same page; it may join, split and leave out lines.
    """
    words: list[str] = []
    starts: dict[tuple[str, ...], list[int]] = {}  # where a run of words, or a short line, begins in the main content
    for own in map(_words, main.splitlines()):
        if 0 < len(own) < _RUN:
            starts.setdefault(tuple(own), []).append(len(words))
        words += own
    for at, run in enumerate(_runs(words)):
        starts.setdefault(run, []).append(at)
    chain = _Chain()
    for k, line in enumerate(found):
        key = _words(line)
        runs = list(_runs(key)) if len(key) >= _RUN else [tuple(key)]
        known = [run for run in runs if run in starts]
        if key and len(known) >= _SHARE * len(runs):
            chain.add(k, starts[known[0]][:_PLACES], weight=len(known))
    return chain.heaviest()


class _Chain:
    """The heaviest sequence of lines whose places in the main content increase.

    Kept are the chains that no lighter or equal one undercuts: the further their end, the heavier they are.
    """

    def __init__(self) -> None:
        self._ends: list[int] = []  # place of the last line of each chain kept, increasing
        self._weights: list[int] = []  # weight of each, increasing
        self._last: list[int] = []  # link of its last line
        self._links: list[tuple[int, int]] = []  # line, and the link before it

    def add(self, line: int, places: Sequence[int], *, weight: int) -> None:
        for place in reversed(places):  # so that a line is in a chain once
            at = bisect_left(self._ends, place)
            total, before = (self._weights[at - 1] + weight, self._last[at - 1]) if at else (weight, -1)
            beyond = bisect_right(self._weights, total, lo=at)
            self._links.append((line, before))
            self._ends[at:beyond] = [place]
            self._weights[at:beyond] = [total]
            self._last[at:beyond] = [len(self._links) - 1]

    def heaviest(self) -> list[int]:
        link = self._last[-1] if self._last else -1
        found = []
        while link >= 0:
            line, link = self._links[link]
            found.append(line)
        return found[::-1]


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[k:] for k in range(_RUN)), strict=False)
