"""Damage: what is warned of, and what looks like it and is not."""

import pandas as pd
import pytest
from conftest import ROOT
from rassegna.annotation import annotate
from rassegna.damage import COLUMNS, damage
from rassegna.damage.lexicon import Noun, noun, tenses
from rassegna.extraction import extract
from rassegna.settings import Settings

LONG = "Il governo ha annunciato ieri a Roma un piano che divide la maggioranza"


def find(*paragraphs: str, language: str = "it") -> list[tuple[str, str]]:
    """(reason, text) of the damage in an article's paragraphs."""
    rows, at = [], 0
    for n, text in enumerate(paragraphs):
        rows.append(("a", n, at, at + len(text), "body", text))
        at += len(text) + 1
    blocks = pd.DataFrame(rows, columns=["doc_id", "block_id", "start", "end", "label", "text"])
    articles = pd.DataFrame([{"doc_id": "a", "language": language}])
    found = damage(blocks, articles, annotate(articles, blocks, progress=False))
    raw = "\n".join(paragraphs)
    for row in found.itertuples():
        assert raw[row.start : row.end] == row.text
        assert blocks.set_index("block_id")["start"][row.block_id] <= row.start
    return list(zip(found["reason"], found["text"], strict=True))


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        ([f"{LONG}. la delegazione."], [("torn sentence", "maggioranza. la")]),
        (["Lo dice Anna Neri. all’agenzia di stampa."], [("torn sentence", "Neri. all’agenzia")]),
        (["Ã¨ vero, perchÃ© no."], [("mojibake", "Ã¨")]),
        (["Una citt\ufffd\ufffd bella."], [("replacement character", "\ufffd\ufffd")]),
        (["Roma &amp; Milano, le due città."], [("mark-up", "&amp;")]),
        (["La legge è passata.Il voto è di ieri."], [("missing space", "passata.Il")]),
        ([f"{LONG}.", "e poi si vedrà."], [("broken paragraph", "e")]),
        ([f"{LONG}.", LONG], [("unfinished", "maggioranza")]),
        ([f"{LONG}.", f"{LONG}."], [("repeated paragraph", f"{LONG}.")]),
        (["Va in Russia da Roma. Russia. Poi torna."], [("lone name", "Russia.")]),
        (["Il partitto cade. Il partito era uno. Un partito, un altro partito."], [("misspelt: partito", "partitto")]),
        (
            ["In testa alla graudatoria, con tre tonnelate."],
            [("misspelt: graduatoria", "graudatoria"), ("misspelt: tonnellate", "tonnelate")],
        ),
    ],
)
def test_blocks(paragraphs, expected):
    assert find(*paragraphs) == expected


NUMBER, GENDER, FORM = "disagreement in number", "disagreement in gender", "wrong form of the article"
SMALL, VERB = "two small words that cannot stand together", "a verb where a noun is due"
VERBS, BREAKS = "two verbs that cannot stand together", "a sentence that breaks off"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il comune ha chiuso la strade per tre giorni.", [(NUMBER, "la strade")]),
        ("I vigili hanno salvato gli bambino rimasti nella casa.", [(NUMBER, "gli bambino")]),
        ("Il prezzo delle benzina è salito ancora in agosto.", [(NUMBER, "delle benzina")]),
        ("È uno dei protagonista della partita.", [(NUMBER, "dei protagonista")]),
        ("La riforma cambia le pensione degli statali.", [(NUMBER, "le pensione")]),
        ("La regione aspetta gli altri treno promessi.", [(NUMBER, "gli altri treno")]),
        ("I lavori è fermi da maggio.", [(NUMBER, "I lavori è fermi")]),
        ("La giunta ha votato il riforma del traffico.", [(GENDER, "il riforma")]),
        ("Nel ultima settimana il mercato è sceso.", [(FORM, "Nel ultima")]),
        ("Il ministro ha visto il fabbrica di Torino.", [(GENDER, "il fabbrica")]),
        ("La squadra gioca nella stadio nuovo.", [(GENDER, "nella stadio")]),
        ("I colloqui sono cominciate a Ginevra.", [(GENDER, "I colloqui sono cominciate")]),
        ("Un'albero è caduto sulla strada.", [(GENDER, "Un'albero")]),
        ("Ne parla il studio pubblicato a maggio.", [(FORM, "il studio")]),
        ("Lo chiedono i abitanti del quartiere.", [(FORM, "i abitanti")]),
        ("Un zaino è stato trovato sul treno.", [(FORM, "Un zaino")]),
        ("La lettera degli professori è arrivata ieri.", [(FORM, "degli professori")]),
        ("La nave parte da il porto di Bari.", [(SMALL, "da il")]),
        ("La visita nel al museo è durata un'ora.", [(SMALL, "nel al")]),
        ("Nella la nota si legge altro.", [(SMALL, "Nella la")]),
        ("La critica ha lodato il suo squadra.", [(GENDER, "il suo squadra")]),
        ("Il governo prepara un del piano per la scuola.", [(SMALL, "un del")]),
        ("Il presidente è ha incontrato i sindaci.", [(VERBS, "è ha")]),
        ("Le aziende hanno dichiarare i redditi a maggio.", [(VERBS, "hanno dichiarare")]),
        ("Il prezzo del ha superato i due euro.", [(VERB, "del ha")]),
        ("L'accordo sulla venda della società è saltato.", [(VERB, "sulla venda")]),
        ("La corte ha respinto il ricorso della.", [(BREAKS, "della.")]),
        ("Il testo, firmato dal, entra in vigore oggi.", [(BREAKS, "dal,")]),
        ("La squadra ha vinto la la partita.", [("doubled word", "la la")]),
        ("Il sindaco ha detto detto che si farà.", [("doubled word", "detto detto")]),
        (
            "I lavori sono fermi. Ha anche aggiunto. Poi è uscito.",
            [("a statement without what is stated", "Ha anche aggiunto.")],
        ),
        (
            "Il ministro lo stava leggendo per strada Il giornale ha pubblicato tutto.",
            [("a capital within a sentence", "Il giornale")],
        ),
    ],
)
def test_grammar(text, expected):
    assert find(text) == expected


