"""Run the language pipeline over the content of the articles, and keep the result on disk."""

import gc
import hashlib
import json
import logging
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache, lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd
import spacy
import srsly
from spacy.language import Language
from spacy.tokens import Doc, Span, Token
from spacy.vocab import Vocab
from tqdm import tqdm

from rassegna import log
from rassegna.cleaning import CONTENT
from rassegna.errors import PipelineError
from rassegna.languages import closed_classes
from rassegna.settings import DEFAULT_LANGUAGE, DEFAULT_PIPELINE, pipeline_names

# Code points of a block that are read at once. spaCy refuses more than a million; the rules take the square of a
# sentence's length, and a sentence ends with its piece.
LONGEST = 10_000
LONGEST_WORD = 2_000  # code points without white space; spaCy's tokenizer takes the square of their number
_OPENING, _STRAIGHT = ("«", "“", "„", "‘", "(", "["), ('"', "'")
_STOPS = (".", "!", "?", "…", "»", "”")
_PART = re.compile(rf"\S{{1,{LONGEST_WORD}}}+\s*+|\s++")
MOST_WORDS = 20_000  # new ones that a pipeline remembers
_KNOWN: WeakKeyDictionary[Language, int] = WeakKeyDictionary()  # words that each pipeline knew at first
CACHE_FORMAT = 1  # raise it when what is stored changes
SENTENCE_COLUMNS = ["doc_id", "sentence_id", "block_id", "start", "end", "text"]

# blocks: one [block_id, label, first token, start in the Doc's text, start in the raw text] a content block, in order.
# is_stored: it was read from the cache.
for name, default in (("doc_id", ""), ("blocks", []), ("is_stored", False)):
    if not Doc.has_extension(name):
        Doc.set_extension(name, default=default)


def pipelines(named: str, languages: Iterable[str]) -> dict[str, Language]:
    """The pipeline that reads each language: the one named for it, the workbook's own for its own, else a blank one.

    One that has met more than `MOST_WORDS` new words is loaded anew, as its memory grows with them.

    Args:
        named: Names or paths of pipelines, a comma between, each for the language that stands before it and an equals
            sign, or that its own settings tell: `en=en_core_web_sm, it_rassegna_news`.
        languages: Codes of the languages to be read.

    Raises:
        PipelineError: A pipeline is missing or finds no sentences.
    """
    chosen = {DEFAULT_LANGUAGE: DEFAULT_PIPELINE}
    for code, name in pipeline_names(named):
        chosen[code or (DEFAULT_LANGUAGE if name == DEFAULT_PIPELINE else str(load_pipeline(name).lang))] = name

    def load(code: str) -> Language:
        return load_pipeline(chosen[code]) if code in chosen else blank_pipeline(code)

    found = {code: load(code) for code in languages}
    grown = [
        code for code, nlp in found.items() if len(nlp.vocab) > _KNOWN.setdefault(nlp, len(nlp.vocab)) + MOST_WORDS
    ]
    if grown:
        load_pipeline.cache_clear()
        blank_pipeline.cache_clear()
        found = {code: nlp for code, nlp in found.items() if code not in grown}
        gc.collect()  # a pipeline refers to itself; it goes before the next one comes
    return found | {code: load(code) for code in grown}


@lru_cache(maxsize=8)
def load_pipeline(name: str = DEFAULT_PIPELINE) -> Language:
    """Load a spaCy pipeline by package name or path.

    Raises:
        PipelineError: It is not installed, or sets no sentence boundaries.
    """
    try:
        nlp = spacy.load(name)
    except OSError as error:
        if name == DEFAULT_PIPELINE:
            hint = "it comes with the project: install it with `make setup`, or `pip install --no-deps -e .`"
        else:
            hint = f"install it with `python -m spacy download {name}`, or give the path of a pipeline"
        raise PipelineError(f"pipeline '{name}' cannot be loaded: {hint} ({error})") from error
    if not any(nlp.has_pipe(pipe) for pipe in ("parser", "senter", "sentencizer")):
        raise PipelineError(f"pipeline '{name}' finds no sentences: it needs a parser, senter or sentencizer")
    return nlp


@Language.component("rassegna_opening_marks")
def opening_marks(doc: Doc) -> Doc:
    """Give opening marks and brackets to the sentence behind them; spaCy's rule leaves them to the one before."""
    for sentence in list(doc.sents)[1:]:
        first = at = sentence.start
        while at > 1 and (doc[at - 1].is_space or _opens(doc[at - 1])):
            at -= 1
            first = first if doc[at].is_space else at
        if first < sentence.start:
            doc[sentence.start].is_sent_start, doc[first].is_sent_start = False, True
    return doc


def _opens(token: Token) -> bool:
    """Whether a mark opens something: white space stands before it, and, if it could close as well, none behind."""
    before = token.nbor(-1)
    is_apart = bool(before.whitespace_) or before.is_space
    return is_apart and (token.text in _OPENING or (token.text in _STRAIGHT and not token.whitespace_))


