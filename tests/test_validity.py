"""Hand annotation read and refused, judged against the tables; agreement of coders; effects; a sample to code."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from rassegna import tables, validity
from rassegna.errors import AnnotationError
from rassegna.validity import judging, sampling
from rassegna.validity.agreement import cue_class
from rassegna.validity.matching import Case
from rassegna.validity.names import Names
from rassegna.validity.unitizing import coincide, unitizing_alpha

RAW = {
    "a": "Bianchi ha detto: «Il ponte è chiuso da 3 giorni».\nSecondo Rossi riaprirà il 5 maggio.\nCondividi",
    "b": "Ieri 12 feriti.\nVerdi nega.",
}


def span(doc_id: str, text: str, **keys) -> dict:
    start = RAW[doc_id].index(text)
    return {"start": start, "end": start + len(text), "text": text, **keys}


def row(doc_id: str, text: str, **columns) -> dict:
    return {"doc_id": doc_id, **span(doc_id, text, **columns)}


def first() -> dict[str, dict]:
    return {
        "a": {
            "doc_id": "a",
            "outlet": None,
            "blocks": [
                span("a", RAW["a"].splitlines()[0], label="title"),
                span("a", RAW["a"].splitlines()[1], label="body"),
                span("a", "Condividi", label="furniture"),
            ],
            "quotes": [span("a", "Il ponte è chiuso da 3 giorni", speaker="Anna Bianchi", cue="ha detto")],
            "indirect": [span("a", "riaprirà il 5 maggio", speaker="Rossi", cue="Secondo")],
            "quantities": [span("a", "3 giorni", value=3, bound="exact")],
            "not_quantities": [span("a", "5")],
            "dates": [span("a", "il 5 maggio", value="2025-05-05", also=["XXXX-05-05"])],
            "entities": {"PER": ["Anna Bianchi", "Rossi"], "absent": ["Condividi"]},
        },
        "b": {
            "doc_id": "b",
            "blocks": [span("b", "Ieri 12 feriti.", label="body"), span("b", "Verdi nega.", label="body")],
            "quantities": [span("b", "12", value=12, bound="exact")],
            "dates": [span("b", "Ieri", value="2025-05-01")],
        },
    }


def second() -> dict[str, dict]:
    other = first()
    other["a"]["blocks"][0]["label"] = "body"
    other["a"]["quotes"][0] |= {"speaker": "Bianchi", "cue": "ha affermato"}
    other["a"]["dates"][0] |= {"value": "XXXX-05-05", "also": []}
    other["b"]["quantities"][0]["bound"] = "about"
    other["b"]["dates"] = []
    return other


@pytest.fixture
def folder(tmp_path):
    """Two coders' files."""
    write(tmp_path, first())
    write(tmp_path / "other", second())
    (tmp_path / "aliases.json").write_text('{"Anna Bianchi": ["Bianchi", "la sindaca (di qui)"]}', encoding="utf-8")
    (tmp_path / "coder.toml").write_text('complete = ["blocks", "quotes", "indirect", "quantities"]', encoding="utf-8")
    return tmp_path


def write(folder, articles):
    folder.mkdir(exist_ok=True)
    for doc_id, article in articles.items():
        (folder / f"{doc_id}.json").write_text(json.dumps(article), encoding="utf-8")


def rows(name: str, *found: dict) -> pd.DataFrame:
    """A table with the columns of its schema, absent values null."""
    table = pd.DataFrame(found).reindex(columns=[column.name for column in tables.schemas()[name].columns])
    return table.astype(
        {column.name: column.dtype for column in tables.schemas()[name].columns if column.type == "string"}
    )


@pytest.fixture
def extraction():
    """What might be found in the two articles: one number invented, one report missed, one speaker and date wrong."""
    said = row("a", "Il ponte è chiuso da 3 giorni", quote_id=0, kind="direct", speaker="Rossi")
    found = {
        "blocks": rows(
            "blocks",
            *(row("a", line, label="body") for line in RAW["a"].splitlines()[:2]),
            row("a", "Condividi", label="furniture"),
            row("b", "Ieri 12 feriti.", label="body"),
            row("b", "Verdi nega.", label="furniture"),
        ),
        "quotes": rows("quotes", {**said, "cue": "ha detto"}),
        "quantities": rows(
            "quantities",
            row("a", "3 giorni", value=3.0, bound="exact"),
            row("a", "5", value=5.0, bound="exact"),
            row("b", "12 feriti", value=12.0, bound="exact"),
        ),
        "dates": rows("dates", row("a", "5 maggio", value="XXXX-05-05")),
        "mentions": rows("mentions", row("a", "Bianchi", entity="Bianchi", kind="name", label="PER")),
        "articles": rows("articles", {"doc_id": "a", "outlet": "x"}, {"doc_id": "b"}),
    }
    empty = {name: rows(name) for name in tables.schemas() if name not in found}
    return SimpleNamespace(raw=RAW, outlets={"b": "Beta", "a": "Alfa"}, **found, **empty)


