"""Quantities: what each rule finds, what it is worth, and what only looks like a number. No model is needed."""

import re

import pandas as pd
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from rassegna import languages
from rassegna.dates import DateFinder
from rassegna.dates.anchors import anchor
from rassegna.quantities import QUANTITY_COLUMNS, SPANS, QuantityFinder, quantities
from rassegna.reading.grammar import grammar
from rassegna.reading.numerals import roman, words
from spacy.tokens import Doc

NLP = {code: spacy.blank(code) for code in ("it", "en", "fr")}
COLUMNS = QUANTITY_COLUMNS[4:]
# Classes that the reader gives by a word's form.
READER = (
    *("NUM", "DIGITS", "ONE", "DAY", "YEAR", "YY", "HOUR", "CLOCK", "DOTCLOCK", "NUMDATE", "YEARSPAN", "STOPWATCH"),
    *(
        "ORD",
        "ORD1",
        "ROMAN",
        "AGE",
        "AGE_SUFFIX",
        "CASED",
        "GLUED",
        "CODE",
        "SIGN",
        "STOP",
        "CONTENT",
        "CAPITAL",
        "ANY",
    ),
    *("MONTH", "MONTHABBR", "WEEKDAY"),
)
PIECES = [
    "il",
    "29",
    "31",
    "febbraio",
    "giugno",
    "2024",
    "due",
    "mila",
    "milioni",
    "e mezzo",
    "fra",
    "anni",
    "fa",
    "di",
    "-",
    ",",
    ".",
    "lunedì",
    "scorso",
    "prima",
    "sei",
    "un",
    "decine",
    "€",
    "%",
    "alle",
    "12.30",
    "22h57",
    "3-1",
    "metà",
    "oltre",
    "circa",
    "10.000",
    "'",
    "XX",
    "secolo",
]


def found(text: str, *, language: str = "it") -> list[dict[str, object]]:
    """One dict a quantity: text, value, low, high, unit, counted, ..."""
    doc = QuantityFinder(language)(NLP[language](text))
    return [{"text": text[q[0] : q[1]], **dict(zip(COLUMNS, q[2:], strict=True))} for q in doc._.quantities]


def only(text: str, **options: str) -> dict[str, object]:
    table = found(text, **options)
    assert len(table) == 1, table
    return table[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ventiquattro", 24),
        ("trentotto", 38),
        ("trentuno", 31),
        ("centottanta", 180),
        ("centotto", 108),
        ("duecentoventitré", 223),
        ("mille", 1000),
        ("millecinquecento", 1500),
        ("trecentomila", 300_000),
        ("duemilaventiquattro", 2024),
        ("cinquant'", 50),
        ("milano", None),
        ("centro", None),
        ("ottobre", None),
        ("tremare", None),
    ],
)
def test_number_words(text: str, value: float | None) -> None:
    assert words("it").cardinal(text) == value


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("it", "11.000", 11_000),
        ("it", "1.250.000", 1_250_000),
        ("it", "12,5", 12.5),
        ("it", "1.234,56", 1234.56),
        ("it", "11,000", 11_000),  # a foreign sign
        ("it", "2.5", 2.5),
        ("it", "1 300", 1300),
        ("it", "300’000", 300_000),
        ("en", "11,000", 11_000),
        ("en", "3.141", 3.141),
        ("en", "1,234.56", 1234.56),
    ],
)
def test_digits(language: str, text: str, value: float) -> None:
    assert words(language).digits(text) == value


@given(st.integers(min_value=1000, max_value=10**12))
def test_grouped_digits_keep_their_value(number: int) -> None:
    assert words("it").digits(f"{number:,}".replace(",", ".")) == number
    assert words("en").digits(f"{number:,}") == number
    assert words("it").digits(f"{number:,}".replace(",", "\u202f")) == number


