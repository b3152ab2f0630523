"""The table `numbers`: figures that several articles give for the same thing, and whether they agree."""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from rassegna.alignment import NO_CONTEXT, Context, Pair, Reading, pairs
from rassegna.prominence import in_sentences
from rassegna.quantities.compatibility import incompatible
from rassegna.quantities.things import Thing, things

NUMBER_COLUMNS = [
    *("number_id", "thing", "doc_id", "start", "end", "text", "value", "low", "high", "bound", "unit", "kind"),
    *("asserter", "sentence_id", "status", "factor", "reason"),
]
# How much two sentences must share before figures in them are compared, by what is known of the thing counted: shared
# words and names, their share (0-1), and how many of them stand near both figures. To call two figures different takes
# more than to call them one, as different figures are mostly figures of different things.
_TO_AGREE = {"noun": (2, 0.15, 0), "unit": (2, 0.25, 1), "slight": (4, 0.45, 2), "person": (0, 0, 0)}
_TO_DIFFER = {"noun": (2, 0.2, 1), "unit": (3, 0.3, 2), "slight": (4, 0.5, 3), "person": (1, 0, 0)}
_TO_AGREE["toll"], _TO_DIFFER["toll"] = _TO_AGREE["noun"], _TO_DIFFER["noun"]
_SAME_STORY = (3, 0.15)  # names, and words of the opening, that two articles share; their share
_TELLING = 3  # significant digits: the same figure with so many is hardly chance
_AGES_APART = 5  # years: ages further apart are not given for the same day
_UNITS = {"a": "years", "mo": "months", "wk": "weeks", "d": "days", "h": "hours", "min": "minutes", "s": "seconds"}
_N_NAMED = 3  # shared words in a label


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it is compared, with what its words and its sentence say of it."""

    doc_id: str
    start: int
    value: float
    low: float
    high: float
    bound: str
    unit: str | None
    kind: str
    asserter: str | None
    phrase: str | None
    thing: Thing
    years: frozenset[str]

    @property
    def is_telling(self) -> bool:
        """Whether the number has so many digits that the same one is hardly chance."""
        return len(f"{self.value:.9g}".split("e")[0].replace(".", "").strip("0")) >= _TELLING

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest number written."""
        return (self.low, self.high) if math.isnan(self.value) else (self.value, self.value)


def numbers(
    quantities: pd.DataFrame,
    sentences: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    articles: pd.DataFrame | None = None,
    language: str = "it",
) -> pd.DataFrame:
    """Group the figures that at least two articles give for the same thing, and say whether they agree.

    Precision comes first: the same noun, unit or person must be counted, and the sentences must share words and names,
    more of them the less the noun tells; a figure that the words call a part, an addition or of another time differs
    from none; and of several figures in an article the one that agrees is compared.

    Args:
        quantities: Table `quantities`, with the column asserter filled (see `voices.voice_of`).
        sentences: Table `sentences`.
        mentions: Table `mentions`.
        articles: Table `articles`, for the language of each; without it all are in `language`.
        language: Language of the articles that name none.

    Returns:
        Table `numbers`, one row per figure that is compared, sorted by number_id, article and start. status: agrees
        (with every other of its group), differs, or differs_by_source where each figure it clashes with has another
        asserter. factor: the group's highest number by its lowest. A group's articles may have copied each other.
    """
    rows = quantities.sort_values(["doc_id", "start", "end"], ignore_index=True)
    spoken = dict.fromkeys(rows["doc_id"], language)
    if articles is not None and "language" in articles:
        spoken |= articles.dropna(subset=["language"]).set_index("doc_id")["language"].to_dict()
    reading = Reading(sentences, mentions, spoken=spoken)
    near = reading.contexts(rows)
    figures = _figures(rows, things(rows, near, mentions, spoken=spoken), near)
    groups, best = _groups([*_links(figures, near, reading.stories()), *_repeated(figures)], figures)
    table = [row for members in groups for row in _rows(members, figures, best, reading.written)]
    placed = in_sentences(rows.assign(place=rows.index).drop(columns="reason"), sentences)
    found = pd.DataFrame(table, columns=["place", "number_id", "thing", "status", "factor", "reason"])
    found = found.merge(placed, on="place")
    return found.sort_values(["number_id", "doc_id", "start", "end"], ignore_index=True)[NUMBER_COLUMNS]


