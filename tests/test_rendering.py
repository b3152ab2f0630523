"""What notebooks show: escaped, visible, and with alternative text."""

import html

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from rassegna import figures, rendering

HOSTILE = ["<script>alert(1)</script>", "$x$", "{{7*7}}", "](javascript:alert(1))", "a\u202eb", "&amp;"]


@pytest.fixture
def shown(monkeypatch):
    """What was displayed: a list of MIME bundles."""
    bundles = []
    monkeypatch.setattr(rendering, "get_ipython", lambda: "a notebook")
    monkeypatch.setattr(rendering, "display", lambda data, **kwargs: bundles.append({**data, "kwargs": kwargs}))
    return bundles


def test_without_a_notebook_the_plain_text_is_told(capsys):
    rendering.say("a sample of 500")
    assert capsys.readouterr() == ("", "a sample of 500\n")


def test_a_long_table_is_cut_and_says_so(shown, monkeypatch):
    monkeypatch.setattr(rendering, "MOST_ROWS", 2)
    for folded in (False, True):
        rendering.table(pd.DataFrame({"text": ["a", "b", "c"]}), caption="Letters", folded=folded)
    for bundle in shown:
        assert bundle["text/html"].count("<tr") == 3
        assert "Letters (the first 2 of 3 rows)" in bundle["text/html"]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_escaped_wherever_it_is_shown(shown, text):
    rendering.table(pd.DataFrame({"text": [text]}), caption=text, folded=True)
    rendering.table(pd.DataFrame({"text": [text]}), caption=text)
    rendering.say(text)
    rendering.points([text])
    assert len(shown) == 4
    for bundle in shown:
        markup = bundle["text/html"]
        assert "<script" not in markup
        assert "\u202e" not in markup
        assert "mathjax_ignore" in markup
    assert "&amp;amp;" in shown[-1]["text/html"] or text != "&amp;"


def test_hidden_characters_are_written_out():
    assert rendering.visible("a\u202eb\x07\u200b") == "a[U+202E]b[U+0007][U+200B]"
    assert rendering.visible("è «così»\n") == "è «così»\n"


def test_an_empty_table_is_a_sentence(shown):
    rendering.table(pd.DataFrame({"a": []}), caption="What was refused")
    assert shown[0]["text/plain"] == "What was refused: none."


def test_source_is_folded_behind_its_caption(shown):
    rendering.source('id = "<a>"\nall = []', caption="Entries", folded=True)
    rendering.source("", caption="Entries", folded=True)
    assert shown[0]["text/html"].startswith("<details><summary>Entries</summary><pre")
    assert "&lt;a&gt;&quot;\nall" in shown[0]["text/html"]
    assert shown[1]["text/plain"] == "Entries: none."


def test_an_absent_value_is_a_dash(shown):
    rendering.table(pd.DataFrame({"a": [None, "x"]}))
    assert "<td>–</td>" in shown[0]["text/html"]


def test_a_figure_needs_alt_text(tmp_path):
    with pytest.raises(ValueError, match="alt text is missing"):
        rendering.show(plt.figure(), alt=" ", name="a", build_dir=tmp_path)
    plt.close("all")


def test_a_figure_is_shown_and_kept(shown, tmp_path):
    rendering.house_style()
    overview = pd.DataFrame({"name": ["A very long name of an outlet that goes on", "$x^2$"], "n_words": [10, 2000]})
    data = overview.assign(name=["=1+1", None])
    kept = []
    for _ in range(2):
        rendering.show(figures.lengths(overview), alt="Two bars.", name="bars", build_dir=tmp_path, data=data)
        kept.append({path.name: path.read_bytes() for path in (tmp_path / "figures").iterdir()})
    first, second = shown
    assert first["text/plain"] == "Figure: Two bars."
    assert first["kwargs"]["metadata"]["image/png"] == {"alt": "Two bars.", "name": "bars"}
    assert first["image/png"] == kept[0]["bars.png"] == second["image/png"]
    assert kept[0] == kept[1]  # no clock in the files
    assert sorted(kept[0]) == ["bars.csv", "bars.pdf", "bars.png", "bars.svg"]
    assert b"x^2" in kept[0]["bars.svg"]
    assert kept[0]["bars.csv"].decode() == "name,n_words\n'=1+1,10\n,2000\n"


