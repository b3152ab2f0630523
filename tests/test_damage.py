"""Damage: what is warned of, and what looks like it and is not."""

import pandas as pd
import pytest
from rassegna.damage import damage

LONG = "Il governo ha annunciato ieri a Roma un piano che divide la maggioranza"


def find(*paragraphs: str) -> list[tuple[str, str]]:
    """(reason, text) of the damage in an article's paragraphs."""
    rows, at = [], 0
    for n, text in enumerate(paragraphs):
        rows.append(("a", n, at, at + len(text), "body", text))
        at += len(text) + 1
    blocks = pd.DataFrame(rows, columns=["doc_id", "block_id", "start", "end", "label", "text"])
    found = damage(blocks, pd.DataFrame([{"doc_id": "a", "language": "it"}]))
    raw = "\n".join(paragraphs)
    for row in found.itertuples():
        assert raw[row.start : row.end] == row.text
    return list(zip(found["reason"], found["text"], strict=True))


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        ([f"{LONG}. la delegazione."], [("torn sentence", "maggioranza. la")]),
        (["Lo dice Anna Neri. all’agenzia di stampa."], [("torn sentence", "Neri. all’agenzia")]),
        (["Ã¨ vero, perchÃ© no."], [("mojibake", "Ã¨")]),
        (["Una citt\ufffd\ufffd bella."], [("replacement character", "\ufffd\ufffd")]),
        ([f"{LONG}.", "e poi si vedrà."], [("broken paragraph", "e")]),
        ([f"{LONG}.", LONG], [("unfinished", "maggioranza")]),
        ([f"{LONG}.", f"{LONG}."], [("repeated paragraph", f"{LONG}.")]),
        (["Va in Russia da Roma. Russia. Poi torna."], [("lone name", "Russia.")]),
        (["Un messile cade. Il missile era uno. Un missile."], [("misspelt: missile", "messile")]),
    ],
)
def test_damage(paragraphs, expected):
    assert find(*paragraphs) == expected


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
    ],
)
def test_no_damage(paragraphs):
    assert find(*paragraphs) == []
