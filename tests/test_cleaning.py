"""What the labeller must keep, what it must set aside, and what no text may break."""

from __future__ import annotations

import time
import tomllib
from importlib import resources
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rassegna import cleaning
from rassegna.cleaning.features import Page, features
from rassegna.cleaning.model import shipped_model
from rassegna.cleaning.words import KINDS, vocabulary

SEEDS = Path(__file__).parents[1] / "seeds"
PROSE = [
    (
        "Il consiglio comunale ha approvato ieri sera il bilancio, con ventidue voti "
        "favorevoli e nove contrari, dopo sei ore di discussione."
    ),
    (
        "Secondo l'assessora i fondi per le scuole aumenteranno del quattro per cento, mentre "
        "resta incerto il destino della biblioteca."
    ),
    (
        "«Non abbiamo tagliato un solo servizio», ha detto il sindaco ai giornalisti, «e chi "
        "sostiene il contrario non ha letto le carte»."
    ),
    (
        "L'opposizione ha annunciato un ricorso: il testo, sostiene, è arrivato in aula senza "
        "il parere dei revisori previsto dalla legge."
    ),
    (
        "La seduta riprenderà giovedì con il voto sugli emendamenti, poi il documento passerà "
        "alla Regione per il controllo definitivo."
    ),
]
TITLE = "Bilancio approvato nella notte, il sindaco: «Nessun taglio ai servizi»"
AROUND = [
    "Condividi su Facebook", "PUBBLICITÀ", "Iscriviti alla newsletter", "© Riproduzione riservata", "Commenti (12)",
    "Leggi anche", "Ultime notizie", "Accetta tutti i cookie", "Torna su", "Privacy Policy | Cookie Policy | Contatti",
]  # fmt: skip


AMID = [line for line in AROUND if line[0] not in "©C" or "Condividi" in line]  # what does not end an article


def labels(raw: str, language: str = "it") -> list[tuple[str, str]]:
    """Text and label of each block of a page."""
    return [(raw[b.start : b.end], b.label) for b in cleaning.label_lines(raw, language=language)]


def articles(*raws: str) -> pd.DataFrame:
    """A corpus of Italian articles named d0, d1 and so on."""
    return pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(raws))], "language": "it", "raw": list(raws)})


@pytest.mark.parametrize("line", AROUND)
def test_furniture_between_paragraphs_is_set_aside(line: str) -> None:
    got = dict(labels("\n".join([TITLE, *PROSE[:3], line, *PROSE[3:], line + " "])))
    assert got[line] == "furniture"
    assert {text for text, label in got.items() if label == "body"} >= set(PROSE[1:])


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "\n\n", "\u2028", "\n \t\xa0\n"])
def test_article_without_furniture_is_kept_whatever_its_line_ends(ends: str) -> None:
    got = labels(ends.join([TITLE, *PROSE]))
    assert [text for text, _ in got] == [TITLE, *PROSE]
    assert all(label in cleaning.CONTENT for _, label in got)
    assert got[0][1] == "title"


def test_article_in_one_line_is_kept() -> None:
    assert [label for _, label in labels(" ".join(PROSE * 3))] in (["body"], ["subtitle"])


def test_paragraphs_broken_in_mid_sentence_are_kept() -> None:
    words = " ".join(PROSE * 2).split()
    lines = [" ".join(words[i : i + 9]) for i in range(0, len(words), 9)]
    got = labels("\n".join([TITLE, *lines]))
    lost = [text for text, label in got[1:] if label not in cleaning.CONTENT]
    assert not lost


def test_quotations_are_kept() -> None:
    said = "«Chi sostiene il contrario non ha letto le carte, e lo dico da anni», ha risposto il sindaco."
    got = dict(labels("\n".join([TITLE, *PROSE, said, "Condividi", "Leggi anche", "Ultime notizie"])))
    assert got[said] in cleaning.CONTENT


@pytest.mark.parametrize("again", [TITLE, TITLE.upper(), TITLE + ".", f"  {TITLE}  "])
def test_repeated_title_is_furniture(again: str) -> None:
    frame = cleaning.blocks(articles("\n".join([TITLE, again, *PROSE])))
    assert frame["label"].tolist()[:2] == ["title", "furniture"]
    assert (frame["label"] == "title").sum() == 1


