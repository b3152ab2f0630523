"""Events by date: what they are called, what is none, what lay ahead, and which dates clash."""

import datetime

import matplotlib.pyplot as plt
import pandas as pd
import pytest
import spacy
from rassegna import figures, tables
from rassegna.annotation import sentences
from rassegna.dates import dates
from rassegna.dates.interval import interval
from rassegna.timeline import EVENT_COLUMNS, clashes, events, lanes
from rassegna.timeline.clashing import CLASH_COLUMNS
from spacy.tokens import Doc

NLP = spacy.blank("it")
QUOTES = pd.DataFrame(columns=["doc_id", "start", "end", "kind", "speaker"])
MENTION = {"doc_id": "str", "start": int, "end": int, "text": "str", "entity_id": "str", "entity": "str"}
NO_MENTIONS = pd.DataFrame(columns=list(MENTION)).astype(MENTION)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024-06-19", "2024-06-19", "2024-06-19"),
        ("2024-06-19T22:57", "2024-06-19", "2024-06-19"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("1961", "1961-01-01", "1961-12-31"),
        ("199", "1990-01-01", "1999-12-31"),
        ("19", "1900-01-01", "1999-12-31"),
        ("2024-W24", "2024-06-10", "2024-06-16"),
        ("2024-W24-WE", "2024-06-15", "2024-06-16"),
        ("2023-FA", "2023-09-01", "2023-11-30"),
        ("2023-WI", "2023-12-01", "2024-02-29"),
        ("2023-Q3", "2023-07-01", "2023-09-30"),
        ("2024-H2", "2024-07-01", "2024-12-31"),
        ("2024-06-18/2024-06-20", "2024-06-18", "2024-06-20"),
    ],
)
def test_interval(value, first, last):
    assert interval(value) == (datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))


@pytest.mark.parametrize(
    "value",
    ["PAST_REF", "XXXX-WXX-2", "XXXX-06-20", "2024-02-30", "P2D", "T14:00", "0000", "2024-06-20/2024-06-18", "2024-Q9"],
)
def test_no_interval(value):
    assert interval(value) is None


# word, head (its place), relation, part of speech, lemma (the word's own: ""), morphology
SUMMIT = [
    ("Il", 1, "det", "DET", "il", ""),
    ("vertice", 3, "nsubj", "NOUN", "vertice", ""),
    ("si", 3, "expl", "PRON", "si", ""),
    ("terrà", 3, "ROOT", "VERB", "tenere", "Tense=Fut"),
    ("a", 5, "case", "ADP", "a", ""),
    ("Lucerna", 3, "obl", "PROPN", "Lucerna", ""),
    ("il", 7, "det", "DET", "il", ""),
    ("20", 3, "obl", "NUM", "20", ""),
    ("giugno", 7, "nmod", "NOUN", "giugno", ""),
    (".", 3, "punct", "PUNCT", ".", ""),
]


def tree(*rows):
    """A Doc of one parsed sentence."""
    words, heads, deps, tags, lemmas, morphs = (list(column) for column in zip(*rows, strict=True))
    sent_starts = [i == 0 for i in range(len(words))]
    return Doc(NLP.vocab, words=words, heads=heads, deps=deps, pos=tags, lemmas=lemmas, morphs=morphs,
               sent_starts=sent_starts)  # fmt: skip


def changed(rows, **words):
    """The rows with other words at the places w3, w7 ..."""
    found = []
    for i, (word, head, dep, tag, lemma, morph) in enumerate(rows):
        new = words.get(f"w{i}", word)
        found.append((new, head, dep, tag, new if lemma == word else lemma, morph))
    return found


def inserted(rows, place, row):
    """The rows with one more at a place, the heads shifted."""
    moved = [(word, head + (head >= place), *more) for word, head, *more in rows]
    return [*moved[:place], row, *moved[place:]]


def plain(text):
    """A Doc without a parse."""
    nlp = spacy.blank("it")
    nlp.add_pipe("sentencizer")
    return nlp(text)


