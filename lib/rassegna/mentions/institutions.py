"""Names of institutions, by the noun that begins them: Department of Defense, Centre for strategic studies."""

from functools import cache

from spacy.tokens import Doc, Token

from rassegna.languages import entry
from rassegna.mentions.gazetteer import demonyms
from rassegna.mentions.names import Name

CONTENT_POS = {"NOUN", "ADJ", "PROPN", ""}  # "" where no tagger ran
LONGEST_CHAIN = 14  # tokens of an institution's name after its head


@cache
def words(language: str, key: str) -> frozenset[str]:
    """A list of the institutions resource."""
    return frozenset(entry(language, "institutions", key))


def is_institution(token: Token, language: str) -> bool:
    """Is a word one that may begin an institution's name?"""
    return token.lower_ in words(language, "heads") or token.lower_ in words(language, "capital_heads")


def _is_head(token: Token, language: str) -> bool:
    """Is a token a noun that begins an institution's name: some in any case, some only with a capital of their own?"""
    is_own = bool(token.is_title and not token.is_sent_start)
    if token.lower_ in words(language, "heads"):
        before = token.nbor(-1).lower_ if token.i else ""
        return is_own or before in entry(language, "roles", "articles.definite")
    return is_own and token.lower_ in words(language, "capital_heads")


def institutions(doc: Doc, doc_id: str, by_token: dict[int, Name], language: str) -> list[Name]:
    """Names that begin with a noun of an institution: Department of Defense, Centre for strategic studies."""
    found = []
    for token in doc:
        if _is_head(token, language):
            end = _institution_end(doc, token.i, by_token, language)
            if end > token.i + 1:
                found.append(Name(doc_id, token.i, end, "", "ORG", "institution"))
    return found


def _institution_end(doc: Doc, head: int, by_token: dict[int, Name], language: str) -> int:
    """Where an institution's name ends: at its last capitalised word, or where a "for ..." in small letters does."""
    links, joints = words(language, "links"), words(language, "joints")
    is_capital = doc[head].is_title and not doc[head].is_sent_start
    is_open = is_capital and head + 1 < len(doc) and doc[head + 1].lower_ in words(language, "open_links")
    tail = _tail(doc, head, language) if is_capital else head + 1
    end = head + 1
    joined = False
    for at in range(head + 1, min(len(doc), head + 1 + LONGEST_CHAIN)):
        word, name = doc[at], by_token.get(at)
        is_person = name is not None and name.label == "PER"
        is_other = name is not None and name.start == at
        if word.is_sent_start or is_person:
            break
        if word.text[0].isupper() and word.is_alpha:
            if at == head + 1 and name is not None and name.label == "LOC":
                break  # a part of a country: Central Italy
            if joined and (is_other or _is_head(word, language)):
                break
            end, joined = at + 1, False
        elif word.lower_ in joints:
            joined = True
        elif is_open and word.is_alpha and word.pos_ in CONTENT_POS and word.lower_ not in links:
            end = at + 1
        elif word.lower_ not in links and not (is_capital and word.pos_ == "ADJ" and end == at and not joined):
            break
    return max(end, tail)


def _tail(doc: Doc, head: int, language: str) -> int:
    """Where a name in small letters ends, adjectives and "of" what after a head: National Institute of health."""
    at = head + 1
    while at < len(doc) and doc[at].pos_ == "ADJ" and doc[at].is_lower and doc[at].dep_ in ("amod", ""):
        at += 1
    end = at
    while end > head + 1 and doc[end - 1].text in demonyms(language):
        end -= 1  # alone it only tells the country: Parlamento russo
    if at == head + 1 or at + 1 >= len(doc) or doc[at].lower_ not in words(language, "links"):
        return end
    at += 1
    if doc[at].pos_ != "NOUN" or not doc[at].is_lower:
        return end
    at += 1
    while at < len(doc) and doc[at].pos_ == "ADJ" and doc[at].is_lower:
        at += 1
    return at


def is_introduced(doc: Doc, start: int, *, language: str) -> bool:
    """Does a noun right before a name, its adjectives between them, call it a body: the Russian agency Interfax?"""
    tails, nations = words(language, "introducer_tails"), demonyms(language)
    at = start - 1
    while at > 0 and not doc[at + 1].is_sent_start:
        if doc[at].text in nations or doc[at].lower_ in tails:
            at -= 1
        elif f"{doc[at - 1].lower_} {doc[at].lower_}" in tails:
            at -= 2
        else:
            break
    return 0 <= at < start and not doc[start].is_sent_start and doc[at].lower_ in words(language, "introducers")
