"""Contrast sets, designations and their voice, contrasts, keyness, keyword in context."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rassegna import framing, languages
from rassegna.annotation import load_pipeline
from rassegna.framing import ContrastSetError, contrast_sets
from scipy.stats import chi2_contingency

MENTIONS = ["doc_id", "start", "end", "entity", "label", "kind", "stands_for"]
QUOTES = pd.DataFrame(columns=["doc_id", "start", "end", "kind", "speaker"])
MARKS = pd.DataFrame(columns=["doc_id", "start", "end", "kind"])


def read(*texts, label="body"):
    """Articles a, b, ... of one block each, and the names in them that the tests know."""
    known = {"Ucraina": "LOC", "Russia": "LOC", "Mosca": "LOC", "Cina": "LOC", "Verdi": "PER", "Alleanza Bianca": "ORG"}
    docs, mentions = {}, []
    for doc_id, text in zip("abcdef", texts, strict=False):
        doc = load_pipeline()(text)
        doc._.doc_id, doc._.blocks = doc_id, [[0, label, 0, 0, 0]]
        docs[doc_id] = doc
        for name, kind in known.items():
            at = text.find(name)
            while at >= 0:
                stands_for = "Russia" if name == "Mosca" else None
                mentions.append((doc_id, at, at + len(name), name, kind, "name", stands_for))
                at = text.find(name, at + 1)
    return docs, pd.DataFrame(mentions, columns=MENTIONS)


def found(*texts, quotes=QUOTES, marks=MARKS, folder=None, language="it", label="body"):
    docs, mentions = read(*texts, label=label)
    spoken = dict.fromkeys(docs, language)
    return framing.terms(docs, mentions=mentions, quotes=quotes, quotation_marks=marks, language=spoken, folder=folder)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La guerra continua.", [("guerra", "war")]),
        ("Le guerre continuano.", [("guerra", "war")]),
        ("È una guerra di aggressione.", [("guerra di aggressione", "war")]),
        ("Parla di operazioni militari speciali.", [("operazione militare speciale", "war")]),
        ("Il film racconta la Guerra Fredda.", []),
        ("I missili colpiscono: l'attacco è iniziato.", [("attacco", "war")]),
        ("La squadra gioca in attacco.", []),
        ("È morto per un attacco cardiaco.", []),
        ("L'operazione in Ucraina ha ucciso dei soldati.", [("operazione", "war"), ("uccidere", "killing")]),
        ("L'operazione della polizia ha ferito dei soldati.", []),
        ("Il regime fiscale cambia.", []),
        ("Mazzette negli appalti, il pm accusa", [("mazzetta", "bribes")]),
        ("Il regime ha chiuso le frontiere.", [("regime", "governments")]),
        ("Sono sbarcati i clandestini.", [("clandestino", "migrants")]),
        ("Hanno scoperto una bisca di clandestini.", []),
        ("Il ministro condanna le elezioni truccate.", [("elezione farsa", "elections")]),
        ("Il termovalorizzatore brucia.", [("termovalorizzatore", "waste")]),
        ("Il consiglio di Alleanza Bianca vota.", []),
        ("Hanno arrestato l'accusato.", [("accusato", "accused")]),
        ("Il pm ha accusato il sindaco.", []),
        ("", []),
    ],
)
def test_designations_are_found_and_look_alikes_are_not(text, expected):
    table = found(text)
    assert list(zip(table["term"], table["contrast_set"], strict=True)) == expected


def test_spans_slice_back_and_parts_are_told():
    text = "Il «regime» di Mosca: guerra  all’Ucraina."
    table = found(text, label="heading")
    assert [text[row.start : row.end] for row in table.itertuples()] == table["text"].tolist() == ["regime", "guerra"]
    assert set(table["part"]) == {"headline"}
    assert set(found("Il regime cade.", label="body")["part"]) == {"body"}


@pytest.mark.parametrize(
    ("text", "referent"),
    [
        ("La guerra in Ucraina continua.", "Ucraina"),
        ("La guerra di Mosca in Ucraina continua.", "Ucraina"),
        ("La guerra tra Russia e Cina continua.", "Cina; Russia"),
        ("La guerra russa continua.", "Russia"),
        ("La guerra continua. In Ucraina piove.", None),
        ("Il regime di Mosca cade.", "Russia"),
        ("Il regime russo in Ucraina cade.", "Russia"),
        ("Il dittatore Verdi cade.", "Verdi"),
        ("Il dittatore russo Verdi cade.", "Verdi"),
        ("Il dittatore cade, Verdi ride.", None),
    ],
)
def test_referent_is_read_off_the_complement(text, referent):
    first = found(text).iloc[0]["referent"]
    assert (None if pd.isna(first) else first) == referent


def test_an_owner_leads_to_its_only_target_in_the_corpus():
    known = "La guerra di Mosca in Ucraina continua."
    table = found("Condanna la guerra russa.", known)
    assert table["referent"].tolist() == ["Ucraina", "Ucraina"]
    other = "La guerra di Mosca in Cina continua."
    assert found("Condanna la guerra russa.", known, other)["referent"].iloc[0] == "Russia"


@pytest.mark.parametrize(
    ("text", "term", "voice", "holder"),
    [
        ("Quella che la Russia chiama la sua operazione militare speciale continua.",
         "operazione militare speciale", "attributed", "Russia"),
        ("Verdi l'ha definita un'invasione.", "invasione", "attributed", "Verdi"),
        ("Verdi li ha bollati come terroristi.", "terrorista", "attributed", "Verdi"),
        ("Verdi ha parlato di genocidio.", "genocidio", "attributed", "Verdi"),
        ("Verdi ha definito la guerra un errore.", "guerra", "own", None),
        ("Verdi ha parlato della guerra.", "guerra", "own", None),
        ("La Russia continua l'invasione.", "invasione", "own", None),
    ],
)  # fmt: skip
def test_what_a_verb_of_naming_gives_is_attributed(text, term, voice, holder):
    row = found(text).set_index("term").loc[term]
    assert row["voice"] == voice
    assert (None if pd.isna(row["holder"]) else row["holder"]) == holder


def test_voice_and_scare_quotes_come_from_their_tables():
    text = "La guerra dura. Il regime tace."
    quotes = pd.DataFrame([("a", 0, 15, "direct", "Verdi")], columns=QUOTES.columns)
    marks = pd.DataFrame([("a", 19, 25, "scare"), ("a", 3, 9, "title")], columns=MARKS.columns)
    table = found(text, quotes=quotes, marks=marks)
    assert table["voice"].tolist() == ["quoted", "own"]
    assert table["holder"].fillna("").tolist() == ["Verdi", ""]
    assert table["is_scare"].tolist() == [False, True]


def test_a_set_is_contested_where_stances_differ():
    assert not found("La guerra dura. Le guerre durano.")["is_contested"].any()
    assert found("La guerra dura.", "L'invasione dura.")["is_contested"].all()


def test_other_languages_are_matched_by_form_or_not_at_all():
    assert found("The illegal immigrants and the refugees", language="en")["term"].tolist() == [
        "illegal immigrant",
        "refugee",
    ]
    assert found("Les manifestants et les casseurs", language="fr")["term"].tolist() == ["manifestant", "casseur"]
    assert found("La guerra dura.", language="es").empty
    assert list(found().columns) == list(found("La guerra dura.").columns)


@pytest.mark.parametrize("code", ["it", "en", "fr"])
def test_lists_load_and_say_what_is_contested(code):
    sets = contrast_sets(code)
    assert all(about.endswith(".") for about in sets.about.values())
    by_set = {key: {d.stance for d in sets.phrases.values() if d and d.contrast_set == key} for key in sets.about}
    assert all(len(stances) > 1 for stances in by_set.values()), "a set without another stance contests nothing"
    assert (languages.FOLDER / code / "contrast_sets.toml").read_text(encoding="utf-8").count("Source:") == 1


def write(folder, text):
    (folder / "contrast_sets.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_corpus_adds_sets_and_overrules_words(tmp_path):
    folder = write(
        tmp_path,
        '[sets.bridge]\nabout = "What the bridge is."\n[sets.bridge.terms]\n'
        '"opera" = { stance = "neutral", forms = ["ponte"] }\n'
        '"mostro d\'acciaio" = { stance = "delegitimising", forms = ["ecomostro"] }\n'
        '[sets.war.terms]\n"guerra" = { stance = "heroic", forms = ["gesta"] }\n',
    )
    table = found("Il ponte, un ecomostro, e le gesta. La guerra dura.", folder=folder)
    assert list(zip(table["contrast_set"], table["term"], table["stance"], strict=True)) == [
        ("bridge", "opera", "neutral"),
        ("bridge", "mostro d'acciaio", "delegitimising"),
        ("war", "guerra", "heroic"),
    ]
    assert contrast_sets("it", folder=folder).about["war"] == contrast_sets("it").about["war"]


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ('"a" = { stance = "rude" }', r"\.toml: set 'x', term 'a', field 'stance': 'rude'; allowed are neutral"),
        ('"a" = { forms = ["a"] }', r"field 'stance': None; allowed are"),
        ('"a" = "b"', r"term 'a': 'b'; allowed is a table"),
        ('"a" = { stance = "neutral", form = ["a"] }', r"field 'form': unknown; allowed are stance, forms"),
        ('"a" = { stance = "neutral", forms = "a" }', r"field 'forms': 'a'; allowed is a list"),
        ('"a" = { stance = "neutral", forms = [""] }', r"field 'forms': a form is empty"),
        ('"a" = { stance = "neutral", topic = ["@none"] }', r"field 'topic': 'none'; allowed are"),
        ('"a" = { stance = "neutral", not = ["b c"] }', r"field 'not': 'b c'; allowed are single words"),
        ('"a" = { stance = "neutral" }\n"b" = { stance = "heroic", forms = ["a"] }', r"'a' stands twice"),
        ('[sets.y]\nnamed_by = "me"', r"set 'y', field 'named_by': 'me'; allowed are owner, target, person"),
        ("[set.y]", r"field 'set': unknown; allowed are links"),
        ("[sets", r"contrast_sets\.toml: "),
    ],
)
def test_an_ill_formed_file_is_refused_with_what_is_allowed(tmp_path, terms, message):
    with pytest.raises(ContrastSetError, match=message):
        contrast_sets("it", folder=write(tmp_path, f"[sets.x.terms]\n{terms}"))


TERMS = pd.DataFrame(
    [
        ("a", "war", "guerra", "neutral", "own", "X", True),
        ("a", "war", "guerra", "neutral", "quoted", "Y", True),
        ("b", "war", "invasione", "delegitimising", "own", "X", True),
        ("b", "deals", "patto", "neutral", "own", "X", False),
        ("b", "deals", "accordo", "neutral", "own", "X", False),
        ("b", "allies", "vassallo", "delegitimising", "attributed", None, False),
    ],
    columns=["doc_id", "contrast_set", "term", "stance", "voice", "referent", "is_contested"],
)


def test_usage_counts_by_outlet_and_voice():
    table = framing.usage(TERMS, {"a": "Alfa", "b": "Beta"})
    assert list(zip(table["term"], table["name"], table["own"], table["attributed"], table["quoted"], strict=True)) == [
        ("vassallo", "Beta", 0, 1, 0),
        ("guerra", "Alfa", 1, 0, 1),
        ("invasione", "Beta", 1, 0, 0),
    ]
    assert framing.usage(TERMS.head(0), {}).empty


def test_contrasts_need_one_referent_and_two_stances():
    table = framing.contrasts(TERMS)
    assert list(zip(table["referent"], table["term"], table["n"], strict=True)) == [
        ("X", "guerra", 1),
        ("X", "invasione", 1),
    ]
    assert framing.contrasts(TERMS.head(0)).empty


BAG = pd.DataFrame(
    [
        ("a", "A", "pace", 20),
        ("a", "A", "guerra", 5),
        ("a", "A", "solo", 6),
        ("b", "B", "pace", 10),
        ("b", "B", "guerra", 30),
        ("c", "B", "guerra", 9),
    ],
    columns=["doc_id", "outlet", "term", "n"],
)


def test_keyness_agrees_with_scipy_and_a_ratio_worked_by_hand():
    table = framing.keyness(BAG, target="A", min_count=1).set_index("term")
    row = table.loc["pace"]
    assert (row["n_target"], row["n_reference"], row["n_articles_target"], row["n_articles_reference"]) == (
        20,
        10,
        1,
        1,
    )
    cells = [[20, 10], [31 - 20, 49 - 10]]
    assert row["g2"] == pytest.approx(chi2_contingency(cells, correction=False, lambda_="log-likelihood").statistic)
    assert row["log_ratio"] == pytest.approx(np.log2((20 / 31) / (10 / 49)))
    assert row["low"] < row["log_ratio"] < row["high"]
    assert table.loc["solo", "log_ratio"] == pytest.approx(np.log2((6 / 31) / (0.5 / 49)))
    assert table.loc["guerra", "n_articles_reference"] == 2
    assert framing.keyness(BAG, target="A", min_count=31)["term"].tolist() == ["guerra"]


@pytest.mark.parametrize(
    ("bag", "options", "message"),
    [
        (BAG, {"target": "C"}, "target: 'C'"),
        (BAG[BAG["outlet"] == "A"], {"target": "A"}, "two or more outlets"),
        (BAG, {"target": "A", "min_count": 0}, "min_count: 0"),
    ],
)
def test_keyness_refuses_what_it_cannot_compare(bag, options, message):
    with pytest.raises(ValueError, match=message):
        framing.keyness(bag, **options)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("xyz"), st.integers(1, 50)), min_size=2))
def test_keyness_is_the_mirror_of_itself(rows):
    bag = pd.DataFrame(rows, columns=["outlet", "term", "n"]).assign(doc_id=[o for o, *_ in rows])
    if bag["outlet"].nunique() < 2:
        return
    here = framing.keyness(bag, target="A", min_count=1).set_index("term").sort_index()
    there = framing.keyness(bag, target="B", min_count=1).set_index("term").sort_index()
    assert np.allclose(here["g2"], there["g2"], atol=1e-6)
    assert (here["g2"] >= 0).all()
    assert np.allclose(here["log_ratio"], -there["log_ratio"])
    assert (here["low"] <= here["log_ratio"]).all()


def test_words_are_lemmas_of_content_and_quotations_can_be_masked():
    docs, _ = read("Il ministro parlò di due guerre: «Le guerre costano».")
    bag = framing.words(docs).set_index("term")["n"]
    assert bag["guerra"] == 2
    assert not {"il", "di", "due"} & set(bag.index)
    marks = pd.DataFrame([("a", 34, 52)], columns=["doc_id", "start", "end"])
    masked = framing.words(docs, masked=marks).set_index("term")["n"]
    assert masked["guerra"] == 1
    assert "costare" not in masked
    assert framing.words({}).empty


def test_kwic_finds_forms_and_phrases_and_keeps_to_its_window():
    text = "Prima della guerra c'era pace. Poi vennero le guerre, e l'operazione militare finì."
    docs, _ = read(text)
    table = framing.kwic(docs, "guerra", language={"a": "it"}, window=2)
    assert table["text"].tolist() == ["guerra", "guerre"]
    assert table["left"].tolist() == ["Prima della", "vennero le"]
    assert [text[row.start : row.end] for row in table.itertuples()] == table["text"].tolist()
    assert framing.kwic(docs, "operazione militare", language={"a": "it"})["text"].tolist() == ["operazione militare"]
    assert framing.kwic(docs, "invasione", language={"a": "it"}).empty
    with pytest.raises(ValueError, match="keyword"):
        framing.kwic(docs, " ", language={"a": "it"})
