"""Scores against hand annotation: above floors just below what is reached, and as the README has them."""

import pandas as pd
import pytest
import scored


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
