"""Voices: shares by utterance and by word, their intervals, cue classes and kinds of source."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rassegna.voices import NOBODY, cue_classes, loudest, shares, sources, utterances, voice_of

OVERVIEW = pd.DataFrame({"doc_id": ["a", "b"], "name": ["Alfa", "Beta"]})
QUOTES = pd.DataFrame(
    [
        ("a", 0, 11, "uno due tre", "Anna Neri", "neutral"),
        ("a", 20, 27, "quattro", "Anna Neri", "accusing"),
        ("a", 30, 40, "cinque sei", "gli esperti", "neutral"),
        ("a", 50, 55, "sette", None, None),
        ("b", 0, 9, "otto nove", "Governo", "denying"),
    ],
    columns=["doc_id", "start", "end", "text", "speaker", "cue_class"],
).assign(cue_start=[12, 28, 41, None, 10])
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
    quotes = quotes.assign(start=range(0, 10 * len(quotes), 10), end=range(9, 10 * len(quotes) + 9, 10))
    table = shares(quotes, OVERVIEW)
    for _, own in table.groupby("doc_id"):
        assert own["share"].sum() == pytest.approx(1)
    assert (table["low"] <= table["share"] + 1e-9).all()
    assert (table["share"] <= table["high"] + 1e-9).all()


def test_what_lies_within_another_counts_once_and_joint_speakers_each():
    rows = [
        ("a", 0, 30, "che uno due tre quattro", "Russia; Cina"),
        ("a", 8, 15, "due tre", "Russia"),
        ("a", 40, 44, "dopo", "Cina"),
        ("b", 5, 9, "otto", "Russia"),
    ]
    found = utterances(pd.DataFrame(rows, columns=["doc_id", "start", "end", "text", "speaker"]))
    assert list(zip(found["start"], found["speaker"], strict=True)) == [
        (0, "Russia"),
        (0, "Cina"),
        (40, "Cina"),
        (5, "Russia"),
    ]


def test_loudest_puts_nobody_aside():
    assert loudest(shares(QUOTES, OVERVIEW)) == ["Anna Neri", "Governo", "gli esperti"]


def test_cue_classes_count_each_cue_once_and_leave_out_what_has_none():
    twice = pd.concat([QUOTES, QUOTES.iloc[[0]]])
    table = cue_classes(twice, OVERVIEW).set_index(["name", "cue_class"])
    assert table.loc[("Alfa", "neutral"), "n"] == 2
    assert table.loc[("Alfa", "neutral"), "share"] == pytest.approx(2 / 3)


def test_sources_named_and_unnamed():
    kinds = sources(QUOTES, MENTIONS).set_index("speaker")["kind"].to_dict()
    assert kinds == {"Anna Neri": "person", "Governo": "organisation", "gli esperti": "unnamed", NOBODY: "unnamed"}


def test_voice_of_takes_the_innermost_statement():
    spans = pd.DataFrame({"doc_id": ["a", "a", "a", "b"], "start": [5, 30, 60, 5], "end": [9, 35, 65, 9]}, [9, 7, 8, 6])
    quotes = pd.DataFrame(
        [("a", 0, 20, "indirect", "Kiev"), ("a", 28, 36, "mixed", "Seoul"), ("a", 20, 50, "indirect", "Mosca")],
        columns=["doc_id", "start", "end", "kind", "speaker"],
    )
    table = voice_of(spans, quotes)
    assert table.index.tolist() == [9, 7, 8, 6]
    assert table["voice"].tolist() == ["attributed", "quoted", "own", "own"]
    assert table["holder"].fillna("").tolist() == ["Kiev", "Seoul", "", ""]
    assert voice_of(spans, quotes.assign(speaker=None))["holder"].isna().all()
    assert voice_of(spans.iloc[:0], quotes).columns.tolist() == ["voice", "holder"]
