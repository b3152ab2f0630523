"""Names by their capitals, where no pipeline finds names: which words are one name, and what kind of name it is."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

from rassegna.languages import entry, locale
from rassegna.languages.verbs import reporting_cues
from rassegna.mentions.gazetteer import demonyms
from rassegna.mentions.institutions import is_institution, is_introduced, is_of_place, words
from rassegna.mentions.names import Article, Name

CLOSED = {"DET", "ADP", "PRON", "SCONJ", "CCONJ", "ADV", "AUX"}
OLDEST = 120  # years
LONGEST = 12  # tokens of a name
APOSTROPHES = ("'", "’")


def capitalised(article: Article) -> list[Name]:
    """The names of an article, in order; a word that only a sentence's beginning or a headline capitalises is none."""
    texts = {w.lower_ for w in article.tokens if w.is_lower}
    runs = [run for start, end in _runs(article) if (run := _pruned(article, start, end, texts)) is not None]
    unsure = _unsure(article, runs)
    sure = {article.text(*run) for run in runs if run not in unsure}
    parts = {part for text in sure for part in text.split()}
    kept = [run for run in runs if run not in unsure or _is_known(article.text(*run), sure, parts)]
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for start, end in kept:
        told[article.text(start, end)][_kind(article, start, end)] += 1
    kinds = {text: _decided(kinds) for text, kinds in told.items()}
    for start, end in kept:
        kinds[article.text(start, end)] = kinds[article.text(start, end)] or _default(article, start, end)
    surnames = {text.split()[-1] for text, kind in kinds.items() if kind == "PER" and " " in text}
    found = []
    for start, end in kept:
        text = article.text(start, end)
        kind = "PER" if text in surnames else kinds[text]
        if kind in ("PER", "ORG", "LOC"):
            note = "capitalised words"
            found.append(Name(article.doc_id, start, end, text, kind, "capitals", note=note))
    return found


def _runs(article: Article) -> Iterator[tuple[int, int]]:
    """Stretches of capitalised words with the small words that join them: University of Pavona, Ludwig van Rijn."""
    doc, at, given = article.tokens, 0, entry(article.language, "names", "persons.given")
    while at < len(doc):
        if not _is_capital(article, at):
            at += 1
            continue
        end, is_body = at + 1, is_institution(article.lower[at], article.language)
        while end < len(doc) and end - at < LONGEST and not doc[end].is_sent_start:
            after = _joined(article, end, is_body=is_body)
            if after is None:
                break
            is_body = is_body or is_institution(article.lower[after], article.language)
            if doc[end - 1].is_upper and end == after and article.lower[end] in given:
                break  # told the BBC Anna Smith
            end = after + 1
        yield from _parted(article, at, end)
        at = end


