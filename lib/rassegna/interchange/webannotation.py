"""Every span as a W3C Web Annotation, which any tool can find again in the text by position or by its words."""

import json
import uuid
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pandas as pd

CONTEXT = 32  # code points of prefix and suffix
COLLECTION = "collection.jsonld"
# Columns of ours stand in the annotations under this prefix, so that a JSON-LD reader keeps them.
_CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"rassegna": "urn:rassegna:column:"}]
_SPAN = ("doc_id", "start", "end", "text")
_CLASSES = ("label", "kind", "type")  # the column that says what a span is, where a table has one of them


def web_annotations(tables: Mapping[str, pd.DataFrame], raw: Mapping[str, str]) -> dict[str, bytes]:
    """All spans of all tables as a Web Annotation collection with a page for each article.

    The target of an annotation is the article's file (`source.id`: its path in the corpus; with its SHA-256) with a
    TextPositionSelector (code points of the decoded file, half open) and a TextQuoteSelector (the exact words with
    `CONTEXT` code points of either side). Its bodies are what the span is (a tag: its label, kind or type, else
    the table's name) and the row (`rassegna:table` and the other columns; an absent value is left out). Its id is a
    UUID made of the file's SHA-256, the table and the row.

    Args:
        tables: Table name to table; those with doc_id, start and end are exported.
        raw: doc_id to decoded text.

    Returns:
        File name to JSON-LD: `collection.jsonld`, and a page for each article in their order.

    Source:
        Web Annotation Data Model, W3C Recommendation 23 February 2017.
    """
    spans = {name: table for name, table in tables.items() if {"doc_id", "start", "end"} <= set(table.columns)}
    own = {name: dict(list(table.dropna(subset=["start"]).groupby("doc_id"))) for name, table in spans.items()}
    articles = list(tables["articles"].itertuples(index=False))
    names = [f"{quote(article.doc_id, safe='')}.jsonld" for article in articles]
    total = sum(len(rows) for groups in own.values() for rows in groups.values())
    collection = {"id": COLLECTION, "type": "AnnotationCollection", "label": "Rassegna", "total": total}
    ends = {"first": names[0], "last": names[-1]} if names else {}
    files = {COLLECTION: _json({"@context": _CONTEXT, **collection, **ends})}
    index = 0
    for n, (article, name) in enumerate(zip(articles, names, strict=True)):
        items = [
            item
            for table, groups in own.items()
            if article.doc_id in groups
            for item in _items(table, groups[article.doc_id], raw[article.doc_id], article)
        ]
        page = {"@context": _CONTEXT, "id": name, "type": "AnnotationPage", "partOf": collection, "startIndex": index}
        near = {"prev": names[n - 1]} if n else {}
        near |= {"next": names[n + 1]} if n + 1 < len(names) else {}
        files[name] = _json({**page, **near, "items": items})
        index += len(items)
    return files


def _items(table: str, rows: pd.DataFrame, text: str, article: Any) -> Iterator[dict[str, Any]]:
    source = {
        "id": quote(article.path),
        "type": "Text",
        "format": "text/plain",
        "language": article.language,
        "rassegna:sha256": article.sha256,
    }
    for n, row in enumerate(rows.to_dict("records")):
        start, end = int(row["start"]), int(row["end"])
        label = next((row[name] for name in _CLASSES if name in row), table)
        columns = {
            f"rassegna:{name}": _plain(value) for name, value in row.items() if name not in _SPAN and pd.notna(value)
        }
        yield {
            "id": uuid.uuid5(uuid.NAMESPACE_URL, f"urn:rassegna:{article.sha256}/{table}/{n}").urn,
            "type": "Annotation",
            "motivation": "classifying",
            "body": [
                {"type": "TextualBody", "purpose": "tagging", "format": "text/plain", "value": str(label)},
                {"type": "Dataset", "rassegna:table": table, **columns},
            ],
            "target": {
                "type": "SpecificResource",
                "source": source,
                "selector": [
                    {"type": "TextPositionSelector", "start": start, "end": end},
                    {
                        "type": "TextQuoteSelector",
                        "exact": text[start:end],
                        "prefix": text[max(0, start - CONTEXT) : start],
                        "suffix": text[end : end + CONTEXT],
                    },
                ],
            },
        }


def _plain(value: Any) -> Any:
    """A cell as JSON knows it: numpy's numbers have a plain one within."""
    return value.item() if hasattr(value, "item") else value


def _json(data: Mapping[str, Any]) -> bytes:
    """JSON without line breaks: no one reads it, and it is written five times as fast as an indented one."""
    return json.dumps(data, ensure_ascii=False).encode()
