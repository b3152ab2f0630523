"""The site: the executed notebooks, the data dictionary and the tables as static pages, with no request elsewhere."""

import html
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import nbformat
from sphinx.cmd.build import build_main

from rassegna import __version__, reader, tables
from rassegna.errors import RassegnaError
from rassegna.interchange import FORMATS
from rassegna.provenance import foot
from rassegna.rendering import visible
from rassegna.tables import schemas

MAIN_PICTURE = "01-strips"
EXPORTS = ("xlsx", "webannotation")  # the formats that the page of downloads offers beside the tables
# As `rendering.table` writes it; no text of an article has this form, as its quotation marks are escaped.
_NOTEBOOK = re.compile(r'<a href="([\w-]+)\.ipynb">')
_EVIDENCE = re.compile('<span data-evidence="([^"<>]*)">([^<]*)</span>')
_ENDINGS = (".parquet", ".csv")


class SiteError(RassegnaError):
    """Sphinx could not build the site."""


def build(notebooks: Sequence[Path], build_dir: Path, *, manifest: Mapping[str, Any]) -> Path:
    """Build the site under `build_dir/site` from executed notebooks, `build_dir/tables` and `build_dir/exports`.

    The pages are built beside the earlier site and take its place when they are whole.

    Args:
        notebooks: Executed copies; a page each, in this order.
        build_dir: Folder of generated work, with `tables/`, `exports/` and `figures/`.
        manifest: The run manifest, as `Extraction.manifest` gives it.

    Returns:
        The front page.

    Raises:
        SiteError: Sphinx failed; its own messages stand on standard error.
    """
    source, fresh, site = build_dir / "site-source", build_dir / ".site", build_dir / "site"
    for folder in (source, fresh):
        shutil.rmtree(folder, ignore_errors=True)
    _write_source(source, notebooks, build_dir, manifest)
    arguments = ["-q", "-W", "--keep-going", "-b", "html", "-d", str(build_dir / ".doctrees"), str(source), str(fresh)]
    if build_main(["-E", *arguments]) != 0:
        raise SiteError(f"the site could not be built from {source}")
    shutil.rmtree(site, ignore_errors=True)
    fresh.rename(site)
    return site / "index.html"


