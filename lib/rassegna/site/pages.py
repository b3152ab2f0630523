"""The site's own pages, from their templates and the site's words: findings, figures, tables, how to cite."""

import html
import re
import struct
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import nbformat
import yaml

from rassegna.interchange import FORMATS
from rassegna.rendering import NARROW, visible
from rassegna.tables import Column, schemas

EXPORTS = ("xlsx", "webannotation")  # the formats that the page of downloads offers beside the tables
LANGUAGES = ("en", "it")  # of the site's own words
_MAIN_FIGURE, _MAIN_QUESTION = "00-facts", "who_reports_what"  # the front page has that figure below that question
_CHILDREN = ("glossary", "languages", "data-dictionary", "cite")  # pages below that on methods, not in the navigation
_CITATION = Path(__file__).resolve().parents[3] / "CITATION.cff"
_TABLE_ENDINGS = (".parquet", ".csv")
_FIGURE_ENDINGS = (".png", ".svg", ".pdf", ".csv")
_NOTEBOOK = re.compile(r"\[([^]]+)\]\(([\w-]+)\.ipynb\)")
_CODE = re.compile("`([^`]+)`")
_NO_MATH = "tex2jax_ignore mathjax_ignore"


@dataclass(frozen=True)
class Run:
    """What the pages tell of a run.

    Attributes:
        build_dir: Folder of generated work, with `tables/`, `exports/` and `figures/`.
        manifest: The run manifest.
        notebooks: Names of the notebooks that were run, in order.
        figures: Name to alternative text of the figures that they drew, in order.
        findings: Question to findings, each a sentence and the name of its notebook.
        language: Language of the site's own words.
    """

    build_dir: Path
    manifest: Mapping[str, Any]
    notebooks: Sequence[str]
    figures: Mapping[str, str]
    findings: Mapping[str, Sequence[tuple[str, str]]]
    language: str

    @cached_property
    def words(self) -> dict[str, Any]:
        """The site's own words in its language."""
        return words(self.language)


def words(language: str) -> dict[str, Any]:
    """The site's own words in one of `LANGUAGES`, which stands among them."""
    told = tomllib.loads((files("rassegna.site") / "words.toml").read_text(encoding="utf-8"))
    return {**told[language], "language": language}


def write(run: Run, source: Path) -> None:
    """Write the site's own pages as Markdown, `index.md` the front page."""
    values = {
        "event": _escaped(run.manifest["settings"]["event"] or run.manifest["settings"]["corpus_dir"]),
        "about": run.words["about"].replace("%n_articles%", str(run.manifest["n_articles"])),
        "pages": "\n".join(run.notebooks),
        "top": "\n".join(page for page in run.words["titles"] if page not in (*_CHILDREN, "index")),
        "children": "\n".join(page for page in run.words["titles"] if page in _CHILDREN),
        "findings": _findings(run),
        "figures": _gallery(run, source),
        "citation": _citation(run.manifest),
        "dictionary": _dictionary(),
        "tables": _tables(run),
        **{name: _links(run.build_dir, [f"exports/{FORMATS[name]}"]) for name in EXPORTS},
    }
    for page, title in run.words["titles"].items():
        text = (files("rassegna.site") / run.language / f"{page}.md").read_text(encoding="utf-8")
        filled = _filled(linked(text, run.notebooks), {**values, "title": title})
        (source / f"{page}.md").write_text(filled, encoding="utf-8")


def linked(text: str, notebooks: Sequence[str]) -> str:
    """Markdown whose links to notebooks that were not run are plain words."""
    return _NOTEBOOK.sub(lambda link: link[0] if link[2] in notebooks else link[1], text)


def _filled(text: str, values: Mapping[str, str]) -> str:
    """A template with its values, which are not read again: an article may well hold a `%title%`."""
    return re.sub(r"%(\w+)%", lambda name: values[name[1]], text)


def _findings(run: Run) -> str:
    """The findings by question, and the figure of the facts where it was drawn."""
    parts = []
    for question, findings in run.findings.items():
        items = "".join(f"<li>{_escaped(said)}{_to_notebook(run, notebook)}</li>" for said, notebook in findings)
        title = run.words["findings"][question]
        parts.append(f'<section class="finding {_NO_MATH}"><h2>{title}</h2><ul lang="en">{items}</ul></section>')
        if question == _MAIN_QUESTION and _MAIN_FIGURE in run.figures:
            parts.append(
                f'<p class="main-figure"><a href="gallery.html#{_MAIN_FIGURE}">{_image(run, _MAIN_FIGURE)}</a></p>'
            )
    return "\n\n".join(parts) or run.words["no_findings"]


def _to_notebook(run: Run, name: str) -> str:
    return f' <a href="{name}.html">({name[:2]})</a>' if name in run.notebooks else ""


