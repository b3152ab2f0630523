"""The words that tell the event of a date: what governs the date in the parse, and its participants."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Span, Token

from rassegna import languages
from rassegna.alignment import stop_words

LONGEST = 70  # code points of a label
_SUBJECTS = ("nsubj", "nsubj:pass")
# What joins a clause with the next one, or adds to it: left out at its edges where the date is not in it.
_OUTER = {"conj", "cc", "parataxis", "advcl", "ccomp", "discourse", "punct", "acl:relcl", "mark", "dep"}
_PARTICIPANTS = (*_SUBJECTS, "obj", "xcomp", "obl:agent", "iobj", "nmod", "obl")  # the more telling first
_SMALL = {"aux", "aux:pass", "cop", "expl", "expl:pass", "expl:impers", "compound:prt", "fixed", "amod", "det"}
_WITHIN = {
    "case",
    "det",
    "det:poss",
    "amod",
    "nummod",
    "flat",
    "flat:name",
    "flat:foreign",
    "compound",
    "nmod",
    "fixed",
}
_NOUNS = ("NOUN", "PROPN")
_EDGE = ' ,;:-–"“”«»'


@dataclass(frozen=True, slots=True)
class Telling:
    """What the words around a date tell.

    Attributes:
        clause: The words that tell the event.
        label: The same in short: its verb or noun, and who and what takes part.
        predicate: Lemma of the verb or noun, None where there is no parse.
        is_moved: Whether the words give the event another date.
        tense: past, future or nothing.
    """

    clause: Span
    label: str
    predicate: str | None
    is_moved: bool
    tense: str


def telling(date: Span, others: frozenset[int], *, language: str) -> Telling | None:
    """Find what happens at a date; None where the words around it tell no event.

    Args:
        date: The time expression, in an annotated Doc.
        others: Places of the tokens of every time expression of the Doc.
        language: Language of the article, for the words that say nothing of the event.
    """
    sentence = date.sent
    if not _contents(list(sentence), others, language):
        return None
    if not date.doc.has_annotation("DEP"):
        return Telling(sentence, _cut(sentence.text), None, False, "")
    if _is_denied(date, language):
        return None
    head = _governor(date, others, language)
    if head is None:
        return None
    words = languages.optional(language, "events")
    is_moved = head.lemma_.casefold() in words.get("moved", {}).get("lemmas", ())
    predicate: str | None = head.lemma_.casefold()
    if is_moved or predicate in words.get("taking_place", {}).get("lemmas", ()):
        bearer = _bearer(head)
        predicate = bearer.lemma_.casefold() if bearer is not None and bearer.pos_ == "NOUN" else None
    clause = _clause(head, date)
    return Telling(clause, _label(head, date, others), predicate, is_moved, _tense(head, language))


def _bearer(head: Token) -> Token | None:
    """What takes place, or is given another date: an object before a subject ("il prefetto ha fissato il tavolo")."""
    found = [t for t in head.children if t.dep_ in ("obj", *_SUBJECTS)]
    return min(found, key=lambda t: t.dep_ != "obj", default=head.head if _is_participle(head) else None)


def _governor(date: Span, others: frozenset[int], language: str) -> Token | None:
    """The verb that the date belongs to, or the noun where the date is its complement ("il vertice del 20")."""
    head = date.root
    noun = _complemented(head, others, language)
    if noun is not None:
        return noun
    while True:
        is_clause = head.pos_ in ("VERB", "AUX") or any(t.dep_ == "cop" for t in head.children)
        if is_clause and head.i not in others and _contents(list(head.subtree), others, language):
            return head
        if _is_participle(head) and head.head.pos_ in _NOUNS:
            return head
        if head.head == head:
            break
        head = head.head
    # a headline does without a verb: "Domani vertice a Roma", "Lunedì il vertice"
    leads = date.root.pos_ == "ADV" or date.start == date.sent.start
    return head if head.pos_ in ("NOUN", "ADJ") and leads and head.i not in others else None


def _complemented(root: Token, others: frozenset[int], language: str) -> Token | None:
    """The noun that a date is the complement of; in a chain of nouns the first ("la visita al porto di maggio")."""
    noun = root.head
    while noun.dep_ == "nmod" and noun.head.pos_ == "NOUN" and noun.i not in others:
        noun = noun.head
    if noun.pos_ != "NOUN" or root.head.pos_ not in _NOUNS or others & {noun.i, root.head.i}:
        return None
    of = languages.optional(language, "function_words").get("of", {}).get("words", ())
    cases = {t.lower_.replace("’", "'") for t in root.children if t.dep_ == "case"}
    units = languages.optional(language, "time_words")
    times = {word for name in ("unit", "units", "part") for own in units.get(name, {}).values() for word in own}
    is_time = noun.lower_ in times
    return noun if cases and not is_time and (noun.head == noun or cases & set(of)) else None


def _contents(tokens: list[Token], others: frozenset[int], language: str) -> bool:
    """Whether the words tell anything: two content words or more beside the dates."""
    stop = stop_words(language)
    return sum(t.is_alpha and len(t) > 1 and t.i not in others and t.lower_ not in stop for t in tokens) > 1


def _is_participle(token: Token) -> bool:
    return bool(token.dep_ == "acl" and token.pos_ in ("VERB", "ADJ"))


def _is_denied(date: Span, language: str) -> bool:
    """Whether the text denies just this date: "non il 20 giugno"."""
    words = languages.optional(language, "events").get("negation", {}).get("words", ())
    before = [t for t in date.doc[max(date.sent.start, date.start - 3) : date.start] if t.pos_ not in ("ADP", "DET")]
    return bool(before) and before[-1].lower_ in words


def _clause(head: Token, date: Span) -> Span:
    """The words from the first to the last that belong to the event, what only adjoins at the edges left out."""
    kept = {t.i for t in date} | {head.i}
    if _is_participle(head):
        kept |= {t.i for t in _phrase(head.head, is_led=False)}
    for child in head.children:
        if child.dep_ == "case" and child.i < head.i:
            continue
        branch = [t.i for t in child.subtree]
        if child.dep_ not in _OUTER or kept.intersection(branch):
            kept.update(branch)
    return head.doc[max(min(kept), head.sent.start) : min(max(kept) + 1, head.sent.end)]


def _label(head: Token, date: Span, others: frozenset[int]) -> str:
    """The verb or noun with as many of its participants as a label holds, in the order of the text."""
    small = _SMALL | {"case"} if any(t.dep_ == "cop" for t in head.children) else _SMALL  # "è in programma"
    kept = [head, *(t for t in head.children if t.dep_ in small or _is_negation(t))]
    children = sorted((t for t in head.children if t.dep_ in _PARTICIPANTS), key=lambda t: _PARTICIPANTS.index(t.dep_))
    phrases = [_phrase(child) for child in children if child.i not in others]
    if _is_participle(head):
        phrases.insert(0, _phrase(head.head, is_led=False))
    for phrase in phrases:
        own = [t for t in phrase if t not in kept]
        if len(_short(kept + own, date)) < LONGEST:
            kept += own
    return _short(kept, date)


def _is_negation(token: Token) -> bool:
    return bool(
        token.dep_ == "advmod" and "Neg" in [*token.morph.get("Polarity", []), *token.morph.get("PronType", [])]
    )


def _phrase(head: Token, *, is_led: bool = True) -> list[Token]:
    """A noun with its near attributes, without the preposition before it and clauses about it."""
    found = [head]
    for child in head.children:
        if child.dep_ == "case":
            found += [child] if is_led else []
        elif child.dep_ in _WITHIN:
            found += _phrase(child)
    return sorted(found)


def _short(tokens: list[Token], date: Span) -> str:
    """The words in the order of the text without the date, cut where they are too long for a label."""
    own = {t.i for t in date} | {t.i for t in date.root.children if t.dep_ == "case"}
    kept = sorted({t for t in tokens if t.i not in own})
    return _cut("".join(_spaced(kept)).strip(_EDGE))


def _cut(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    return re.sub(r"(\s+\S{1,3})+$", "", text[: LONGEST - 1].rsplit(" ", 1)[0]) + "…"  # no small word at the end


def _spaced(tokens: list[Token]) -> Iterator[str]:
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        is_joined = following is not None and following.i == token.i + 1
        yield token.text_with_ws if is_joined else token.text + " "


def _tense(head: Token, language: str) -> str:
    """The tense of the event's verb; what is "expected" or "due" is future, whatever the participle says."""
    verbs = [head, *(t for t in head.children if t.dep_ in ("aux", "aux:pass", "cop"))]
    planned = set(languages.optional(language, "time_words").get("future", {}).get("words", ()))
    tenses = {tense for t in verbs for tense in t.morph.get("Tense", [])}
    if any("Cnd" in t.morph.get("Mood", []) for t in verbs):  # hearsay, or what was to come ("che avrebbe visitato")
        return ""
    if "Fut" in tenses or any(t.lower_ in planned for t in verbs):
        return "future"
    return "past" if tenses & {"Past", "Imp"} else ""
