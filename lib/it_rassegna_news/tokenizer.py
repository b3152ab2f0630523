"""Italian tokens for news: hyphenated words stay whole, elisions open quotation marks, curly apostrophes too."""

import tomllib
from collections.abc import Callable
from importlib.resources import files

from spacy.lang.char_classes import ALPHA
from spacy.lang.it import ItalianDefaults
from spacy.language import Language
from spacy.symbols import ORTH
from spacy.tokenizer import Tokenizer
from spacy.util import (
    compile_infix_regex,
    compile_prefix_regex,
    compile_suffix_regex,
    registry,
)

APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
CURLY = str.maketrans(APOSTROPHES[0], APOSTROPHES[1])
OPENING_QUOTES = '"«“„‟‹'
LONG_DASHES = "–|—|--|---|——|~"


def _infixes() -> list[str]:
    """Return spaCy's Italian infixes, less the cut at a hyphen between letters, plus elisions before quotes."""
    kept = [rule for rule in ItalianDefaults.infixes if "(?:-|" not in rule]
    return [
        rf"(?<=[{ALPHA}][{APOSTROPHES}])[{OPENING_QUOTES}]",
        *kept,
        rf"(?<=[{ALPHA}])(?:{LONG_DASHES})(?=[{ALPHA}])",
    ]


def _exceptions() -> dict[str, list[dict[int, str]]]:
    """Return spaCy's Italian exceptions and the package's abbreviations, also with a curly apostrophe."""
    own = tomllib.loads(files(__package__).joinpath("data/abbreviations.toml").read_text("utf8"))
    exceptions = dict(ItalianDefaults.tokenizer_exceptions)
    for form in own["abbreviations"]:
        exceptions[form] = [{ORTH: form}]
        for elision in own["elisions"] if form[0].lower() in own["vowels"] else []:
            exceptions[elision + form] = [{ORTH: elision}, {ORTH: form}]
    for form, pieces in list(exceptions.items()):
        curly = [{ORTH: piece[ORTH].translate(CURLY)} for piece in pieces]
        exceptions.setdefault(form.translate(CURLY), curly)
    return exceptions


@registry.tokenizers("rassegna.Tokenizer.v1")
def create_tokenizer() -> Callable[[Language], Tokenizer]:
    """Make the function with which spaCy builds this pipeline's tokenizer."""

    def tokenizer_factory(nlp: Language) -> Tokenizer:
        return Tokenizer(
            nlp.vocab,
            rules=_exceptions(),
            prefix_search=compile_prefix_regex(ItalianDefaults.prefixes).search,
            suffix_search=compile_suffix_regex(ItalianDefaults.suffixes or ()).search,
            infix_finditer=compile_infix_regex(_infixes()).finditer,
            token_match=ItalianDefaults.token_match,
            url_match=ItalianDefaults.url_match,
        )

    return tokenizer_factory
