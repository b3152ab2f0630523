"""Sphinx configuration of the site; what differs from run to run comes from `run.json` beside it."""

import json
from pathlib import Path

_run = json.loads(Path(__file__).with_name("run.json").read_text(encoding="utf-8"))

project = "Rassegna"
author = "the Rassegna project"
version = release = _run["version"]
html_title = "Rassegna"
language = _run["language"]  # of the pages' own words

extensions = ["myst_nb"]
exclude_patterns = ["_extra"]
html_use_index = False
nb_execution_mode = "off"
nb_merge_streams = True
nb_code_prompt_show = _run["words"]["show_code"]
nb_code_prompt_hide = _run["words"]["hide_code"]
# Article text reaches the pages only as escaped output: no mark-up is read in it, no mathematics is typeset.
smartquotes = False  # quotation marks stay as they were written
myst_enable_extensions = ["deflist"]
suppress_warnings = ["mystnb.mime_priority"]

html_theme = "pydata_sphinx_theme"
templates_path = ["_templates"]
html_static_path = ["_static"]
html_css_files = ["rassegna.css"]
html_js_files = ["rassegna.js"]
html_extra_path = ["_extra"]
html_show_search_summary = False  # it would fetch pages, which a browser refuses to a site opened from disk
html_show_sourcelink = False
html_copy_source = False
html_sidebars: dict[str, list[str]] = {"**": []}
html_context = {"default_mode": "auto", **{name: _run[name] for name in ("foot", "notebooks", "words")}}
html_theme_options = {
    "navbar_end": ["mode"],
    "navbar_persistent": ["search-button"],
    "header_links_before_dropdown": 8,
    "search_bar_text": _run["words"]["search"],
    "show_prev_next": True,
    "external_links": [{"name": _run["words"]["reader"], "url": "reader.html"}],
    "article_header_end": ["notebook-tools"],
    "footer_start": ["provenance"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
