"""Read hand annotation, and refuse with file, place and what is allowed whatever does not fit the text or the form."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from rassegna.errors import AnnotationError
from rassegna.validity.names import Names, read_json

FOLDER = "annotations"
CODER_FILE = "coder.toml"
FIRST = "first"
FACTS = "facts.json"
ALIASES = "aliases.json"
STATUSES = ("states", "omits", "contradicts", "either")
# Lists that hold all there is, unless the coder's file says which do.
COMPLETE = ("blocks", "quotes", "mentions")
_CODER_KEYS = ("name", "complete")


@dataclass(frozen=True)
class Annotations:
    """What one coder has annotated.

    Attributes:
        coder: The coder's name.
        articles: doc_id to its annotation: list name to items, each with start, end, text and every key of the form,
            null where the coder gave none; the texts of the form; and `entities` where names are listed only.
        facts: Annotated facts: fact_id, fact, documents (doc_id, status, evidence).
        names: Forms that stand for one name.
        complete: Lists that hold all there is, so that what they lack is an error of the extraction.
        unread: Files that are no annotation of an article here.
    """

    coder: str
    articles: dict[str, dict[str, Any]]
    facts: list[dict[str, Any]]
    names: Names
    complete: frozenset[str]
    unread: tuple[str, ...]


def read_annotations(folder: Path | str, raw: Mapping[str, str]) -> list[Annotations]:
    """Read every coder's annotation of a corpus: the folder's own files, then those of each folder in it.

    Args:
        folder: Folder of `<doc_id>.json`, and perhaps `facts.json`, `aliases.json`, `coder.toml`. A folder in it
            holds another coder's files, in the same form; without aliases of their own these share the first's.
        raw: doc_id to the text that the offsets point into.

    Returns:
        One entry per coder that annotated an article of `raw`, the first coder first, the others by name.

    Raises:
        AnnotationError: a file does not fit the form, or an item its text; the message names file and item.
    """
    folder = Path(folder)
    if not folder.is_dir():
        return []
    own = [folder, *sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))]
    found = [_coder(path, raw, shared=folder, name=FIRST if path == folder else path.name) for path in own]
    found = [coder for coder in found if coder.articles]
    coders = [coder.coder for coder in found]
    if twice := sorted({coder for coder in coders if coders.count(coder) > 1}):
        raise AnnotationError(f"{CODER_FILE}: two coders are called {twice[0]!r}; give each a name of their own")
    return found


def places(coders: Sequence[Annotations]) -> pd.DataFrame:
    """Where each annotated item stands.

    Returns:
        One row per coder, list and annotated item: coder, list, doc_id, start, end.
    """
    found = [
        (coder.coder, name, doc_id, item["start"], item["end"])
        for coder in coders
        for doc_id, article in coder.articles.items()
        for name in LISTS
        for item in article.get(name, ())
    ]
    return pd.DataFrame(found, columns=["coder", "list", "doc_id", "start", "end"])


def _coder(folder: Path, raw: Mapping[str, str], *, shared: Path, name: str) -> Annotations:
    about = _coder_file(folder / CODER_FILE)
    articles: dict[str, dict[str, Any]] = {}
    unread = []
    for path in sorted(folder.glob("*.json")):
        if path.name in (FACTS, ALIASES):
            continue
        file = path.relative_to(shared).as_posix()
        data = read_json(path, file)
        doc_id = data.get("doc_id", path.stem) if isinstance(data, dict) else None
        if not isinstance(doc_id, str) or doc_id not in raw:
            unread.append(file)
        elif doc_id in articles:
            raise AnnotationError(f"{file}: a second annotation of {doc_id} by one coder; keep one of them")
        else:
            articles[doc_id] = _article(data, raw[doc_id], file)
    facts = _facts(folder / FACTS, raw) if (folder / FACTS).is_file() else []
    aliases = folder / ALIASES
    return Annotations(
        coder=about.get("name", name),
        articles=articles,
        facts=facts,
        names=Names.read(aliases if aliases.is_file() else shared / ALIASES),
        complete=frozenset(about.get("complete", COMPLETE)),
        unread=tuple(unread),
    )


def _coder_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        about = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AnnotationError(f"{path.name}: {error}") from error
    if unknown := sorted(set(about) - set(_CODER_KEYS)):
        raise AnnotationError(f"{path.name}: unknown key {unknown[0]!r}; allowed are {', '.join(_CODER_KEYS)}")
    lists = sorted(form()["lists"])
    if strange := [entry for entry in about.get("complete", ()) if entry not in lists]:
        raise AnnotationError(f"{path.name}: complete: {strange[0]!r} is no list; allowed are {', '.join(lists)}")
    return about


@cache
def form() -> dict[str, Any]:
    """The annotation form: texts, others, and lists by name with their keys."""
    return tomllib.loads(files("rassegna.validity").joinpath("form.toml").read_text(encoding="utf-8"))


LISTS = tuple(name for name in form()["lists"] if name != "coded")


def _article(data: dict[str, Any], raw: str, file: str) -> dict[str, Any]:
    texts = form()["texts"]
    known = [*texts, *LISTS, *form()["others"]]
    if unknown := [key for key in data if key not in known]:
        raise AnnotationError(f"{file}: unknown key {unknown[0]!r}; allowed are {', '.join(sorted(known))}")
    found = {key: _typed(data[key], "text?", f"{file}: {key}") for key in texts if key in data}
    entities = data.get("entities")
    if isinstance(entities, list):  # a list of mentions goes by either name
        data = {**data, "mentions": entities}
    elif entities is not None:
        if not isinstance(entities, dict):
            raise AnnotationError(f"{file}: entities: allowed are names by label, or a list of mentions")
        found["entities"] = {key: _typed(names, "texts", f"{file}: entities.{key}") for key, names in entities.items()}
    coded = [_item(item, raw, f"{file}: coded[{n}]", "coded", []) for n, item in enumerate(data.get("coded", ()))]
    for name in LISTS:
        if name not in data:
            continue
        if not isinstance(data[name], list):
            raise AnnotationError(f"{file}: {name}: allowed is a list of objects")
        found[name] = [_item(item, raw, f"{file}: {name}[{n}]", name, coded) for n, item in enumerate(data[name])]
    return {**found, "coded": coded} if "coded" in data else found


def _item(item: object, raw: str, place: str, name: str, coded: list[dict[str, Any]]) -> dict[str, Any]:
    """One item of a list, checked, with its offsets and every key of the form."""
    if not isinstance(item, dict):
        raise AnnotationError(f"{place}: allowed is an object, not {item!r}")
    spec = form()["lists"][name]
    keys = spec.get("keys", {})
    allowed = ["start", "end", "text", *keys]
    if unknown := [key for key in item if key not in allowed]:
        raise AnnotationError(f"{place}: unknown key {unknown[0]!r}; allowed are {', '.join(allowed)}")
    if absent := [key for key in spec.get("required", ()) if key not in item]:
        raise AnnotationError(f"{place}: {absent[0]} is missing; it may be {_allowed(keys[absent[0]])}")
    start, end = _offsets(item, raw, place, coded)
    typed = {key: _typed(item[key], kind, f"{place}: {key}") for key, kind in keys.items() if key in item}
    empty: dict[str, Any] = {key: [] if kind == "texts" else None for key, kind in keys.items()}
    return {"start": start, "end": end, "text": raw[start:end], **empty, **typed}


def _offsets(item: dict[str, Any], raw: str, place: str, coded: list[dict[str, Any]]) -> tuple[int, int]:
    """Where an item stands; without offsets its text is looked for, where the coder read, and must stand there once."""
    text, start, end = item.get("text"), item.get("start"), item.get("end")
    if start is None and end is None and isinstance(text, str) and text:
        parts = [(span["start"], span["end"]) for span in coded] or [(0, len(raw))]
        places = [i for a, b in parts for i in range(a, b) if raw.startswith(text, i)]
        if len(places) != 1:
            where = f", at {', '.join(map(str, places[:5]))}" if places else ""
            raise AnnotationError(f"{place}: {text!r} stands there {len(places)} times{where}; give start and end")
        return places[0], places[0] + len(text)
    if not (type(start) is int and type(end) is int and 0 <= start < end <= len(raw)):
        raise AnnotationError(
            f"{place}: start {start!r}, end {end!r}; allowed are whole numbers, 0 <= start < end <= {len(raw)}"
        )
    if text is not None and text != raw[start:end]:
        raise AnnotationError(f"{place}: text is {text!r}, but at {start}-{end} the article has {raw[start:end]!r}")
    return start, end


def _typed(value: Any, kind: str | list[str], place: str) -> Any:
    """The value, if it is of the form's type."""
    fits = {
        "text": isinstance(value, str),
        "number": isinstance(value, int | float) and not isinstance(value, bool),
        "flag": isinstance(value, bool),
        "texts": isinstance(value, list) and all(isinstance(entry, str) for entry in value),
    }
    ok = value in kind if isinstance(kind, list) else fits[kind.rstrip("?")] or (kind.endswith("?") and value is None)
    if not ok:
        raise AnnotationError(f"{place}: {value!r}; allowed is {_allowed(kind)}")
    return value


