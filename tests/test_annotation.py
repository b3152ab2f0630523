"""Annotation: Docs lead back to the raw text, and the cache is never trusted blindly."""

import multiprocessing
import re
from pathlib import Path

import pandas as pd
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from rassegna import annotation
from rassegna.annotation import (
    annotate,
    block_of,
    fingerprint,
    load_pipeline,
    raw_offset,
    raw_span,
    sentences,
)
from rassegna.errors import PipelineError, RassegnaError
from spacy.language import Language

RAW = "MENU\n\n  Il titolo della pagina  \nPrima frase. Seconda frase\n\nLeggi anche\nUltima riga. 😀 Fine."


def blank() -> Language:
    nlp = spacy.blank("it")
    nlp.add_pipe("sentencizer")
    return nlp


def tables(raw: str = RAW, labels: str = "furniture title body furniture body") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables `articles` and `blocks` of one article, a block a line that is not empty."""
    lines = list(re.finditer(r"[^\n]*\S[^\n]*", raw))
    names = labels.split() if len(labels.split()) == len(lines) else ["body"] * len(lines)
    rows = [
        {"doc_id": "a", "block_id": i, "start": m.start(), "end": m.end(), "label": label, "text": m.group()}
        for i, (m, label) in enumerate(zip(lines, names, strict=True))
    ]
    columns = ["doc_id", "block_id", "start", "end", "label", "text"]
    return pd.DataFrame({"doc_id": ["a"]}), pd.DataFrame(rows, columns=columns)


def test_sentences_lie_in_the_content_and_within_their_block() -> None:
    articles, blocks = tables()
    found = sentences(annotate(articles, blocks, pipeline=blank(), progress=False))
    assert list(found["text"]) == [
        "Il titolo della pagina",
        "Prima frase.",
        "Seconda frase",
        "Ultima riga.",
        "😀 Fine.",
    ]
    assert list(found["sentence_id"]) == [0, 1, 2, 3, 4]
    assert list(found["block_id"]) == [1, 2, 2, 4, 4]
    assert all(RAW[r.start : r.end] == r.text for r in found.itertuples())


@given(st.text(alphabet="ab C.!?«»\n\t 😀è\u00a0", max_size=80))
@settings(max_examples=60, deadline=None)
def test_every_token_leads_back_to_the_raw_text(raw: str) -> None:
    articles, blocks = tables(raw)
    doc = annotate(articles, blocks, pipeline=blank(), progress=False)["a"]
    for token in doc:
        start, end = raw_span(doc[token.i : token.i + 1])
        assert raw_offset(doc, token.idx) == start
        block = blocks[blocks["block_id"] == block_of(doc[token.i : token.i + 1])[0]].iloc[0]
        if start < block["end"]:  # a space put between two blocks stands in neither
            assert raw[start:end] == token.text
    for sentence in doc.sents:
        assert len({block_of(doc[t.i : t.i + 1])[0] for t in sentence}) == 1


def test_an_article_without_content_is_an_empty_doc_and_table() -> None:
    articles, blocks = tables()
    docs = annotate(articles, blocks[blocks["label"] == "furniture"], pipeline=blank(), progress=False)
    assert len(docs["a"]) == 0
    found = sentences(docs)
    assert len(found) == 0
    assert list(found.columns) == ["doc_id", "sentence_id", "block_id", "start", "end", "text"]


@pytest.fixture
def counting() -> tuple[Language, list[str]]:
    nlp, seen = blank(), []
    tokenizer = nlp.tokenizer

    def count(text: str) -> spacy.tokens.Doc:
        seen.append(text)
        return tokenizer(text)

    nlp.tokenizer = count
    return nlp, seen


def test_the_cache_is_read_and_gives_the_same(tmp_path: Path, counting: tuple[Language, list[str]]) -> None:
    nlp, seen = counting
    articles, blocks = tables()
    first = annotate(articles, blocks, pipeline=nlp, cache_dir=tmp_path, progress=False)
    parsed = len(seen)
    again = annotate(articles, blocks, pipeline=nlp, cache_dir=tmp_path, progress=False)
    assert parsed == 3
    assert len(seen) == parsed
    assert sentences(first).equals(sentences(again))
    changed = blocks.assign(text=blocks["text"].str.replace("Prima", "Terza"))
    annotate(articles, changed, pipeline=nlp, cache_dir=tmp_path, progress=False)
    assert len(seen) == 2 * parsed


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "foreign"])
def test_a_corrupt_entry_is_rebuilt(tmp_path: Path, counting: tuple[Language, list[str]], damage: str) -> None:
    nlp, seen = counting
    articles, blocks = tables()
    expected = sentences(annotate(articles, blocks, pipeline=nlp, cache_dir=tmp_path, progress=False))
    (path,) = tmp_path.glob("*.spacy")
    good = path.read_bytes()
    bad = {"flip": good[:-1] + bytes([good[-1] ^ 1]), "cut": good[:50], "empty": b"", "foreign": b"x" * 99}[damage]
    path.write_bytes(bad)
    found = sentences(annotate(articles, blocks, pipeline=nlp, cache_dir=tmp_path, progress=False))
    assert found.equals(expected)
    assert len(seen) == 6
    assert path.read_bytes() == good


def _write_cache(folder: str) -> int:
    articles, blocks = tables()
    return len(annotate(articles, blocks, pipeline=blank(), cache_dir=folder, progress=False)["a"])


def test_two_processes_may_write_at_once(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        sizes = pool.map(_write_cache, [str(tmp_path)] * 4)
    assert len(set(sizes)) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_the_fingerprint_follows_the_settings() -> None:
    other = spacy.blank("it")
    other.add_pipe("sentencizer", config={"punct_chars": ["!"]})
    assert fingerprint(blank()) == fingerprint(blank())
    assert fingerprint(blank()) != fingerprint(other)


def test_a_missing_pipeline_says_how_to_install_it() -> None:
    with pytest.raises(PipelineError, match="python -m spacy download it_no_such_pipeline"):
        load_pipeline("it_no_such_pipeline")
    assert issubclass(PipelineError, RassegnaError)


def test_a_pipeline_without_sentences_is_refused(tmp_path: Path) -> None:
    spacy.blank("it").to_disk(tmp_path / "bare")
    with pytest.raises(PipelineError, match="finds no sentences"):
        load_pipeline(str(tmp_path / "bare"))


def test_a_pipeline_that_has_met_many_words_is_loaded_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    first = annotation.pipelines("it_rassegna_news", ["fi", "it"])
    assert annotation.pipelines("it_rassegna_news", ["it"])["it"] is first["it"]
    monkeypatch.setattr(annotation, "MOST_WORDS", len(first["it"].vocab) - annotation._KNOWN[first["it"]])
    assert annotation.pipelines("it_rassegna_news", ["it"])["it"] is first["it"]
    read = [token.lemma_ for token in first["it"]("Il frogalante ha brunduto.")]
    later = annotation.pipelines("it_rassegna_news", ["fi", "it"])
    assert later["it"] is not first["it"]
    assert [token.lemma_ for token in later["it"]("Il frogalante ha brunduto.")] == read


def test_batch_size_must_be_positive() -> None:
    articles, blocks = tables()
    with pytest.raises(ValueError, match="batch_size must be at least 1, not 0"):
        annotate(articles, blocks, pipeline=blank(), batch_size=0)
