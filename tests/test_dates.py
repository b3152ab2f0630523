"""Dates: what each rule finds, which day it means, and what it leaves alone. No model is needed."""

import datetime

import pandas as pd
import pytest
import spacy
from rassegna.dates import DATE_COLUMNS, SPANS, DateFinder, dates
from rassegna.dates.anchors import Anchor, anchor, day_year, month_year
from rassegna.reading.grammar import grammar
from spacy.tokens import Doc

NLP = {code: spacy.blank(code) for code in ("it", "en", "fr", "de")}
WEDNESDAY = "2024-06-19"


def found(text: str, *, published: str | None = WEDNESDAY, language: str = "it") -> list[tuple[str, str]]:
    """(text, value) of every time expression."""
    doc = DateFinder(language, anchor(published, None))(NLP[language](text))
    return [(text[start:end], value) for start, end, _, value, *_ in doc._.dates]


def values(text: str, **options: str | None) -> list[str]:
    return [value for _, value in found(text, **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # days of a month
        ("il 18 giugno", ["2024-06-18"]),
        ("martedì (18 giugno)", ["2024-06-18"]),
        ("l'11 novembre 2023", ["2023-11-11"]),
        ("il 3 giugno scorso", ["2024-06-03"]),
        ("lo scorso 3 luglio", ["2023-07-03"]),
        ("il prossimo 15 luglio", ["2024-07-15"]),
        ("il 3 giugno di quest’anno", ["2024-06-03"]),
        ("il 3 marzo dell'anno scorso", ["2023-03-03"]),
        ("dal 1° luglio", ["2024-07-01"]),
        ("il primo maggio", ["2024-05-01"]),
        ("il 10 giu. 2024", ["2024-06-10"]),
        ("il 19 e 20 giugno", ["2024-06-19", "2024-06-20"]),
        ("il 28, 29 e 30 maggio", ["2024-05-28", "2024-05-29", "2024-05-30"]),
        ("il 17-18 maggio", ["2024-05-17/2024-05-18"]),
        ("dal 28 giugno al 2 luglio", ["2024-06-28", "2024-07-02"]),
        ("dal primo al 31 maggio", ["2024-05-01", "2024-05-31"]),
        ("venerdì 17 e sabato 18 maggio", ["2024-05-17", "2024-05-18"]),
        ("nella notte tra il 2 e il 3 giugno", ["2024-06-02TNI"]),
        ("il 29 febbraio 2024", ["2024-02-29"]),
        ("Il 3 maggio è nato. Poi, il 5 dello stesso mese, partì.", ["2024-05-03", "2024-05-05"]),
        # figures
        ("08/09/2015", ["2015-09-08"]),
        ("2024-06-18", ["2024-06-18"]),
        ("12.3.24", ["2024-03-12"]),
        # months
        ("nel dicembre 2019", ["2019-12"]),
        ("lo scorso settembre", ["2023-09"]),
        ("marzo di quest’anno", ["2024-03"]),
        ("marzo di tre anni fa", ["2021-03"]),
        ("da gennaio a marzo", ["2024-01", "2024-03"]),
        ("gennaio-marzo 2023", ["2023-01/2023-03"]),
        ("inizio giugno", ["2024-06"]),
        # years
        ("nel 2022", ["2022"]),
        ("(2006)", ["2006"]),
        ("nel '68", ["1968"]),
        ("fino al 2031", ["2031"]),
        ("tra il 2019 e il 2023", ["2019", "2023"]),
        ("2019-2023", ["2019/2023"]),
        ("la stagione 2023/24", ["2023/2024"]),
        ("negli anni '90", ["199"]),
        ("gli anni Sessanta", ["196"]),
        ("nel XX secolo", ["19"]),
        ("nell'Ottocento", ["18"]),
        ("nel terzo trimestre del 2023", ["2023-Q3"]),
        ("nel primo semestre", ["2024-H1"]),
        ("l'anno scorso", ["2023"]),
        ("quest'anno", ["2024"]),
        # seasons and weeks
        ("lo scorso autunno", ["2023-FA"]),
        ("l'estate scorsa", ["2023-SU"]),
        ("lo scorso inverno", ["2023-WI"]),
        ("nell'estate del 2021", ["2021-SU"]),
        ("dopo l'autunno", ["2024-FA"]),
        ("la scorsa settimana", ["2024-W24"]),
        ("il mese prossimo", ["2024-07"]),
        ("nel fine settimana", ["2024-W24-WE"]),
        # days seen from the page
        ("oggi", ["2024-06-19"]),
        ("ieri sera", ["2024-06-18TEV"]),
        ("l'altro ieri", ["2024-06-17"]),
        ("questa mattina", ["2024-06-19TMO"]),
        ("la scorsa notte", ["2024-06-18TNI"]),
        ("tre giorni fa", ["2024-06-16"]),
        ("due settimane fa", ["2024-W23"]),
        ("sei mesi fa", ["2023-12"]),
        ("24 anni fa", ["2000"]),
        ("un anno e mezzo fa", ["2022-12"]),
        ("qualche anno fa", ["PAST_REF"]),
        ("fra due settimane", ["2024-W27"]),
        # story
        ("Il 3 maggio è morto. Due giorni dopo la notizia è nota.", ["2024-05-03", "P2D"]),
        ("Il 3 maggio è morto. Due giorni dopo.", ["2024-05-03", "2024-05-05"]),
        ("il giorno dopo che hanno firmato", ["P1D"]),
        # durations
        ("negli ultimi 70 anni", ["P70Y"]),
        ("negli ultimi mesi", ["PXM"]),
        ("nell'ultimo anno", ["P1Y"]),
        ("due ore e mezza", ["PT2.5H"]),
        ("mezz'ora", ["PT30M"]),
        ("tre minuti e 5 secondi", ["PT3M5S"]),
        ("1'07\"", ["PT1M7S"]),
        ("cinquant'anni", ["P50Y"]),
        ("tre anni e nove mesi", ["P3Y", "P9M"]),
        ("due o tre giorni", ["P2D/P3D"]),
        ("da mesi", ["PXM"]),
        ("nel biennio 2023-2024", ["P2Y", "2023/2024"]),
        # sets
        ("ogni lunedì", ["XXXX-WXX-1"]),
        ("ogni due anni", ["P2Y"]),
        # times of day
        ("alle 15 di ieri", ["2024-06-18T15:00"]),
        ("22h57, le 11 novembre 2024", ["2024-11-11T22:57"]),
        ("giovedì 23 maggio alle 18.30", ["2024-05-23T18:30"]),
        ("alle 8 di sera", ["2024-06-19T20:00"]),
        ("dalle 9 alle 17", ["2024-06-19T09:00/2024-06-19T17:00"]),
        ("8.45 – Tre feriti", ["2024-06-19T08:45"]),
        ("alle 9,30", ["2024-06-19T09:30"]),
        ('58"93 nello slalom', ["PT58.93S"]),
        ("in 3h11’09”", ["PT3H11M9S"]),
        ("alle 15 e 30", ["2024-06-19T15:30"]),
        ("domenica 6 settembre", ["2020-09-06"]),
        # vague
        ("di recente", ["PAST_REF"]),
        ("È atteso ora in Vietnam", ["PRESENT_REF"]),
    ],
)
def test_italian(text: str, expected: list[str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "duemila soldati",
        "2000 soldati",
        "oltre 2000 persone",
        "il 30 febbraio",
        "registrata al n. 162/2015",
        "il missile Hwasong-11",
        "alle 27 vittime",
        "un'ora locale",
        "Rossi, 71 anni, di Milano",
        "un uomo di 40 anni",
        "aveva solo 42 anni",
        "una 35enne",
        "via 25 Aprile 12",
        "secolo dopo secolo",
        "60 milioni di anni fa",
        "il 12,50 per cento",
        "primo ministro",
    ],
)
def test_no_time(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lo ha detto lunedì", "2024-06-17"),
        ("lo ha detto mercoledì", WEDNESDAY),
        ("lo ha detto lunedi", "2024-06-17"),  # an accent that is missing
        ("Lunedì il voto", "2024-06-24"),  # a headline that announces
        ("Tre i fermati. Venerdì il processo", "2024-06-21"),
        ("Lunedì il voto è finito.", "2024-06-17"),
        ("mercoledì scorso", "2024-06-12"),
        ("venerdì prossimo", "2024-06-21"),
        ("arriverà lunedì", "2024-06-24"),
        ("il voto è previsto per giovedì", "2024-06-20"),
        ("uno sciopero per lunedì", "2024-06-24"),
        ("sabato della scorsa settimana", "2024-06-15"),
        ("martedì sera", "2024-06-18TEV"),
        ("a luglio verrà rafforzata", "2024-07"),
        ("a luglio era stata rafforzata", "2023-07"),
    ],
)
def test_tense_decides(text: str, expected: str) -> None:
    assert values(text) == [expected]


