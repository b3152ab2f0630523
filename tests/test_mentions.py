"""Mentions: which names are one, which stay apart, and why. Every Doc is built by hand."""

import re
from pathlib import Path

import pandas as pd
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from rassegna.mentions import MENTION_COLUMNS, mentions
from rassegna.mentions.gazetteer import AliasError, plain, read_aliases
from rassegna.mentions.names import initials_fit, person_key, spelling
from spacy.tokens import Doc, Span

VOCAB = spacy.blank("it").vocab
TOKEN = re.compile(r"\w+['’]|\w+|[^\w\s]")


def article(text: str, *, doc_id: str = "a", sentences: bool = True) -> Doc:
    """A Doc of one block; `[Mario Rossi|PER]` marks an entity of the pipeline. Sentences end at full stops."""
    words: list[str] = []
    spaces: list[bool] = []
    spans: list[tuple[int, int, str]] = []
    for part in re.split(r"(\[[^\]]+\|\w+\])", text):
        marked = re.fullmatch(r"\[([^\]]+)\|(\w+)\]", part)
        inner = marked[1] if marked else part
        first = len(words)
        found = list(TOKEN.finditer(inner))
        for i, m in enumerate(found):
            words.append(m.group())
            following = inner[m.end() : m.end() + 1]
            spaces.append(following.isspace() if i + 1 < len(found) or following else False)
        if not found and words:
            spaces[-1] = spaces[-1] or part.isspace()
        elif part[:1].isspace() and first:
            spaces[first - 1] = True
        if marked:
            spans.append((first, len(words), marked[2]))
    starts = [i == 0 or (sentences and words[i - 1] == ".") for i in range(len(words))]
    doc = Doc(VOCAB, words=words, spaces=spaces, sent_starts=starts)
    doc.ents = [Span(doc, start, end, label=label) for start, end, label in spans]
    doc._.doc_id, doc._.blocks = doc_id, [[0, "body", 0, 0, 0]]
    return doc


def table(*texts: str, **options: object) -> pd.DataFrame:
    """Table `mentions` of a corpus: articles a, b, c ..."""
    docs = {chr(97 + i): article(text, doc_id=chr(97 + i)) for i, text in enumerate(texts)}
    return mentions(docs, **options)  # type: ignore[arg-type]


def entities(*texts: str, **options: object) -> list[tuple[str, str]]:
    """(text, entity) of every mention."""
    found = table(*texts, **options)
    return list(zip(found["text"], found["entity"], strict=True))


def test_the_table_has_its_columns_and_slices_back() -> None:
    doc = article("Ieri [Mario Rossi|PER] era a [Milano|LOC].")
    doc._.blocks = [[3, "body", 0, 0, 100]]
    found = mentions({"a": doc})
    assert list(found.columns) == MENTION_COLUMNS
    assert [(r.start, r.end, r.text) for r in found.itertuples()] == [
        (105, 116, "Mario Rossi"),
        (123, 129, "Milano"),
    ]
    assert list(found["entity_id"]) == ["PER:mario-rossi", "LOC:milano"]
    assert found["reason"].str.len().gt(0).all()
    empty = mentions({"a": article("niente di niente")})
    assert len(empty) == 0
    assert list(empty.columns) == MENTION_COLUMNS


