"""Rules over classes of words, written in TOML: the grammar of time expressions and of quantities.

A rule is a regular expression over classes; it runs over a string in which every lexeme is one character.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

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
    n_symbols: int = -1  # that there were when it was compiled

    @cached_property
    def needs(self) -> list[set[str]]:
        """Of each alternative, the classes without which it cannot fit: most rules need not be tried on a text."""
        found: list[set[str]] = [set()]
        depth = 0
        for m in _PART.finditer(self.pattern):
            if m["bad"]:
                raise ValueError(f"rule {self.name}: {m['bad']!r} in {self.pattern!r}")
            depth += {"(": 1, ")": -1}.get(m["sign"], 0)
            if depth:
                continue
            if m["sign"] == "|":
                found.append(set())
            elif m["class"] and "!" not in (m["look"] or "") and self.pattern[m.end() : m.end() + 1] not in ("?", "*"):
                found[-1].add(m["class"])
        return found


@dataclass
class Grammar:
    """Rules over the classes of one reader's words."""

    reader: Reader
    rules: list[_Rule]

    def find(self, lexemes: Sequence[Lexeme]) -> list[Match]:
        """The matches that stand when longer ones win over shorter, and earlier rules over later; in text order."""
        text = "".join(lexeme.symbol for lexeme in lexemes)
        present: set[str] = set().union(*(self.reader.names[symbol] for symbol in set(text)))
        found = []
        for order, rule in enumerate(self.rules):
            if not any(needed <= present for needed in rule.needs):
                continue
            matches = (m for m in self._compiled(rule).finditer(text) if m.end() > m.start())
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

    def _compiled(self, rule: _Rule) -> re.Pattern[str]:
        """The rule as a regular expression over the symbols that there are; a text may bring new ones."""
        if rule.compiled is None or rule.n_symbols != len(self.reader.symbols):
            written = "".join(self._parts(rule))
            if rule.compiled is None or rule.compiled.pattern != written:
                rule.compiled = re.compile(written)
            rule.n_symbols = len(self.reader.symbols)
        return rule.compiled

    def _parts(self, rule: _Rule) -> Iterator[str]:
        names: Counter[str] = Counter()
        for m in _PART.finditer(rule.pattern):
            if m["sign"]:
                yield "(?:" if m["sign"] == "(" else m["sign"]
                continue
            symbols = self.reader.members.get(m["class"])
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
