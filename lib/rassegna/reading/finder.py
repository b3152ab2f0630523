"""What the finders of dates and quantities share: they read a Doc block by block and keep what they find."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from spacy.tokens import Doc

from rassegna.annotation import raw_offset, text_of
from rassegna.reading.grammar import grammar
from rassegna.reading.reader import Lexeme

Found = tuple[int, int, str, tuple[Any, ...]]  # start and end in the Doc's text, a label, and the values of a row


class Finder:
    """spaCy component: expressions in `doc._.<table>` and, with a label each, in `doc.spans["rassegna_<table>"]`."""

    table: ClassVar[str]
    rules: ClassVar[str]

    def __init_subclass__(cls) -> None:
        """Let every Doc keep what is found."""
        Doc.set_extension(cls.table, default=[], force=True)

    def __init__(self, language: str) -> None:
        self.language, self.grammar = language, grammar(language, self.rules)

    def expressions(self, doc: Doc, lexemes: Sequence[Lexeme], offset: int) -> Iterator[Found]:
        """What stands among the lexemes of one block, which begins at an offset of the Doc's text, in order."""
        raise NotImplementedError

    def __call__(self, doc: Doc) -> Doc:
        """Find and store. Nothing reaches from one block into the next; a Doc that `annotate` has not made is one."""
        text = text_of(doc)
        starts = [block[3] for block in doc._.blocks] or [0]
        found: list[Found] = []
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
            found += self.expressions(doc, self.grammar.reader.read(text[start:end]), start)
        spans = [doc.char_span(start, end, label=label, alignment_mode="expand") for start, end, label, _ in found]
        doc._.set(self.table, [(start, end, *values) for start, end, _, values in found])
        doc.spans[f"rassegna_{self.table}"] = [span for span in spans if span is not None]
        return doc

    def rows(self, doc: Doc) -> Iterator[tuple[Any, ...]]:
        """The rows of what stands in a Doc, with offsets in the raw text: start, end, text, values."""
        text = text_of(doc)
        for start, end, *values in self(doc)._.get(self.table):
            shift = raw_offset(doc, start) - start if doc._.blocks else 0
            yield (start + shift, end + shift, text[start:end], *values)
