"""Numbers: which figures are compared, which are not, whether they differ, and whose they are."""

import random
import re
import time

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from rassegna import figures, tables
from rassegna.extraction import extract
from rassegna.numbers import NUMBER_COLUMNS, compared, numbers
from rassegna.settings import Settings

_MARK = re.compile(r"\{(?P<figure>[^|{}]+)\|(?P<more>[^{}]+)\}|\[(?P<name>[^]|]+)(?:\|(?P<label>\w+))?\]")
PLAIN = {"low": None, "high": None, "unit": None, "counted": None, "bound": "exact", "kind": "cardinal"}
PLAIN |= {"asserter": None, "value": None, "reason": "number"}


def tables_of(articles):
    """Tables quantities, sentences and mentions of articles: {dodici morti|value=12 counted=morto}, [Name|PER]."""
    rows = {"quantities": [], "sentences": [], "mentions": []}
    for doc_id, sentences in articles.items():
        at = 0
        for n, marked in enumerate(sentences):
            text, last = "", 0
            for m in _MARK.finditer(marked):
                text += marked[last : m.start()]
                last, start, words = m.end(), at + len(text), m["figure"] or m["name"]
                span = {"doc_id": doc_id, "start": start, "end": start + len(words), "text": words}
                text += words
                if m["name"]:
                    rows["mentions"].append(span | {"entity": words, "entity_id": words, "label": m["label"] or "LOC"})
                    continue
                more = dict(pair.split("=") for pair in m["more"].split())
                phrase = {
                    "counted_phrase": more.get("phrase", words.split()[-1] if "counted" in more else "").replace(
                        "_", " "
                    )
                }
                numeric = {key: float(more[key]) for key in ("value", "low", "high") if key in more}
                rows["quantities"].append(span | PLAIN | more | phrase | numeric)
            text += marked[last:]
            place = {
                "doc_id": doc_id,
                "sentence_id": n,
                "block_id": n,
                "start": at,
                "end": at + len(text),
                "text": text,
            }
            rows["sentences"].append(place)
            at += len(text) + 1
    quantities = pd.DataFrame(rows["quantities"]).astype(dict.fromkeys(("value", "low", "high"), float))
    mentions = pd.DataFrame(
        rows["mentions"], columns=["doc_id", "start", "end", "text", "entity", "entity_id", "label"]
    )
    return quantities, pd.DataFrame(rows["sentences"]), mentions


def found(**articles):
    """The things compared: the texts of their figures, and the status of each."""
    table = numbers(
        *tables_of({doc_id: [text] if isinstance(text, str) else text for doc_id, text in articles.items()})
    )
    return [list(zip(own["text"], own["status"], strict=True)) for _, own in table.groupby("number_id")]


A = "Il crollo del viadotto di [Valbruna] ha provocato {dodici morti|value=12 counted=morto} lungo la statale."


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ("Sono {12 morti|value=12 counted=morto} nel crollo del viadotto di [Valbruna].", "agrees"),
        ("Sono {12 le vittime|value=12 counted=vittima} del crollo del viadotto di [Valbruna].", "agrees"),
        ("Nel crollo del viadotto di [Valbruna] hanno perso la vita {12 persone|value=12 counted=persona}.", "agrees"),
        ("Nel crollo del viadotto sono {14 i morti|value=14 counted=morto}.", "differs"),
        ("Il crollo del viadotto ha fatto {circa 13 morti|value=13 bound=about counted=morto}.", "agrees"),
        ("Il crollo del viadotto: tra {10 e 15 morti|low=10 high=15 bound=range counted=morto}.", "agrees"),
    ],
)
def test_the_same_thing(other, status):
    [rows] = found(a=A, b=other)
    assert [s for _, s in rows] == [status] * 2


