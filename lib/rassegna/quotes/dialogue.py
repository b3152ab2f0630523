"""Speech between dashes, and quotations that a cue between dashes interrupts."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from rassegna.languages import entry
from rassegna.languages.verbs import find_cues
from rassegna.quotes.phrases import Words
from rassegna.quotes.quotation_marks import TERMINAL, Marked

CUE_WITHIN = 3  # a cue between dashes begins within so many words
LONGEST_CUE = 200  # characters between dashes that may be a cue with its speaker
OPENS_BEHIND = TERMINAL + ':»”"'
SIGNS = " ,.;\u00a0\n"  # between a dash and the words

Dash = tuple[int, int]  # start and end in the Doc's text


def with_dialogue(text: str, paragraphs: Sequence[tuple[int, int]], marks: list[Marked], words: Words) -> list[Marked]:
    """Add speech between dashes to what stands in marks, and part what a cue between dashes interrupts.

    Args:
        text: The Doc's text, which all offsets point into.
        paragraphs: Start and end of each paragraph.
        marks: What stands in quotation marks.
        words: The words of the same Doc, in which cues are looked for.

    Returns:
        All marked strings in order of place; those between dashes have a dash as their mark.
    """
    found = [part for m in marks for part in _parted(text, m, words)]
    spoken = [m for span in paragraphs for m in _dashed(text, span, marks, words)]
    spoken += _announced(text, paragraphs, spoken)
    outermost = [m for m in found if not any(s.outer_start <= m.outer_start < s.outer_end for s in spoken)]
    spoken = [s for s in spoken if not any(m.outer_start < s.outer_start < m.outer_end for m in outermost)]
    return sorted([*outermost, *spoken], key=lambda m: m.start)


@cache
def _dash() -> re.Pattern[str]:
    signs = "".join(re.escape(d) for d in entry("any", "quotation_marks", "dashes.marks"))
    return re.compile(
        rf"(?:(?<=\s)|(?<=\s[«»“”\"])|^)[{signs}](?=[\s,.;])|(?<=[\w.!?…»”\"])\s?[—](?=[\w\s,])", re.MULTILINE
    )


def _begins_with_cue(words: Words, start: int, end: int) -> bool:
    """Whether a stretch of text begins with a cue, an adverb or pronoun before it allowed."""
    first, stop = bisect_left(words.idx, start), bisect_left(words.idx, end)
    stretch = words.lower[first : min(stop, first + CUE_WITHIN + 6)]
    cues = find_cues(stretch, language=words.language)
    finite = [c for c in cues if c.start < c.verb or c.moods - {"participle", "gerund", "infinitive"}]
    return any(c.start <= CUE_WITHIN for c in finite)


def _parted(text: str, m: Marked, words: Words) -> list[Marked]:
    """The parts of a quotation around each cue between dashes; the quotation itself when there is none."""
    dashes = [d.span() for d in _dash().finditer(text, m.start, m.end)]
    parts, begin, outer, i = [], m.start, m.outer_start, 0
    while i < len(dashes):
        close = dashes[i + 1] if i + 1 < len(dashes) else (m.end, m.end)
        if close[0] - dashes[i][1] <= LONGEST_CUE and _begins_with_cue(words, dashes[i][1], close[0]):
            parts.append(replace(m, start=begin, end=dashes[i][0], outer_start=outer, outer_end=dashes[i][0]))
            begin = outer = close[1]
            i += 1
        i += 1
    parts.append(replace(m, start=begin, outer_start=outer))
    return [p.trimmed(text, SIGNS) for p in parts if text[p.start : p.end].strip(" ,;.")] if len(parts) > 1 else [m]


def _dashed(text: str, span: tuple[int, int], marks: list[Marked], words: Words) -> list[Marked]:
    """Speech between dashes in one paragraph: it opens behind a full stop, and a cue follows the second dash."""
    start, end = span
    found = [d.span() for d in _dash().finditer(text, start, end)]
    dashes = [d for d in found if not any(m.outer_start <= d[0] < m.outer_end for m in marks)]
    n, nowhere = len(dashes), (end, end)
    dashes += [nowhere] * 3
    spoken, i = [], 0
    while i < n:
        opened, close = dashes[i], dashes[i + 1]
        before = text[start : opened[0]].rstrip()
        opens = (not before or before[-1] in OPENS_BEHIND) and text[opened[1] : end].lstrip()[:1].isupper()
        if not opens or close == nowhere or not _begins_with_cue(words, close[1], dashes[i + 2][0]):
            i += 1
            continue
        spoken.append(_spoken(text, opened, close))
        i += 2
        if i < n:  # a third dash takes the speech up again
            close = dashes[i + 1]
            spoken.append(_spoken(text, dashes[i], close))
            i += 1 + (close != nowhere and _begins_with_cue(words, close[1], end))
    return [m for m in spoken if text[m.start : m.end].strip()]


def _announced(text: str, paragraphs: Sequence[tuple[int, int]], spoken: list[Marked]) -> list[Marked]:
    """Paragraphs that begin with a dash behind one that ends with a colon."""
    found = []
    for (start, end), (a, b) in pairwise(paragraphs):
        opened = _dash().match(text, a)
        taken = any(a <= m.start < b for m in spoken)
        if opened and not taken and text[start:end].rstrip().endswith(":"):
            found.append(_spoken(text, opened.span(), (b, b)))
    return found


def _spoken(text: str, opened: Dash, close: Dash) -> Marked:
    return Marked(opened[1], close[0], opened[0], close[0], text[opened[0]], True).trimmed(text, SIGNS)
