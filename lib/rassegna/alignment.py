"""Which spans of different articles speak of the same matter: the words and names that their sentences share."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import nsmallest

import pandas as pd
import snowballstemmer
from spacy.util import get_lang_class

from rassegna import languages
from rassegna.prominence import in_sentences
from rassegna.tables import sha256

NEAR = 6  # content words between a span and a word that is near it
MOST = 20  # spans that share a feature and are compared each with each; beyond, each with its neighbours
RAREST = 4  # features of a span by which it has neighbours
NEIGHBOURS = 4
REMEMBERED = 1000  # sentences
FAR = 99  # the distance of what only the sentence before says
_OPENING = 3  # sentences
_BEFORE = 100  # code points before a span that are kept
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_FEATURE = re.compile(rf"[^\W\d_]{{2,}}|{_YEAR.pattern}")


@dataclass(frozen=True, slots=True)
class Context:
    """What a span's sentence, and the one before it in the paragraph, say beside the span.

    Attributes:
        features: Stem of a content word, a year, or @ and the id of an entity, to its least distance (content words).
        years: Years that the sentence names in figures.
        before: The last words of the sentence before the span, casefolded.
    """

    features: Mapping[str, int]
    years: frozenset[str]
    before: str

    def near(self, *, reach: int = NEAR) -> set[str]:
        """The features that lie near the span."""
        return {feature for feature, distance in self.features.items() if distance <= reach}


NO_CONTEXT = Context({}, frozenset(), "")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two spans of different articles, by their places in the list of contexts.

    Attributes:
        first: Place of the first span.
        second: Place of the second.
        contexts: Their contexts.
        n_shared: How many features both have.
        n_near: How many of them are near to both spans.
        share: Share of the shared features in those of the poorer sentence, rarer ones weighing more (0-1).
    """

    first: int
    second: int
    contexts: tuple[Context, Context]
    n_shared: int
    n_near: int
    share: float

    @property
    def shared(self) -> set[str]:
        """The features that both have."""
        return self.contexts[0].features.keys() & self.contexts[1].features.keys()


@lru_cache(maxsize=languages.WORDS)
def stem_of(language: str, word: str) -> str:
    """The stem of a word; where Snowball does not know the language, the word in small letters."""
    stemmer = _stemmer(language)
    small = word.casefold()
    return str(stemmer.stemWord(small)) if stemmer else small


class Reading:
    """The sentences of a corpus as features, each read when it is first asked for.

    Args:
        sentences: Table `sentences`.
        mentions: Table `mentions` (doc_id, start, end, entity_id, entity): a name is one feature, whatever its form.
        spoken: doc_id to language, for the stems and the words that say nothing.

    Attributes:
        written: Each feature as it is written where it was read first, or the entity's name.
    """

    def __init__(self, sentences: pd.DataFrame, mentions: pd.DataFrame, *, spoken: Mapping[str, str]) -> None:
        self.sentences = sentences
        self.spoken = spoken
        self.written: dict[str, str] = {}
        self._rows = {(row.doc_id, row.sentence_id): row for row in sentences.itertuples()}
        self._words: dict[tuple[str, int], list[tuple[int, int, str]]] = {}
        self._names: dict[tuple[str, int], list[tuple[int, int, str]]] = defaultdict(list)
        named = mentions[["doc_id", "start", "end", "entity_id", "entity"]]
        for m in in_sentences(named, sentences).itertuples() if len(named) else ():
            self._names[m.doc_id, m.sentence_id].append((m.start, m.end, f"@{m.entity_id}"))
            self.written[f"@{m.entity_id}"] = m.entity

    def contexts(self, spans: pd.DataFrame) -> list[Context]:
        """The context of each span (rows with doc_id, start, end), an empty one for a span outside every sentence."""
        placed = in_sentences(spans[["doc_id", "start", "end"]].assign(place=range(len(spans))), self.sentences)
        found = [NO_CONTEXT] * len(spans)
        years: dict[tuple[str, int], frozenset[str]] = {}
        for span in placed.itertuples():
            here, before = (span.doc_id, span.sentence_id), (span.doc_id, span.sentence_id - 1)
            sentence = self._rows[here]
            is_beside = before in self._rows and self._rows[before].block_id == sentence.block_id
            features = dict.fromkeys((f for *_, f in self.words(before)), FAR) if is_beside else {}
            features |= _distances(self.words(here), span.start, span.end)
            if here not in years:
                years[here] = frozenset(_YEAR.findall(sentence.text))
            at = span.start - sentence.start
            found[span.place] = Context(features, years[here], sentence.text[max(at - _BEFORE, 0) : at].casefold())
        return found

    def stories(self) -> dict[str, Context]:
        """What each article is about, as a context: the names in it, and the words of its first two sentences."""
        features: dict[str, set[str]] = {doc_id: set() for doc_id in self.sentences["doc_id"]}
        for (doc_id, _), names in self._names.items():
            features[doc_id] |= {feature for *_, feature in names}
        for doc_id, sentence_id in self._rows:
            if sentence_id < _OPENING:
                features[doc_id] |= {feature for *_, feature in self.words((doc_id, sentence_id))}
        return {doc_id: Context(dict.fromkeys(own, FAR), frozenset(), "") for doc_id, own in features.items()}

    def words(self, place: tuple[str, int]) -> list[tuple[int, int, str]]:
        """Content words, years and names of a sentence (start, end, feature); a name takes the place of its words."""
        if place not in self._words:
            if len(self._words) >= REMEMBERED:
                self._words.clear()
            row, language, names = self._rows[place], self.spoken.get(place[0], ""), self._names.get(place, [])
            found = ((m.start() + row.start, m.end() + row.start, m.group()) for m in _FEATURE.finditer(row.text))
            words = [
                (first, last, stem_of(language, word))
                for first, last, word in found
                if word.casefold() not in stop_words(language)
                and not any(start < last and first < end for start, end, _ in names)
            ]
            for first, last, feature in words:
                self.written.setdefault(feature, row.text[first - row.start : last - row.start])
            self._words[place] = sorted(words + names)
        return self._words[place]


