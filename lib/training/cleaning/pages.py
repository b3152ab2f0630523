"""Labelled pages for training: reading them, and varying them so that the model meets what people paste."""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
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
        by_label = {"furniture": furniture, "body": 1.3, "heading": 1.3, "title": 1.5}
        return [0.0 if x == "unsure" else self.weight * by_label.get(x, 1.0) for x in self.labels]

    def span(self) -> tuple[int, int] | None:
        """The first line of the content and the line after its last."""
        content = [i for i, label in enumerate(self.labels) if label in CONTENT]
        return (content[0], content[-1] + 1) if content else None

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


def donors(records: list[Record]) -> dict[str, list[Record]]:
    """Pages whose furniture may stand around another page's article, by language and mode, and by mode."""
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if "furniture" in record.labels:
            found[f"{record.language} {record.mode}"].append(record)
            found[record.mode].append(record)
    return found


def augmented(record: Record, given: dict[str, list[Record]], rng: random.Random) -> Record:
    """A variant of the page: other or less furniture, paragraphs broken, joined or listed, no title or two."""
    page = record
    if rng.random() < 0.5:
        page = page.only([i for i in range(len(page.lines)) if not page.made[i]])
    if rng.random() < 0.3:
        near = given.get(f"{page.language} {page.mode}", [])
        page = _spliced(page, rng.choice(near if len(near) > 4 else given[page.mode]))
    page = _thinned(page, rng)
    if rng.random() < 0.1:
        page = page.only([i for i, x in enumerate(page.labels) if x != "title"])
    if rng.random() < 0.15:
        page = _title_again(page, rng)
    chance = rng.random()
    for share, change in ((0.1, _broken), (0.06, _by_sentence), (0.1, _joined), (0.05, _listed)):
        if 0 <= chance < share:
            page = change(page, rng)
        chance -= share
    if rng.random() < 0.1:
        page = _credited(page, rng)
    if rng.random() < 0.1:
        page = replace(page, language="und")
    return page if page.lines else record


def _spliced(page: Record, donor: Record) -> Record:
    """The article with the furniture that stands above and below another one."""
    mine, other = page.span(), donor.span()
    if not mine or not other:
        return page
    inside = range(*mine)
    pieces = [(donor, i) for i in range(other[0]) if donor.labels[i] == "furniture"]
    pieces += [(page, i) for i, label in enumerate(page.labels) if i in inside or label != "furniture"]
    pieces += [(donor, i) for i in range(other[1], len(donor.lines)) if donor.labels[i] == "furniture"]
    return replace(
        page,
        lines=[source.lines[i] for source, i in pieces],
        labels=[source.labels[i] for source, i in pieces],
        made=[source.made[i] for source, i in pieces],
    )


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


def _by_sentence(page: Record, _rng: random.Random) -> Record:
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


def _listed(page: Record, rng: random.Random) -> Record:
    """Turn one to three paragraphs into lists of short items, as of products or ingredients."""
    body = [i for i, label in enumerate(page.labels) if label == "body" and len(page.lines[i]) > 80][1:-1]
    chosen = set(rng.sample(body, min(len(body), rng.choice([1, 1, 2, 3]))))
    sign, size = rng.choice(["", "", "", "- ", "• ", ". ", ") "]), rng.choice([1, 2, 4, 7])
    pieces = []
    for i, text in enumerate(page.lines):
        if i not in chosen:
            pieces.append((text, i))
            continue
        items = [part for part in re.split(r"[,;:.–«»\"“”、。]+", text) if part.strip()]
        words = [item.split() for item in items]
        items = [" ".join(w[k : k + size]) for w in words for k in range(0, len(w), size + rng.randrange(2, 9))]
        for n, item in enumerate(items, 1):
            pieces.append(((f"{n}{sign}" if sign in (". ", ") ") else sign) + item[:1].upper() + item[1:], i))
    return _rewritten(page, pieces)


def _credited(page: Record, rng: random.Random) -> Record:
    """Glue a short credit to a byline."""
    credits_ = [
        text for text, label in zip(page.lines, page.labels, strict=True) if label == "caption" and len(text) < 50
    ]
    if not credits_:
        return page
    sign = rng.choice([" / ", " | ", " - ", " "])
    pieces = [
        (text + sign + rng.choice(credits_) if page.labels[i] == "byline" else text, i)
        for i, text in enumerate(page.lines)
    ]
    return _rewritten(page, pieces)