@pytest.mark.parametrize(
    ("texts", "short", "entity"),
    [
        # court
        (["[Mario Rossi|PER] tace. [Rossi|PER] è in aula."], "Rossi", "Mario Rossi"),
        (["[Rossi|PER] condannato. Per [Mario Rossi|PER] dieci anni."], "Rossi", "Mario Rossi"),
        (["[Mario Rossi|PER] tace.", "Parla [Rossi|PER]."], "Rossi", "Mario Rossi"),
        (
            ["[Matteo Messina Denaro|PER] arrestato. [Messina Denaro|PER] era malato."],
            "Messina Denaro",
            "Matteo Messina Denaro",
        ),
        (
            ["[Ursula von der Leyen|PER] parla. [Von der Leyen|PER] chiude."],
            "Von der Leyen",
            "Ursula von der Leyen",
        ),
        # sport: a given name, within the article
        (["[Jannik Sinner|PER] vince. [Jannik|PER] esulta."], "Jannik", "Jannik Sinner"),
        # spellings
        (
            ["[Sergey Lavrov|PER] parla.", "[Sergei Lavrov|PER] tace.", "[Sergei Lavrov|PER] va."],
            "Sergey Lavrov",
            "Sergei Lavrov",
        ),
        (
            ["[Volodymyr Zelensky|PER] c'è. [Volodymyr Zelensky|PER] va.", "[Volodymyr Zelenskyj|PER]"],
            "Volodymyr Zelenskyj",
            "Volodymyr Zelensky",
        ),
        (
            ["[Donald Trump|PER] e poi [Donald J. Trump|PER] e [Donald Trump|PER]."],
            "Donald J. Trump",
            "Donald Trump",
        ),
        (["[MARIO DRAGHI|PER] lascia. [Mario Draghi|PER] tace."], "MARIO DRAGHI", "Mario Draghi"),
        # the seeds' own case, in other words
        (["[Kim Jong-un|PER] e suo padre [Kim Jong II|PER]."], "Kim Jong II", "Kim Jong-il"),
        (["[Kim Jong-un|PER] c'è. [Kim|PER] e il padre, [Kim Jong Il|PER]."], "Kim", "Kim Jong-un"),
        (
            ["[Kim Jong-un|PER] c'è. [Kim Jong-un|PER] va.", "[Kim Jong Un|PER] va."],
            "Kim Jong Un",
            "Kim Jong-un",
        ),
    ],
)
def test_persons_that_are_one(texts: list[str], short: str, entity: str) -> None:
    found = dict(entities(*texts))
    assert found[short] == entity


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["La", "guerra", "Russia-Ucraina"], [("Russia", "Russia"), ("Ucraina", "Ucraina")]),
        (["Il", "Milan-Nord", "e"], []),
        (["Un", "italo-russo"], []),
        (["La", "Corea-Iran"], []),
    ],
)
def test_two_names_that_a_hyphen_joins(words: list[str], expected: list[tuple[str, str]]) -> None:
    doc = Doc(VOCAB, words=words)
    doc._.doc_id, doc._.blocks = "a", [[0, "body", 0, 0, 0]]
    found = mentions({"a": doc})
    assert list(zip(found["text"], found["entity"], strict=True)) == expected
    assert all(doc.text[r.start : r.end] == r.text for r in found.itertuples())


def test_a_name_with_a_hyphen_is_taken_whole() -> None:
    assert entities("Ecco [Kim Jong|PER]-un a cena.") == [("Kim Jong-un", "Kim Jong-un")]
    assert entities("Il vertice [Trump|PER]-Putin.")[0][0] == "Trump"


@pytest.mark.parametrize(
    ("texts", "one", "other"),
    [
        # two Rossi in one article, and in one corpus
        (["[Mario Rossi|PER] e [Luca Rossi|PER]. Poi [Rossi|PER]."], "Rossi", "Mario Rossi"),
        (["[Mario Rossi|PER] c'è.", "[Luca Rossi|PER] c'è.", "Poi [Rossi|PER]."], "Rossi", "Luca Rossi"),
        (["[Mario Rossi|PER] c'è.", "[Maria Rossi|PER] c'è."], "Mario Rossi", "Maria Rossi"),
        (["[Paolo Bianchi|PER] c'è.", "[Paola Bianchi|PER] c'è."], "Paolo Bianchi", "Paola Bianchi"),
        # a given name alone, in another article, is no proof
        (["[Giulia Verdi|PER] c'è.", "[Giulia|PER] c'è."], "Giulia", "Giulia Verdi"),
        # father and son, popes
        (["[Kim Jong-un|PER] e [Kim Jong-il|PER]."], "Kim Jong-un", "Kim Jong-il"),
        (["[Giovanni Paolo II|PER] e [Giovanni Paolo I|PER]."], "Giovanni Paolo II", "Giovanni Paolo I"),
        # a ministry and another country's
        (
            ["Il [Ministero della Difesa|ORG] russo e il [ministero della Difesa|ORG] ucraino."],
            "Ministero della Difesa",
            "ministero della Difesa",
        ),
    ],
)
def test_names_that_stay_apart(texts: list[str], one: str, other: str) -> None:
    found = table(*texts)
    ids = dict(zip(found["text"], found["entity_id"], strict=True))
    assert ids[one] != ids[other]


