"""Where the names stand: the pipeline's entities put right, known names, institutions, and names seen elsewhere."""

from spacy.tokens import Doc, Token

from rassegna.languages import entry
from rassegna.mentions.gazetteer import Gazetteer, Hit, demonyms
from rassegna.mentions.institutions import institutions, is_institution, words
from rassegna.mentions.names import Name, person_key

# Labels of other pipelines' entities that are ours under another name.
LABELS = {"PER": "PER", "PERSON": "PER", "ORG": "ORG", "LOC": "LOC", "GPE": "LOC", "FAC": "LOC", "NORP": ""}
NO_NAME = {"VERB", "AUX", "ADP", "DET", "ADV", "PRON", "SCONJ", "CCONJ"}  # parts of speech of no name
SHORTEST = 2  # letters of an acronym that in brackets is rather the code of a province
PAIR = 2


def find_names(doc: Doc, doc_id: str, finder: Gazetteer, *, language: str) -> list[Name]:
    """The names of an article in order, none within another.

    Where two overlap, an alias wins, then the longer, then the known name, then an institution, then the pipeline.
    """
    found = _entities(doc, doc_id, language)
    by_token = {i: n for n in found for i in range(n.start, n.end)}
    found += institutions(doc, doc_id, by_token, language)
    for hit in finder.find(doc):
        if name := _known(doc, doc_id, hit, by_token, language):
            found.append(name)
    rank = {"alias": 0, "gazetteer": 1, "institution": 2, "pipeline": 3}
    found.sort(key=lambda n: (n.source != "alias", n.start - n.end, rank[n.source], n.start))
    taken: set[int] = set()
    kept = []
    for name in found:
        if taken.isdisjoint(range(name.start, name.end)):
            kept.append(name)
            taken.update(range(name.start, name.end))
    for name in kept:
        if name.label == "ORG" and not name.known and is_institution(doc[name.start], language):
            _qualify(doc, name, language)
        name.text = doc[name.start : name.end].text
    return sorted(kept, key=lambda n: n.start)


def _qualify(doc: Doc, name: Name, language: str) -> None:
    """Part an institution from the adjective that tells its country: State Department, of the United States."""
    nations = demonyms(language)
    if name.end - name.start > 1 and doc[name.end - 1].text in nations:
        name.end -= 1
    if name.end < len(doc):
        name.qualifier = nations.get(doc[name.end].text, "")


def _entities(doc: Doc, doc_id: str, language: str) -> list[Name]:
    """The pipeline's entities without articles, titles and signs at their ends, and whole where a hyphen cut them."""
    found = []
    for ent in doc.ents:
        label = LABELS.get(ent.label_, "")
        start, end = _trim(doc, ent.start, ent.end, label, language) if label else (0, 0)
        if start >= end:
            continue
        if label == "ORG" and (_is_act(doc, start, language) or _is_heading(doc, start, end)):
            continue
        if end - start == 1 and doc[start].lower_ in words(language, "generic"):
            continue
        if label == "PER":
            end = _over_hyphens(doc, start, end)
            opened = _place_head(doc, start, language)
            if opened < start or _is_of_place(doc, start, language):
                start, label = opened, "LOC"
            elif _takes_article(doc, start, end, language):
                label = "ORG"
        if any(t.is_upper or t.is_title or t.text[0].isupper() or t.text[0].isdigit() for t in doc[start:end]):
            found.append(Name(doc_id, start, end, "", label, "pipeline"))
    return found


def _trim(doc: Doc, start: int, end: int, label: str, language: str) -> tuple[int, int]:
    articles = entry(language, "institutions", "person.articles")
    titles = entry(language, "roles", "honorifics.words") if label == "PER" else []
    titles_in_small = entry(language, "roles", "honorifics.in_small") if label == "PER" else []
    while start < end:
        word = doc[start]
        is_title = word.lower_ in titles or word.text in titles_in_small
        is_title = is_title or bool(word.is_sent_start and word.pos_ in NO_NAME)
        if not _is_edge(doc, start) and (end - start == 1 or not (word.text in articles or is_title)):
            break
        start += 1
    while end > start and _is_edge(doc, end - 1):
        end -= 1
    return start, end


