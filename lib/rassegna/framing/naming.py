"""Designations that a verb of naming gives to somebody: "what Moscow calls its special operation"."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from spacy.tokens import Doc, Token

from rassegna.annotation import raw_offset
from rassegna.languages import optional
from rassegna.languages.verbs import reporting_cues

_FURTHEST = 8  # words from the verb to the designation
_DEFINITE = ("Definite=Def", "PronType=Dem")  # articles and demonstratives: the noun is what is named
_STEPS = 2  # arcs of the parse from the designation up to the verb


def namer(doc: Doc, start: int, named: list[Any], links: Mapping[str, frozenset[str]]) -> tuple[bool, str | None]:
    """Say whether a verb of naming gives the designation that begins at a token, and whose word it therefore is.

    What is named, with its definite article, is not given by the verb ("he called the offensive a holy fight"), except
    in a relative clause, whose pronoun is what is named.

    Args:
        doc: An annotated and parsed Doc.
        start: First token of the designation.
        named: Rows of `mentions` of the article.
        links: as (what may stand before the designation), of and of_verbs (a bare noun behind them is what was said).
    """
    at, is_definite, link = start - 1, False, ""
    while at >= 0 and doc[at].pos_ in ("DET", "ADJ", "ADV", "PUNCT", "ADP", "SCONJ") and doc[at].text not in ",;:.":
        is_definite |= any(mark in doc[at].morph for mark in _DEFINITE)
        link = link or (doc[at].lower_ if doc[at].pos_ in ("ADP", "SCONJ") else "")
        at -= 1
    head = doc[start]
    for _ in range(_STEPS):
        head = head.head
        if not start - _FURTHEST <= head.i < start:
            continue
        relative = head.dep_ == "acl:relcl"
        if link in ("", *links.get("as", ())) and head.lower_ in _naming(doc.lang_) and (relative or not is_definite):
            return True, _subject(head, named)
        if link and link in links.get("of", ()) and head.lemma_ in links.get("of_verbs", ()):
            return True, _subject(head, named)
    return False, None


@cache
def _naming(language: str) -> frozenset[str]:
    """Forms of the verbs of naming; none in a language without a list of its reporting verbs."""
    if not optional(language, "conjugation"):
        return frozenset()
    cues = reporting_cues(language).items()
    return frozenset(form for form, own in cues if any(c.frame == "naming" and not c.is_reflexive for c, _ in own))


def _subject(verb: Token, named: list[Any]) -> str | None:
    """Who names: the subject of an active verb, or the agent; its canonical name, or the bare noun."""
    roles = [child for child in verb.children if child.dep_ in ("nsubj", "obl:agent")]
    for token in roles:
        who = verb.head if token.pos_ == "PRON" and verb.dep_ == "acl:relcl" and token.dep_ == "nsubj" else token
        offset = raw_offset(who.doc, who.idx)
        for mention in named:
            if mention.start <= offset < mention.end:
                return str(mention.entity)
        if who.pos_ in ("NOUN", "PROPN"):
            return who.text
    return None
