"""The words of the content as CoNLL-U, each with the place in the raw text that it was read from."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping

import pandas as pd
from spacy.tokens import Doc, Span, Token

from rassegna.annotation import block_of, raw_offset


def conllu(docs: Mapping[str, Doc], mentions: pd.DataFrame, raw: Mapping[str, str]) -> str:
    """The annotated content as CoNLL-U.

    One `newdoc` an article, one `newpar` a block (with its label in a comment), one sentence per row of `sentences`
    (`sent_id`: doc_id, `.s`, sentence_id). MISC has Start and End (code points of the raw text, half open), SpaceAfter,
    NER (B- or I- and PER, ORG or LOC) and, with the first word of a mention, Entity: its canonical name. Words of
    white space alone are left out; `text` has one space where the raw text has any white space; an article without
    content is not there. There are no multi-word tokens. Of a language that is not parsed, HEAD and what else is not
    known is `_`.

    Args:
        docs: doc_id to annotated Doc.
        mentions: Table `mentions`.
        raw: doc_id to decoded text.

    Source:
        universaldependencies.org/format.html, CoNLL-U format, version 2.
    """
    named = dict(list(mentions.groupby("doc_id")))
    return "".join(
        line + "\n"
        for doc_id, doc in docs.items()
        for line in _document(doc_id, doc, named.get(doc_id, mentions.iloc[:0]), raw[doc_id])
    )


def _document(doc_id: str, doc: Doc, mentions: pd.DataFrame, raw: str) -> Iterator[str]:
    name = _clean(doc_id)
    starts = [raw_offset(doc, token.idx) for token in doc]
    entities = _entities(starts, mentions)
    number, block = 0, -1
    for sentence in doc.sents:
        words = [token for token in sentence if not token.is_space]
        if not words:
            continue
        if not number:
            yield f"# newdoc id = {name}"
        own, label = block_of(doc[words[0].i : words[-1].i + 1])
        if own != block:
            block = own
            yield f"# newpar id = {name}.b{block}"
            yield f"# block = {label}"
        yield f"# sent_id = {name}.s{number}"
        number += 1
        rows = list(_words(words, sentence, starts, entities, raw))
        text = "".join(form + ("" if misc.endswith("|SpaceAfter=No") else " ") for _, form, *_, misc in rows)
        yield f"# text = {text.strip()}"
        yield from ("\t".join(row) for row in rows)
        yield ""


def _words(
    words: list[Token], sentence: Span, starts: list[int], entities: dict[int, list[str]], raw: str
) -> Iterator[list[str]]:
    place = {token.i: n for n, token in enumerate(words, start=1)}
    parsed = sentence.doc.has_annotation("DEP")
    root = place.get(sentence.root.i, 1) if parsed else 0
    for token in words:
        start = starts[token.i]
        end = start + len(token.text)
        misc = [f"Start={start}", f"End={end}", *entities.get(token.i, [])]
        if raw[end : end + 1].strip():
            misc.append("SpaceAfter=No")
        relation = ["_", "_"]
        if parsed:
            head = 0 if place[token.i] == root else _head(token, place, root)
            relation = [str(head), token.dep_.lower().replace("root", "dep") if head else "root"]
        tags = (_clean(tag) or "_" for tag in (token.lemma_, token.pos_, token.tag_, str(token.morph)))
        yield [str(place[token.i]), _clean(token.text), *tags, *relation, "_", "|".join(misc)]


def _head(token: Token, place: dict[int, int], root: int) -> int:
    """The nearest word above, past those of white space; the root where there is none in the sentence."""
    above = token.head
    while above.i not in place and above.head.i != above.i:
        above = above.head
    return place.get(above.i, root)


def _entities(starts: list[int], mentions: pd.DataFrame) -> dict[int, list[str]]:
    """Number of a word to what MISC says of its mention; of two that overlap the first one counts."""
    found: dict[int, list[str]] = {}
    for row in mentions.sort_values(["start", "end"], ascending=[True, False]).itertuples(index=False):
        first, after = bisect_left(starts, row.start), bisect_left(starts, row.end)
        if first == after or any(i in found for i in range(first, after)):
            continue
        found[first] = [f"NER=B-{row.label}", f"Entity={_clean(row.entity).replace('|', '/')}"]
        found |= {i: [f"NER=I-{row.label}"] for i in range(first + 1, after)}
    return found


def _clean(text: str) -> str:
    """A field of the format: no tab, no line end, no two spaces in a row (some readers take them for a tab)."""
    return " ".join(text.split())
