"""Facts that several articles tell, found without a codebook: statements aligned by what they share, and grouped."""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import pandas as pd

from rassegna.facts.assertion import assertion, top, unsettling
from rassegna.facts.contradictions import Clash
from rassegna.facts.features import Feature, Features, Link, features, weights
from rassegna.facts.group_clashes import group_clashes
from rassegna.facts.statements import Evidence, Statement, is_word
from rassegna.mentions.gazetteer import plain

MOST_SHARED = 60  # statements; a feature that more have leads to no pair
ENOUGH = 0.83  # score from which two statements tell the same
LEAST_SHARED = 2  # words, numbers or dates, besides names; and phrases
LEAST_TELLING = 0.6  # weight of these words, numbers and dates
_WHOLE, _COSINE = 0.3, 2.0  # what the weight of all that is shared, and the cosine, count in the score
_SHORT = 1.0  # squared length of features below which a headline counts as so long: it says little
LOOSE = 0.65  # score that every pair of a group needs
_REPORTING = ("neutral", "assertive", "revealing", "believing")  # cues that only report
SHARED = "shared: "  # what the reason of discovered evidence begins with
_SAME_THING, _OTHER_THING = 1.5, 0.5  # what a shared number weighs by what it counts
_MEASURES = ("money", "measure")  # kinds of quantity
_NAMED = 3  # features that name a group


@dataclass(frozen=True)
class Group:
    """Statements of several articles that tell the same.

    Attributes:
        fact_id: Name made from what they share.
        fact: The shortest of them.
        evidence: The statements, in the order of the text.
        clashes: Where their numbers, dates or roles differ.
    """

    fact_id: str
    fact: str
    evidence: tuple[Evidence, ...]
    clashes: tuple[Clash, ...]

    def is_covered_by(self, keys: AbstractSet[tuple[str, int]]) -> bool:
        """Whether most of its statements are evidence of a fact already (doc_id and sentence_id of that evidence)."""
        return 2 * sum(e.statement.key in keys for e in self.evidence) > len(self.evidence)


def similarity(a: Features, b: Features, weight: Mapping[Feature, float]) -> float:
    """How surely two statements tell the same; from `ENOUGH` on they do.

    The score is the sum of two: the weight of all they share, and the cosine of their features. Who shares rare
    things, and much of what it says, tells the same. Names alone are no fact: two words, numbers or dates must be
    shared too, or a number with what it counts; and one phrase alone is none ("la difesa comune" is a topic).
    """
    shared = _shared(a, b)
    own = {feature: weight[feature] * _agreement(feature, a, b) for feature in shared}
    telling = [own[feature] for feature in shared if feature[0] != "name"]
    n_counted = sum(_is_measured(feature) or _counts_the_same(feature, a, b) for feature in shared)
    parts = _parts(shared, a.phrases & b.phrases)
    if min(len(telling), len(parts)) + n_counted < LEAST_SHARED or sum(telling) < LEAST_TELLING:
        return 0.0
    # Of a phrase, whose words come together anyway, the first word counts, and half the rest.
    whole = math.fsum(sorted(max(own[f] for f in part) + math.fsum(own[f] for f in sorted(part)) for part in parts)) / 2
    lengths = (max(_square(one, weight), _SHORT) for one in (a, b))
    return _WHOLE * whole + _COSINE * sum(own[f] * weight[f] for f in shared) / math.sqrt(math.prod(lengths))


def _parts(shared: Iterable[Feature], phrases: AbstractSet[Link]) -> set[frozenset[Feature]]:
    """What is shared, the words of one phrase together."""
    part: dict[Feature, frozenset[Feature]] = {feature: frozenset({feature}) for feature in shared}
    for link in phrases:
        if link <= part.keys():
            joined = frozenset[Feature]().union(*(part[feature] for feature in link))
            part |= dict.fromkeys(joined, joined)
    return set(part.values())


def _shared(a: Features, b: Features) -> list[Feature]:
    """What two statements share, sorted; a sense only where they use other words for it."""
    both = a.places.keys() & b.places.keys()
    said = {token for feature in both if feature[0] != "sense" for token in a.places[feature]}
    return sorted(f for f in both if f[0] != "sense" or said.isdisjoint(a.places[f]))


def _square(own: Features, weight: Mapping[Feature, float]) -> float:
    return sum(weight[feature] ** 2 for feature in own.places if feature[0] != "sense")


