"""Metadata: bylines, times, agencies, outlets, inferred years; each in and out, with negatives."""

import datetime

import pandas as pd
import pytest
from rassegna.metadata import infer_year, metadata, times


def describe(*blocks: tuple[str, str], language: str = "it", manifest: dict | None = None, reference_date=None) -> dict:
    """Metadata of an article that is given as (label, text) blocks."""
    raw = "\n".join(text for _, text in blocks)
    rows, at = [], 0
    for n, (label, text) in enumerate(blocks):
        rows.append(("a", n, at, at + len(text), label, text))
        at += len(text) + 1
    table = pd.DataFrame(rows, columns=["doc_id", "block_id", "start", "end", "label", "text"])
    articles = pd.DataFrame([{"doc_id": "a", "language": language, "raw": raw}])
    given = pd.DataFrame([{"doc_id": "a", **(manifest or {})}], dtype="str")
    row = metadata(articles, table, given, reference_date=reference_date).iloc[0]
    return {name: None if pd.isna(value) else value for name, value in row.items()}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("22h57, le 11 novembre 2024", ["2024-11-11T22:57"]),
        ("12 marzo 2025, 10:35", ["2025-03-12T10:35"]),
        ("mercoledì 12 marzo 2025 alle ore 10.35", ["2025-03-12T10:35"]),
        ("1º maggio 2023", ["2023-05-01"]),
        ("20 lug 2025 (17:55)", ["2025-07-20T17:55"]),
        ("19/06/2024 - 08:05", ["2024-06-19T08:05"]),
        ("5.11.2025", ["2025-11-05"]),
        ("2024-06-19T10:35", ["2024-06-19T10:35"]),
        ("June 18, 2024 3:05 pm", ["2024-06-18T15:05"]),
        ("18/06/2024 | 19/06/2024", ["2024-06-18", "2024-06-19"]),
        ("31/02/2024", []),
        ("n° 162/2015 del registro", []),
        ("tel. 06 1234567, ore 10:35", []),
        ("12 marzo", []),
    ],
)
def test_times(text, values):
    found = times(text, language="it")
    assert [time.value for time in found] == values


def test_times_in_french_and_german():
    assert times("le 20 août 2025 à 19h30", language="fr")[0].value == "2025-08-20T19:30"
    assert times("Stand: 3. Oktober 2024, 14:00 Uhr", language="de")[0].value == "2024-10-03T14:00"


@pytest.mark.parametrize(
    ("byline", "author", "agency", "outlet"),
    [
        ("Di Ilaria Cicinelli", "Ilaria Cicinelli", None, None),
        ("a cura di Anna De Rossi", "Anna De Rossi", None, None),
        ("di Mario Bianchi, inviato a Parigi", "Mario Bianchi", None, None),
        ("Mario Bianchi | 12 marzo 2025, 10:35", "Mario Bianchi", None, None),
        ("Emanuela VerdiPubblicato il 10/09/2025", "Emanuela Verdi", None, None),
        ("La Redazione de l'Altra Voce", "La Redazione de l'Altra Voce", None, None),
        ("Redazione ANSA", "Redazione ANSA", "ANSA", None),
        ("AFP", None, "AFP", None),
        ("Europa 1 con AFP / Crediti fotografici: Anna NERI / Reuters", None, "AFP", "Europa 1"),
        ("Foto di Anna Neri / Reuters", None, None, None),
        ("di solito scriviamo di tutto un po'", None, None, None),
    ],
)
def test_bylines(byline, author, agency, outlet):
    found = describe(("title", "Un titolo"), ("byline", byline), ("body", "Un testo."))
    assert (found["author"], found["agency"], found["outlet"]) == (author, agency, outlet)


@pytest.mark.parametrize(
    ("body", "agency"),
    [
        (["(ANSA) - ROMA, 12 MAR - Il governo tace.", "Fine."], "ANSA"),
        (["ROMA (Reuters) - Il governo tace."], "Reuters"),
        (["Il governo tace.", "Fine (AFP)"], "AFP"),
        (["(NORDPRESS) - MILANO, 3 MAR - Il governo tace.", "Fine."], "NORDPRESS"),  # not listed
        (["(FOTO) - MILANO - Il governo tace.", "Fine."], None),  # no day: no dispatch
        (["(Nota) - Milano, 3 marzo - Il governo tace.", "Fine."], None),
        (["Il governo tace (NORDPRESS) - MILANO, 3 MAR - lo ripete.", "Fine."], None),
        (["Lo scrive la AFP, che cita (Reuters) fonti.", "Fine."], None),
        (["La società (ANI) ha chiuso in attivo. Bene - dicono.", "Fine."], None),
    ],
)
def test_agency_of_a_dispatch(body, agency):
    assert describe(*(("body", text) for text in body))["agency"] == agency


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("Fonte: agenzia Nordpress", "Nordpress"),
        ("(Fonte: agenzia di stampa Nordpress)", "Nordpress"),
        ("Fonte: Ministero della Salute", None),
        ("Leggi anche: la fonte, l'agenzia Nordpress e i suoi lettori", None),
        ("Fonte: agenzia delle entrate", None),
    ],
)
def test_agency_of_a_source_line(line, agency):
    assert describe(("body", "Il governo tace."), ("furniture", line))["agency"] == agency


