"""Rules over classes of words, written in TOML: the grammar of time expressions and of quantities.

A rule is a regular expression over classes; it runs over a string in which every lexeme is one character.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rassegna import languages
from rassegna.reading.reader import Lexeme, Reader, reader

_PART = re.compile(r"(?P<look><!|<|>!|>)?(?:(?P<name>\w+):)?(?P<class>[A-Z][A-Z0-9_]*)|(?P<sign>[()?*+|])|(?P<bad>\S)")


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that fits some lexemes: the first, the one behind the last, and those captured by name."""

    rule: str
    build: str
    first: int
    last: int
    captured: Mapping[str, Lexeme]


@dataclass
class _Rule:
    name: str
    build: str
    pattern: str
    compiled: re.Pattern[str] | None = None


@dataclass
class Grammar:
    """Rules over the classes of one reader's words."""

    reader: Reader
    rules: list[_Rule]
    _compiled_for: int = -1

    def find(self, lexemes: Sequence[Lexeme]) -> list[Match]:
        """The matches that stand when longer ones win over shorter, and earlier rules over later; in text order."""
        text = "".join(lexeme.symbol for lexeme in lexemes)
        if self._compiled_for != len(self.reader.symbols):
            self._compile()
        found = []
        for order, rule in enumerate(self.rules):
            if rule.compiled is None:
                continue
            matches = (m for m in rule.compiled.finditer(text) if m.end() > m.start())
            found += [(m.start() - m.end(), order, m.start(), m.end(), rule, m) for m in matches]
        found.sort(key=lambda entry: entry[:3])
        taken: set[int] = set()
        kept = []
        for _, _, first, last, rule, m in found:
            if taken.isdisjoint(range(first, last)):
                taken.update(range(first, last))
                captured = {n.split("__")[0]: lexemes[m.start(n)] for n, got in m.groupdict().items() if got}
                kept.append(Match(rule.name, rule.build, first, last, captured))
        return sorted(kept, key=lambda match: match.first)

    def _compile(self) -> None:
        """Write each rule as a regular expression over the symbols that there are; one that none can meet is off."""
        for rule in self.rules:
            rule.compiled = re.compile("".join(self._parts(rule)))
        self._compiled_for = len(self.reader.symbols)

    def _parts(self, rule: _Rule) -> Iterator[str]:
        names: Counter[str] = Counter()
        for m in _PART.finditer(rule.pattern):
            if m["bad"]:
                raise ValueError(f"rule {rule.name}: {m['bad']!r} in {rule.pattern!r}")
            if m["sign"]:
                yield "(?:" if m["sign"] == "(" else m["sign"]
                continue
            symbols = "".join(sorted(s for names, s in self.reader.symbols.items() if m["class"] in names))
            chars = f"[{symbols}]" if symbols else r"[^\s\S]"
            look = {"<!": "(?<!", "<": "(?<=", ">!": "(?!", ">": "(?="}.get(m["look"] or "")
            if m["name"]:  # alternatives may capture under one name
                names[m["name"]] += 1
                chars = f"(?P<{m['name']}__{names[m['name']]}>{chars})"
            yield f"{look}{chars})" if look else chars


@cache
def grammar(language: str, rules: str) -> Grammar:
    """The rules of `any/<rules>.toml` and, where there is one, of the language's own `<rules>.toml`.

    Raises:
        LanguageError: No such language.
        ValueError: A rule is not well formed.
    """
    found: list[_Rule] = []
    macros: dict[str, str] = {}
    for code in dict.fromkeys((languages.ANY, language)):
        spec = languages.optional(code, rules)
        macros |= spec.get("macros", {})
        for rule in spec.get("rule", []):
            pattern = rule["pattern"]
            while "{" in pattern:
                pattern = re.sub(r"\{(\w+)\}", lambda m, known=macros: known[m[1]], pattern)  # type: ignore[misc]
            found.append(_Rule(rule["name"], rule["build"], pattern))
    return Grammar(reader(language), found)
