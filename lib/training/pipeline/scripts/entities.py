"""Read the entity files, vary their mentions, and give them as Docs."""

import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
from it_rassegna_news.words import STRAIGHT
from spacy.tokens import Doc
from spacy.training import biluo_tags_to_spans, iob_to_biluo

Tagged = tuple[list[str], list[str]]  # a sentence's words and their tags (BIO)


def read_entities(path: Path, column: int) -> Iterator[Tagged]:
    """Yield words and tags (BIO) of each sentence; MISC counts as no entity."""
    for block in path.read_text("utf8").split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines() if line.strip()]
        if rows:
            tags = [row[-1].strip() for row in rows]
            yield (
                [row[column] for row in rows],
                ["O" if tag.endswith("MISC") else tag for tag in tags],
            )


def spaces_after(words: list[str]) -> list[bool]:
    """Guess which words a blank follows, as the page would have it."""
    spaces, quoted = [], False
    for word, following in zip(words, [*words[1:], ""], strict=True):
        plain, after = word.translate(STRAIGHT), following.translate(STRAIGHT)
        tight = plain in "([«“‘" or (plain.endswith("'") and len(plain) > 1) or after in ",.;:!?)]»”’%..."
        if plain == '"':
            quoted = not quoted
            tight = tight or quoted
        elif after == '"' and quoted:
            tight = True
        spaces.append(not tight)
    return spaces


def entity_docs(sentences: Iterable[Tagged], *, group: int, rng: random.Random) -> Iterator[Doc]:
    """Yield Docs of one to `group` sentences with their entities."""
    vocab = spacy.blank("it").vocab
    words: list[str] = []
    tags: list[str] = []
    left = rng.randint(1, group)
    for more_words, more_tags in sentences:
        words, tags, left = words + more_words, tags + more_tags, left - 1
        if left == 0:
            doc = Doc(vocab, words=words, spaces=spaces_after(words))
            doc.ents = biluo_tags_to_spans(doc, iob_to_biluo(tags))
            yield doc
            words, tags, left = [], [], rng.randint(1, group)


def swapped(
    sentences: list[Tagged],
    pool: dict[str, list[list[str]]],
    *,
    share: float,
    rng: random.Random,
) -> Iterator[Tagged]:
    """Yield the sentences with a share of their mentions replaced by others of the same label."""
    for words, tags in sentences:
        new_words: list[str] = []
        new_tags: list[str] = []
        position = 0
        while position < len(words):
            end = position + 1
            label = tags[position][2:]
            while end < len(words) and tags[end].startswith("I-"):
                end += 1
            mention = words[position:end]
            if tags[position].startswith("B-") and rng.random() < share:
                mention = rng.choice(pool[label])
            if tags[position] == "O":
                end, mention, labels = position + 1, [words[position]], ["O"]
            else:
                labels = [f"B-{label}"] + [f"I-{label}"] * (len(mention) - 1)
            new_words, new_tags, position = new_words + mention, new_tags + labels, end
        yield new_words, new_tags


def mentions(
    sentences: Iterable[Tagged],
) -> dict[str, list[list[str]]]:
    """Return the mentions of each label, as often as they occur."""
    pool: dict[str, list[list[str]]] = {}
    for words, tags in sentences:
        for i, tag in enumerate(tags):
            if tag.startswith("B-"):
                end = i + 1
                while end < len(tags) and tags[end].startswith("I-"):
                    end += 1
                pool.setdefault(tag[2:], []).append(words[i:end])
    return pool


def entity_sets(data: Path, rng: random.Random) -> Iterator[tuple[str, list[Doc]]]:
    """Yield the entity Docs by set: silver, gold (all KIND, Wikinews also with swapped mentions), held out."""
    silver = [s for part in ("val", "test") for s in read_entities(data / "wikineural" / f"{part}.conllu", 1)]
    yield "entities-silver", list(entity_docs(silver, group=1, rng=rng))
    gold = {name: list(read_entities(data / "kind" / f"{name}_train.tsv", 0)) for name in ("WN", "FIC", "ADG")}
    pool = mentions(gold["WN"])
    for label, more in mentions(silver).items():
        pool[label] += rng.sample(more, min(len(more), len(pool[label])))
    for line in (data / "kind" / "it-ORG-wikipedia.txt").read_text("utf8").splitlines():
        words = line.split()[1:]
        if 1 <= len(words) <= 5 and rng.random() < 0.02:
            pool["ORG"].append(words)
    docs = [d for sentences in gold.values() for d in entity_docs(sentences, group=3, rng=rng)]
    for share in (0.5, 0.5):
        docs += entity_docs(swapped(gold["WN"], pool, share=share, rng=rng), group=2, rng=rng)
    rng.shuffle(docs)
    yield "entities-gold", docs
    for part in ("dev", "test"):
        held_out = read_entities(data / "kind" / f"WN_{part}.tsv", 0)
        yield f"wikinews-{part}", list(entity_docs(held_out, group=1, rng=rng))