@pytest.mark.parametrize("form", ["{n}) {item}", "{n}. {item}", "- {item}", "{item}"])
def test_list_amid_the_text_is_kept(form: str) -> None:
    items = ["Farina di ceci", "Acqua tiepida", "Olio d'oliva", "Sale grosso", "Rosmarino fresco", "Pepe nero"]
    listed = [form.format(n=n, item=item) for n, item in enumerate(items, 1)]
    got = dict(labels("\n".join([TITLE, *PROSE[:3], *listed, *PROSE[3:]])))
    assert sum(got[line] not in cleaning.CONTENT for line in listed) <= 1


def test_heading_below_a_link_to_another_article_is_kept() -> None:
    heading, link = "Che cosa cambia per le scuole", "Leggi anche: Il comune assume trenta vigili"
    got = dict(labels("\n".join([TITLE, *PROSE[:2], link, heading, *PROSE[2:]])))
    assert got[link] == "furniture"
    assert got[heading] in cleaning.CONTENT


@pytest.mark.parametrize("credit", ["con AFP / Crediti fotografici: Comune di Torino", "con ANSA", "e agenzie"])
def test_author_with_an_agency_or_a_credit_is_a_byline(credit: str) -> None:
    byline = f"Di Giulia Ferri {credit}"
    assert dict(labels("\n".join([TITLE, byline, "18 giugno 2024", *PROSE])))[byline] == "byline"


def test_no_line_without_a_word_is_content() -> None:
    frame = cleaning.blocks(articles("\n".join([TITLE, *PROSE, "* * *", "|", "—"])))
    assert frame[frame["reason"] == "no word"]["text"].tolist() == ["* * *", "|", "—"]


def test_short_line_of_many_articles_is_furniture_but_shared_prose_is_not() -> None:
    pages = [f"{TITLE}\n{PROSE[i]}\nTerritorio in festa\n{PROSE[i + 1]}\n{PROSE[0]}" for i in range(1, 4)]
    frame = cleaning.blocks(articles(*pages))
    assert set(frame.loc[frame["text"] == "Territorio in festa", "label"]) == {"furniture"}
    assert set(frame.loc[frame["text"] == PROSE[0], "label"]) == {"body"}


def test_table_has_the_contract_and_does_not_depend_on_order() -> None:
    frame = articles(*["\n".join([TITLE, *PROSE[i:], *AROUND[i:]]) for i in range(4)], "", " \n ")
    got = cleaning.blocks(frame)
    assert got.columns.tolist() == ["doc_id", "block_id", "start", "end", "label", "reason", "text"]
    assert set(got["label"]) <= set(cleaning.LABELS)
    assert set(got["doc_id"]) == {"d0", "d1", "d2", "d3"}
    pd.testing.assert_frame_equal(got, cleaning.blocks(frame.iloc[::-1]))
    alone = cleaning.blocks(frame.iloc[[2]])
    assert alone["label"].tolist() == got.loc[got["doc_id"] == "d2", "label"].tolist()


def test_empty_corpus_gives_an_empty_table() -> None:
    assert cleaning.blocks(articles()).columns.tolist() == cleaning.blocks(articles("a")).columns.tolist()


def test_wrong_tables_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="language"):
        cleaning.blocks(pd.DataFrame({"doc_id": ["a"], "raw": ["x"]}))
    twice = pd.concat([articles("x"), articles("y")])
    with pytest.raises(ValueError, match="d0"):
        cleaning.blocks(twice)


@pytest.mark.parametrize("language", ["xx", "und", "", "zz-ZZ", "../it", "tlh", "ja", "pt"])
def test_languages_without_data_do_not_fail(language: str) -> None:
    got = labels("\n".join([TITLE, *PROSE]), language)
    assert sum(label in cleaning.CONTENT for _, label in got) >= len(PROSE)


def test_seeds_keep_all_prose() -> None:
    frame = pd.DataFrame(
        [(p.stem, "it", p.read_text(encoding="utf-8-sig")) for p in sorted(SEEDS.glob("*.txt"))],
        columns=["doc_id", "language", "raw"],
    )
    got = cleaning.blocks(frame)
    prose = got[got["text"].str.len() > 300]
    kept = prose["label"].isin(cleaning.CONTENT)
    assert len(prose) > 20
    assert kept.sum() >= len(prose) - 1  # the one is an imprint
    assert (got.groupby("doc_id")["label"].apply(lambda x: (x == "title").sum()) <= 1).all()