@pytest.mark.parametrize(
    ("text", "value"), [("XX", 20), ("XIV", 14), ("IX", 9), ("IIII", None), ("", None), ("Di", None)]
)
def test_roman(text: str, value: int | None) -> None:
    assert roman(text) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # text of the row, value, bound, kind, unit, counted
        ("11mila soldati", ("11mila soldati", 11_000, "exact", "cardinal", None, "soldati")),
        ("un milione e mezzo di euro", ("un milione e mezzo di euro", 1.5e6, "exact", "money", "EUR", None)),
        ("34 milioni di dollari", ("34 milioni di dollari", 34e6, "exact", "money", "USD", None)),
        (
            "due milioni e 300mila abitanti",
            ("due milioni e 300mila abitanti", 2.3e6, "exact", "cardinal", None, "abitanti"),
        ),
        ("mezzo milione di persone", ("mezzo milione di persone", 5e5, "exact", "cardinal", None, "persone")),
        ("€ 300", ("€ 300", 300, "exact", "money", "EUR", None)),
        ("50 centesimi", ("50 centesimi", 0.5, "exact", "money", "EUR", None)),
        ("il 12,5 % degli elettori", ("12,5 % degli elettori", 12.5, "exact", "share", "%", "elettori")),
        ("il 20 per cento", ("20 per cento", 20, "exact", "share", "%", None)),
        ("51 km", ("51 km", 51, "exact", "measure", "km", None)),
        ("80 tonnellate di rifiuti", ("80 tonnellate di rifiuti", 80, "exact", "measure", "t", "rifiuti")),
        ("un metro e mezzo", ("un metro e mezzo", 1.5, "exact", "measure", "m", None)),
        ("magnitudo 5,4", ("magnitudo 5,4", 5.4, "exact", "measure", "magnitude", None)),
        ("ventiquattro anni", ("ventiquattro anni", 24, "exact", "duration", "a", None)),
        ("mezz'ora", ("mezz'ora", 0.5, "exact", "duration", "h", None)),
        ("tre minuti e 5 secondi", ("tre minuti e 5 secondi", 185, "exact", "duration", "s", None)),
        ("a 1'07\" dal primo", ("1'07\"", 67, "exact", "duration", "s", None)),
        ("in 1:34.19", ("1:34.19", 94.19, "exact", "duration", "s", None)),
        ("il 40enne leader", ("40enne", 40, "exact", "age", "a", None)),
        ("il quarantenne", ("quarantenne", 40, "exact", "age", "a", None)),
        ("Rossi, 71 anni, di Milano", ("71 anni", 71, "exact", "age", "a", None)),
        ("il suo quinto mandato", ("quinto mandato", 5, "exact", "ordinal", None, "mandato")),
        ("la seconda città", ("seconda città", 2, "exact", "ordinal", None, "città")),
        ("la 24esima edizione", ("24esima edizione", 24, "exact", "ordinal", None, "edizione")),
        ("il 75º anniversario", ("75º anniversario", 75, "exact", "ordinal", None, "anniversario")),
        ("nove volte", ("nove volte", 9, "exact", "multiple", "volte", None)),
        ("il doppio", ("doppio", 2, "exact", "multiple", None, None)),
        ("tre su quattro", ("tre su quattro", 0.75, "exact", "fraction", None, None)),
        ("due terzi dei voti", ("due terzi dei voti", 2 / 3, "exact", "fraction", None, "voti")),
        ("la metà dei seggi", ("la metà dei seggi", 0.5, "exact", "fraction", None, "seggi")),
        ("entrambi i paesi", ("entrambi i paesi", 2, "exact", "cardinal", None, "paesi")),
        ("una dozzina di feriti", ("una dozzina di feriti", 12, "about", "cardinal", None, "feriti")),
        ("due dozzine di uova", ("due dozzine di uova", 24, "about", "cardinal", None, "uova")),
        ("i due", ("due", 2, "exact", "cardinal", None, None)),
    ],
)
def test_italian(text: str, expected: tuple[object, ...]) -> None:
    row = only(text)
    got = tuple(row[name] for name in ("text", "value", "bound", "kind", "unit", "counted"))
    assert got == (expected[0], pytest.approx(expected[1]), *expected[2:])
    assert row["reason"]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("più di mille container", "more_than"),
        ("oltre 11.000 container", "more_than"),
        ("superando i 34 milioni di dollari", "more_than"),
        ("duecento persone e passa", "more_than"),
        ("almeno 20 morti", "at_least"),
        ("non meno di 30 feriti", "at_least"),
        ("quasi 200 persone", "less_than"),
        ("meno di 5 euro", "less_than"),
        ("fino a 300 posti", "at_most"),
        ("non più di 40 giorni", "at_most"),
        ("circa 40 minuti", "about"),
        ("200 persone circa", "about"),
        ("un centinaio di persone", "about"),
        ("esattamente 12 voti", "exact"),
        ("sui due binari", "exact"),
        ("decine di migliaia di manifestanti", "vague"),
        ("qualche centinaio di lettere", "vague"),
        ("alcune sanzioni", "vague"),
        ("diverse migliaia di soldati", "vague"),
        ("tra 340 e 390 milioni di euro", "range"),
        ("3-4 giorni", "range"),
        ("due o tre feriti", "range"),
    ],
)
def test_bounds(text: str, bound: str) -> None:
    row = only(text)
    assert row["bound"] == bound
    assert (row["value"] is None) == (bound in ("vague", "range"))
    assert (row["low"] is not None) == (bound == "range")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("tra 340 e 390 milioni di euro", 340e6, 390e6),
        ("tra le 3,5 e le 4 tonnellate", 3.5, 4),
        ("dai 10 ai 15mila partecipanti", 10_000, 15_000),
        ("da 20 a 30 chilometri", 20, 30),
        ("340-390 milioni", 340e6, 390e6),
    ],
)
def test_ranges(text: str, low: float, high: float) -> None:
    row = only(text)
    assert (row["low"], row["high"]) == (low, high)


