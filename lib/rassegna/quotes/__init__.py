"""The tables `quotes` and `quotation_marks`: who says what, with which cue, and what in marks is nobody's words."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pandas as pd
from spacy.language import Language
from spacy.tokens import Doc, Span

from rassegna.annotation import raw_offset, raw_span
from rassegna.languages import optional
from rassegna.quotes.attribution import Attribution, Statement, Unspoken
from rassegna.quotes.dialogue import with_dialogue
from rassegna.quotes.discourse import Discourse
from rassegna.quotes.phrases import Words
from rassegna.quotes.quotation_marks import Marked, marked
from rassegna.quotes.reported_speech import ReportedSpeech
from rassegna.quotes.speakers import Speakers
from rassegna.tables import by_article

QUOTE_COLUMNS = [
    *("doc_id", "quote_id", "start", "end", "text", "kind", "speaker", "speaker_start", "speaker_end"),
    *("is_inferred", "cue", "cue_start", "cue_end", "cue_class", "reason"),
]
MARK_COLUMNS = ["doc_id", "start", "end", "text", "kind", "reason"]
INTEGERS = ("speaker_start", "speaker_end", "cue_start", "cue_end")


def quote_tables(
    docs: dict[str, Doc], mentions: pd.DataFrame, *, raw: Mapping[str, str], language: str | Mapping[str, str] = "it"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find quotations and reported statements, with speaker and cue, and what in quotation marks is nobody's words.

    Args:
        docs: doc_id → Doc, as `annotate` gives them.
        mentions: Table `mentions` of the same docs: speakers take their canonical names from it.
        raw: doc_id → decoded text, which all offsets point into.
        language: Language of the word lists, one for all or one a doc_id.

    Returns:
        Table `quotes`, one row per quotation or reported statement, sorted by doc_id in the order of `docs`, then
        start, then -end: doc_id (str), quote_id (int, from 0 in each article), start, end (int, code points of the raw
        text), text (str, without quotation marks), kind (direct, mixed, indirect), speaker (str or null),
        speaker_start, speaker_end (int or null, where the speaker is named, perhaps earlier), is_inferred (bool, no
        name stands with the cue), cue (str or null), cue_start, cue_end (int or null), cue_class (stance of the cue, or
        null), reason (str, the rule).

        Table `quotation_marks`, one row per other marked string, sorted likewise: doc_id (str), start, end (int, code
        points of the raw text), text (str), kind (scare, title, name, other), reason (str, the rule).
    """
    named = by_article(mentions)
    rows: list[tuple[Any, ...]] = []
    others: list[tuple[Any, ...]] = []
    for doc_id, doc in docs.items():
        code = language if isinstance(language, str) else language[doc_id]
        words, found = statements(doc, named.get(doc_id, []), language=code)
        spoken = [s for s in found if isinstance(s, Statement)]
        for number, s in enumerate(sorted(spoken, key=lambda s: (s.start, -s.end, s.kind))):
            rows.append((doc_id, number, *_row(words, s, raw[doc_id])))
        for u in found:
            if isinstance(u, Unspoken):
                start, end = _raw_marked(doc, u.quotation.marked)
                others.append((doc_id, start, end, raw[doc_id][start:end], u.kind, u.reason))
    table = pd.DataFrame(rows, columns=QUOTE_COLUMNS).astype(dict.fromkeys(INTEGERS, "Int64"))
    return table, pd.DataFrame(others, columns=MARK_COLUMNS)