def _is_edge(doc: Doc, i: int) -> bool:
    token = doc[i]
    return token.is_space or (token.is_punct and not token.text.endswith("."))


def _over_hyphens(doc: Doc, start: int, end: int) -> int:
    """Take in what a hyphen joins to a person's name: Kim Jong + -un, but not Trump + -Putin."""
    while (
        end + 1 < len(doc) and doc[end].text in ("-", "‑") and not doc[end - 1].whitespace_ and not doc[end].whitespace_
    ):
        after = doc[end + 1]
        if not after.is_alpha or not (after.is_lower or end - start > 1):
            break
        end += 2
    return end


def _is_act(doc: Doc, start: int, language: str) -> bool:
    """Is an entity the object of a capitalised noun of an act or day: Treaty of Strategic Partnership?"""
    if start < 2 or doc[start - 1].lower_ not in words(language, "links"):
        return False
    return doc[start - 2].is_title and doc[start - 2].lower_ in words(language, "acts")


def _is_heading(doc: Doc, start: int, end: int) -> bool:
    """Is an entity the whole of a sentence that is no sentence: a heading in capitalised words?"""
    sentence = doc[start].sent
    return end - start > 1 and not any(t.is_alpha for t in sentence if not start <= t.i < end)


def _is_of_place(doc: Doc, start: int, language: str) -> bool:
    """Does "of" and a noun of place stand before a name: Russian cosmodrome of Vostochny?"""
    if start < 2 or doc[start - 1].lower_ not in words(language, "links"):
        return False
    at = start - 2
    if doc[at].text in demonyms(language) and at:
        at -= 1
    return doc[at].lower_ in entry(language, "places", "heads.of_words")


def _takes_article(doc: Doc, start: int, end: int, language: str) -> bool:
    """Does an article stand before a name of two words, no title among them: never so with a person's full name?"""
    titles = entry(language, "roles", "honorifics")
    is_titled = doc[start].lower_ in titles["words"] or doc[start].lower_ in titles["in_small"]
    before = doc[start - 1].lower_ if start else ""
    return end - start > 1 and not is_titled and before in entry(language, "roles", "articles.before_names_of_things")


def _place_head(doc: Doc, start: int, language: str) -> int:
    """Where a place begins that is named after a person: Kim Il-Sung square; else `start` itself."""
    heads = entry(language, "places", "heads.words")
    return start - 1 if start and doc[start - 1].lower_ in heads else start


def _known(doc: Doc, doc_id: str, hit: Hit, by_token: dict[int, Name], language: str) -> Name | None:
    """A known name as a mention, unless what stands around it or the pipeline speaks against it."""
    known = hit.known[0]
    name = Name(doc_id, hit.start, hit.end, "", known.label, "gazetteer", known=hit.known)
    if known.kind == "alias":
        name.source = "alias"
        return name
    seen = [by_token.get(i) for i in range(hit.start, hit.end)]
    pipeline = next((n for n in seen if n is not None), None)
    if pipeline is None:
        first = doc[hit.start]
        is_word = any(doc[i].pos_ in NO_NAME for i in (hit.start, hit.end - 1))
        in_brackets = hit.start > 0 and doc[hit.start - 1].text == "(" and len(hit.name) <= SHORTEST
        is_word = is_word or bool(first.is_sent_start and first.lower_ in words(language, "homographs"))
        return None if known.is_doubtful or is_word or in_brackets or _is_part(doc, hit, by_token) else name
    is_given_name = known.kind not in ("territory", "organisation") or hit.name in _given_names(language)
    if pipeline.label == "PER" and hit.end - hit.start == 1 and is_given_name:
        return None
    return name


def _given_names(language: str) -> list[str]:
    return list(entry(language, "places", "doubtful.given_names"))


