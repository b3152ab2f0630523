"""Corrections: what a line changes, what follows from it, and what becomes of a line that no longer fits."""

import json

import nbformat
import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from rassegna import parts, runs
from rassegna.corrections import COLUMNS, corrections, write
from rassegna.errors import CorpusError, ParameterError
from rassegna.extraction import extract
from rassegna.partitions import worked
from rassegna.review import Review, panel
from rassegna.settings import Settings

PAGE = """Porto fermo per lo sciopero

Il presidente Aldo Neri ha detto: “Il porto riapre domani”.

I containers fermi sono 1.200, secondo Marta Bruni.

CONDIVIDI SU FACEBOOK
"""


@pytest.fixture
def corpus_dir(tmp_path):
    (tmp_path / "a.txt").write_text(PAGE, encoding="utf-8")
    return tmp_path


def line(text: str = "", **more: str) -> dict[str, str]:
    """A line of the file on words of the page."""
    place = {"start": str(PAGE.index(text)), "end": str(PAGE.index(text) + len(text))} if text in PAGE and text else {}
    return dict.fromkeys(COLUMNS, "") | {"doc_id": "a", "text": text} | place | more


def corrected(corpus_dir, *lines: dict[str, str]):
    write(corpus_dir / "corrections.csv", pd.DataFrame(lines, columns=COLUMNS))
    return extract(Settings.from_parameters(corpus_dir))


QUOTE = "Il porto riapre domani"


def test_a_wrong_speaker_is_set_right(corpus_dir):
    assert extract(Settings.from_parameters(corpus_dir)).quotes.loc[0, "speaker"] == "Aldo Neri"
    found = corrected(
        corpus_dir, line(QUOTE, table="quotes", action="change", field="speaker", value="Ugo Neri", coder="mb")
    )
    assert found.quotes.loc[0, ["speaker", "reason"]].tolist() == ["Ugo Neri", "correction"]
    told = found.corrections.loc[0]
    assert told[["status", "was", "value", "coder"]].tolist() == ["applied", "Aldo Neri", "Ugo Neri", "mb"]


def test_two_names_are_merged_and_speakers_follow(corpus_dir):
    merge = line(table="mentions", item="Aldo Neri", action="change", field="entity", value="Marta Bruni")
    found = corrected(corpus_dir, merge | {"doc_id": ""})
    assert set(found.mentions["entity"]) == {"Marta Bruni"}
    assert set(found.mentions["entity_id"]) == {"PER:marta-bruni"}
    assert set(found.quotes["speaker"]) == {"Marta Bruni"}


def test_a_block_that_is_content_after_all_is_read(corpus_dir):
    assert "CONDIVIDI" not in " ".join(extract(Settings.from_parameters(corpus_dir)).sentences["text"])
    share = line("CONDIVIDI SU FACEBOOK", table="blocks", action="change", field="label", value="body")
    found = corrected(corpus_dir, share)
    assert "CONDIVIDI SU FACEBOOK" in found.sentences["text"].tolist()


def test_what_was_missed_is_added_and_what_is_none_removed(corpus_dir):
    found = corrected(
        corpus_dir,
        line("Porto fermo", table="quotes", action="add", field="speaker", value="Aldo Neri"),
        line("sciopero", table="mentions", action="add", field="label", value="ORG"),
        line("Marta Bruni", table="mentions", action="remove"),
    )
    assert found.quotes.loc[found.quotes["text"] == "Porto fermo", "speaker"].tolist() == ["Aldo Neri"]
    assert found.mentions[["text", "label", "entity_id"]].values.tolist() == [
        ["sciopero", "ORG", "ORG:sciopero"],
        ["Aldo Neri", "PER", "PER:aldo-neri"],
    ]
    assert found.corrections["status"].tolist() == ["applied"] * 3


def test_a_number_is_set_right_and_what_was_right_is_accepted(corpus_dir):
    own = extract(Settings.from_parameters(corpus_dir)).quantities
    text = own.loc[own["value"] == 1200, "text"].item()
    found = corrected(
        corpus_dir,
        line(text, table="quantities", action="change", field="value", value="120"),
        line(QUOTE, table="quotes", action="accept"),
    )
    assert 120 in found.quantities["value"].tolist()
    assert found.corrections.set_index("table")["status"].to_dict() == {"quantities": "applied", "quotes": "accepted"}
    assert found.corrections.loc[found.corrections["table"] == "quantities", "was"].item() == "1200"