def sentence_table(docs):
    """One sentence a Doc's sentence; the raw text is the Doc's own."""
    rows = [
        (doc_id, n, 0, sent.start_char, sent.end_char, sent.text)
        for doc_id, doc in docs.items()
        for n, sent in enumerate(doc.sents)
    ]
    return pd.DataFrame(rows, columns=["doc_id", "sentence_id", "block_id", "start", "end", "text"]).astype(
        {"start": int}
    )


def article_table(docs, published):
    return pd.DataFrame({"doc_id": list(docs), "published_at": [published.get(d) for d in docs], "language": "it"})


def mention_table(docs, *names):
    rows = [
        (doc_id, doc.text.index(name), doc.text.index(name) + len(name), name, f"e-{name}", name)
        for doc_id, doc in docs.items()
        for name in names
        if name in doc.text
    ]
    return pd.DataFrame(rows, columns=list(MENTION)).astype(MENTION)


def told(docs, published="2024-06-11", names=(), quotes=QUOTES):
    """The events of Docs (one Doc or doc_id to Doc), all published on one day, and what else `clashes` needs."""
    docs = docs if isinstance(docs, dict) else {"a": docs}
    published = published if isinstance(published, dict) else dict.fromkeys(docs, published)
    articles = article_table(docs, published)
    given = {
        "sentences": sentence_table(docs),
        "mentions": mention_table(docs, *names),
        "articles": articles,
    }
    found = dates(docs, articles, reference_date=datetime.date(2024, 6, 11))
    table = events(docs, dates=found, quotes=quotes, **given)
    for row in table.itertuples():
        assert docs[row.doc_id].text[row.start : row.end] == row.text
    return table, found, given


def test_the_event_is_what_takes_place():
    table, _, _ = told(tree(*SUMMIT))
    row = table.iloc[0]
    assert list(table.columns) == EVENT_COLUMNS
    assert (row["label"], row["predicate"]) == ("Il vertice si terrà a Lucerna", "vertice")
    assert row["text"] == "Il vertice si terrà a Lucerna il 20 giugno"
    assert (row["day_first"], row["day_last"]) == ("2024-06-20", "2024-06-20")
    assert (row["relation"], row["voice"]) == ("after", "own")
    assert not row["is_moved"]


def test_a_participle_has_its_noun_and_a_noun_its_complement():
    signed = tree(
        ("Richiama", 0, "ROOT", "VERB", "richiamare", "Tense=Pres"),
        ("un", 2, "det", "DET", "uno", ""),
        ("accordo", 0, "obj", "NOUN", "accordo", ""),
        ("firmato", 2, "acl", "VERB", "firmare", "Tense=Past"),
        ("con", 5, "case", "ADP", "con", ""),
        ("Mosca", 3, "obl", "PROPN", "Mosca", ""),
        ("nel", 7, "case", "ADP", "in", ""),
        ("1961", 3, "obl", "NUM", "1961", ""),
    )
    summit = tree(
        ("Parla", 0, "ROOT", "VERB", "parlare", "Tense=Pres"),
        ("del", 2, "case", "ADP", "di", ""),
        ("vertice", 0, "obl", "NOUN", "vertice", ""),
        ("europeo", 2, "amod", "ADJ", "europeo", ""),
        ("del", 5, "case", "ADP", "di", ""),
        ("20", 2, "nmod", "NUM", "20", ""),
        ("giugno", 5, "nmod", "NOUN", "giugno", ""),
    )
    table, _, _ = told({"a": signed, "b": summit})
    assert table["label"].tolist() == ["un accordo firmato con Mosca", "vertice europeo"]
    assert table["predicate"].tolist() == ["firmare", "vertice"]
    assert table["day_last"].tolist() == ["1961-12-31", "2024-06-20"]


@pytest.mark.parametrize(
    "text",
    [
        "Lucerna, 20 giugno 2024.",  # a dateline
        "Pubblicato il 20 giugno 2024.",
        "Il vertice durerà per tre giorni a Lucerna.",  # a duration
        "Il vertice riunisce ogni lunedì i ministri europei.",  # a repeated time
        "Il rapporto 2023 elenca i paesi europei.",  # a year in a name
        "Adesso i ministri europei discutono.",  # the present is no date
    ],
)
def test_no_event(text):
    table, _, _ = told(plain(text))
    assert table.empty
    assert list(table.columns) == EVENT_COLUMNS


