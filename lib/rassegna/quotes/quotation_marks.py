"""Pair the quotation marks of an article: mixtures, nested, unclosed, over several paragraphs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from rassegna.languages import entry, optional

TERMINAL = ".!?…"

OPENING_CONTEXT = "([{<—–-/'’«“„‘\"="
DOUBLE = re.compile(r"[“”„«»\"]")
BROKEN_LINE = re.compile(r"[\w,;:’'-]\s*$")  # a paragraph that stops without a full stop


@dataclass(frozen=True)
class Marked:
    """What stands in one pair of outermost quotation marks: offsets of the text within, white space left out.

    `outer_start` and `outer_end` count the marks; `is_closed` is False where the closing mark is missing.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    mark: str
    is_closed: bool
    n_paragraphs: int = 1

    def trimmed(self, text: str, signs: str | None = None) -> "Marked":
        """The same without white space, or signs, at the start, and without white space at the end."""
        inner = text[self.start : self.end]
        start = self.start + len(inner) - len(inner.lstrip(signs))
        return replace(self, start=start, end=self.start + len(inner.rstrip()))


@dataclass
class _Open:
    mark: str
    at: int  # the mark
    paragraph: int


def marked(text: str, paragraphs: Sequence[tuple[int, int]], *, language: str = "it") -> list[Marked]:
    """Find what stands in quotation marks.

    Args:
        text: The text that the offsets point into.
        paragraphs: Start and end of each paragraph, in order.
        language: Language whose clipped words ("po'") end in an apostrophe.

    Returns:
        The outermost pairs in order of place. Marks within a pair belong to it. A mark that is never closed ends with
        its paragraph, or with the line that goes on with it.
    """
    found: list[Marked] = []
    carried: _Open | None = None
    for number, (start, end) in enumerate(paragraphs):
        scan = _Paragraph(text, start, end, number, language)
        carried = scan.pair(carried, found)
        if carried is not None and not _goes_on(text, carried, paragraphs, number):
            found.append(_unclosed(carried, end, number))
            carried = None
    return [m.trimmed(text) for m in sorted(found, key=lambda m: m.start) if text[m.start : m.end].strip()]


@cache
def _closers() -> dict[str, frozenset[str]]:
    """Opening mark → the marks that may close it."""
    return {mark: frozenset(closers) for mark, closers in entry("any", "quotation_marks", "pairs").items()}


@cache
def _any_mark() -> re.Pattern[str]:
    """Any mark of one character, opening or closing."""
    marks = {mark for opening, closers in _closers().items() for mark in (opening, *closers)}
    return re.compile(f"[{''.join(sorted(re.escape(mark) for mark in marks if len(mark) == 1))}]")


