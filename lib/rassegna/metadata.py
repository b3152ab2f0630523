"""Title, outlet, author, agency and times of an article, each with where it came from."""

import calendar
import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from typing import Any, NamedTuple

import pandas as pd
import regex

from rassegna import languages
from rassegna.cleaning import CONTENT
from rassegna.tables import by_article

_FIELDS = ("title", "outlet", "author", "agency", "published_at", "updated_at")
_NAME = r"(?P<name>(?-i:\p{Lu})[\w'’.&]*(?:[ -](?:(?-i:\p{Lu}|\d)[\w'’.&]*|di|del|della|de|du|of|the)){0,4})"
_MAX_BYLINE = 120  # code points
_MAX_IMPRINT = 500  # code points
_TOP_LINES = 12  # among the first lines of furniture stands the masthead
_MAX_NAME = 5  # words in an outlet's name
_SAME_NAME = 0.85  # likeness of a name and an address from which they are the same
# “(NAME) - CITY, 10 OTT - …”
_DISPATCH = (
    r"\((?P<credit>\p{Lu}[\p{Lu} .-]{1,20})\)\s*[-–—]\s*\p{Lu}[\p{Lu} .'’/-]{1,40},\s*"
    r"\d{1,2}\s+\p{L}{3,10}\.?(?:\s+\d{4})?\s*[-–—]"
)
_HOST = regex.compile(r"(?:https?://(?:www\.)?|www\.|@)([\w-]+)(?:\.[\w-]+)+")
_MENU = regex.compile(r"[|»>›/·•]")
_CLOCK = r"(?<![\d.:])(?P<hour{0}>[01]?\d|2[0-3])[:.h](?P<minute{0}>[0-5]\d)(?::\d\d(?:\.\d+)?)?(?!\d)"
_YEARS_AHEAD = 4  # an article's year lies at most so far behind the last year that it names


class Time(NamedTuple):
    """A time of day or a day that stands in a text: half-open span and ISO 8601 value."""

    start: int
    end: int
    value: str


@dataclass
class Metadata:
    """What was found in one article: field to value, field to source, and the evidence in words."""

    values: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)

    def take(self, name: str, value: str | None, source: str, why: str = "") -> None:
        """Keep a value unless the field has one: sources are asked in the order of their trust."""
        if value and name not in self.values:
            self.values[name], self.sources[name] = value, source
            if why:
                self.evidence.append(f"{name}: {why}")


def metadata(
    articles: pd.DataFrame,
    blocks: pd.DataFrame,
    manifest: pd.DataFrame,
    *,
    reference_date: datetime.date | None = None,
) -> pd.DataFrame:
    """Say of each article what it is: from its text, else from the manifest, its record, its web page, else inferred.

    Args:
        articles: One row per article: doc_id, language, raw and the columns that `corpus.read` gives.
        blocks: Table `blocks` of the same articles.
        manifest: What the researcher knows, as `corpus.read` gives it.
        reference_date: Day the corpus is about; no inferred year lies after it.

    Returns:
        Table `articles`, one row per article, and the column raw.
    """
    known = manifest.set_index("doc_id")
    own_blocks = by_article(blocks)
    known_of = {doc_id: given.dropna().to_dict() for doc_id, given in known.iterrows()}
    rows = []
    for article in articles.to_dict("records"):
        own = own_blocks.get(article["doc_id"], [])
        given = known_of.get(article["doc_id"], {})
        found = _in_text(own, language=article["language"])
        told = [(given, "manifest"), *((article.get(source) or {}, source) for source in ("record", "page"))]
        for values, source in told:
            for name in _FIELDS:
                found.take(name, values.get(name), source)
        given = {name: value for values, _ in reversed(told) for name, value in values.items()}
        url = given.get("url")
        _infer(found, own, language=article["language"], url=url, reference_date=reference_date)
        rows.append({**article, **_columns(found, given), **_sizes(article["raw"], own)})
    return pd.DataFrame(rows)


