"""Quotations and reported statements, in and out. Every Doc is built by hand; no model is loaded.

Docs of the language "xx" are tagged by closed classes, so that sentences can stand here as they are read; where the
parse decides, parts of speech, heads and relations are given.
"""

import re
from itertools import pairwise

import pandas as pd
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from rassegna.errors import LanguageError
from rassegna.quotes import MARK_COLUMNS, QUOTE_COLUMNS, has_rules, quote_tables
from rassegna.quotes.quotation_marks import marked
from spacy.tokens import Doc

MENTION_COLUMNS = ["doc_id", "start", "end", "text", "label", "entity", "reason", "kind", "is_metonym"]
VOCAB = spacy.blank("xx").vocab
TOKEN = re.compile(r"\w+['’]|[\w-]+|[^\w\s]")
NAMES = {
    **dict.fromkeys(["Elena Bardi", "Luca Conforti", "Paolo Vanni", "Marta Greco", "Ezio Bo", "Ugo Pace"], "PER"),
    **dict.fromkeys(["Rita Colli", "Mary Poole", "Paul Morin", "Bardi"], "PER"),
    **dict.fromkeys(["Cgil", "Enerplus", "Protezione civile"], "ORG"),
    **dict.fromkeys(["Roma"], "LOC"),
}


def article(text: str, doc_id: str = "a", labels: tuple[str, ...] = ()) -> tuple[Doc, pd.DataFrame]:
    """A Doc whose paragraphs are the lines of a text, and the table `mentions` of the names in it."""
    words, spaces, blocks, at = [], [], [], 0
    for number, line in enumerate(text.split("\n")):
        found = list(TOKEN.finditer(line))
        blocks.append([number, labels[number] if number < len(labels) else "body", len(words), at, at])
        for i, m in enumerate(found):
            words.append(m.group())
            spaces.append(i + 1 == len(found) or line[m.end()].isspace())
        at += len(line) + 1
    if words:
        spaces[-1] = False
    doc = Doc(VOCAB, words=words, spaces=spaces)
    assert doc.text == text.replace("\n", " ")
    doc._.doc_id, doc._.blocks = doc_id, blocks
    rows = [
        (doc_id, m.start(), m.end(), m.group(), NAMES[m.group()], m.group(), "pipeline", "name", False)
        for m in re.finditer("|".join(sorted(NAMES, key=len, reverse=True)), text)
    ]
    return doc, pd.DataFrame(rows, columns=MENTION_COLUMNS)


def found(text: str, language: str = "it", labels: tuple[str, ...] = ()) -> tuple[pd.DataFrame, pd.DataFrame]:
    doc, names = article(text, labels=labels)
    return quote_tables({"a": doc}, names, raw={"a": text}, language=language)


def rows(table: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return list(table[list(columns)].astype(object).where(table[list(columns)].notna(), None).itertuples(index=False))


def paragraphs(text: str) -> list[tuple[int, int]]:
    return [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("Ha detto “ciao” e «bene» e \"ok\" e 'bravo'.", ["ciao", "bene", "ok", "bravo"]),
        ("“Uomini, attenti!». Poi «altro” e fine", ["Uomini, attenti!", "altro"]),
        ("„Ciao“, dice. »Tedesco« e ”svedese”", ["Ciao", "Tedesco", "svedese"]),
        ("« Ciao a tutti », dit-elle", ["Ciao a tutti"]),
        ("Lei: “non «mai» dire” e basta", ["non «mai» dire"]),
        ('Lui: "Ha detto "mai" a me" e via', ['Ha detto "mai" a me']),
        ("‘Trattato di Pace’ dell’anno e un po’ di ‘cose’", ["Trattato di Pace", "cose"]),
        ("“L’hanno detto ‘tutti’ ieri”", ["L’hanno detto ‘tutti’ ieri"]),
        ("Un po' di 'ndrangheta, l'aria del '90", []),
        ('Schermo da 32" e 5\' 10" di corsa', []),
        ("“aperto, ha detto. “Altro” fine", ["aperto, ha detto.", "Altro"]),
        ('"Mai chiuso', ["Mai chiuso"]),
        ("«Uno due.\n»Tre quattro», ha detto", ["Uno due.\n»Tre quattro"]),
        ('"Uno due.\nTre quattro", ha detto "altro"', ["Uno due.\nTre quattro", "altro"]),
        ("“Uno due.\nIn mezzo.\nFine”.", ["Uno due.\nIn mezzo.\nFine"]),
        ("“Uno due e poi.\nNuova frase “altro” detto", ["Uno due e poi.", "altro"]),
        ("“Uno due\nrotto qui.\nAltro.", ["Uno due\nrotto qui."]),
        ("", []),
    ],
)
def test_marks_pair(text: str, inside: list[str]) -> None:
    assert [text[m.start : m.end] for m in marked(text, paragraphs(text))] == inside