def languages_of(doc_ids: Iterable[str], articles: pd.DataFrame | None, *, language: str) -> dict[str, str]:
    """doc_id to language, as table `articles` has it; an article for which it has none is in `language`."""
    spoken = dict.fromkeys(doc_ids, language)
    if articles is not None and "language" in articles:
        spoken |= articles.set_index("doc_id")["language"].dropna().to_dict()
    return spoken


def identifier(kind: str, places: Iterable[tuple[str, int]]) -> str:
    """A name made of the places (doc_id, start) that belong together, the same in every run."""
    return f"{kind}-{sha256(chr(10).join(f'{doc_id}:{start}' for doc_id, start in places).encode())[:8]}"


def weights(contexts: Iterable[Context]) -> dict[str, float]:
    """How much a feature tells: the logarithm of how many contexts there are for each that has it."""
    whole = list(contexts)
    frequency = Counter(feature for own in whole for feature in own.features)
    return {feature: math.log(1 + len(whole) / n) for feature, n in frequency.items()}


def pairs(
    contexts: Sequence[Context],
    keys: Sequence[Hashable],
    docs: Sequence[str],
    order: Sequence[float],
    *,
    weight: Mapping[str, float],
) -> Iterator[Pair]:
    """Pair the spans of different articles that have a key and a feature in common; never all with all.

    Args:
        contexts: One per span.
        keys: What a span is about; None: it is paired with no other.
        docs: The article of each.
        order: Where a feature is frequent, a span is compared with its neighbours in this order and in the articles'.
        weight: How much each feature tells (see `weights`).
    """
    total = [math.fsum(weight[f] for f in own.features) for own in contexts]
    blocks: dict[Hashable, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        if key is not None:
            blocks[key].append(place)
    for places in blocks.values():
        sizes = Counter(feature for place in places for feature in contexts[place].features)
        holders: dict[str, list[int]] = defaultdict(list)
        for place in places:
            own = contexts[place].features
            rarest = nsmallest(RAREST, own, key=lambda f: (-weight[f], f))
            for feature in {f for f in own if sizes[f] <= MOST}.union(rarest):
                holders[feature].append(place)
        for a, b in sorted({pair for those in holders.values() for pair in _candidates(those, docs, order)}):
            first, second = contexts[a].features, contexts[b].features
            shared = first.keys() & second.keys()
            share = math.fsum([weight[f] for f in shared]) / min(total[a], total[b])  # exact in any order
            n_near = sum([first[f] <= NEAR and second[f] <= NEAR for f in shared])
            yield Pair(a, b, (contexts[a], contexts[b]), len(shared), n_near, share)


def _candidates(places: list[int], docs: Sequence[str], order: Sequence[float]) -> Iterator[tuple[int, int]]:
    """The pairs to compare among the spans that share a feature, the lesser place first."""
    sortings = [places]
    reach = len(places)
    if len(places) > MOST:
        sortings = [sorted(places, key=lambda i: (order[i], docs[i], i)), sorted(places, key=lambda i: (docs[i], i))]
        reach = NEIGHBOURS
    for ordered in sortings:
        for n, a in enumerate(ordered):
            yield from ((min(a, b), max(a, b)) for b in ordered[n + 1 : n + 1 + reach] if docs[a] != docs[b])


def _distances(words: list[tuple[int, int, str]], first: int, last: int) -> dict[str, int]:
    before = [feature for _, end, feature in words if end <= first]
    after = [feature for start, _, feature in words if start >= last]
    found: dict[str, int] = {}
    for side in (reversed(before), after):
        for distance, feature in enumerate(side, start=1):
            found[feature] = min(distance, found.get(feature, distance))
    return found


@cache
def stop_words(language: str) -> frozenset[str]:
    """Stop words as spaCy lists them, and the parts before an apostrophe; an unknown language has none."""
    try:
        words = get_lang_class(language).Defaults.stop_words
    except ImportError:
        return frozenset()
    own = languages.optional(language, "function_words").get("not_stop", {}).get("words", ())
    return frozenset(part.casefold() for word in words for part in re.split("['’]", word)) - frozenset(own)


@lru_cache
def _stemmer(language: str) -> "snowballstemmer.stemmer | None":
    name = str(languages.locale(language).get_language_name("en")).lower() if languages.is_known(language) else ""
    return snowballstemmer.stemmer(name) if name in snowballstemmer.algorithms() else None
