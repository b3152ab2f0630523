"""What notebooks show: escaped, visible, and with alternative text."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from rassegna import figures, rendering

HOSTILE = ["<script>alert(1)</script>", "$x$", "{{7*7}}", "](javascript:alert(1))", "a\u202eb", "&amp;"]


@pytest.fixture
def shown(monkeypatch):
    """What was displayed: a list of MIME bundles."""
    bundles = []
    monkeypatch.setattr(rendering, "display", lambda data, **kwargs: bundles.append({**data, "kwargs": kwargs}))
    return bundles


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
    for _ in range(2):
        rendering.show(figures.lengths(overview), alt="Two bars.", name="bars", build_dir=tmp_path)
    first, second = shown
    assert first["text/plain"] == "Figure: Two bars."
    assert first["kwargs"]["metadata"]["image/png"] == {"alt": "Two bars.", "name": "bars"}
    assert first["image/png"] == second["image/png"]  # no clock in the file
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == ["bars.png", "bars.svg"]
    assert "x^2" in (tmp_path / "figures" / "bars.svg").read_text(encoding="utf-8")