@pytest.mark.parametrize(
    ("text", "quotation", "speaker", "cue"),
    [
        ("«Non faremo passi indietro», ha detto Elena Bardi.", "Non faremo passi indietro", "Elena Bardi", "ha detto"),
        ("“Bene così” ha detto ai cronisti a Roma la ministra Elena Bardi.", "Bene così", "Elena Bardi", "ha detto"),
        ("Il sindaco Ezio Bo ha spiegato: «Serve tempo».", "Serve tempo", "Ezio Bo", "ha spiegato"),
        (
            "Elena Bardi ha affermato che il piano «è pronto da mesi».",
            "è pronto da mesi",
            "Elena Bardi",
            "ha affermato",
        ),
        ("Ancora Elena Bardi: «Il bilancio non regge».", "Il bilancio non regge", "Elena Bardi", None),
        ("Una legge definita «irricevibile» dalla Cgil.", "irricevibile", "Cgil", "definita"),
        ("Ezio Bo ha elogiato il piano, definendolo «coraggioso».", "coraggioso", "Ezio Bo", "definendolo"),
        ("«Una svolta», secondo Ugo Pace.", "Una svolta", "Ugo Pace", "secondo"),
        ("«Una svolta», così il ministro Ugo Pace.", "Una svolta", "Ugo Pace", "così"),
        ("Per Ugo Pace la riforma «non serve a nessuno».", "non serve a nessuno", "Ugo Pace", "Per"),
        ("«Non cederemo». Lo ha detto il presidente Ugo Pace.", "Non cederemo", "Ugo Pace", "ha detto"),
        ("«Accuse infondate», si legge in una nota di Enerplus.", "Accuse infondate", "Enerplus", "legge"),
        ("La sentenza prevede un «risarcimento simbolico».", "risarcimento simbolico", "sentenza", "prevede"),
        ("Il capitano si è detto «felice».", "felice", "capitano", "si è detto"),
        ("– Non torneremo a casa – dice Marta Greco.", "Non torneremo a casa", "Marta Greco", "dice"),
    ],
)
def test_quotations_have_speaker_and_cue(text: str, quotation: str, speaker: str, cue: str | None) -> None:
    table, marks = found(text)
    spoken = table[table["kind"] != "indirect"]
    assert rows(spoken, "text", "speaker", "cue") == [(quotation, speaker, cue)]
    assert marks.empty


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Il film «La stanza vuota» ha vinto.", "title"),
        ("Elena Bardi ha scritto «I fiumi di notte».", "title"),
        ("Il decreto «Salva Casa» è in aula.", "name"),
        ("Torna la serie «I Cavalieri dello Zodiaco» per Enerplus.", "title"),
        ("È stato annunciato il seguito di «Notte di Luna», atteso da anni.", "name"),
        ("La balena, soprannominata «nonna», è lunga.", "name"),
        ("Ha parlato Elena «Tigre» Bardi.", "name"),
        ("I cosiddetti «furbetti» saranno licenziati, ha detto Ezio Bo.", "scare"),
        ("La sua «ricetta» per il Paese è nota.", "scare"),
        ("Sul muro la scritta «Assassini» e una stella.", "other"),
    ],
)
def test_other_marked_words_are_kept_apart(text: str, kind: str) -> None:
    table, marks = found(text)
    assert not (table["kind"] != "indirect").any()
    assert list(marks["kind"]) == [kind]
    assert list(marks["text"]) == [text[text.index("«") + 1 : text.index("»")]]


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ("Elena Bardi ha detto che il testo non cambierà.", "il testo non cambierà", "Elena Bardi"),
        ("La Cgil ha smentito i licenziamenti.", "i licenziamenti", "Cgil"),
        ("Ezio Bo ha promesso di dire addio.", "dire addio", "Ezio Bo"),
        ("Secondo Ugo Pace, i fondi non sono finiti.", "i fondi non sono finiti", "Ugo Pace"),
        ("Il livello è sceso, ha comunicato la Protezione civile.", "Il livello è sceso", "Protezione civile"),
        ("Si dice che il governo è diviso.", "il governo è diviso", None),
        ("Elena Bardi: il governo è diviso.", "il governo è diviso", "Elena Bardi"),
    ],
)
def test_reported_statements(text: str, content: str, speaker: str | None) -> None:
    assert rows(found(text)[0], "kind", "text", "speaker") == [("indirect", content, speaker)]