def test_phrase_lists_are_whole() -> None:
    root = resources.files("rassegna") / "languages"
    codes = [p.name for p in root.iterdir() if (p / "furniture.toml").is_file()]
    assert "it" in codes
    for code in codes:
        data = tomllib.loads((root / code / "furniture.toml").read_text(encoding="utf-8"))
        assert set(data["phrases"]) == set(KINDS) - {"calendar"}, code
        listed = [p for phrases in data["phrases"].values() for p in phrases] + data["function_words"]
        assert all(p == p.strip().lower() for p in listed), code
        assert vocabulary(code).known


def test_region_of_a_language_is_ignored() -> None:
    assert [vocabulary(code).known for code in ("it-IT", "IT", "xx")] == [True, True, False]


def test_month_names_come_with_any_language() -> None:
    page = Page(["12 grudnia"], "pl")
    found = features([page])
    assert found.dense[0, found.names.index("calendar")] > 0


def test_shipped_model_fits_the_features() -> None:
    model = shipped_model()
    assert model.labels == cleaning.LABELS
    _, chances = model.probabilities([Page([TITLE, *PROSE], "it")])
    assert chances.shape == (6, 8)
    assert abs(chances.sum(axis=1) - 1).max() < 0.01


anything = st.text(st.characters(), max_size=400)
pieces = st.lists(
    st.one_of(anything, st.sampled_from([*PROSE, *AROUND, TITLE, "\n", "\r\n", "\u2028", "\u202e"])),
    max_size=12,
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(pieces, st.sampled_from(["it", "en", "xx"]))
def test_blocks_slice_back_and_cover_every_character_once(parts: list[str], language: str) -> None:
    raw = "\n".join(parts)
    got = cleaning.label_lines(raw, language=language)
    inside = [k for b in got for k in range(b.start, b.end)]
    assert len(inside) == len(set(inside))
    assert {k for k, c in enumerate(raw) if not c.isspace()} <= set(inside)
    assert all(raw[b.start : b.end] == raw[b.start : b.end].strip() != "" for b in got)
    assert all(len(raw[b.start : b.end].splitlines()) == 1 for b in got)
    assert got == cleaning.label_lines(raw, language=language)


@settings(deadline=None, max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(PROSE), st.lists(st.sampled_from(AMID), max_size=4, unique=True), st.integers(1, 3))
def test_cleaned_article_stays_as_it_is(prose: list[str], around: list[str], at: int) -> None:
    once = [
        text
        for text, label in labels("\n".join([TITLE, *prose[:at], *around, *prose[at:]]))
        if label in cleaning.CONTENT
    ]
    assert set(once) >= set(prose)
    again = [text for text, label in labels("\n".join(once)) if label in cleaning.CONTENT]
    assert again == once


HOSTILE = {
    "one line": "Il ministro ha detto di no. " * 750_000,
    "one word": "a" * 5_000_000,
    "blank lines": "\n" * 200_000 + "fine",
    "short lines": "a\n" * 200_000,
    "the same line": (PROSE[0] + "\n") * 20_000,
    "quotation marks": '"' * 1_000_000,
    "guillemets": "« » " * 250_000,
    "controls": "".join(map(chr, range(32))) * 5_000,
    "bidirectional": "\u202e\u2066abc\u2069 \u200f" * 50_000,
    "combining": "e" + "\u0301" * 500_000,
    "surrogates": "\ud800\udfff " * 50_000,
    "ideographs": "政府は昨日、新しい法案を発表した。" * 20_000,
    "markup": "<script>alert(1)</script>\n=HYPERLINK(1)\n{{7*7}}\n" * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_linear_time(name: str) -> None:
    raw = HOSTILE[name]
    begun = time.process_time()
    got = cleaning.label_lines(raw, language="it")
    assert time.process_time() - begun < 1 + len(raw) * 20e-6 + raw.count("\n") * 40e-6
    assert sum(b.end - b.start for b in got) <= len(raw)