def test_a_date_in_a_name_and_a_date_denied_are_no_events():
    doc = plain("Il comitato 20 settembre ha riaperto il museo.")
    assert told(doc, names=["comitato 20 settembre"])[0].empty
    assert len(told(doc)[0]) == 1
    denied = inserted(SUMMIT, 6, ("non", 8, "advmod", "ADV", "non", ""))
    assert told(tree(*denied))[0].empty


def test_without_a_parse_the_sentence_tells_the_event():
    table, _, _ = told(plain("Piove. Il vertice dei ministri europei riapre lunedì 17 giugno. Poi basta."))
    assert table["text"].tolist() == ["Il vertice dei ministri europei riapre lunedì 17 giugno."]
    assert table["label"].tolist() == ["Il vertice dei ministri europei riapre lunedì 17 giugno."]
    assert table["predicate"].isna().all()


@pytest.mark.parametrize(
    ("published", "verb", "relation", "reason"),
    [
        ("2024-06-11", SUMMIT[3], "after", "begins after the publication"),
        (
            "2024-06-25T10:00",
            ("tenne", 3, "ROOT", "VERB", "tenere", "Tense=Past"),
            "before",
            "ends before the publication",
        ),
        ("2024-06-20", SUMMIT[3], "on", "the day of the publication"),
        ("2024", SUMMIT[3], "after", "future tense"),
        ("2024", ("tenne", 3, "ROOT", "VERB", "tenere", "Tense=Past"), "before", "past tense"),
        ("2025", SUMMIT[3], "after", "future tense"),
        (None, ("tiene", 3, "ROOT", "VERB", "tenere", "Tense=Pres"), "unknown", "no publication day and no tense"),
        # an agency ahead of the page's clock
        ("2024-06-19", ("tenne", 3, "ROOT", "VERB", "tenere", "Tense=Past"), "before", "past tense"),
        ("2024-06-19", SUMMIT[3], "after", "begins after the publication"),
        # hearsay, or what was to come: the words do not tell
        ("2024", ("terrebbe", 3, "ROOT", "VERB", "tenere", "Mood=Cnd|Tense=Past"), "unknown", "no tense"),
    ],
)
def test_relation(published, verb, relation, reason):
    row = told(tree(*SUMMIT[:3], verb, *SUMMIT[4:]), published)[0].iloc[0]
    assert (row["relation"], row["reason"]) == (relation, reason)


def test_a_year_that_no_page_states_leaves_the_date_open():
    doc = tree(*SUMMIT)
    articles = article_table({"a": doc}, {})
    found = dates({"a": doc}, articles)
    table = events({"a": doc}, dates=found, sentences=sentence_table({"a": doc}), mentions=NO_MENTIONS, quotes=QUOTES,
                   articles=articles)  # fmt: skip
    assert table[["day_first", "day_last"]].isna().all(axis=None)
    assert table["relation"].tolist() == ["after"]


def test_who_says_so():
    quotes = pd.DataFrame([("a", 0, 60, "indirect", "Rossi")], columns=QUOTES.columns)
    table, _, _ = told(tree(*SUMMIT), quotes=quotes)
    assert table[["voice", "holder"]].iloc[0].tolist() == ["attributed", "Rossi"]


def test_nothing_gives_empty_tables():
    table, found, given = told({"a": plain("Niente di nuovo sotto il sole."), "b": plain("")})
    assert list(table.columns) == EVENT_COLUMNS
    assert table.empty
    clash = clashes(table, found, **given)
    assert list(clash.columns) == CLASH_COLUMNS
    assert clash.empty


NAMES = ("Lucerna", "Ginevra", "Roma")


def clashing(docs, published="2024-06-11", names=NAMES):
    table, found, given = told(docs, published, names)
    return clashes(table, found, **given)


def test_a_weekday_that_does_not_fit():
    found = clashing(plain("Il vertice dei ministri europei si apre venerdì 20 giugno."))
    assert found["kind"].tolist() == ["weekday"]
    assert found["text"].tolist() == ["venerdì 20 giugno"]
    assert found["other_doc_id"].isna().all()


