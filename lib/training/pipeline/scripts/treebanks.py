"""Read the treebanks, make their labels alike, and give them as Docs."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from spacy.tokens import Doc, Token
from spacy.training.converters import conllu_to_docs

SENTENCES_A_DOC = 10
TREEBANKS: tuple[str, ...] = (
    *("vit-ud-dev", "vit-ud-test", "partut-ud-train", "partut-ud-dev", "partut-ud-test", "pud-ud-test"),
    *("parlamint-ud-train", "parlamint-ud-test", "markit-ud-train", "markit-ud-dev", "markit-ud-test"),
)
HELD_OUT = ("isdt-ud-dev", "isdt-ud-test")
NO_SUBTYPES = ("pud", "parlamint")
FORM, LEMMA, UPOS, FEATS, HEAD, DEPREL = 1, 2, 3, 5, 6, 7
Sentence = list[list[str]]


def read_treebank(path: Path) -> list[Sentence]:
    """Return a treebank's sentences as rows of CoNLL-U columns, without comments and empty nodes."""
    blocks = path.read_text("utf8").strip().split("\n\n")
    rows = [[line.split("\t") for line in block.splitlines() if not line.startswith("#")] for block in blocks]
    return [[row for row in sentence if "." not in row[0]] for sentence in rows]


def same_text(sentence: Sentence) -> str:
    """Return the letters and digits of a sentence: equal for sentences that are the same."""
    return "".join(c for row in sentence if "-" not in row[0] for c in row[FORM].lower() if c.isalnum())


def passive_verbs(treebanks: Iterable[list[Sentence]]) -> tuple[set[str], set[str]]:
    """Return lemmas of passive auxiliaries, and of verbs whose such auxiliary is mostly a passive one."""
    pairs = [
        (row[LEMMA], row[DEPREL], words[row[HEAD]][LEMMA])
        for treebank in treebanks
        for sentence in treebank
        for words in [{row[0]: row for row in sentence}]
        for row in sentence
        if row[DEPREL].startswith("aux") and row[HEAD] in words
    ]
    auxiliaries = {lemma for lemma, n in Counter(a for a, label, _ in pairs if label == "aux:pass").items() if n > 5}
    balance = Counter[str]()
    for auxiliary, label, verb in pairs:
        if auxiliary in auxiliaries:
            balance[verb] += 1 if label == "aux:pass" else -1
    return auxiliaries, {verb for verb, n in balance.items() if n > 0}


def add_subtypes(sentence: Sentence, auxiliaries: set[str], verbs: set[str], *, agent: str) -> None:
    """Give a sentence the label subtypes that the other treebanks have, in place."""
    words = {row[0]: row for row in sentence if "-" not in row[0]}
    children: dict[str, Sentence] = defaultdict(list)
    for row in words.values():
        children[row[HEAD]].append(row)
    for row in words.values():
        if "VerbForm=Part" in row[FEATS]:
            chain = [c for c in children[row[0]] if c[DEPREL] == "aux" and c[LEMMA] in auxiliaries]
            if chain and (row[LEMMA] in verbs or len(chain) > 1):
                chain[-1][DEPREL] = "aux:pass"
    for row in words.values():
        head = words.get(row[HEAD], row)
        row[DEPREL] += _subtype(row, head, children, agent=agent)


def _subtype(row: list[str], head: list[str], children: dict[str, Sentence], *, agent: str) -> str:
    """Return what a word's label lacks: a colon and the subtype, or nothing."""
    label = row[DEPREL]
    passive = any(other[DEPREL] in ("aux:pass", "expl:pass") for other in children[row[HEAD]])
    by_agent = any(c[DEPREL] == "case" and c[LEMMA] == agent for c in children[row[0]])
    participle = head[DEPREL] == "acl" and "VerbForm=Part" in head[FEATS]
    missing = {
        "nsubj": (passive, ":pass"),
        "csubj": (passive, ":pass"),
        "flat": (row[UPOS] == head[UPOS] == "PROPN", ":name"),
        "acl": (_has_relative(row[0], children), ":relcl"),
        "obl": (by_agent and (passive or participle), ":agent"),
    }
    if label == "det":
        return ":poss" if "Poss=Yes" in row[FEATS] else ":predet" if "PronType=Tot" in row[FEATS] else ""
    return missing[label][1] if label in missing and missing[label][0] else ""


