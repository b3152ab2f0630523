"""A rough tagging by closed classes and verb forms, for a language without a pipeline."""

import hashlib
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from rassegna.errors import LanguageError
from rassegna.languages import FOLDER, entry, optional
from rassegna.languages.verbs import conjugate, reporting_cues

_DATA = ("closed_classes.toml", "reporting_verbs.csv", "conjugation.toml", "events.toml")
FINITE = "VerbForm=Fin"
WITHIN = (",", "-", "‑", "/", "(")  # signs behind which a capital is a name's
MOODS = (("participle", "VerbForm=Part"), ("gerund", "VerbForm=Ger"), ("infinitive", "VerbForm=Inf"))


def tags(
    text: Sequence[str], lower: Sequence[str], named: Collection[int], *, language: str
) -> tuple[list[str], list[str]]:
    """Guess part of speech and verb form of each word.

    Args:
        text: The words.
        lower: The same in lower case.
        named: Positions that belong to a name.
        language: Language with `closed_classes.toml`.

    Returns:
        Universal parts of speech, and features of verbs and articles as in Universal Dependencies ("" for the rest).
        A word of no closed class is a name when capitalised within its sentence, a verb when its form is that of
        a verb in the lists or stands behind a subject pronoun, else a noun.
    """
    classes = entry(language, "closed_classes", "tags")
    by_word = {word: tag for tag, words in reversed(classes.items()) for word in words}
    behind = set(entry(language, "closed_classes", "verb.behind"))
    endings = tuple(entry(language, "closed_classes", "verb.endings"))
    articles = {
        word: f"Definite={kind}|PronType=Art"
        for kind, words in entry(language, "closed_classes", "articles").items()
        for word in words
    }
    verbs = _verbs(language)
    pos: list[str] = []
    forms: list[str] = []
    for i, word in enumerate(lower):
        before = pos[i - 1] if i else "PUNCT"
        tag, form = by_word.get(word, ""), ""
        if not word[0].isalnum() and not tag:
            tag = "PUNCT"
        elif word[0].isdigit():
            tag = "NUM"
        elif i in named and not tag:
            tag = "PROPN"
        elif word in verbs and not tag and (before not in ("DET", "ADP") or verbs[word] == "VerbForm=Inf"):
            tag, form = "VERB", verbs[word]
        elif (not tag and i and lower[i - 1] in behind) or (not tag and endings and word.endswith(endings)):
            tag, form = "VERB", FINITE
        elif not tag:
            is_within = before != "PUNCT" or text[i - 1] in WITHIN
            tag = "PROPN" if text[i][0].isupper() and i > 0 and is_within else "NOUN"
        pos.append(tag)
        forms.append(FINITE if tag == "AUX" else articles.get(word, "") if tag == "DET" else form)
    return pos, forms


@cache
def _verbs(language: str) -> dict[str, str]:
    """Form → verb form, of the frequent verbs and the verbs of reporting."""
    found = dict.fromkeys(entry(language, "closed_classes", "verb.forms"), FINITE)
    for verb in entry(language, "closed_classes", "verb.frequent"):
        found |= {form: _form(moods) for form, moods in conjugate(verb, language=language).items()}
    return found | {form: _form(cues[0][1]) for form, cues in reporting_cues(language).items()}


def _form(moods: frozenset[str]) -> str:
    finite = moods - {mood for mood, _ in MOODS}
    return FINITE if finite else next(form for mood, form in MOODS if mood in moods)


def add_to(nlp: Language, language: str) -> None:
    """Let a pipeline that has no tagger tag by a language's closed classes, where it has them."""
    if optional(language, "closed_classes"):
        files = [FOLDER / language / name for name in _DATA]
        data = hashlib.sha256(b"".join(file.read_bytes() for file in files if file.is_file())).hexdigest()
        nlp.add_pipe("rassegna_closed_classes", config={"language": language, "data": data})


@Language.factory(
    "rassegna_closed_classes",
    default_config={"language": "", "data": ""},
    assigns=["token.pos", "token.morph", "token.lemma"],
)
def make_tagger(nlp: Language, name: str, language: str, data: str) -> "Tagger":  # noqa: ARG001
    """The spaCy component; `data`, the hash of the word lists, makes pipelines of other lists other pipelines."""
    return Tagger(language or str(nlp.lang))


class Tagger:
    """Sets parts of speech and verb forms (see `tags`), and for a lemma the verb's, or the word in small letters."""

    def __init__(self, language: str) -> None:
        self.language, self.lemmas = language, _lemmas(language)

    def __call__(self, doc: Doc) -> Doc:
        """Tag a Doc."""
        text = [token.text for token in doc]
        lower = [word.casefold().replace("’", "'") for word in text]
        for token, word, pos, form in zip(doc, lower, *tags(text, lower, (), language=self.language), strict=True):
            token.pos_ = "SPACE" if token.is_space else pos
            token.lemma_ = self.lemmas.get(word, word)
            token.set_morph(form)  # type: ignore[attr-defined]
        return doc


@cache
def _lemmas(language: str) -> dict[str, str]:
    """Form → infinitive, of the verbs that the word lists name."""
    told: dict[str, str] = {}
    dated = (verb for own in optional(language, "events").values() for verb in own.get("lemmas", ()))
    for verb in sorted({*dated, *entry(language, "closed_classes", "verb.frequent")}):
        with suppress(LanguageError):  # a verb that the language's table cannot inflect
            told |= dict.fromkeys(conjugate(verb, language=language), verb)
    return told | {form: cues[-1][0].lemma.split()[0] for form, cues in reporting_cues(language).items()}
