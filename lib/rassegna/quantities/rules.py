"""What each rule of `any/quantity_rules.toml` makes of the words that it captured."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rassegna.dates.duration_rules import seconds
from rassegna.dates.timex import captured
from rassegna.quantities.counted import Counted
from rassegna.reading.grammar import Match
from rassegna.reading.numerals import Number
from rassegna.reading.reader import Lexeme, single

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


def _bound(match: Match, number: Number | None) -> str:
    """The hedge before the number, else that behind it, else what the number itself says ("una decina")."""
    hedge = captured(match, "bound")
    after = captured(match, "after")
    if hedge is not None and (bound := str(single(hedge.classes["BOUND"]))) != "exact":
        return bound
    if after is not None:
        return str(single(after.classes["BOUND_AFTER"]))
    if "tilde" in match.captured:
        return "about"
    return number.bound if number else "exact"


def _number(match: Match) -> Number:
    lexeme = captured(match, "num")
    return lexeme.classes["NUM"] if lexeme else Number(0.5)  # the rule took “mezz'ora”


def _is_one(match: Match, *names: str) -> bool:
    """Whether the number is "un" alone: an article."""
    lexeme = captured(match, *names)
    return lexeme is not None and "ONE" in lexeme.classes


def _plain(match: Match, _: Sequence[Lexeme]) -> Quantity | None:
    if _is_one(match, "num"):
        return None
    number = _number(match)
    kind = "vague" if number.value is None else "cardinal"
    return Quantity(match.first, match.last, match.rule, number.value, kind, _bound(match, number))


def _age(match: Match, lexemes: Sequence[Lexeme]) -> Quantity | None:
    word = captured(match, "age")
    number = Number(float(word.classes["AGE"])) if word else _number(match)
    # The cue and the name before it are no part of the quantity.
    begin = captured(match, "bound", "num", "age")
    first = next(i for i in range(match.first, match.last) if lexemes[i] is begin)
    return Quantity(first, match.last, match.rule, number.value, "age", _bound(match, number), "a")


def _unit(match: Match, _: Sequence[Lexeme]) -> Quantity | None:
    if _is_one(match, "num") and "half" not in match.captured:
        return None
    number = _number(match)
    value = number.value
    if value is not None and "half" in match.captured:
        value += 0.5
    kind, unit = _kind_and_unit(match)
    if "part" in match.captured and value is not None:
        value /= _CENTS
    return Quantity(match.first, match.last, match.rule, value, kind, _bound(match, number), unit)


def _kind_and_unit(match: Match) -> tuple[str, str | None]:
    for name, (cls, kind) in _UNITS.items():
        if (lexeme := match.captured.get(name)) is not None:
            return kind, str(single(lexeme.classes[cls]))
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
    word = captured(match, "word")
    value = float(single(word.classes.get("FRACTION") or word.classes["FRACTION_WORDS"])) if word else None
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


def both_ends(match: Match, lexemes: Sequence[Lexeme]) -> list[Quantity]:
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
    if {"END", "COLON", "SIGN"} & before.keys() and match.last - match.first == 2:
        number: Number = lexemes[match.last - 1].classes["NUM"]
        return Quantity(match.last - 1, match.last, match.rule, number.value, "cardinal")
    return None


BUILDERS: Mapping[str, Callable[[Match, Sequence[Lexeme]], Quantity | None]] = {
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