def test_an_ambiguous_name_says_so_and_stays_in_its_article() -> None:
    found = table("[Mario Rossi|PER] e [Luca Rossi|PER]. Poi [Rossi|PER].")
    last = found.iloc[-1]
    assert last["entity_id"] == "PER:rossi@a"
    assert last["reason"] == "ambiguous, kept apart: Luca Rossi, Mario Rossi"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La RPDC tace.", [("RPDC", "Corea del Nord", "LOC")]),
        (
            "La Repubblica popolare democratica di Corea tace.",
            [("Repubblica popolare democratica di Corea", "Corea del Nord", "LOC")],
        ),
        ("In Corea del nord piove.", [("Corea del nord", "Corea del Nord", "LOC")]),
        (
            "Gli Usa e gli Stati Uniti.",
            [("Usa", "Stati Uniti", "LOC"), ("Stati Uniti", "Stati Uniti", "LOC")],
        ),
        ("Gli [USA|ORG] e la [Russia|ORG].", [("USA", "Stati Uniti", "LOC"), ("Russia", "Russia", "LOC")]),
        ("L' Onu e l' ONU.", [("Onu", "Nazioni Unite", "ORG"), ("ONU", "Nazioni Unite", "ORG")]),
        (
            "Il [Consiglio di Sicurezza|ORG] vota.",
            [("Consiglio di Sicurezza", "Consiglio di sicurezza delle Nazioni Unite", "ORG")],
        ),
        ("Nel Medio Oriente.", [("Medio Oriente", "Medio Oriente", "LOC")]),
        # negatives: common words, adjectives, names that begin like a country's, people called like one
        ("gli usa spesso, e onu non è nulla", []),
        ("Il presidente russo e la stampa americana.", []),
        (
            "[Paris Hilton|PER] e [Francia Corta|PER].",
            [("Paris Hilton", "Paris Hilton", "PER"), ("Francia Corta", "Francia Corta", "PER")],
        ),
        ("La cantante Georgia Rossi.", [("Georgia Rossi", "Georgia Rossi", "PER")]),
        ("La bella Georgia Rossi.", []),
        ("[Sofia|PER] sorride.", [("Sofia", "Sofia", "PER")]),
        ("La [Roma|ORG] vince a [Roma|LOC].", [("Roma", "Roma", "ORG"), ("Roma", "Roma", "LOC")]),
        ("Vado a Monaco.", []),
    ],
)
def test_known_names(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = table(text)
    names = found[found["kind"] == "name"]
    assert list(zip(names["text"], names["entity"], names["label"], strict=True)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "L' ente [Conflict Armament Research|ORG] ([Car|ORG]) indaga. Il [Car|ORG] accusa.",
            ["Conflict Armament Research"] * 3,
        ),
        ("La [Juventus|ORG] vince. La [Juve|ORG] esulta.", ["Juventus"] * 2),
        ("La [Juventus|ORG] vince. Festa per i bianconeri.", ["Juventus"] * 2),
        ("La [Eni S.p.A.|ORG] e l' [Eni|ORG] e [Eni|ORG].", ["Eni"] * 3),
        ("Il presidente di [Stellantis|PER] tace. [Stellantis|PER] cresce.", ["Stellantis"] * 2),
        ("L' [Amnesty International|ORG] accusa. [Amnesty|ORG] insiste.", ["Amnesty International"] * 2),
        ("La [Federazione Italiana Tennis|ORG] paga. La [Fit|ORG] c'è.", ["Federazione Italiana Tennis"] * 2),
        ("La [Procura di Milano|ORG] e la [Procura di Roma|ORG].", ["Procura di Milano", "Procura di Roma"]),
        # negatives
        ("La [Juventus|ORG] contro l' [Udinese|ORG]. Festa per i bianconeri.", ["Juventus", "Udinese"]),
        ("Festa per i bianconeri.", []),
        ("La [Acme|ORG] cresce. [Acme|ORG] paga. [Acme|ORG] lancia [Acme Office|ORG].", ["Acme"] * 3 + ["Acme Office"]),
        ("Il [ministero della Difesa|ORG] russo c'è.", ["ministero della Difesa (Russia)"]),
        ("Il [Milan|ORG] e il [Milanese|ORG] e il [Milanello|ORG].", ["Milan", "Milanese", "Milanello"]),
        ("L' [Unione Calcio|ORG] ([Abc|ORG]) gioca.", ["Unione Calcio", "Abc"]),
    ],
)
def test_bodies(text: str, expected: list[str]) -> None:
    assert [entity for _, entity in entities(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Per il Dipartimento della Difesa americano.", "Dipartimento della Difesa"),
        (
            "Il Centro Nazionale di Coordinamento per la Cooperazione Economica parla.",
            "Centro Nazionale di Coordinamento per la Cooperazione Economica",
        ),
        (
            "Presso il Centro per gli studi strategici e internazionali.",
            "Centro per gli studi strategici e internazionali",
        ),
        ("Il ministero dell' Economia e delle Finanze.", "ministero dell' Economia e delle Finanze"),
        ("Davanti al tribunale di Milano.", "tribunale di Milano"),
        ("Il centro di Milano.", None),
        ("Il partito di [Giorgia Meloni|PER].", None),
        ("Partito il treno.", None),
        ("L' università è chiusa.", None),
        ("Il Trattato di [Pace Perpetua|ORG] vige.", None),
        ("Il [Dipartimento di Stato americano|ORG] tace.", "Dipartimento di Stato"),
    ],
)
def test_institutions_the_pipeline_missed(text: str, expected: str | None) -> None:
    found = table(text)
    assert list(found.loc[found["label"] == "ORG", "text"]) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("texts", "description", "entity"),
    [
        (
            ["Il presidente russo [Vladimir Putin|PER] parte. Il presidente russo arriva."],
            "presidente russo",
            "Vladimir Putin",
        ),
        (
            ["Il leader nordcoreano [Kim Jong-un|PER] c'è.", "Ecco il leader della Corea del Nord."],
            "leader della Corea del Nord",
            "Kim Jong-un",
        ),
        (
            ["Il presidente russo [Vladimir Putin|PER] c'è. Così il leader del Cremlino."],
            "leader del Cremlino",
            "Vladimir Putin",
        ),
        (
            ["[Ugo Neri|PER], sindaco di [Lodi|LOC], tace. Il sindaco di [Lodi|LOC] va."],
            "sindaco di Lodi",
            "Ugo Neri",
        ),
        (
            ["Il leader della Cina, [Xi Jinping|PER], c'è. Il presidente cinese va."],
            "presidente cinese",
            "Xi Jinping",
        ),
        (["Il pm [Anna Blu|PER] chiede. Il pm insiste."], "pm", "Anna Blu"),
        (
            ["Il leader nordcoreano [Kim Jong-un|PER]. Grazie al leader della Corea del Nord per il sostegno."],
            "leader della Corea del Nord",
            "Kim Jong-un",
        ),
        (
            ["Il leader nordcoreano [Kim Jong-un|PER]. Il 40enne leader nordcoreano va."],
            "leader nordcoreano",
            "Kim Jong-un",
        ),
        (
            ["L' allenatore della Juventus [Thiago Motta|PER]. L' allenatore della Juventus va."],
            "allenatore della Juventus",
            "Thiago Motta",
        ),
    ],
)
def test_descriptions_learnt_from_the_corpus(texts: list[str], description: str, entity: str) -> None:
    found = table(*texts)
    described = found[found["kind"] == "description"]
    assert list(zip(described["text"], described["entity"], strict=True)) == [(description, entity)]


