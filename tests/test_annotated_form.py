"""The annotated test articles are well formed: spans slice back, labels are known, nothing stands twice."""

import csv
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

ANNOTATED = Path(__file__).parent / "annotated"
GOLD = sorted((ANNOTATED / "gold").glob("[0-9]*.json"))
BLOCKS = {"title", "subtitle", "heading", "body", "byline", "dateline", "caption", "furniture", "either"}
CONTENT = {"title", "subtitle", "heading", "body"}
BOUNDS = {"exact", "about", "more_than", "at_least", "less_than", "at_most", "range", "vague", "ordinal"}
FORMS = {"speech_act", "belief", "free", "hearsay", "evidence", "accusation"}
DAMAGE = {"misspelling", "agreement", "fragment", "garbled", "mistranslation", "grammar"}
NOT_QUOTES = {"title", "name", "scare", "furniture"}
SPANS = [
    "quotes",
    "not_quotes",
    "indirect",
    "quantities",
    "not_quantities",
    "dates",
    "mentions",
    "voices",
    "damage",
]
TIMEX = re.compile(
    r"(PRESENT_REF|PAST_REF|FUTURE_REF"
    r"|\d{2,4}(-(\d\d|FA|SP|SU|WI|Q[1-4]|W\d\d(-WE)?)(-\d\d)?)?(T(\d\d:\d\d|MO|MI|AF|EV|NI))?(/\d{4}(-\d\d(-\d\d)?)?)?/?"
    r"|P((\d[\d.]*|X)[YMWD])*(T((\d+|X)[HMS])+)?(/P\d+[YMWD])?|XXXX)"
)


def load(path: Path) -> tuple[dict, str]:
    """Read one annotation and the text that it speaks of."""
    gold = json.loads(path.read_text(encoding="utf-8"))
    raw = (ANNOTATED / "articles" / f"{gold['doc_id']}.txt").read_bytes().decode("utf-8")
    return gold, raw


def label_at(gold: dict, offset: int) -> str | None:
    """Name the block label at an offset."""
    return next((b["label"] for b in gold["blocks"] if b["start"] <= offset < b["end"]), None)


def test_every_article_has_an_annotation_and_a_manifest_row() -> None:
    names = {p.stem for p in (ANNOTATED / "articles").glob("*.txt")}
    with (ANNOTATED / "articles" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        listed = [Path(row["file"]).stem for row in csv.DictReader(file)]
    assert names == {p.stem for p in GOLD} == set(listed)
    assert len(listed) == len(set(listed)) >= 12


@pytest.mark.parametrize("path", GOLD, ids=lambda p: p.stem)
def test_blocks_are_the_stripped_lines(path: Path) -> None:
    gold, raw = load(path)
    position, expected = 0, []
    for number, line in enumerate(raw.split("\n"), 1):
        if line.strip():
            start = position + len(line) - len(line.lstrip())
            expected.append((number, start, start + len(line.strip())))
        position += len(line) + 1
    assert [(b["line"], b["start"], b["end"]) for b in gold["blocks"]] == expected
    assert {b["label"] for b in gold["blocks"]} <= BLOCKS
    titles = [raw[b["start"] : b["end"]] for b in gold["blocks"] if b["label"] == "title"]
    assert titles == ([gold["title"]] if gold["title"] else [])


@pytest.mark.parametrize("path", GOLD, ids=lambda p: p.stem)
def test_spans_slice_back_and_stand_once(path: Path) -> None:
    gold, raw = load(path)
    for key in SPANS:
        spans = [(r["start"], r["end"]) for r in gold[key]]
        assert spans == sorted(set(spans)), f"{path.stem}: {key} unsorted or twice"
        for row in gold[key]:
            assert row["text"] == raw[row["start"] : row["end"]]
            assert row["text"]
            assert row["text"] == row["text"].strip()
            if not key.startswith("not_") and key != "damage":
                assert label_at(gold, row["start"]) in CONTENT, (path.stem, key, row["text"])


@pytest.mark.parametrize("path", GOLD, ids=lambda p: p.stem)
def test_labels_are_known(path: Path) -> None:
    gold, raw = load(path)
    for row in gold["quotes"] + gold["indirect"]:
        assert row["speaker"]
        near = raw[max(0, row["start"] - 260) : row["end"] + 260]
        assert row["cue"] is None or row["cue"] in near, (path.stem, row["cue"], row["text"])
        assert row.get("form", "free") in FORMS
    for row in gold["quantities"]:
        assert row["bound"] in BOUNDS
        assert row["unit"]
        assert (row["value"] is None) == (row["bound"] in {"range", "vague"})
        assert row["bound"] != "range" or row["low"] < row["high"]
    for row in gold["dates"]:
        for value in [row["value"], *row["also"]]:
            assert TIMEX.fullmatch(value), (path.stem, row["text"], value)
    assert {r["kind"] for r in gold["damage"]} <= DAMAGE
    assert {r["kind"] for r in gold["not_quotes"]} <= NOT_QUOTES
    assert {r["voice"] for r in gold["voices"]} <= {"own", "attributed", "quoted"}


@pytest.mark.parametrize("path", GOLD, ids=lambda p: p.stem)
def test_quotes_do_not_overlap_each_other_or_what_is_none(path: Path) -> None:
    gold, _ = load(path)
    spans = sorted((r["start"], r["end"]) for r in gold["quotes"] + gold["not_quotes"])
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    numbers = sorted((r["start"], r["end"]) for r in gold["quantities"])
    assert all(a[1] <= b[0] for a, b in pairwise(numbers))
    for trap in gold["not_quantities"]:
        assert not any(s < trap["end"] and trap["start"] < e for s, e in numbers), trap


@pytest.mark.parametrize("path", GOLD, ids=lambda p: p.stem)
def test_entities_are_those_that_are_mentioned(path: Path) -> None:
    gold, raw = load(path)
    for label in ("PER", "ORG", "LOC", "MISC"):
        found = {m["canonical"] for m in gold["mentions"] if m["label"] == label}
        assert found == set(gold["entities"][label])
        assert len(found) == len(gold["entities"][label])
    content = "\n".join(raw[b["start"] : b["end"]] for b in gold["blocks"] if b["label"] in CONTENT)
    for name in gold["entities"]["absent"]:
        assert name in raw
        assert name not in content


def test_an_alias_stands_for_one_entity() -> None:
    aliases = json.loads((ANNOTATED / "gold" / "aliases.json").read_text(encoding="utf-8"))
    seen = [a.casefold() for name, forms in aliases.items() for a in (name, *forms)]
    assert len(seen) == len(set(seen))