def _links(
    figures: Sequence[Figure], near: Sequence[Context], stories: Mapping[str, Context]
) -> Iterator[tuple[bool, Pair]]:
    """The pairs of figures for the same thing, by their sentences or their stories, and whether they differ."""
    order, docs = [sum(figure.ends) for figure in figures], [figure.doc_id for figure in figures]
    for pair in pairs(near, [figure.thing.key for figure in figures], docs, order):
        verdict = _verdict(pair, figures[pair.first], figures[pair.second])
        if verdict is not None:
            yield verdict, pair
    for pair in pairs([stories.get(doc_id, NO_CONTEXT) for doc_id in docs], _tolls(figures), docs, order):
        if len(pair.shared) >= _SAME_STORY[0] and pair.share >= _SAME_STORY[1]:
            yield _clash(figures[pair.first], figures[pair.second]), pair


def _figures(rows: pd.DataFrame, things: Sequence[Thing], near: Sequence[Context]) -> list[Figure]:
    return [
        Figure(
            *(r.doc_id, r.start, float(r.value), float(r.low), float(r.high), r.bound),
            *(_text(r.unit), r.kind, _text(r.asserter), _text(r.counted_phrase), thing, context.years),
        )
        for r, thing, context in zip(rows.itertuples(), things, near, strict=True)
    ]


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def _clash(a: Figure, b: Figure) -> bool:
    return _incompatible(*((f.value, f.low, f.high, f.bound, f.unit, f.kind) for f in (a, b)))


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
    differ = _clash(a, b)
    level = a.thing.level
    if differ:
        if a.thing.is_part or b.thing.is_part or (level == "person" and abs(a.value - b.value) > _AGES_APART):
            return None
        is_lopsided = bool(a.years) != bool(b.years) or bool(a.thing.attributes) != bool(b.thing.attributes)
        level = "unit" if is_lopsided and level in ("noun", "toll") else level
    n_shared, share, n_near = (_TO_DIFFER if differ else _TO_AGREE)[level]
    if not differ and a.is_telling and a.ends == b.ends:
        n_shared, share, n_near = 1, 0.0, 0
    return differ if len(pair.shared) >= n_shared and pair.share >= share and pair.n_near >= n_near else None


def _tolls(figures: Sequence[Figure]) -> list[Hashable | None]:
    """The key of each figure that is its article's first for what an event has one figure of; None for any other."""
    first: dict[Any, int] = {}
    for i, f in enumerate(figures):
        if f.thing.level == "toll" and not (f.thing.is_part or f.thing.attributes or f.years):
            first.setdefault((f.doc_id, f.thing.key), i)
    chosen = set(first.values())
    return [f.thing.key if i in chosen else None for i, f in enumerate(figures)]


def _repeated(figures: Sequence[Figure]) -> Iterator[tuple[bool, Pair]]:
    """Link the figures that an article gives twice for what one noun counts: in the title, and below."""
    first: dict[Any, int] = {}
    for i, f in enumerate(figures):
        if f.thing.key is not None and f.thing.level in ("noun", "toll") and not f.thing.is_part:
            before = first.setdefault((f.doc_id, f.thing.key, f.thing.attributes, f.years, f.ends, f.bound), i)
            if before != i:
                yield False, Pair(before, i, (), 0, 0.0)


