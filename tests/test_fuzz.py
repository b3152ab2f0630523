"""A little of what `make fuzz` does at length, with fixed seeds; and what it has found."""

import random
import shutil

import fuzz
import guided
import pytest
from conftest import ROOT
from hostile import BOMBS, PIECES, PROSE
from hypothesis import given, settings, strategies
from rassegna import annotation
from rassegna.extraction import extract
from rassegna.settings import Settings

SIZE = 20_000
COLD = 4  # seconds of the processor, to load the words of a language


@pytest.mark.parametrize("seed", [1, 2])
def test_hostile_articles_go_through_everything(tmp_path, seed):
    fuzz.write(tmp_path / "work" / "corpus", 24, random.Random(seed))
    rows = fuzz.check(tmp_path / "work" / "corpus")
    assert rows["articles"] >= 6
    assert rows["quantities"] > 0


@settings(max_examples=40, deadline=None)
@given(strategies.lists(strategies.sampled_from(PIECES) | strategies.text(max_size=20), max_size=40))
def test_every_text_goes_through_the_rules(pieces):
    guided.through("".join(pieces).encode(errors="replace"))


@settings(max_examples=20, deadline=None)
@given(strategies.binary(max_size=400))
def test_every_row_of_bytes_goes_through_the_rules(data):
    guided.through(data)


@pytest.mark.parametrize("kind", BOMBS)
def test_cleaning_grows_with_the_length(kind):
    assert fuzz.grow(BOMBS[kind](1_000_000)) < fuzz.SECONDS


@pytest.mark.parametrize(
    "kind", ["words with no width between", "mail", "thousands", "days", "quoted words", "sayings", "endless names"]
)
def test_rules_grow_with_the_length(kind):
    assert fuzz.follow(BOMBS[kind](SIZE)) < COLD + fuzz.RULES * SIZE / 1e6


FOUND = {
    "a day that no calendar has": f"{PROSE}\n\nTra 99999999999 giorni, e 99999999999 settimane fa.",
    "days around the last of a calendar": f"{PROSE}\n\n9999-12-31 10:00\n\nIl 3 maggio e il 16 giugno, lunedì 5 marzo.",
    "a time of more digits than a number holds": f"{PROSE}\n\nHa vinto in {'1' * 400}:22.33 e poi in 2'{'9' * 330}\".",
    "a number glued to the last word of a text": f"{PROSE}\n\nIl ministro ha visto 5a\u00ad1",
}


@pytest.mark.parametrize("kind", FOUND)
def test_what_was_found_stays_mended(tmp_path, kind):
    (tmp_path / "work" / "corpus").mkdir(parents=True)
    (tmp_path / "work" / "corpus" / "a.txt").write_text(FOUND[kind], encoding="utf-8")
    assert fuzz.check(tmp_path / "work" / "corpus")["articles"] == 1


def test_files_that_were_found_stay_read(tmp_path):
    """Two files of which statements were grouped by a preposition without letters."""
    shutil.copytree(ROOT / "tests" / "found", tmp_path / "work" / "corpus")
    assert fuzz.check(tmp_path / "work" / "corpus")["facts"] > 0


def test_a_block_longer_than_the_parser_takes_is_read_in_pieces(tmp_path, monkeypatch):
    raw = f"Titolo\n\n{PROSE * 6}{'x' * 300} «Ciao», ha detto Anna Neri. {PROSE}"
    (tmp_path / "a.txt").write_text(raw, encoding="utf-8")
    monkeypatch.setattr(annotation, "LONGEST", 200)
    found = extract(Settings.from_parameters(tmp_path))
    assert len(found.docs["a"]._.blocks) > 4
    for kind, table in found.tables.items():
        fuzz._in_place(kind, table, found.raw)
    assert "Anna Neri" in set(found.quotes["speaker"])
    assert sum(len(text.replace(" ", "")) for text in found.sentences["text"]) == len("".join(raw.split()[1:]))