def scored(extraction, coders) -> pd.DataFrame:
    return validity.scores(validity.judgements(extraction, coders)).set_index(["coder", "table", "measure"])


def test_two_coders_are_read(folder):
    one, other = validity.read_annotations(folder, RAW)
    assert [one.coder, other.coder] == ["first", "other"]
    assert set(one.articles) == set(other.articles) == {"a", "b"}
    assert other.names.same("la sindaca", "Bianchi"), "aliases are shared"
    assert one.articles["a"]["quantities"][0]["low"] is None, "what the coder left out is null"
    assert not validity.read_annotations(folder / "nowhere", RAW)


def test_other_files_are_told_and_other_articles_left_out(folder):
    (folder / "notes.json").write_text("[]", encoding="utf-8")
    one, _ = validity.read_annotations(folder, {"a": RAW["a"]})
    assert one.unread == ("b.json", "notes.json")
    assert set(one.articles) == {"a"}


def test_a_text_without_offsets_is_looked_for_where_the_coder_read(folder):
    article = {"doc_id": "a", "coded": [span("a", "Secondo Rossi riaprirà il 5 maggio.")], "quantities": []}
    article["indirect"] = [{"text": "riaprirà il 5 maggio", "speaker": "Rossi"}]
    write(folder, {"a": article})
    one, _ = validity.read_annotations(folder, RAW)
    item = one.articles["a"]["indirect"][0]
    assert RAW["a"][item["start"] : item["end"]] == "riaprirà il 5 maggio"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"quotes": [span("a", "ponte", speaker="x") | {"text": "porta"}]},
            r"a\.json: quotes\[0\]: text is 'porta'.*'ponte'",
        ),
        ({"quotes": [span("a", "ponte")]}, r"quotes\[0\]: speaker is missing; it may be a text or null"),
        ({"quotes": [span("a", "ponte", speeker="x", speaker="x")]}, r"unknown key 'speeker'; allowed are start, end"),
        ({"blocks": [span("a", "ponte", label="advert")]}, r"blocks\[0\]: label: 'advert'; allowed is one of title"),
        ({"dates": [span("a", "5 maggio", value=5)]}, r"dates\[0\]: value: 5; allowed is a text"),
        (
            {"dates": [{"start": 5, "end": 999, "value": "x"}]},
            r"start 5, end 999; allowed are whole numbers, 0 <= start",
        ),
        ({"dates": [{"start": True, "end": 3, "value": "x"}]}, "start True"),
        (
            {"dates": [{"text": "i", "value": "x"}]},
            r"dates\[0\]: 'i' stands there \d+ times, at .*; give start and end",
        ),
        ({"dates": [{"text": "agosto", "value": "x"}]}, r"'agosto' stands there 0 times; give"),
        ({"dates": {"start": 1}}, "dates: allowed is a list"),
        ({"dates": ["5 maggio"]}, r"dates\[0\]: allowed is an object"),
        ({"qoutes": []}, "unknown key 'qoutes'; allowed are .*quotes"),
        ({"entities": "Rossi"}, "entities: allowed are names by label"),
        ({"title": 5}, "title: 5; allowed is a text or null"),
    ],
)
def test_what_does_not_fit_is_named(folder, change, message):
    write(folder, {"a": {"doc_id": "a", **change}})
    with pytest.raises(AnnotationError, match=message):
        validity.read_annotations(folder, RAW)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("other/a.json", b'{"doc_id": ', r"other/a\.json: not JSON at line 1"),
        ("a.json", b'{"title": "\xff"}', r"a\.json: not UTF-8"),
        ("c.json", b'{"doc_id": "a"}', r"c\.json: a second annotation of a"),
        ("coder.toml", b'compleat = ["quotes"]', "unknown key 'compleat'; allowed are name, complete"),
        ("coder.toml", b'complete = ["qoutes"]', "'qoutes' is no list; allowed are blocks"),
        ("coder.toml", b"complete = [", r"coder\.toml: "),
        ("other/coder.toml", b'name = "first"', "two coders are called 'first'"),
        ("aliases.json", b'["Rossi"]', r"aliases\.json: allowed is an object"),
        ("facts.json", b"{}", r"facts\.json: allowed is a list"),
        ("facts.json", b'[{"fact_id": "x"}]', r"facts\.json: \[0\]: allowed"),
        (
            "facts.json",
            b'[{"fact_id": "x", "documents": [{"doc_id": "a", "status": "tells"}]}]',
            "x: a: status: 'tells'",
        ),
    ],
)
def test_a_corrupt_file_is_named(folder, name, content, message):
    (folder / name).write_bytes(content)
    with pytest.raises(AnnotationError, match=message):
        validity.read_annotations(folder, RAW)


