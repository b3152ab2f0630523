"""English, French and mixed corpora, read by word lists alone, and what is compared across languages."""

import json
import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import spacy
from conftest import ROOT
from rassegna import annotation, languages
from rassegna.corpus_tables import Extraction
from rassegna.errors import ParameterError, PipelineError
from rassegna.extraction import extract
from rassegna.mentions.gazetteer import demonyms, translated
from rassegna.settings import Settings, pipeline_names

FOLDER = ROOT / "tests" / "languages"
RAIN = ("Rain and more rain", "The rain went on for several days, and the river rose above the fields by the old mill.")
# Least share found, and of the found right, of names with their type; least share of quotations with their speaker.
FLOORS = {
    ("english", "en"): (0.96, 0.9, 0.9),
    ("mixed", "en"): (0.93, 0.93, 0.5),
    ("mixed", "fr"): (0.92, 0.92, 1.0),
    ("mixed", "it"): (0.95, 0.95, 1.0),
}


@cache
def read(name: str) -> Extraction:
    return extract(Settings.from_parameters(FOLDER / name))


def one_article(folder: Path, text: str, *, language: str, **more: str) -> Extraction:
    """Read a sentence or more among others that name nobody."""
    folder.mkdir(exist_ok=True)
    page = "\n\n".join((*RAIN, text, "Nobody could say how long the water would stay, or what it would leave behind."))
    (folder / "article.txt").write_text(page, encoding="utf-8")
    return extract(Settings.from_parameters(folder, language=language, reference_date="2026-05-14", **more))


def names(extraction: Extraction) -> list[tuple[str, str]]:
    found = extraction.mentions
    return [(row.text, row.label) for row in found[found["kind"] == "name"].itertuples()]


@pytest.mark.parametrize(("corpus", "language"), FLOORS)
def test_names_and_speakers_reach_their_floors(corpus: str, language: str) -> None:
    extraction, counts, shown = read(corpus), Counter(), translated(language, "it" if corpus == "mixed" else "en")
    content = extraction.blocks[extraction.blocks["label"].isin(["title", "subtitle", "heading", "body"])]
    spoken = dict(zip(extraction.articles["doc_id"], extraction.articles["language"], strict=True))
    for doc_id, gold in json.loads((FOLDER / f"{corpus}.json").read_text(encoding="utf-8")).items():
        if spoken[doc_id] != language:
            continue
        own = content[content["doc_id"] == doc_id]
        inside = [m for m in gold["mentions"] if ((own["start"] <= m["start"]) & (m["end"] <= own["end"])).any()]
        rows = extraction.mentions.query("doc_id == @doc_id and kind == 'name'")
        found = {(r.start, r.end, r.label) for r in rows.itertuples()}
        right = found & {(m["start"], m["end"], m["label"]) for m in inside}
        said = {(r.start, r.end): r.speaker for r in extraction.quotes.query("doc_id == @doc_id").itertuples()}
        spoke = sum(said.get((q["start"], q["end"])) in (q["speaker"], shown.get(q["speaker"])) for q in gold["quotes"])
        counts.update(gold=len(inside), found=len(found), right=len(right), quotes=len(gold["quotes"]), spoke=spoke)
    recall, precision, speakers = FLOORS[corpus, language]
    assert counts["right"] >= recall * counts["gold"] > 0
    assert counts["right"] >= precision * counts["found"]
    assert counts["spoke"] >= speakers * counts["quotes"] > 0


def test_every_entity_of_the_mixed_corpus_is_one_in_all_languages() -> None:
    found = read("mixed").mentions.groupby("entity")["doc_id"].nunique()
    assert found[found == 4].index.tolist() == [
        *("Batyr Ossenov", "Ginevra", "Ingrid Vasseur", "Kazakistan", "Mongolia", "Nazioni Unite", "Oyuna Ganbold")
    ]
    assert (found[["Corea del Nord", "Russia", "Unione Europea", "Almaty"]] == 3).all()
    assert not set(found.index) & {"North Korea", "Corée du Nord", "UN", "Geneva", "Genève", "United Nations"}


