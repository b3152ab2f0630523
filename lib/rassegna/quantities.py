"""The table `quantities`: numbers with what they count, how exactly, and who asserts them."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from spacy.language import Language
from spacy.tokens import Doc

from rassegna import languages
from rassegna.anchors import Anchor
from rassegna.counted import Counted, counted
from rassegna.dates import DateFinder, block_shift, block_texts
from rassegna.grammar import Lexeme, Match, grammar
from rassegna.numerals import Number
from rassegna.timex import seconds

RULES = "quantity_rules"
SPANS = "rassegna_quantities"
QUANTITY_COLUMNS = [
    *("doc_id", "start", "end", "text", "value", "low", "high", "unit", "counted", "counted_phrase"),
    *("bound", "kind", "asserter", "reason"),
]
_UNITS = {
    "money": ("MONEY", "money"),
    "part": ("MONEY_PART", "money"),
    "share": ("SHARE", "share"),
    "duration": ("DURATION", "duration"),
    "measure": ("MEASURE", "measure"),
    "symbol": ("SYMBOL", "measure"),
    "before": ("MEASURE_BEFORE", "measure"),
}
_CENTS = 100
# Without one of these a block holds no quantity.
_TRIGGERS = {"NUM", "ORD", "AGE", "HALF", "STOPWATCH", "BOTH", "MULTIPLICATIVE", "VAGUE", "VAGUE_PART", "TIMES_WORD"}
_TRIGGERS |= {"FRACTION", "FRACTION_WORDS"}

if not Doc.has_extension("quantities"):
    Doc.set_extension("quantities", default=[])


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity; first and last are lexemes, the last one exclusive."""

    first: int
    last: int
    rule: str
    value: float | None
    kind: str
    bound: str = "exact"
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    noun: Counted | None = None
    is_unsure: bool = False  # only a part of speech can tell


def quantities(docs: dict[str, Doc], *, articles: pd.DataFrame | None = None, language: str = "it") -> pd.DataFrame:
    """Find the quantities of the articles: numbers in digits and words, with what they count.

    Dates, times of day, model names, addresses, scores, ranks and numbers of registers are none.

    Args:
        docs: doc_id → Doc, as `annotate` gives them.
        articles: Table `articles`, for the language of each; without it all are in `language`.
        language: Language of the articles that name none.

    Returns:
        Table `quantities`, one row per quantity, in the order of `docs`, then by start:
        doc_id (str), start, end (int, code points of the raw text; from the hedge to the noun), text (str), value (float or
        null: vague, or a range), low, high (float or null, the ends of a range), unit (str or null: ISO 4217 for money,
        UCUM for measures and durations, the word itself for times), counted (str or null, lemma of the noun), counted_phrase
        (str or null, noun with its attributes), bound (exact, about, more_than, at_least, less_than, at_most, range,
        vague), kind (cardinal, ordinal, age, duration, money, share, measure, multiple, fraction, vague), asserter (str
        or null, see `assert_by`), reason (str, the rule of `languages/any/quantity_rules.toml`).
    """
    spoken = (
        {} if articles is None or "language" not in articles else articles.set_index("doc_id")["language"].to_dict()
    )
    rows: list[tuple[Any, ...]] = []
    for doc_id, doc in docs.items():
        own = spoken.get(doc_id)
        finder = QuantityFinder(own if isinstance(own, str) else language)
        rows += ((doc_id, *row) for row in table_rows(finder(doc)))
    table = pd.DataFrame(rows, columns=QUANTITY_COLUMNS)
    return table.astype({"value": "float64", "low": "float64", "high": "float64"})