def _parted(article: Article, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch in two where a role parts a body from its holder: European Commission President X."""
    for at in range(start + 1, end - 1):
        after = _role_end(article, at, end)
        if at < after < end - 1 and not _holds_body(article, after, end) and article.tokens[after].text[0].isupper():
            yield from ((start, at), (after, end))
            return
    yield start, end


def _joined(article: Article, at: int, *, is_body: bool) -> int | None:
    """The capitalised word that goes on with a name: at a token, or behind the small words there."""
    doc, lower, language = article.tokens, article.lower, article.language
    if _is_capital(article, at):
        return at
    after = at + 1
    if after >= len(doc) or doc[after].is_sent_start:
        return None
    is_tight = not doc[at - 1].whitespace_ and not doc[at].whitespace_
    if doc[at].text in ("-", "‑") and is_tight and doc[after].is_alpha:
        return after if _is_capital(article, after) or doc[after].is_lower else None
    if doc[at].text in APOSTROPHES and not doc[at - 1].whitespace_ and _is_capital(article, after):
        return after  # the Seafarers' Union
    particles = entry(language, "institutions", "person.particles")
    if doc[at].text == "&" or lower[at] in particles:
        while lower[after] in particles and after + 1 < len(doc):  # Ursula von der Leyen
            after += 1
        return after if _is_capital(article, after) else None
    links = words(language, "links") - words(language, "joints")
    while is_body and at < len(doc) and lower[at] in links:
        at += 1
        if at < len(doc) and _is_capital(article, at):
            return at
    return None


def _is_capital(article: Article, i: int) -> bool:
    token, lower = article.tokens[i], article.lower
    if not token.text[0].isupper():
        return False
    if token.pos_ in CLOSED or lower[i] in calendar(article.language):  # Per Olsen, Theresa May
        given, last = entry(article.language, "names", "persons.given"), len(lower) - 1
        is_first = lower[i] in given and i < last and article.tokens[i + 1].text[0].isupper()
        is_last = i > 0 and lower[i - 1] in given and article.tokens[i - 1].text[0].isupper()
        if not (is_first or is_last) or token.is_upper:
            return False
    has_letters = sum(c.isalpha() for c in token.text) > 1
    return has_letters and token.text[-1] not in APOSTROPHES and not any(c.isdigit() for c in token.text)


def _pruned(article: Article, start: int, end: int, texts: set[str]) -> tuple[int, int] | None:
    """A stretch without what only stands before a name: roles, titles, nationality, a sentence's first word."""
    doc, language = article.tokens, article.language
    first = start
    while start < end:
        word = article.lower[start]
        opens = bool(doc[start].is_sent_start) and end - start > 1 and (word in texts or doc[start].is_stop)
        is_nation = word in demonyms(language) and not _holds_body(article, start, end)
        role = _role_end(article, start, end)
        if role > start and not _holds_body(article, role, end):
            start = role
        elif opens or is_nation or word in words(language, "generic"):
            start += 1
        else:
            break
    while start < end and not doc[start].text[0].isupper():
        start += 1
    return None if start >= end or (start == first and _is_only_noun(article, start, end)) else (start, end)


def _is_only_noun(article: Article, start: int, end: int) -> bool:
    """Is a noun that begins the names of bodies all there is: "the Senate"?"""
    return end - start == 1 and is_institution(article.lower[start], article.language)


def _role_end(article: Article, start: int, end: int) -> int:
    """Where the role or title ends that a stretch begins with: Prime Minister, Captain."""
    longest = max((len(role) for role in _titles(article.language)), default=0)
    for size in range(min(longest, end - start), 0, -1):
        if tuple(article.lower[start : start + size]) in _titles(article.language):
            return start + size
    return start


@cache
def _titles(language: str) -> frozenset[tuple[str, ...]]:
    ranks = ("generic", "head", "office", "trade")
    forms = [form for rank in ranks for own in entry(language, "roles", rank).values() for form in own]
    forms += entry(language, "roles", "honorifics.words") + entry(language, "roles", "honorifics.in_small")
    return frozenset(tuple(form.casefold().split()) for form in forms)


def _holds_body(article: Article, start: int, end: int) -> bool:
    ends = entry(article.language, "names", "bodies.words")
    return any(is_institution(word, article.language) or word in ends for word in article.lower[start:end])


def _unsure(article: Article, runs: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """The names that may owe their capital to the place: one word at a sentence's beginning, or in a headline."""
    doc, found, waiting = article.tokens, set(), iter(runs)
    run = next(waiting, None)
    for sentence in article.doc.sents:
        words = [t for t in sentence if t.is_alpha]
        is_headline = not any(t.is_lower and t.pos_ not in CLOSED for t in words)
        while run is not None and run[0] < sentence.end:
            first, is_single = doc[run[0]], run[1] - run[0] == 1
            is_acronym = first.is_upper and len(first) > 1
            if (is_headline and len(words) > run[1] - run[0]) or (is_single and first.is_sent_start and not is_acronym):
                found.add(run)
            run = next(waiting, None)
    return found


def _is_known(text: str, sure: set[str], parts: set[str]) -> bool:
    return text in sure or (" " not in text and text in parts)


def _kind(article: Article, start: int, end: int) -> str:
    """What the words in and around a name say it is: PER, ORG, LOC, thing, or nothing."""
    doc, lower, language = article.tokens, article.lower, article.language
    before = lower[start - 1] if start and not doc[start].is_sent_start else ""
    if before in entry(language, "names", "things.before"):
        return "thing"
    beside = lower[start - 2] if before == "," and start > 1 else ""  # its operator, X
    if _holds_body(article, start, end) or is_introduced(article, start) or beside in words(language, "introducers"):
        return "ORG"
    if lower[start] in entry(language, "names", "persons.given") and end - start > 1:
        return "PER"
    if "&" in lower[start:end]:
        return "ORG"
    heads = entry(language, "places", "heads.words")
    own = [part for word in lower[start:end] for part in (word, word.partition("-")[0])]  # Lake Corvo, Saint-Malo
    if any(word in heads for word in own) or (end < len(lower) and lower[end] in heads):
        return "LOC"
    is_acronym = doc[start].is_upper and end - start == 1
    if (_has_role(article, start, end) and not is_acronym) or _has_age(article, end):
        return "PER"
    if (
        before in entry(language, "names", "places.before")
        or _is_led_place(article, start)
        or is_of_place(article, start)
    ):
        return "LOC"
    is_told = any(0 <= i < len(doc) and lower[i] in reporting_cues(language) for i in (start - 1, end))
    return "PER" if is_told and end - start > 1 and not doc[start].is_upper else ""


def _is_led_place(article: Article, start: int) -> bool:
    """Does a name stand with its article behind a word for "in", and is none of letters: dans le Finistère?"""
    is_led = start > 1 and article.tokens[start - 1].pos_ == "DET" and not article.tokens[start].is_upper
    return is_led and article.lower[start - 2] in entry(article.language, "names", "places.led")


def _has_role(article: Article, start: int, end: int) -> bool:
    """Does a role stand right before a name, or behind it and a comma: the lawyer X; X, a nurse from Y?"""
    titles, lower = _titles(article.language), article.lower
    behind = start - 1 if start and lower[start - 1] == "," else start  # the lawyer, X
    if any((*lower[behind - size : behind],) in titles for size in (1, 2, 3) if size <= behind):
        return True
    if end >= len(lower) or lower[end] != ",":
        return False
    last = min(end + 5, len(lower))
    stop = next((i for i in range(end + 1, last) if not lower[i][0].isalnum()), last)
    is_led = end + 1 < len(lower) and article.tokens[end + 1].pos_ == "DET"
    return any((lower[i],) in titles for i in range(end + 1, stop)) and (is_led or stop - end < 4)


def _has_age(article: Article, end: int) -> bool:
    doc = article.tokens
    if end + 2 >= len(doc) or doc[end].text not in (",", "("):
        return False
    return (
        doc[end + 1].text.isdecimal() and 0 < int(doc[end + 1].text) < OLDEST and doc[end + 2].text in (",", ")", ".")
    )


def _decided(kinds: Counter[str]) -> str:
    """The kind that most of a name's mentions tell; nothing where none does."""
    told = {kind: n for kind, n in kinds.items() if kind}
    return min(told, key=lambda kind: (-told[kind], kind)) if told else ""


def _default(article: Article, start: int, end: int) -> str:
    """The kind of a name of which nothing is told: an acronym or "the X" a body, two words a person."""
    before = article.lower[start - 1] if start else ""
    is_led = before in entry(article.language, "roles", "articles.definite")
    if end - start == 1:
        return "ORG" if is_led or article.tokens[start].is_upper else ""
    return "" if is_led else "PER"


@cache
def calendar(language: str) -> frozenset[str]:
    """Names of days and months, short ones too, in small letters."""
    known = locale(language)
    tables = [known.days["format"], known.months["format"]]
    names = {str(name) for table in tables for width in ("wide", "abbreviated") for name in table[width].values()}
    return frozenset(form for name in names for form in (name.casefold(), name.casefold().rstrip(".")))
