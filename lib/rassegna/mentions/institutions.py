"""Names of institutions, by the noun that begins them: Department of Defense, Centre for strategic studies."""

from functools import cache

from rassegna.languages import entry
from rassegna.mentions.gazetteer import demonyms
from rassegna.mentions.names import CONTENT_POS, Article, Name

LONGEST_CHAIN = 14  # tokens of an institution's name after its head


@cache
def words(language: str, key: str) -> frozenset[str]:
    """A list of the institutions resource."""
    return frozenset(entry(language, "institutions", key))


def is_institution(word: str, language: str) -> bool:
    """Is a word one that may begin an institution's name?"""
    return word in words(language, "heads") or word in words(language, "capital_heads")


def _is_head(article: Article, i: int) -> bool:
    """Is a token a noun that begins an institution's name: some in any case, some only with a capital of their own?"""
    word = article.lower[i]
    if not is_institution(word, article.language):
        return False
    before = article.lower[i - 1] if i else ""
    is_led = before in entry(article.language, "roles", "articles.definite")
    return article.is_capital(i) or (is_led and word in words(article.language, "heads"))


def institutions(article: Article, by_token: dict[int, Name]) -> list[Name]:
    """Names that begin with a noun of an institution: Department of Defense, Centre for strategic studies."""
    by_capitals = (n for n in by_token.values() if n.source == "capitals")
    closed = {n.end - 1 for n in by_capitals if n.end - n.start > 1}  # the European Union
    heads = [i for i in range(len(article.tokens)) if i not in closed and _is_head(article, i)]
    ends = [(i, _institution_end(article, i, by_token)) for i in heads]
    return [Name(article.doc_id, i, end, "", "ORG", "institution") for i, end in ends if end > i + 1]


def _institution_end(article: Article, head: int, by_token: dict[int, Name]) -> int:
    """Where an institution's name ends: at its last capitalised word, or where a "for ..." in small letters does."""
    doc, lower, language = article.tokens, article.lower, article.language
    links, joints = words(language, "links"), words(language, "joints")
    is_capital = article.is_capital(head)
    is_open = is_capital and head + 1 < len(doc) and lower[head + 1] in words(language, "open_links")
    tail = _tail(article, head) if is_capital else head + 1
    end = head + 1
    joined = False
    for at in range(head + 1, min(len(doc), head + 1 + LONGEST_CHAIN)):
        word, name = doc[at], by_token.get(at)
        if word.is_sent_start or (name is not None and name.label == "PER"):
            break
        if word.text[0].isupper() and word.is_alpha:
            if at == head + 1 and name is not None and name.label == "LOC":
                break  # a part of a country: Central Italy
            if joined and ((name is not None and name.start == at) or _is_head(article, at)):
                break
            end, joined = at + 1, False
        elif lower[at] in joints:
            joined = True
        elif is_open and word.is_alpha and word.pos_ in CONTENT_POS and lower[at] not in links:
            end = at + 1
        elif lower[at] not in links and not (is_capital and word.pos_ == "ADJ" and end == at and not joined):
            break
    return max(end, tail)


def _tail(article: Article, head: int) -> int:
    """Where a name in small letters ends, adjectives and "of" what after a head: National Institute of health."""
    doc, at = article.tokens, head + 1

    def is_small(i: int, pos: str) -> bool:
        return i < len(doc) and doc[i].pos_ == pos and doc[i].is_lower

    while is_small(at, "ADJ") and doc[at].dep_ in ("amod", ""):
        at += 1
    end = at
    while end > head + 1 and doc[end - 1].text in demonyms(article.language):
        end -= 1  # alone it only tells the country: Parlamento russo
    if article.lower[head] in words(article.language, "small_tails"):  # where adjectives are not told from nouns
        of = entry(article.language, "roles", "articles.place_of")
        linked = next((i for i in (at, at + 1) if i + 1 < len(doc) and article.lower[i] in of), -1)
        is_named = linked > 0 and is_small(linked + 1, "NOUN") and (linked == at or is_small(at, "NOUN"))
        return linked + 2 if is_named else end
    is_linked = at > head + 1 and at + 1 < len(doc) and article.lower[at] in words(article.language, "links")
    if not is_linked or not is_small(at + 1, "NOUN"):
        return end
    at += 2
    while is_small(at, "ADJ"):
        at += 1
    return at


def is_introduced(article: Article, start: int) -> bool:
    """Does a noun right before a name, its adjectives between them, call it a body: the Russian agency Interfax?"""
    doc, lower, language = article.tokens, article.lower, article.language
    tails, nations = words(language, "introducer_tails"), demonyms(language)
    at = start - 1
    while at > 0 and not doc[at + 1].is_sent_start:
        if doc[at].text in nations or lower[at] in tails:
            at -= 1
        elif f"{lower[at - 1]} {lower[at]}" in tails:
            at -= 2
        else:
            break
    return 0 <= at < start and not doc[start].is_sent_start and lower[at] in words(language, "introducers")


def is_of_place(article: Article, start: int) -> bool:
    """Does "of" and a noun of place stand before a name: Russian cosmodrome of Vostochny?"""
    if start < 2 or article.lower[start - 1] not in words(article.language, "links"):
        return False
    at = start - 2
    if at and article.tokens[at].text in demonyms(article.language):
        at -= 1
    return article.lower[at] in entry(article.language, "places", "heads.of_words")