@pytest.mark.parametrize(
    "texts",
    [
        ["Il presidente russo [Vladimir Putin|PER]. Il presidente cinese va."],
        ["Il presidente russo [Vladimir Putin|PER]. Un presidente russo va."],
        ["Il presidente russo [Vladimir Putin|PER]. L' ex presidente russo va."],
        ["L' ex presidente russo [Dmitri Medvedev|PER]. Il presidente russo va."],
        ["Il ministro [Aldo Gallo|PER] e il ministro [Ivo Merlo|PER]. Il ministro va."],
        ["Il pm [Anna Blu|PER] chiede.", "Il pm insiste."],
        ["Il leader nordcoreano [Kim Jong-un|PER] alla guida. La guida è lunga."],
        ["Parla l' assistente del capo dello Stato [Yuri Ushakov|PER]. Il capo dello Stato tace."],
        ["Il presidente tace."],
        ["Il medico [Ugo Neri|PER] c'è. Il medico va."],
        ["[Anna Blu|PER] e il fratello [Ugo Blu|PER]. Il fratello tace."],
        ["Il ministro [Aldo Gallo|PER] va. Il ministro Luigi tace."],
    ],
)
def test_descriptions_that_are_nobodys(texts: list[str]) -> None:
    found = table(*texts)
    assert not (found["kind"] == "description").any()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il ministro degli Esteri nordcoreano Choe Son Hui visita.", ["Choe Son Hui"]),
        ("Il pm Anna Blu chiede.", ["Anna Blu"]),
        ("Ecco [Kim Jong-un|PER]. Poi [Kim Jong|PER] Un va.", ["Kim Jong-un", "Kim Jong Un"]),
        ("[Mario Rossi|PER] e [Rossi|PER]. Poi tocca a Rossi parlare.", ["Mario Rossi", "Rossi", "Rossi"]),
        ("Parla [Nevio Cattabriga|PER]. Poi tocca a Cattabriga.", ["Nevio Cattabriga", "Cattabriga"]),
        # negatives
        ("Il ministro Bellissimo.", []),
        ("Il presidente. Poi Tutti via.", []),
        ("[Mario Rossi|PER] e [Rossi|PER]. I vini rossi e via Rossi Bianchi.", ["Mario Rossi", "Rossi"]),
        ("[Luigi Conte|PER]. Il Conte di [Cavour|LOC].", ["Luigi Conte"]),
    ],
)
def test_persons_the_pipeline_missed(text: str, expected: list[str]) -> None:
    found = table(text)
    assert list(found.loc[(found["label"] == "PER") & (found["kind"] == "name"), "text"]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Al cosmodromo russo di [Vostochny|PER].", [("Vostochny", "LOC")]),
        ("In piazza [Kim Il|PER]-Sung a cena.", [("piazza Kim Il-Sung", "LOC")]),
        ("La [Roma|LOC] vince, il [Napoli|LOC] perde.", [("Roma", "ORG"), ("Napoli", "ORG")]),
        ("Vola la [Lazio|LOC].", [("Lazio", "ORG")]),
        ("L' [Iran|PER] tace.", [("Iran", "LOC")]),
        ("Il portavoce di [Putin|PER] tace.", [("Putin", "PER")]),
        ("L' agenzia di stampa russa [Novosti|LOC] c'è. [Novosti|PER] va.", [("Novosti", "ORG"), ("Novosti", "ORG")]),
        ("Il gruppo [Acme|PER] cresce.", [("Acme", "ORG")]),
        ("Lo scrive sul [Nodong Sinmul|PER].", [("Nodong Sinmul", "ORG")]),
        ("La [Regina Elisabetta|PER] e la [Rossi|PER].", [("Regina Elisabetta", "PER"), ("Rossi", "PER")]),
        ("Il [ministro Mario Rossi|PER] va.", [("Mario Rossi", "PER")]),
        # negatives
        ("Nel [Lazio|LOC] piove, a [Napoli|LOC] no.", [("Lazio", "LOC"), ("Napoli", "LOC")]),
        ("Il libro di [Rossi|PER].", [("Rossi", "PER")]),
        ("[Mario Rossi|PER] e il gruppo [Rossi|PER].", [("Mario Rossi", "PER"), ("Rossi", "PER")]),
        ("La banca. [Rossi|PER] va.", [("Rossi", "PER")]),
        ("Il capo dello [Stato|ORG] tace.", []),
        ("[Asia|PER] canta.", [("Asia", "PER")]),
        ("Nato a [Lodi|LOC], la Nato tace.", [("Lodi", "LOC"), ("Nato", "ORG")]),
        ("A [Carpi|LOC] (PD) piove.", [("Carpi", "LOC")]),
    ],
)
def test_labels_put_right(text: str, expected: list[tuple[str, str]]) -> None:
    found = table(text)
    names = found[found["kind"] == "name"]
    assert list(zip(names["text"], names["label"], strict=True)) == expected