def _write_source(source: Path, notebooks: Sequence[Path], build_dir: Path, manifest: Mapping[str, Any]) -> None:
    (source / "_static").mkdir(parents=True)
    own = files("rassegna.site")
    (source / "conf.py").write_text((own / "conf.py").read_text(encoding="utf-8"), encoding="utf-8")
    (source / "_static" / "rassegna.css").write_text(
        (own / "rassegna.css").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (source / "_templates").mkdir()
    (source / "_templates" / "provenance.html").write_text(
        (own / "provenance.html").read_text(encoding="utf-8"), encoding="utf-8"
    )
    told = {"version": __version__, "foot": [visible(line) for line in foot(manifest)]}
    (source / "run.json").write_text(json.dumps(told), encoding="utf-8")
    for name in ("tables", "exports"):
        shutil.copytree(build_dir / name, source / "_extra" / name)
    event = manifest["settings"]["event"] or manifest["settings"]["corpus_dir"]
    side_by_side = reader.page(tables.read(build_dir / "tables"), event=event, foot=foot(manifest))
    (source / "_extra" / "reader.html").write_text(side_by_side, encoding="utf-8")
    alts: dict[str, str] = {}
    for notebook in notebooks:
        alts |= _write_page(notebook, source)
    picture = build_dir / "figures" / f"{MAIN_PICTURE}.png"
    if picture.is_file():
        shutil.copy(picture, source / "_static" / picture.name)
    front = _front(notebooks, manifest, alt=alts.get(MAIN_PICTURE, "") if picture.is_file() else "")
    (source / "index.md").write_text(front, encoding="utf-8")
    (source / "data-dictionary.md").write_text(_dictionary(), encoding="utf-8")
    (source / "downloads.md").write_text(_downloads(build_dir), encoding="utf-8")


def _write_page(notebook: Path, source: Path) -> dict[str, str]:
    """Copy a notebook, its code folded, its figures' alt text where Sphinx looks for it; return alt text by figure."""
    node = nbformat.read(notebook, as_version=4)
    alts = {}
    for cell in node.cells:
        if cell.cell_type != "code":
            continue
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
        for output in cell.outputs:
            if "text/html" in output.get("data", {}):
                output.data["text/html"] = _linked(output.data["text/html"])
            figure = output.get("metadata", {}).get("image/png", {})
            if "alt" in figure:
                cell.metadata["mystnb"] = {"image": {"alt": visible(figure["alt"])}}
                alts[figure["name"]] = figure["alt"]
    nbformat.write(node, source / notebook.name)
    return alts


def _linked(markup: str) -> str:
    """Turn links to notebooks into links to pages, what a table says of its evidence into links to the reader."""
    markup = _NOTEBOOK.sub(r'<a href="\1.html">', markup)
    return _EVIDENCE.sub(r'<a class="evidence" href="reader.html#\1">\2</a>', markup)


def _front(notebooks: Sequence[Path], manifest: Mapping[str, Any], *, alt: str) -> str:
    pages = "\n".join(notebook.stem for notebook in notebooks)
    event = _escaped(manifest["settings"]["event"] or manifest["settings"]["corpus_dir"])
    image = f'<img class="figure" src="_static/{MAIN_PICTURE}.png" alt="{_escaped(alt)}">'
    picture = f'<p><a href="01-corpus.html">{image}</a></p>' if alt else ""
    text = (files("rassegna.site") / "index.md").read_text(encoding="utf-8")
    values = {
        "event": " ".join(event.split()),
        "n_articles": str(manifest["n_articles"]),
        "picture": picture,
        "pages": pages,
    }
    return re.sub(r"%(\w+)%", lambda match: values[match[1]], text)


def _dictionary() -> str:
    """The data dictionary as a page: a heading and a table for each table."""
    intro = (files("rassegna.site") / "data-dictionary.md").read_text(encoding="utf-8")
    parts = [intro]
    for schema in schemas().values():
        rows = "".join(
            f"<tr><td><code>{c.name}</code></td><td>{c.type}{', may be absent' if c.null else ''}</td>"
            f"<td>{_escaped(c.about)}{_escaped(' One of: ' + ', '.join(c.values) + '.') if c.values else ''}</td></tr>"
            for c in schema.columns
        )
        head = "<thead><tr><th>column</th><th>type</th><th>meaning</th></tr></thead>"
        parts.append(
            f"## {schema.name}\n\n{schema.grain[0].upper()}{schema.grain[1:]}; sorted by {', '.join(schema.sort)}.\n\n"
            f'<table class="dataframe">{head}<tbody>{rows}</tbody></table>\n'
        )
    return "\n".join(parts)


def _downloads(build_dir: Path) -> str:
    text = (files("rassegna.site") / "downloads.md").read_text(encoding="utf-8")
    rows = "".join(
        f"<tr><td>{name}</td><td>{_escaped(schema.grain)}</td>"
        f"<td>{_links(build_dir, [f'tables/{name}{ending}' for ending in _ENDINGS])}</td></tr>"
        for name, schema in schemas().items()
    )
    head = "<thead><tr><th>table</th><th>grain</th><th>files</th></tr></thead>"
    values = {
        "tables": f'<table class="dataframe">{head}<tbody>{rows}</tbody></table>',
        **{name: _links(build_dir, [f"exports/{FORMATS[name]}"]) for name in EXPORTS},
    }
    return re.sub(r"%(\w+)%", lambda match: values[match[1]], text)


def _links(build_dir: Path, names: Sequence[str]) -> str:
    paths = [path for path in (build_dir / name for name in names) if path.is_file()]
    return ", ".join(
        f'<a href="{path.parent.name}/{path.name}" download>{path.suffix[1:] if len(names) > 1 else path.name}</a> '
        f"({max(1, path.stat().st_size // 1000)} kB)"
        for path in paths
    )


def _escaped(text: str) -> str:
    return html.escape(visible(text))