def _groups(links: list[tuple[bool, Pair]], figures: Sequence[Figure]) -> tuple[list[list[int]], dict[int, Pair]]:
    """Join what is linked, agreement first, the likest first; and each figure's best link.

    A figure that agrees with one of another article differs from none of that article, and two figures of one
    article that clash are joined only if the article gives them to different asserters.
    """
    agreed = {(i, figures[j].doc_id) for differ, p in links if not differ for i, j in _both(p)}
    root: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    best: dict[int, Pair] = {}
    for differ, pair in sorted(links, key=lambda link: (link[0], -link[1].share, link[1].first, link[1].second)):
        if differ and any((i, figures[j].doc_id) in agreed for i, j in _both(pair)):
            continue
        a, b = (root.setdefault(i, i) for i in (pair.first, pair.second))
        ours, theirs = members.setdefault(a, [a]), members.setdefault(b, [b])
        if a != b and _is_torn(ours, theirs, figures):
            continue
        for i, _ in _both(pair):
            best.setdefault(i, pair)
        if a != b:
            small, large = sorted((a, b), key=lambda r: (len(members[r]), -r))
            root |= dict.fromkeys(members[small], large)
            members[large] += members.pop(small)
    found = sorted(sorted(own) for own in members.values())
    return [own for own in found if len({figures[i].doc_id for i in own}) > 1], best


def _both(pair: Pair) -> tuple[tuple[int, int], tuple[int, int]]:
    return (pair.first, pair.second), (pair.second, pair.first)


def _is_torn(ours: list[int], theirs: list[int], figures: Sequence[Figure]) -> bool:
    """Whether one article would give two figures that clash, in one asserter's name, for the same thing."""
    own: dict[str, list[Figure]] = defaultdict(list)
    for i in ours:
        own[figures[i].doc_id].append(figures[i])
    return any(_clash(a, b) and not _other_source(a, b)
               for b in (figures[i] for i in theirs) for a in own.get(b.doc_id, ()))  # fmt: skip


def _other_source(a: Figure, b: Figure) -> bool:
    return a.asserter is not None and b.asserter is not None and a.asserter != b.asserter


def _rows(
    members: list[int], figures: Sequence[Figure], best: Mapping[int, Pair], written: Mapping[str, str]
) -> Iterator[tuple[Any, ...]]:
    """The rows of one group: place, number_id, thing, status, factor, reason."""
    own = [figures[i] for i in members]
    ends = [end for figure in own for end in figure.ends]
    factor = max(ends) / min(ends) if min(ends) > 0 else math.nan
    thing = _label(own, [best[i] for i in members], written)
    code = hashlib.sha256("\n".join(f"{f.doc_id}:{f.start}" for f in own).encode()).hexdigest()[:8]
    kinds = {(f.doc_id, f.asserter, f.value, f.low, f.high, f.bound): f for f in own}.values()
    for i in members:
        clashing = [f for f in kinds if f.doc_id != figures[i].doc_id and _clash(figures[i], f)]
        status = "agrees"
        if clashing:
            status = "differs_by_source" if all(_other_source(figures[i], f) for f in clashing) else "differs"
        yield i, f"n-{code}", thing, status, factor, _reason(best[i], figures, written)


def _reason(pair: Pair, figures: Sequence[Figure], written: Mapping[str, str]) -> str:
    if pair.shared:
        return f"both say: {', '.join(written[feature] for feature in pair.shared)} ({pair.share:.2f})"
    return "same person" if figures[pair.first].thing.level == "person" else "said again in the article"


def _label(own: Sequence[Figure], links: Sequence[Pair], written: Mapping[str, str]) -> str:
    """The noun as most write it, or the unit, and what the sentences share most."""
    phrases = Counter(f.phrase.casefold() for f in own if f.phrase and f.thing.level != "unit")
    noun = min(phrases, key=lambda text: (-phrases[text], text), default=None)
    unit = own[0].unit or own[0].kind
    features = Counter(feature for pair in links for feature in pair.shared)
    shared = sorted(features, key=lambda f: (-features[f], f))[:_N_NAMED]
    return f"{noun or _UNITS.get(unit, unit)}: {', '.join(written[f] for f in shared)}".strip(": ")
