"""Labelled pages for training: reading them, and varying them so that the model meets what people paste."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

CONTENT = ("title", "subtitle", "heading", "body")


@dataclass(frozen=True)
class Record:
    """One labelled page: lines, a label and "was put in by hand" for each."""

    id: str
    language: str
    publisher: str
    mode: str
    lines: list[str]
    labels: list[str]
    made: list[bool]
    weight: float = 1.0

    def weights(self) -> list[float]:
        """How much each line counts in the loss; body more, the long menus of full dumps less."""
        furniture = 0.5 if self.mode == "full" else 1.0
        by_label = {"furniture": furniture, "body": 1.3}
        return [0.0 if x == "unsure" else self.weight * by_label.get(x, 1.0) for x in self.labels]

    def only(self, kept: list[int]) -> Record:
        """The page with some of its lines."""
        return replace(
            self,
            lines=[self.lines[i] for i in kept],
            labels=[self.labels[i] for i in kept],
            made=[self.made[i] for i in kept],
        )


def read_records(folder: Path, *, without_made: bool = False) -> list[Record]:
    """Read all pages; a language weighs with the square root of its pages, Italian twice."""
    records = []
    for path in sorted(folder.glob("*.jsonl")):
        for row in path.read_text(encoding="utf-8").split("\n"):
            if not row:
                continue
            page = json.loads(row)
            lines = [x for x in page["lines"] if not (without_made and x.get("made"))]
            record = Record(
                page["id"], page["language"], page["publisher"], page["mode"], [x["text"] for x in lines],
                [x["label"] for x in lines], [bool(x.get("made")) for x in lines],
            )  # fmt: skip
            records.append(record)
    pages = Counter(r.language for r in records)
    usual = sum(n**0.5 for n in pages.values()) / len(records)
    return [replace(r, weight=pages[r.language] ** -0.5 / usual * (2 if r.language == "it" else 1)) for r in records]


def augmented(record: Record, rng: random.Random) -> Record:
    """A variant of the page: less furniture, broken or joined paragraphs, no title or two."""
    page = record
    if rng.random() < 0.5:
        page = page.only([i for i in range(len(page.lines)) if not page.made[i]])
    page = _thinned(page, rng)
    if rng.random() < 0.1:
        page = page.only([i for i, x in enumerate(page.labels) if x != "title"])
    if rng.random() < 0.15:
        page = _title_again(page, rng)
    chance = rng.random()
    if chance < 0.1:
        page = _broken(page, rng)
    elif chance < 0.16:
        page = _by_sentence(page, rng)
    elif chance < 0.26:
        page = _joined(page, rng)
    if rng.random() < 0.1:
        page = replace(page, language="und")
    return page if page.lines else record


def _thinned(page: Record, rng: random.Random) -> Record:
    content = [i for i, x in enumerate(page.labels) if x in CONTENT]
    if not content:
        return page
    reach = rng.choice([0, 2, 5, 10, 30, 400]) if page.mode == "full" else rng.choice([0, 5, 400, 400])
    low, high = content[0] - reach, content[-1] + reach
    keep = rng.choice([0.0, 0.4, 0.7, 1.0])
    kept, run = [], True
    for i, label in enumerate(page.labels):
        if label != "furniture":
            kept.append(i) if low - 6 <= i <= high + 6 else None
            continue
        if i == 0 or page.labels[i - 1] != "furniture" or rng.random() < 0.2:
            run = rng.random() < keep
        if run and low <= i <= high:
            kept.append(i)
    return page.only(kept)


def _title_again(page: Record, rng: random.Random) -> Record:
    if "title" not in page.labels:
        return page
    at = page.labels.index("title")
    to = at + 1 if rng.random() < 0.7 else rng.randrange(at + 1, len(page.lines) + 1)
    lines, labels, made = list(page.lines), list(page.labels), list(page.made)
    lines.insert(to, lines[at])
    labels.insert(to, "furniture")
    made.insert(to, True)
    return replace(page, lines=lines, labels=labels, made=made)


def _rewritten(page: Record, pieces: list[tuple[str, int]]) -> Record:
    return replace(
        page,
        lines=[text for text, _ in pieces],
        labels=[page.labels[i] for _, i in pieces],
        made=[page.made[i] for _, i in pieces],
    )


def _broken(page: Record, rng: random.Random) -> Record:
    """Wrap the paragraphs at a width, mid-sentence."""
    width = rng.choice([50, 72, 90, 130])
    pieces = []
    for i, text in enumerate(page.lines):
        while page.labels[i] == "body" and len(text) > width * 1.2 and " " in text[width // 2 : width]:
            cut = text.rindex(" ", 0, width)
            pieces.append((text[:cut].strip(), i))
            text = text[cut:].strip()
        if text:
            pieces.append((text, i))
    return _rewritten(page, pieces)


def _by_sentence(page: Record, rng: random.Random) -> Record:
    """One line a sentence."""
    pieces = []
    for i, text in enumerate(page.lines):
        parts = re.split(r"(?<=[.!?»”\"]) (?=[A-ZÀ-Ý«“\"])", text) if page.labels[i] == "body" else [text]
        pieces += [(part, i) for part in parts if part.strip()]
    return _rewritten(page, pieces)


def _joined(page: Record, rng: random.Random) -> Record:
    """Glue paragraphs together: some, or the whole article from the subtitle on."""
    chance = rng.choice([0.4, 1.0])
    pieces: list[tuple[str, int]] = []
    for i, text in enumerate(page.lines):
        glue = page.labels[i] == "body" or (chance == 1 and page.labels[i] == "heading")
        last = pieces[-1][1] if pieces else i
        if (
            glue
            and pieces
            and i
            and page.labels[last] == "body"
            and last != i
            and rng.random() < chance
            and page.labels[i - 1] in CONTENT
        ):
            pieces[-1] = (pieces[-1][0] + " " + text, last)
        else:
            pieces.append((text, i))
    return _rewritten(page, pieces)
