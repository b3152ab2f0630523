"""Numbers in words and digits: what "ventiquattro", "11mila", "un milione e mezzo" or "11.000" is worth."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from rassegna import languages

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_IS_ROMAN = re.compile(r"(?=[IVXLC])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_GROUPS = re.compile(r"\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+")
_SPACES = dict.fromkeys(map(ord, " '’\u00a0\u202f"))
BEGINNINGS = {"VALUE", "HALF", "COLLECTIVES"}  # classes of what a number may begin with
_OLDEST = 120  # years that a word such as "quarantenne" may name


@dataclass(frozen=True, slots=True)
class Number:
    """What a number is worth.

    Attributes:
        value: Its value; None when it is vague ("decine").
        bound: `exact`, `about` ("una decina") or `vague`.
        is_digits: Written in digits.
        scale: What its last scale word multiplies by ("390 milioni"), which a range shares.
    """

    value: float | None
    bound: str = "exact"
    is_digits: bool = False
    scale: float = 1.0


class Item(Protocol):
    """What numbers are put together from: a word or sign with its classes."""

    @property
    def classes(self) -> Mapping[str, Any]:
        """Class to value."""

    @property
    def is_glued(self) -> bool:
        """Whether it stands right behind the one before."""


@dataclass(frozen=True)
class Words:
    """The number words of one language, compounds included: word to value."""

    cardinals: dict[str, float]
    ordinals: dict[str, float]
    ages: dict[str, float]
    decimal: str
    hundred: str = ""
    thousand: str = ""
    thousands: str = ""
    elided: str = ""

    def cardinal(self, word: str) -> float | None:
        """The value of a number word, a compound of thousands too ("trecentomila"), or None."""
        if (value := self.cardinals.get(word)) is not None:
            return value
        if word.endswith("'") and len(word) > 4:
            return next((v for vowel in self.elided if (v := self.cardinals.get(word[:-1] + vowel)) is not None), None)
        for joint, fixed in ((self.thousands, None), (self.thousand, 1.0)):
            head, found, rest = word.partition(joint) if joint else (word, "", "")
            if not found or (fixed and head) or not (fixed or head):
                continue
            left, right = fixed or self.cardinals.get(head), self.cardinals.get(rest, 0.0)
            if left is not None and (right or not rest):
                return left * 1000 + right
        return None

    def digits(self, text: str) -> float:
        """The value of digits with separators: three behind a sign are thousands, as the language writes them.

        A foreign sign is taken for the language's own where the digits leave no doubt ("11,000" and "2.5" in Italian).
        """
        other = "." if self.decimal == "," else ","
        if _GROUPS.fullmatch(text):
            plain = text.translate(_SPACES)
            signs = [c for c in plain if not c.isdigit()]
            if self.decimal not in signs or len(signs) > 1 or plain.endswith("000"):
                return float(plain.replace(".", "").replace(",", ""))
        plain = text.translate(_SPACES)
        last = max(plain.rfind(","), plain.rfind("."))
        if plain.count(other) == 1 and plain[last : last + 1] == other and self.decimal not in plain:
            return float(plain.replace(other, "."))
        if plain[last : last + 1] == self.decimal:
            return float(plain.replace(other, "").replace(self.decimal, "."))
        return float(plain.replace(self.decimal, "").replace(other, "."))


@cache
def words(language: str) -> Words:
    """The number words of a language; one without resources has none, and its digits are read by CLDR's sign."""
    own = languages.optional(language, "number_words")
    compose = own.get("compose", {})
    small, tens = own.get("small", {}), own.get("tens", {})
    below = _below_thousand(small, tens, compose)
    ordinals = {s + e: float(v) for s, v in own.get("ordinal_stem", {}).items() for e in compose.get("endings", [""])}
    ordinals |= {word: float(value) for word, value in own.get("ordinal", {}).items()}
    ages: dict[str, float] = {}
    for word, value in below.items():
        stem = word if word.endswith(tuple(compose.get("keeps_vowel", ()))) else word.rstrip(compose.get("vowels", ""))
        if value > 10 and "ordinal" in compose:
            ordinals |= {f"{stem}{compose['ordinal']}{end}": value for end in compose["endings"]}
        if 10 < value < _OLDEST:
            ages |= {f"{part}{suffix}": value for suffix in compose.get("age", ()) for part in (stem, word)}
    decimal = own.get("format", {}).get("decimal") or languages.locale(language).number_symbols["latn"]["decimal"]
    joints = (compose.get("hundred", ""), compose.get("thousand", ""), compose.get("thousands", ""))
    decimal = decimal if decimal in ".," else "."
    return Words(below, ordinals, ages, decimal, *joints, elided=compose.get("vowels", ""))


