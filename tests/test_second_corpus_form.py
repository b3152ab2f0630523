"""The second corpus is well formed: spans slice back, each fact has a status per article, the plants are there."""

import csv
import datetime
import json
import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

CORPUS = Path(__file__).parent / "second_corpus"
RAW = {path.stem: path.read_bytes().decode("utf-8") for path in sorted(CORPUS.glob("*.txt"))}
BLOCKS = {"title", "subtitle", "heading", "body", "byline", "dateline", "caption", "furniture", "either"}
CONTENT = {"title", "subtitle", "heading", "body"}
TARGETS = {"strike", "clash", "death", "people", "closure", "jobs"}
BOUNDS = {"exact", "about", "more_than", "at_least", "less_than", "at_most", "range"}
PLANTS = {
    "hypothetical",
    "exchanged_roles",
    "passive_paraphrase",
    "mutual",
    "negation",
    "early_article",
    "short_article",
    "exclusive",
}
DAY = re.compile(r"\d{4}-\d\d(-\d\d(TMO)?)?")


def load(name: str) -> Any:
    """Read one file of the annotation."""
    return json.loads((CORPUS / "annotations" / f"{name}.json").read_text(encoding="utf-8"))


ARTICLES = {doc_id: load(doc_id) for doc_id in RAW}
FACTS, NUMBERS, PASSAGES, TIMELINE = load("facts"), load("numbers"), load("passages"), load("timeline")
CELLS = {(fact["fact_id"], cell["doc_id"]): cell for fact in FACTS for cell in fact["documents"]}
GROUPS = {group["group_id"]: group for group in NUMBERS["groups"]}


def label_at(doc_id: str, start: int, end: int) -> str | None:
    """Name the block label of a span that lies within one block."""
    blocks = ARTICLES[doc_id]["blocks"]
    return next((b["label"] for b in blocks if b["start"] <= start and end <= b["end"]), None)


def spans() -> Iterator[dict]:
    """Yield every span of the comparison's annotation that tells its text."""
    for group in NUMBERS["groups"] + PASSAGES["not_copied"] + TIMELINE["clashes"] + TIMELINE["not_clashes"]:
        yield from group["members"]
    for trap in NUMBERS["traps"]:
        yield from (trap["a"], trap["b"])
    yield from TIMELINE["events"]


def test_every_article_is_annotated_and_listed() -> None:
    with (CORPUS / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["file"].removesuffix(".txt"): row for row in csv.DictReader(file)}
    annotated = {path.stem for path in (CORPUS / "annotations").glob("[0-9]*.json")}
    assert len(RAW) == 8
    assert set(RAW) == set(rows) == annotated
    for doc_id, article in ARTICLES.items():
        listed = {
            key for key, column in {"outlet": "outlet", "published": "published_at"}.items() if rows[doc_id][column]
        }
        assert listed == set(article["from_manifest"])
        assert article["outlet"]
        assert article["published"]
        if "outlet" in listed:
            assert rows[doc_id]["outlet"] == article["outlet"]
            assert article["outlet"] not in RAW[doc_id]
        else:
            assert article["outlet"].casefold() in RAW[doc_id].casefold()
    settings = tomllib.loads((CORPUS / "corpus.toml").read_text(encoding="utf-8"))
    assert settings["language"] == "it"
    assert isinstance(settings["reference_date"], datetime.date)


@pytest.mark.parametrize("doc_id", RAW)
def test_blocks_are_the_stripped_lines(doc_id: str) -> None:
    expected, position = [], 0
    for number, line in enumerate(RAW[doc_id].split("\n"), 1):
        if line.strip():
            start = position + len(line) - len(line.lstrip())
            expected.append((number, start, start + len(line.strip())))
        position += len(line) + 1
    blocks = ARTICLES[doc_id]["blocks"]
    assert [(b["line"], b["start"], b["end"]) for b in blocks] == expected
    assert {b["label"] for b in blocks} <= BLOCKS
    titles = [RAW[doc_id][b["start"] : b["end"]] for b in blocks if b["label"] == "title"]
    assert titles == [ARTICLES[doc_id]["title"]]


@pytest.mark.parametrize("doc_id", RAW)
def test_designations_stand_once_and_in_the_content(doc_id: str) -> None:
    voices = ARTICLES[doc_id]["voices"]
    assert voices
    assert all(a["end"] <= b["start"] for a, b in pairwise(voices))
    for row in voices:
        assert row["text"] == RAW[doc_id][row["start"] : row["end"]]
        assert label_at(doc_id, row["start"], row["end"]) in CONTENT
        assert row["target"] in TARGETS
        assert {row["voice"], *row.get("also", [])} <= {"own", "attributed", "quoted"}
        assert (row["voice"] == "own") == (row["holder"] is None)


def test_spans_slice_back_and_stand_in_the_content() -> None:
    for span in spans():
        assert span["text"] == RAW[span["doc_id"]][span["start"] : span["end"]] != ""
        assert label_at(span["doc_id"], span["start"], span["end"]) in CONTENT, span
    for plant in load("plants"):
        assert all(s["text"] == RAW[s["doc_id"]][s["start"] : s["end"]] for s in plant["members"])


