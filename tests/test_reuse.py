"""Reuse: passages planted in small articles, with what must not be taken for copying; origins; similarity."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
import regex
from generated import generate
from hypothesis import given, settings
from hypothesis import strategies as st
from rassegna import figures
from rassegna.reuse import n_origins, origins, pairs, passages, similarity
from rassegna.tables import schemas

AGENCY = (
    "Il fiume ha superato gli argini nella notte e le strade della zona industriale sono rimaste allagate per ore. "
    "I vigili del fuoco hanno portato in salvo quaranta residenti perché l'acqua saliva, e le scuole restano chiuse."
)
OTHER = (
    "Sul tavolo della giunta c'era da mesi il rifacimento della pavimentazione davanti alla vecchia stazione. "
    "Gli ambulanti temono che il cantiere tolga clienti al mercato del sabato e chiedono un rinvio."
)
OWN = (
    "La nostra cronista ha camminato per il quartiere ancora al buio, tra cantine piene di fango e auto rovesciate. "
    "Una pensionata mostra il segno lasciato dall'acqua sulla parete della cucina, più alto del frigorifero."
)
SAID = "Non lasceremo sola nessuna famiglia e chiederemo subito lo stato di emergenza per tutta la provincia colpita"
SAID_AGAIN = "abbiamo già stanziato i primi fondi e da domani apriremo uno sportello per chi ha perso la casa"

NAMES = "Anna Neri, Luca Bo, Ugo Fermi, Ivo Pace, Lea Moro, Eva Riva e Ada Sala"
OFFICES = (
    "il ministro della Difesa Anna Neri, la vicepresidente della Regione Lea Moro, il ministro degli Esteri Luca Bo "
    "e il governatore della Banca centrale Ugo Fermi"
)


def tables(articles, *, labels=(), quotes=(), marks=(), language="it"):
    """The tables of some articles: doc_id to paragraphs; what stands in « » is a quotation unless it is given."""
    raw = {doc_id: "\n\n".join(paragraphs) for doc_id, paragraphs in articles.items()}
    blocks, sentences, spoken = [], [], []
    for doc_id, paragraphs in articles.items():
        at = 0
        for n, paragraph in enumerate(paragraphs):
            label = dict(labels).get((doc_id, n), "body")
            blocks.append((doc_id, n, at, at + len(paragraph), label, paragraph))
            if label == "body":
                found = regex.finditer(r"\S.*?(?:[.!?](?=\s|$)|$)", paragraph)
                sentences += [(doc_id, n, at + m.start(), at + m.end(), m[0]) for m in found]
            found = regex.finditer("(?<=«)[^»]+", paragraph)
            spoken += [(doc_id, at + m.start(), at + m.end(), "direct") for m in found]
            at += len(paragraph) + 2
    span = ["doc_id", "start", "end"]
    return {
        "blocks": pd.DataFrame(blocks, columns=["doc_id", "block_id", "start", "end", "label", "text"]),
        "sentences": pd.DataFrame(sentences, columns=["doc_id", "block_id", "start", "end", "text"]),
        "quotes": pd.DataFrame(quotes or spoken, columns=[*span, "kind"]),
        "quotation_marks": pd.DataFrame(marks, columns=span),
        "raw": raw,
        "language": dict.fromkeys(raw, language),
    }


def found(articles, **options):
    """Table `passages` of some articles, checked for what holds of every such table."""
    given = tables(articles, **options)
    table = passages(**given)
    schemas()["passages"].validate(table)
    raw, quotes = given["raw"], given["quotes"]
    for side in ("", "other_"):
        for doc_id, start, end, text in table[
            [f"{side}doc_id", f"{side}start", f"{side}end", f"{side}text"]
        ].itertuples(index=False):
            assert text == raw[doc_id][start:end]
            own = quotes[quotes["doc_id"] == doc_id]
            assert not ((own["start"] <= start) & (start < own["end"])).any()
            assert not ((own["start"] < end) & (end <= own["end"])).any()
    assert (table["doc_id"] < table["other_doc_id"]).all()
    assert table["similarity"].between(0, 1).all()
    return table


def test_a_copied_paragraph_is_found_wherever_it_stands():
    table = found({"a": [OWN, AGENCY], "b": [AGENCY, OTHER]})
    assert len(table) == 1
    row = table.iloc[0]
    assert (row["doc_id"], row["other_doc_id"], row["kind"], row["similarity"]) == ("a", "b", "verbatim", 1)
    assert row["text"] == row["other_text"] == AGENCY.rstrip(".")
    assert row["n_words"] == len(regex.findall(r"\w+", AGENCY))


def test_a_paragraph_in_a_longer_one_or_cut_in_sentences():
    first, second = AGENCY.split(". ")
    table = found({"a": [f"{OWN} {AGENCY} {OTHER}"], "b": [f"{second}", f"{first}."]})
    assert table["text"].tolist() == [first, second.rstrip(".")]


def test_paragraphs_in_another_order_are_a_passage_each():
    table = found({"a": [AGENCY, OWN, OTHER], "b": [OTHER, AGENCY, OWN]})
    assert table["text"].tolist() == [AGENCY.rstrip("."), OWN.rstrip("."), OTHER.rstrip(".")]
    assert table["share"].sum() == pytest.approx(1)


def test_light_rewording_is_found_and_said():
    reworded = (
        "Il fiume ha superato gli argini durante la notte e le vie della zona industriale sono rimaste allagate molto. "
        "I vigili del fuoco hanno tratto in salvo quaranta persone perché l'acqua saliva, e le scuole chiudono."
    )
    table = found({"a": [AGENCY], "b": [OWN, reworded]})
    assert table["kind"].tolist() == ["reworded"]
    assert 0.75 < table["similarity"].iloc[0] < 0.95


def test_accents_and_signs_do_not_matter():
    plain = AGENCY.replace("perché", "perche'").replace(",", " –").replace("l'acqua", "l’acqua")
    assert plain != AGENCY
    assert found({"a": [AGENCY], "b": [plain]})["similarity"].tolist() == [1]


@pytest.mark.parametrize(
    "articles",
    [
        {"a": [OWN], "b": [OTHER]},
        {"a": [f"«{SAID}», ha detto il sindaco. {OWN}"], "b": [f"{OTHER} Il sindaco: «{SAID}»."]},
        {"a": [f"Al vertice c'erano {NAMES}. {OWN}"], "b": [f"Alla cena, con {NAMES}, si è parlato d'altro."]},
        {"a": [f"Ci saranno {OFFICES}. {OWN}"], "b": [f"Alla cena, con {OFFICES}, si è parlato d'altro."]},
        {"a": [AGENCY, AGENCY]},
        {"a": []},
        {"a": ["Una riga sola."], "b": ["Una riga sola."]},
    ],
    ids=["nothing", "a shared quotation", "names", "names and offices", "within one article", "no text", "too short"],
)  # fmt: skip
def test_what_is_no_copying(articles):
    assert found(articles).empty


def test_furniture_is_left_out():
    labels = [(("a", 1), "furniture"), (("b", 0), "caption")]
    assert found({"a": [OWN, AGENCY], "b": [AGENCY, OTHER]}, labels=labels).empty


def test_strings_in_marks_are_masked_in_every_language():
    articles = {"a": [f"{OWN} «{SAID}»."], "b": [f"«{SAID}» {OTHER}"]}
    span = [("a", articles["a"][0].index(SAID), articles["a"][0].index(SAID) + len(SAID))]
    spans = [*span, ("b", 1, 1 + len(SAID))]
    nobody = [("a", 0, 0, "direct")]
    assert len(found(articles, quotes=nobody)) == 1
    assert found(articles, quotes=nobody, marks=spans).empty
    indirect = [(*span, "indirect") for span in spans]
    assert len(tables(articles, quotes=indirect)["quotes"]) == 2
    assert len(passages(**tables(articles, quotes=indirect))) == 1
    german = {doc_id: [text.replace("«", "„").replace("»", "“") for text in own] for doc_id, own in articles.items()}
    assert len(found(german)) == 1
    assert found(german, language="de").empty


def test_a_passage_bridges_a_quotation_and_counts_the_words_around_it():
    frame = "Il sindaco è arrivato in prefettura poco dopo l'alba e ha parlato davanti ai volontari: «{}». Poi ha {}."
    ending = "raggiunto a piedi la palestra dove dormono gli sfollati"
    table = found({"a": [frame.format(SAID, ending)], "b": [frame.format(SAID_AGAIN, ending)]})
    assert len(table) == 1
    assert table["kind"].tolist() == ["verbatim"]
    assert SAID in table["text"].iloc[0]
    assert SAID_AGAIN in table["other_text"].iloc[0]
    assert table["n_words"].iloc[0] == len(regex.findall(r"\w+", frame.format("", ending)))


def test_a_text_of_many_articles_is_compared_with_some_of_them_and_still_is_one_origin():
    many = {f"{n:03}": [AGENCY] for n in range(90)}
    table = passages(**tables(many))
    assert 90 <= len(table) < 90 * 89 / 2
    articles = pd.DataFrame({"doc_id": list(many), "outlet": None, "agency": None}).astype("str")
    assert n_origins(origins(articles, table)) == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_planted_copies_are_found_among_a_thousand_articles(seed):
    news = generate(1000, seed=seed)
    given = {name: news.tables[name] for name in ("blocks", "sentences", "quotes", "quotation_marks")}
    table = passages(**given, raw=news.raw, language=news.language)
    found, planted = ({*zip(t["doc_id"], t["other_doc_id"], strict=True)} for t in (table, news.copies))
    assert len(planted) > 80
    assert len(found & planted) >= 0.95 * len(planted)
    assert len(found & planted) >= 0.95 * len(found)
    whole = news.copies[news.copies["kind"].isin(["verbatim", "reworded"])]
    origin = origins(news.tables["articles"], table).set_index("doc_id")["origin"]
    one = origin[whole["doc_id"]].to_numpy() == origin[whole["other_doc_id"]].to_numpy()
    assert one.mean() >= 0.95
    assert origin.nunique() >= 1000 - len(planted)


WORDS = AGENCY.replace(".", "").split() + OTHER.replace(".", "").split()


@settings(deadline=None, max_examples=12)
@given(
    st.dictionaries(
        st.sampled_from("abc"),
        st.lists(st.lists(st.sampled_from([AGENCY, OTHER, OWN, f"«{SAID}»", *WORDS[:6]]), max_size=3).map(" ".join)),
    ),
)
def test_properties(articles):
    articles = {doc_id: [text for text in own if text] for doc_id, own in articles.items()}
    table = found(articles)
    turned = found({{"a": "z", "b": "y", "c": "x"}[doc_id]: own for doc_id, own in articles.items()})
    back = turned.assign(
        doc_id=turned["other_doc_id"].map({"z": "a", "y": "b", "x": "c"}),
        other_doc_id=turned["doc_id"].map({"z": "a", "y": "b", "x": "c"}),
    )
    pairs = {(row.doc_id, row.text, row.other_doc_id, row.other_text) for row in table.itertuples()}
    assert pairs == {(row.doc_id, row.other_text, row.other_doc_id, row.text) for row in back.itertuples()}
    assert table.equals(found(dict(reversed(articles.items()))))


def test_refuses_values_that_mean_nothing():
    with pytest.raises(ValueError, match="min_words 0"):
        passages(**tables({"a": [OWN]}), min_words=0)


ARTICLES = pd.DataFrame(
    {
        "doc_id": ["a", "b", "c", "d", "e"],
        "outlet": ["Alfa", "Beta", None, "Delta", "Epsilon"],
        "agency": [None, "ANSA", None, "Ansa", None],
    }
).astype("str")


def shared(*rows):
    columns = ["doc_id", "other_doc_id", "share", "other_share"]
    table = pd.DataFrame(rows, columns=columns).assign(n_words=20)
    at = range(0, 100 * len(table), 100)
    return table.assign(start=at, end=[n + 90 for n in at], other_start=at, other_end=[n + 90 for n in at])


def test_origins_by_shared_text_and_by_agency():
    table = origins(ARTICLES, shared(("a", "c", 0.3, 0.2), ("a", "c", 0.3, 0.1), ("c", "e", 0.1, 0.49)))
    assert table["origin"].tolist() == [1, 2, 1, 2, 3]
    assert n_origins(table) == 3
    assert table["share_shared"].tolist() == pytest.approx([0.6, 0, 0.3, 0, 0.49])
    assert table["n_passages"].tolist() == [2, 0, 3, 0, 1]
    assert table["shares_with"].fillna("").tolist() == ["c", "", "Alfa; Epsilon", "", "c"]


def test_origins_are_linked_through_others_and_by_nothing_small():
    chain = shared(("a", "b", 0.9, 0.1), ("b", "c", 0.1, 0.9), ("a", "d", 0.2, 0.2), ("a", "e", 0.2, 0.2))
    assert origins(ARTICLES.assign(agency=None), chain)["origin"].tolist() == [1, 1, 1, 2, 3]
    assert origins(ARTICLES.assign(agency=None).astype("str"), shared())["origin"].tolist() == [1, 2, 3, 4, 5]
    assert n_origins(origins(ARTICLES.iloc[:0], shared())) == 0


def test_a_legal_line_in_many_articles_makes_no_origin_of_them():
    legal = (
        "Questo contenuto è protetto dal diritto d'autore e non può essere riprodotto senza il consenso dell'editore."
    )
    texts = [AGENCY, OWN, OTHER]
    many = {f"{n}": [text, legal] for n, text in enumerate(texts)}
    table = found(many)
    assert len(table) == 3
    articles = pd.DataFrame({"doc_id": list(many), "outlet": None, "agency": None}).astype("str")
    assert n_origins(origins(articles, table)) == 3


def test_figures_draw_what_is_shared():
    articles = {"a": [OWN, AGENCY], "b": [AGENCY, OTHER]}
    given, table = tables(articles), found(articles)
    named = pairs(table).assign(name="Alfa", other_name="La Voce della Valle del Tevere e dei Castelli")
    fig = figures.reuse(table, given["blocks"], named)
    assert [label.get_text() for label in fig.axes[0].get_yticklabels()] == ["La Voce della Valle del…", "Alfa"]
    assert [text.get_text().strip() for text in fig.axes[0].texts] == ["52% shared", "54% shared"]
    rows = [("Alfa", "Beta"), ("Alfa", "Gamma")]
    alike = pd.DataFrame([(*pair, "vocabulary", 0.25, 4) for pair in [*rows, ("Beta", "Gamma")]])
    alike.columns = ["name", "other_name", "measure", "similarity", "n_shared"]
    fig = figures.similarities(alike, rows=rows, panels=["vocabulary"])
    assert [text.get_text() for text in fig.axes[0].texts] == ["0.25 (4)"] * 2
    plt.close("all")


def test_pairs_sum_up_what_two_articles_share():
    table = pairs(shared(("a", "b", 0.2, 0.1), ("b", "c", 0.4, 0.1), ("b", "c", 0.5, 0.1)))
    assert table["doc_id"].tolist() == ["b", "a"]
    assert table.loc[0, ["n_passages", "n_words", "share", "other_share"]].tolist() == pytest.approx([2, 40, 0.9, 0.2])
    twice = pairs(found({"a": [OWN, AGENCY], "b": [AGENCY, AGENCY]}))
    assert twice["n_passages"].tolist() == [2]
    assert twice["share"].tolist() == pytest.approx([0.52], abs=0.01)
    assert twice["other_share"].tolist() == pytest.approx([1])
    assert pairs(shared()).empty


def test_similarity_by_what_either_has():
    given = tables({"a": [OWN], "b": [OWN + " Il ponte."], "c": [OTHER]})
    mentions = pd.DataFrame([("a", "x"), ("a", "y"), ("b", "y"), ("b", "y")], columns=["doc_id", "entity_id"])
    facts = pd.DataFrame(
        [("f", "a", "states"), ("f", "b", "states"), ("g", "a", "not_found"), ("g", "b", "states")],
        columns=["fact_id", "doc_id", "status"],
    )
    table = similarity(given["sentences"], mentions, language=given["language"], facts=facts)
    table = table.set_index(["measure", "doc_id", "other_doc_id"])
    assert table.loc[("vocabulary", "a", "b"), "n_either"] == table.loc[("vocabulary", "a", "b"), "n_shared"] + 1
    assert table.loc[("vocabulary", "a", "b"), "similarity"] > 0.8 > table.loc[("vocabulary", "a", "c"), "similarity"]
    assert tuple(table.loc[("entities", "a", "b"), ["n_shared", "n_either"]]) == (1, 2)
    assert table.loc[("entities", "a", "b"), "similarity"] < 0.5  # the entity that both name is the commoner one
    assert tuple(table.loc[("facts", "a", "b"), ["n_shared", "n_either"]]) == (1, 2)
    assert ("facts", "b", "c") in table.index
    assert table["similarity"].between(0, 1).all()
    assert similarity(given["sentences"].iloc[:0], mentions.iloc[:0], language={}).empty
