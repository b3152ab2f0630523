"""The Italian pipeline: loads in time, cuts tokens and sentences as news pages need, names what it should."""

import time

import pytest
import spacy
from spacy.language import Language


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load("it_rassegna_news")


def test_loads_in_time_and_has_every_part() -> None:
    seconds = []
    for _ in range(3):
        start = time.process_time()
        nlp = spacy.load("it_rassegna_news")
        seconds.append(time.process_time() - start)
    assert min(seconds) < 1.5, f"the pipeline took {min(seconds):.1f} s to load"
    assert {"line_breaks", "morphologizer", "parser", "lemmatizer", "ner"} <= set(nlp.pipe_names)
    assert set(nlp.get_pipe("ner").labels) == {"PER", "ORG", "LOC"}


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Kim Jong-un", ["Kim", "Jong-un"]),
        ("l'11 novembre", ["l'", "11", "novembre"]),
        (
            "all'università, un po' tardi",
            ["all'", "università", ",", "un", "po'", "tardi"],
        ),
        ("dell’Onu", ["dell’", "Onu"]),
        ("l'«operazione»", ["l'", "«", "operazione", "»"]),
        ("nell’“asse”", ["nell’", "“", "asse", "”"]),
        ("‘così’", ["‘", "così", "’"]),
        ("l'on. Bianchi", ["l'", "on.", "Bianchi"]),
        ("la Eni S.p.A.", ["la", "Eni", "S.p.A."]),
    ],
)
def test_tokens(nlp: Language, text: str, tokens: list[str]) -> None:
    assert [token.text for token in nlp.make_doc(text)] == tokens


@pytest.mark.parametrize(
    "text",
    [
        "Vertice a Parigi\nIl presidente è arrivato ieri.",
        "Il ministro ha parlato di\nuna svolta\n\nNessuna risposta dal governo",
        "\nTitolo\r\n  Testo della notizia. Seconda frase.\n",
    ],
)
def test_no_sentence_goes_on_past_a_line_end(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    assert all("\n" not in sentence.text.strip() for sentence in doc.sents)


@pytest.mark.parametrize(
    ("text", "n_sentences"),
    [
        (
            "Il sindaco ha detto: «La scuola riaprirà lunedì». I genitori sono soddisfatti.",
            2,
        ),
        ("«Non ci sono feriti», ha spiegato il portavoce della polizia.", 1),
        ("Il sig. Rossi vive a Torino. La sig.ra Bianchi abita a Genova.", 2),
        (
            "“La trattativa è finita” ha dichiarato l’azienda. I sindacati non commentano.",
            2,
        ),
        (
            "Ha piovuto tutta la notte. All'alba il fiume è uscito dagli argini. Nessuno è rimasto ferito.",
            3,
        ),
    ],
)
def test_sentences_around_quotation_marks_and_abbreviations(nlp: Language, text: str, n_sentences: int) -> None:
    assert len(list(nlp(text).sents)) == n_sentences


NAMED = [
    (
        "Il presidente francese Emmanuel Macron è arrivato a Berlino.",
        {("Emmanuel Macron", "PER"), ("Berlino", "LOC")},
    ),
    (
        "Il leader Kim Jong-un ha visitato Pechino.",
        {("Kim Jong-un", "PER"), ("Pechino", "LOC")},
    ),
    (
        "La sindaca di Roma ha incontrato Giorgia Meloni.",
        {("Roma", "LOC"), ("Giorgia Meloni", "PER")},
    ),
    ("L'Onu ha inviato aiuti in Siria.", {("Onu", "ORG"), ("Siria", "LOC")}),
    (
        "Maria Rossi lavora a Milano da dieci anni.",
        {("Maria Rossi", "PER"), ("Milano", "LOC")},
    ),
    ("Secondo il Financial Times, i tassi saliranno.", {("Financial Times", "ORG")}),
    ("Ieri il gatto ha dormito sul divano.", set()),
]


def test_entities_of_plain_sentences(nlp: Language) -> None:
    found = [({(e.text, e.label_) for e in nlp(text).ents}, expected) for text, expected in NAMED]
    right = sum(len(guess & expected) for guess, expected in found)
    guessed, wanted = (
        sum(len(guess) for guess, _ in found),
        sum(len(expected) for _, expected in found),
    )
    assert right / wanted >= 0.9, found
    assert right / guessed >= 0.9, found


READ = [
    ("Il governo chiese un rinvio.", "chiese", "VERB", "chiedere", "ROOT"),
    ("Il governo chiese un rinvio.", "governo", "NOUN", "governo", "nsubj"),
    ("La legge è stata approvata dal Senato.", "legge", "NOUN", "legge", "nsubj:pass"),
    ("I medici dissero la verità.", "dissero", "VERB", "dire", "ROOT"),
    ("Gli operai hanno riferito i fatti.", "operai", "NOUN", "operaio", "nsubj"),
    ("Le città più belle sono lontane.", "belle", "ADJ", "bello", "amod"),
]


def test_words_of_plain_sentences(nlp: Language) -> None:
    wrong = []
    for text, form, *expected in READ:
        token = next(token for token in nlp(text) if token.text == form)
        if [token.pos_, token.lemma_, token.dep_] != expected:
            wrong.append((form, token.pos_, token.lemma_, token.dep_))
    assert len(wrong) <= 1, wrong


def test_white_space_is_no_word(nlp: Language) -> None:
    assert all(token.pos_ == "SPACE" for token in nlp("Vertice a Parigi\nParla il ministro.\n") if token.is_space)