def statements(doc: Doc, mentions: list[Any], *, language: str = "it") -> tuple[Words, list[Statement | Unspoken]]:
    """Every quotation, reported statement and other marked string of one article, in the order of its sentences."""
    words, text = Words(doc, mentions, language=language), doc.text
    starts = [block[3] for block in doc._.blocks] or [0]
    paragraphs = list(zip(starts, [*starts[1:], len(text)], strict=True))
    marks = marked(text, paragraphs, language=language)
    discourse = Discourse(words, with_dialogue(text, paragraphs, marks, words))
    speakers = Speakers(discourse)
    attribution, reported = Attribution(speakers), ReportedSpeech(speakers)
    found: list[Statement | Unspoken] = []
    quotations = list(reversed(discourse.quotations))
    for number, (_, stop) in enumerate(discourse.sentences):
        while quotations and quotations[-1].outer_start < stop:
            found.append(attribution.quotation(quotations.pop()))
        found.extend(reported.sentence(number))
    return words, attribution.echoes(found)


def _raw_marked(doc: Doc, m: Marked) -> tuple[int, int]:
    return raw_offset(doc, m.start), raw_offset(doc, m.end - 1) + 1


def _row(words: Words, s: Statement, text: str) -> tuple[Any, ...]:
    """The row of a statement, after doc_id and quote_id."""

    def raw(start: int, end: int) -> tuple[int, int]:
        return words.raw[start], words.raw_end(end - 1)

    start, end = _raw_marked(words.doc, s.quotation.marked) if s.quotation is not None else raw(s.start, s.end)
    speaker = raw(s.speaker.start, s.speaker.end) if s.speaker else (None, None)
    cue = raw(s.cue.start, s.cue.end) if s.cue else (None, None)
    said = text[cue[0] : cue[1]] if s.cue else None
    return (
        *(start, end, text[start:end], s.kind, s.speaker.name if s.speaker else None, *speaker),
        *(bool(s.speaker and s.speaker.is_inferred), said, *cue, s.stance or None, s.reason),
    )


def has_rules(language: str) -> bool:
    """Whether there are word lists about quotations for a language; other languages raise a LanguageError."""
    return bool(optional(language, "quotation"))


@Language.factory("rassegna_quotes", default_config={"language": None}, assigns=["doc.spans"])
def make_quotes(nlp: Language, name: str, language: str | None) -> "QuotesComponent":
    """The spaCy component, for any pipeline: `nlp.add_pipe("rassegna_quotes")`."""
    return QuotesComponent(name, language or str(nlp.lang))


class QuotesComponent:
    """Adds to `doc.spans` the groups <name>, <name>_cues and <name>_speakers.

    Content spans are labelled by kind (direct, mixed, indirect), cues by class, speakers by name; the spans of one
    quotation share their `id`. Names are the entities of the pipeline.
    """

    def __init__(self, name: str, language: str) -> None:
        self.name, self.language = name, language

    def __call__(self, doc: Doc) -> Doc:
        """Find the quotations of a Doc; without a table of blocks its lines are its paragraphs."""
        if not doc._.blocks:
            firsts = [0, *(t.i + 1 for t in doc[:-1] if "\n" in t.text)] if len(doc) else []
            doc._.blocks = [[n, "body", i, doc[i].idx, doc[i].idx] for n, i in enumerate(firsts)]
        _, found = statements(doc, [_mention(ent) for ent in doc.ents], language=self.language)
        spoken = list(enumerate(s for s in found if isinstance(s, Statement)))
        doc.spans[self.name] = [Span(doc, s.start, s.end, s.kind, span_id=i) for i, s in spoken]
        cues = [(i, s.cue, s.stance) for i, s in spoken if s.cue]
        doc.spans[f"{self.name}_cues"] = [Span(doc, c.start, c.end, stance, span_id=i) for i, c, stance in cues]
        speakers = [(i, s.speaker) for i, s in spoken if s.speaker]
        doc.spans[f"{self.name}_speakers"] = [Span(doc, s.start, s.end, s.name, span_id=i) for i, s in speakers]
        return doc


def _mention(ent: Span) -> SimpleNamespace:
    """An entity of the pipeline in the form of a row of `mentions`."""
    start, end = raw_span(ent)
    label, entity = ent.label_, ent.text
    return SimpleNamespace(start=start, end=end, label=label, entity=entity, kind="name", reason="", is_metonym=False)