def _gallery(run: Run, source: Path) -> str:
    """The figures, under the titles of their notebooks as these were copied to Sphinx's source."""
    parts = []
    for notebook in run.notebooks:
        if own := [_figure(run, name) for name in run.figures if name[:2] == notebook[:2]]:
            first = nbformat.read(source / f"{notebook}.ipynb", as_version=4).cells[0].source
            parts += [f"## [{first.splitlines()[0].lstrip('# ')}]({notebook}.ipynb)", *own]
    return "\n\n".join(parts)


def _figure(run: Run, name: str) -> str:
    """A figure of the gallery: what it shows, and its files."""
    links = _links(run.build_dir, [f"figures/{name}{ending}" for ending in _FIGURE_ENDINGS])
    told = f"{_escaped(run.figures[name])}<br>{links}"
    caption = f'<figcaption class="{_NO_MATH}">{told}</figcaption>'
    return f'<figure class="gallery" id="{name}"><div class="picture">{_image(run, name)}</div>{caption}</figure>'


def _image(run: Run, name: str) -> str:
    return picture(run.build_dir, name, run.figures[name], loading="lazy")


def picture(build_dir: Path, name: str, alt: str, *, loading: str = "eager") -> str:
    """A figure, which keeps its place while it is not loaded; on a phone the one drawn for it, if there is one."""
    drawn = {ending: build_dir / "figures" / f"{name}{ending}.png" for ending in ("", NARROW)}
    # The head of a PNG tells its size.
    sizes = {
        ending: 'width="{}" height="{}"'.format(*struct.unpack(">II", path.read_bytes()[16:24]))
        for ending, path in drawn.items()
        if path.is_file()
    }
    own = f'loading="{loading}" {sizes[""]} src="figures/{name}.png" alt="{_escaped(alt)}"'
    shown = f'<img class="figure" {own}>'
    if NARROW not in sizes:
        return shown
    source = f'<source media="(max-width: 40rem)" {sizes[NARROW]} srcset="figures/{name}{NARROW}.png">'
    return f"<picture>{source}{shown}</picture>"


def _citation(manifest: Mapping[str, Any]) -> str:
    """A reference to the workbook and this corpus, in a line and as BibTeX, from `CITATION.cff`."""
    told = yaml.safe_load(_CITATION.read_text(encoding="utf-8"))
    authors = " and ".join(who.get("name") or f"{who['family-names']}, {who['given-names']}" for who in told["authors"])
    year, corpus = str(told["date-released"])[:4], manifest["corpus_sha256"]
    version, n = manifest["versions"]["rassegna"], manifest["n_articles"]
    line = f"{authors} ({year}). {told['title']}, version {version}. Corpus of {n} articles, SHA-256 {corpus}."
    fields = {
        "author": f"{{{authors}}}",
        "title": f"{{{told['title']}}}",
        "year": year,
        "version": version,
        "note": f"Corpus SHA-256 {corpus}",
    }
    entry = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"> {line}\n\n```bibtex\n@software{{rassegna,\n{entry}\n}}\n```"


def _dictionary() -> str:
    """The data dictionary: a heading and a table for each table."""
    parts = []
    for schema in schemas().values():
        rows = "".join(
            f"<tr><td><code>{c.name}</code></td><td>{c.type}{', may be absent' if c.null else ''}</td>"
            f"<td>{_told(c)}</td></tr>"
            for c in schema.columns
        )
        head = "<thead><tr><th>column</th><th>type</th><th>meaning</th></tr></thead>"
        parts.append(
            f"## {schema.name}\n\n{schema.grain[0].upper()}{schema.grain[1:]}; sorted by {_coded(schema.sort)}.\n\n"
            f'<table class="dataframe prose">{head}<tbody>{rows}</tbody></table>\n'
        )
    return "\n".join(parts)


def _told(column: Column) -> str:
    """What a column holds, and of what it is one; words in backticks are code."""
    values = f" One of: {_coded(column.values)}." if column.values else ""
    return _CODE.sub(r"<code>\1</code>", _escaped(column.about + values))


def _coded(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _tables(run: Run) -> str:
    rows = "".join(
        f"<tr><td><code>{name}</code></td><td>{_escaped(schema.grain)}</td>"
        f"<td>{_links(run.build_dir, [f'tables/{name}{ending}' for ending in _TABLE_ENDINGS])}</td></tr>"
        for name, schema in schemas().items()
    )
    head = "".join(f"<th>{run.words[name]}</th>" for name in ("rows_table", "rows_grain", "rows_files"))
    return f'<table class="dataframe prose"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _links(build_dir: Path, names: Sequence[str]) -> str:
    """Links to those of the files that are there, with their sizes."""
    paths = [path for path in (build_dir / name for name in names) if path.is_file()]
    return ", ".join(
        f'<a href="{path.parent.name}/{path.name}" download>'
        f"{path.suffix[1:] if len(names) > 1 else f'<code>{path.name}</code>'}</a>"
        f"&nbsp;({max(1, path.stat().st_size // 1000)}&nbsp;kB)"
        for path in paths
    )


def _escaped(text: str) -> str:
    """Text as mark-up in one line: a blank line would end the mark-up."""
    return html.escape(" ".join(visible(text).split()))
