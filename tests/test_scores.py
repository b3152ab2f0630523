"""Scores against hand annotation: above floors just below what is reached, and as the README has them."""

import itertools
import json

import pandas as pd
import pytest
import scored
from conftest import ROOT
from rassegna.extraction import extract
from rassegna.settings import Settings


def reached() -> pd.DataFrame:
    return scored.reached().set_index(scored.KEYS)


def floors() -> pd.DataFrame:
    return pd.read_csv(scored.FLOORS, comment="#").set_index(scored.KEYS)


def test_every_measure_has_a_floor():
    assert set(reached().index) == set(floors().index), "python tests/scored.py --floors prints them anew"


@pytest.mark.parametrize("score", ["right", "precision"])
def test_no_score_is_below_its_floor(score):
    found = reached()[score]
    below = found[found < floors()[score].reindex(found.index)]
    wrong = {name: scored.judged(name).query("status != 'right'") for name in {key[0] for key in below.index}}
    shown = [
        wrong[key[0]].loc[lambda t, k=key: (t["coder"] == k[1]) & (t["table"] == k[2]) & (t["measure"] == k[3])]
        for key in below.index
    ]
    assert below.empty, f"{below}\n" + "\n".join(table.to_string() for table in shown)


def test_a_floor_is_near_what_is_reached():
    """A floor far below is no gate: raise it when the extraction grows better."""
    for score in ("right", "precision"):
        assert ((reached()[score] - floors()[score]).dropna() < 0.05).all(), score


def test_the_readme_has_the_scores_of_this_run(golden):
    golden(scored.README, scored.in_readme(scored.README.read_text(encoding="utf-8")))


def test_only_the_outlet_and_time_of_the_manifest_are_taken_from_it():
    for name in ("seeds", "unseen"):
        gold = scored.annotated(name)[0].articles
        for article in scored.extraction(name).articles.itertuples():
            if article.outlet_from == "manifest":
                assert gold[article.doc_id]["outlet"] is None


# Pairs of sentences that discovery merges on the seeds and that do not tell the same, judged by hand: the beginnings of
# their texts. A pair in two groups counts once.
FALSE_PAIRS = {
    ("Kim e Putin firmano alleanza difensiva", "Kim Jong-un ha descritto il trattato"),
    ("sostegno sulla guerra in Ucraina e accordo di mutua difesa", "Ieri il parlamento russo ha ratificato"),
}


def test_facts_by_discovery(seeds, tmp_path):
    """Without a codebook: merged pairs that tell the same, and annotated pairs of articles that are found."""
    for path in seeds.glob("*.txt"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    gold_facts = json.loads((ROOT / "seeds" / "annotations" / "facts.json").read_text(encoding="utf-8"))
    evidence = extract(Settings.from_parameters(tmp_path, reference_date="2024-06-19")).evidence
    rows = (itertools.combinations(own.itertuples(), 2) for _, own in evidence.groupby("fact_id"))
    merged = {(a.text, b.text): (a, b) for pairs in rows for a, b in pairs if a.doc_id != b.doc_id}
    false = [key for key in merged if any(key[0].startswith(a) and key[1].startswith(b) for a, b in FALSE_PAIRS)]
    assert len(merged) >= 20
    assert 1 - len(false) / len(merged) >= 0.9
    found = n = 0
    for fact in gold_facts:
        told = [d for d in fact["documents"] if d["status"] in ("states", "contradicts")]
        for one, other in itertools.combinations(told, 2):
            n += 1
            found += any(in_evidence(a, one) and in_evidence(b, other) for a, b in merged.values())
    assert found / n >= 0.76


def in_evidence(row, document) -> bool:
    """Whether a sentence lies in the annotated evidence of an article."""
    same = row.doc_id == document["doc_id"]
    return same and any(e["start"] < row.end and row.start < e["end"] for e in document["evidence"])
