"""Where the names stand: the pipeline's entities put right, known names, institutions, and names seen elsewhere."""

from collections.abc import Sequence

from rassegna.languages import ANY, entry
from rassegna.mentions.capitals import calendar, capitalised
from rassegna.mentions.gazetteer import Gazetteer, Hit, demonyms
from rassegna.mentions.institutions import institutions, is_institution, is_of_place, words
from rassegna.mentions.names import Article, Name, person_key

NO_NAME = {"VERB", "AUX", "ADP", "DET", "ADV", "PRON", "SCONJ", "CCONJ"}  # parts of speech of no name
SHORTEST = 2  # letters of an acronym that in brackets is rather the code of a province
LONG_PLACE, DASHES = 4, ("-", "–", "—")  # letters at least of a place in capitals before a dash
RANK = {"alias": 0, "gazetteer": 1, "institution": 2, "pipeline": 3, "capitals": 3}


def find_names(article: Article, finder: Gazetteer) -> list[Name]:
    """The names of an article in order, none within another.

    Where two overlap, an alias wins, then the longer, then the known name, then an institution, then the pipeline.
    """
    is_blank = article.doc.has_annotation("SENT_START") and not article.doc.has_annotation("ENT_IOB")
    found = capitalised(article) if is_blank else _entities(article)
    by_token = {i: n for n in found for i in range(n.start, n.end)}
    found += institutions(article, by_token)
    found += [name for hit in finder.find(article.tokens) if (name := _known(article, hit, by_token))]
    found.sort(key=lambda n: (n.source != "alias", n.start - n.end, RANK[n.source], n.start))
    taken: set[int] = set()
    kept = []
    for name in found:
        if taken.isdisjoint(range(name.start, name.end)):
            kept.append(name)
            taken.update(range(name.start, name.end))
    for name in kept:
        if name.label == "ORG" and not name.known and is_institution(article.lower[name.start], article.language):
            _qualify(article, name)
        name.text = article.text(name.start, name.end)
    return sorted(kept, key=lambda n: n.start)


def _qualify(article: Article, name: Name) -> None:
    """Part an institution from the adjective that tells its country: State Department, of the United States."""
    nations, doc = demonyms(article.language), article.tokens
    if name.end - name.start > 1 and doc[name.end - 1].text in nations:
        name.end -= 1
    if name.end < len(doc):
        name.qualifier = nations.get(doc[name.end].text, "")


def _entities(article: Article) -> list[Name]:
    """The pipeline's entities without articles, titles and signs at their ends, and whole where a hyphen cut them."""
    found, doc, language = [], article.tokens, article.language
    labels = {theirs: ours for ours, own in entry(ANY, "pipelines", "entities").items() for theirs in own}
    for ent in article.doc.ents:
        label = labels.get(ent.label_, "")
        start, end = _trim(article, ent.start, ent.end, label) if label else (0, 0)
        if start >= end or (label == "ORG" and (_is_act(article, start) or _is_heading(article, start, end))):
            continue
        is_month = start > 0 and doc[start - 1].is_digit and article.lower[start] in calendar(language)
        if end - start == 1 and (is_month or article.lower[start] in words(language, "generic")):
            continue
        if _is_dateline(article, start, end):
            label = "LOC"
        elif label == "PER":
            end = _over_hyphens(article, start, end)
            if start and article.lower[start - 1] in entry(language, "places", "heads.words"):
                start, label = start - 1, "LOC"  # a place that is named after a person: Kim Il-Sung square
            elif is_of_place(article, start):
                label = "LOC"
            elif _takes_article(article, start, end):
                label = "ORG"
        if any(t.is_upper or t.is_title or t.text[0].isupper() or t.text[0].isdigit() for t in doc[start:end]):
            found.append(Name(article.doc_id, start, end, "", label, "pipeline"))
    return found