def _is_part(doc: Doc, hit: Hit, by_token: dict[int, Name]) -> bool:
    """Does a capitalised word right beside a known name show that it is part of a longer, unknown one?"""
    if doc[hit.start].text[0].islower():
        return False
    sides = []
    if hit.start and not doc[hit.start].is_sent_start and not doc[hit.start - 1].is_sent_start:
        sides.append(doc[hit.start - 1])
    if hit.end < len(doc) and not doc[hit.end].is_sent_start:
        sides.append(doc[hit.end])
    return any(t.is_title and t.is_alpha and t.i not in by_token and t.pos_ in ("PROPN", "") for t in sides)


def complete(docs: dict[str, Doc], found: dict[str, list[Name]], *, language: str) -> None:
    """Put right, with the full names of the corpus, what the pipeline cut short or missed.

    A person's name takes in the words after it that make it one of those full names; a capitalised word that is a full
    name's last, and a mention by itself somewhere, is a mention wherever it stands alone.
    """
    people = [n for names in found.values() for n in names if n.label == "PER" and not n.known]
    keys = {person_key(n.text, language) for n in people}
    whole = {key for key in keys if len(key) > 1}
    alone = {key[0] for key in keys if len(key) == 1}
    short = {key[at] for key in whole for at in (0, -1) if key[at] in alone}
    for doc_id, doc in docs.items():
        for i, name in enumerate(found[doc_id]):
            limit = found[doc_id][i + 1].start if i + 1 < len(found[doc_id]) else len(doc)
            if name.label == "PER" and not name.known:
                _lengthen(doc, name, limit, whole, language)
        taken = {i for n in found[doc_id] for i in range(n.start, n.end)}
        for token in doc:
            if token.is_title and token.i not in taken and _in(token, short, language) and _is_alone(doc, token):
                found[doc_id].append(
                    Name(doc_id, token.i, token.i + 1, token.text, "PER", "corpus", note="name seen elsewhere")
                )
        found[doc_id].sort(key=lambda n: n.start)


def _lengthen(doc: Doc, name: Name, limit: int, whole: set[tuple[str, ...]], language: str) -> None:
    for end in range(min(name.end + 2, limit, len(doc)), name.end, -1):
        added = doc[name.end : end]
        if any(t.is_sent_start or not t.text[0].isalpha() for t in added):
            continue
        if person_key(doc[name.start : end].text, language) in whole:
            name.end, name.text = end, doc[name.start : end].text
            return


def _in(token: Token, short: set[str], language: str) -> bool:
    return person_key(token.text, language)[-1:] != () and person_key(token.text, language)[-1] in short


def _is_alone(doc: Doc, token: Token) -> bool:
    """Is a capitalised word no part of a longer name, and not capitalised just because a sentence begins?"""
    sides = [doc[i] for i in (token.i - 1, token.i + 1) if 0 <= i < len(doc)]
    is_name = token.pos_ in ("PROPN", "") or not token.is_sent_start
    return is_name and not any(t.text[0].isupper() and not t.is_sent_start for t in sides)


def split_pairs(doc: Doc, doc_id: str, names: list[Name], finder: Gazetteer, labels: dict[str, str]) -> list[Name]:
    """Part two names that a hyphen joins in one token, where each is a name by itself: Russia-Iran.

    Args:
        doc: The article.
        doc_id: Its identifier.
        names: Its names.
        finder: The known names.
        labels: Names of one word in the corpus → their label.

    Returns:
        The names in order, the pairs in place of what covered their token.
    """
    found = list(names)
    for token in doc:
        parts = token.text.split("-")
        if len(parts) != PAIR:
            continue
        covering = [n for n in found if n.start <= token.i < n.end]
        if any(n.end - n.start > 1 for n in covering):
            continue
        halves = [(word, finder.get(word), labels.get(word, "")) for word in parts]
        if not all(known or label for _, known, label in halves):
            continue
        if any(n.label == "LOC" for n in covering) and not all(known for _, known, _ in halves):
            continue  # a place with two names, or a line between two
        found = [n for n in found if n not in covering]
        at = token.idx
        for word, known, label in halves:
            source = "gazetteer" if known else "corpus"
            name = Name(doc_id, token.i, token.i + 1, word, known[0].label if known else label, source, known=known)
            name.cut = (at, at + len(word))
            found.append(name)
            at += len(word) + 1
    return sorted(found, key=lambda n: (n.start, n.cut or (0, 0)))