def test_scores_of_a_corpus_worked_by_hand(folder, extraction):
    found = scored(extraction, validity.read_annotations(folder, RAW)).loc["first"]
    blocks = found.loc[("blocks", "content, lines")]
    assert (blocks["n_gold"], blocks["n_right"], blocks["n_found"]) == (4, 3, 3)
    chars = found.loc[("blocks", "content, characters")]
    assert chars["recall"] == pytest.approx(1 - len("Verdi nega.") / chars["n_gold"])
    assert found.loc[("quotes", "quotations"), "f"] == 1
    assert found.loc[("quotes", "speakers"), "score"] == 0
    assert found.loc[("quotes", "cues"), "score"] == 1
    assert found.loc[("quotes", "reports"), ["n_gold", "n_found", "n_right", "f"]].tolist() == [1, 0, 0, 0]
    numbers = found.loc[("quantities", "numbers")]
    assert (numbers["precision"], numbers["recall"], numbers["f"]) == (pytest.approx(2 / 3), 1, pytest.approx(0.8))
    assert found.loc[("quantities", "values"), "score"] == 1
    assert found.loc[("quantities", "look-alikes"), "score"] == 0
    assert found.loc[("dates", "dates"), "score"] == 0.5, "a selection: recall only"
    assert pd.isna(found.loc[("dates", "dates"), "precision"])
    assert found.loc[("dates", "values"), "score"] == 1, "another accepted value"
    assert found.loc[("mentions", "entities PER"), "score"] == 0.5
    assert found.loc[("mentions", "furniture left out"), "score"] == 1
    assert found.loc[("all", "offsets"), "score"] == 1
    assert ("terms", "designations") not in found.index, "not annotated, not judged"


def test_judgements_show_gold_and_found(folder, extraction):
    judged = validity.judgements(extraction, validity.read_annotations(folder, RAW)[:1])
    wrong = judged[judged["status"] != "right"].set_index(["measure", "status"])
    assert wrong.loc[("speakers", "wrong value"), ["gold", "found"]].tolist() == ["Anna Bianchi", "Rossi"]
    assert wrong.loc[("numbers", "invented"), "text"] == "5"
    assert wrong.loc[("reports", "missed"), "gold"] == "riaprirà il 5 maggio"
    assert wrong.loc[("look-alikes", "invented"), "found"] == "5"


def test_where_a_coder_read_sentences_only_nothing_else_is_invented(folder, extraction):
    write(folder, {"a": {"doc_id": "a", "coded": [span("a", RAW["a"].splitlines()[0])], "quantities": []}})
    found = scored(extraction, validity.read_annotations(folder, RAW)[:1]).loc["first"]
    assert found.loc[("quantities", "numbers"), ["n_gold", "n_found"]].tolist() == [1, 2], "3 giorni; 12 feriti"