def _trim(article: Article, start: int, end: int, label: str) -> tuple[int, int]:
    doc, articles = article.tokens, entry(article.language, "institutions", "person.articles")
    titles, in_small = _honorifics(article.language) if label == "PER" else ((), ())
    while start < end:
        word = doc[start]
        is_title = article.lower[start] in titles or word.text in in_small
        is_title = is_title or bool(word.is_sent_start and word.pos_ in NO_NAME)
        if not _is_edge(article, start) and (end - start == 1 or not (word.text in articles or is_title)):
            break
        start += 1
    while end > start and (_is_edge(article, end - 1) or (doc[end - 1].is_lower and doc[end - 1].pos_ in NO_NAME)):
        end -= 1
    return start, end


def _honorifics(language: str) -> tuple[Sequence[str], Sequence[str]]:
    """Titles before a name: those in any case, and those only in small letters."""
    words, in_small = (entry(language, "roles", f"honorifics.{key}") for key in ("words", "in_small"))
    return words, in_small


def _is_edge(article: Article, i: int) -> bool:
    token = article.tokens[i]
    return token.is_space or (token.is_punct and not token.text.endswith("."))


def _over_hyphens(article: Article, start: int, end: int) -> int:
    """Take in what a hyphen joins to a person's name: Kim Jong + -un, but not Trump + -Putin."""
    doc = article.tokens
    while end + 1 < len(doc) and doc[end].text in ("-", "‑") and not doc[end - 1].whitespace_ + doc[end].whitespace_:
        after = doc[end + 1]
        if not after.is_alpha or not (after.is_lower or end - start > 1):
            break
        end += 2
    return end


def _is_dateline(article: Article, start: int, end: int) -> bool:
    """Do capitals and a dash open a paragraph: where it was written?"""
    doc = article.tokens
    if end >= len(doc) or doc[end].text not in DASHES or len(article.text(start, end)) < LONG_PLACE:
        return False
    return all(t.is_upper for t in doc[start:end]) and any(start == block[2] for block in article.doc._.blocks)


def _is_act(article: Article, start: int) -> bool:
    """Is an entity the object of a capitalised noun of an act or day: Treaty of Strategic Partnership?"""
    if start < 2 or article.lower[start - 1] not in words(article.language, "links"):
        return False
    return article.tokens[start - 2].is_title and article.lower[start - 2] in words(article.language, "acts")


def _is_heading(article: Article, start: int, end: int) -> bool:
    """Is an entity the whole of a sentence that is no sentence: a heading in capitalised words?"""
    sentence = article.tokens[start].sent
    return end - start > 1 and not any(t.is_alpha for t in sentence if not start <= t.i < end)


def _takes_article(article: Article, start: int, end: int) -> bool:
    """Does an article stand before a name of two words, no title among them: never so with a person's full name?"""
    titles, in_small = _honorifics(article.language)
    word, before = article.lower[start], article.lower[start - 1] if start else ""
    is_titled = word in titles or word in in_small
    articles = entry(article.language, "roles", "articles.before_names_of_things")
    return end - start > 1 and not is_titled and before in articles


def _known(article: Article, hit: Hit, by_token: dict[int, Name]) -> Name | None:
    """A known name as a mention, unless what stands around it or the pipeline speaks against it."""
    known, doc, language = hit.known[0], article.tokens, article.language
    name = Name(article.doc_id, hit.start, hit.end, "", known.label, "gazetteer", known=hit.known)
    if known.kind == "alias":
        name.source = "alias"
        return name
    pipeline = next((by_token[i] for i in range(hit.start, hit.end) if i in by_token), None)
    if pipeline is None:
        is_word = any(doc[i].pos_ in NO_NAME for i in (hit.start, hit.end - 1))
        in_brackets = hit.start > 0 and doc[hit.start - 1].text == "(" and len(hit.name) <= SHORTEST
        homograph = doc[hit.start].is_sent_start and article.lower[hit.start] in words(language, "homographs")
        is_other = known.is_doubtful or is_word or homograph or in_brackets
        return None if is_other or _is_part(article, hit, by_token) else name
    given = entry(language, "places", "doubtful.given_names")
    is_given_name = known.kind not in ("territory", "organisation") or hit.name in given
    return None if pipeline.label == "PER" and hit.end - hit.start == 1 and is_given_name else name