def test_a_heading_in_capitals_is_no_body() -> None:
    assert entities("[Cooperazione Multipolare|ORG]") == []
    assert entities("La [Cooperazione Multipolare|ORG] cresce.") == [
        ("Cooperazione Multipolare", "Cooperazione Multipolare")
    ]


def parsed(words: str, heads: list[int], deps: str, pos: str) -> Doc:
    """A parsed Doc of one sentence, without entities."""
    doc = Doc(VOCAB, words=words.split(), heads=heads, deps=deps.split(), pos=pos.split())
    doc._.doc_id, doc._.blocks = "a", [[0, "body", 0, 0, 0]]
    return doc


GOVERNMENT = [
    ("Mosca nega tutto", [1, 1, 1], "nsubj ROOT obj", "PROPN VERB PRON", {"Mosca": "Russia"}),
    (
        "Mosca e Pyongyang hanno negato",
        [4, 2, 0, 4, 4],
        "nsubj cc conj aux ROOT",
        "PROPN CCONJ PROPN AUX VERB",
        {"Mosca": "Russia", "Pyongyang": "Corea del Nord"},
    ),
    (
        "Washington accusa Pechino",
        [1, 1, 1],
        "nsubj ROOT obj",
        "PROPN VERB PROPN",
        {"Washington": "Stati Uniti", "Pechino": "Cina"},
    ),
    ("armi fornite a Kiev", [0, 0, 3, 1], "ROOT acl case obl", "NOUN VERB ADP PROPN", {"Kiev": "Ucraina"}),
    ("la guerra di Mosca", [1, 1, 3, 1], "det ROOT case nmod", "DET NOUN ADP PROPN", {"Mosca": "Russia"}),
    ("Secondo Kiev piove", [1, 2, 2], "case obl ROOT", "ADP PROPN VERB", {"Kiev": "Ucraina"}),
    (
        "Bruxelles boccia la manovra",
        [1, 1, 3, 1],
        "nsubj ROOT det obj",
        "PROPN VERB DET NOUN",
        {"Bruxelles": "Unione Europea"},
    ),
    (
        "legami tra Mosca e Pyongyang",
        [0, 2, 0, 4, 2],
        "ROOT case nmod cc conj",
        "NOUN ADP PROPN CCONJ PROPN",
        {"Mosca": "Russia", "Pyongyang": "Corea del Nord"},
    ),
    (
        "aumentare la pressione su Pyongyang",
        [0, 2, 0, 4, 0],
        "ROOT det obj case obl",
        "VERB DET NOUN ADP PROPN",
        {"Pyongyang": "Corea del Nord"},
    ),
    ("inviano armi a Kiev", [0, 0, 3, 0], "ROOT obj case obl", "VERB NOUN ADP PROPN", {"Kiev": "Ucraina"}),
    ("deciso da Parigi", [0, 2, 0], "ROOT case obl:agent", "VERB ADP PROPN", {"Parigi": "Francia"}),
]
CITY = [
    ("Putin arriva a Mosca", [1, 1, 3, 1], "nsubj ROOT case obl", "PROPN VERB ADP PROPN", "Mosca"),
    (
        "invita Kim a visitare Mosca",
        [0, 0, 3, 0, 3],
        "ROOT obj mark xcomp obj",
        "VERB PROPN ADP VERB PROPN",
        "Mosca",
    ),
    ("il centro di Pyongyang", [1, 1, 3, 1], "det ROOT case nmod", "DET NOUN ADP PROPN", "Pyongyang"),
    ("un incidente a Bruxelles", [1, 1, 3, 1], "det ROOT case nmod", "DET NOUN ADP PROPN", "Bruxelles"),
    ("Kiev è stata bombardata", [3, 3, 3, 3], "nsubj:pass aux aux:pass ROOT", "PROPN AUX AUX VERB", "Kiev"),
    ("Roma è una città", [3, 3, 3, 3], "nsubj cop det ROOT", "PROPN AUX DET NOUN", "Roma"),
    ("Berlino ospita la mostra", [1, 1, 3, 1], "nsubj ROOT det obj", "PROPN VERB DET NOUN", "Berlino"),
    ("inviano una troupe a Kiev", [0, 2, 0, 4, 0], "ROOT det obj case obl", "VERB DET NOUN ADP PROPN", "Kiev"),
    ("toccano Parigi", [0, 0], "ROOT obj", "VERB PROPN", "Parigi"),
    ("Bianchi parte con Roma", [1, 1, 3, 1], "nsubj ROOT case nmod", "PROPN VERB ADP PROPN", "Roma"),
    ("la Borsa di Parigi", [1, 1, 3, 1], "det ROOT case nmod", "DET NOUN ADP PROPN", "Parigi"),
]