def _columns(found: Metadata, given: dict[str, str]) -> dict[str, str | None]:
    columns: dict[str, str | None] = {name: found.values.get(name) for name in _FIELDS}
    columns |= {f"{name.removesuffix('_at')}_from": found.sources.get(name) for name in _FIELDS}
    columns |= {name: given.get(name) for name in ("country", "url", "note")}
    return columns | {"evidence": "; ".join(found.evidence) or None}


def _content(blocks: Sequence[Any]) -> list[Any]:
    return [block for block in blocks if block.label in CONTENT]


def _sizes(raw: str, blocks: Sequence[Any]) -> dict[str, int]:
    n_words = sum(len(regex.findall(r"\w+", block.text)) for block in _content(blocks))
    return {"n_chars": len(raw), "n_words": n_words}


def _in_text(blocks: Sequence[Any], *, language: str) -> Metadata:
    found = Metadata()
    texts: dict[str, list[str]] = {}
    for block in blocks:
        texts.setdefault(block.label, []).append(block.text)
    found.take("title", next(iter(texts.get("title", [])), None), "text")
    for byline in texts.get("byline", []):
        _read_byline(found, byline, language=language)
    for line in texts.get("caption", []):  # “Europa 1 con AFP / Foto: …” is as much a credit as a byline
        _read_partners(found, _pieces(line, language=language)[0], language=language)
    _read_times(found, "\n".join(texts.get("dateline", []) + texts.get("byline", [])), language=language)
    _read_credit(found, texts.get("body", []))
    for text in filter(_is_short, dict.fromkeys(texts.get("furniture", []))):
        for pattern in _patterns(language, "source_line"):
            if match := pattern.search(text):
                found.take("agency", match["name"], "text", f"“{match[0].strip()}”")
        for pattern in _patterns(language, "outlet"):
            if (match := pattern.search(text)) and not _is_no_outlet(match["name"], language):
                found.take("outlet", match["name"].rstrip(" ."), "text", f"“{match[0].strip()}”")
    return found


def _read_byline(found: Metadata, byline: str, *, language: str) -> None:
    """Author, agency and outlet of a line such as “Di Anna Bianchi | ANSA” or “Europa 1 con AFP / Foto: …”."""
    words = languages.optional(language, "metadata")
    if len(byline) > _MAX_BYLINE:
        return
    for piece in _pieces(byline, language=language):
        if any(piece.lower().startswith(credit) for credit in words.get("credits", [])):
            break  # what follows names a photographer and his agency
        if not _read_partners(found, piece, language=language):
            found.take("agency", _agency(piece), "text")
            found.take("author", _author(piece, language=language), "text")


def _read_partners(found: Metadata, piece: str, *, language: str) -> bool:
    """Outlet and agency of “Europa 1 con AFP”; whether that is what it says."""
    for pattern in _patterns(language, "with_agency"):
        if match := pattern.search(piece):
            found.take("outlet", match["name"], "text", f"“{match[0]}”")
            found.take("agency", match["agency"], "text")
            return True
    return False


def _pieces(byline: str, *, language: str) -> list[str]:
    """Cut a byline at its separators and at every time that stands in it."""
    for time in reversed(times(byline, language=language)):
        byline = f"{byline[: time.start]}|{byline[time.end :]}"
    words = languages.optional(language, "metadata")
    cuts = (
        languages.optional(languages.ANY, "metadata")["separators"]
        + words.get("updated", [])
        + words.get("published", [])
    )
    return [piece.strip(" ,:()") for piece in regex.split("|".join(map(regex.escape, cuts)), byline, flags=regex.I)]