def assert_by(quantities: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """Say who asserts each quantity: the speaker of the innermost quotation or statement around it.

    Args:
        quantities: Table `quantities`.
        quotes: Table `quotes` (doc_id, start, end, speaker).

    Returns:
        The table with `asserter` filled; null where the outlet itself speaks, or the speaker is not known.
    """
    spans: dict[str, list[tuple[int, int, object]]] = {}
    for doc_id, start, end, speaker in quotes[["doc_id", "start", "end", "speaker"]].itertuples(index=False):
        spans.setdefault(doc_id, []).append((int(start), int(end), speaker))

    def asserter(doc_id: str, start: int, end: int) -> object:
        around = [s for s in spans.get(doc_id, ()) if s[0] < end and start < s[1] and (s[0] <= start or end <= s[1])]
        inner = min(around, key=lambda s: (s[1] - s[0], s[0]), default=None)
        return inner[2] if inner and isinstance(inner[2], str) else None

    columns = quantities[["doc_id", "start", "end"]].itertuples(index=False)
    return quantities.assign(asserter=pd.Series([asserter(*row) for row in columns], quantities.index, dtype="str"))


def table_rows(doc: Doc) -> Iterator[tuple[Any, ...]]:
    """The rows of one Doc's `._.quantities` without doc_id, with offsets in the raw text."""
    for start, end, *values in doc._.quantities:
        shift = block_shift(doc, start)
        yield (start + shift, end + shift, doc.text[start:end], *values)


class QuantityFinder:
    """spaCy component: quantities in `doc._.quantities` and, with the kind as label, in `doc.spans`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.grammar = grammar(language, RULES)
        self.times = DateFinder(language, Anchor())

    def __call__(self, doc: Doc) -> Doc:
        """Find and store."""
        found: list[tuple[Any, ...]] = []
        spans = []
        starts = doc.to_array("IDX").tolist()
        for start, text in block_texts(doc):
            lexemes = self.grammar.reader.read(text)
            for q in self.find(doc, lexemes, starts, start):
                first, last = start + lexemes[q.first].start, start + lexemes[q.last - 1].end
                if q.noun is not None:
                    last = max(last, q.noun.end)
                name, phrase = (q.noun.lemma, q.noun.phrase) if q.noun else (None, None)
                found.append((first, last, q.value, q.low, q.high, q.unit, name, phrase, q.bound, q.kind, None, q.rule))
                span = doc.char_span(first, last, label=q.kind, alignment_mode="expand")
                spans += [span] if span is not None else []
        doc._.quantities = found
        doc.spans[SPANS] = spans
        return doc

    def find(self, doc: Doc, lexemes: Sequence[Lexeme], starts: Sequence[int], offset: int) -> Iterator[Quantity]:
        """The quantities among the lexemes of one block that begins at an offset of the Doc, in the order of the text."""
        if not any(_TRIGGERS & x.classes.keys() for x in lexemes):
            return
        taken = {i for t in self.times.find(lexemes) if t.has_numbers for i in range(t.first, t.last)}
        free = [
            replace(x, classes={"DATED": True}, symbol=self._dated()) if i in taken else x
            for i, x in enumerate(lexemes)
        ]
        for match in self.grammar.find(free):
            if not match.build:
                continue
            quantity = _BUILDERS[match.build](match, free)
            built = [quantity] if quantity else _both_ends(match, free) if match.build == "range" else []
            for found in built:
                yield from self._with_noun(doc, found, free, starts, offset)

    def _dated(self) -> str:
        return self.grammar.reader.symbol({"DATED": True})

    def _with_noun(
        self, doc: Doc, found: Quantity, lexemes: Sequence[Lexeme], starts: Sequence[int], offset: int
    ) -> Iterator[Quantity]:
        """Add what is counted, or drop what only looks like a quantity: a verb's form, an ordinal without its noun."""
        if found.kind in ("cardinal", "ordinal"):
            at = bisect_left(starts, offset + lexemes[found.last - 1].start)
            if found.is_unsure and (at >= len(doc) or doc[at].pos_ != "ADJ"):
                return
            if at < len(doc) and doc[at].pos_ in ("AUX", "VERB") and not lexemes[found.last - 1].classes.get("DIGITS"):
                return
            if "VERB_FORM" in lexemes[found.last - 1].classes and self._is_singular(lexemes, found.last):
                return
        noun = None
        if found.kind not in ("age", "multiple"):
            takes_of = found.kind != "ordinal"
            noun = counted(doc, lexemes, found.last, starts, offset, takes_of=takes_of, needs_of=found.unit is not None)
        if found.kind == "ordinal" and noun is None:
            return
        if found.kind == "cardinal" and noun is None and self._is_noun(doc, lexemes[found.last - 1], starts, offset):
            return
        if found.rule == "vague" and noun is None:
            return
        quantity = replace(found, noun=noun)
        behind = noun.last if noun else found.last
        if behind < len(lexemes) and quantity.bound == "exact":
            after = lexemes[behind].classes.get("BOUND_AFTER")
            if after and "BOUND" not in lexemes[min(behind + 1, len(lexemes) - 1)].classes:
                quantity = replace(quantity, bound=_single(after))
        yield quantity

    @staticmethod
    def _is_noun(doc: Doc, lexeme: Lexeme, starts: Sequence[int], offset: int) -> bool:
        """Whether a number word is a noun of its own here ("i venti soffiano")."""
        at = bisect_left(starts, offset + lexeme.start)
        word = "VALUE" in lexeme.classes and "DIGITS" not in lexeme.classes
        return word and at < len(doc) and doc[at].pos_ == "NOUN"

    def _is_singular(self, lexemes: Sequence[Lexeme], i: int) -> bool:
        """Whether a word follows whose form tells the singular: a number above one does not count it."""
        endings = languages.optional(self.language, "number_words").get("singular_ending", {}).get("words", ())
        return i < len(lexemes) and "CONTENT" in lexemes[i].classes and lexemes[i].form.endswith(tuple(endings))


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, tuple) else value