def test_figures_are_compared_across_languages() -> None:
    found = read("mixed").numbers
    told = dict(tuple(found.groupby(found["thing"].str.split(":").str[0])))
    assert set(told) == {"container", "km", "people"}
    assert set(told["container"]["status"]) == {"differs"}
    assert dict(zip(told["container"]["doc_id"], told["container"]["value"], strict=True)) == {
        "10_meridiano": 12000,
        "11_gazzettino": 12000,
        "20_ledger": 21000,
        "30_courrier": 12000,
    }
    assert set(told["km"]["status"]) == {"agrees"}
    assert told["km"]["doc_id"].nunique() == 4
    assert set(told["people"]["value"]) == {2, 3}
    assert "agrees" not in set(told["people"]["status"])


def test_dates_and_facts_are_compared_across_languages() -> None:
    extraction = read("mixed")
    start = extraction.events[extraction.events["value"] == "2026-09-01"]
    assert set(start["doc_id"]) == {"10_meridiano", "20_ledger", "30_courrier"}
    told = extraction.facts[extraction.facts["status"] == "states"]
    spoken = dict(zip(extraction.articles["doc_id"], extraction.articles["language"], strict=True))
    across = told.groupby("fact_id")["doc_id"].agg(lambda docs: len({spoken[d] for d in docs}))
    assert (across == 3).any()  # the treaty, told in three languages


def test_contradictions_of_the_english_corpus() -> None:
    extraction = read("english")
    found = extraction.numbers
    assert set(found[found["value"].isin([3, 4])]["status"]) == {"differs"}
    assert set(found[found["value"].isin([214, 230])]["status"]) == {"agrees"}
    assert set(found[found["unit"] == "USD"]["doc_id"]) == {"02_dispatch", "04_wire"}
    assert "contradicts" in set(extraction.facts["status"])
    voices = extraction.terms[extraction.terms["term"] == "murdered"]
    assert set(voices["holder"]) == {"Marguerite Oake"}