def test_words_that_moved_are_found_and_words_that_are_gone_are_stale(corpus_dir):
    moved = line(QUOTE, table="quotes", action="change", field="speaker", value="Ugo Neri") | {"start": "3"}
    gone = line("Il porto chiude", table="quotes", action="change", field="speaker", value="Ugo Neri")
    twice = line("o", table="quotes", action="remove") | {"start": "0"}
    elsewhere = line("Porto fermo", table="quotes", action="change", field="speaker", value="Ugo Neri")
    absent = line(QUOTE, table="quotes", action="remove") | {"doc_id": "b"}
    found = corrected(corpus_dir, moved, gone, twice, elsewhere, absent)
    told = found.corrections.set_index("text")["status"]
    assert found.quotes.loc[0, "speaker"] == "Ugo Neri"
    assert told.to_dict() | {QUOTE: None} == {
        QUOTE: None,
        "Il porto chiude": "stale",
        "o": "stale",
        "Porto fermo": "stale",
    }
    assert sorted(told[QUOTE]) == ["applied", "stale"]
    assert len(found.quotes) == 2, "nothing else is lost"


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"table": "articles"}, "table 'articles'"),
        ({"action": "delete"}, "action 'delete'"),
        ({"field": "cue"}, "field 'cue'"),
        ({"field": "kind", "value": "shouted"}, "kind 'shouted'; allowed are direct"),
        ({"field": "kind", "value": ""}, "kind may not be empty"),
        ({"start": "three"}, "start 'three'"),
        ({"text": ""}, "text is empty"),
        ({"doc_id": ""}, "doc_id is empty"),
        ({"table": "dates", "action": "add"}, "action add"),
        ({"table": "quantities", "field": "value", "value": "many"}, "value 'many'; allowed is a number"),
        ({"table": "mentions", "action": "add", "field": "entity"}, "field 'entity'; a line that adds fills label"),
    ],
)
def test_a_line_that_says_what_cannot_be_done_is_reported(corpus_dir, bad, said):
    good = line(QUOTE, table="quotes", action="change", field="speaker", value="Ugo Neri")
    found = corrected(corpus_dir, good | bad, good)
    told = found.corrections.set_index("status")
    assert said in told.loc["invalid", "reason"]
    assert found.quotes.loc[0, "speaker"] == "Ugo Neri", "the good line holds"


def test_a_second_run_says_what_is_extracted_so_by_now(corpus_dir):
    found = corrected(corpus_dir, line(QUOTE, table="quotes", action="change", field="speaker", value="Aldo Neri"))
    assert found.corrections["status"].tolist() == ["without effect"]