def test_facts_are_judged_by_status_and_evidence(folder):
    evidence = span("b", "12 feriti")
    documents = [{"doc_id": "a", "status": "omits"}, {"doc_id": "b", "status": "states", "evidence": [evidence]}]
    either = {"fact_id": "either", "documents": [{"doc_id": "b", "status": "either"}]}
    (folder / "facts.json").write_text(json.dumps([{"fact_id": "injured", "documents": documents}, either]), "utf-8")
    coder = validity.read_annotations(folder, RAW)[0]
    states = {"fact_id": "injured", "doc_id": "b", "status": "states", **span("b", "Ieri 12 feriti.")}
    told = pd.DataFrame([states, states | {"doc_id": "a", "start": None}])
    judged = {
        doc_id: [(j.measure, j.status, j.gold, j.found) for j in judging.facts(case, coder.facts)]
        for doc_id, own in told.groupby("doc_id")
        for case in [Case(doc_id, {}, {"facts": list(own.itertuples())}, coder.names, coder.complete)]
    }
    assert judged["a"] == [("status", "wrong value", "not_found", "states")]
    assert judged["b"] == [("status", "right", "states", "states"), ("evidence", "right", "states", "Ieri 12 feriti.")]


def test_no_annotation_gives_empty_tables(extraction):
    judged = validity.judgements(extraction, [])
    assert judged.empty
    empty = tables.schemas()["validity"].validate(validity.scores(judged))
    assert empty.empty
    assert validity.effects(extraction, []).empty
    assert validity.agreement([], raw=RAW, language={}).empty


@pytest.mark.parametrize(
    ("n_articles", "right", "how"),
    [(6, [1, 0, 1, 1, 0, 1], "articles"), (3, [1, 0, 1], "items"), (6, [1] * 6, "Wilson")],
)
def test_intervals_are_the_same_each_time_and_hold_the_score(n_articles, right, how):
    item = ("one", "t", "m", "value", "", "right")
    judged = pd.DataFrame(
        [(*item[:4], f"d{n}", 0, 1, *item[4:], None, None, 1, hit, None) for n, hit in enumerate(right)],
        columns=["coder", "table", "measure", "kind", "doc_id", "start", "end", "text", "status", "gold", "found",
                 "n_gold", "n_right", "n_found"],
    )  # fmt: skip
    one, again, other = (validity.scores(judged, seed=seed).iloc[0] for seed in (1, 1, 2))
    assert one.equals(again)
    assert one["interval"] == other["interval"] == how
    assert one["low"] < one["score"] <= one["high"]
    assert one["score"] == pytest.approx(np.mean(right))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Putin", "Vladimir Putin", True),
        ("VLADÍMIR Putin", "vladimir putin", True),
        ("la sindaca", "Anna Bianchi", True),
        ("Bianchi", "Rossi", False),
        ("", "Rossi", False),
        (None, None, False),
        (float("nan"), "Rossi", False),
        ("Владимир Путин", "путин", True),
    ],
)
def test_names(one, other, same):
    assert Names({"Anna Bianchi": ["la sindaca (di qui)"]}).same(one, other) == same


def test_agreement_of_two_coders(folder):
    coders = validity.read_annotations(folder, RAW)
    found = validity.agreement(coders, raw=RAW, language=dict.fromkeys(RAW, "it")).set_index(["list", "measure"])
    assert found.loc[("blocks", "label"), ["n", "n_agree"]].tolist() == [5, 4]
    # 10 values, of them 1 title, 7 body, 2 furniture: by chance 2 * (7 + 2 + 14) / 9 disagree, and 2 do.
    assert found.loc[("blocks", "label"), "alpha"] == pytest.approx(1 - 9 * 2 / 46)
    assert found.loc[("quotes", "speaker"), "n_agree"] == 1, "aliases are one name"
    assert pd.isna(found.loc[("quotes", "speaker"), "alpha"]), "one value tells nothing"
    assert found.loc[("dates", "value"), ["n", "n_agree"]].tolist() == [1, 1], "what either takes for right"
    assert found.loc[("quantities", "bound"), ["n", "n_agree"]].tolist() == [2, 1]
    assert found.loc[("quantities", "units"), "alpha"] == 1
    assert 0 < found.loc[("dates", "units"), "alpha"] < 1
    again = validity.agreement(coders, raw=RAW, language=dict.fromkeys(RAW, "it")).set_index(["list", "measure"])
    pd.testing.assert_frame_equal(found, again)
    where = validity.compared(coders, language=dict.fromkeys(RAW, "it"))
    counted = where[where["measure"] != "units"].groupby(["list", "measure"])["is_agreed"].agg(["size", "sum"])
    assert counted.to_dict("index") == {
        key: {"size": row["n"], "sum": row["n_agree"]} for key, row in found.iterrows() if key[1] != "units"
    }
    dates = where[(where["list"] == "dates") & (where["measure"] == "units")]
    assert 0 < dates["is_agreed"].sum() < len(dates)


