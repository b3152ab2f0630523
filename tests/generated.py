"""Invented news in any number: articles on invented events, with what was planted in them, as the tables a corpus has.

The words are Italian, the sentences are not about anything: patterns whose gaps are filled from the pipeline's lexicon,
frequent words often and the words of the event more often. Articles on one event share persons, places, words,
quotations and figures; only the planted pairs share sentences.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate

import pandas as pd
from it_rassegna_news.words import read_table

PER_EVENT = 5
KINDS = ("verbatim", "reworded", "partial", "partial, reworded")
SHARE_PLANTED = 0.5  # events in which one article copies another; also events with a contradicted number
CHANGED = 0.15  # of the words of a reworded sentence
SPAN = ["doc_id", "start", "end", "text"]
FIRST = ["Anna", "Luca", "Sara", "Paolo", "Irene", "Marco", "Elisa", "Davide", "Marta", "Nicola", "Teresa", "Fabio"]
SYLLABLES = ["ba", "cor", "de", "fi", "gal", "lo", "mi", "nar", "pe", "ro", "san", "te", "val", "zi"]
# N noun, A adjective, F finite verb, V participle, P person, L place, O organisation; the rest stands as it is.
PATTERNS = """
il N A di L ha V il N dopo la N di P
secondo O la N A è stata V prima che il N fosse V dai N
nel N della N alcuni N sono stati V mentre P F il N
P è stato V a L con un N A e la N del N
la N del N ha V ogni N A tra O e i N di L
non si F ancora se il N sia stato V dal N o dalla N A
per P il N F A anche se la N è V e il N pure
i N hanno V la N senza N né A N in F del N
a L una N A ha V per ore il N e i N
poi O ha V un N sul N A dei N V
la N era stata V in un N A contro L da un N
tra i N V ci sono anche la N di P e un N A
chi ha V il N F di una N A e di N V
O F che la N sia V entro il N e che i N siano A
sul N V F il N della N A di L
dopo il N i N sono V verso L dove la N è più A
un N A di O F come il N sia V e perché la N F
quanto al N la N di L non ha V alcun N A
""".strip().splitlines()
# How a figure is given: # the number, C what is counted, the event's own V, N and L; an article's own clause follows.
FIGURES = [
    "# C sono V a L per la N e intanto",
    "a L i C V sono # dopo la N mentre",
    "la N ha V # C a L e per questo",
    "nella N di L # C V perché",
    "si F che # C siano V a L con la N quando",
]
COUNTED = ["sfollati", "container", "biglietti", "alberi", "lavoratori", "feriti", "camion", "alloggi", "pazienti"]
SLOTS = {"N": "noun", "A": "adjective", "V": "participle", "F": "finite"}
LEXICON = {"noun": ("N", 8000), "adjective": ("J", 3000), "participle": ("V2re,J", 1500), "finite": ("V3", 3000)}
LEGAL = (
    "Tutti i diritti sono riservati e ogni riproduzione anche parziale dei testi è vietata senza un accordo scritto."
)


@dataclass
class Generated:
    """The tables of a generated corpus, and what was planted in it.

    Attributes:
        raw: doc_id to text.
        tables: Table name to table, with the columns that the analyses read.
        copies: One row per pair of articles of which one copies the other: doc_id, other_doc_id, kind.
        contradictions: One row per article that contradicts the others of its event: event, doc_id, value.
    """

    raw: dict[str, str]
    tables: dict[str, pd.DataFrame]
    copies: pd.DataFrame
    contradictions: pd.DataFrame

    @property
    def language(self) -> dict[str, str]:
        """doc_id to language."""
        return dict.fromkeys(self.raw, "it")

    @property
    def event(self) -> dict[str, int]:
        """doc_id to the number of its event."""
        return {doc_id: int(doc_id) // PER_EVENT for doc_id in self.raw}


@dataclass
class _Event:
    """What the articles on one event have in common."""

    words: dict[str, list[str]]
    names: dict[str, list[str]]
    quotations: list[tuple[list[str], str]]
    counted: str
    value: int


@dataclass
class _Sentence:
    """The words of a sentence; how many of the first are a quotation; its number and the place of it."""

    words: list[str]
    n_quoted: int = 0
    value: int | None = None
    figure: int = 0


@dataclass
class _Rows:
    blocks: list[tuple] = field(default_factory=list)
    sentences: list[tuple] = field(default_factory=list)
    quotes: list[tuple] = field(default_factory=list)
    quantities: list[tuple] = field(default_factory=list)
    mentions: list[tuple] = field(default_factory=list)


def generate(n: int, *, seed: int = 1, paragraphs: tuple[int, int] = (3, 6)) -> Generated:
    """Make n articles, `PER_EVENT` an event, of so many paragraphs; the same ones for the same seed."""
    draw = random.Random(seed)
    rows, raw, copies, contradictions, articles = _Rows(), {}, [], [], []
    for first in range(0, n, PER_EVENT):
        event = _event(draw)
        ids = [f"{k:06}" for k in range(first, min(first + PER_EVENT, n))]
        bodies = [_body(draw, event, paragraphs) for _ in ids]
        if len(ids) > 1 and draw.random() < SHARE_PLANTED:
            kind = draw.choice(KINDS)
            bodies[1] = _copy(draw, event, bodies[0], bodies[1], kind)
            copies.append((ids[0], ids[1], kind))
        values = [event.value] * len(ids)
        if len(ids) > 2 and draw.random() < SHARE_PLANTED:
            values[2] = event.value * draw.choice([3, 5, 10])
            contradictions.append((first // PER_EVENT, ids[2], values[2]))
        for doc_id, body, value in zip(ids, bodies, values, strict=True):
            body[draw.randrange(len(body))].append(_figure(draw, event, value))
            raw[doc_id] = _write(rows, doc_id, [[_Sentence(_clause(draw, event)[:9])], *body], event)
            articles.append((doc_id, "it", f"Testata {draw.randrange(60)}", None, "2024-06-19"))
    return Generated(
        raw=raw,
        tables=_tables(rows, articles),
        copies=pd.DataFrame(copies, columns=["doc_id", "other_doc_id", "kind"]),
        contradictions=pd.DataFrame(contradictions, columns=["event", "doc_id", "value"]),
    )


@cache
def _lexicon() -> dict[str, tuple[list[str], list[float]]]:
    """Words by kind, in a shuffled order in which the first are the most frequent, with their summed weights."""
    draw, found = random.Random(0), {}
    for kind, (start, n) in LEXICON.items():
        known = [
            word
            for word, tags in sorted(read_table("lexicon").items())
            if tags.startswith(start) and ("," in tags) == ("," in start) and word.isalpha() and 4 <= len(word) <= 12
        ]
        words = draw.sample(known, n)
        found[kind] = words, list(accumulate(1 / (rank + 60) for rank in range(n)))
    return found


def _word(draw: random.Random, kind: str, own: list[str]) -> str:
    if draw.random() < 0.3:
        return draw.choice(own)
    words, weights = _lexicon()[kind]
    return draw.choices(words, cum_weights=weights)[0]


def _event(draw: random.Random) -> _Event:
    words = {kind: draw.choices(known, k=15) for kind, (known, _) in _lexicon().items()}
    surnames = ["".join(draw.choice(SYLLABLES) for _ in range(3)).capitalize() for _ in range(9)]
    persons = [f"{draw.choice(FIRST)} {name}" for name in surnames[:4]]
    names = {"P": persons, "L": [f"Borgo {name}" for name in surnames[4:7]], "O": [f"Ente {s}" for s in surnames[7:]]}
    event = _Event(words, names, [], draw.choice(COUNTED), draw.randrange(120, 9000))
    event.quotations += [([*_clause(draw, event), "e", *_clause(draw, event)], draw.choice(persons)) for _ in range(3)]
    return event


def _clause(draw: random.Random, event: _Event) -> list[str]:
    filled = []
    for word in draw.choice(PATTERNS).split():
        if word in SLOTS:
            filled.append(_word(draw, SLOTS[word], event.words[SLOTS[word]]))
        else:
            filled += draw.choice(event.names[word]).split() if word in event.names else [word]
    return filled


def _body(draw: random.Random, event: _Event, paragraphs: tuple[int, int]) -> list[list[_Sentence]]:
    n = draw.randint(*paragraphs)
    body = [[_Sentence(_clause(draw, event)) for _ in range(draw.randrange(2, 5))] for _ in range(n)]
    for words, speaker in draw.sample(event.quotations, draw.randrange(3)):
        body[draw.randrange(len(body))].append(_Sentence([*words, "ha", "detto", *speaker.split()], len(words)))
    return body


def _copy(
    draw: random.Random, event: _Event, body: list[list[_Sentence]], own: list[list[_Sentence]], kind: str
) -> list[list[_Sentence]]:
    """What a copying article makes of another: all paragraphs in another order, all reworded, or one amid its own."""
    taken = [[_Sentence(list(s.words), s.n_quoted) for s in paragraph] for paragraph in body]
    draw.shuffle(taken)
    if kind.startswith("partial"):
        taken = [max(taken, key=lambda paragraph: sum(len(s.words) - s.n_quoted for s in paragraph))]
    if kind.endswith("reworded"):
        for sentence in (s for paragraph in taken for s in paragraph if not s.n_quoted):
            long = [k for k, word in enumerate(sentence.words) if word.islower() and len(word) > 3]
            for k in draw.sample(long, min(len(long), round(CHANGED * len(sentence.words)))):
                sentence.words[k] = _word(draw, "noun", event.words["noun"])
    return [*own[:2], *taken, *own[2:]] if kind.startswith("partial") else taken


def _figure(draw: random.Random, event: _Event, value: int) -> _Sentence:
    """A sentence that gives the event's figure, in one of several ways."""
    own = {"C": event.counted, "L": event.names["L"][0], "#": f"{value:,}".replace(",", ".")}
    own |= {slot: event.words[kind][0] for slot, kind in SLOTS.items()}
    words = [part for word in draw.choice(FIGURES).split() for part in own.get(word, word).split()]
    return _Sentence([*words, *_clause(draw, event)], value=value, figure=words.index(own["#"]))