def _get(match: Match, *names: str) -> Lexeme | None:
    return next((match.captured[name] for name in names if name in match.captured), None)


def _bound(match: Match, number: Number | None) -> str:
    """The hedge before the number, else that behind it, else what the number itself says ("una decina")."""
    hedge = _get(match, "bound")
    after = _get(match, "after")
    if hedge is not None and (bound := str(_single(hedge.classes["BOUND"]))) != "exact":
        return bound
    if after is not None:
        return str(_single(after.classes["BOUND_AFTER"]))
    if "tilde" in match.captured:
        return "about"
    return number.bound if number else "exact"


def _number(match: Match) -> Number:
    lexeme = _get(match, "num")
    return lexeme.classes["NUM"] if lexeme else Number(0.5)  # the rule took “mezz'ora”


def _is_one(match: Match, *names: str) -> bool:
    """Whether the number is "un" alone: an article."""
    lexeme = _get(match, *names)
    return lexeme is not None and "ONE" in lexeme.classes


def _plain(match: Match, _: Sequence[Lexeme]) -> Quantity | None:
    if _is_one(match, "num"):
        return None
    number = _number(match)
    kind = "vague" if number.value is None else "cardinal"
    return Quantity(match.first, match.last, match.rule, number.value, kind, _bound(match, number))


def _age(match: Match, lexemes: Sequence[Lexeme]) -> Quantity | None:
    word = _get(match, "age")
    number = Number(float(word.classes["AGE"])) if word else _number(match)
    # The cue and the name before it are no part of the quantity.
    begin = _get(match, "bound", "num", "age")
    first = next(i for i in range(match.first, match.last) if lexemes[i] is begin)
    return Quantity(first, match.last, match.rule, number.value, "age", _bound(match, number), "a")


def _unit(match: Match, _: Sequence[Lexeme]) -> Quantity | None:
    if _is_one(match, "num") and "half" not in match.captured:
        return None
    number = _number(match)
    value = number.value
    if value is not None and "half" in match.captured:
        value += 0.5
    if (times := match.captured.get("times")) is not None:
        kind, unit = "multiple", times.form
    else:
        kind, unit = _kind_and_unit(match)
    if "part" in match.captured and value is not None:
        value /= _CENTS
    return Quantity(match.first, match.last, match.rule, value, kind, _bound(match, number), unit)


def _kind_and_unit(match: Match) -> tuple[str, str | None]:
    for name, (cls, kind) in _UNITS.items():
        if (lexeme := match.captured.get(name)) is not None:
            return kind, str(_single(lexeme.classes[cls]))
    if (times := match.captured.get("times")) is not None:
        return "multiple", times.form
    return "cardinal", None


def _stopwatch(match: Match, _: Sequence[Lexeme]) -> Quantity | None:
    parts = seconds(match.captured["watch"].form)
    if parts is None:
        return None
    value = float(parts[0] * 3600 + parts[1] * 60 + parts[2])
    return Quantity(match.first, match.last, match.rule, value, "duration", _bound(match, None), "s")


def _compound(match: Match, _: Sequence[Lexeme]) -> Quantity | None:
    """Hours with minutes, or minutes with seconds: one duration in the smaller unit."""
    more, less = (match.captured[name].classes["NUM"].value for name in ("num", "num2"))
    if more is None or less is None:
        return None
    unit = "min" if "hours" in match.captured else "s"
    return Quantity(match.first, match.last, match.rule, more * 60 + less, "duration", _bound(match, None), unit)


def _times_word(match: Match, _: Sequence[Lexeme]) -> Quantity | None:
    value = float(match.captured["word"].classes["TIMES_WORD"])
    return Quantity(match.first, match.last, match.rule, value, "multiple")