@pytest.mark.parametrize(
    "paragraphs",
    [
        [f"{LONG}. Lo dice l'art. 5, comma 2, ecc. senza dubbio."],
        ["Silenzio. Poi un boato. “È finita”. Così."],
        ["Il sito www.esempio.example e l'indirizzo a.neri@esempio.example."],
        [f"{LONG}…"],
        [f"{LONG}."],
        ["Sì.", "Sì."],
        ["Silenzio. Poi un boato nel silenzio. Silenzio. Fine."],
        ["Un missole cade. Il missile era uno."],  # the neighbour stands there once only
        ["Il tenutario era lì. Tenutosi il voto, tenutasi la festa, tenutasi la gara."],
        [f"{LONG} RIF-0312/77"],
        ["È vero: perché no? «Già» – disse."],
        ["Al-Qā‘ida lo ha detto in rete."],
        ["Anna Neri lo chiede. Neri è il capo. Lo vuole anche il dr. Neri. Poi esce l'on. Neri."],
        ["Ha detto che l'opinione [pubblica] è contraria."],
    ],
)
def test_sound_blocks(paragraphs):
    assert find(*paragraphs) == []


@pytest.mark.parametrize(
    "text",
    [
        "La aspetti invano: non gli parla e le scrive di rado.",  # pronouns, not articles
        "La sindaco e il guardia, la capotreno e il soprano erano in sala.",
        "Le radio, le foto, i cinema, gli euro, le città e i film di Enrico I restano.",
        "Le braccia, le uova e le mura erano rosse; i muri e il braccio erano rossi.",
        "Gli dei ornati, gli pneumatici, lo chef, lo show e gli yacht, uno francese e uno spagnolo.",
        "Del resto, al di là del per cento, è uno dei migliori e una delle più note.",
        "Di per sé, con in mano la lettera, per di più a Roma, e dall'una all'altra.",
        "La notte erano in dieci; la maggior parte sono tornati; la maggioranza hanno votato.",
        "Lo stile, il contenuto, il tono devono essere chiari; il problema furono gli infortuni.",
        "Da un lato c'è la legge, dall'altro meccanismi diversi; tra l'altro danni modesti.",
        "Le menti e i menti, le botti e i botti, la rete e le reti.",
        "Le esplosioni pare siano due, e i danni sembra siano gravi.",
        "Chi l'aveva visto lo dice, e quel che è ha un nome; la risposta che se ne ha è chiara, anche se se ne parla.",
        "Piano piano, via via, quasi quasi, e fuggi fuggi: un no no molto molto chiaro.",
        "«Torniamo a casa». Ha detto. Poi è uscito. Ha risposto.",
        "Nel film La notte dei cervi ha vinto, e sul giornale La città è in prima pagina.",
        "La pietra miliare di un militare; il militare e i militari, un militare: militare.",
        "Il calciatore ha piacere di giocare e ha potere di firma.",
        "Nel titolo I della legge, la vitamina A è in testa con la lettera a.",
    ],
)
def test_sound_sentences(text):
    assert find(text) == []


def test_rules_are_for_their_own_language_only():
    assert find("The the il studio of la strade.", language="en") == []
    assert find("Le la studio di il mondo.", language="sv") == []


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("strade", Noun("Fem", "Plur")),
        ("studio", Noun("Masc", "Sing")),
        ("amicizia", Noun("Fem", "Sing")),
        ("braccia", Noun(None, "Plur")),
        ("problema", Noun(None, "Sing")),
        ("film", Noun(None, None)),
        ("nazione", Noun("Fem", "Sing")),
        ("ministro", Noun(None, "Sing")),
        ("qwerty", Noun(None, None)),
    ],
)
def test_noun(form, expected):
    assert noun(form, "it") == expected


def test_tenses_of_what_is_a_verb_only():
    assert "subjunctive" in tenses("parta", "it")
    assert tenses("aiuto", "it") == tenses("qwerty", "it") == frozenset()


def test_empty():
    blocks = pd.DataFrame(columns=["doc_id", "block_id", "start", "end", "label", "text"])
    found = damage(blocks, pd.DataFrame(columns=["doc_id", "language"]), {})
    assert list(found.columns) == COLUMNS
    assert found.empty


def test_seeds():
    """Ten warnings, every one of them in a place that the second annotator marked too."""
    found = extract(Settings.from_parameters(ROOT / "seeds")).damage
    assert list(found["text"]) == [
        *("della parta", "il piazza", "messile", "agli aiuto"),
        *("Russia.", "La leadership", "Ha anche detto."),
        *("della aspetti", "Novak. la", "Ushakov. all’agenzia"),
    ]