@pytest.mark.parametrize(
    "other",
    [
        "Nel crollo del viadotto di [Valbruna] ci sono {12 feriti|value=12 counted=ferito}.",  # another thing
        "Una valanga a Monteforte ha fatto {12 morti|value=12 counted=morto} tra gli sciatori.",  # another matter
        "Una valanga a Monteforte ha fatto {30 morti|value=30 counted=morto} tra gli sciatori.",
        "Nel 1998 un altro crollo del viadotto aveva fatto {3 morti|value=3 counted=morto}.",  # another time
        "Il crollo del viadotto ha fatto altri {3 morti|value=3 counted=morto}.",  # an addition
        "Le vittime del crollo del viadotto, tra cui {3 morti|value=3 counted=morto} francesi.",  # a part
        "Nel crollo del viadotto {decine di morti|kind=vague counted=morto}.",  # no value
        "Il crollo del viadotto di [Valbruna] è il {dodicesimo morto|value=12 counted=morto kind=ordinal}.",
    ],
)
def test_other_things_are_not_compared(other):
    assert found(a=A, b=other) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Lo sciopero dei treni durerà {tre giorni|value=3 unit=d kind=duration} in tutta la Puglia.",
         "La visita della regina durerà {tre giorni|value=3 unit=d kind=duration} e toccherà la Scozia."),
        ("I {due paesi|value=2 counted=paese} hanno firmato un accordo sul gas.",
         "I {due paesi|value=2 counted=paese} hanno firmato una tregua sul fiume."),
        ("[Anna Neri|PER], {40 anni|value=40 unit=a kind=age}, guida la giunta di Bari.",
         "[Ugo Riva|PER], {40 anni|value=40 unit=a kind=age}, guida la giunta di Bari."),
        ("I voti per la giunta di Bari: {20 voti favorevoli|value=20 counted=voto phrase=voti_favorevoli}.",
         "I voti per la giunta di Bari: {20 voti contrari|value=20 counted=voto phrase=voti_contrari}."),
        ("In Russia combattono {11.000 soldati|value=11000 counted=soldato} contro l'Ucraina.",
         "In Russia sono arrivati {11.000 container|value=11000 counted=container} contro l'Ucraina."),
        ("La multa alla società Alfa è di {5 milioni|value=5e6 unit=EUR kind=money} per il cartello.",
         "La multa alla società Alfa è di {5 milioni|value=5e6 unit=USD kind=money} per il cartello."),
    ],
)  # fmt: skip
def test_the_same_number_for_different_things_is_no_agreement(first, second):
    assert found(a=first, b=second) == []


def test_ages_of_one_person():
    text = "[Anna Neri|PER], {%s anni|value=%s unit=a kind=age}, guida la giunta di Bari."
    assert found(a=text % (40, 40), b=text % (41, 41)) == [[("40 anni", "differs"), ("41 anni", "differs")]]
    assert found(a=text % (40, 40), b=text % (9, 9)) == [], "as a child"


def test_sources_differ_not_outlets():
    text = (
        "Alla sfilata contro il rigassificatore di Ravenna c'erano {%s persone|value=%s counted=persona asserter=%s}."
    )
    text = text.replace("persone|", "manifestanti|").replace("counted=persona", "counted=manifestante")
    [rows] = found(a=text % (500, 500, "questura"), b=text % (3000, 3000, "sindacati"))
    assert [s for _, s in rows] == ["differs_by_source"] * 2
    [rows] = found(a=text % (500, 500, "questura"), b=text % (3000, 3000, "questura"))
    assert [s for _, s in rows] == ["differs"] * 2


def test_of_several_figures_the_one_that_agrees_is_compared():
    text = "Nel crollo del viadotto di [Valbruna] la procura conta {%s feriti|value=%s counted=ferito}."
    both = [text % (43, 43), (text % (9, 9)).replace("conta", "segue")]
    assert found(a=both, b=text % (43, 43)) == [[("43 feriti", "agrees"), ("43 feriti", "agrees")]]


def test_the_toll_of_one_event_is_found_by_the_story():
    names = "Lo dicono [Piero Landi|PER], [Anna Ruffini|PER] e la [Protezione civile|ORG] di [Valbruna]."
    first = [A, names, "I feriti, secondo l'ospedale, sono {40|value=40 counted=ferito phrase=feriti}."]
    second = [names, "Al pronto soccorso si contano {57 feriti|value=57 counted=ferito}."]
    assert found(a=first, b=second) == [[("40", "differs"), ("57 feriti", "differs")]]
    assert found(a=first, b=second[1:]) == []


def test_years_and_months_are_one_duration():
    text = "Il tribunale di [Vicenza] ha condannato [Guidi|PER] a {%s anni|value=%s unit=a kind=duration}%s di carcere."
    months = " e {quattro mesi|value=4 unit=mo kind=duration}"
    table = numbers(*tables_of({"a": [text % (7, 7, months)], "b": [text % (7, 7, months)]}))
    assert table["text"].tolist() == ["7 anni e quattro mesi"] * 2
    assert table["value"].tolist() == pytest.approx([7 + 1 / 3] * 2)