def _multiple(match: Match, _: Sequence[Lexeme]) -> Quantity | None:
    value = float(match.captured["word"].classes["MULTIPLICATIVE"])
    return Quantity(match.first, match.last, match.rule, value, "multiple")


def _fraction(match: Match, _: Sequence[Lexeme]) -> Quantity | None:
    word = _get(match, "word")
    value = float(_single(word.classes.get("FRACTION") or word.classes["FRACTION_WORDS"])) if word else None
    return Quantity(match.first, match.last, match.rule, value, "fraction", _bound(match, None))


def _ratio(match: Match, _: Sequence[Lexeme]) -> Quantity | None:
    part, whole = (match.captured[name].classes["NUM"].value for name in ("low", "high"))
    if not whole or part is None or part > whole or _is_one(match, "high"):
        return None
    return Quantity(match.first, match.last, match.rule, part / whole, "fraction", _bound(match, None))


def _range(match: Match, _: Sequence[Lexeme]) -> Quantity | None:
    low, high = (match.captured[name].classes["NUM"] for name in ("low", "high"))
    if low.value is None or high.value is None:
        return None
    least = low.value
    if low.scale == 1 and high.scale > 1 and least < high.value / high.scale:  # “tra 340 e 390 milioni”
        least *= high.scale
    if least >= high.value or low.is_digits != high.is_digits:
        return None
    kind, unit = _kind_and_unit(match)
    return Quantity(match.first, match.last, match.rule, None, kind, "range", unit, least, high.value)


def _both_ends(match: Match, lexemes: Sequence[Lexeme]) -> list[Quantity]:
    """The two numbers of what is no range: "passati da 31 a 9"."""
    ends = [i for i in range(match.first, match.last) if lexemes[i] in (match.captured["low"], match.captured["high"])]
    numbers = [(i, lexemes[i].classes["NUM"]) for i in ends if "ONE" not in lexemes[i].classes]
    return [Quantity(i, i + 1, match.rule, n.value, "cardinal", n.bound) for i, n in numbers if n.value is not None]


def _vague(match: Match, _: Sequence[Lexeme]) -> Quantity | None:
    return Quantity(match.first, match.last, match.rule, None, "vague", "vague")


def _both(match: Match, _: Sequence[Lexeme]) -> Quantity | None:
    return Quantity(match.first, match.last, match.rule, float(match.captured["word"].classes["BOTH"]), "cardinal")


def _ordinal(match: Match, lexemes: Sequence[Lexeme]) -> Quantity | None:
    """An ordinal before its noun; one that is also another word is unsure without an article or possessive."""
    word = match.captured.get("ord")
    value = word.classes["ORD"] if word else match.captured["digits"].classes["NUM"].value
    before = lexemes[match.first - 1].classes if match.first else {}
    if "RANK_NOUN" in lexemes[match.last].classes:
        return None
    unsure = bool(word and "ORDINAL_UNSURE" in word.classes and "BEFORE_ORDINAL" not in before)
    return Quantity(match.first, match.last, match.rule, float(value), "ordinal", is_unsure=unsure)


def _name(match: Match, lexemes: Sequence[Lexeme]) -> Quantity | None:
    """A number behind a capital belongs to the name ("Falcon 9"), unless the capital only begins a sentence."""
    before = lexemes[match.first - 1].classes if match.first else {"END": True}
    if {"END", "COLON", "SIGN"} & before.keys() and match.last - match.first == 2:  # noqa: PLR2004
        number: Number = lexemes[match.last - 1].classes["NUM"]
        return Quantity(match.last - 1, match.last, match.rule, number.value, "cardinal")
    return None


_BUILDERS: Mapping[str, Callable[[Match, Sequence[Lexeme]], Quantity | None]] = {
    "number": _plain,
    "name": _name,
    "age": _age,
    "unit": _unit,
    "stopwatch": _stopwatch,
    "compound": _compound,
    "times_word": _times_word,
    "multiple": _multiple,
    "fraction": _fraction,
    "ratio": _ratio,
    "range": _range,
    "vague": _vague,
    "both": _both,
    "ordinal": _ordinal,
}


@Language.factory("rassegna_quantities", default_config={"language": "it"}, assigns=["doc._.quantities", "doc.spans"])
def make_quantities(nlp: Language, name: str, language: str) -> QuantityFinder:  # noqa: ARG001
    """Make the component for any pipeline; parts of speech and lemmas, where it has them, find the noun counted."""
    return QuantityFinder(language)
