"""What coders annotated in INCEpTION, as the annotation files that the extraction is measured against."""

import io
import math
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from cassis import Cas, load_cas_from_xmi, load_typesystem
from cassis.typesystem import TypeNotFoundError
from lxml import etree

from rassegna.errors import InterchangeError
from rassegna.interchange.xmi import LAYERS, TYPE_SYSTEM, Layer, type_system, xml_text
from rassegna.rendering import visible

MAX_BYTES = 500_000_000  # of an archive, unpacked
_LABELS = ("PER", "ORG", "LOC", "MISC")


def read_cas(paths: Sequence[Path], raw: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Read the annotations in UIMA CAS XMI files, or in zip archives of such files.

    An article is known by its text, whatever the file is called: INCEpTION names files after the coder.

    The annotation of an article has these keys; a list is sorted by start, then end; start and end are code points of
    the raw text, half open, and `text == raw[start:end]`:

    - `doc_id`
    - `blocks` (layer Block): line (from 1), start, end, label.
    - `quotes` (Quote of kind direct or mixed, or without a kind), `indirect` (of kind indirect): start, end, text,
      speaker, cue.
    - `not_quotes` (QuotationMark), `damage` (Damage): start, end, text, kind.
    - `quantities` (Quantity): start, end, text, value (number or null), unit, bound; low and high where given.
    - `dates` (TimeExpression): start, end, text, value, also (empty); clash where given.
    - `mentions` (NamedEntity): start, end, text, label, canonical: the identifier, else the words themselves.
    - `entities`: the canonical names of the mentions by label, and `absent`, empty.
    - `voices` (ContestedTerm): start, end, text, voice, holder.
    - `not_quantities`: empty; no layer says it.

    Args:
        paths: Each an `.xmi` file, with a `TypeSystem.xml` beside it unless the types are those that `cas` writes,
            or a `.zip` of such files.
        raw: doc_id to decoded text of the corpus.

    Returns:
        doc_id to annotation, sorted by doc_id.

    Raises:
        InterchangeError: a file cannot be read, holds no annotated article or a text that is none of the corpus, an
            article is annotated twice, or a value is no number where one is due; the message says which and where.
    """
    known = {xml_text(text): doc_id for doc_id, text in raw.items()}
    found: dict[str, dict[str, Any]] = {}
    for name, content, types in (document for path in paths for document in _documents(path)):
        cas = _load(name, content, types)
        doc_id = known.get(cas.sofa_string or "")
        if doc_id is None:
            raise InterchangeError(_difference(name, cas.sofa_string or "", raw))
        if doc_id in found:
            raise InterchangeError(f"{name}: a second annotation of {doc_id}; import each coder's files by themselves")
        found[doc_id] = _annotation(name, cas, doc_id, raw[doc_id])
    return dict(sorted(found.items()))


def _documents(path: Path) -> Iterator[tuple[str, bytes, bytes | None]]:
    """Name, content and type system of each XMI file; of an archive nothing is unpacked on disk."""
    try:
        if not zipfile.is_zipfile(path):
            beside = path.with_name(TYPE_SYSTEM)
            yield str(path), path.read_bytes(), beside.read_bytes() if beside.is_file() else None
            return
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_BYTES:
                raise InterchangeError(f"{path}: more than {MAX_BYTES:,} bytes when unpacked")
            names = archive.namelist()
            if not any(name.endswith(".xmi") for name in names):
                raise InterchangeError(f"{path}: holds no .xmi file; export from INCEpTION as UIMA CAS XMI (XML 1.0)")
            for name in sorted(names):
                if name.endswith(".xmi"):
                    places = (str(PurePosixPath(name).with_name(TYPE_SYSTEM)), TYPE_SYSTEM)
                    types = next((place for place in places if place in names), None)
                    yield f"{path}/{name}", archive.read(name), archive.read(types) if types else None
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise InterchangeError(f"{path}: cannot be read: {error}") from error


def _load(name: str, content: bytes, types: bytes | None) -> Cas:
    try:
        for part in filter(None, (content, types)):
            # No document type: XMI has none, and entities could reach for files or grow without end.
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            if etree.fromstring(part, parser).getroottree().docinfo.doctype:
                raise InterchangeError(f"{name}: has a document type declaration, which no XMI file needs")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # types of other layers, which are not ours to know
            warnings.filterwarnings("error", message="Not mapping external offset")
            own = load_typesystem(io.BytesIO(types)) if types else type_system()
            return load_cas_from_xmi(io.BytesIO(content), typesystem=own, lenient=True)
    except (etree.XMLSyntaxError, TypeNotFoundError, KeyError, ValueError, TypeError, AttributeError, RuntimeError,
            UserWarning) as error:  # fmt: skip
        raise InterchangeError(f"{name}: is no UIMA CAS XMI that can be read: {error}") from error


def _difference(name: str, text: str, raw: Mapping[str, str]) -> str:
    """Why a text is none of the corpus: where it first differs from the article of its name, or the likest one."""
    shared = {doc_id: _shared(text, xml_text(own)) for doc_id, own in raw.items()}
    called = [doc_id for doc_id in sorted(raw) if PurePosixPath(name).name == f"{doc_id}.xmi"]
    doc_id = called[0] if called else max(sorted(raw), key=lambda own: shared[own])
    place = shared[doc_id]
    here, there = (visible(own[place : place + 20]) for own in (text, raw[doc_id]))
    return (
        f"{name}: its text is no article's of the corpus; from {doc_id} it differs at character {place}: "
        f"{here!r} there, {there!r} in the corpus"
    )


def _shared(text: str, other: str) -> int:
    ends = min(len(text), len(other))
    return next((n for n in range(ends) if text[n] != other[n]), ends)


def _annotation(name: str, cas: Cas, doc_id: str, raw: str) -> dict[str, Any]:
    rows = {layer.table: list(_rows(name, cas, layer, raw)) for layer in LAYERS}
    quotes = [(values.pop("kind"), values) for values in _pick(rows["quotes"], "kind", "speaker", "cue")]
    mentions = [
        {**span, "label": values["value"], "canonical": values["identifier"] or span["text"]}
        for span, values in rows["mentions"]
    ]
    names = {label: sorted({m["canonical"] for m in mentions if m["label"] == label}) for label in _LABELS}
    return {
        "doc_id": doc_id,
        "blocks": [
            {"line": raw.count("\n", 0, span["start"]) + 1, "start": span["start"], "end": span["end"], **values}
            for span, values in rows["blocks"]
        ],
        "quotes": [values for kind, values in quotes if kind != "indirect"],
        "not_quotes": _pick(rows["quotation_marks"], "kind"),
        "indirect": [values for kind, values in quotes if kind == "indirect"],
        "quantities": [_quantity(name, span, values) for span, values in rows["quantities"]],
        "not_quantities": [],
        "dates": [
            {**span, "value": values["value"], "also": [], **_given(values, "clash")} for span, values in rows["dates"]
        ],
        "mentions": mentions,
        "entities": {**names, "absent": []},
        "voices": _pick(rows["terms"], "voice", "holder"),
        "damage": _pick(rows["damage"], "kind"),
    }


_Row = tuple[dict[str, Any], dict[str, Any]]  # span, features


def _rows(name: str, cas: Cas, layer: Layer, raw: str) -> Iterator[_Row]:
    if not cas.typesystem.contains_type(layer.type):
        return
    for own in sorted(cas.select(layer.type), key=lambda own: (own.begin, own.end)):
        if not 0 <= own.begin < own.end <= len(raw):
            raise InterchangeError(f"{name}: {layer.type} from {own.begin} to {own.end} is empty or outside the text")
        span = {"start": own.begin, "end": own.end, "text": raw[own.begin : own.end]}
        yield span, {feature: getattr(own, feature, None) or None for feature in layer.features}


def _pick(rows: list[_Row], *features: str) -> list[dict[str, Any]]:
    return [{**span, **{feature: values[feature] for feature in features}} for span, values in rows]


def _given(values: Mapping[str, Any], *features: str) -> dict[str, Any]:
    return {feature: values[feature] for feature in features if values[feature] is not None}


def _quantity(name: str, span: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    def number(feature: str) -> int | float | None:
        try:
            value = float(values[feature]) if values[feature] is not None else None
        except ValueError:
            value = math.nan
        if value is not None and not math.isfinite(value):
            where = f"{name}: quantity {visible(span['text'])!r} at {span['start']}"
            raise InterchangeError(f"{where}: {feature} {values[feature]!r} is no number such as 12 or 0.75")
        return int(value) if value is not None and value.is_integer() else value

    ends = {feature: number(feature) for feature in ("low", "high") if values[feature] is not None}
    return {**span, "value": number("value"), "unit": values["unit"], "bound": values["bound"], **ends}