def test_published_and_updated():
    found = describe(
        ("dateline", "22h57, le 11 novembre 2024modificato in"), ("dateline", "23h22, le 11 novembre 2024")
    )
    assert (found["published_at"], found["published_from"]) == ("2024-11-11T22:57", "text")
    assert (found["updated_at"], found["updated_from"]) == ("2024-11-11T23:22", "text")


def test_update_that_gives_the_hour_only():
    found = describe(("dateline", "12 marzo 2025, 10:35 | Aggiornato alle 11:02"))
    assert (found["published_at"], found["updated_at"]) == ("2025-03-12T10:35", "2025-03-12T11:02")


def test_absent_stays_absent():
    found = describe(("dateline", "Pubblicato il Ultimo aggiornamento"), ("body", "Un testo breve."))
    for name in ["title", "outlet", "author", "agency", "published_at", "updated_at"]:
        assert found[name] is None, name
    assert found["published_from"] is None


def test_the_text_goes_before_the_manifest_and_the_manifest_before_inference():
    told = {"author": "Altri", "outlet": "Il Foglio di Prova", "published_at": "2025-01-01"}
    blocks = [
        ("furniture", "La Gazzetta"),
        ("byline", "Di Anna Neri"),
        ("body", "Testo."),
        ("furniture", "Scrivi alla redazione de La Gazzetta"),
    ]
    found = describe(*blocks, manifest=told)
    assert (found["author"], found["author_from"]) == ("Anna Neri", "text")
    assert (found["outlet"], found["outlet_from"]) == ("Il Foglio di Prova", "manifest")
    assert (found["published_at"], found["published_from"]) == ("2025-01-01", "manifest")
    found = describe(*blocks)
    assert (found["outlet"], found["outlet_from"]) == ("La Gazzetta", "inferred")
    assert "stands on top" in found["evidence"]


@pytest.mark.parametrize(
    ("furniture", "outlet"),
    [
        ("L'Altra Voce è una testata registrata presso il Tribunale di Roma", "L'Altra Voce"),
        ("© 2025 Il Taccuino, riproduzione consentita", "Il Taccuino"),
        ("RUOTA VERDE © 1999-2025", "RUOTA VERDE"),
        ("Scopri di più con Euractiv", "Euractiv"),
        ("© Riproduzione riservata", None),
        ("© 2025 Prova Media s.r.l. Tutti i diritti riservati", None),
        ("Segui i nostri canali", None),
        ("Home » Imprese » Elettrodomestici", None),
    ],
)
def test_outlet_of_an_imprint(furniture, outlet):
    assert describe(("title", "T"), ("body", "Testo."), ("furniture", furniture))["outlet"] == outlet


def test_outlet_of_a_masthead_and_its_address():
    blocks = [("furniture", "Ruota Verde"), ("title", "Un titolo"), ("body", "Testo.")]
    assert describe(*blocks)["outlet"] is None
    assert describe(*blocks, manifest={"url": "https://www.ruotaverde.example/1"})["outlet"] == "Ruota Verde"
    assert describe(*blocks, manifest={"url": "https://altro.example/1"})["outlet"] is None


PAIRS = "In una lettera di martedì (18 giugno), dopo il voto di lunedì (29 aprile). Già nel 2022 e nel 2019 avvenne."


@pytest.mark.parametrize(
    ("text", "reference", "year"),
    [
        (PAIRS, None, 2024),
        (PAIRS, datetime.date(2024, 6, 19), 2024),
        (PAIRS, datetime.date(2023, 6, 19), None),  # the pairs fit no year until then
        ("Accadde martedì 18 giugno.", None, None),  # no year anywhere: 2013, 2019, 2024 would all do
        ("Accadde martedì 18 giugno.", datetime.date(2024, 7, 1), 2024),
        ("Martedì 18 giugno e lunedì 18 giugno 2022.", datetime.date(2024, 7, 1), 2024),
        ("Martedì 18 giugno, anzi lunedì 18 giugno, nel 2023.", None, None),  # a clash fits nothing
        ("Martedì 31 aprile, nel 2023.", None, None),  # no such day
        ("Il bando 2022/2023 costa 2.024 euro.", datetime.date(2024, 7, 1), None),
        ("Si vota martedì 18 febbraio 2025; altri fondi entro il 2028.", None, None),
        ("Si vota martedì 18 febbraio; altri fondi entro il 2028.", None, None),
        ("Fondato nel 2023. Si vota martedì 18 febbraio; altri fondi entro il 2028.", None, 2025),
    ],
)
def test_infer_year(text, reference, year):
    found, why = infer_year(text, language="it", reference_date=reference)
    assert found == year
    assert bool(why) == (year is not None)


def test_inferred_year_says_so():
    found = describe(("body", PAIRS))
    assert (found["published_at"], found["published_from"]) == ("2024", "inferred")
    assert "fit only 2024" in found["evidence"]
