"""Damage that shows in the grammar of a sentence: words that do not agree, small words that nobody writes in a row."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import regex
from spacy.tokens import Doc, Span, Token

from rassegna.damage.lexicon import Noun, classes, noun, tenses
from rassegna.languages import optional

Found = Iterator[tuple[Span, str]]

_ADJECTIVE = frozenset("JPD")  # word classes of what may stand between a determiner and its noun
_FINITE = "VerbForm=Fin"


def in_sentences(doc: Doc, language: str) -> Found:
    """Spans of a Doc that look broken, each with its reason; none in a language without rules.

    Reasons: `disagreement in number`, `disagreement in gender` (of a determiner and its noun, of a subject and its
    verb), `wrong form of the article` (for the sound that follows), `a verb where a noun is due`,
    `two verbs that cannot stand together`, `a capital within a sentence`.
    """
    rules = optional(language, "damage")
    if "determiners" not in rules or doc.vocab.lang not in ("", language):
        return
    articles = rules["determiners"]["nominative"]
    for sentence in doc.sents:
        for first, second in pairwise(sentence):
            if first.text in rules["unsure"] and not first.is_sent_start and _plain(first.nbor(-1)) in articles:
                continue  # a noun that looks like a determiner
            if not first.whitespace_ and not _plain(first).endswith("'"):
                continue  # a hyphen, a mark: no two words in a row
            yield from _agreement(first, second, language)
            yield from _sound(first, second, language)
            yield from _verbs(first, second, language)
            yield from _capital(first, second, language)


@cache
def _determiners(language: str) -> dict[str, tuple[str | None, str]]:
    """Determiner to gender and number."""
    words = optional(language, "damage")["determiners"]
    kinds = {
        "masculine_singular": ("Masc", "Sing"),
        "feminine_singular": ("Fem", "Sing"),
        "masculine_plural": ("Masc", "Plur"),
        "feminine_plural": ("Fem", "Plur"),
        "singular": (None, "Sing"),
    }
    return {word: kind for name, kind in kinds.items() for word in words[name]}


def _plain(token: Token) -> str:
    return token.text.replace("’", "'").lower()


def _is_small(token: Token) -> bool:
    """Whether a token is a word in small letters; a determiner may begin the sentence."""
    return token.text.isalpha() and token.text.islower()


def _determiner(token: Token, language: str) -> tuple[str | None, str] | None:
    """Gender and number that a determiner asks for; None when the token is none, or a numeral such as I."""
    if not token.text.islower() and not token.is_sent_start:
        return None
    return _determiners(language).get(_plain(token))


def _agreement(first: Token, second: Token, language: str) -> Found:
    """A determiner and the noun behind it, at most one adjective between them; a subject and its verb."""
    if (asked := _determiner(first, language)) is None or not _is_small(second):
        return
    head = _noun_behind(first, second, language)
    if head is None:
        return
    span, known = first.doc[first.i : head.i + 1], noun(head.text, language)
    is_numeral = first.text == "I" and known.number == "Sing"
    if known.number and known.number != asked[1] and head.morph.get("Number", []) == [known.number] and not is_numeral:
        yield span, "disagreement in number"
    elif known.gender and asked[0] not in (None, known.gender) and head.morph.get("Gender", []) == [known.gender]:
        yield span, "disagreement in gender"
    elif head is second:
        yield from _predicate(first, second, language)


def _noun_behind(determiner: Token, second: Token, language: str) -> Token | None:
    """The noun that a determiner belongs to, if it can be nothing else."""
    rules, own, head = optional(language, "damage"), classes(second.text, language), second
    is_between = (second.pos_ == "ADJ" and own and own <= _ADJECTIVE) or second.morph.get("Poss", []) == ["Yes"]
    if is_between and second.text not in rules["unsure"]:
        head = second.nbor() if second.i + 1 < second.sent.end else second
    elif _plain(determiner) in rules["determiners"]["pronouns"] and own != {"N"}:
        return None
    is_noun = head.pos_ == "NOUN" and _is_small(head) and classes(head.text, language) <= {"N", "V"}
    return head if is_noun else None


def _predicate(article: Token, subject: Token, language: str) -> Found:
    """A subject at the head of its clause and the verb that follows at once."""
    rules, doc, known = optional(language, "damage"), article.doc, noun(subject.text, language)
    starts = article.is_sent_start or article.nbor(-1).text in {";", ":"} or article.nbor(-1).pos_ == "SCONJ"
    if not starts or _plain(article) not in rules["determiners"]["nominative"] or subject.text in rules["collective"]:
        return
    if known.number is None or subject.morph.get("Number", []) != [known.number]:
        return
    if not subject.dep_.startswith("nsubj") or any(child.dep_ == "conj" for child in subject.children):
        return
    behind = [token for token in doc[subject.i + 1 : subject.i + 5] if token.pos_ not in ("ADV", "PART")]
    verb = behind[0] if behind else subject
    if not _is_verb(verb, language) or verb not in (subject.head, *subject.head.children):
        return
    if verb.text in rules["being"] and len(behind) > 1:
        yield from _participle(article, behind[1], subject, known)
    elif verb.morph.get("Number", []) != [known.number]:
        yield doc[article.i : verb.i + 1], "disagreement in number"


def _is_verb(token: Token, language: str) -> bool:
    """Whether a token is a finite verb in the third person that can have a subject."""
    own = classes(token.text, language)
    is_known = (not own or bool(own & {"V", "X"})) and token.text not in optional(language, "damage")["impersonal"]
    is_finite = token.morph.get("VerbForm", []) == ["Fin"] and token.morph.get("Person", []) == ["3"]
    return is_known and is_finite and bool(token.morph.get("Number", []))


def _participle(article: Token, last: Token, subject: Token, known: Noun) -> Found:
    """A participle or adjective behind "to be", which has the subject's gender and number; a noun need not."""
    if last != subject.head or last.pos_ not in ("VERB", "ADJ"):
        return
    verb = last.doc[subject.i + 1 : last.i]
    gender, number = last.morph.get("Gender", []), last.morph.get("Number", [])
    numbers = [n for token in verb for n in token.morph.get("Number", [])]
    is_participle = last.morph.get("VerbForm", []) == ["Part"]
    span = article.doc[article.i : last.i + 1]
    if any(n != known.number for n in numbers) or (is_participle and number and number != [known.number]):
        yield span, "disagreement in number"
    elif is_participle and known.gender and gender and gender != [known.gender]:
        yield span, "disagreement in gender"


