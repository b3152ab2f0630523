"""Voices: shares by utterance and by word, their intervals, cue classes and kinds of source."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rassegna.voices import NOBODY, cue_classes, loudest, shares, sources

OVERVIEW = pd.DataFrame({"doc_id": ["a", "b"], "name": ["Alfa", "Beta"]})
QUOTES = pd.DataFrame(
    [
        ("a", "uno due tre", "Anna Neri", "neutral"),
        ("a", "quattro", "Anna Neri", "accusing"),
        ("a", "cinque sei", "gli esperti", "neutral"),
        ("a", "sette", None, None),
        ("b", "otto nove", "Governo", "denying"),
    ],
    columns=["doc_id", "text", "speaker", "cue_class"],
)
MENTIONS = pd.DataFrame({"entity": ["Anna Neri", "Governo"], "label": ["PER", "ORG"]})


def test_shares_by_utterance_and_by_word():
    table = shares(QUOTES, OVERVIEW).set_index(["name", "speaker"])
    neri = table.loc[("Alfa", "Anna Neri")]
    assert (neri["n"], neri["n_words"], neri["n_total"]) == (2, 4, 4)
    assert neri["share"] == pytest.approx(0.5)
    assert neri["share_words"] == pytest.approx(4 / 7)
    assert (neri["low"], neri["high"]) == pytest.approx((0.150, 0.850), abs=1e-3)  # Wilson for 2 of 4
    assert table.loc[("Alfa", NOBODY), "n"] == 1
    assert table.loc[("Beta", "Governo"), "share"] == 1


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["x", "y", "z", None]), st.text("uno due", max_size=9)))
)
def test_shares_sum_to_one_and_lie_in_their_intervals(rows):
    quotes = pd.DataFrame(rows, columns=["doc_id", "speaker", "text"]).astype("str").replace("None", None)
    table = shares(quotes, OVERVIEW)
    for _, own in table.groupby("doc_id"):
        assert own["share"].sum() == pytest.approx(1)
    assert (table["low"] <= table["share"] + 1e-9).all()
    assert (table["share"] <= table["high"] + 1e-9).all()


def test_loudest_puts_nobody_aside():
    assert loudest(shares(QUOTES, OVERVIEW)) == ["Anna Neri", "Governo", "gli esperti"]


def test_cue_classes_leave_out_what_has_no_cue():
    table = cue_classes(QUOTES, OVERVIEW).set_index(["name", "cue_class"])
    assert table.loc[("Alfa", "neutral"), "n"] == 2
    assert table.loc[("Alfa", "neutral"), "share"] == pytest.approx(2 / 3)


def test_sources_named_and_unnamed():
    kinds = sources(QUOTES, MENTIONS).set_index("speaker")["kind"].to_dict()
    assert kinds == {"Anna Neri": "person", "Governo": "organisation", "gli esperti": "unnamed", NOBODY: "unnamed"}