@pytest.mark.parametrize(
    "text",
    [
        # dates and times
        "il 19 e 20 giugno 2024, alle 15.30",
        "nel 2022",
        "gli anni '90",
        # names of things
        "il missile Hwasong-11",
        "un Falcon 9",
        "l'iPhone 15",
        "il volo AZ610",
        "la rete 5G",
        "il G7",
        "il Covid-19",
        "il parco delle Cinque Terre",
        # addresses, registers, telephones
        "via Roma 12",
        "sulla A22",
        "al km 60",
        "l'articolo 5",
        "la legge 194",
        "registrata al n° 162/2015",
        "il fascicolo AB-0045/19",
        "tel. 06 1234 5678",
        # scores and ranks
        "ha vinto 3-1",
        "finisce 6-4 7-5",
        "battuti 2 a 1",
        "gol al 23' di gioco",
        "al terzo posto",
        "il 3° posto",
        "1. Rossi",
        # words that are no numbers
        "una volta",
        "un uomo",
        "in primo luogo",
        "il primo ministro",
        "la prima guerra mondiale",
        "prima della visita",
        "secondo Kiev",
        "secondo il ministro",
        "tu sei partito",
        "nelle prime ore",
        "un accordo su un tema",
        "a metà giugno",
        "",
    ],
)
def test_no_quantity(text: str) -> None:
    assert found(text) == []


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=14))
def test_any_text_gives_rows_that_lie_in_it(pieces: list[str]) -> None:
    text = " ".join(pieces)
    doc = DateFinder("it", anchor("2024-06-19", None))(QuantityFinder("it")(NLP["it"](text)))
    for rows in (doc._.quantities, doc._.dates):
        assert all(0 <= row[0] < row[1] <= len(text) for row in rows)
        assert [row[0] for row in rows] == sorted(row[0] for row in rows)


def test_several_in_a_row() -> None:
    assert [row["value"] for row in found("7 anni e 4 mesi, due dispersi, da 50 a 12")] == [7, 4, 2, 50, 12]
    assert [row["value"] for row in found("8.45 – Tre feriti")] == [3]
    assert [row["counted"] for row in found("nel 2022 300 persone e 2000 soldati")] == ["persone", "soldati"]


def tagged(parts: list[tuple[str, str, str]]) -> Doc:
    """A Doc of (word, part of speech, lemma)."""
    words_, pos, lemmas = zip(*parts, strict=True)
    doc = Doc(NLP["it"].vocab, words=list(words_), pos=list(pos), lemmas=list(lemmas))
    return QuantityFinder("it")(doc)


