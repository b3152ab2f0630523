"""Hostile text through the whole extraction: no crash, offsets hold, time grows with length, not its square."""

import time

import pytest
from rassegna.cleaning import CONTENT
from rassegna.damage.text import in_blocks
from rassegna.extraction import extract
from rassegna.settings import Settings

SIZE = 1_000_000
BUDGET = 8  # processor seconds a million characters; what is quadratic takes minutes
TEXTS = {
    "one line of prose": 'La Gazzetta Di Prova ha detto "ciao" a tutti. ',
    "blank lines": "\n",
    "quotation marks": '"«“',
    "numbered lines": "Riga 1\n",
    "bylines": "Di Mario Neri 12/03/2024 10:35\n",
    "capitals": "Ab ",
    "controls and marks that turn text": "\u202eparola\x0bx(\u200b e ancora altre\x07 ",
    "weekdays": "martedì 18 giugno 2022 ",
    "imprints": "© 2024 ",
    "torn sentences": "parola. a",
    "brackets": "((((",
    "addresses": "www.a.",
    "replacement characters": "Ã¨\ufffd",
    "small words": "il di del la ",
    "doubled words": "casa casa ",
    "mark-up": "<a ",
    "unknown words": "casaccioni ",
}


@pytest.mark.parametrize("name", TEXTS)
def test_hostile_text(tmp_path, name):
    unit = TEXTS[name]
    raw = unit * (SIZE // len(unit)) + " fine"
    (tmp_path / "a.txt").write_text(raw, encoding="utf-8", newline="")
    started = time.process_time()
    found = extract(Settings.from_parameters(tmp_path))
    content = found.blocks[found.blocks["label"].isin(CONTENT)]
    places = list(in_blocks(content, {"a": "it"}))
    assert time.process_time() - started < BUDGET
    assert found.raw["a"] == raw
    for row in found.blocks.itertuples():
        assert raw[row.start : row.end] == row.text
    for _, start, end, text, *_ in places:
        assert raw[start:end] == text
    kept = sum(len("".join(text.split())) for text in found.blocks["text"])
    assert kept == len("".join(raw.split()))
