"""Lemmas by dictionary: what the treebanks show, then Morph-it by part of speech, then the commonest ending rule."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import srsly
from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from it_rassegna_news.words import STRAIGHT, read_table

LETTER = {
    "NOUN": "N",
    "VERB": "V",
    "AUX": "X",
    "ADJ": "J",
    "ADV": "A",
    "PRON": "P",
    "DET": "D",
    "ADP": "E",
    "NUM": "M",
}
OPEN = ("NOUN", "VERB", "ADJ", "ADV", "AUX")
MAX_ENDING = 6
MIN_SUPPORT = 3


def lemma_code(form: str, lemma: str) -> str:
    """Return how many letters to cut from the form's end and what to append."""
    same = 0
    while same < min(len(form), len(lemma)) and form[same] == lemma[same]:
        same += 1
    return f"{len(form) - same}{lemma[same:]}"


def apply_code(form: str, code: str) -> str:
    """Return the lemma that `lemma_code` described."""
    digits = len(code) - len(code.lstrip("0123456789"))
    cut = int(code[:digits])
    return form[: len(form) - cut] + code[digits:]


def lexicon_codes(form: str, part_of_speech: str) -> list[str]:
    """Return the lemma codes that the lexicon gives a form as this part of speech."""
    letter = LETTER.get(part_of_speech)
    return [code[1:] for code in read_table("lexicon").get(form, "").split(",") if code and code[0] == letter]


@Language.factory("rassegna_lemmatizer", assigns=["token.lemma"], requires=["token.pos"])
class DictionaryLemmatizer(Pipe):
    """Look lemmas up by form and part of speech.

    Attributes:
        seen: Lemma by `form TAB part of speech`, and by `form TAB part of speech TAB morphology` where it differs.
        endings: Lemma code by `part of speech TAB last letters`.
    """

    def __init__(self, nlp: Language, name: str = "rassegna_lemmatizer") -> None:  # noqa: ARG002
        self.name = name
        self.seen: dict[str, str] = {}
        self.endings: dict[str, str] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Set each token's lemma."""
        for token in doc:
            token.lemma_ = self.lemma(token.text, token.pos_, str(token.morph))
        return doc

    def lemma(self, text: str, part_of_speech: str, morphology: str = "") -> str:
        """Return the lemma of a form; names and what no rule covers keep their form."""
        form = text.translate(STRAIGHT) if part_of_speech != "PUNCT" else text
        if part_of_speech == "PROPN":
            return self.seen.get(f"{form}\tPROPN", form)
        lower = form.lower()
        known = self.seen.get(f"{lower}\t{part_of_speech}\t{morphology}") or self.seen.get(f"{lower}\t{part_of_speech}")
        if known:
            return known
        codes = lexicon_codes(lower, part_of_speech)
        if codes:
            return apply_code(lower, codes[0])
        for length in range(min(MAX_ENDING, len(lower) - 1), 0, -1):
            code = self.endings.get(f"{part_of_speech}\t{lower[-length:]}")
            if code:
                return apply_code(lower, code)
        return lower

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,  # noqa: ARG002
    ) -> None:
        """Learn `seen` from annotated Docs and `endings` from the lexicon and them."""
        by_form: dict[str, Counter[str]] = defaultdict(Counter)
        by_morphology: dict[str, Counter[str]] = defaultdict(Counter)
        for example in get_examples():
            for token in example.reference:
                form = token.text.translate(STRAIGHT) if token.pos_ != "PUNCT" else token.text
                key = f"{form if token.pos_ == 'PROPN' else form.lower()}\t{token.pos_}"
                by_form[key][token.lemma_] += 1
                by_morphology[f"{key}\t{token.morph}"][token.lemma_] += 1
        self.endings = _learn_endings(by_form)
        self.seen = {}
        best = {key: lemmas.most_common(1)[0][0] for key, lemmas in by_form.items()}
        for key, lemma in best.items():
            form, part_of_speech = key.split("\t")
            if self.lemma(form, part_of_speech) != lemma:
                self.seen[key] = lemma
        for key, lemmas in by_morphology.items():
            form, part_of_speech, _ = key.split("\t")
            lemma = lemmas.most_common(1)[0][0]
            if part_of_speech != "PROPN" and lemma != best[f"{form}\t{part_of_speech}"]:
                self.seen[key] = lemma

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """Return the accuracy of the lemmas (`lemma_acc`, 0-1)."""
        return Scorer.score_token_attr(examples, "lemma")

    def to_disk(self, path: Path | str, *, exclude: Any = ()) -> None:  # noqa: ARG002
        """Write the learnt tables."""
        Path(path).mkdir(parents=True, exist_ok=True)
        srsly.write_msgpack(Path(path) / "tables.msgpack", {"seen": self.seen, "endings": self.endings})

    def from_disk(self, path: Path | str, *, exclude: Any = ()) -> "DictionaryLemmatizer":  # noqa: ARG002
        """Read the learnt tables."""
        tables: Any = srsly.read_msgpack(Path(path) / "tables.msgpack")
        self.seen, self.endings = tables["seen"], tables["endings"]
        return self


def _learn_endings(by_form: dict[str, Counter[str]]) -> dict[str, str]:
    """Return the commonest lemma code of each ending, where it differs from the shorter ending's."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)

    def count(form: str, part_of_speech: str, code: str) -> None:
        for length in range(1, min(MAX_ENDING, len(form) - 1) + 1):
            counts[f"{part_of_speech}\t{form[-length:]}"][code] += 1

    names = {letter: name for name, letter in LETTER.items() if name in OPEN}
    for form, value in read_table("lexicon").items():
        for entry in value.split(","):
            if entry[0] in names:
                count(form, names[entry[0]], entry[1:])
    for key, lemmas in by_form.items():
        form, part_of_speech = key.split("\t")
        if part_of_speech in OPEN:
            count(form, part_of_speech, lemma_code(form, lemmas.most_common(1)[0][0]))
    rules: dict[str, str] = {}
    for key in sorted(counts, key=len):
        code, support = counts[key].most_common(1)[0]
        part_of_speech, ending = key.split("\t")
        shorter = next(
            (c for i in range(1, len(ending)) if (c := rules.get(f"{part_of_speech}\t{ending[i:]}"))),
            None,
        )
        if support >= MIN_SUPPORT and code != shorter:
            rules[key] = code
    return rules