def test_a_clash_is_told() -> None:
    doc = DateFinder("it", anchor(WEDNESDAY, None))(NLP["it"]("lunedì 18 giugno e martedì 18 giugno"))
    clashes = [row[5] for row in doc._.dates]
    assert clashes == ["the text says lunedì (weekday 1), but 2024-06-18 is weekday 2", None]
    late = DateFinder("it", anchor("2024-11-11T22:57", None))(NLP["it"]("ha riferito martedì l'agenzia"))
    assert [(row[3], bool(row[5])) for row in late._.dates] == [("2024-11-12", True)]
    early = DateFinder("it", anchor("2024-11-11T09:00", None))(NLP["it"]("ha riferito martedì l'agenzia"))
    assert [(row[3], row[5]) for row in early._.dates] == [("2024-11-05", None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ieri", "XXXX-XX-XX"),
        ("martedì", "XXXX-WXX-2"),
        ("il 18 giugno", "XXXX-06-18"),
        ("lo scorso settembre", "XXXX-09"),
        ("la scorsa settimana", "XXXX-WXX"),
        ("lo scorso autunno", "XXXX-FA"),
        ("24 anni fa", "XXXX"),
        ("nel 2022", "2022"),
    ],
)
def test_without_an_anchor_the_unknown_stays_unknown(text: str, expected: str) -> None:
    assert values(text, published=None) == [expected]