def _author(piece: str, *, language: str) -> str | None:
    """The name in a piece of a byline: words in capitals and the particles between them, else nothing."""
    words = languages.optional(language, "metadata")
    for prefix in words.get("author_prefixes", []):
        if match := regex.match(rf"{regex.escape(prefix)}\s*:?\s+(?=\S)", piece, regex.I):
            piece = piece[match.end() :]
            break
    kept = regex.split(rf",|\s(?:{'|'.join(words.get('author_ends', [])) or '$'})\b", piece)[0].strip()
    particles = set(words.get("name_particles", []))
    names = [word for word in regex.findall(r"[\w.-]+", kept) if word.lower() not in particles]
    if not names or len(names) > 6 or not all(name[0].isupper() for name in names) or _agency(kept) == kept:
        return None
    return kept


def _read_credit(found: Metadata, body: list[str]) -> None:
    """The agency that opens a dispatch, “(ANSA) - ROMA, …”, “ROMA (Reuters) - …”, or closes it, “(AFP)”."""
    for text, pattern in (
        *((text, r"^[^.!?()]{0,40}\((?P<credit>[^()]{2,40})\)\s*[-–—]") for text in body[:1]),
        *((text, r"\((?P<credit>[^()]{2,40})\)\.?$") for text in body[-1:]),
    ):
        if (match := regex.search(pattern, text)) and (agency := _agency(match["credit"])):
            found.take("agency", agency, "text", f"“{match[0].strip()}”")
    for text in body[:1]:  # the form of a dispatch tells an agency that is not listed
        if match := regex.match(_DISPATCH, text):
            found.take("agency", match["credit"], "text", f"“{match[0].strip()}”")


@cache
def _agencies() -> regex.Pattern[str]:
    names = sorted(languages.optional(languages.ANY, "metadata")["agencies"], key=len, reverse=True)
    return regex.compile(rf"(?<!\w)(?:{'|'.join(map(regex.escape, names))})(?!\w)")


def _agency(text: str) -> str | None:
    match = _agencies().search(text)
    return match[0] if match else None


@cache
def _patterns(language: str, key: str) -> list[regex.Pattern[str]]:
    agency = f"(?P<agency>(?-i:{_agencies().pattern}))"
    sources = languages.optional(language, "metadata").get(key, [])
    return [regex.compile(s.replace("{name}", _NAME).replace("{agency}", agency), regex.I) for s in sources]


def _is_no_outlet(name: str, language: str) -> bool:
    """Whether a name begins like a legal notice or another site's, or is a company's."""
    words = name.lower().replace(".", "").split()
    companies = languages.optional(languages.ANY, "metadata")["companies"]
    return words[0] in languages.optional(language, "metadata").get("no_outlet", []) or any(
        w in companies for w in words
    )


def _read_times(found: Metadata, text: str, *, language: str) -> None:
    """The first time is the publication's, one that follows a word for “updated” is the last update's."""
    updated = "|".join(map(regex.escape, languages.optional(language, "metadata").get("updated", []))) or "$^"
    before = 0
    for time in times(text, language=language):
        name = "updated_at" if regex.search(updated, text[before : time.start], regex.I) else "published_at"
        found.take(name, time.value, "text", f"“{text[time.start : time.end].strip()}”")
        before = time.end
    clock = regex.search(rf"(?:{updated})\D{{0,20}}{_CLOCK.format('')}", text[before:], regex.I)
    if clock and "published_at" in found.values:  # “aggiornato alle 11:02” is said of the same day
        value = f"{found.values['published_at'][:10]}T{int(clock['hour']):02}:{clock['minute']}"
        found.take("updated_at", value, "text", f"“{clock[0]}”")


def times(text: str, *, language: str) -> list[Time]:
    """Find days with a year, and the time of day beside them: “22h57, le 11 novembre 2024”, “12/03/2025 - 10:35”.

    A day in figures is read day first; one that fits no calendar is passed over.

    Returns:
        Non-overlapping spans in the order of the text, values such as 2024-11-11T22:57 or 2024-11-11.
    """
    return [time for match in _time_pattern(language).finditer(text) if (time := _time(match, language))]