def _sound(first: Token, second: Token, language: str) -> Found:
    """A determiner in the form for another sound, or with the apostrophe of the other gender."""
    if _determiner(first, language) is None or not _is_small(second) or second.pos_ not in ("NOUN", "ADJ"):
        return
    word, own, rules = _plain(first), classes(second.text, language), optional(language, "damage")
    if not own or second.text in rules["unsure"]:
        return
    is_pronoun = word in rules["determiners"]["pronouns"] and (second.pos_ != "NOUN" or not own <= frozenset("NJ"))
    for sound in rules["sounds"]:
        if word in sound["words"] and not is_pronoun and regex.match(sound["wrong"], second.text):
            yield first.doc[first.i : second.i + 1], "wrong form of the article"


def _verbs(first: Token, second: Token, language: str) -> Found:
    """A finite verb behind a determiner; an infinitive behind an auxiliary that takes a participle."""
    rules, span = optional(language, "damage"), first.doc[first.i : second.i + 1]
    if not _is_small(second) or not (found := tenses(second.text, language)):
        return
    known, pronouns = rules["tenses"], rules["determiners"]["pronouns"]
    is_verb = found <= set(known["not_in_nouns"]) and not regex.search(known["like_nouns"], second.text)
    if is_verb and _determiner(first, language) and _plain(first) not in pronouns:
        yield span, "a verb where a noun is due"
    elif _plain(first) in known["perfect"] and found == {known["infinitive"]}:
        yield span, "two verbs that cannot stand together"


def _capital(first: Token, second: Token, language: str) -> Found:
    """A capitalised article within a sentence that begins the subject of a verb: two sentences run into one."""
    rules = optional(language, "damage")
    if not _is_small(first) or not second.text.istitle() or _plain(second) not in rules["determiners"]["nominative"]:
        return
    if first.text in rules["titled"] or second.i + 1 >= second.sent.end:
        return
    subject = second.nbor()
    is_subject = subject.text.islower() and subject.pos_ == "NOUN" and subject.dep_.startswith("nsubj")
    if is_subject and any(_FINITE in str(verb.morph) for verb in (subject.head, *subject.head.children)):
        yield first.doc[second.i : subject.i + 1], "a capital within a sentence"
