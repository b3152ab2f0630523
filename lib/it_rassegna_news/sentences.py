"""Sentence breaks that the page itself gives, or rules out; the parser decides the rest."""

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Token

ENDS = tuple(".!?…:;")
CLOSING = frozenset("»”’›)]}")
OPENING = frozenset("«“‘‹„‟([{")
STRAIGHT = frozenset("\"'")
INNER = frozenset(",.;:!?…%")


@Language.factory("rassegna_line_breaks", assigns=["token.is_sent_start"])
class LineBreaks:
    """Mark sentence starts before the parser runs, which keeps to what is marked.

    A line end always ends a sentence. Within a line a sentence ends only at a full stop or its like (then at the
    closing marks after it), never before a closing mark, and not between a colon and the quotation it announces.
    """

    def __init__(self, nlp: Language, name: str = "rassegna_line_breaks") -> None:  # noqa: ARG002
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Mark the starts; white space at a line's start goes with what precedes it."""
        after_line_end = False
        for token in doc:
            if token.is_space:
                after_line_end = after_line_end or "\n" in token.text
                if token.i:
                    token.is_sent_start = False
            elif after_line_end:
                token.is_sent_start = True
                after_line_end = False
            elif token.i and not _may_start(token):
                token.is_sent_start = False
        return doc

    def to_disk(self, path: Any, *, exclude: tuple[str, ...] = ()) -> None:
        """Write nothing: the component has no data."""

    def from_disk(self, path: Any, *, exclude: tuple[str, ...] = ()) -> "LineBreaks":  # noqa: ARG002
        """Read nothing: the component has no data."""
        return self


def _closes(token: Token) -> bool:
    """Tell whether a token is a closing mark; a straight one closes where it leans on the word before it."""
    leans = token.i > 0 and not token.nbor(-1).whitespace_ and not token.nbor(-1).is_space
    return token.text in CLOSING or (token.text in STRAIGHT and leans)


def _may_start(token: Token) -> bool:
    """Tell whether a sentence may start at a token that is not the first of its line."""
    if token.text in INNER or _closes(token):
        return False
    before = token.nbor(-1)
    while before.i and (before.is_space or _closes(before)):
        before = before.nbor(-1)
    if before.text[-1] not in ENDS:
        return False
    return not (before.text == ":" and (token.text in OPENING or token.text in STRAIGHT))