def _time(match: regex.Match[str], language: str) -> Time | None:
    group = match.groupdict()
    name = (group["month"] or group["month2"] or "").lower().rstrip(".")
    month = _months(language).get(name) or int(group["month_n"] or group["month_i"] or 0)
    day = int(group["day"] or group["day2"] or group["day_n"] or group["day_i"])
    year = int(group["year"] or group["year2"] or group["year_n"] or group["year_i"])
    hour, minute = group["hour"] or group["hour2"], group["minute"] or group["minute2"]
    half = (group["half"] or "").lower()[:1]
    try:
        value = datetime.date(year if year > 99 else 2000 + year, month, day).isoformat()
        if hour is not None:
            hours = int(hour) % 12 + 12 * (half == "p") if half else int(hour)
            value += f"T{datetime.time(hours, int(minute)).isoformat('minutes')}"
    except ValueError:
        return None
    return Time(match.start(), match.end(), value)


@cache
def _time_pattern(language: str) -> regex.Pattern[str]:
    months = "|".join(sorted(map(regex.escape, _months(language)), key=len, reverse=True))
    day = (
        rf"(?<!\d)(?:(?P<year_i>\d{{4}})-(?P<month_i>\d\d)-(?P<day_i>\d\d)"
        rf"|(?P<day>\d{{1,2}})(?:\p{{L}}{{2}}|[.°º])?\s+(?:de\s+)?(?P<month>{months})\.?,?\s+(?:de[l]?\s+)?(?P<year>\d{{4}})"
        rf"|(?P<month2>{months})\.?\s+(?P<day2>\d{{1,2}})(?:\p{{L}}{{2}})?,?\s+(?P<year2>\d{{4}})"
        rf"|(?P<day_n>\d{{1,2}})[/.-](?P<month_n>\d{{1,2}})[/.-](?P<year_n>\d{{4}}|\d\d))(?!\d)"
    )
    return regex.compile(
        rf"(?:{_CLOCK.format('')}[^\S\n]*(?P<half>[ap]\.?m\b\.?)?[^\d\n]{{0,12}})?{day}"
        rf"(?(hour)|(?:[^\d\n]{{1,12}}{_CLOCK.format('2')}[^\S\n]*(?P<half>[ap]\.?m\b\.?)?)?)",
        regex.I,
    )


@cache
def _months(language: str) -> dict[str, int]:
    """Names of the months in the language and in English, wide and short, in lower case."""
    found: dict[str, int] = {}
    for code in (language, "en"):
        names = languages.locale(code).months
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in names[form][width].items():
                    found.setdefault(name.lower().rstrip("."), number)
    return found


def _infer(
    found: Metadata, blocks: Sequence[Any], *, language: str, url: str | None, reference_date: datetime.date | None
) -> None:
    if "outlet" not in found.values:
        name, why = next(_outlet_candidates(blocks, language=language, url=url), (None, ""))
        found.take("outlet", name, "inferred", why)
    if "published_at" not in found.values:
        content = "\n".join(block.text for block in _content(blocks))
        year, why = infer_year(content, language=language, reference_date=reference_date)
        found.take("published_at", str(year) if year else None, "inferred", why)


