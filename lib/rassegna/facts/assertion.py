"""How a sentence takes what it tells: as told, denied, or merely possible; and who does it to whom."""

from collections.abc import Iterator

from spacy.tokens import Token

from rassegna.facts.statements import Statement, is_word, words_of

_CLAUSES = ("", "ccomp", "xcomp", "csubj", "csubj:pass")  # a word itself, and what its clause depends on
_INNER = ("obj", "nsubj:pass", "cop")  # a negation of the head reaches these
_CEILING = ("conj", "acl:relcl", "advcl", "nsubj", "appos", "parataxis", "ROOT")  # above these another clause begins


def top(tokens: frozenset[int], statement: Statement) -> Token | None:
    """The highest word of some in the parse, names left out unless there is nothing else; the first of equals."""
    named = frozenset[int]().union(*(mention.tokens for mention in statement.mentions))
    chosen = [t for t in statement.tokens if t.i in (tokens - named or tokens)]
    return min(chosen, key=lambda t: (sum(1 for _ in t.ancestors), t.i), default=None)


def assertion(tokens: frozenset[int], statement: Statement) -> str:
    """Say how a sentence takes what some of its words tell: asserted, denied or open.

    Args:
        tokens: The words that tell it. A negation among them belongs to what is told and denies nothing.
        statement: The sentence. Without a parse only a question is open, everything else asserted.

    Returns:
        denied where the highest word or its clause is negated or stands under a word of denial, and where a word that
        tells it has a determiner that says none; open in a question,
        under a condition, a modal verb, a word of possibility, or where the denial itself is denied.
    """
    if statement.text.rstrip("\"'»”) ").endswith("?"):
        return "open"
    node = top(tokens, statement)
    if node is None:
        return "asserted"
    code, denied = statement.language, False
    deniers, governors = words_of(code, "negation", "deniers"), words_of(code, "possibility", "governors")
    for word, relation in _upwards(node):
        negated = _is_negated(word, tokens, code)
        if relation in _CLAUSES and _is_possible(word, tokens, code):
            return "open"
        if not relation:
            denied = negated
        elif is_word(word, deniers):
            if negated:
                return "open"
            denied = True
        elif is_word(word, governors) or (negated and relation in _CLAUSES):
            return "open"
        else:
            denied |= negated and relation in _INNER
    return "denied" if denied or _has_none(tokens, statement) else "asserted"


def _has_none(tokens: frozenset[int], statement: Statement) -> bool:
    """Whether what is told is said of none: "nessun treno è partito", "non è partito alcun treno"."""
    none = words_of(statement.language, "negation", "determiners")
    told = (t for t in statement.tokens if t.i in tokens)
    return any(child.lower_ in none and child.i not in tokens for t in told for child in t.children)


def unsettling(code: str) -> frozenset[str]:
    """Words of a language under which nothing is told: those that deny, wish, fear or ask."""
    return words_of(code, "negation", "deniers") | words_of(code, "possibility", "governors")


def _upwards(token: Token) -> Iterator[tuple[Token, str]]:
    """The word, and those that govern it, each with the relation that led there."""
    yield token, ""
    while token.dep_ not in _CEILING and token.head.i != token.i:
        yield token.head, token.dep_
        token = token.head


def _is_negated(word: Token, told: frozenset[int], code: str) -> bool:
    exempt, negations = words_of(code, "negation", "exempt"), words_of(code, "negation", "words")
    false = words_of(code, "negation", "adjectives")
    if word.i not in told and is_word(word, false):
        return True
    for child in word.children:
        if child.i in told:
            continue
        behind = child.nbor().lower_ if child.i + 1 < len(child.doc) else ""
        if is_word(child, negations) and behind not in exempt and child.dep_ != "conj":
            return True
        if child.dep_ in ("amod", "cop") and is_word(child, false):
            return True
    return False


def _is_possible(word: Token, told: frozenset[int], code: str) -> bool:
    marks, modals = words_of(code, "possibility", "conjunctions"), words_of(code, "possibility", "modals")
    loose, conditional = words_of(code, "possibility", "loose"), words_of(code, "possibility", "conditional_modals")
    for child in word.children:
        is_conditional = "Cnd" in child.morph.get("Mood", [])
        words = {"mark": marks, "aux": modals | conditional if is_conditional else modals}.get(child.dep_, loose)
        if child.i not in told and child.dep_ in ("mark", "aux", "advmod", "amod") and is_word(child, words):
            return True
    return False


def roles(word: Token, statement: Statement) -> tuple[set[str], set[str]]:
    """Who does what a verb or noun tells, and to whom: the entities of both sides, as far as the parse shows them.

    Of a passive verb the agent is who acts; of a noun ("il sostegno di A a B") the prepositions of `statements.toml`
    tell. A relative pronoun is what its clause hangs on.
    """
    agents: set[str] = set()
    patients: set[str] = set()
    is_noun = word.pos_ in ("NOUN", "PROPN")
    for child in _arguments(word):
        relation = child.dep_
        named = _named(word.head if child.pos_ == "PRON" and word.dep_ == "acl:relcl" else child, statement)
        case = {word for c in child.children if c.dep_ == "case" for word in c.lemma_.lower().split()[:1]}
        if (relation == "nsubj" and not is_noun) or relation == "obl:agent":
            agents |= named
        elif relation in ("obj", "nsubj:pass", "iobj"):
            patients |= named
        elif relation in ("nmod", "obl"):
            if is_noun and case & words_of(statement.language, "roles", "agent"):
                agents |= named
            elif case & words_of(statement.language, "roles", "patient"):
                patients |= named
    return agents, patients


def _arguments(word: Token) -> list[Token]:
    """A word's children, and the subject that it shares with the verb it is joined to or depends on."""
    own = list(word.children)
    if not any(child.dep_.startswith("nsubj") for child in own) and word.dep_ in ("conj", "xcomp"):
        own += [child for child in word.head.children if child.dep_ == "nsubj"]
    return own


def _named(token: Token, statement: Statement) -> set[str]:
    """The entity of a token, of the name behind it ("il sindaco Carla Nardi"), and of those joined to it."""
    joined = [token, *(child for child in token.children if child.dep_ == "conj")]
    names = [
        child
        for word in joined
        for child in word.children
        if child.pos_ == "PROPN" and not any(inner.dep_ == "case" for inner in child.children)
    ]
    return set().union(*(statement.entities(frozenset({t.i})) for t in (*joined, *names)))
