"""Takes out what the theme brings and no page of the site uses, so that a page opens at once, on a phone too."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import tinycss2
from tinycss2.ast import AtRule, Node, QualifiedRule

# Icons are drawn by our style sheet, tips by `title`; no menu drops down, and only its own page searches.
_NO_PAGE = re.compile(r'<script[^>]*/(?:fontawesome|bootstrap)\.js[^>]*></script>|<link rel="preload"[^>]*/>')
_SEARCH = re.compile(r'<script[^>]*"(?:_static/searchtools|_static/language_data|searchindex)\.js[^>]*></script>')
_UNUSED = ("scripts/fontawesome.js*", "scripts/bootstrap.js*", "vendor/**/*", "webpack-macros.html", "**/*.map")
_ICON_FONT = re.compile(r"fa[bdrs]?|fa-.*|svg-inline--fa")
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_NESTED = re.compile(r"\([^()]*\)")


def lighten(site: Path) -> None:
    """Take the theme's unused scripts, fonts and rules out of a built site; its look stays."""
    used: set[str] = set()
    for page in site.glob("*.html"):
        markup = page.read_text(encoding="utf-8")
        markup = _NO_PAGE.sub("", markup)
        if page.name != "search.html":
            markup = _SEARCH.sub("", markup)
        page.write_text(markup, encoding="utf-8")
        used.update(name for names in re.findall(r'class="([^"]*)"', markup) for name in names.split())
    static = site / "_static"
    for path in [found for pattern in _UNUSED for found in static.glob(pattern)]:
        if path.is_file():
            path.unlink()
    for script in static.rglob("*.js"):  # a class that a script sets
        used.update(re.findall(r"[\w-]+", script.read_text(encoding="utf-8")))
    for sheet in static.rglob("*.css"):
        if sheet.name != "rassegna.css":
            rules = tinycss2.parse_stylesheet(sheet.read_text(encoding="utf-8"), skip_comments=True)
            sheet.write_text("".join(_kept(rules, used)), encoding="utf-8")


def _kept(rules: Iterable[Node], used: set[str]) -> Iterator[str]:
    """The rules that may match an element with one of the classes, as text."""
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            selectors = [one for one in _selectors(rule) if _may_match(one, used)]
            if selectors:
                yield f"{','.join(selectors)}{{{tinycss2.serialize(rule.content)}}}"
        elif isinstance(rule, AtRule) and rule.lower_at_keyword in ("media", "supports"):
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if kept := "".join(_kept(inner, used)):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{kept}}}"
        elif not (isinstance(rule, AtRule) and rule.lower_at_keyword == "font-face"):
            yield rule.serialize()


def _selectors(rule: QualifiedRule) -> list[str]:
    """The selectors of a rule; a comma in brackets divides none."""
    found = [""]
    for token in rule.prelude:
        if token.type == "literal" and token.value == ",":
            found.append("")
        else:
            found[-1] += token.serialize()
    return [one.strip() for one in found]


def _may_match(selector: str, used: set[str]) -> bool:
    """Whether all classes that it asks for are in use; what stands in brackets is not read."""
    while (bare := _NESTED.sub("", selector)) != selector:
        selector = bare
    return all(name in used and not _ICON_FONT.fullmatch(name) for name in _CLASS.findall(selector))