def _outlet_candidates(blocks: Sequence[Any], *, language: str, url: str | None) -> Iterator[tuple[str, str]]:
    """Names that may be the outlet's, with the evidence, the safest first."""
    furniture = [block for block in blocks if block.label == "furniture" and _is_short(block.text)]
    first = min((block.start for block in _content(blocks)), default=0)
    top = [block.text for block in furniture if block.start < first]
    lines = list(dict.fromkeys(block.text for block in furniture))
    mastheads = [(text, name) for text in top[:_TOP_LINES] if (name := _masthead(text, language))]
    hosts = sorted({host for text in (url or "", *lines) for host in _HOST.findall(text.lower())})
    for _, name in mastheads:
        for host in hosts:
            if SequenceMatcher(None, _letters(name), _letters(host), autojunk=False).ratio() >= _SAME_NAME:
                yield name, f"“{name}” stands on top and the address has “{host}”"
    for line, name in mastheads:
        whole = regex.compile(rf"(?<!\w){regex.escape(name)}(?!\w)", regex.I)
        for text in lines:
            is_sentence = len(text.split()) >= len(name.split()) + 2 and len(_MENU.findall(text)) < 2
            if text != line and is_sentence and whole.search(text):
                yield name, f"“{name}” stands on top and again in “{text}”"
    for text in lines:
        for pattern in _patterns(language, "outlet_inferred") + _patterns(languages.ANY, "copyright"):
            if (match := pattern.search(text)) and not _is_no_outlet(match["name"], language):
                yield match["name"].rstrip(" ."), f"“{match[0].strip()}”"


def _is_short(text: str) -> bool:
    """Whether a line is as short as imprints are; a longer one is not searched for names."""
    return len(text) <= _MAX_IMPRINT


def _masthead(text: str, language: str) -> str | None:
    """The name in a line on top of a page: all of a short line, or what stands before the tagline."""
    name = regex.split(r"\s+[|»·–—-]\s+", text)[0]
    is_name = len(name) > 3 and len(name.split()) <= _MAX_NAME and not _is_no_outlet(name, language)
    return name if is_name else None


def _letters(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())


def infer_year(text: str, *, language: str, reference_date: datetime.date | None = None) -> tuple[int | None, str]:
    """Infer the year of a text that pairs weekdays with days but names no year: “martedì (18 giugno)”.

    Of the years from the last one that the text names, by which nothing is to be done (else from two before the
    reference date), the pairs must fit exactly one.

    Returns:
        The year and the pairs that it rests on, or (None, "") where none or several fit.
    """
    latest = reference_date.year if reference_date else datetime.MAXYEAR
    ahead = "|".join(map(regex.escape, languages.optional(language, "metadata").get("deadline", []))) or "$^"
    behind = regex.compile(rf"(?<!\b(?:{ahead})\s)(?<![\d.,/-])(?:19|20)\d\d(?![\d.,/-]\d|\d)", regex.I)
    named = [year for y in behind.findall(text) if (year := int(y)) <= latest]
    first = max(named, default=reference_date.year - 2 if reference_date else 0)
    pairs = list(_weekday_pattern(language).finditer(text)) if first else []
    fitting = [
        year
        for year in range(first, min(first + _YEARS_AHEAD, latest) + 1)
        if pairs and all(_fits(pair, year, language) for pair in pairs)
    ]
    if len(fitting) != 1:
        return None, ""
    shown = ", ".join(f"“{pair[0]}”" for pair in pairs)
    return fitting[0], f"{shown} in {first}-{min(first + _YEARS_AHEAD, latest)} fit only {fitting[0]}"


def _fits(pair: regex.Match[str], year: int, language: str) -> bool:
    month, day = _months(language)[pair["month"].lower()], int(pair["day"])
    if day > calendar.monthrange(year, month)[1]:
        return False
    return datetime.date(year, month, day).weekday() == _weekdays(language)[pair["weekday"].lower()]


@cache
def _weekdays(language: str) -> dict[str, int]:
    return {name.lower(): number for number, name in languages.locale(language).days["format"]["wide"].items()}


@cache
def _weekday_pattern(language: str) -> regex.Pattern[str]:
    weekdays = "|".join(map(regex.escape, _weekdays(language)))
    months = "|".join(sorted(map(regex.escape, _months(language)), key=len, reverse=True))
    return regex.compile(
        rf"\b(?P<weekday>{weekdays})\b[\s,(]{{1,3}}(?P<day>\d{{1,2}})\.?\s+(?P<month>{months})\b(?!\.?,?\s+\d{{4}})",
        regex.I,
    )