def test_a_figure_without_data_has_no_csv(shown, tmp_path):
    rendering.show(plt.figure(), alt="Nothing.", name="a", build_dir=tmp_path)
    assert not (tmp_path / "figures" / "a.csv").exists()


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({"doc_id": "a b", "start": 3, "end": 7.0}, "doc=a%20b&span=3-7"),
        ({"doc_id": "a", "start": None, "end": None, "fact_id": "x&y"}, "doc=a&fact=x%26y"),
        ({"doc_id": "a", "speaker": "Anna Neri", "n": 3}, "doc=a&speaker=Anna%20Neri"),
        ({"speaker": "Anna Neri"}, "speaker=Anna%20Neri"),
        ({"doc_id": "a"}, "doc=a"),
        ({"doc_id": "a", "other_doc_id": "b", "n": 3}, "doc=a&doc=b"),
        ({"doc_id": "a", "start": 3, "end": 7, "other_doc_id": "b"}, "doc=a&span=3-7&doc=b"),
        ({"doc_id": "a", "start": 3, "end": 7, "other_doc_id": "b", "passage_id": 4}, "doc=a&doc=b&passage=4"),
        ({"speaker": None, "n": 3}, ""),
        ({"start": 3, "end": 7}, ""),
    ],
)
def test_a_row_says_where_its_evidence_is(row, place):
    assert rendering.evidence(row) == place


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_keeps_the_place_of_its_evidence(shown, text):
    frame = pd.DataFrame({"doc_id": [text, "b"], "start": [0, None], "end": [9, None], "text": [text, None]})
    rendering.table(frame, columns=["text"])
    rendering.table(frame, columns=["start"])
    first, second = (bundle["text/html"] for bundle in shown)
    assert first.count("<span data-evidence=") == 1
    assert f'data-evidence="{html.escape(rendering.address(text, 0, 9))}">' in first
    assert "<th>doc_id" not in first
    assert "<script" not in first
    assert "data-evidence" not in second, "only the linked column leads anywhere"


def test_a_count_leads_to_all_its_places(shown):
    frame = pd.DataFrame({"name": ["A", "B"], "n": [2, 0], "other": [1, 1]})
    behind = pd.DataFrame(
        {
            "doc_id": ["y z", "x", "x", "x"],
            "start": [5, 9, 1, None],
            "end": [6.0, 12, 4, None],
            "name": ["A", "A", "A", "B"],
        }
    )
    rendering.table(frame, behind=behind.assign(column="n"), on=["name"])
    markup = shown[0]["text/html"]
    assert markup.count("data-evidence") == 1, "neither a row without a place nor another column"
    assert 'data-evidence="doc=x&amp;span=1-4,9-12&amp;doc=y%20z&amp;span=5-6">2<' in markup
    rendering.table(frame, columns=["other"], behind=behind.assign(column="n"), on=["name"])
    rendering.table(frame, behind=behind.iloc[:0].assign(column="n"), on=["name"])
    assert not any("data-evidence" in bundle["text/html"] for bundle in shown[1:])


def test_a_table_has_one_header(shown):
    frame = pd.DataFrame({"name": ["A", "A"], "kind": ["x", "y"]}).pivot_table(
        index="name", columns="kind", aggfunc="size"
    )
    rendering.table(frame.reset_index())
    assert shown[0]["text/html"].count("<tr") == 2


def test_a_table_is_in_words_and_its_numbers_stand_at_the_right(shown):
    frame = pd.DataFrame(
        {
            "name": ["A", "B"],
            "n_words": [20117, 5],
            "share_words": [1.0, 0.9967],
            "factor": [11000.0, 0.0123],
            "is_complete": [True, False],
            "status": ["not_found", "states"],
            "text": ["not_found", "x" * 130],
        }
    )
    rendering.table(frame)
    markup = shown[0]["text/html"]
    for heading in ("article", "complete", "status"):
        assert f"<th>{heading}</th>" in markup
    for heading in ("words", "share of words", "factor"):
        assert f'<th class="end">{heading}</th>' in markup
    for number in ("20,117", "5", "1.000", "0.997", "11,000", "0.0123"):
        assert f'<td class="end">{number}</td>' in markup
    for text in ("yes", "no", "not found", "not_found"):
        assert f"<td>{text}</td>" in markup
    assert '<td><div style="min-width: 24em">xxx' in markup


def test_no_fraction_is_rounded_to_nothing(shown):
    rendering.table(pd.DataFrame({"share": [0.5, 0.0002]}))
    assert '<td class="end">0.0002</td>' in shown[0]["text/html"]