def test_what_is_missing_is_said_plainly() -> None:
    refused = read("mixed").tables["refused"].set_index("path")["reason"]
    assert sorted(refused.index) == ["20_ledger.txt", "30_courrier.txt"]
    assert refused["20_ledger.txt"].startswith(
        "read, but no pipeline for en is named: names and speakers are found by rule"
    )


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "The Russian president, Boris Oram, met Mr Tull near Lake Corvo.",
            "Boris Oram PER|Tull PER|Lake Corvo LOC",
        ),
        ("en", "Yesterday the ferry Blue Pearl sank off Norham.", "Norham LOC"),
        ("en", "Later They Came Home", ""),
        (
            "en",
            "Officials at Dorval University and the Bank of Ostrava spoke.",
            "Dorval University ORG|Bank of Ostrava ORG",
        ),
        ("en", "On Monday in May it rained. Nobody came.", ""),
        ("en", "Fans of the Seafarers' Union cheered.", "Seafarers' Union ORG"),
        ("en", "A spokesman for Per Olsen and Theresa May told the BBC.", "Per Olsen PER|Theresa May PER|BBC ORG"),
        (
            "en",
            "On Monday the Dorval Commission President Edda von der Lunt spoke.",
            "Dorval Commission ORG|Edda von der Lunt PER",
        ),
        ("en", "The ship and its operator, Seaways, left in May.", "Seaways ORG"),
        ("fr", "Hier, le ministre Paul Verdier a parlé à Nantes.", "Paul Verdier PER|Nantes LOC"),
        (
            "fr",
            "On vit mal dans le Marnois, à Saint-Elme et dans la région d’Orvaz.",
            "Marnois LOC|Saint-Elme LOC|Orvaz LOC",
        ),
        ("fr", "On l’a dit à l’AFP Fatima Bennour, déléguée CGT.", "AFP ORG|Fatima Bennour PER|CGT ORG"),
        ("fr", "L’Italien a gagné lundi. Elle aussi.", ""),
        (
            "fr",
            "Hier encore, la Ligue du Nord et l’Union européenne ont refusé toute rencontre avec eux.",
            "Ligue du Nord ORG|Union européenne ORG",
        ),
    ],
)
def test_names_by_their_capitals(tmp_path: Path, language: str, text: str, expected: str) -> None:
    found = names(one_article(tmp_path / "c", text, language=language))
    assert "|".join(f"{name} {label}" for name, label in found) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The dam would not hold, engineer Ruth Vane said on Friday.", [("The dam would not hold", "Ruth Vane")]),
        ("Ruth Vane said she was ready.", [("she was ready", "Ruth Vane")]),
        ("Ruth Vane told reporters that the dam was safe.", [("the dam was safe", "Ruth Vane")]),
        ("After the long meeting, engineer Ruth Vane left.", []),
    ],
)
def test_english_reports(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    quotes = one_article(tmp_path / "c", text, language="en").quotes
    assert list(zip(quotes["text"], quotes["speaker"], strict=True)) == expected


@pytest.mark.parametrize(
    ("language", "text", "speaker", "cue"),
    [
        ("fr", "« On nous oublie », s’est indignée Sophie Dorval.", "Sophie Dorval", "est indignée"),
        ("fr", "« On nous oublie », souffle Hassan Verdier, pompier.", "Hassan Verdier", "souffle"),
        ("fr", "« On nous oublie », songe Paul Verdier.", "Paul Verdier", None),
        ("fr", "« On nous oublie », raconte à l’AFP Fatima Bennour, 54 ans.", "Fatima Bennour", "raconte"),
        ("fr", "Paul Verdier a réagi. « On nous oublie », a-t-il ajouté.", "Paul Verdier", "a-t-il ajouté"),
        ("fr", "Le groupe fermera son usine, a confirmé mardi un porte-parole.", "porte-parole", "a confirmé"),
        ("fr", "Paul Verdier affirme ne pas disposer de moyens.", "Paul Verdier", "affirme"),
        ("en", "“It broke,” Lars Hoven, a 36-year-old lorry driver, told the BBC.", "Lars Hoven", "told"),
        ("en", "Later Per Olsen of the union accused the operator of ignoring warnings.", "Per Olsen", "accused"),
        ("it", "«Ci dimenticano», rumina Mario Bennati, pompiere.", "Mario Bennati", None),
        ("it", "«Ci dimenticano», allarga le braccia il sindaco Mario Bennati.", "Mario Bennati", None),
        ("it", "«Ci dimenticano», racconta all’Ansa Mario Bennati, 54 anni.", "Mario Bennati", "racconta"),
    ],
)
def test_who_speaks(tmp_path: Path, language: str, text: str, speaker: str, cue: str | None) -> None:
    (quote,) = one_article(tmp_path / "c", text, language=language).quotes.itertuples()
    assert (quote.speaker, None if pd.isna(quote.cue) else quote.cue) == (speaker, cue)


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("La Regione respinge le accuse: i lavori, fa sapere l’assessora Lidia Fontana, «partiranno a gennaio».",
         {"partiranno a gennaio": "Lidia Fontana"}),
        ("Daremo lo stato di emergenza, ha assicurato a Radio Uno il ministro Davide Prandi: «Aiuteremo tutti».",
         {"Daremo lo stato di emergenza": "Davide Prandi", "Aiuteremo tutti": "Davide Prandi"}),
    ],
)  # fmt: skip
def test_a_subject_between_cue_and_quotation(tmp_path: Path, text: str, speakers: dict[str, str]) -> None:
    quotes = one_article(tmp_path / "c", text, language="it").quotes
    found = dict(zip(quotes["text"], quotes["speaker"], strict=True))
    assert {text: found.get(text) for text in speakers} == speakers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("«Ci hanno venduti», grida un operaio.", [("direct", "operaio", "Ci hanno venduti")]),
        ("Cauto il capo Pietro Galvagno, secondo cui «restano nodi».", [("mixed", "Pietro Galvagno", "restano nodi")]),
        ("Secondo l’Usb, che non ha firmato, almeno 400 operai resteranno soli.",
         [("indirect", "Usb", "almeno 400 operai resteranno soli")]),
        ("Il portavoce Saverio Monti definisce l’accordo «una resa».", [("mixed", "Saverio Monti", "una resa")]),
    ],
)  # fmt: skip
def test_italian_reports(tmp_path: Path, text: str, expected: list[tuple[str, str, str]]) -> None:
    quotes = one_article(tmp_path / "c", text, language="it").quotes
    assert list(quotes[["kind", "speaker", "text"]].itertuples(index=False, name=None)) == expected


def test_capitals_before_a_dash_are_where_it_was_written(tmp_path: Path) -> None:
    found = one_article(tmp_path / "c", "MONTELAGO – Tre case sono crollate nella notte.", language="it").mentions
    assert list(zip(found["text"], found["label"], strict=True)) == [("MONTELAGO", "LOC")]


