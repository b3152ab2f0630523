"""A rough tagging by closed classes and verb forms, for another language than the pipeline's."""

from collections.abc import Collection, Sequence

from rassegna.languages import entry
from rassegna.languages.verbs import reporting_cues

FINITE = "VerbForm=Fin"
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
        A word of no closed class is a name when capitalised within its sentence, a verb when its form is one of
        reporting or stands behind a subject pronoun, else a noun.
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
    lexicon = reporting_cues(language)
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
        elif word in lexicon and not tag and (before not in ("DET", "ADP") or lexicon[word][0][1] == {"infinitive"}):
            tag, form = "VERB", _form(lexicon[word][0][1])
        elif (not tag and i and lower[i - 1] in behind) or (not tag and endings and word.endswith(endings)):
            tag, form = "VERB", FINITE
        elif not tag:
            tag = "PROPN" if text[i][0].isupper() and before != "PUNCT" else "NOUN"
        pos.append(tag)
        forms.append(FINITE if tag == "AUX" else articles.get(word, "") if tag == "DET" else form)
    return pos, forms


def _form(moods: frozenset[str]) -> str:
    finite = moods - {mood for mood, _ in MOODS}
    return FINITE if finite else next(form for mood, form in MOODS if mood in moods)
