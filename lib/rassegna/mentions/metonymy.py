"""Tell a capital that stands for its government ("Moscow denies") from the city ("in Moscow"), by grammar."""

from spacy.tokens import Doc, Token

from rassegna.languages import entry
from rassegna.languages.verbs import forms_of, reporting_cues


def stands_for_government(doc: Doc, start: int, end: int, *, language: str) -> str:
    """Why a capital's name stands for its government, or an empty string when it is the city.

    Needs a dependency parse (Universal Dependencies); without one only a capital that a verb of reporting follows is
    no city.
    """
    if not doc.has_annotation("DEP"):
        return _before_cue(doc, start, end, language)
    token = _first_conjunct(doc[start:end].root)
    case = next((c.lower_ for c in token.children if c.dep_ == "case"), "")
    case = _base(case, language)
    relation, governor = token.dep_.split(":")[0], token.head
    if token.dep_ in ("nsubj", "csubj"):
        return _as_subject(governor, language)
    if token.dep_ == "nsubj:pass":
        return f"patient of '{governor.text}'" if governor.lower_ in reporting_cues(language) else ""
    if token.dep_ == "obl:agent":
        return f"agent of '{governor.text}'"
    if case in entry(language, "metonymy", "source_prepositions"):
        return f"source, after '{case}'"
    if relation == "obj" and governor.pos_ == "VERB":
        return f"object of '{governor.text}'" if _takes_agents(governor, language) else ""
    if relation in ("obl", "iobj"):
        return _as_oblique(governor, case, language)
    if relation == "nmod":
        return _as_modifier(governor, case, language)
    return ""


def _before_cue(doc: Doc, start: int, end: int, language: str) -> str:
    """Why the words show who speaks where nothing is parsed: "Moscow denies", but not "in Moscow, denied"."""
    verb = next((t for t in doc[end : end + 3] if t.pos_ not in ("ADV", "AUX")), None)
    if verb is None or verb.pos_ != "VERB" or (start and doc[start - 1].pos_ == "ADP"):
        return ""
    return f"before '{verb.text}'" if verb.lower_ in reporting_cues(language) else ""


def is_of_another(doc: Doc, start: int, end: int, *, language: str) -> bool:
    """Does an article before a city's name show the club that bears it ("the Roma", but not "the Roma of old")?"""
    if start == 0 or end - start > 1:
        return False
    name, before = doc[start].text, doc[start - 1].lower_
    if not any(
        name in entry(language, "metonymy", f"{gender}_clubs")
        and before in entry(language, "metonymy", f"{gender}_articles")
        for gender in ("masculine", "feminine")
    ):
        return False
    after = doc[end] if end < len(doc) else None
    if after is None:
        return True
    is_owned = _base(after.lower_, language) in entry(language, "metonymy", "possessive_prepositions")
    return after.pos_ not in ("ADJ", "PROPN") and not is_owned


def _first_conjunct(token: Token) -> Token:
    while token.dep_ == "conj" and token.head.pos_ in ("PROPN", "NOUN") and token.head.i != token.i:
        token = token.head
    return token


def _as_subject(governor: Token, language: str) -> str:
    if governor.pos_ not in ("VERB", "AUX") or any(c.dep_ == "cop" for c in governor.children):
        return ""
    return "" if _is_one_of(governor, "site_verbs", language) else f"subject of '{governor.text}'"


def _as_oblique(governor: Token, case: str, language: str) -> str:
    if _is_one_of(governor, "motion_verbs", language):
        return ""
    if case in entry(language, "metonymy", "recipient_prepositions"):
        goods = entry(language, "metonymy", "dative_nouns")
        given = any(c.dep_ in ("obj", "nsubj", "nsubj:pass") and c.lower_ in goods for c in governor.children)
        given = given or (governor.dep_.startswith("acl") and governor.head.lower_ in goods)
        if _is_one_of(governor, "dative_verbs", language) or (given and _is_one_of(governor, "goods_verbs", language)):
            return f"recipient of '{governor.text}'"
    elif case in entry(language, "metonymy", "relation_prepositions") and _has_relation(governor, language):
        return f"after '{case}', with the object of '{governor.text}'"
    elif case in entry(language, "metonymy", "opponent_prepositions") and governor.pos_ == "VERB":
        return f"after '{case}', with '{governor.text}'"
    return ""


def _takes_agents(governor: Token, language: str) -> bool:
    """Is a verb's object a person or body: accuse, invite, challenge?"""
    cues = reporting_cues(language).get(governor.lower_, ())
    return _is_one_of(governor, "object_verbs", language) or any(c.frame == "addressee" and not c.rest for c, _ in cues)


def _has_relation(governor: Token, language: str) -> bool:
    """Does a verb govern a noun of what joins or parts governments: raise the pressure on ...?"""
    nouns = entry(language, "metonymy", "relation_nouns")
    return any(child.dep_ == "obj" and child.lower_ in nouns for child in governor.children)


def _as_modifier(governor: Token, case: str, language: str) -> str:
    while governor.pos_ == "ADJ" and governor.head.i != governor.i:
        governor = governor.head
    noun = governor.lower_
    if case in entry(language, "metonymy", "possessive_prepositions"):
        nouns = entry(language, "metonymy", "agent_nouns")
    elif case in entry(language, "metonymy", "recipient_prepositions"):
        nouns = entry(language, "metonymy", "dative_nouns")
    elif case in entry(language, "metonymy", "relation_prepositions"):
        nouns = entry(language, "metonymy", "relation_nouns")
    else:
        return ""
    return f"'{noun} {case}'" if noun in nouns else ""


def _base(preposition: str, language: str) -> str:
    return str(entry(language, "metonymy", "joined").get(preposition, preposition))


def _is_one_of(token: Token, verbs: str, language: str) -> bool:
    return token.lower_ in forms_of(language, "metonymy", verbs)
