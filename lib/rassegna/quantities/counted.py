"""The noun that a number counts: its lemma and its phrase."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from rassegna.reading.reader import Lexeme

_NOUNS = ("NOUN", "PROPN", "SYM", "X")
_SKIPPED = ("ADJ", "DET", "NUM", "ADV")
_MOST_SKIPPED = 3  # words between a number and its noun
_COUNTABLE = {"CONTENT", "CAPITAL", "PERSON", "DESIGNATOR", "STREET", "UNIT", "UNITS", "RANK_NOUN"}
_MOST_ADDED = 3  # adjectives behind the noun


@dataclass(frozen=True, slots=True)
class Counted:
    """A noun that is counted.

    Attributes:
        lemma: Its lemma; the form itself where the Doc has no lemmas.
        phrase: The noun with its attributes, as written.
        end: Where the noun ends in the Doc's text.
        last: The lexeme behind the noun.
    """

    lemma: str
    phrase: str
    end: int
    last: int


def counted(
    doc: Doc, lexemes: Sequence[Lexeme], at: int, offset: int, *, takes_of: bool, needs_of: bool = False
) -> Counted | None:
    """The noun counted by a number that ends before a lexeme.

    Args:
        doc: The annotated text; without parts of speech the next word that is no function word is the noun.
        lexemes: Lexemes of the block.
        at: The lexeme behind the number.
        offset: Where the block begins in the Doc's text.
        takes_of: Whether "of" may stand between ("34 milioni di", "decine di").
        needs_of: Whether it must ("tre tonnellate di grano").
    """
    has_of = takes_of and at < len(lexemes) and "OF" in lexemes[at].classes
    if needs_of and not has_of:
        return None
    at += has_of
    # Articles behind "of" ("metà dei", "il 12 % di tutti gli"), and the article behind "both" ("entrambi i paesi").
    while at < len(lexemes) and {"ART", "ARTSG"} & lexemes[at].classes.keys():
        at += 1
    if at >= len(lexemes) or {"SIGN", "END", "COMMA", "OPEN", "DASH"} & lexemes[at].classes.keys():
        return None
    if not doc.has_annotation("POS"):
        return _without_pos(lexemes, at, offset)
    first = token_at(doc, offset + lexemes[at].start)
    limit = offset + lexemes[-1].end
    head = _head(doc, first)
    if head is None or _end(doc, head) > limit:
        return None
    end = _with_attributes(doc, head + 1)
    while _end(doc, end - 1) > limit:
        end -= 1
    last = next((i for i in range(at, len(lexemes)) if offset + lexemes[i].start >= _end(doc, head)), len(lexemes))
    return Counted(doc[head].lemma_ or doc[head].lower_, doc[first:end].text, _end(doc, head), last)


def said_of(doc: Doc, at: int, last: int, verbs: Collection[str]) -> Counted | None:
    """The noun that a number without one is said of ("i feriti sono 43"), or that the tagger took for a verb.

    Args:
        doc: The annotated text; without a parse there is none.
        at: The number's last token.
        last: The lexeme behind the number.
        verbs: Lemmas of verbs that say a number of their subject, beside "to be".
    """
    if at >= len(doc) or not doc.has_annotation("DEP"):
        return None
    number = doc[at]
    if number.dep_ == "nummod" and number.head.i == at + 1 and number.head.pos_ == "VERB":  # "sei dispersi"
        return Counted(number.head.lower_, number.head.text, _end(doc, at + 1), last + 1)
    is_said = any(child.dep_ == "cop" for child in number.children)
    verb = number if is_said else number.head
    if not is_said and verb.lemma_ not in verbs:
        return None
    head = next((c.i for c in verb.children if c.dep_ in ("nsubj", "nsubj:pass") and c.pos_ == "NOUN"), None)
    if head is None:
        return None
    return Counted(doc[head].lemma_ or doc[head].lower_, doc[head : _with_attributes(doc, head + 1)].text, 0, last)


def token_at(doc: Doc, offset: int) -> int:
    """The first token that does not begin before an offset of the Doc's text."""
    return bisect_left(range(len(doc)), offset, key=lambda i: doc[i].idx)


def _end(doc: Doc, i: int) -> int:
    return int(doc[i].idx) + len(doc[i])


def _head(doc: Doc, first: int) -> int | None:
    """The noun behind a few adjectives; without one the adjective that serves as a noun ("1.250 dipendenti")."""
    head = first
    while head < len(doc) and doc[head].pos_ in _SKIPPED and head - first < _MOST_SKIPPED:
        head += 1
    if head >= len(doc) or doc[head].pos_ not in _NOUNS:
        head = first
        if first >= len(doc) or doc[first].pos_ != "ADJ":
            return None
    return head if doc[head].text[0].isalpha() else None


def _with_attributes(doc: Doc, i: int) -> int:
    """Where the noun's phrase ends: adjectives, and one complement behind a preposition "of" with its own."""
    end = i
    while end < len(doc) and end - i < _MOST_ADDED and doc[end].pos_ == "ADJ":
        end += 1
    # "container di munizioni", not "morti nell'incidente": a bare preposition before a noun that hangs on this one.
    bare = end + 1 < len(doc) and doc[end].pos_ == "ADP" and not doc[end].morph.get("PronType", [])
    if bare and doc[end + 1].pos_ == "NOUN" and doc[end + 1].dep_ == "nmod" and doc[end + 1].head.i == i - 1:
        end += 2
        while end < len(doc) and doc[end].pos_ == "ADJ":
            end += 1
    return end


def _without_pos(lexemes: Sequence[Lexeme], at: int, offset: int) -> Counted | None:
    classes = lexemes[at].classes.keys()
    if not _COUNTABLE & classes:
        return None
    lexeme = lexemes[at]
    return Counted(lexeme.form, lexeme.form, offset + lexeme.end, at + 1)
