"""The reader that quantities and dates share: a text becomes lexemes, each with its classes.

A lexeme is a word, a sign, a phrase of the language files or a whole number ("un milione e mezzo"); its classes are the
sections of the files that it stands in, and each set of classes has a character of its own, so that rules can be
regular expressions over them (see `grammar`).
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from spacy.util import get_lang_class

from rassegna import languages
from rassegna.reading.numerals import BEGINNINGS, Number, Words, number_at, roman, words

_MOST_DIGITS = 30  # signs included; what is longer counts nothing
_TOKEN = re.compile(
    r"""(?P<code>https?://\S+|www\.\S+|[^\s@]{1,64}@\S{1,255}\.\w+)
    |(?P<numdate>\d{4}-\d\d-\d\d(?!\d)|\d{1,2}([./-])\d{1,2}\3(?:\d{4}|\d\d)(?![\d/]))
    |(?P<stopwatch>(?:\d+h\s?)?\d+\s?['′’]\s?\d{1,2}(?:\s?(?:''|’’|["″”])\d{0,3})?(?!\d)|\d{1,2}["″”]\d{1,3}|\d+:\d\d\.\d{1,3})
    |(?P<clock>(?:[01]?\d|2[0-4])[:h][0-5]\d(?:[:][0-5]\d)?(?![\d:]))
    |(?P<yearspan>(?:1[5-9]|20)\d\d/(?:\d{4}|\d\d)(?!\d))
    |(?P<slash>\d+(?:/[\w]+)+|\d+(?:[.:x]\d+){2,}(?!\d{3}))
    |(?P<number>\d{1,3}(?:[.,'’\ \u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+(?!\d))?|\d+(?:[.,]\d+)?)
    |(?P<mixed>[^\W\d_]+[-.‑]?\d(?:[\w-]|/\w)*)
    |(?P<word>[^\W\d_]+(?:['’](?=\w))?)
    |(?P<line>\n)
    |(?P<sign>\S)""",
    re.VERBOSE,
)
_FILES = ("function_words", "number_words", "units", "time_words")
_NOT_CLASSES = {
    *("compose", "format", "small", "tens", "ordinal", "ordinal_stem", "date_order", "capitals", "derived", "not_stop"),
    *("future_ending", "past_ending", "participle_ending", "singular_ending"),
}
_FIRST_SYMBOL = 0xE000  # a private character for each set of classes


@dataclass(slots=True)
class Lexeme:
    """A word, phrase, number or sign of a text: half-open offsets, the written form made plain, classes with values."""

    start: int
    end: int
    form: str
    classes: Mapping[str, Any]
    symbol: str = ""
    is_glued: bool = False


REMEMBERED = 4096  # texts (blocks)


@dataclass
class Reader:
    """The words of one language, and the symbol of each set of classes that its texts have shown."""

    language: str
    derived: Mapping[str, Sequence[str]]
    phrases: dict[str, dict[str, Any]]
    numbers: Words
    stops: frozenset[str]
    capitals: frozenset[str] = frozenset()
    symbols: dict[frozenset[str], str] = field(default_factory=dict)
    names: dict[str, frozenset[str]] = field(default_factory=dict)  # symbol to its classes
    members: dict[str, str] = field(default_factory=dict)  # class to the symbols that have it
    _heads: dict[str, int] = field(default_factory=dict)
    _read: dict[str, list[Lexeme]] = field(default_factory=dict)
    _known: dict[tuple[str, bool], tuple[Mapping[str, Any], str]] = field(default_factory=dict)
    _seen: dict[frozenset[tuple[str, Any]], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note how long the phrases are that begin with a word, so that most words need one look-up."""
        for phrase in self.phrases:
            parts = phrase.split(" ")
            self._heads[parts[0]] = max(self._heads.get(parts[0], 0), len(parts))

    def read(self, text: str) -> list[Lexeme]:
        """Cut a text into lexemes: phrases before words, numbers put together, each with its classes.

        The last texts are remembered: dates and quantities read the same ones.
        """
        if (known := self._read.pop(text, None)) is None:
            known = self._lexemes(text)
        self._read[text] = known
        if len(self._read) > REMEMBERED:
            del self._read[next(iter(self._read))]
        return known

    def _lexemes(self, text: str) -> list[Lexeme]:
        tokens = self._tokens(text)
        lexemes = []
        i = 0
        while i < len(tokens):
            found = number_at(tokens, i) if BEGINNINGS & tokens[i].classes.keys() else None
            if found is None:
                lexeme, i = tokens[i], i + 1
            else:
                last, number = found
                lexeme, i = self._number(tokens[i:last], number), last
            lexeme.symbol = lexeme.symbol or self.symbol(lexeme.classes)
            lexemes.append(lexeme)
        return lexemes

    def _tokens(self, text: str) -> list[Lexeme]:
        raw = []
        for m in _TOKEN.finditer(text):
            kind = m.lastgroup or "sign"
            form = m.group()
            raw.append((m.start(), m.end(), form, form.lower().replace("’", "'"), kind))
        found = []
        i = 0
        while i < len(raw):
            start, end, form, plain, kind = raw[i]
            glued = i > 0 and raw[i - 1][1] == start
            behind_number = glued and raw[i - 1][4] == "number"
            if (form, behind_number) in self._known:
                found.append(Lexeme(start, end, plain, *self._known[form, behind_number], is_glued=glued))
                i += 1
                continue
            n, phrase = self._phrase(raw, i)
            if kind == "number":
                classes = self._digits(form, phrase)
            elif n == 1 and kind == "word":
                classes = self._word(form, plain, phrase, behind_number=behind_number)
            else:
                classes = self._other(kind) if phrase is None else phrase
            if self.capitals and form.islower() and not self.capitals.isdisjoint(classes):
                classes = {k: v for k, v in classes.items() if k not in self.capitals}
            symbol = ""
            if kind == "word" and self._longest(plain) <= 1:  # it begins no phrase: the same wherever it stands
                symbol = "" if "VALUE" in classes else self.symbol(classes)
                if len(self._known) >= languages.WORDS:
                    self._known.clear()
                self._known[form, behind_number] = classes, symbol
            found.append(Lexeme(start, raw[i + n - 1][1], plain, classes, symbol, glued))
            i += n
        return found

    def _longest(self, plain: str) -> int:
        """How many words the longest phrase has that a word begins."""
        return self._heads.get(plain) or self._heads.get(plain.rstrip("'"), 0)

    def _phrase(self, raw: Sequence[tuple[int, int, str, str, str]], i: int) -> tuple[int, Mapping[str, Any] | None]:
        """How many tokens the longest phrase takes that begins at one, and its classes; one token when it is none."""
        plain = raw[i][3]
        for n in range(min(self._longest(plain), len(raw) - i), 0, -1):
            phrase = plain if n == 1 else " ".join(r[3] for r in raw[i : i + n])
            classes = self.phrases.get(phrase) or (self.phrases.get(plain.rstrip("'")) if n == 1 else None)
            if classes is not None:
                return n, classes
        return 1, None

    def _digits(self, form: str, known: Mapping[str, Any] | None) -> Mapping[str, Any]:
        if len(form) > _MOST_DIGITS:
            return self._other("code")
        value = self.numbers.digits(form)
        classes: dict[str, Any] = {**(known or {}), "VALUE": value, "DIGITS": True}
        if form.isdigit():
            classes["PLAIN"] = True
        elif re.fullmatch(r"(?:[01]?\d|2[0-4])[.,][0-5]\d", form):
            classes["DOTCLOCK"] = True
        return classes

    def _word(
        self, form: str, plain: str, known: Mapping[str, Any] | None, *, behind_number: bool
    ) -> Mapping[str, Any]:
        value = self.numbers.cardinal(plain)
        ordinal, age = self.numbers.ordinals.get(plain), self.numbers.ages.get(plain)
        symbol = self.phrases.get(f"={form}")
        if value is ordinal is age is symbol is None and not (form.isupper() and roman(form)):
            if known is not None:
                return known
            if behind_number:
                return {"GLUED": True}
            if plain in self.stops:
                return {"STOP": True}
            return {"CAPITAL": True} if not form.islower() else {"CONTENT": True}
        classes = {**(known or {}), **(symbol or {})}
        if value is not None:
            classes["VALUE"] = value
            if form[0].isupper():
                classes["CASED"] = True
        more = {"ORD": ordinal, "AGE": age, "ROMAN": roman(form)}
        classes |= {name: got for name, got in more.items() if got is not None}
        return classes or {"CONTENT": True}

    @staticmethod
    def _other(kind: str) -> Mapping[str, Any]:
        if kind in ("numdate", "clock", "yearspan", "stopwatch"):
            return {kind.upper(): True}
        return {"CODE": True} if kind in ("code", "slash", "mixed") else {"SIGN": True}

    def _number(self, parts: Sequence[Lexeme], number: Number) -> Lexeme:
        first, last = parts[0], parts[-1]
        form = first.form if len(parts) == 1 else " ".join(part.form for part in parts)
        classes: dict[str, Any] = dict(first.classes) if len(parts) == 1 else {}
        one = len(parts) == 1 and "ONE" in classes
        classes["NUM"] = number
        if "CASED" in first.classes:
            classes["CASED"] = True
        value = number.value
        if len(parts) == 1 and value is not None and value == int(value) and not one:
            whole, plain = int(value), "PLAIN" in classes
            if 1 <= whole <= 31 and (not plain or len(form) <= 2):
                classes["DAY"] = whole
            if 0 <= whole <= 24 and (not plain or len(form) <= 2):
                classes["HOUR"] = whole
            if plain and len(form) == 2:
                classes["YY"] = whole
            if plain and len(form) == 4 and 1000 <= whole < 2200:
                classes["YEAR"] = whole
        elif one:
            classes["HOUR"] = 1
        return Lexeme(first.start, last.end, form, classes, is_glued=first.is_glued)

    def symbol(self, classes: Mapping[str, Any]) -> str:
        """The character that stands for a set of classes."""
        if "NUM" in classes:
            return self._new_symbol(classes)
        key = frozenset(classes.items())
        if key not in self._seen:
            self._seen[key] = self._new_symbol(classes)
        return self._seen[key]

    def _new_symbol(self, classes: Mapping[str, Any]) -> str:
        names = {*classes, "ANY"}
        for name, sources in self.derived.items():
            for source in sources:
                base, _, value = source.partition("=")
                if base in classes and (not value or value in (str(v) for v in _all(classes[base]))):
                    names.add(name)
        if "ORD" in classes and classes["ORD"] == 1:
            names.add("ORD1")
        key = frozenset(names)
        if key not in self.symbols:
            symbol = self.symbols[key] = chr(_FIRST_SYMBOL + len(self.symbols))
            self.names[symbol] = key
            for name in key:
                self.members[name] = self.members.get(name, "") + symbol
        return self.symbols[key]


def _all(value: Any) -> Sequence[Any]:
    return value if isinstance(value, tuple) else (value,)


def single(value: Any) -> Any:
    """The value of a class; the first one where a word has several."""
    return _all(value)[0]


@cache
def reader(language: str) -> Reader:
    """The reader of a language; its rules share it, so that a text is read once.

    Raises:
        LanguageError: No such language.
    """
    own = languages.optional(language, "function_words")
    stops = stop_words(language) - set(own.get("not_stop", {}).get("words", ()))
    capitals = frozenset(languages.optional(language, "time_words").get("capitals", {}).get("classes", []))
    derived = languages.load(languages.ANY, "function_words")["derived"]
    found = Reader(language, derived, _phrases(language), words(language), stops, capitals)
    for classes in found.phrases.values():
        found.symbol(classes)  # known beforehand, so that rules are seldom compiled anew
    return found


@cache
def singular_endings(language: str) -> tuple[str, ...]:
    """Endings of words that a number above one cannot count."""
    return tuple(languages.optional(language, "number_words").get("singular_ending", {}).get("words", ()))


@cache
def stop_words(language: str) -> frozenset[str]:
    """Stop words as spaCy lists them; a language that it does not know has none."""
    try:
        return frozenset(get_lang_class(language).Defaults.stop_words)
    except ImportError:
        return frozenset()


def _phrases(language: str) -> dict[str, dict[str, Any]]:
    """Phrase to its classes; the phrase's words and signs stand apart by one space, a symbol has "=" before it."""
    found: dict[str, dict[str, Any]] = {}
    for phrase, name, value in (*_words_of_files(language), *_parts_of_numbers(language), *_names_of_time(language)):
        known = found.setdefault(f"={phrase}" if name == "SYMBOL" and phrase.isalpha() else _plain(phrase), {})
        known[name] = value if name not in known or known[name] == value else (*_all(known[name]), value)
    return found


def _words_of_files(language: str) -> Iterator[tuple[str, str, Any]]:
    """Phrase, class, value: of `key = value` the phrase is the key, of `key = [phrases]` the value is."""
    for code, resource in itertools.product((languages.ANY, language), _FILES):
        for section, entries in languages.optional(code, resource).items():
            for key, value in entries.items() if section not in _NOT_CLASSES else ():
                if isinstance(value, list):
                    yield from ((phrase, section.upper(), key) for phrase in value)
                else:
                    yield key, section.upper(), value


def _parts_of_numbers(language: str) -> Iterator[tuple[str, str, Any]]:
    own = languages.optional(language, "number_words")
    compose = own.get("compose", {})
    yield from ((one, "ONE", 1) for one in compose.get("one", []))
    yield from ((suffix, "AGE_SUFFIX", suffix) for suffix in compose.get("age", []))
    if "hundred" not in compose:  # a language that does not join its number words
        yield from ((word, "TEN", value) for word, value in own.get("tens", {}).items())
        yield from ((word, "UNIT_WORD", value) for word, value in own.get("small", {}).items() if 0 < value < 10)


def _names_of_time(language: str) -> Iterator[tuple[str, str, int]]:
    """Months and weekdays from CLDR; short months with and without a full stop, weekdays with and without accents."""
    locale = languages.locale(language)
    for context in ("format", "stand-alone"):
        yield from ((word, "MONTH", number) for number, word in locale.months[context]["wide"].items())
        for number, word in locale.months[context]["abbreviated"].items():
            yield from ((form, "MONTHABBR", number) for form in (word, f"{word.rstrip('.')}."))
        for number, word in locale.days[context]["wide"].items():
            plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
            yield from ((form, "WEEKDAY", number + 1) for form in (word, plain) if form)


def _plain(phrase: str) -> str:
    joined = " ".join(m.group().lower().replace("’", "'") for m in _TOKEN.finditer(phrase))
    return f"{joined[:-2]}'" if joined.endswith(" '") else joined  # an elision belongs to its word