def test_two_articles_date_one_event_differently():
    found = clashing({"a": tree(*SUMMIT), "b": tree(*changed(SUMMIT, w7="21")), "c": tree(*changed(SUMMIT, w7="21"))})
    assert found["kind"].tolist() == ["articles"] * 3
    assert len(set(found["clash_id"])) == 1
    assert found["text"].tolist() == ["20 giugno", "21 giugno", "21 giugno"]
    assert found["other_doc_id"].tolist() == ["b", "a", "a"]
    assert "2024-06-20" in found["clash"].iloc[1]


MOVED = [
    ("Il", 1, "det", "DET", "il", ""),
    ("vertice", 5, "nsubj", "NOUN", "vertice", ""),
    ("a", 3, "case", "ADP", "a", ""),
    ("Lucerna", 1, "nmod", "PROPN", "Lucerna", ""),
    ("è", 5, "aux", "AUX", "essere", "Tense=Pres"),
    ("slittato", 5, "ROOT", "VERB", "slittare", "Tense=Past"),
    ("dal", 7, "case", "ADP", "da", ""),
    ("20", 5, "obl", "NUM", "20", ""),
    ("giugno", 7, "nmod", "NOUN", "giugno", ""),
    ("al", 10, "case", "ADP", "a", ""),
    ("27", 5, "obl", "NUM", "27", ""),
    ("giugno", 10, "nmod", "NOUN", "giugno", ""),
]


def test_a_corrected_date_clashes_and_the_old_one_does_not():
    attribute = ("europeo", 1, "amod", "ADJ", "europeo", "")
    same, other = inserted(SUMMIT, 2, attribute), inserted(MOVED, 2, attribute)
    found = clashing({"a": tree(*same), "b": tree(*other)})
    assert found["value"].tolist() == ["2024-06-20", "2024-06-27"]
    assert found["other_doc_id"].tolist() == ["b", "a"]


@pytest.mark.parametrize(
    "second",
    [
        changed(SUMMIT, w7="20"),  # the same date
        changed(SUMMIT, w5="Ginevra", w7="21"),  # another place
        changed(SUMMIT, w8="agosto"),  # months away
        changed(SUMMIT, w1="concerto", w7="21"),  # nothing but the place in common
        [*SUMMIT[:6], ("a", 7, "case", "ADP", "a", ""), ("giugno", 3, "obl", "NOUN", "giugno", "")],  # its month
    ],
)  # fmt: skip
def test_no_clash(second):
    docs = {"a": tree(*SUMMIT), "b": tree(*second)}
    assert len(told(docs)[0]) == 2
    assert clashing(docs).empty


def test_a_day_within_the_days_of_the_other_article_is_no_clash():
    begin = [("dal", 7, "case", "ADP", "da", ""), ("18", 3, "obl", "NUM", "18", "")]
    end = [("al", 9, "case", "ADP", "a", ""), ("21", 3, "obl", "NUM", "21", "")]
    long = [*SUMMIT[:6], *begin, *end, ("giugno", 9, "nmod", "NOUN", "giugno", "")]
    assert clashing({"a": tree(*SUMMIT), "b": tree(*long)}).empty
    assert not clashing({"a": tree(*changed(SUMMIT, w7="23")), "b": tree(*long)}).empty


def test_people_speak_every_day():
    spoke = [
        ("Il", 1, "det", "DET", "il", ""),
        ("sindaco", 3, "nsubj", "NOUN", "sindaco", ""),
        ("ha", 3, "aux", "AUX", "avere", "Tense=Pres"),
        ("detto", 3, "ROOT", "VERB", "dire", "Tense=Past"),
        *((word, head, *more) for word, head, *more in SUMMIT[4:]),
    ]
    opened = [(w, h, d, p, "inaugurare" if w == "detto" else lemma, m) for w, h, d, p, lemma, m in spoke]
    assert clashing({"a": tree(*spoke), "b": tree(*changed(spoke, w7="19"))}).empty
    assert len(clashing({"a": tree(*opened), "b": tree(*changed(opened, w7="19"))})) == 2


def test_a_relative_date_counts_only_where_the_page_is_dated():
    def day(word):
        return tree(*SUMMIT[:6], (word, 3, "obl", "NOUN", word, ""))

    docs = {"a": day("domani"), "b": day("dopodomani")}
    assert clashing(docs, None).empty
    assert len(clashing(docs)) == 2