def test_table_and_its_summary():
    table = numbers(
        *tables_of({"a": [A], "b": ["Crollo del viadotto di [Valbruna]: {24 morti|value=24 counted=morto}."]})
    )
    assert table["factor"].tolist() == [2, 2]
    assert table["thing"].str.startswith("morti: ").all()
    row = compared(tables.schemas()["numbers"].validate(table)).iloc[0]
    assert (row["lowest"], row["highest"], row["n_articles"], row["status"]) == (12, 24, 2, "differs")


def test_nothing_to_compare():
    quantities, sentences, mentions = tables_of({"a": [A]})
    for table in (numbers(quantities, sentences, mentions), numbers(quantities[:0], sentences[:0], mentions[:0])):
        assert table.empty
        assert table.columns.tolist() == NUMBER_COLUMNS
        assert compared(tables.schemas()["numbers"].validate(table)).empty
    plt.close(figures.numbers(table.assign(name=""), compared(table)))


def test_the_order_of_the_rows_does_not_matter():
    given = tables_of({"a": [A], "b": [A.replace("dodici", "14").replace("=12", "=14")], "c": [A]})
    once = numbers(*given)
    pd.testing.assert_frame_equal(once, numbers(*(table.iloc[::-1].reset_index(drop=True) for table in given)))
    assert len(once) == 3


def test_seeds(seeds):
    corpus = extract(Settings.from_parameters(seeds))
    things = compared(corpus.numbers)
    top = corpus.numbers[corpus.numbers["number_id"] == things["number_id"].iloc[0]]
    assert top["text"].tolist() == ["più di mille container", "oltre 11.000 container"]
    assert things["factor"].iloc[0] == 11
    assert not corpus.numbers["text"].str.contains("soldati").any()
    assert all(corpus.raw[r.doc_id][r.start : r.end] == r.text for r in corpus.numbers.itertuples())


def test_many_articles_in_little_time():
    """A thousand articles on 125 invented events: seconds, and no figure joined with that of another event."""
    rng = random.Random(7)
    words = [
        "".join(
            rng.choice(["ba", "co", "di", "fe", "ga", "lu", "mo", "ne", "pi", "ro", "sta", "tra", "ver", "zi"])
            for _ in range(3)
        )
        for _ in range(2500)
    ]
    places = [f"{a}{b}".title() for a in words[:40] for b in words[40:45]]
    articles = {}
    for n in range(1000):
        event = n % 125
        own = random.Random(event)
        topic, place = own.sample(words, 6), places[event]
        noun = own.choice(["ferito", "nave", "casa", "voto", "scheda", "soldato"])
        value = 100 + event if n % 10 else 3 * (100 + event)
        figure = f"{{{value} {noun}|value={value} counted={noun}}}"
        articles[f"{n:04d}"] = [" ".join([*rng.sample(topic, 4), f"[{place}]", figure, *rng.sample(words, 8)])]
    given = tables_of(articles)
    begun = time.process_time()
    table = numbers(*given)
    assert time.process_time() - begun < 20
    events = (table["doc_id"].astype(int) % 125).groupby(table["number_id"])
    assert len(table) >= 0.95 * 1000
    assert (events.min() == events.max()).mean() >= 0.98


def test_tolls_of_two_short_articles_on_one_event(tmp_path):
    """A title of two sentences leaves the first one of the text for what the article is about."""
    first = (
        "Alluvione a Montelago, paura nella notte",
        "La piena ha travolto un quartiere di Montelago: due morti, sette feriti e quattrocento sfollati.",
        "Il sindaco Ettore Baldassarri e il ministro Davide Prandi sono arrivati all'alba da Valdoria.",
        "Indaga la Procura di Antonio Lisi; protesta Sonia Melchiorri, con Elio Sarti e Gaia Bruni di Alleanza Verde.",
    )
    second = (
        "Montelago sott'acqua, 600 evacuati. Polemica sulla cassa",
        "Tre vittime, dieci feriti: è il bilancio della piena, ha detto il sindaco Ettore Baldassarri.",
        "Il ministro Davide Prandi ha promesso altri fondi alla Regione e alla Protezione civile.",
        "Lidia Fontana risponde al Corriere di Portalba; Carlo Zuin e la Croce Bianca aiutano, con Ugo Marani.",
    )
    for name, paragraphs in (("a", first), ("b", second)):
        (tmp_path / f"{name}.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
    found = extract(Settings.from_parameters(tmp_path, reference_date="2025-10-04")).numbers
    told = found.groupby("number_id")["value"].agg(set).tolist()
    assert sorted(map(sorted, told)) == [[2, 3], [7, 10], [400, 600]]
    assert set(found["status"]) == {"differs"}