def _marked(doc: Doc, cities: set[str]) -> Doc:
    doc.ents = [Span(doc, t.i, t.i + 1, label="LOC") for t in doc if t.text in cities]
    return doc


@pytest.mark.parametrize(("words", "heads", "deps", "pos", "expected"), GOVERNMENT)
def test_capitals_that_stand_for_governments(
    words: str, heads: list[int], deps: str, pos: str, expected: dict[str, str]
) -> None:
    found = mentions({"a": _marked(parsed(words, heads, deps, pos), set(expected))})
    found = found[found["text"].isin(list(expected))]
    assert dict(zip(found["text"], found["entity"], strict=True)) == expected
    assert found["is_metonym"].all()
    assert found["reason"].str.contains("for its government").all()


@pytest.mark.parametrize(("words", "heads", "deps", "pos", "city"), CITY)
def test_capitals_that_are_cities(words: str, heads: list[int], deps: str, pos: str, city: str) -> None:
    found = mentions({"a": _marked(parsed(words, heads, deps, pos), {city})}).set_index("text").loc[city]
    assert (found["entity"], found["is_metonym"], found["stands_for"]) == (city, False, None)


def test_without_a_parse_a_capital_is_a_city() -> None:
    assert entities("[Mosca|LOC] nega.") == [("Mosca", "Mosca")]