def _agreement(feature: Feature, a: Features, b: Features) -> float:
    """A number of the same thing is more than a number: 312 passengers may be 312 persons, but not 312 ships."""
    if feature not in a.counted or feature not in b.counted:
        return 1.0
    return _SAME_THING if _counts_the_same(feature, a, b) else _OTHER_THING


def _counts_the_same(feature: Feature, a: Features, b: Features) -> bool:
    return feature in a.counted and a.counted[feature] == b.counted.get(feature)


def _is_measured(feature: Feature) -> bool:
    """Whether a number tells what it is a number of ("due milioni di euro"); many things take four years."""
    return feature[0] == "number" and feature[1] in _MEASURES


def pairs(found: Sequence[Features], weight: Mapping[Feature, float]) -> dict[tuple[int, int], float]:
    """Statements of different articles that tell the same, with their score, by position.

    Only statements that share a feature which few have are compared, so the work grows with the statements.
    """
    index: dict[Feature, list[int]] = defaultdict(list)
    for position, own in enumerate(found):
        for feature in own.places:
            index[feature].append(position)
    scored: dict[tuple[int, int], float] = {}
    for i, own in enumerate(found):
        near = {j for feature in own.places if len(index[feature]) <= MOST_SHARED for j in index[feature] if j > i}
        for j in sorted(near):
            other = found[j]
            if own.statement.doc_id != other.statement.doc_id:
                score = similarity(own, other, weight)
                if score >= ENOUGH and _are_told(own, other):
                    scored[i, j] = score
    return scored


def _are_told(a: Features, b: Features) -> bool:
    """Whether neither statement leaves what both share open ("potrebbero firmare")."""
    shared = _shared(a, b)
    return all(_taken(own, shared) != "open" for own in (a, b))


def _taken(own: Features, shared: Iterable[Feature]) -> str:
    tokens, statement = _tokens(own, shared), own.statement
    head = top(tokens, statement)
    if head is not None and head.dep_.startswith("nsubj"):  # what its verb says of it
        if is_word(head.head, unsettling(statement.language)):
            return "open"
        tokens |= {head.head.i}
    return assertion(tokens, statement)


def _tokens(own: Features, shared: Iterable[Feature]) -> frozenset[int]:
    return frozenset[int]().union(*(own.places.get(feature, frozenset()) for feature in shared))


def _groups(found: Sequence[Features], weight: Mapping[Feature, float]) -> Iterator[list[int]]:
    """Positions of statements that tell the same: joined from the surest pair on, if no pair between them is too far.

    A sentence may tell several facts: pairs that no group holds together are grouped anew.
    """
    linked = pairs(found, weight)
    while linked:
        member: dict[int, list[int]] = {}
        for i, j in sorted(linked, key=lambda pair: (-linked[pair], pair)):
            first, second = member.get(i, [i]), member.get(j, [j])
            if first is not second and all(_are_near(found[a], found[b], weight) for a in first for b in second):
                joined = sorted(first + second)
                member |= dict.fromkeys(joined, joined)
        groups = sorted({tuple(group) for group in member.values()})
        yield from (list(group) for group in groups)
        linked = {pair: score for pair, score in linked.items() if not any(set(pair) <= set(g) for g in groups)}


def _are_near(a: Features, b: Features, weight: Mapping[Feature, float]) -> bool:
    return a.statement.doc_id == b.statement.doc_id or similarity(a, b, weight) >= LOOSE


def discovered(found: Sequence[Statement], quotes: pd.DataFrame, affiliation: Mapping[str, set[str]]) -> list[Group]:
    """Find the facts that several articles tell.

    Args:
        found: Statements of the corpus, in the order of the text.
        quotes: Table `quotes`: its cues tell no fact, its speakers assert figures.
        affiliation: As `contradictions.affiliations` gives it.

    Returns:
        The groups, those of more articles first, then by name.
    """
    cues = _cues(found, quotes)
    own = [features(statement, cues.get(statement.key, frozenset())) for statement in found]
    weight = weights(own, {statement.doc_id: statement.language for statement in found})
    groups = [_group([own[i] for i in positions], weight, quotes, affiliation) for positions in _groups(own, weight)]
    groups.sort(key=lambda g: (-len({e.statement.doc_id for e in g.evidence}), g.fact_id, g.evidence[0].statement.key))
    return list(_told_apart(groups))