def _allowed(kind: str | list[str]) -> str:
    if isinstance(kind, list):
        return f"one of {', '.join(kind)}"
    words = {"text": "a text", "number": "a number", "flag": "true or false", "texts": "a list of texts"}
    return words[kind.rstrip("?")] + (" or null" if kind.endswith("?") else "")


def _facts(path: Path, raw: Mapping[str, str]) -> list[dict[str, Any]]:
    """The annotated facts, checked; an article that the corpus lacks is left out."""
    facts = read_json(path, path.name)
    if not isinstance(facts, list):
        raise AnnotationError(f"{path.name}: allowed is a list of facts: fact_id, fact, documents")
    found = []
    for n, fact in enumerate(facts):
        place = f"{path.name}: [{n}]"
        if not isinstance(fact, dict) or not isinstance(fact.get("documents"), list) or "fact_id" not in fact:
            raise AnnotationError(f"{place}: allowed is an object with fact_id, fact, documents")
        place = f"{path.name}: {fact['fact_id']}"
        documents = [_document(d, raw, place) for d in fact["documents"] if d.get("doc_id") in raw]
        found.append({"fact_id": fact["fact_id"], "fact": fact.get("fact", ""), "documents": documents})
    return found


def _document(document: dict[str, Any], raw: Mapping[str, str], place: str) -> dict[str, Any]:
    doc_id = document["doc_id"]
    status = _typed(document.get("status"), list(STATUSES), f"{place}: {doc_id}: status")
    spans = [
        _offsets(span, raw[doc_id], f"{place}: {doc_id}: evidence[{n}]", [])
        for n, span in enumerate(document.get("evidence", ()))
    ]
    return {"doc_id": doc_id, "status": status, "evidence": spans}