def _has_relative(node: str, children: dict[str, Sentence]) -> bool:
    """Tell whether a relative pronoun hangs on a clause, at most two steps below its head."""
    below = children.get(node, [])
    below = below + [row for child in below for row in children.get(child[0], [])]
    return any("PronType=Rel" in row[FEATS] for row in below)


def agent_preposition(treebanks: Iterable[list[Sentence]]) -> str:
    """Return the lemma that most often marks the agent of a passive."""
    marks = Counter[str]()
    for treebank in treebanks:
        for sentence in treebank:
            words = {row[0]: row for row in sentence}
            for row in sentence:
                if row[DEPREL] == "case" and words.get(row[HEAD], row)[DEPREL] == "obl:agent":
                    marks[row[LEMMA]] += 1
    return marks.most_common(1)[0][0]


def treebank_docs(sentences: list[Sentence]) -> Iterator[Doc]:
    """Yield Docs of ten sentences each, words with their contracted parts merged."""
    text = "\n\n".join("\n".join("\t".join(row) for row in sentence) for sentence in sentences)
    yield from conllu_to_docs(text + "\n\n", n_sents=SENTENCES_A_DOC, merge_subtokens=True, no_print=True)


def with_line_ends(doc: Doc, *, share: float, rng: random.Random) -> Doc:
    """Return the Doc with a line end after a share of its sentences, hung on the word before it."""
    breaks = {sent.end - 1 for sent in doc.sents if rng.random() < share}
    moved: list[int] = []
    rows: list[Token | None] = []
    for token in doc:
        moved.append(len(rows))
        rows.append(token)
        if token.i in breaks:
            rows.append(None)
    last = [max(i for i in range(k + 1) if rows[i] is not None) for k in range(len(rows))]
    return Doc(
        doc.vocab,
        words=[t.text if t else "\n" for t in rows],
        spaces=[bool(t.whitespace_) and t.i not in breaks if t else False for t in rows],
        pos=[t.pos_ if t else "SPACE" for t in rows],
        morphs=[str(t.morph) if t else "" for t in rows],
        lemmas=[t.lemma_ if t else "\n" for t in rows],
        heads=[moved[t.head.i] if t else last[k] for k, t in enumerate(rows)],
        deps=[t.dep_ if t else "dep" for t in rows],
    )


def syntax_sets(data: Path, rng: random.Random) -> Iterator[tuple[str, list[Doc]]]:
    """Yield the treebanks' Docs by set; no training sentence stands in the held-out ones.

    `syntax-train` has line ends in it, `syntax-final` ISDT's development part too, four times.
    """
    read = {name: read_treebank(data / "ud" / f"it_{name}.conllu") for name in (*TREEBANKS, *HELD_OUT)}
    typed = [rows for name, rows in read.items() if not name.startswith(NO_SUBTYPES) and name not in HELD_OUT]
    auxiliaries, verbs = passive_verbs(typed)
    agent = agent_preposition(typed)
    seen = {same_text(sentence) for name in HELD_OUT for sentence in read[name]}
    kept: list[Sentence] = []
    for name in TREEBANKS:
        fresh = []
        for sentence in read[name]:
            if same_text(sentence) not in seen:
                seen.add(same_text(sentence))
                fresh.append(sentence)
                if name.startswith(NO_SUBTYPES):
                    add_subtypes(sentence, auxiliaries, verbs, agent=agent)
        print(name, len(read[name]), "sentences, kept", len(fresh))
        kept += fresh
    docs = list(treebank_docs(kept))
    yield "syntax-plain", docs
    train = [with_line_ends(doc, share=0.3, rng=rng) for doc in docs]
    yield "syntax-train", train
    isdt = [with_line_ends(doc, share=0.15, rng=rng) for doc in treebank_docs(read["isdt-ud-dev"]) for _ in range(4)]
    yield "syntax-final", train + isdt
    for name in HELD_OUT:
        yield name, list(treebank_docs(read[name]))
