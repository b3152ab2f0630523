"""Exploring: what can be picked, where it stands, and that hostile text is shown as text."""

import pytest
from rassegna import explore
from rassegna.errors import ParameterError
from rassegna.explore import MOST, TOPICS, Explorer, panel
from rassegna.extraction import extract
from rassegna.settings import Settings

FIRST = """Porto fermo per lo sciopero

Il presidente Aldo Neri ha detto: “Il porto riapre domani”.

Per Aldo Neri è un <b> ricatto </b> vero. I moli restano chiusi.
"""
SECOND = """Sciopero al porto

Al porto Marta Bruni ha incontrato Aldo Neri. I moli sono chiusi da ieri.
"""
CODEBOOK = """
[[fact]]
id = "closure"
fact = "The <i>quays</i> are closed"
all = ["molo", "chiudere | chiuso"]

[[fact]]
id = "fire"
fact = "A ship burns"
all = ["nave", "bruciare"]
"""


def corpus_of(folder, **texts: str):
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return extract(Settings.from_parameters(folder))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    return corpus_of(folder, a=FIRST, b=SECOND)


@pytest.mark.parametrize(
    ("what", "item", "counts", "texts"),
    [
        ("outlet", "b", [0, 2], ["Al porto Marta Bruni ha incontrato Aldo Neri.", "I moli sono chiusi da ieri."]),
        ("entity", "Aldo Neri", [2, 1], ["Aldo Neri", "Aldo Neri", "Aldo Neri"]),
        ("entity", "Marta Bruni", [0, 1], ["Marta Bruni"]),
        ("entity", "Ugo Verdi", [0, 0], []),
        ("word", "molo", [1, 1], ["moli", "moli"]),
        ("word", "moli  restano ", [1, 0], ["moli restano"]),
        ("word", "nave", [0, 0], []),
        ("fact", "The <i>quays</i> are closed", [1, 1], ["I moli restano chiusi.", "I moli sono chiusi da ieri."]),
        ("fact", "A ship burns", [0, 0], []),
    ],
)
def test_an_item_is_counted_and_found(corpus, what, item, counts, texts):
    explorer = Explorer(corpus, what, item)
    assert explorer.counts()["n_occurrences"].tolist() == counts
    assert explorer.places()["text"].tolist()[: len(texts)] == texts
    assert len(explorer.places()) == sum(counts)


@pytest.mark.parametrize("what", TOPICS)
def test_every_item_stands_where_it_is_said_to(corpus, what):
    explorer = Explorer(corpus, what)
    for item in explorer.items():
        explorer.pick(what, item)
        for row in explorer.places().itertuples():
            assert corpus.raw[row.doc_id][row.start : row.end] == row.text
            assert corpus.raw[row.doc_id][row.sentence_start : row.sentence_end] == row.sentence
            assert row.sentence_start <= row.start < row.sentence_end


def test_what_more_articles_have_stands_first(corpus):
    assert Explorer(corpus, "entity").items()[:2] == ["Aldo Neri", "Marta Bruni"]
    assert Explorer(corpus, "fact").items()[-1] == "A ship burns", "a fact that nobody tells can be picked"
    assert Explorer(corpus, "outlet").items() == ["a", "b"]
    assert Explorer(corpus, "speaker").item == "Aldo Neri"
    assert "porto" in Explorer(corpus, "word").items()[:3]


def test_rates_are_per_thousand_words_of_the_article(corpus):
    counts = Explorer(corpus, "entity", "Aldo Neri").counts()
    expected = 1000 * counts["n_occurrences"] / corpus.overview()["n_words"]
    assert counts["occurrences_per_1k_words"].tolist() == pytest.approx(expected.tolist())


def test_no_such_kind_is_refused_with_those_there_are(corpus):
    with pytest.raises(ParameterError, match="what: 'cue'; allowed are outlet, entity"):
        Explorer(corpus, "cue")


@pytest.mark.parametrize("what", TOPICS)
def test_a_corpus_without_any_items(tmp_path, what):
    corpus = corpus_of(tmp_path, a="1.\n")
    explorer = Explorer(corpus, what)
    assert explorer.counts()["name"].tolist() == ["a"]
    assert len(explorer.places()) == explorer.counts()["n_occurrences"].sum()
    assert "of 1." in panel(explorer).children[1].value


def test_the_panel_turns_to_what_is_picked(corpus):
    face = panel(Explorer(corpus))
    (what, item), shown = face.children[0].children, face.children[1]
    assert item.options == ("Aldo Neri", "Marta Bruni")
    assert "Occurrences: 3; articles that have it: 2 of 2." in shown.value
    item.value = "Marta Bruni"
    assert "Occurrences: 1; articles that have it: 1 of 2." in shown.value
    assert "Al porto <mark>Marta Bruni</mark> ha incontrato Aldo Neri." in shown.value
    what.value = "word"
    item.value = "moli restano"
    assert "<mark>moli restano</mark> chiusi." in shown.value
    item.value = ""
    assert "<mark>" in shown.value, "an empty box is the first item"


def test_the_panel_shows_text_as_text(corpus):
    face = panel(Explorer(corpus, "fact"))
    assert "&lt;i&gt;quays&lt;/i&gt;" in face.children[1].value
    face = panel(Explorer(corpus, "word", "ricatto"))
    assert "&lt;b&gt; <mark>ricatto</mark> &lt;/b&gt;" in face.children[1].value
    face = panel(Explorer(corpus, "word", "<img src=x onerror=alert(1)>\u202e"))
    assert "<img" not in face.children[1].value
    assert "[U+202E]" in face.children[1].value
    assert "mathjax_ignore" in face.children[1].value


def test_many_places_are_cut_and_said_to_be(tmp_path):
    corpus = corpus_of(tmp_path, a="Riapertura\n\n" + "Il porto riapre domani mattina. " * (MOST + 5))
    shown = panel(Explorer(corpus, "word", "porto")).children[1].value
    assert shown.count("<mark>") == MOST
    assert f"The first {MOST} are shown, 5 more are not." in shown


def outputs(monkeypatch, corpus, **how):
    shown = []
    monkeypatch.setattr(explore.rendering, "get_ipython", lambda: "a notebook")
    monkeypatch.setattr(explore.rendering, "display", lambda data, **_: shown.append(data["text/html"]))
    monkeypatch.setattr(explore, "display", shown.append)
    explore.show(corpus, **how)
    return shown


def test_the_static_twin_has_the_same_counts_and_sentences(corpus, monkeypatch):
    counts, told, sentences = outputs(monkeypatch, corpus, what="fact")
    assert "Fact: The &lt;i&gt;quays&lt;/i&gt; are closed" in counts
    assert "Occurrences: 2; articles that have it: 2 of 2." in told
    assert sentences.startswith("<details>")
    start = FIRST.index("I moli restano")
    assert f'data-evidence="doc=a&amp;span={start}-{start + len("I moli restano chiusi.")}"' in sentences


def test_the_panel_stands_beside_its_twin_where_panels_are_on(corpus, monkeypatch):
    shown = outputs(monkeypatch, corpus, what="entity", panels=True)
    assert len(shown) == 4
    assert len(shown[-1].children) == 2


def test_nothing_to_pick_is_a_sentence(tmp_path, monkeypatch):
    (shown,) = outputs(monkeypatch, corpus_of(tmp_path, a="1.\n"), what="entity")
    assert "There is no entity to pick." in shown
