"""The codebook at work: which sentences of which article report, deny or contradict each of its facts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from rassegna.facts.assertion import assertion, roles, top
from rassegna.facts.codebook import Entry, Line, fold
from rassegna.facts.contradictions import Clash, date_clashes, figures, number_clashes
from rassegna.facts.statements import Evidence, Place, Statement

LINE_COLUMNS = ["fact_id", "way", "line", "words", "doc_id", "sentence_id", "text"]

Names = dict[str, set[str]]


def names_of(mentions: pd.DataFrame) -> Names:
    """Folded name or alias to the entities that it stands for in the corpus."""
    named = mentions[mentions["kind"] == "name"]
    found: Names = defaultdict(set)
    for column in ("entity", "text"):
        for name, entity in zip(named[column], named["entity"], strict=True):
            found[fold(str(name))].add(str(entity))
    # A full name beats a look-alike: "Kim" may be several persons, "Russia" is itself.
    return {name: {e for e in known if fold(e) == name} or known for name, known in found.items()}


def coded(entry: Entry, found: Sequence[Statement], names: Names) -> tuple[list[Evidence], dict[str, float]]:
    """Look for one fact in the statements.

    Args:
        entry: The fact.
        found: Statements of the corpus, in the order of the text.
        names: As `names_of` gives them.

    Returns:
        The evidence, in the order of the text, and doc_id to the largest share of lines that one sentence or
        paragraph met (0-1): how near the article came.
    """
    evidence: list[Evidence] = []
    nearest: dict[str, float] = defaultdict(float)
    titles: dict[str, list[Statement]] = defaultdict(list)
    for statement in found:
        if statement.label == "title":
            titles[statement.doc_id].append(statement)
    for paragraph in _paragraphs(found):
        doc_id = paragraph[0].doc_id
        around = [*paragraph, *titles[doc_id]]
        if not all(any(_met(line, s, names) is not None for s in around) for line in entry.about):
            continue
        units = [paragraph] if entry.within == "paragraph" else [[s] for s in paragraph]
        for unit in units:
            share, hit = _told(entry, unit, names)
            nearest[doc_id] = max(nearest[doc_id], share)
            evidence += [hit] if hit else []
    return evidence, nearest


def lines_met(codebook: Sequence[Entry], found: Sequence[Statement], mentions: pd.DataFrame) -> pd.DataFrame:
    """Say which sentences meet each line of a codebook, to check the lines one by one.

    Args:
        codebook: The facts.
        found: The corpus's statements.
        mentions: Table `mentions`.

    Returns:
        One row per line and sentence that meets it, in the order of the codebook: fact_id, way (from 1), line, words
        (those that met it), doc_id, sentence_id, text. A line that no sentence meets has one row without them.
    """
    names = names_of(mentions)
    rows: list[tuple[object, ...]] = []
    for entry in codebook:
        for way, lines in enumerate(entry.ways, start=1):
            for line in lines:
                met = [(s, tokens) for s in found if (tokens := _met(line, s, names)) is not None]
                name = (entry.fact_id, way, " | ".join(term.written for term in line))
                rows += [(*name, _written(line, hit), hit[0].doc_id, hit[0].sentence_id, hit[0].text) for hit in met]
                rows += [] if met else [(*name, None, None, None, None)]
    return pd.DataFrame(rows, columns=LINE_COLUMNS)


def _paragraphs(found: Iterable[Statement]) -> list[list[Statement]]:
    grouped: dict[tuple[str, int], list[Statement]] = defaultdict(list)
    for statement in found:
        grouped[statement.doc_id, statement.block_id].append(statement)
    return list(grouped.values())


def _told(entry: Entry, unit: Sequence[Statement], names: Names) -> tuple[float, Evidence | None]:
    """The share of lines that some sentences meet together, and the evidence if they meet all of one way."""
    best = 0.0
    for way in entry.ways:
        places = [[(s, tokens) for s in unit if (tokens := _met(line, s, names)) is not None] for line in way]
        share = sum(map(bool, places)) / len(way)
        best = max(best, share)
        if share < 1 or any(_met(line, s, names) is not None for s in unit for line in entry.none):
            continue
        # The sentence that meets most lines is shown; the first of equals.
        counts = [(sum(any(s is t for t, _ in met) for met in places), -n) for n, s in enumerate(unit)]
        statement = unit[-max(counts)[1]]
        tokens = frozenset[int]().union(*(found for met in places for s, found in met if s is statement))
        reason = "met: " + "; ".join(_written(line, s) for line, met in zip(way, places, strict=True) for s in met[:1])
        return 1.0, Evidence(statement, tokens, _taken(entry, tokens, statement, names), 1.0, reason)
    return best, None


def _written(line: Line, met: tuple[Statement, frozenset[int]]) -> str:
    statement, tokens = met
    return " ".join(t.text for t in statement.tokens if t.i in tokens) or line[0].text


def _met(line: Line, statement: Statement, names: Names) -> frozenset[int] | None:
    found = (term.find(statement, names) for term in line)
    return next((tokens for tokens in found if tokens is not None), None)


def _taken(entry: Entry, tokens: frozenset[int], statement: Statement, names: Names) -> str:
    taken = assertion(tokens, statement)
    if taken != "asserted" or entry.who is None or entry.whom is None:
        return taken
    who, whom = (set().union(*(names.get(fold(t.text), {t.text}) for t in line)) for line in (entry.who, entry.whom))
    verb = top(tokens, statement)
    agents, patients = roles(verb, statement) if verb is not None else (set(), set())
    is_exchanged = agents & whom and patients & who and not (agents & who or patients & whom)
    return "exchanged" if is_exchanged else "asserted"


def clashes(
    entry: Entry, evidence: Sequence[Evidence], quotes: pd.DataFrame, affiliation: Mapping[str, set[str]], names: Names
) -> list[Clash]:
    """Where the articles' numbers or dates for a fact of the codebook clash."""
    found: list[Clash] = []
    if entry.number:
        terms = entry.number
        numbers = figures(
            evidence, lambda s: [q for q in s.quantities if any(term.counts(q, s) for term in terms)], quotes
        )
        found += number_clashes(numbers, affiliation)
    if entry.date:
        line = entry.date
        days = figures(evidence, lambda s: _nearest_day(s, _met(line, s, names)), quotes)
        found += date_clashes(days, affiliation)
    return found


def _nearest_day(statement: Statement, tokens: frozenset[int] | None) -> list[Place]:
    """The day that stands nearest to some words."""
    days = [d for d in statement.dates if d.row.type == "DATE" and d.row.value[:2].isdigit() and len(d.row.value) >= 7]
    if not tokens or not days:
        return []
    at = min(tokens)
    return [min(days, key=lambda d: (min(abs(i - at) for i in d.tokens), d.start))]
