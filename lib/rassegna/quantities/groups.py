"""Which figures of different articles are figures for the same thing."""

import itertools
import math
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import pandas as pd

from rassegna.alignment import NO_CONTEXT, Context, Pair, pairs, weights
from rassegna.quantities.compatibility import incompatible
from rassegna.quantities.things import Thing
from rassegna.voices import speaks_for

# How much two sentences must share before figures in them are compared, by what is known of the thing counted: shared
# words and names, their share (0-1), and how many of them stand near both figures. To call two figures different takes
# more than to call them one, as different figures are mostly figures of different things.
_TO_AGREE = {"noun": (2, 0.15, 0), "unit": (2, 0.25, 1), "slight": (4, 0.45, 2), "person": (0, 0, 0)}
_TO_DIFFER = {"noun": (2, 0.2, 1), "unit": (3, 0.3, 2), "slight": (4, 0.5, 3), "person": (1, 0, 0)}
_TO_AGREE["toll"], _TO_DIFFER["toll"] = _TO_AGREE["noun"], _TO_DIFFER["noun"]
_SAME_STORY = (3, 0.15)  # names, and words of the opening, that two articles share; their share
_SURELY_SAME_STORY = (5, 0.2)  # where the sentences themselves share little
_EVIDENCE = {False: 2.0, True: 3.0}  # to agree, to differ; times the logarithm of how many articles count such a thing
_TELLING = 3  # significant digits: the same figure with so many is hardly chance
_AGES_APART = 5  # years: ages further apart are not given for the same day
# value, low, high, bound, unit, kind
Written = tuple[float | None, float | None, float | None, str, str | None, str]
Face = tuple[Written, frozenset[str]]  # what a figure says, and who asserts it


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it is compared, with what its words and its sentence say of it."""

    doc_id: str
    start: int
    written: Written
    asserter: str | None
    phrase: str | None
    thing: Thing
    years: frozenset[str]
    sources: frozenset[str] = frozenset()

    @property
    def is_telling(self) -> bool:
        """Whether the number has so many digits that the same one is hardly chance."""
        value = self.written[0]
        return value is not None and len(f"{value:.9g}".split("e")[0].replace(".", "").strip("0")) >= _TELLING

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest number written."""
        value, low, high, *_ = self.written
        return (low or 0.0, high or 0.0) if value is None else (value, value)


def figures_of(
    rows: pd.DataFrame, things: Sequence[Thing], near: Sequence[Context], affiliation: Mapping[str, set[str]]
) -> list[Figure]:
    """The rows of table `quantities` as figures, in their order, with the thing and the context of each."""
    return [
        Figure(
            r.doc_id,
            r.start,
            (_known(r.value), _known(r.low), _known(r.high), r.bound, _known(r.unit), r.kind),
            _known(r.asserter),
            _known(r.counted_phrase),
            thing,
            context.years,
            speaks_for(r.asserter, affiliation),
        )
        for r, thing, context in zip(rows.itertuples(), things, near, strict=True)
    ]


def _known(value: Any) -> Any:
    return None if pd.isna(value) else value


def links(
    figures: Sequence[Figure], near: Sequence[Context], stories: Mapping[str, Context]
) -> Iterator[tuple[bool, Pair]]:
    """The pairs of figures for the same thing, by their sentences or their stories, and whether they differ.

    The more articles have figures for what a noun or unit names, the more likely two of them share words by chance: so
    the evidence of sentences and stories together must outweigh their number.
    """
    keys, docs = [figure.thing.key for figure in figures], [figure.doc_id for figure in figures]
    order = [sum(figure.ends) for figure in figures]
    near_weight, story_weight = weights(near), weights(stories.values())
    n_articles = Counter(key for key, _ in {(figure.thing.key, figure.doc_id) for figure in figures})

    def is_evident(pair: Pair, *, differ: bool) -> bool:
        first, second = (stories.get(docs[i], NO_CONTEXT).features for i in (pair.first, pair.second))
        told = first.keys() & second.keys()
        evidence = [story_weight[f] for f in told] + [near_weight[f] for f in pair.shared - told if f in near_weight]
        return math.fsum(evidence) >= _EVIDENCE[differ] * math.log(n_articles[keys[pair.first]] / 2)

    linked = set()
    for pair in pairs(near, keys, docs, order, weight=near_weight):
        verdict = _verdict(pair, figures[pair.first], figures[pair.second])
        if verdict is not None and is_evident(pair, differ=verdict):
            linked.add((pair.first, pair.second))
            yield verdict, pair
    told = [stories.get(doc_id, NO_CONTEXT) for doc_id in docs]
    by_story = partial(pairs, told, docs=docs, order=order, weight=story_weight)
    for differ, pair in _of_one_story(by_story(_tolls(figures)), _SAME_STORY, figures):
        if is_evident(pair, differ=differ):
            yield differ, pair
    for differ, pair in _of_one_story(by_story(_alone(figures)), _SURELY_SAME_STORY, figures):
        common = near[pair.first].features.keys() & near[pair.second].features.keys()
        if common and (pair.first, pair.second) not in linked and is_evident(pair, differ=True):
            yield differ, pair


def _of_one_story(
    found: Iterable[Pair], least: tuple[int, float], figures: Sequence[Figure]
) -> Iterator[tuple[bool, Pair]]:
    """The pairs whose articles share enough of their stories, and whether the figures clash."""
    for pair in found:
        if pair.n_shared >= least[0] and pair.share >= least[1]:
            yield clash(figures[pair.first], figures[pair.second]), pair


def clash(a: Figure, b: Figure) -> bool:
    """Whether two figures for the same thing cannot both be right."""
    return _incompatible(a.written, b.written)