def test_a_sentence_in_marks_alone_is_a_direct_quotation(tmp_path: Path) -> None:
    text = "«Ci dimenticano», racconta Mario Bennati. «La mia casa non c’è più»."
    quotes = one_article(tmp_path / "c", text, language="it").quotes
    assert list(zip(quotes["kind"], quotes["speaker"], strict=True)) == [("direct", "Mario Bennati")] * 2


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Il est parti.| « On nous oublie », dit-elle.| (Le ministre s’est tu.)"),
        ("en", 'He left.| “They forget us,” she said.| "So do I."'),
        ("de", "Er ging und sagte „Nie.“| Dann kam er."),
    ],
)
def test_opening_marks_go_with_what_they_open(language: str, text: str) -> None:
    doc = annotation.blank_pipeline(language)(text.replace("|", ""))
    assert [sentence.text.strip() for sentence in doc.sents] == [part.strip() for part in text.split("|")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Dix-sept", 17), ("Vingt et une", 21), ("soixante-dix", 70), ("Soixante et onze", 71), ("quatre-vingts", 80),
        ("quatre-vingt-dix-sept", 97), ("cent vingt", 120), ("deux cents", 200), ("mille deux cents", 1200),
        ("deux mille cinq cents", 2500), ("mille neuf cent quatre-vingt-quatre", 1984), ("cent mille", 100000),
    ],
)  # fmt: skip
def test_french_numbers_in_words(tmp_path: Path, text: str, value: float) -> None:
    found = one_article(tmp_path / "c", f"Les secours ont compté {text} maisons.", language="fr").quantities
    assert list(zip(found["text"], found["value"], strict=True)) == [(f"{text} maisons", value)]


@pytest.mark.parametrize(
    ("text", "stands_for"),
    [
        ("Moscow denied the report again, and nobody was much surprised at it.", "Russia"),
        ("Snow fell all night in Moscow, denied for days by everyone who should know.", None),
        ("The Kremlin said on the same day that nothing of it was true.", "Russia"),
    ],
)
def test_capitals_and_seats_without_a_parse(tmp_path: Path, text: str, stands_for: str | None) -> None:
    found = one_article(tmp_path / "c", text, language="en").mentions
    assert [None if pd.isna(s) else s for s in found["stands_for"]] == [stands_for]


def test_descriptions_with_their_owner_in_front(tmp_path: Path) -> None:
    text = "Russia's president, Boris Oram, spoke. Later the Russian president left the room."
    found = one_article(tmp_path / "c", text, language="en").mentions
    described = found[found["kind"] == "description"]
    assert list(zip(described["text"], described["entity"], strict=True)) == [("Russian president", "Boris Oram")]


def test_translation_is_there_and_back() -> None:
    for one, other in (("it", "en"), ("it", "fr"), ("en", "fr")):
        there, back = translated(one, other), translated(other, one)
        assert len(there) > 200
        for name in ("Corea del Nord", "Germania", "Mosca", "Nazioni Unite", "Mar Nero") if one == "it" else ():
            assert back[there[name]] == name
    assert translated("it", "it") == {}
    assert demonyms("en", "it")["russian"] == demonyms("fr", "it")["russe"] == "Russia"


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("it_rassegna_news", [("", "it_rassegna_news")]),
        ("en=a, it_rassegna_news", [("en", "a"), ("", "it_rassegna_news")]),
        ("en = a,fr=b", [("en", "a"), ("fr", "b")]),
    ],
)
def test_pipeline_names(named: str, expected: list[tuple[str, str]]) -> None:
    assert pipeline_names(named) == expected


@pytest.mark.parametrize("named", ["en=", "en=a,,fr=b", "klingon=a", "q1=a"])
def test_a_pipeline_that_cannot_be_is_refused(named: str) -> None:
    with pytest.raises(ParameterError, match="pipeline"):
        Settings.from_parameters(FOLDER / "mixed", pipeline=named)