def _told_apart(groups: Iterable[Group]) -> Iterator[Group]:
    """The groups; one whose statements are word for word those of an earlier one has a number behind its name."""
    n = Counter[str]()
    for group in groups:
        n[group.fact_id] += 1
        yield group if n[group.fact_id] == 1 else replace(group, fact_id=f"{group.fact_id}-{n[group.fact_id]}")


def _cues(found: Sequence[Statement], quotes: pd.DataFrame) -> dict[tuple[str, int], frozenset[int]]:
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    named = {mention.row.entity for statement in found for mention in statement.mentions}
    for row in quotes.dropna(subset=["cue_start"]).itertuples():
        # Somebody reports; a treaty that "provides" tells something.
        if row.cue_class in _REPORTING and (pd.isna(row.speaker) or not named.isdisjoint(row.speaker.split("; "))):
            spans[str(row.doc_id)].append((int(row.cue_start), int(row.cue_end)))
    cues: dict[tuple[str, int], frozenset[int]] = {}
    for statement in found:
        inside = [span for span in spans[statement.doc_id] if statement.start <= span[0] < statement.end]
        if inside:
            places = {t.i: statement.span(frozenset({t.i})) for t in statement.tokens}
            cues[statement.key] = frozenset(
                i for i, (start, end) in places.items() if any(a < end and start < b for a, b in inside)
            )
    return cues


def _group(
    own: Sequence[Features], weight: Mapping[Feature, float], quotes: pd.DataFrame, affiliation: Mapping[str, set[str]]
) -> Group:
    common = _common(own, weight)
    taken = [_taken(one, common) for one in own]
    if "asserted" not in taken:  # a fact that is a denial
        taken = ["asserted"] * len(taken)
    lines = [_line(feature, own) for feature in common]
    evidence = tuple(
        Evidence(one.statement, _tokens(one, common), how, _share(one, own, weight), f"{SHARED}{'; '.join(lines)}")
        for one, how in zip(own, taken, strict=True)
    )
    told = [e for e in evidence if e.taken == "asserted"]
    fact = min(told, key=lambda e: (e.statement.label != "body", len(e.statement.text), e.statement.key)).statement.text
    words = [plain(line.split(" |")[0]).replace(" ", "-") for line in lines if line[0] != "#" and not line[0].isdigit()]
    digest = hashlib.sha256("\n".join(e.statement.text for e in evidence).encode()).hexdigest()[:6]
    clashes = tuple(group_clashes(own, told, quotes, affiliation))
    return Group("-".join([*(words[:_NAMED] or ["figure"]), digest]), fact, evidence, clashes)


def _common(own: Sequence[Features], weight: Mapping[Feature, float]) -> list[Feature]:
    """What statements of a group share: what all of them do first, then the most telling first."""
    counts = Counter(feature for one in own for feature in one.places)
    words = {
        one.statement.key: _tokens(one, (f for f in one.places if f[0] != "sense" and counts[f] > 1)) for one in own
    }
    common = [
        feature
        for feature, n in counts.items()
        if n > 1
        and (
            feature[0] != "sense" or any(not one.places.get(feature, set()) <= words[one.statement.key] for one in own)
        )
    ]
    return sorted(common, key=lambda f: (counts[f] < len(own), -weight[f] * counts[f], f))


def _line(feature: Feature, own: Sequence[Features]) -> str:
    """A feature as a line of a codebook."""
    if feature[0] == "name":
        return f"@{feature[1]}"
    if feature[0] == "date":
        return feature[1]
    tokens = [t for one in own for t in one.statement.tokens if t.i in one.places.get(feature, ())]
    if feature[0] == "number":
        nouns = sorted({one.counted[feature] for one in own if feature in one.counted})
        return f"#{float(feature[3]):.10g} {nouns[0] + '*' if len(nouns) == 1 else ''}".strip()
    return " | ".join(sorted({token.lemma_.lower() for token in tokens}))


def _share(one: Features, own: Sequence[Features], weight: Mapping[Feature, float]) -> float:
    """The surest match of a statement with those of other articles."""
    others = [other for other in own if other.statement.doc_id != one.statement.doc_id]
    surest = max((similarity(one, other, weight) for other in others), default=0.0)
    return min(1.0, surest / (2 * ENOUGH))