def test_the_order_of_the_articles_changes_nothing():
    docs = {"a": tree(*SUMMIT), "b": tree(*changed(SUMMIT, w7="21")), "c": tree(*changed(SUMMIT, w7="22"))}
    backwards = dict(reversed(docs.items()))
    pd.testing.assert_frame_equal(clashing(docs), clashing(backwards))


def test_the_table_fits_the_dictionary():
    table, _, _ = told(tree(*SUMMIT))
    tables.schemas()["events"].validate(table)


def test_sentences_of_the_fixtures_are_those_of_the_library():
    docs = {"a": tree(*SUMMIT)}
    docs["a"]._.blocks = [[0, "body", 0, 0, 0]]
    assert sentences(docs)["text"].tolist() == sentence_table(docs)["text"].tolist()


OVERVIEW = pd.DataFrame({"doc_id": ["a", "b"], "name": ["A", "B"], "published_at": ["2024-06-21T10:00", None]})


def placed(*rows):
    """Events of doc_id, day_first, day_last."""
    found = pd.DataFrame(rows, columns=["doc_id", "day_first", "day_last"])
    return found.assign(label=[f"event {n}" for n in range(len(rows))], relation="before", date_start=range(len(rows)))


def test_the_axis_leaves_out_where_nothing_lies():
    shown, rows, axis = lanes(
        placed(("a", "2024-06-19", "2024-06-19"), ("b", "1961-01-01", "1961-12-31"), ("b", None, None)), OVERVIEW
    )
    assert axis["label"].tolist() == ["1961", "2024-06-19", "2024-06-21"]
    assert (axis["right"] - axis["left"]).tolist() == [1, 1, 1]
    assert (axis["left"].diff().dropna() == 1.5).all()
    assert shown[["n", "name"]].to_numpy().tolist() == [[1, "B"], [2, "A"]]
    assert rows["published"].round(2).tolist()[0] == 3.5
    assert pd.isna(rows["published"].iloc[1])


def test_a_period_reaches_over_what_lies_in_it():
    shown, _, axis = lanes(placed(("a", "2024-06-01", "2024-06-30"), ("a", "2024-06-19", "2024-06-19")), OVERVIEW)
    assert axis["label"].tolist() == ["2024-06-01 …", "2024-06-19", "2024-06-20", "2024-06-21", "2024-06-22 …"]
    assert (shown["right"] - shown["left"]).tolist() == [5, 1]
    assert sorted(shown["row"]) == [0, 1], "they would hide each other in one row"


def test_no_two_marks_of_a_lane_touch():
    days = [f"2024-06-{day:02}" for day in (1, 1, 2, 3, 5, 9)]
    shown, rows, _ = lanes(placed(*(("a", day, day) for day in days)), OVERVIEW)
    for _, row in shown.sort_values("left").groupby("row"):
        assert (row["left"].iloc[1:].to_numpy() >= row["right"].iloc[:-1].to_numpy()).all()
    assert rows[["top", "bottom"]].to_numpy().tolist() == [[0, shown["row"].max()], [shown["row"].max() + 1] * 2]


def test_what_more_articles_name_is_kept():
    events = placed(*((doc_id, day, day) for doc_id, day in [("a", "2024-06-01"), ("a", "2024-06-09"),
                    ("b", "2024-06-09"), ("b", "2024-07-30")]))  # fmt: skip
    shown, _, _ = lanes(events, OVERVIEW, max_events=2)
    assert shown["day_first"].tolist() == ["2024-06-09", "2024-06-09"]
    assert lanes(events, OVERVIEW, max_articles=1)[0]["doc_id"].unique().tolist() == ["a"]


@pytest.mark.parametrize("events", [placed(), placed(("a", None, None)), placed(("b", "2024-06-19", "2024-06-19"))])
def test_the_figure_is_drawn_whatever_there_is(events):
    fig = figures.timeline(*lanes(events, OVERVIEW))
    fig.canvas.draw()
    texts = [text.get_text() for ax in fig.axes for text in ax.texts]
    assert texts == (
        ["1"] if events["day_first"].notna().any() else ["No event has a date that can be put on an axis."]
    )
    plt.close(fig)
