"""The reader: one page with the articles side by side, in which whatever the tables hold can be looked up.

The page is whole in itself: its script and style stand in it and are the only ones that its Content-Security-Policy
lets run, so it works from disk as from a server. The article's text is written here, escaped; the script only reads it.
"""

import base64
import hashlib
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pandas as pd

from rassegna.corpus_tables import by_outlet, outlets
from rassegna.reader.items import complete, kinds, told
from rassegna.rendering import address, visible
from rassegna.voices import utterances

_TAGS = {"title": "h3", "heading": "h3"}


def page(
    tables: Mapping[str, pd.DataFrame], *, words: Mapping[str, Any], event: str = "", foot: Sequence[str] = ()
) -> str:
    """Write the reader of a corpus.

    Args:
        tables: Table name to table; `articles` and `blocks` are needed, of the others whatever there is.
        words: The site's own words in one language, as `site.pages.words` has them: language (its code), manifest (of
            the foot) and reader_page.
        event: What the corpus is about.
        foot: What the page was made from, line by line.

    Returns:
        The page, as HTML that needs no other file.
    """
    known = complete(tables)
    own = files("rassegna.site")
    style, script = ((own / f"reader.{ending}").read_text(encoding="utf-8") for ending in ("css", "js"))
    names = outlets(known["articles"])
    known["facts"] = known["facts"].assign(conflict=by_outlet(known["facts"]["conflict"], names))
    data = {"docs": [{"id": doc_id, "name": visible(name)} for doc_id, name in names.items()]}
    own_words = words["reader_page"]
    data |= {"kinds": kinds(known, list(names), words=own_words), "words": own_words}
    links = [f'<li><a href="#{address(doc_id)}">{_escaped(name)}</a></li>' for doc_id, name in names.items()]
    values = {name: _escaped(word) for name, word in own_words.items() if isinstance(word, str)} | {
        "language": words["language"],
        "manifest": _escaped(words["manifest"]),
        "policy": f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        "event": _escaped(event),
        "style": style,
        "script": script,
        "made": _escaped(foot[0] if foot else "Rassegna"),
        "foot": "\n".join(f"<p>{_escaped(line)}</p>" for line in foot[1:]),
        "list": "".join(links),
        "texts": _articles(known, names, n_words=own_words["n_words"]),
        # No text can end the element that holds the data.
        "data": json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
    }
    template = (own / "reader.html").read_text(encoding="utf-8")
    return re.sub(r"%(\w+)%", lambda match: values[match[1]], template)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _escaped(text: str) -> str:
    return html.escape(visible(text))


def _articles(tables: Mapping[str, pd.DataFrame], names: Mapping[str, str], *, n_words: str) -> str:
    """Every article as an element, its blocks in the order of the page."""
    blocks, sentences = (dict(list(tables[name].groupby("doc_id"))) for name in ("blocks", "sentences"))
    anchors, speakers = _anchors(tables), _speakers_at(tables["quotes"])
    rows = tables["articles"].set_index("doc_id")
    parts = []
    for n, (doc_id, name) in enumerate(names.items(), start=1):
        inside = [(int(s), int(e)) for s, e in _spans(sentences.get(doc_id))]
        body = "".join(
            _block(doc_id, b, inside, anchors[doc_id], speakers[doc_id]) for b in blocks[doc_id].itertuples(index=False)
        )
        row = rows.loc[doc_id]
        about = told(row["published_at"], n_words.format(n=f"{row['n_words']:,}"))
        parts.append(
            f'<article id="{address(doc_id)}" aria-labelledby="name-{n}"><header><h2 id="name-{n}">{n} {_escaped(name)}'
            f'</h2><p>{_escaped(about)}</p></header><div class="text" lang="{_escaped(row["language"])}">{body}'
            f"</div></article>"
        )
    return "\n".join(parts)


def _anchors(tables: Mapping[str, pd.DataFrame]) -> dict[str, set[tuple[int, int]]]:
    """doc_id to the spans that any table has there."""
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for name, table in tables.items():
        for prefix in ("", "other_"):
            columns = [f"{prefix}doc_id", f"{prefix}start", f"{prefix}end"]
            if name not in ("blocks", "sentences") and {*columns} <= {*table}:
                for doc_id, start, end in table[columns].dropna().itertuples(index=False):
                    found[doc_id].add((int(start), int(end)))
    return found


def _speakers_at(quotes: pd.DataFrame) -> dict[str, dict[tuple[int, int], str]]:
    found: dict[str, dict[tuple[int, int], str]] = defaultdict(dict)
    spoken = utterances(quotes)
    for (doc_id, start, end), speakers in spoken.groupby(["doc_id", "start", "end"])["speaker"]:
        found[doc_id][start, end] = ", ".join(speakers)
    return found


def _spans(table: pd.DataFrame | None) -> Iterable[tuple[int, int]]:
    return () if table is None else table[["start", "end"]].itertuples(index=False)


def _block(
    doc_id: str,
    block: Any,
    sentences: Sequence[tuple[int, int]],
    points: set[tuple[int, int]],
    speakers: Mapping[tuple[int, int], str],
) -> str:
    """A block with its sentences as elements, and an empty anchor where any other span begins."""
    start, end = int(block.start), int(block.end)
    whole = (start, end)
    opened: dict[int, str] = defaultdict(str)
    closed: dict[int, str] = defaultdict(str)
    pointed: dict[int, str] = defaultdict(str)
    own = [span for span in sentences if start <= span[0] and span[1] <= end]
    for s, e in own:
        opened[s], closed[e] = f'<span class="s" id="{html.escape(address(doc_id, s, e))}">', "</span>"
    for s, e in sorted({*points, *speakers}):
        if start <= s < end:
            name = "" if (s, e) in own or (s, e) == whole else f' id="{html.escape(address(doc_id, s, e))}"'
            who = f' data-who="{_escaped(speakers[s, e])}"' if (s, e) in speakers else ""
            pointed[s] += f"<a{name}{who}></a>" if name or who else ""
    parts = []
    for a, b in pairwise(sorted({start, end, *opened, *closed, *pointed})):
        text = visible(html.escape(block.text[a - start : b - start]), frame='<b class="u">{}</b>')
        parts += [closed[a], opened[a], pointed[a], text]
    parts.append(closed[end])
    name = "" if whole in own else f' id="{html.escape(address(doc_id, start, end))}"'
    tag = _TAGS.get(block.label, "p")
    return f'<{tag}{name} class="{block.label}" data-at="{start}">{"".join(parts)}</{tag}>'