@lru_cache(maxsize=1 << 16)
def _incompatible(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    names = ("value", "low", "high", "bound", "unit", "kind")
    return incompatible(dict(zip(names, a, strict=True)), dict(zip(names, b, strict=True)))


def _verdict(pair: Pair, a: Figure, b: Figure) -> bool | None:
    """Whether two figures for the same thing differ; None if they may well be for different things."""
    if a.years and b.years and a.years.isdisjoint(b.years):
        return None
    if a.thing.attributes and b.thing.attributes and a.thing.attributes.isdisjoint(b.thing.attributes):
        return None
    differ = clash(a, b)
    level = a.thing.level
    if differ:
        if a.thing.is_part or b.thing.is_part or (level == "person" and abs(a.ends[0] - b.ends[0]) > _AGES_APART):
            return None
        is_lopsided = bool(a.years) != bool(b.years) or bool(a.thing.attributes) != bool(b.thing.attributes)
        level = "unit" if is_lopsided and level in ("noun", "toll") else level
    n_shared, share, n_near = (_TO_DIFFER if differ else _TO_AGREE)[level]
    if not differ and a.is_telling and a.ends == b.ends:
        n_shared, share, n_near = 1, 0.0, 0
    return differ if pair.n_shared >= n_shared and pair.share >= share and pair.n_near >= n_near else None


def _tolls(figures: Sequence[Figure]) -> list[Hashable | None]:
    """The key of each figure that is its article's first for what an event has one figure of; None for any other."""
    first: dict[Any, int] = {}
    for i, f in enumerate(figures):
        if f.thing.level == "toll" and not (f.thing.is_part or f.thing.attributes or f.years):
            first.setdefault((f.doc_id, f.thing.key), i)
    chosen = set(first.values())
    return [f.thing.key if i in chosen else None for i, f in enumerate(figures)]


def _alone(figures: Sequence[Figure]) -> list[Hashable | None]:
    """The key of each figure that is the only one its article gives for what a noun counts; None for any other."""
    n = Counter((f.doc_id, f.thing.key, f.written) for f in figures)
    written = Counter((doc_id, key) for doc_id, key, _ in n)
    return [
        f.thing.key
        if f.thing.level == "noun"
        and not (f.thing.is_part or f.thing.attributes or f.years)
        and written[f.doc_id, f.thing.key] == 1
        else None
        for f in figures
    ]


def _repeated(figures: Sequence[Figure]) -> Iterator[tuple[bool, Pair]]:
    """Link the figures that an article gives twice for what one noun counts: in the title, and below."""
    first: dict[Any, int] = {}
    for i, f in enumerate(figures):
        if f.thing.key is not None and f.thing.level in ("noun", "toll") and not f.thing.is_part:
            before = first.setdefault((f.doc_id, f.thing.key, f.thing.attributes, f.years, f.written), i)
            if before != i:
                yield False, Pair(before, i, (NO_CONTEXT, NO_CONTEXT), 0, 0, 0.0)


def groups(links: Iterable[tuple[bool, Pair]], figures: Sequence[Figure]) -> tuple[list[list[int]], dict[int, Pair]]:
    """Join what is linked, agreement first, the likest first; the groups by place, and each figure's best link.

    A figure that agrees with one of another article differs from none of that article, and two figures of one
    article that clash are joined only if the article gives them to different asserters.
    """
    links = [*links, *_repeated(figures)]
    agreed = {(i, figures[j].doc_id) for differ, p in links if not differ for i, j in _both(p)}
    root: dict[int, int] = {}
    members: dict[int, dict[str, list[int]]] = {}
    faces: dict[int, dict[str, set[Face]]] = {}  # what the members say, each once: a text may repeat a figure at will
    best: dict[int, Pair] = {}
    for differ, pair in sorted(links, key=lambda link: (link[0], -link[1].share, link[1].first, link[1].second)):
        if differ and any((i, figures[j].doc_id) in agreed for i, j in _both(pair)):
            continue
        for i in (pair.first, pair.second):
            members.setdefault(root.setdefault(i, i), {figures[i].doc_id: [i]})
            faces.setdefault(root[i], {figures[i].doc_id: {(figures[i].written, figures[i].sources)}})
        small, large = sorted((root[pair.first], root[pair.second]), key=lambda r: (len(members[r]), r))
        if small != large and _is_torn(faces[small], faces[large]):
            continue
        for i, _ in _both(pair):
            best.setdefault(i, pair)
        if small != large:
            for doc_id, own in members.pop(small).items():
                members[large].setdefault(doc_id, []).extend(own)
                root |= dict.fromkeys(own, large)
            for doc_id, said in faces.pop(small).items():
                faces[large].setdefault(doc_id, set()).update(said)
    groups = [sorted(itertools.chain(*by_doc.values())) for by_doc in members.values() if len(by_doc) > 1]
    return sorted(groups), best


def _both(pair: Pair) -> tuple[tuple[int, int], tuple[int, int]]:
    return (pair.first, pair.second), (pair.second, pair.first)


def _is_torn(small: Mapping[str, set[Face]], large: Mapping[str, set[Face]]) -> bool:
    """Whether one article would give two figures that clash, in one asserter's name, for the same thing."""
    both = ((a, b) for doc_id in small.keys() & large for a in small[doc_id] for b in large[doc_id])
    return any(_incompatible(a, b) and not _apart(by, other) for (a, by), (b, other) in both)


def other_source(a: Figure, b: Figure) -> bool:
    """Whether two figures are asserted by two named sources, none of whom speaks for the other."""
    return _apart(a.sources, b.sources)


def _apart(sources: frozenset[str], others: frozenset[str]) -> bool:
    return bool(sources and others) and sources.isdisjoint(others)