def _write(rows: _Rows, doc_id: str, blocks: list[list[_Sentence]], event: _Event) -> str:
    """Write an article down, and in the tables where everything stands in it; return its text."""
    at, number, parts = 0, 0, []
    for block_id, block in enumerate(blocks):
        begin, texts = at, []
        for sentence in block:
            texts.append(_sentence(rows, doc_id, number, block_id, at, sentence, event))
            at += len(texts[-1]) + 1
            number += 1
        parts.append(" ".join(texts))
        rows.blocks.append((doc_id, begin, at - 1, parts[-1], block_id, "body" if block_id else "title"))
        at += 1
    rows.blocks.append((doc_id, at, at + len(LEGAL), LEGAL, len(blocks), "furniture"))
    return "\n\n".join([*parts, LEGAL])


def _sentence(rows: _Rows, doc_id: str, number: int, block_id: int, at: int, sentence: _Sentence, event: _Event) -> str:
    words = sentence.words
    said = " ".join(words[: sentence.n_quoted])
    text = f"«{said}», {' '.join(words[sentence.n_quoted :])}." if said else f"{' '.join(words)}."
    text = text if said else text[0].upper() + text[1:]
    rows.sentences.append((doc_id, at, at + len(text), text, number, block_id))
    if said:
        rows.quotes.append((doc_id, at + 1, at + 1 + len(said), said, "direct", " ".join(words[-2:])))
    if sentence.value is not None:
        start, figure = at + len(" ".join(words[: sentence.figure])) + (sentence.figure > 0), words[sentence.figure]
        rows.quantities.append((doc_id, start, start + len(figure), figure, float(sentence.value), event.counted))
    for start, end, name, label in _names(text, event):
        rows.mentions.append((doc_id, at + start, at + end, name, label, name.lower().replace(" ", "-"), name))
    return text


