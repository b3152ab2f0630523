"""The table `quantities`: numbers with what they count, how exactly, and who asserts them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from spacy.language import Language
from spacy.tokens import Doc

from rassegna import languages
from rassegna.dates import DateFinder
from rassegna.dates.anchors import Anchor
from rassegna.quantities.counted import counted, said_of, token_at
from rassegna.quantities.rules import BUILDERS, Quantity, both_ends
from rassegna.reading.finder import Finder, Found
from rassegna.reading.reader import Lexeme, single, singular_endings

SPANS = "rassegna_quantities"
QUANTITY_COLUMNS = [
    *("doc_id", "start", "end", "text", "value", "low", "high", "unit", "counted", "counted_phrase"),
    *("bound", "kind", "asserter", "reason"),
]
# Without one of these a block holds no quantity.
_TRIGGERS = {"NUM", "ORD", "AGE", "HALF", "STOPWATCH", "BOTH", "MULTIPLICATIVE", "VAGUE", "VAGUE_PART", "TIMES_WORD"}
_TRIGGERS |= {"FRACTION", "FRACTION_WORDS"}


def quantities(docs: dict[str, Doc], *, articles: pd.DataFrame | None = None, language: str = "it") -> pd.DataFrame:
    """Find the quantities of the articles: numbers in digits and words, with what they count.

    Dates, times of day, model names, addresses, scores, ranks and numbers of registers are none.

    Args:
        docs: doc_id → Doc, as `annotate` gives them.
        articles: Table `articles`, for the language of each; without it all are in `language`.
        language: Language of the articles that name none.

    Returns:
        Table `quantities`, one row per quantity, in the order of `docs`, then by start:
        doc_id (str), start, end (int, code points of the raw text; from the hedge to the noun), text (str),
        value (float or null: vague, or a range), low, high (float or null, the ends of a range), unit (str or null:
        ISO 4217 for money, UCUM for measures and durations, the word itself for times), counted (str or null, lemma
        of the noun), counted_phrase (str or null, noun with its attributes), bound (exact, about, more_than, at_least,
        less_than, at_most, range, vague), kind (cardinal, ordinal, age, duration, money, share, measure, multiple,
        fraction, vague), asserter (null: `voices.voice_of` knows), reason (str, the rule of
        `languages/any/quantity_rules.toml`).
    """
    spoken = (
        {} if articles is None or "language" not in articles else articles.set_index("doc_id")["language"].to_dict()
    )
    rows: list[tuple[Any, ...]] = []
    for doc_id, doc in docs.items():
        own = spoken.get(doc_id)
        finder = QuantityFinder(own if isinstance(own, str) else language)
        rows += ((doc_id, *row) for row in finder.rows(doc))
    table = pd.DataFrame(rows, columns=QUANTITY_COLUMNS)
    return table.astype({"value": "float64", "low": "float64", "high": "float64"})


class QuantityFinder(Finder):
    """spaCy component: quantities in `doc._.quantities` and, with the kind as label, in `doc.spans`."""

    table, rules = "quantities", "quantity_rules"

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.times = DateFinder(language, Anchor())
        self.change = frozenset(languages.optional(language, "counted").get("change", {}).get("words", ()))

    def expressions(self, doc: Doc, lexemes: Sequence[Lexeme], offset: int) -> Iterator[Found]:
        """The quantities of one block."""
        for q in self.find(doc, lexemes, offset):
            first, last = offset + lexemes[q.first].start, offset + lexemes[q.last - 1].end
            end, name, phrase = (q.noun.end, q.noun.lemma, q.noun.phrase) if q.noun else (0, None, None)
            values = (q.value, q.low, q.high, q.unit, name, phrase, q.bound, q.kind, None, q.rule)
            yield first, max(last, end), q.kind, values

    def find(self, doc: Doc, lexemes: Sequence[Lexeme], offset: int) -> Iterator[Quantity]:
        """The quantities among the lexemes of one block, which begins at an offset of the Doc; in the text's order."""
        if not any(_TRIGGERS & x.classes.keys() for x in lexemes):
            return
        taken = {i for t in self.times.find(lexemes) if t.has_numbers for i in range(t.first, t.last)}
        dated = {"DATED": True}
        symbol = self.grammar.reader.symbol(dated)
        free = [replace(x, classes=dated, symbol=symbol) if i in taken else x for i, x in enumerate(lexemes)]
        for match in self.grammar.find(free):
            if not match.build:
                continue
            quantity = BUILDERS[match.build](match, free)
            built = [quantity] if quantity else both_ends(match, free) if match.build == "range" else []
            for found in built:
                yield from self._with_noun(doc, found, free, offset)

    def _with_noun(self, doc: Doc, found: Quantity, lexemes: Sequence[Lexeme], offset: int) -> Iterator[Quantity]:
        """Add what is counted, and the hedge behind it; drop what only looks like a quantity."""
        noun = None
        if found.kind not in ("age", "multiple"):
            takes_of, needs_of = found.kind != "ordinal", found.unit is not None
            noun = counted(doc, lexemes, found.last, offset, takes_of=takes_of, needs_of=needs_of)
        if noun is None and (found.kind == "ordinal" or found.rule == "vague"):
            return
        at = token_at(doc, offset + lexemes[found.last - 1].start)
        pos = doc[at].pos_ if at < len(doc) else ""
        if found.kind in ("cardinal", "ordinal") and self._is_other_word(found, noun is not None, lexemes, pos):
            return
        if noun is None and found.kind == "cardinal":
            noun = said_of(doc, at, found.last, self.change)
        quantity = replace(found, noun=noun)
        behind = noun.last if noun else found.last
        if behind < len(lexemes) and quantity.bound == "exact":
            after = lexemes[behind].classes.get("BOUND_AFTER")
            if after and not (behind + 1 < len(lexemes) and "NUM" in lexemes[behind + 1].classes):  # hedges that one
                quantity = replace(quantity, bound=single(after))
        yield quantity

    def _is_other_word(self, found: Quantity, has_noun: bool, lexemes: Sequence[Lexeme], pos: str) -> bool:
        """Whether a number word is a verb ("tu sei"), a noun ("i venti soffiano") or a preposition ("prima") here."""
        classes = lexemes[found.last - 1].classes
        if found.is_unsure:
            return pos != "ADJ"
        if "DIGITS" in classes:
            return False
        if "VERB_FORM" in classes and self._is_singular(lexemes, found.last):
            return True
        return pos in ("AUX", "VERB") or (pos == "NOUN" and "VALUE" in classes and not has_noun)

    def _is_singular(self, lexemes: Sequence[Lexeme], i: int) -> bool:
        """Whether a word follows whose form tells the singular: a number above one does not count it."""
        endings = singular_endings(self.language)
        return i < len(lexemes) and "CONTENT" in lexemes[i].classes and lexemes[i].form.endswith(endings)


@Language.factory("rassegna_quantities", default_config={"language": "it"}, assigns=["doc._.quantities", "doc.spans"])
def make_quantities(
    nlp: Language,  # noqa: ARG001 - spaCy passes both to every factory
    name: str,  # noqa: ARG001
    language: str,
) -> QuantityFinder:
    """Make the component for any pipeline; parts of speech and lemmas, where it has them, find the noun counted."""
    return QuantityFinder(language)
