"""Prominence: counts, rates, what one article names alone, and what stands together in a sentence."""

import pandas as pd
import pytest
from rassegna.prominence import exclusives, in_sentences, meetings, prominence, together

OVERVIEW = pd.DataFrame({"doc_id": ["a", "b"], "name": ["Alfa", "Beta"], "n_words": [500, 2000]})
MENTIONS = pd.DataFrame(
    [
        ("a", 0, 4, "Neri", "PER", "PER:neri", "Anna Neri"),
        ("a", 10, 14, "Neri", "PER", "PER:neri", "Anna Neri"),
        ("a", 15, 19, "Roma", "LOC", "LOC:roma", "Roma"),
        ("b", 0, 9, "Anna Neri", "PER", "PER:neri", "Anna Neri"),
        ("b", 40, 44, "Roma", "LOC", "LOC:roma", "Roma"),
        ("b", 50, 54, "Bari", "LOC", "LOC:bari", "Bari"),
    ],
    columns=["doc_id", "start", "end", "text", "label", "entity_id", "entity"],
)
SENTENCES = pd.DataFrame(
    [("a", 0, 0, 8, "uno"), ("a", 1, 9, 30, "due"), ("b", 0, 0, 20, "tre"), ("b", 1, 30, 60, "quattro")],
    columns=["doc_id", "sentence_id", "start", "end", "text"],
)


def test_rates_are_per_thousand_words_and_counts_stand_beside():
    table = prominence(MENTIONS, OVERVIEW).set_index(["entity", "name"])
    assert table.loc[("Anna Neri", "Alfa"), "n_mentions"] == 2
    assert table.loc[("Anna Neri", "Alfa"), "mentions_per_1k_words"] == pytest.approx(4)
    assert table.loc[("Anna Neri", "Beta"), "mentions_per_1k_words"] == pytest.approx(0.5)
    assert table["n_mentions"].sum() == len(MENTIONS)
    assert list(dict.fromkeys(entity for entity, _ in table.index)) == ["Anna Neri", "Roma", "Bari"]


def test_row_order_does_not_depend_on_the_input():
    shuffled = MENTIONS.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(prominence(shuffled, OVERVIEW), prominence(MENTIONS, OVERVIEW))


def test_exclusives_are_named_by_one_article():
    found = exclusives(prominence(MENTIONS, OVERVIEW))[["doc_id", "name", "entity", "label", "n_mentions"]]
    assert found.to_numpy().tolist() == [["b", "Beta", "Bari", "LOC", 1]]


def test_together_counts_sentences_once():
    assert together(meetings(MENTIONS, SENTENCES)).to_numpy().tolist() == [
        ["Anna Neri", "Roma", 1, 1],
        ["Bari", "Roma", 1, 1],
    ]


def test_in_sentences_keeps_order_and_leaves_out_what_lies_between():
    spans = pd.concat([MENTIONS, MENTIONS.iloc[[0]].assign(doc_id="b", start=25, end=29)])
    placed = in_sentences(spans, SENTENCES)
    assert list(placed["sentence"]) == ["uno", "due", "due", "tre", "quattro", "quattro"]


def test_no_mentions_no_rows():
    empty = prominence(MENTIONS.iloc[:0], OVERVIEW)
    assert empty.empty
    assert exclusives(empty).empty
    assert together(meetings(MENTIONS.iloc[:0], SENTENCES)).empty