def _below_thousand(small: Mapping[str, int], tens: Mapping[str, int], compose: Mapping[str, Any]) -> dict[str, float]:
    """Words of 0-999 in a language that joins them; else the parts alone."""
    found: dict[str, float] = {word: float(value) for word, value in {**small, **tens}.items()}
    if "hundred" not in compose:
        return found
    vowels = tuple(compose["vowels"])
    for ten, value in tens.items():
        for unit, more in small.items():
            if 0 < more < 10:
                found[(ten[:-1] if unit.startswith(vowels) else ten) + unit] = float(value + more)
    hundred = compose["hundred"]
    for head, times in [("", 1.0), *((w, float(v)) for w, v in small.items() if 1 < v < 10)]:
        found[f"{head}{hundred}"] = times * 100
        for rest, below in list(found.items()):
            if 0 < below < 100:
                joined = times * 100 + below
                found |= {f"{head}{hundred}{rest}": joined, f"{head}{hundred[:-1]}{rest}": joined}
    found[compose["thousand"]] = 1000.0
    return found


def roman(text: str) -> int | None:
    """The value of a Roman numeral below 400 in capitals, or None."""
    if not _IS_ROMAN.fullmatch(text):
        return None
    values = [_ROMAN[c] for c in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def number_at(items: Sequence[Item], i: int) -> tuple[int, Number] | None:
    """The number that begins at an item: the index behind its last item, and what it is worth; None if none does."""

    def has(j: int, name: str) -> bool:
        return j < len(items) and name in items[j].classes

    if has(i, "HALF") and has(i + 1, "SCALE"):
        return i + 2, Number(0.5 * items[i + 1].classes["SCALE"])
    if has(i, "COLLECTIVES"):
        # "decine di migliaia"
        while has(i + 1, "OF") and has(i + 2, "COLLECTIVES"):
            i += 2
        return i + 1, Number(None, "vague")
    if not has(i, "VALUE"):
        return None
    value, is_digits = float(items[i].classes["VALUE"]), "DIGITS" in items[i].classes
    j = i + 1
    joint = j + 1 if has(j, "DASH") and items[j].is_glued else j
    if has(i, "TEN") and has(joint, "UNIT_WORD"):
        value, j = value + items[joint].classes["VALUE"], joint + 1
    for name in ("COLLECTIVE", "COLLECTIVES"):
        if has(j, name) and not is_digits:
            return j + 1, Number(value * items[j].classes[name], "about")
    if has(j, "AND_HALF") and not has(i, "ONE"):
        scale = items[j + 1].classes["SCALE"] if has(j + 1, "SCALE") else 1
        return j + 1 + has(j + 1, "SCALE"), Number((value + 0.5) * scale, is_digits=is_digits)
    is_scale = items[i].classes.get("SCALE") == value  # "mille deux cents"
    return _scaled(items, i, 1.0, is_digits) if is_scale else _scaled(items, j, value, is_digits)


def _scaled(items: Sequence[Item], j: int, value: float, is_digits: bool) -> tuple[int, Number]:
    """Go on with a number's scales: "due | milioni e 300mila", "one | hundred and twenty thousand"."""
    total, scale = 0.0, float("inf")

    def classes(k: int) -> Mapping[str, Any]:
        return items[k].classes if k < len(items) else {}

    if "DASH" in classes(j) and items[j].is_glued and "SCALE" in classes(j + 1):  # "34-million-year-old"
        j += 1
    while "SCALE" in classes(j) and classes(j)["SCALE"] < scale:
        scale = float(classes(j)["SCALE"])
        value, j = value * scale, j + 1
        if "SCALE" in classes(j) and classes(j)["SCALE"] > scale:  # "mille miliardi", "hundred thousand"
            total, scale = 0.0, float("inf")
            continue
        if "AND_HALF" in classes(j):
            value, j = value + 0.5 * scale, j + 1
        total += value
        value = 0.0
        k = j + 1 if "AND" in classes(j) else j
        more = classes(k).get("VALUE")
        smaller = classes(k + 1).get("SCALE", 0) < scale
        if more is None or more >= scale or not smaller:
            break
        if "SCALE" in classes(k + 1) or scale <= 100 or (k == j and more >= 1000):
            ten = "TEN" in classes(k) and "UNIT_WORD" in classes(k + 2) and "DASH" in classes(k + 1)
            value = float(more) + (classes(k + 2)["VALUE"] if ten else 0)
            j = k + (3 if ten else 1)
    last = 1.0 if scale == float("inf") else scale
    return j, Number(total + value, is_digits=is_digits, scale=last)
