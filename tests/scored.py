"""The annotated corpora that the tests score, their scores, and the table of them in the README.

python tests/scored.py          writes the README's table from a run
python tests/scored.py --floors prints floors one item below what is reached
"""

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from rassegna.corpus_tables import Extraction
from rassegna.extraction import extract
from rassegna.settings import Settings
from rassegna.validity import Annotations, judgements, read_annotations, scores

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
FLOORS = ROOT / "tests" / "floors.csv"
KEYS = ["corpus", "coder", "table", "measure"]
BEGIN, END = "<!-- scores -->", "<!-- /scores -->"
# Name to the corpus and its annotation.
CORPORA = {
    "seeds": (ROOT / "seeds", ROOT / "seeds" / "annotations"),
    "unseen": (ROOT / "tests" / "annotated" / "articles", ROOT / "tests" / "annotated" / "gold"),
    "second corpus": (ROOT / "tests" / "second_corpus", ROOT / "tests" / "second_corpus" / "annotations"),
}
COLUMNS = {
    ("seeds", "first"): "seeds",
    ("seeds", "second"): "seeds, second annotator",
    ("unseen", "first"): "twelve test articles",
    ("second corpus", "first"): "second corpus",
}
# Table and measure to how the README calls them, in its order.
ROWS = {
    ("blocks", "content, characters"): "content, by characters",
    ("blocks", "content, lines"): "content, by lines",
    ("blocks", "labels"): "labels of lines",
    ("articles", "metadata"): "metadata",
    ("mentions", "names"): "names, exact span",
    ("mentions", "names with type"): "names, span and type",
    ("mentions", "entities of names"): "entity of a found name",
    ("mentions", "entities PER"): "persons of an article named",
    ("mentions", "entities ORG"): "organisations",
    ("mentions", "entities LOC"): "places",
    ("mentions", "furniture left out"): "entities of the furniture left out",
    ("quotes", "quotations"): "quotations",
    ("quotes", "speakers"): "speaker of a found quotation",
    ("quotes", "cues"): "its cue",
    ("quotes", "look-alikes"): "strings in marks that are none, left alone",
    ("quotes", "reports"): "reported statements",
    ("quotes", "speakers of reports"): "speaker of a found one",
    ("quantities", "numbers"): "quantities",
    ("quantities", "values"): "value and bound of a found one",
    ("quantities", "look-alikes"): "look-alikes left alone",
    ("dates", "dates"): "time expressions",
    ("dates", "values"): "value of a found one",
    ("terms", "designations"): "contested terms",
    ("terms", "voices"): "voice of a found one",
    ("facts", "status"): "status of a fact",
    ("facts", "evidence"): "its evidence",
    ("damage", "places"): "damaged places",
    ("all", "offsets"): "texts that stand at their offsets",
}


@cache
def extraction(name: str) -> Extraction:
    """Extract one of the corpora, once a process."""
    return extract(Settings.from_parameters(CORPORA[name][0]))


@cache
def annotated(name: str) -> list[Annotations]:
    """Read the annotation of one of the corpora, once a process."""
    return read_annotations(CORPORA[name][1], extraction(name).raw)


@cache
def judged(name: str) -> pd.DataFrame:
    """Judge one of the corpora, once a process."""
    return judgements(extraction(name), annotated(name))


def table() -> str:
    """The README's table: a row a measure, a column a corpus and coder."""
    found = pd.concat([scores(judged(name)).assign(corpus=name) for name in CORPORA])
    cells = {(r.corpus, r.coder, r.table, r.measure): _cell(r) for r in found.itertuples()}
    if strange := {key[2:] for key in cells} - set(ROWS):
        raise ValueError(f"tests/scored.py: ROWS lacks {sorted(strange)}")
    lines = ["| measured by the tests | " + " | ".join(COLUMNS.values()) + " |", "|" + "---|" * (len(COLUMNS) + 1)]
    for key, called in ROWS.items():
        row = [cells.get((*column, *key), "–") for column in COLUMNS]
        if set(row) != {"–"}:
            lines.append(f"| {called} | " + " | ".join(row) + " |")
    return "\n".join(lines)


def _cell(score: pd.Series) -> str:
    """P / R where there is a precision, else right of annotated."""
    if pd.notna(score.n_found):
        precision = f"{score.precision:.3f}" if pd.notna(score.precision) else "–"
        return f"{precision} / {score.recall:.3f}"
    return f"{score.n_right:.0f} of {score.n_gold:.0f}"


def in_readme(text: str) -> str:
    """The README with the table of this run."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.split(END)[1]}"


def reached() -> pd.DataFrame:
    """What is reached: corpus, coder, table, measure, right (n_right of n_gold), precision, and an item's weight."""
    found = pd.concat([scores(judged(name)).assign(corpus=name) for name in CORPORA], ignore_index=True)
    found["right"] = found["n_right"] / found["n_gold"]
    return found[[*KEYS, "right", "precision", "n_gold", "n_found"]]


def floors() -> pd.DataFrame:
    """Floors just below what is reached: where thirty items or more were judged, one of them may go wrong."""
    found = reached()
    for score, base in (("right", "n_gold"), ("precision", "n_found")):
        slack = (found[base] >= 30) / found[base]
        found[score] = np.floor((found[score] - slack) * 1000 + 1e-9) / 1000
    return found[[*KEYS, "right", "precision"]]


if __name__ == "__main__":
    if "--floors" in sys.argv:
        floors().to_csv(sys.stdout, index=False)
    else:
        README.write_text(in_readme(README.read_text(encoding="utf-8")), encoding="utf-8")
