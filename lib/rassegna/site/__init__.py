"""The site: findings, executed notebooks, figures, the data dictionary and the tables as static pages.

No page asks anything of another host.
"""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import nbformat
from sphinx.cmd.build import build_main

from rassegna import __version__, log, reader, storage, tables
from rassegna.errors import RassegnaError
from rassegna.provenance import foot
from rassegna.rendering import NARROW, visible
from rassegna.site import pages
from rassegna.site.pages import EXPORTS, LANGUAGES
from rassegna.site.weight import lighten

__all__ = ["EXPORTS", "LANGUAGES", "SiteError", "build"]

# As `rendering.table` writes it; no text of an article has this form, as its quotation marks are escaped.
_NOTEBOOK = re.compile(r'<a href="([\w-]+)\.ipynb">([^<]*)</a>')
_PARAMETERS = {"parameters", "injected-parameters"}  # tags of cells, in papermill's words
_NUMBER = re.compile(r"^(\w+)(?:: \w+)? = (-?\d[\d.]*)\b", re.MULTILINE)
_NAME = re.compile(r"`(\w+)`")
_EVIDENCE = re.compile('<span data-evidence="([^"<>]*)">([^<]*)</span>')
_OWN = {  # our files to their folders in Sphinx's source
    "conf.py": "",
    "rassegna.css": "_static",
    "rassegna.js": "_static",
    "mode.html": "_templates",
    "notebook-tools.html": "_templates",
    "provenance.html": "_templates",
}


class SiteError(RassegnaError):
    """Sphinx could not build the site."""


def build(
    notebooks: Sequence[Path],
    build_dir: Path,
    *,
    manifest: Mapping[str, Any],
    findings: Mapping[str, Sequence[tuple[str, str]]],
    language: str = "en",
) -> Path:
    """Build the site under `build_dir/site` from executed notebooks, `build_dir/tables`, `exports` and `figures`.

    The pages are built beside the earlier site and take its place when they are whole.

    Args:
        notebooks: Executed copies; a page each, in this order.
        build_dir: Folder of generated work, with `tables/`, `exports/` and `figures/`.
        manifest: The run manifest, as `Extraction.manifest` gives it.
        findings: What the front page leads with, as `briefing.findings` gives it: question to sentences, each with
            the name of its notebook.
        language: Language of the site's own words, one of `LANGUAGES`; articles and notebooks keep theirs.

    Returns:
        The front page.

    Raises:
        SiteError: Sphinx failed; its own messages stand on standard error.
    """
    source, site = build_dir / "site-source", build_dir / "site"
    shutil.rmtree(source, ignore_errors=True)
    for name, folder_name in _OWN.items():
        (source / folder_name).mkdir(parents=True, exist_ok=True)
        text = (files("rassegna.site") / name).read_text(encoding="utf-8")
        (source / folder_name / name).write_text(text, encoding="utf-8")
    alts: dict[str, str] = {}
    names = [notebook.stem for notebook in notebooks]
    for notebook in notebooks:
        alts |= _write_page(notebook, source, names, build_dir)
    run = pages.Run(build_dir, manifest, names, alts, findings, language)
    pages.write(run, source)
    told = {
        "version": __version__,
        "foot": [visible(line) for line in foot(manifest, run.words["foot"])],
        "language": language,
        "notebooks": names,
        "words": {name: word for name, word in run.words.items() if isinstance(word, str)},
    }
    (source / "run.json").write_text(json.dumps(told), encoding="utf-8")
    _write_files(source / "_extra", run, notebooks)
    options = ["-q", "-W", "--keep-going", "-b", "html", "-d", str(build_dir / ".doctrees")]
    with storage.prepared(site) as fresh, log.stage("site"):
        if build_main(["-E", *options, str(source), str(fresh)]) != 0:
            raise SiteError(f"the site could not be built from {source}")
        lighten(fresh)
    return site / "index.html"


def _write_files(extra: Path, run: pages.Run, notebooks: Sequence[Path]) -> None:
    """Write what goes onto the site as it is: tables, exports, figures of this run, notebooks, the reader."""
    for name in ("tables", "exports"):
        shutil.copytree(run.build_dir / name, extra / name, ignore=shutil.ignore_patterns(".*"))
    for name in ("figures", "notebooks"):
        (extra / name).mkdir()
    for figure in run.figures:
        for path in (run.build_dir / "figures").glob(f"{figure}*"):
            if path.stem in (figure, figure + NARROW):
                shutil.copy(path, extra / "figures")
    for notebook in notebooks:
        shutil.copy(notebook, extra / "notebooks")
    side_by_side = reader.page(
        tables.read(run.build_dir / "tables"),
        words=run.words,
        event=run.manifest["settings"]["event"] or run.manifest["settings"]["corpus_dir"],
        foot=foot(run.manifest, run.words["foot"]),
    )
    (extra / "reader.html").write_text(side_by_side, encoding="utf-8")


def _write_page(notebook: Path, source: Path, names: Sequence[str], build_dir: Path) -> dict[str, str]:
    """Copy a notebook, its code folded, its figures those of the gallery; return alt text by figure.

    A link to another notebook stays if that is among the names of those that were run. Where the text names a
    parameter that is a number, the page says which.
    """
    node = nbformat.read(notebook, as_version=4)
    alts = {}
    given = [cell.source for cell in node.cells if _PARAMETERS & set(cell.metadata.get("tags", ()))]
    told = {name: f"{number} (`{name}`)" for source in given for name, number in _NUMBER.findall(source)}
    for cell in node.cells:
        if cell.cell_type != "code":
            cell.source = pages.linked(_NAME.sub(lambda name: told.get(name[1], name[0]), cell.source), names)
            continue
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
        for output in cell.outputs:
            if "text/html" in output.get("data", {}):
                output.data["text/html"] = _linked(output.data["text/html"], names)
            figure = output.get("metadata", {}).get("image/png", {})
            if "alt" in figure:
                alts[figure["name"]] = figure["alt"]
                shown = pages.picture(build_dir, figure["name"], figure["alt"])
                output.data = nbformat.NotebookNode({"text/html": f'<div class="picture">{shown}</div>'})
    nbformat.write(node, source / notebook.name)
    return alts


def _linked(markup: str, names: Sequence[str]) -> str:
    """Turn links to notebooks into links to pages, what a table says of its evidence into links to the reader."""
    markup = _NOTEBOOK.sub(lambda to: f'<a href="{to[1]}.html">{to[2]}</a>' if to[1] in names else to[2], markup)
    return _EVIDENCE.sub(r'<a class="evidence" href="reader.html#\1">\2</a>', markup)