def test_a_pipeline_named_for_a_language_reads_it(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler").add_patterns(
        [{"label": "GPE", "pattern": "Norham"}, {"label": "NORP", "pattern": "Danes"}]
    )
    nlp.to_disk(tmp_path / "own")
    text = "The Danes went to Norham with Paul Verdier yesterday."
    for named in (f"en={tmp_path / 'own'}", str(tmp_path / "own")):
        assert names(one_article(tmp_path / "c", text, language="en", pipeline=named)) == [("Norham", "LOC")]
    chosen = annotation.pipelines(f"en={tmp_path / 'own'}", ["en", "it", "fr"])
    assert chosen["en"].pipe_names == ["sentencizer", "entity_ruler"]
    assert chosen["it"].lang == "it"
    assert chosen["it"].has_pipe("ner")
    assert chosen["fr"].pipe_names == ["sentencizer", "rassegna_opening_marks", "rassegna_closed_classes"]
    with pytest.raises(PipelineError, match="no_such"):
        annotation.pipelines("en=no_such", ["en"])


def test_a_language_with_a_pipeline_and_no_lists_has_names(tmp_path: Path) -> None:
    nlp = spacy.blank("sv")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler", name="ner").add_patterns([{"label": "PRS", "pattern": "Karin Malm"}])
    nlp.to_disk(tmp_path / "own")
    extraction = one_article(
        tmp_path / "c", "I Norge sade Karin Malm ja.", language="sv", pipeline=str(tmp_path / "own")
    )
    assert names(extraction) == [("Norge", "LOC"), ("Karin Malm", "PER")]
    assert extraction.tables["refused"]["reason"].tolist() == [
        "read, but there are no word lists for sv: no quotations are found"
    ]


def test_a_language_that_is_only_a_folder_of_data_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Esperanto, which spaCy does not know, with the least that `quotation.toml` asks for."""
    shutil.copytree(languages.FOLDER / "any", tmp_path / "lists" / "any")
    own = tmp_path / "lists" / "eo"
    own.mkdir()
    lists = {
        "quotation.toml": '[openers]\nthat = ["ke"]\nclause = ["ke"]\n',
        "reporting_verbs.csv": "cue,stance,frame\ndiri,neutral,content\n",
        "conjugation.toml": '[classes]\ni = "i"\n[endings.i]\npresent = ["as"]\npast = ["is"]\ninfinitive = ["i"]\n',
        "closed_classes.toml": '[tags]\nDET = ["la"]\nADP = ["en"]\nSCONJ = ["ke"]\nAUX = ["estis"]\n',
        "roles.toml": '[office]\nministro = ["ministro"]\n',
        "names.toml": '[places]\nbefore = ["en"]\n',
        "number_words.toml": "[small]\ntri = 3\n",
    }  # fmt: skip
    for name, text in lists.items():
        (own / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(languages, "FOLDER", tmp_path / "lists")
    page = "La ministro Ludoviko Zamen diris, ke tri ŝipoj estis en Vigo."
    extraction = one_article(tmp_path / "c", page, language="eo")
    assert names(extraction) == [("Ludoviko Zamen", "PER"), ("Vigo", "LOC")]
    assert list(extraction.quotes["speaker"]) == ["Ludoviko Zamen"]
    assert list(extraction.quantities["value"]) == [3]
    assert all(len(table.columns) for table in extraction.tables.values())


@pytest.mark.parametrize("code", ["en", "fr"])
def test_a_language_has_no_key_that_no_other_knows(code: str) -> None:
    """A misspelt key would be silently empty: every section and list must be known to `any` or to Italian."""
    free = {
        "contrast_sets",
        "number_words",
        "units",
        "counted",
        "time_words",
        "function_words",
        "furniture",
        "conjugation",
    }
    for path in sorted((languages.FOLDER / code).glob("*.toml")):
        known = _keys(languages.optional("it", path.stem)) | _keys(languages.optional("any", path.stem))
        if path.stem not in free | {"conjugation"} and not path.stem.endswith("_rules"):
            assert _keys(languages.load(code, path.stem)) <= known, path.name


def _keys(table: dict) -> set[str]:
    rows = {
        "aliases",
        "canonical",
        "historic",
        "regions",
        "english",
        "tags",
        "articles",
        *("head", "generic", "office", "trade"),
    }
    return {
        f"{section}.{key}" if isinstance(own, dict) and section not in rows else section
        for section, own in table.items()
        for key in (own if isinstance(own, dict) else [""])
    }