@pytest.mark.parametrize(
    "text",
    [
        "Il tribunale ha respinto il ricorso.",
        "Ricordiamo che la mostra è aperta.",
        "Il secondo tempo è stato migliore.",
        "Il sindaco ha deciso il rinvio.",
        "Se avesse vinto, Ezio Bo avrebbe dovuto lasciare.",
        "Elena Bardi è arrivata a Roma.",
    ],
)
def test_plain_narration_reports_nothing(text: str) -> None:
    assert found(text)[0].empty


def test_a_wholly_quoted_clause_is_no_reported_statement_too() -> None:
    table, _ = found("Ugo Pace ha detto che «il Paese è in cammino».")
    assert list(table["kind"]) == ["mixed"]


def test_a_quotation_interrupted_by_its_cue_is_two_rows() -> None:
    text = "«La legge – ha spiegato Paolo Vanni – sarà votata entro giugno»."
    assert rows(found(text)[0], "text", "speaker", "cue") == [
        ("La legge", "Paolo Vanni", "ha spiegato"),
        ("sarà votata entro giugno", "Paolo Vanni", "ha spiegato"),
    ]


def test_who_goes_on_speaking_is_inferred() -> None:
    table, _ = found("«Non cediamo», ha detto Elena Bardi. «È tardi per tutti». Ha detto che il voto è vicino.")
    assert rows(table, "text", "speaker", "is_inferred") == [
        ("Non cediamo", "Elena Bardi", False),
        ("È tardi per tutti", "Elena Bardi", True),
        ("il voto è vicino", "Elena Bardi", True),
    ]


def test_a_description_takes_up_the_name_before() -> None:
    table, _ = found("Elena Bardi è tornata a Roma. «Un errore grave», ha detto la manager.")
    assert rows(table, "speaker", "is_inferred") == [("Elena Bardi", True)]


def test_a_heading_has_the_speaker_of_the_quotation_it_is_taken_from() -> None:
    text = "«Non è finita»\nEzio Bo ha detto: «Non è finita, lo vedrete presto»."
    table, _ = found(text, labels=("title", "body"))
    assert rows(table, "text", "speaker") == [
        ("Non è finita", "Ezio Bo"),
        ("Non è finita, lo vedrete presto", "Ezio Bo"),
    ]


def test_a_quotation_over_paragraphs_slices_back() -> None:
    text = "«Prima parte.\nSeconda parte», ha detto Ezio Bo."
    table, _ = found(text)
    assert list(table["text"]) == ["Prima parte.\nSeconda parte"]
    assert rows(table, "speaker") == [("Ezio Bo",)]


@pytest.mark.parametrize(
    ("language", "text", "quotation", "speaker"),
    [
        ("en", "“We will not give up”, said Mary Poole.", "We will not give up", "Mary Poole"),
        ("en", "Mary Poole said that the plan was “a disgrace”.", "a disgrace", "Mary Poole"),
        ("fr", "« Jamais de la vie », a déclaré Paul Morin.", "Jamais de la vie", "Paul Morin"),
    ],
)
def test_other_languages(language: str, text: str, quotation: str, speaker: str) -> None:
    table, _ = found(text, language)
    assert rows(table[table["kind"] != "indirect"], "text", "speaker") == [(quotation, speaker)]