def test_a_file_without_its_columns_is_refused(corpus_dir):
    (corpus_dir / "corrections.csv").write_text("doc;table\na;quotes\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"corrections\.csv: no column `doc_id`; it has doc, table"):
        extract(Settings.from_parameters(corpus_dir))


def test_without_corrections_nothing_differs(corpus_dir):
    plain = extract(Settings.from_parameters(corpus_dir)).tables
    write(corpus_dir / "corrections.csv", pd.DataFrame(columns=COLUMNS))
    empty = extract(Settings.from_parameters(corpus_dir)).tables
    for name, table in plain.items():
        pd.testing.assert_frame_equal(table, empty[name])


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.fixed_dictionaries({"doc_id": st.just("a"), "text": TEXT, "note": TEXT}), max_size=5))
def test_what_is_written_is_read_back(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("corrections")
    lines = [dict.fromkeys(COLUMNS, "") | {"table": "quotes", "action": "accept"} | row for row in rows]
    write(folder / "corrections.csv", pd.DataFrame(lines, columns=COLUMNS))
    read = corrections(folder, {}).lines
    assert read["text"].tolist() == [row["text"] for row in rows]


def test_decisions_of_a_review_are_kept_and_give_way_to_later_ones(corpus_dir):
    foreign = line("Marta Bruni", table="mentions", action="accept", coder="zz")
    review = Review(corrected(corpus_dir, foreign), coder="mb")
    assert review.context()[1] == QUOTE
    review.decide("accept")
    review.decide("change", field="speaker", value="Ugo Neri")
    review.decide("change", field="kind", value="mixed")
    assert review.decided()[["action", "field"]].values.tolist() == [["change", "speaker"], ["change", "kind"]]
    review.move(-1)
    assert review.place == len(review.items) - 1
    assert review.decided().empty
    found = extract(Settings.from_parameters(corpus_dir))
    assert found.quotes.loc[0, ["speaker", "kind"]].tolist() == ["Ugo Neri", "mixed"]
    assert found.corrections["coder"].tolist() == ["zz", "mb", "mb"], "another's line stays"
    review.move(1)
    review.decide("remove")
    assert QUOTE not in extract(Settings.from_parameters(corpus_dir)).quotes["text"].tolist()


def test_the_panel_acts_on_the_file_and_shows_text_as_text(corpus_dir):
    page = PAGE.replace("riapre domani", "<b>riapre</b> domani")
    (corpus_dir / "a.txt").write_text(page, encoding="utf-8")
    review = Review(extract(Settings.from_parameters(corpus_dir)))
    face = panel(review)
    shown, (field, value), buttons, said = face.children[0], face.children[1].children, *face.children[2:]
    assert "&lt;b&gt;riapre&lt;/b&gt;" in shown.value
    press = {button.description: button.click for button in buttons.children}
    press["correct"]()
    assert said.value == "Give the value first."
    field.value, value.value = "speaker", "Ugo Neri"
    press["correct"]()
    assert said.value == "Decided: change speaker Ugo Neri"
    press["next ▶"]()
    assert shown.value.startswith("<p><strong>2 of")
    assert extract(Settings.from_parameters(corpus_dir)).quotes.loc[0, "speaker"] == "Ugo Neri"


def test_a_review_of_no_such_table_says_which_there_are(corpus_dir):
    with pytest.raises(ParameterError, match="table 'articles'; allowed are blocks"):
        Review(extract(Settings.from_parameters(corpus_dir)), table="articles")


def test_two_coders_three_corrections_and_a_stale_one_run_through_and_are_told(corpus_dir, tmp_path_factory):
    coded = {"doc_id": "a", "quotes": [line(QUOTE) | {"speaker": "Ugo Neri", "cue": "ha detto"}]}
    coded["quotes"] = [{key: own[key] for key in ("text", "speaker", "cue")} for own in coded["quotes"]]
    other = coded | {"quotes": [coded["quotes"][0] | {"speaker": "Aldo Neri"}]}
    for folder, articles in (("annotations", coded), ("annotations/second", other)):
        (corpus_dir / folder).mkdir()
        (corpus_dir / folder / "a.json").write_text(json.dumps(articles), encoding="utf-8")
    lines = [
        line(QUOTE, table="quotes", action="change", field="speaker", value="Ugo Neri"),
        line("CONDIVIDI SU FACEBOOK", table="blocks", action="change", field="label", value="body"),
        line("Marta Bruni", table="mentions", action="remove"),
        line("Il porto chiude", table="quotes", action="remove"),
    ]
    write(corpus_dir / "corrections.csv", pd.DataFrame(lines, columns=COLUMNS))
    build = tmp_path_factory.mktemp("build")
    paths = runs.find(ROOT / "notebooks", ("00", "09"))
    copies = runs.execute(paths, build / "runs", corpus_dir=corpus_dir, build_dir=build, progress=False)
    briefing, validity = (text_of(copy) for copy in copies)
    assert "Corrections by hand: 3 applied, 1 stale." in briefing
    assert "first" in validity
    assert "second" in validity
    found = extract(Settings.from_parameters(corpus_dir)).validity.set_index(["coder", "table", "measure"])
    assert found.loc[("first", "quotes", "speakers"), "n_right"] == 1, "the correction agrees with the first coder"
    assert found.loc[("second", "quotes", "speakers"), "n_right"] == 0


def text_of(notebook) -> str:
    node = nbformat.read(notebook, as_version=4)
    outputs = [output for cell in node.cells for output in cell.get("outputs", [])]
    return "\n".join(output["data"]["text/plain"] for output in outputs if "data" in output)


def test_in_a_corpus_of_several_parts_each_line_is_reported_once(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "SIZE", 2)
    for name in "abcd":
        (tmp_path / f"{name}.txt").write_text(PAGE.replace("Porto", f"Molo {name} "), encoding="utf-8")
    everywhere = line(table="mentions", item="Aldo Neri", action="change", field="entity", value="Ugo Neri")
    once = line(QUOTE, table="quotes", action="change", field="cue_class", value="assertive") | {"start": "", "end": ""}
    write(tmp_path / "corrections.csv", pd.DataFrame([everywhere | {"doc_id": ""}, once, once | {"doc_id": "z"}]))
    work = worked(extract(Settings.from_parameters(tmp_path), whole=True))
    assert work.n_parts == 2
    assert set(work.extraction.quotes["speaker"]) == {"Marta Bruni", "Ugo Neri"}
    found = work.extraction.corrections[["doc_id", "status", "reason"]].fillna("")
    assert found.values.tolist() == [
        ["", "applied", "2 row(s) changed; so in more parts: 1"],
        ["a", "without effect" if "extracted" in found["reason"][1] else "applied", found["reason"][1]],
        ["z", "stale", "no article 'z' in the corpus"],
    ]