def test_a_year_alone_gives_the_year_only() -> None:
    assert values("martedì 18 giugno; martedì; l'anno scorso", published="2024") == ["2024-06-18", "XXXX-WXX-2", "2023"]


def test_anchors() -> None:
    reference = datetime.date(2024, 6, 19)
    assert anchor("2024-11-11T22:57", reference) == Anchor(2024, 11, 11, "22:57")
    assert anchor("2024", reference).date == reference
    assert anchor("2022", reference).date is None  # the page is of another year than the corpus
    assert anchor(None, reference).date == anchor(float("nan"), reference).date == reference
    assert anchor(None, None) == Anchor()
    at = Anchor(2024, 6, 19)
    assert [day_year(at, 12, 24, tense) for tense in ("past", "future", "")] == [2023, 2024, 2023]
    assert [month_year(at, 6, tense) for tense in ("past", "last", "next")] == [2024, 2023, 2025]
    assert day_year(at, 3, 14, "past", weekday=2) == 2023  # a Tuesday then


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "On June 3, 2024, it was last week", ["2024-06-03", "2024-W24"]),
        ("en", "He may go in March 2023", ["2023-03"]),
        ("en", "three years ago, in the 1990s", ["2021", "199"]),
        ("en", "over the past three years", ["P3Y"]),
        ("en", "it may march on", []),
        ("fr", "il y a trois ans", ["2021"]),
        ("fr", "la semaine dernière", ["2024-W24"]),
        ("fr", "dimanche, à 15 h", ["2024-06-16", "2024-06-16T15:00"]),
        ("de", "am 3. Mai 2024", ["2024-05"]),  # no resources: CLDR's months and what every language writes
    ],
)
def test_other_languages(language: str, text: str, expected: list[str]) -> None:
    assert values(text, language=language) == expected


def block_doc(text: str, parts: list[tuple[int, int]]) -> Doc:
    """A Doc of blocks: parts are (start in the Doc's text, start in the raw text)."""
    doc = NLP["it"](text)
    doc._.doc_id = "a"
    doc._.blocks = [[i, "body", 0, start, raw] for i, (start, raw) in enumerate(parts)]
    return doc


def test_the_table_has_its_columns_and_slices_back() -> None:
    raw = "Titolo di martedì\n\nFURNITURE 2019\n\nnel 2022 e il 3 maggio"
    doc = block_doc("Titolo di martedì nel 2022 e il 3 maggio", [(0, 0), (18, raw.index("nel 2022"))])
    articles = pd.DataFrame({"doc_id": ["a"], "published_at": [None], "language": ["it"]})
    table = dates({"a": doc}, articles, reference_date=datetime.date(2024, 6, 19))
    assert list(table.columns) == DATE_COLUMNS
    assert list(table["value"]) == ["2024-06-18", "2022", "2024-05-03"]
    assert all(raw[row.start : row.end] == row.text for row in table.itertuples())
    assert not table["reason"].isna().any()
    empty = dates({}, articles)
    assert list(empty.columns) == DATE_COLUMNS
    assert empty.empty


def test_nothing_reaches_over_a_block() -> None:
    assert [
        v for *_, v in (r[:4] for r in DateFinder("it", Anchor())(block_doc("il 3 maggio", [(0, 0), (5, 9)]))._.dates)
    ] == ["XXXX-05"]


def test_the_component_joins_any_pipeline() -> None:
    nlp = spacy.blank("it")
    nlp.add_pipe("rassegna_dates", config={"reference_date": WEDNESDAY})
    doc = nlp("Lo ha detto ieri.")
    assert [(span.text, span.label_) for span in doc.spans[SPANS]] == [("ieri", "DATE")]
    assert doc._.dates[0][3] == "2024-06-18"


def test_rules_are_well_formed_and_named_once() -> None:
    rules = grammar("it", "time_rules").rules
    assert len({rule.name for rule in rules}) == len(rules)
    broken = grammar("it", "time_rules").__class__(
        grammar("it", "time_rules").reader, [rules[0].__class__("x", "", "A#B")]
    )
    with pytest.raises(ValueError, match="rule x: '#'"):
        broken.find(broken.reader.read("due"))