def test_parts_of_speech_find_the_noun() -> None:
    doc = tagged(
        [
            ("Due", "NUM", "due"),
            ("grandi", "ADJ", "grande"),
            ("missili", "NOUN", "missile"),
            ("balistici", "ADJ", "balistico"),
        ]
    )
    (row,) = doc._.quantities
    assert row[6:8] == ("missile", "grandi missili balistici")
    assert doc.text[row[0] : row[1]] == "Due grandi missili"
    noun = tagged([("1.250", "NUM", "1.250"), ("dipendenti", "ADJ", "dipendente")])._.quantities
    assert noun[0][6] == "dipendente"
    assert tagged([("sei", "AUX", "essere"), ("felice", "ADJ", "felice")])._.quantities == []
    assert tagged([("i", "DET", "il"), ("venti", "NOUN", "vento"), ("soffiano", "VERB", "soffiare")])._.quantities == []
    assert (
        len(tagged([("e", "CCONJ", "e"), ("prima", "ADJ", "primo"), ("firmataria", "NOUN", "firmataria")])._.quantities)
        == 1
    )
    assert (
        tagged([("e", "CCONJ", "e"), ("prima", "ADV", "prima"), ("firmataria", "NOUN", "firmataria")])._.quantities
        == []
    )


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "twenty-six votes", (26, "exact", None)),
        ("en", "one hundred and seven votes", (107, "exact", None)),
        ("en", "two and a half million euros", (2.5e6, "exact", "EUR")),
        ("en", "$3.5bn", (3.5e9, "exact", "USD")),
        ("en", "more than 2,400 seats", (2400, "more_than", None)),
        ("en", "dozens of people", (None, "vague", None)),
        ("en", "a 71-year-old man", (71, "exact", "a")),
        ("en", "a 12-million-year-old skull", (12e6, "exact", "a")),
        ("en", "three out of four", (0.75, "exact", None)),
        ("en", "a 9-metre wall", (9, "exact", "m")),
        ("fr", "plus de 50 km", (50, "more_than", "km")),
        ("fr", "1 300 emplois", (1300, "exact", None)),
    ],
)
def test_other_languages(language: str, text: str, expected: tuple[object, ...]) -> None:
    row = only(text, language=language)
    assert (row["value"], row["bound"], row["unit"]) == expected


def test_the_table_has_its_columns_and_slices_back() -> None:
    raw = "Tre morti\n\nFURNITURE 99\n\noltre 11.000 soldati"
    doc = NLP["it"]("Tre morti oltre 11.000 soldati")
    doc._.doc_id, doc._.blocks = "a", [[0, "title", 0, 0, 0], [2, "body", 2, 10, raw.index("oltre")]]
    table = quantities({"a": doc})
    assert list(table.columns) == QUANTITY_COLUMNS
    assert list(table["value"]) == [3, 11_000]
    assert list(table["counted"]) == ["morti", "soldati"]
    assert list(table["bound"]) == ["exact", "more_than"]
    assert all(raw[row.start : row.end] == row.text for row in table.itertuples())
    assert table["asserter"].isna().all()
    empty = quantities({})
    assert list(empty.columns) == QUANTITY_COLUMNS
    assert empty.empty
    spoken = pd.DataFrame({"doc_id": ["a"], "language": ["en"]})
    assert list(quantities({"a": doc}, articles=spoken)["bound"]) == [
        "exact"
    ]  # no English hedge, no English number word


def test_a_number_too_long_to_count_anything_is_none() -> None:
    doc = QuantityFinder("it")(
        NLP["it"](f"Hanno contato {'9' * 400} soldati e {'9' * 310},5 milioni di euro, poi 300 feriti.")
    )
    assert [row[2] for row in doc._.quantities] == [300]


def test_the_component_joins_any_pipeline() -> None:
    nlp = spacy.blank("it")
    nlp.add_pipe("rassegna_quantities")
    doc = nlp("Sono arrivati 300 soldati.")
    assert [(span.text, span.label_) for span in doc.spans[SPANS]] == [("300 soldati", "cardinal")]


@pytest.mark.parametrize("code", ["any", "it", "en", "fr"])
def test_resources_say_their_source(code: str) -> None:
    for resource in ("function_words", "number_words", "units", "time_words", "time_rules", "quantity_rules"):
        path = languages.FOLDER / code / f"{resource}.toml"
        if path.is_file():
            assert languages.load(code, resource)
            assert "Source:" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("rules", ["time_rules", "quantity_rules"])
def test_rules_name_classes_that_are(rules: str) -> None:
    known = set(READER) | set(languages.entry("any", "function_words", "derived"))
    for code in ("any", "it", "en", "fr"):
        for resource in ("function_words", "number_words", "units", "time_words"):
            known |= {section.upper() for section in languages.optional(code, resource)}
    for code in ("it", "en", "fr"):
        found = grammar(code, rules).rules
        assert len({rule.name for rule in found}) == len(found)
        used = {name for rule in found for name in re.findall(r"[A-Z][A-Z0-9_]*", rule.pattern)}
        assert used <= known, used - known