def _names(text: str, event: _Event) -> Iterator[tuple[int, int, str, str]]:
    for label, kind in (("PER", "P"), ("LOC", "L"), ("ORG", "O")):
        for name in dict.fromkeys(event.names[kind]):
            if (start := text.find(name)) >= 0:
                yield start, start + len(name), name, label


def _tables(rows: _Rows, articles: list[tuple]) -> dict[str, pd.DataFrame]:
    quantities = pd.DataFrame(rows.quantities, columns=[*SPAN, "value", "counted"])
    absent = {"low": float("nan"), "high": float("nan"), "unit": None, "asserter": None}
    mentions = pd.DataFrame(rows.mentions, columns=[*SPAN, "label", "entity_id", "entity"])
    return {
        "articles": pd.DataFrame(articles, columns=["doc_id", "language", "outlet", "agency", "published_at"]),
        "blocks": pd.DataFrame(rows.blocks, columns=[*SPAN, "block_id", "label"]),
        "sentences": pd.DataFrame(rows.sentences, columns=[*SPAN, "sentence_id", "block_id"]),
        "quotes": pd.DataFrame(rows.quotes, columns=[*SPAN, "kind", "speaker"]),
        "quotation_marks": pd.DataFrame(columns=[*SPAN, "kind"]),
        "quantities": quantities.assign(
            **absent, counted_phrase=quantities["counted"], bound="exact", kind="cardinal", reason=""
        ).astype({"unit": "str", "asserter": "str"}),
        "mentions": mentions.assign(kind="name", is_metonym=False, stands_for=None).astype({"stands_for": "str"}),
    }