@cache
def blank_pipeline(language: str) -> Language:
    """A pipeline without a model: it finds words and sentences, and where there are word lists tags roughly by them."""
    try:
        nlp = spacy.blank(language)
    except ImportError:
        nlp = spacy.blank("xx")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("rassegna_opening_marks")
    closed_classes.add_to(nlp, language)
    return nlp


def annotate(
    articles: pd.DataFrame,
    blocks: pd.DataFrame,
    *,
    pipeline: str | Language = DEFAULT_PIPELINE,
    cache_dir: Path | str | None = None,
    batch_size: int = 64,
    progress: bool = True,
) -> dict[str, Doc]:
    """Annotate the content blocks (title, subtitle, heading, body) of each article.

    Blocks are parsed one by one, so no sentence and no entity reaches from one into the next, and then joined
    to one Doc an article; `raw_span` leads from its tokens back to the raw text.

    Args:
        articles: Table `articles`; its order is kept.
        blocks: Table `blocks` (doc_id, block_id, start, end, label, text).
        pipeline: Name or path of a spaCy pipeline, or one already loaded.
        cache_dir: Folder of the cache; without one nothing is kept.
        batch_size: Blocks a batch.
        progress: Show a progress bar (articles).

    Returns:
        doc_id → Doc, one an article, empty when the article has no content.

    Raises:
        PipelineError: The pipeline is missing or finds no sentences.
        ValueError: `batch_size` < 1.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")
    nlp = load_pipeline(pipeline) if isinstance(pipeline, str) else pipeline
    content = _content(articles, blocks)
    folder = Path(cache_dir) if cache_dir is not None else None
    mark = fingerprint(nlp) if folder else ""
    keys = {doc_id: _key(mark, doc_id, parts) for doc_id, parts in content.items()}
    docs: dict[str, Doc] = {}
    if folder:
        for doc_id, key in keys.items():
            if (doc := _read(folder / f"{key}.spacy", nlp.vocab)) is not None:
                docs[doc_id] = doc
    missing = [doc_id for doc_id in content if doc_id not in docs]
    bar = tqdm(total=len(content), initial=len(docs), desc="Annotating", unit="article", disable=not progress)
    with log.stage("annotate") as told, bar:
        told.update(articles=len(missing), reused=len(docs))
        for doc_id, doc in _parse(nlp, {d: content[d] for d in missing}, batch_size):
            docs[doc_id] = doc
            if folder:
                _write(folder / f"{keys[doc_id]}.spacy", doc)
            bar.update()
    return {doc_id: docs[doc_id] for doc_id in content}


@lru_cache(maxsize=1)
def text_of(doc: Doc) -> str:
    """The text of a Doc; spaCy builds it anew each time."""
    return str(doc.text)


def raw_span(span: Span) -> tuple[int, int]:
    """Where a span of an annotated Doc stands in the raw text: start and end, half open, in code points."""
    last = span[-1]
    return raw_offset(span.doc, span.start_char), raw_offset(span.doc, last.idx + len(last.text) - 1) + 1


def raw_offset(doc: Doc, offset: int) -> int:
    """Where a character of an annotated Doc's text stands in the raw text."""
    block = _block(doc, 3, offset)
    return int(offset - block[3] + block[4])


def block_of(span: Span) -> tuple[int, str]:
    """The block a span begins in: block_id and label."""
    block = _block(span.doc, 2, span.start)
    return block[0], block[1]


def _block(doc: Doc, field: int, position: int) -> list[Any]:
    """The last block whose `field` is not past `position`."""
    blocks: list[list[Any]] = doc._.blocks
    return blocks[bisect_right(blocks, position, key=itemgetter(field)) - 1]


def sentences(docs: dict[str, Doc]) -> pd.DataFrame:
    """Table `sentences`, one row per sentence of the content, in the order of the text.

    Columns: doc_id (str), sentence_id (int, from 0 in each article), block_id (int), start, end (int, code points of
    the raw text), text (str, text == raw[start:end]; white space at the ends is left out).
    """
    found = []
    for doc_id, doc in docs.items():
        number = 0
        for sentence in doc.sents:
            words = [t for t in sentence if not t.is_space]
            if not words:
                continue
            span = doc[words[0].i : words[-1].i + 1]
            found.append((doc_id, number, block_of(span)[0], *raw_span(span), span.text))
            number += 1
    numbers = ["sentence_id", "block_id", "start", "end"]
    return pd.DataFrame(found, columns=SENTENCE_COLUMNS).astype(dict.fromkeys(numbers, int))