def _is_part(article: Article, hit: Hit, by_token: dict[int, Name]) -> bool:
    """Does a capitalised word right beside a known name show that it is part of a longer, unknown one?"""
    doc = article.tokens
    if doc[hit.start].text[0].islower():
        return False
    sides = []
    if hit.start and not doc[hit.start].is_sent_start and not doc[hit.start - 1].is_sent_start:
        sides.append(doc[hit.start - 1])
    if hit.end < len(doc) and not doc[hit.end].is_sent_start:
        sides.append(doc[hit.end])
    return any(t.is_title and t.is_alpha and t.i not in by_token and t.pos_ in ("PROPN", "") for t in sides)


def complete(articles: list[Article]) -> None:
    """Put right, with the full names of the corpus, what the pipeline cut short or missed.

    A person's name takes in the words after it that make it one of those full names; a capitalised word that is the
    last of a full name in its article, or part of one anywhere and a mention by itself somewhere, is a mention wherever
    it stands alone.
    """
    named = [{person_key(n.text) for n in a.names if n.label == "PER" and not n.known} for a in articles]
    keys = set[tuple[str, ...]]().union(*named)
    whole = {key for key in keys if len(key) > 1}
    short = {key[at] for key in whole for at in (0, -1)} & {key[0] for key in keys if len(key) == 1}
    for article, own in zip(articles, named, strict=True):
        last = {key[-1] for key in own if len(key) > 1} | short
        limits = [*(name.start for name in article.names[1:]), len(article.tokens)]
        for name, limit in zip(article.names, limits, strict=False):
            if name.label == "PER" and not name.known:
                _lengthen(article, name, limit, whole)
        taken = article.taken()
        for i, token in enumerate(article.tokens):
            if not token.is_title or i in taken or not _is_alone(article, i):
                continue
            if (key := person_key(token.text)) and key[-1] in last:
                found = Name(article.doc_id, i, i + 1, token.text, "PER", "corpus", note="name seen elsewhere")
                article.names.append(found)
        article.names.sort(key=lambda n: n.start)


def _lengthen(article: Article, name: Name, limit: int, whole: set[tuple[str, ...]]) -> None:
    for end in range(min(name.end + 2, limit), name.end, -1):
        if any(t.is_sent_start or not t.text[0].isalpha() for t in article.tokens[name.end : end]):
            continue
        if person_key(article.text(name.start, end)) in whole:
            name.end, name.text = end, article.text(name.start, end)
            return


def _is_alone(article: Article, i: int) -> bool:
    """Is a capitalised word no part of a longer name, and not capitalised just because a sentence begins?"""
    doc, token = article.tokens, article.tokens[i]
    sides = [doc[k] for k in (i - 1, i + 1) if 0 <= k < len(doc)]
    is_name = token.pos_ in ("PROPN", "") or not token.is_sent_start
    if i + 1 < len(doc) and article.lower[i + 1] in words(article.language, "links"):
        return False  # a title: "il Conte di Cavour"
    return is_name and not any(t.text[0].isupper() and not t.is_sent_start for t in sides)


def split_pairs(article: Article, finder: Gazetteer, labels: dict[str, str]) -> None:
    """Part two names that a hyphen joins in one token, where each is a name by itself: Russia-Iran.

    Args:
        article: The article; the two names take the place of what covered their token.
        finder: The known names.
        labels: Names of one word in the corpus → their label.
    """
    for i, lower in enumerate(article.lower):
        if lower.count("-") != 1:
            continue
        token = article.tokens[i]
        covering = [n for n in article.names if n.start <= i < n.end]
        halves = [(word, finder.get(word), labels.get(word, "")) for word in token.text.split("-")]
        if any(n.end - n.start > 1 for n in covering) or not all(known or label for _, known, label in halves):
            continue
        if any(n.label == "LOC" for n in covering) and not all(known for _, known, _ in halves):
            continue  # a place with two names, or a line between two
        article.names = [n for n in article.names if n not in covering]
        at = token.idx
        for word, known, label in halves:
            source = "gazetteer" if known else "corpus"
            label = known[0].label if known else label
            cut = (at, at + len(word))
            article.names.append(Name(article.doc_id, i, i + 1, word, label, source, known=known, cut=cut))
            at += len(word) + 1
    article.names.sort(key=lambda n: (n.start, n.cut or (0, 0)))