class _Paragraph:
    """One paragraph while its marks are paired."""

    def __init__(self, text: str, start: int, end: int, number: int, language: str) -> None:
        self.text, self.start, self.end, self.number = text, start, end, number
        self.closers, self.kinds = _closers(), entry("any", "quotation_marks", "kinds")
        self.clipped = optional(language, "quotation").get("clipped", ())

    def pair(self, carried: _Open | None, found: list[Marked]) -> _Open | None:
        """Pair the marks from left to right; return what is still open at the end."""
        stack = [carried] if carried else []
        first = self.start
        if carried and self.text[first : first + 1] in {carried.mark, *self.closers[carried.mark]}:
            first += 1  # the mark is repeated at the head of a paragraph
        for m in _any_mark().finditer(self.text, first, self.end):
            i, mark = m.start(), m.group()
            level = self._closes(stack, i)
            if level is not None:
                opened = stack[level]
                del stack[level:]
                if not stack:
                    n = self.number - opened.paragraph + 1
                    found.append(Marked(opened.at + 1, i, opened.at, i + 1, opened.mark, True, n))
            elif self._opens(stack, i):
                if len(stack) == 1 and self._left_open(stack[0], i):
                    opened = stack.pop()
                    if opened.mark not in self.kinds["single"]:
                        found.append(_unclosed(opened, self._first_stop(opened.at + 1, i), self.number))
                stack.append(_Open(mark, i, self.number))
        while stack and stack[-1].mark in self.kinds["single"]:
            stack.pop()  # an apostrophe after all
        return stack[0] if stack else None

    def _around(self, i: int) -> tuple[str, str]:
        before = self.text[i - 1] if i > self.start else ""
        after = self.text[i + 1] if i + 1 < self.end else ""
        return before, after

    def _closes(self, stack: list[_Open], i: int) -> int | None:
        """The level of the stack that the mark closes, the innermost first; None when it closes nothing."""
        mark = self.text[i]
        before, after = self._around(i)
        if mark in self.kinds["single"] and not self._ends_single(i):
            return None
        for level in range(len(stack) - 1, -1, -1):
            opened = stack[level]
            if mark not in self.closers[opened.mark]:
                continue
            at_word = not before or (before.isspace() and after and not after.isspace())
            if mark in ('"', "“") and at_word and not (mark == '"' and mark not in self.text[i + 1 : self.end]):
                continue  # it stands before a word: another one opens
            if mark == "“" and opened.mark == "“" and after.isalnum():
                continue
            return level
        return None

    def _ends_single(self, i: int) -> bool:
        """Whether a single mark stands where one may close: behind a word's end, and not in or at a clipped word."""
        before, after = self._around(i)
        if not before or before.isspace() or after.isalnum():
            return False
        word = re.search(r"\w+$", self.text[max(self.start, i - 20) : i])
        return not (word and word.group().casefold() in self.clipped)

    def _opens(self, stack: list[_Open], i: int) -> bool:
        mark = self.text[i]
        before, after = self._around(i)
        if mark not in self.closers or not after:
            return False
        if mark in self.kinds["measure"] and before.isdigit():
            return False
        if mark in ("'", "‘", "‚"):
            free = not before or before.isspace() or before in OPENING_CONTEXT
            return free and after.isalpha() and self._has_single_end(i)
        if mark in self.kinds["reversed"]:
            free = not stack and (not before or before.isspace()) and not after.isspace()
            return free and any(c in self.text[i + 1 : self.end] for c in self.closers[mark])
        if mark == '"':
            within = stack and stack[-1].mark == '"'
            return not before or before.isspace() or not (within or after.isspace())
        return True

    def _has_single_end(self, i: int) -> bool:
        stop = min(self.end, i + entry("any", "quotation_marks", "limits.single_length"))
        closers = self.closers[self.text[i]]
        return any(self.text[j] in closers and self._ends_single(j) for j in range(i + 2, stop))

    def _left_open(self, opened: _Open, i: int) -> bool:
        """Whether a second opening mark of the same form shows that the first was never closed."""
        if self.text[i] != opened.mark or opened.paragraph != self.number:
            return False
        if opened.mark == '"':
            return self.text.count('"', i, self.end) % 2 == 0
        rest = self.text[i : self.end]
        closers = sum(rest.count(c) for c in self.closers[opened.mark] - {opened.mark})
        return closers <= rest.count(opened.mark)

    def _first_stop(self, start: int, end: int) -> int:
        """Where the sentence in which an unclosed quotation begins stops, before another mark opens."""
        stop = re.search(r"[.!?…](?=\s)", self.text[start:end])
        return start + stop.end() if stop else end


def _goes_on(text: str, opened: _Open, paragraphs: Sequence[tuple[int, int]], number: int) -> bool:
    """Whether a quotation that is open at the end of a paragraph goes on in the next."""
    closers = _closers()[opened.mark]
    last = min(len(paragraphs), opened.paragraph + entry("any", "quotation_marks", "limits.paragraphs"))
    for later in range(number + 1, last):
        following = text[slice(*paragraphs[later])]
        if later == number + 1 and BROKEN_LINE.search(text[slice(*paragraphs[number])]) and following[:1].islower():
            return True
        mark = DOUBLE.search(following)
        if following[:1] in closers | {opened.mark}:
            return True
        if mark is not None:  # the first mark of the paragraph closes rather than opens
            return mark.group() in closers and not following[mark.start() - 1].isspace()
    return False


def _unclosed(opened: _Open, end: int, number: int) -> Marked:
    return Marked(opened.at + 1, end, opened.at, end, opened.mark, False, number - opened.paragraph + 1)