def test_a_language_without_rules_is_refused_by_name() -> None:
    assert has_rules("it")
    assert not has_rules("de")
    with pytest.raises(LanguageError, match="de"):
        found("„Nein“, sagte er.", "de")


@pytest.mark.parametrize(("relation", "speaker"), [("nsubj", "esercito"), ("obl", "legale")])
def test_the_parse_chooses_between_two_phrases(relation: str, speaker: str) -> None:
    """L'esercito, il legale, ha detto che piove: the parsed subject wins over the nearer phrase."""
    words = ["esercito", "oggi", "legale", "ha", "detto", "che", "piove", "."]
    doc = Doc(
        spacy.blank("it").vocab,
        words=words,
        pos=["NOUN", "ADV", "NOUN", "AUX", "VERB", "SCONJ", "VERB", "PUNCT"],
        morphs=["Number=Sing", "", "Number=Sing", "Number=Sing|VerbForm=Fin", "VerbForm=Part", "", "VerbForm=Fin", ""],
        heads=[4, 4, 4, 4, 4, 6, 4, 4],
        deps=[relation, "advmod", "obl", "aux", "ROOT", "mark", "ccomp", "punct"],
    )
    table, _ = quote_tables({"a": doc}, article("")[1], raw={"a": doc.text})
    assert rows(table, "text", "speaker") == [("piove", speaker)]


@pytest.mark.parametrize(("mood", "n"), [("Mood=Cnd|VerbForm=Fin", 1), ("Mood=Ind|VerbForm=Fin", 0)])
def test_a_conditional_is_hearsay(mood: str, n: int) -> None:
    doc = Doc(
        spacy.blank("it").vocab,
        words=["Ieri", "l'", "uomo", "avrebbe", "perso", "la", "strada", "."],
        pos=["ADV", "DET", "NOUN", "AUX", "VERB", "DET", "NOUN", "PUNCT"],
        morphs=["", "", "", mood, "VerbForm=Part", "", "", ""],
        heads=[4, 2, 4, 4, 4, 6, 4, 4],
        deps=["advmod", "det", "nsubj", "aux", "ROOT", "det", "obj", "punct"],
    )
    table, _ = quote_tables({"a": doc}, article("")[1], raw={"a": doc.text})
    assert list(table["reason"]) == ["conditional of hearsay"] * n
    assert table["speaker"].isna().all()


def test_the_tables_have_their_columns_when_empty() -> None:
    doc, names = article("")
    table, marks = quote_tables({"a": doc}, names, raw={"a": ""})
    assert list(table.columns) == QUOTE_COLUMNS
    assert list(marks.columns) == MARK_COLUMNS
    assert table.empty
    assert marks.empty


def test_the_component_adds_spans_that_belong_together() -> None:
    nlp = spacy.blank("xx")
    nlp.add_pipe("rassegna_quotes", config={"language": "it"})
    doc = nlp("Ieri ha piovuto.\n«Serve tempo», ha detto il sindaco.")
    (content,), (cue,), (speaker,) = (doc.spans[f"rassegna_quotes{g}"] for g in ("", "_cues", "_speakers"))
    assert (content.text, content.label_, cue.text, speaker.text) == ("Serve tempo", "direct", "ha detto", "sindaco")
    assert content.id == cue.id == speaker.id


PIECES = ["«", "»", '"', "“", "”", "'", "’", "–", ":", ",", ".", "\n", " ", "Elena Bardi", "ha detto", "che", "secondo"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, " il piano ", " è pronto ", "Per ", "definito"]), max_size=25))
def test_whatever_stands_in_the_text_spans_slice_back_and_marks_never_cross(pieces: list[str]) -> None:
    lines = ["".join(pieces).split("\n")][0]
    text = "\n".join(" ".join(TOKEN.findall(line)) for line in lines if TOKEN.search(line))
    table, marks = found(text)
    for row in [*table.itertuples(), *marks.itertuples()]:
        assert text[row.start : row.end] == row.text
        assert row.text.strip() == row.text != ""
    spoken = table[table["kind"] != "indirect"]
    spans = sorted((r.start, r.end) for r in [*spoken.itertuples(), *marks.itertuples()])
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    for row in table.dropna(subset=["cue"]).itertuples():
        assert text[row.cue_start : row.cue_end] == row.cue