def test_unitizing_alpha_of_a_published_example():
    """Krippendorff 2019, Content Analysis, 4th ed., section 12.6: three observers, a continuum of 60."""
    alex = [(0, 7, 1), (7, 13, 2), (30, 32, 5), (32, 37, 6), (37, 44, 6), (44, 60, 7)]
    paul = [(0, 7, 1), (7, 13, 3), (13, 21, 5), (32, 44, 6)]
    suzan = [(0, 7, 1), (7, 13, 4), (13, 21, 5), (32, 37, 6), (37, 41, 6), (41, 44, 6)]
    assert unitizing_alpha(*coincide([alex, paul, suzan], 60, n_values=7)) == pytest.approx(0.510, abs=0.0005)


def test_unitizing_alpha_worked_by_hand():
    """Units 2-6 and 4-8 of 10: 6 + 6 disagreements; pairs within a unit 16 + 16, of gaps 12."""
    found, own = coincide([[(2, 6, 1)], [(4, 8, 1)]], 10)
    assert found.tolist() == [[8, 4], [4, 4]]
    assert own.tolist() == [12, 32]
    expected = 20 * np.array([12**2 - 12, 8**2 - 32]) / (20**2 - 44)
    assert unitizing_alpha(found, own) == pytest.approx(1 - 8 / (20 - expected.sum()))
    assert unitizing_alpha(*coincide([[(2, 6, 1)], [(2, 6, 1)]], 10)) == 1
    assert np.isnan(unitizing_alpha(*coincide([[], []], 10))), "nothing is marked"


@pytest.mark.parametrize(
    ("cue", "language", "stance"),
    [("ha detto", "it", "neutral"), ("Secondo", "it", "neutral"), ("accusa", "it", "accusing"), ("", "it", ""),
     ("mela", "it", ""), ("said", "en", "neutral"), ("sagte", "de", "")],
)  # fmt: skip
def test_cue_class(cue, language, stance):
    assert cue_class(cue, language) == stance


def test_effects_on_the_findings(folder, extraction):
    coders = validity.read_annotations(folder, RAW)[:1]
    found = validity.effects(extraction, coders)
    assert list(found["name"].unique()) == ["Alfa", "Beta"] or list(found["name"].unique()) == ["Beta", "Alfa"]
    said = found[found["finding"] == "share of voice"].set_index("what")
    assert said.loc["Anna Bianchi", ["share_annotated", "share_extracted", "difference"]].tolist() == [0.5, 0, -50]
    assert said.loc["Rossi", "difference"] == 50
    marked = validity.effects(extraction, [replace(coders[0], complete=frozenset(["quotes"]))])
    assert marked[marked["finding"] == "share of voice"]["n_annotated"].sum() == 1, "reports are a selection"


def test_sizes_and_a_sample(tmp_path):
    sizes = sampling.sizes(half_widths=(0.1, 0.05), share=0.9)
    assert sizes["n"].is_monotonic_increasing
    assert (sizes["n_at_worst"] > sizes["n"]).all()
    texts = [(doc_id, n, 10 * n, 10 * n + 9, f"=frase {n:02d}") for doc_id in ("a", "b", "c") for n in range(9)]
    sentences = pd.DataFrame(texts, columns=["doc_id", "sentence_id", "start", "end", "text"])
    articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "outlet": ["X", "X", None]})
    drawn = sampling.draw(sentences, articles, n=10, seed=1)
    pd.testing.assert_frame_equal(drawn, sampling.draw(sentences, articles, n=10, seed=1))
    assert not drawn.equals(sampling.draw(sentences, articles, n=10, seed=2))
    assert (drawn["doc_id"] == "c").sum() == 5, "as many of each outlet"
    assert len(sampling.draw(sentences, articles, n=999, seed=1)) == 27
    sampling.write(drawn, tmp_path)
    raw = dict.fromkeys("abc", "\n".join(f"=frase {n:02d}" for n in range(9)))
    with (tmp_path / "sentences.csv").open(encoding="utf-8") as file:
        assert "'=frase" in file.read(), "no formula for a spreadsheet"
    assert {path.name for path in tmp_path.iterdir()} == {"a.json", "b.json", "c.json", "coder.toml", "sentences.csv"}
    (coder,) = validity.read_annotations(tmp_path, raw)
    assert len(coder.articles["c"]["coded"]) == 5, "the files to fill in are of the form"