def test_a_seat_of_government_is_a_mention_of_its_own() -> None:
    row = table("Il Cremlino tace.").iloc[0]
    assert (row["label"], row["entity"], row["is_metonym"], row["stands_for"]) == (
        "ORG",
        "Cremlino",
        True,
        "Russia",
    )


def test_the_label_of_most_mentions_is_given_to_all() -> None:
    found = table("[Ferrari|ORG] c'è. [Ferrari|ORG] va. [Ferrari|ORG] torna. [Ferrari|PER] sale.")
    assert set(found["label"]) == {"ORG"}
    assert list(found["reason"])[-1] == "same name; label of 3 of 4 mentions"
    kept = table("[Ferrari|ORG] c'è. [Ferrari|PER] va.")
    assert list(kept["label"]) == ["ORG", "PER"]


def test_the_researchers_aliases_add_and_overrule(tmp_path: Path) -> None:
    text = "[Mario Rossi|PER] e il Gigante. In Corea del Nord. [Leggi|ORG] qui."
    (tmp_path / "aliases.csv").write_text(
        "alias,entity,label\nil Gigante,Mario Rossi,PER\nCorea del Nord,Nordcorea,LOC\nLeggi,,\n",
        encoding="utf-8",
    )
    found = table(text, aliases=tmp_path)
    assert list(zip(found["text"], found["entity"], strict=True)) == [
        ("Mario Rossi", "Mario Rossi"),
        ("il Gigante", "Mario Rossi"),
        ("Corea del Nord", "Nordcorea"),
    ]
    assert found["entity_id"].nunique() == 2
    assert list(found["reason"])[1:] == ["aliases.csv", "aliases.csv"]


def test_an_alias_renames_all_that_was_settled_under_it() -> None:
    aliases = pd.DataFrame({"alias": ["Mario Rossi"], "entity": ["Rossi Mario"], "label": ["PER"]})
    assert entities("[Mario Rossi|PER] c'è. [Rossi|PER] va.", aliases=aliases) == [
        ("Mario Rossi", "Rossi Mario"),
        ("Rossi", "Rossi Mario"),
    ]


