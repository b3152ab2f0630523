"""Articles as UIMA CAS XMI for INCEpTION, with the tables as layers that a human coder can correct there.

To work in INCEpTION: unpack the archive, import `TypeSystem.xml` under Settings, Layers, then the `.xmi` files as
documents of the format "UIMA CAS XMI (XML 1.0)". `annotations.read_cas` reads back what is exported from there.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from cassis import Cas, TypeSystem
from spacy.tokens import Doc

from rassegna.annotation import raw_offset
from rassegna.cleaning import CONTENT

TYPE_SYSTEM = "TypeSystem.xml"
SENTENCE = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"
WORD = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token"
METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class Layer:
    """A table as a span layer: the layer's type, and its features with the columns that they hold."""

    table: str
    type: str
    features: dict[str, str]


# NamedEntity is a built-in layer of INCEpTION, the others are custom ones. All features are strings: the only
# numbers that INCEpTION knows are of 32 bits, and an absent one would read as 0.
LAYERS = (
    Layer("blocks", "webanno.custom.Block", {"label": "label"}),
    Layer(
        "mentions",
        "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity",
        {"value": "label", "identifier": "entity"},
    ),
    Layer(
        "quotes",
        "webanno.custom.Quote",
        {"kind": "kind", "speaker": "speaker", "cue": "cue", "cueClass": "cue_class"},
    ),
    Layer("quotation_marks", "webanno.custom.QuotationMark", {"kind": "kind"}),
    Layer(
        "quantities",
        "webanno.custom.Quantity",
        {"value": "value", "low": "low", "high": "high", "unit": "unit", "counted": "counted", "bound": "bound"},
    ),
    Layer(
        "dates",
        "webanno.custom.TimeExpression",
        {"timexType": "type", "value": "value", "mod": "mod", "clash": "clash"},
    ),
    Layer(
        "terms",
        "webanno.custom.ContestedTerm",
        {"contrastSet": "contrast_set", "voice": "voice", "holder": "holder"},
    ),
    Layer("damage", "webanno.custom.Damage", {"kind": "reason"}),
)


def type_system() -> TypeSystem:
    """The types of what `cas` writes: those of INCEpTION that it needs, and the custom layers."""
    types = TypeSystem()
    meta = types.create_type(METADATA, supertypeName="uima.tcas.DocumentAnnotation")
    for name in ("documentId", "documentTitle"):
        types.create_feature(meta, name, "uima.cas.String")
    for name in (SENTENCE, WORD):
        types.create_type(name)
    for layer in LAYERS:
        own = types.create_type(layer.type)
        for name in layer.features:
            types.create_feature(own, name, "uima.cas.String")
    return types


def cas(tables: Mapping[str, pd.DataFrame], raw: Mapping[str, str], docs: Mapping[str, Doc]) -> dict[str, bytes]:
    """Each article as UIMA CAS XMI, with the type system.

    The text is the raw text (see `xml_text`). Its sentences and words are those of the table and the pipeline; a block
    that is no content is one sentence, so that INCEpTION shows it too. Offsets in the files are UTF-16 code units, as
    UIMA counts; cassis makes them of our code points. A table that is not there has no annotations.

    Args:
        tables: Table name to table: `articles`, `blocks`, `sentences` and those of `LAYERS`.
        raw: doc_id to decoded text.
        docs: doc_id to annotated Doc.

    Returns:
        File name to content: `TypeSystem.xml`, then `<doc_id>.xmi` for each article in their order.
    """
    types = type_system()
    own = {name: dict(list(table.groupby("doc_id"))) for name, table in tables.items() if "start" in table}
    files = {TYPE_SYSTEM: types.to_xml().encode()}
    for article in tables["articles"].itertuples(index=False):
        rows = {name: groups.get(article.doc_id, tables[name].iloc[:0]) for name, groups in own.items()}
        made = Cas(types, sofa_string=xml_text(raw[article.doc_id]), sofa_mime="text/plain")
        for name, start, end, features in _annotations(article, rows, docs[article.doc_id]):
            made.add(types.get_type(name)(begin=start, end=end, **features))
        files[f"{article.doc_id}.xmi"] = (made.to_xmi() or "").encode()
    return files


def xml_text(text: str) -> str:
    """A text as XML 1.0 can hold it: each forbidden character (controls, U+FFFE, U+FFFF) is one U+FFFD.

    Length and offsets stay, in code points and in UTF-16 code units.
    """
    return _FORBIDDEN.sub("\ufffd", text)


_Annotation = tuple[str, int, int, dict[str, str | None]]  # type, start, end, features


def _annotations(article: Any, rows: Mapping[str, pd.DataFrame], doc: Doc) -> Iterator[_Annotation]:
    title = article.title if pd.notna(article.title) else article.doc_id
    about = {"language": article.language, "documentId": article.doc_id, "documentTitle": title}
    yield METADATA, 0, article.n_chars, {name: xml_text(value) for name, value in about.items()}
    yield from _words(rows, doc)
    for layer in LAYERS:
        if layer.table not in rows:
            continue
        for row in rows[layer.table].to_dict("records"):
            values = {feature: _value(row.get(column)) for feature, column in layer.features.items()}
            yield layer.type, int(row["start"]), int(row["end"]), values


def _words(rows: Mapping[str, pd.DataFrame], doc: Doc) -> Iterator[_Annotation]:
    for row in rows["sentences"].itertuples(index=False):
        yield SENTENCE, int(row.start), int(row.end), {}
    for token in doc:
        if not token.is_space:
            start = raw_offset(doc, token.idx)
            yield WORD, start, start + len(token.text), {}
    for row in rows["blocks"][~rows["blocks"]["label"].isin(CONTENT)].itertuples(index=False):
        yield SENTENCE, int(row.start), int(row.end), {}
        for word in _WORD.finditer(row.text):
            yield WORD, int(row.start + word.start()), int(row.start + word.end()), {}


def _value(value: Any) -> str | None:
    """A cell as a feature: a whole number without its decimals, nothing for an absent value."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return str(int(value))
    return xml_text(str(value))