def fingerprint(nlp: Language) -> str:
    """Hash of what decides a pipeline's output: spaCy's version, its settings, and its files if read from disk."""
    parts = [spacy.__version__, json.dumps(nlp.meta, sort_keys=True, default=str), nlp.config.to_str()]
    digest = hashlib.sha256("\n".join(parts).encode())
    path = getattr(nlp, "_path", None)
    for file in sorted(p for p in Path(path).rglob("*") if p.is_file()) if path else []:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _content(articles: pd.DataFrame, blocks: pd.DataFrame) -> dict[str, list[tuple[int, str, int, str]]]:
    """Content blocks of each article: block_id, label, start, text."""
    chosen = blocks[blocks["label"].isin(CONTENT) & blocks["text"].str.strip().astype(bool)]
    chosen = chosen.sort_values(["doc_id", "start"], kind="stable")
    found: dict[str, list[tuple[int, str, int, str]]] = {str(doc_id): [] for doc_id in articles["doc_id"]}
    for row in chosen.itertuples():
        for start, text in _pieces(str(row.text)) if row.doc_id in found else ():
            found[str(row.doc_id)].append((int(row.block_id), str(row.label), int(row.start) + start, text))
    return found


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """A block in pieces that the pipeline takes, with starts: cut behind a sentence, a word, or in endless ones."""
    start = end = stop = 0
    for part in _PART.finditer(text):
        is_endless = end > start and not text[end - 1].isspace()
        if is_endless or (end > start and part.end() - start > LONGEST):
            cut = end if is_endless or stop <= start else stop
            yield start, text[start:cut]
            start = cut
        end = part.end()
        if part[0].rstrip().endswith(_STOPS):
            stop = end
    yield start, text[start:]


def _parse(
    nlp: Language, content: dict[str, list[tuple[int, str, int, str]]], batch_size: int
) -> Iterator[tuple[str, Doc]]:
    parts = ((text, (doc_id, block)) for doc_id, found in content.items() for block, text in _texts(found))
    collected: dict[str, list[tuple[list[Any], Doc]]] = {doc_id: [] for doc_id in content}
    for doc, (doc_id, block) in nlp.pipe(parts, as_tuples=True, batch_size=batch_size):
        collected[doc_id].append((block, doc))
        if len(collected[doc_id]) == len(content[doc_id]):
            yield doc_id, _join(nlp, doc_id, collected.pop(doc_id))
    for doc_id in collected:
        yield doc_id, _join(nlp, doc_id, [])


def _texts(found: Iterable[tuple[int, str, int, str]]) -> Iterator[tuple[list[Any], str]]:
    for block_id, label, start, text in found:
        yield [block_id, label, start], text


def _join(nlp: Language, doc_id: str, parts: list[tuple[list[Any], Doc]]) -> Doc:
    """One Doc of all blocks, with the table that leads back to the raw text."""
    parts = [(block, doc) for block, doc in parts if len(doc)]
    if not parts:
        joined = Doc(nlp.vocab)
    else:
        for _, doc in parts:
            doc.user_data.clear()
        joined = Doc.from_docs([doc for _, doc in parts], ensure_whitespace=True) or Doc(nlp.vocab)
    table, first = [], 0
    for (block_id, label, start), doc in parts:
        table.append([block_id, label, first, joined[first].idx, start])
        first += len(doc)
    joined._.doc_id, joined._.blocks = doc_id, table
    return joined


def _key(mark: str, doc_id: str, parts: list[tuple[int, str, int, str]]) -> str:
    return hashlib.sha256(json.dumps([CACHE_FORMAT, mark, doc_id, parts]).encode()).hexdigest()


def _read(path: Path, vocab: Vocab) -> Doc | None:
    """The cached Doc, or None when there is none that can be trusted: it is then made anew."""
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    if is_whole(stored):
        with suppress(KeyError, TypeError, ValueError):
            entry = srsly.msgpack_loads(stored[32:])
            doc = Doc(vocab).from_bytes(entry["doc"])
            doc._.doc_id, doc._.blocks, doc._.is_stored = entry["doc_id"], entry["blocks"], True
            return doc
    log.event("corrupt", f"{path}: corrupt, made anew", level=logging.WARNING, path=str(path))
    return None


def is_whole(stored: bytes) -> bool:
    """Whether an entry of the cache is what was stored: its first 32 bytes are the SHA-256 of the others."""
    return hashlib.sha256(stored[32:]).digest() == stored[:32]


def _write(path: Path, doc: Doc) -> None:
    """Store a Doc under a checksum; a reader sees the whole entry or none, or one that the checksum tells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    entry = {"doc_id": doc._.doc_id, "blocks": doc._.blocks, "doc": doc.to_bytes(exclude=["user_data"])}
    payload = srsly.msgpack_dumps(entry)
    part = path.with_name(f".{path.stem}.part")  # one name an entry: what a killed run left is written over
    try:
        part.write_bytes(hashlib.sha256(payload).digest() + payload)
        part.replace(path)
    except FileNotFoundError:  # another process stored the same in between
        if not path.exists():
            raise
    except BaseException:
        part.unlink(missing_ok=True)
        raise