@pytest.mark.parametrize(
    ("aliases", "message"),
    [
        (pd.DataFrame({"alias": ["x"]}), "column 'entity' is missing"),
        (
            pd.DataFrame({"alias": ["x"], "entity": ["y"], "label": ["CITY"]}),
            "row 1: label is 'CITY', expected one of PER, ORG, LOC",
        ),
        (pd.DataFrame({"alias": [""], "entity": ["y"], "label": ["PER"]}), "row 1: alias is empty"),
    ],
)
def test_aliases_are_checked(aliases: pd.DataFrame, message: str) -> None:
    with pytest.raises(AliasError, match=message):
        table("niente", aliases=aliases)


def test_a_folder_without_aliases_is_no_error(tmp_path: Path) -> None:
    assert read_aliases(tmp_path) == {}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("sergey", "sergej", True),
        ("zelensky", "zelenskyj", True),
        ("yuri", "yury", False),
        ("aleksandr", "alexander", False),
        ("mario", "maria", False),
        ("simone", "simona", False),
    ],
)
def test_spelling(one: str, other: str, same: bool) -> None:
    assert (spelling(one) == spelling(other)) is same


def test_small_comparisons() -> None:
    assert plain("Kim Jong-Un") == "kim jong un"
    assert person_key("Donald J. Trump") == person_key("Donald Trump")
    assert initials_fit("RPDC", "Repubblica popolare democratica di Corea", "it")
    assert initials_fit("Car", "Conflict Armament Research", "it")
    assert not initials_fit("Abc", "Unione Calcio", "it")


def test_the_order_of_articles_changes_no_entity() -> None:
    texts = [
        "[Mario Rossi|PER] c'è.",
        "[Rossi|PER] va.",
        "La RPDC, [Sergey Lavrov|PER].",
        "[Sergei Lavrov|PER].",
    ]
    docs = {str(i): article(text, doc_id=str(i)) for i, text in enumerate(texts)}
    one = mentions(docs).sort_values(["doc_id", "start"], ignore_index=True)
    other = mentions(dict(reversed(docs.items()))).sort_values(["doc_id", "start"], ignore_index=True)
    assert one.equals(other)


WORDS = [
    "il", "la", "del", "di", "per", "e", ",", ".", "(", ")", "-", "presidente", "russo", "leader", "ministro",
    "Esteri", "Mosca", "Roma", "Russia-Ucraina", "Corea", "Nord", "Kim", "Jong-un", "II", "Putin", "Vladimir",
    "Rossi", "RPDC", "ONU", "Consiglio", "sicurezza", "Procura", "Milano", "ex", "40enne", "piazza",
    "bianconeri", "Juventus", "stato", "nega", "\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=25), st.data())
@settings(max_examples=50, deadline=None)
def test_any_text_gives_mentions_that_slice_back(words: list[str], data: st.DataObject) -> None:
    docs = {}
    for doc_id in ("a", "b"):
        doc = Doc(VOCAB, words=words, sent_starts=[i == 0 or words[i - 1] == "." for i in range(len(words))])
        ends, at = [], 0
        while at < len(words):
            length = data.draw(st.integers(1, 3))
            label = data.draw(st.sampled_from(["", "PER", "ORG", "LOC", "MISC"]))
            if label:
                ends.append(Span(doc, at, min(at + length, len(words)), label=label))
            at += length
        doc.ents = ends
        doc._.doc_id, doc._.blocks = doc_id, [[0, "body", 0, 0, 7]]
        docs[doc_id] = doc
    found = mentions(docs)
    for row in found.itertuples():
        assert docs[row.doc_id].text[row.start - 7 : row.end - 7] == row.text
        assert row.text.strip() == row.text != ""
    assert found["entity"].str.len().gt(0).all()
    names = found[found["kind"] == "name"]
    for _, group in names.groupby("doc_id"):
        assert (group["start"].iloc[1:].to_numpy() >= group["end"].iloc[:-1].to_numpy()).all()