def test_every_fact_has_a_status_per_article() -> None:
    assert len(FACTS) == len({fact["fact_id"] for fact in FACTS}) >= 20
    for fact in FACTS:
        assert [cell["doc_id"] for cell in fact["documents"]] == list(RAW)
        statuses = {cell["status"] for cell in fact["documents"]}
        assert statuses <= {"states", "omits", "contradicts", "either"}
        assert statuses & {"states", "contradicts"}
        for cell in fact["documents"]:
            assert (cell["status"] == "omits") == (cell["evidence"] == []) == (cell["voice"] is None)
            assert cell["voice"] in {None, "own", "attributed"}
            for span in cell["evidence"]:
                line = next(b for b in ARTICLES[cell["doc_id"]]["blocks"] if b["line"] == span["line"])
                assert line["label"] in CONTENT
                assert line["start"] <= span["start"] < span["end"] <= line["end"]


def test_numbers_agree_or_differ_as_they_are_said_to() -> None:
    for group in NUMBERS["groups"]:
        members = group["members"]
        assert group["relation"] in {"agrees", "differs", "differs_by_source"}
        assert len({m["doc_id"] for m in members}) >= 2, group["group_id"]
        assert {m["bound"] for m in members} <= BOUNDS
        for member in members:
            assert (member["value"] is None) == (member["bound"] == "range")
            assert member["value"] is not None or member["low"] < member["high"]
        values = [m["value"] for m in members if m["value"] is not None]
        assert (max(values) / min(values) > 1.2) == (group["relation"] != "agrees"), group["group_id"]
        if group["relation"] == "differs_by_source":
            assert len({m["asserter"] for m in members} - {None}) >= 2


def test_a_trap_joins_no_two_members_of_a_group() -> None:
    together = [{(m["doc_id"], m["start"]) for m in group["members"]} for group in NUMBERS["groups"]]
    for trap in NUMBERS["traps"]:
        pair = {(trap[side]["doc_id"], trap[side]["start"]) for side in "ab"}
        assert len(pair) == 2
        assert not any(pair <= group for group in together)


def test_copied_passages_share_words_and_independent_articles_share_a_quotation_only() -> None:
    copied = set()
    for row in PASSAGES["copied"]:
        assert row["doc_id"] < row["other_doc_id"]
        one = RAW[row["doc_id"]][row["start"] : row["end"]]
        other = RAW[row["other_doc_id"]][row["other_start"] : row["other_end"]]
        words, others = (set(re.findall(r"\w+", text.casefold())) for text in (one, other))
        assert len(words & others) / len(words | others) > 0.5
        copied |= {row["doc_id"], row["other_doc_id"]}
    quotation = PASSAGES["not_copied"][0]["members"]
    assert len({m["text"] for m in quotation}) == 1
    assert len(quotation) == 3
    assert not copied & {m["doc_id"] for m in quotation}
    origins = load("origins")
    assert sorted(doc_id for cluster in origins["clusters"] for doc_id in cluster) == list(RAW)
    assert origins["independent_origins"] == len(origins["clusters"])
    assert {doc_id for doc_id, share in origins["share_words"].items() if share} == copied
    assert {doc_id for doc_id, article in ARTICLES.items() if article["agency"]} == copied


def test_dates_clash_as_they_are_said_to() -> None:
    assert all(DAY.fullmatch(event["value"]) for event in TIMELINE["events"])
    assert {event["doc_id"] for event in TIMELINE["events"]} == set(RAW)
    by_kind = {clash["kind"]: clash for clash in TIMELINE["clashes"]}
    assert set(by_kind) == {"between_articles", "correction", "weekday"}
    assert {m["value"] for m in by_kind["between_articles"]["members"]} == {"2025-10-13", "2025-10-15"}
    assert "Errata corrige" in by_kind["correction"]["members"][0]["text"]
    assert by_kind["weekday"]["members"][0]["text"] == "venerdì 9 ottobre"
    assert datetime.date(2025, 10, 9).isoweekday() == 4  # a Thursday


def test_what_was_planted_is_there() -> None:
    plants = load("plants")
    assert {plant["kind"] for plant in plants} == PLANTS
    for plant in plants:
        where = {m["doc_id"] for m in plant["members"]}
        statuses = {doc_id: CELLS[plant["fact_id"], doc_id]["status"] for doc_id in RAW} if plant["fact_id"] else {}
        if plant["kind"] == "hypothetical":
            assert {statuses[doc_id] for doc_id in where} == {"omits"}
        if plant["kind"] == "exchanged_roles":
            assert {statuses[doc_id] for doc_id in where} == {"states", "contradicts"}
        if plant["kind"] == "passive_paraphrase":
            assert {statuses[doc_id] for doc_id in where} == {"states"}
        if plant["kind"] == "exclusive":
            assert {doc_id for doc_id, status in statuses.items() if status != "omits"} == where
    assert {m["value"] for m in GROUPS["containers"]["members"]} == {120, 1200}
    assert "at_least" in {m["bound"] for m in GROUPS["containers"]["members"]}
    written = {m["text"] for m in GROUPS["marchers-union"]["members"]}
    assert {"tremila", "3.000 persone", "circa 3 mila"} <= written
    voices = {row["voice"] for article in ARTICLES.values() for row in article["voices"] if row["target"] == "closure"}
    assert voices == {"own", "attributed", "quoted"}
