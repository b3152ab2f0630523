"""The reader in a real browser: links land, choices reach every column, and nothing needs a pointer or a script."""

import itertools
import json
import re

import pandas as pd
import pytest
from rassegna import reader
from rassegna.reader.items import complete, kinds
from rassegna.rendering import address, visible
from rassegna.site.pages import words

WORDS = words("en")
HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(2)">',
    "</script><script>alert(3)</script>",
    "<!--<script>",
    '" onmouseover="alert(4)',
    "%data% &lt;b&gt; \u2028 ${7*7}",
    "gira \u202eto e\u202c nascosto\u200b",
]
FILLER = [f"Qui la cronaca procede per la riga {n} senza altro da dire, finché non finisce." for n in range(40)]
TEXTS = {
    # A name with a blank, letters beyond the first plane, characters that turn or hide text.
    "prima pagina": [
        "Titolo",
        "Il 🚢 porto 🏗️ ha mille container.",
        *FILLER,
        "«Non cediamo», dice\u202e il\u200b sindaco 😀 oggi.",
    ],
    "b": ["Altro titolo", *FILLER, "Undicimila container sono nel porto."],
    "c": ["Terzo titolo", "Nulla di tutto ciò."],
    "d": ["Quarto titolo", "Il porto tace."],
}


def corpus(texts, *, facts=(), speakers=()):
    """Tables of a corpus, a block a line and a sentence a block; the last line but the title is a piece of furniture.

    facts: fact_id, doc_id, status and the words that tell it; speakers: speaker, doc_id and the words spoken.
    """
    raw = {doc_id: "\n\n".join([*lines, "Menu Cerca Accedi"]) for doc_id, lines in texts.items()}
    blocks = [
        (doc_id, match.start(), match.end(), match[0], "body")
        for doc_id, text in raw.items()
        for match in re.finditer(r"[^\n]+", text)
    ]
    blocks = pd.DataFrame(blocks, columns=["doc_id", "start", "end", "text", "label"])
    blocks.loc[blocks["text"].str.startswith("Menu"), "label"] = "furniture"
    blocks.loc[blocks["start"] == 0, "label"] = "title"

    def place(doc_id, words):
        if words is None:
            return None, None
        start = raw[doc_id].index(words)
        return start, start + len(words)

    tables = {
        "articles": pd.DataFrame(
            {"doc_id": list(raw), "outlet": None, "published_at": None, "language": "it", "n_words": 9}
        ).astype({"outlet": "str", "published_at": "str"}),
        "blocks": blocks,
        "sentences": blocks[blocks["label"] != "furniture"].reset_index(drop=True),
        "facts": pd.DataFrame(
            [(i, f"Fatto {i}", d, s, *place(d, w), "own", None) for i, d, s, w in facts],
            columns=["fact_id", "fact", "doc_id", "status", "start", "end", "voice", "caveat"],
        ),
        "quotes": pd.DataFrame(
            [(d, *place(d, w), w, "direct", s) for s, d, w in speakers],
            columns=["doc_id", "start", "end", "text", "kind", "speaker"],
        ),
    }
    return raw, tables


RAW, TABLES = corpus(
    TEXTS,
    facts=[
        ("porto", "prima pagina", "contradicts", "Il 🚢 porto 🏗️ ha mille container."),
        ("porto", "b", "contradicts", "Undicimila container sono nel porto."),
        ("porto", "c", "not_found", None),
        ("porto", "d", "states", "Il porto tace."),
        ("fine", "b", "states", "senza altro da dire"),
    ],
    speakers=[("Anna Neri; Bo", "prima pagina", "Non cediamo"), (None, "b", "Undicimila container")],
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("reader") / "reader.html"
    path.write_text(reader.page(TABLES, words=WORDS, event="Il porto"), encoding="utf-8")
    return path.as_uri()


def marked(page, name="current"):
    """The words that a mark lies on, as the page has them."""
    return page.evaluate(f"[...(CSS.highlights.get('{name}') ?? [])].map(r => r.toString())")


def in_view(page, name):
    """For each range of a mark that is shown, whether its beginning lies in the window and in its column."""
    return page.evaluate(
        """name => [...CSS.highlights.get(name)].filter(range => range.getClientRects().length).map(range => {
            const box = range.getClientRects()[0], own = range.startContainer.parentElement.closest('article');
            const header = own.querySelector('header').getBoundingClientRect(), column = own.getBoundingClientRect();
            return box.top >= header.bottom && box.bottom <= Math.min(innerHeight, column.bottom) && box.left >= 0;
        })""",
        name,
    )


# ---- links


@pytest.mark.browser
@pytest.mark.parametrize(
    ("doc_id", "words"),
    [
        ("prima pagina", "container"),
        ("prima pagina", "🏗️ ha"),
        ("prima pagina", "dice\u202e il\u200b sindaco 😀"),
        ("prima pagina", "oggi."),
        ("b", "Undicimila"),
        ("d", "Quarto titolo\n\nIl porto"),
        ("d", "tace."),
        ("c", "Menu Cerca"),
    ],
)
@pytest.mark.parametrize("width", [1280, 390])
def test_a_link_lands_on_its_words(open_page, made, doc_id, words, width):
    start = RAW[doc_id].index(words)
    page = open_page(f"{made}#{address(doc_id, start, start + len(words))}", width=width)
    (found,) = marked(page)
    assert found == visible(words).replace("\n", "")
    assert in_view(page, "current") == [True]
    assert doc_id in page.inner_text("#detail")
    assert page.faults == []
    page.reload()
    assert marked(page) == [found], "the address that the page writes leads to the same place"


@pytest.mark.browser
def test_a_link_followed_within_the_page_lands_too(open_page, made):
    page = open_page(f"{made}#doc=d")
    page.evaluate(f"location.hash = '{address('b', 0, 5)}'")
    page.wait_for_function("CSS.highlights.get('current')")
    assert marked(page) == ["Altro"]


@pytest.mark.browser
@pytest.mark.parametrize(
    "fragment", ["#doc=nessuno&span=1-2", "#fact=nessuno", "#doc=%E0%A4%A", "#=", "#doc=b&span=9-1"]
)
def test_a_dead_link_says_so(open_page, made, fragment):
    page = open_page(made + fragment)
    assert "Not here" in page.inner_text("#said")
    assert page.faults == []


@pytest.mark.browser
def test_several_articles_in_a_link_are_its_columns(open_page, made):
    page = open_page(f"{made}#doc=d&doc=b&fact=porto")
    assert page.locator("article:visible h2").all_inner_texts() == ["2 b", "4 d"]
    assert page.locator("#matrix [aria-pressed=true]").inner_text() == "Fatto porto"


# ---- choices


@pytest.mark.browser
def test_a_fact_scrolls_every_column_and_says_where_it_is_not_found(open_page, made):
    page = open_page(made)
    page.click("text=Fatto porto")
    assert len(marked(page, "found")) == 3
    assert in_view(page, "found") == [True] * 3
    statuses = page.locator("article .status").all_inner_texts()
    assert [text.split("\n")[0] for text in statuses] == [
        "contradicts: 1 place",
        "contradicts: 1 place",
        "not found",
        "states in its own voice: 1 place",
    ]
    said = page.inner_text("#said")
    assert "Fatto porto: prima pagina, 1 place; b, 1 place; c, not found; d, 1 place." in said
    assert "fact=porto" in page.url


@pytest.mark.browser
def test_keys_alone_are_enough(open_page, made):
    page = open_page(made)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#matrix') !== null"):
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Fatto porto", "the focus stays"
    words = ["Il 🚢 porto 🏗️ ha mille container.", "Undicimila container sono nel porto.", "Il porto tace."]
    for key, n in zip("nnnnp", (0, 1, 2, 0, 2), strict=True):
        page.keyboard.press(key)
        assert marked(page) == [words[n]]
        assert in_view(page, "current") == [True]
    assert "d, 1 of 1: Il porto tace." in page.inner_text("#said")
    page.keyboard.press("Escape")
    assert marked(page, "found") == marked(page) == []
    page.focus("#filter") if page.is_visible("#filter") else None
    page.uncheck("#keys")
    page.keyboard.press("n")
    assert marked(page) == []


@pytest.mark.browser
def test_joint_speakers_are_each_found_and_nobody_is_named(open_page, made):
    page = open_page(made)
    page.select_option("#kind", "speaker")
    names = page.locator("#matrix tbody th").all_inner_texts()
    assert names == ["(nobody named)", "Anna Neri", "Bo"]
    page.get_by_role("button", name="Bo", exact=True).click()
    assert marked(page, "found") == ["Non cediamo"]
    page.check("#layers input[value=speaker]")
    label = "getComputedStyle(document.querySelector('a[data-who]'), '::before').content"
    assert "Anna Neri" in page.evaluate("document.querySelector('a[data-who]').dataset.who")
    assert page.evaluate(label) != "none"


@pytest.mark.browser
def test_a_sentence_says_what_the_tables_have_there(open_page, made):
    page = open_page(f"{made}#doc=b")
    page.locator("article:visible .s", has_text="Undicimila").click()
    detail = page.inner_text("#detail")
    assert "Undicimila container sono nel porto." in detail
    assert "Fatto porto" in detail
    assert "(nobody named)" in detail
    page.locator("#detail").get_by_text("Fatto porto").click()
    assert "fact=porto" in page.url


@pytest.mark.browser
def test_furniture_is_out_of_the_way_until_it_is_asked_for(open_page, made):
    page = open_page(made)
    assert page.locator(".furniture:visible").count() == 0
    page.check("#furniture")
    assert page.locator(".furniture:visible").count() == len(TEXTS)


# ---- form


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_and_axe_finds_nothing_serious(open_page, made, width, dark):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(f"{made}#fact=porto", width=width, dark=dark)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.evaluate("document.querySelectorAll('#layers input, #furniture').forEach(b => b.click())")
    page.evaluate("scrollTo(0, 0)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    violations = Axe().run(page).response["violations"]
    serious = [(v["id"], v["nodes"][0]["html"]) for v in violations if v["impact"] in ("serious", "critical")]
    assert serious == []
    assert page.faults == []


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_marks_keep_the_contrast(open_page, made, dark):
    page = open_page(made, dark=dark)
    names = ["found", "current", *(f"speaker-{n}" for n in range(1, 6))]
    found = page.evaluate(
        """names => names.map(name => {
            const own = getComputedStyle(document.querySelector('.text p'), `::highlight(${name})`);
            return [own.color, own.backgroundColor].map(c => c.match(/[\\d.]+/g).map(Number));
        })""",
        names,
    )
    for name, (ink, ground) in zip(names, found, strict=True):
        assert len(ground) == 3, name
        assert contrast(ink, ground) >= 4.5, name


def contrast(*colours):
    """Contrast of two colours (WCAG 2.2)."""
    lights = []
    for colour in colours:
        parts = [c / 255 for c in colour[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)


@pytest.mark.browser
def test_one_column_and_a_switch_on_a_phone(open_page, made):
    page = open_page(f"{made}#fact=porto", width=390)
    assert page.locator("article:visible").count() == 1
    page.click("#switch >> text=b")
    assert page.locator("article:visible h2").inner_text() == "2 b"
    assert in_view(page, "found") == [True]
    page.click("article:visible .status [aria-label^=next]")
    assert marked(page) == ["Undicimila container sono nel porto."]


@pytest.mark.browser
def test_without_scripts_every_article_and_anchor_is_there(open_page, made):
    words = "Undicimila container sono nel porto."
    start = RAW["b"].index(words)
    place = address("b", start, start + len(words))
    page = open_page(f"{made}#{place}", scripts=False)
    assert page.locator("article:visible").count() == len(TEXTS)
    assert page.locator("#tools:visible, #switch:visible").count() == 0
    box = page.locator(".s:target").bounding_box()
    assert 0 <= box["y"] <= 900
    assert page.locator(".s:target").inner_text() == words
    assert page.locator("nav.no-js a").count() == len(TEXTS)
    (inner,) = TABLES["quotes"].loc[TABLES["quotes"]["doc_id"] == "b", ["start", "end"]].to_numpy().tolist()
    assert page.locator(f'[id="{address("b", *inner)}"]').count() == 1, "spans within a sentence have anchors too"


@pytest.mark.browser
def test_hostile_text_is_text(open_page, tmp_path):
    lines = ["Titolo", *(f"Riga con {text} dentro." for text in HOSTILE)]
    name = HOSTILE[4]
    _, tables = corpus(
        {name: lines, "b": lines},
        facts=[(text, name, "states", lines[1]) for text in HOSTILE],
        speakers=[(text, name, line) for text, line in zip(HOSTILE, lines[1:], strict=True)],
    )
    tables["articles"]["outlet"] = [HOSTILE[0], HOSTILE[2]]
    path = tmp_path / "reader.html"
    path.write_text(reader.page(tables, words=WORDS, event=HOSTILE[1], foot=HOSTILE), encoding="utf-8")
    for scripts in (True, False):
        page = open_page(f"{path.as_uri()}#{address(name, 0, 6)}", scripts=scripts)
        text = page.inner_text("main")
        for line in HOSTILE:
            assert visible(line).replace("\u2028", "") in text.replace("\u2028", ""), line
        assert page.locator("img, main script").count() == 0
        assert page.faults == []
    page = open_page(f"{path.as_uri()}#{address(name, 0, 6)}")
    page.select_option("#kind", "speaker")
    for button in page.locator("#matrix button").all():
        button.click()
    page.check("#layers input[value=speaker]")
    assert page.faults == []


@pytest.mark.browser
def test_no_other_script_runs(open_page, made):
    page = open_page(made)
    policy = page.get_attribute("meta[http-equiv=Content-Security-Policy]", "content")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    page.evaluate("document.body.setAttribute('onclick', 'window.ran = 1'); document.body.click()")
    assert page.evaluate("window.ran") is None


@pytest.mark.browser
def test_two_hundred_articles(open_page, tmp_path):
    texts = {f"{n:03}": [f"Titolo {n}", *FILLER[:20], f"Il porto numero {n}."] for n in range(200)}
    every_tenth = [("porto", d, "states", "Il porto numero") for d in list(texts)[::10]]
    _, tables = corpus(texts, facts=every_tenth, speakers=[(f"Voce {d}", d, "Il porto") for d in texts])
    path = tmp_path / "reader.html"
    path.write_text(reader.page(tables, words=WORDS), encoding="utf-8")
    page = open_page(f"{path.as_uri()}#fact=porto")
    assert "not found in 177 other articles" in page.inner_text("#detail")
    page.click("#detail >> text=190: 1 place")
    assert page.locator("article:visible").count() <= 5
    assert marked(page) == ["Il porto numero"]
    assert in_view(page, "current") == [True]
    page.click("#docs-box summary")
    for n in ("50", "60"):
        page.check(f"#docs input[value='{n}']") if page.is_enabled(f"#docs input[value='{n}']") else None
    assert page.locator("article:visible").count() == 5
    assert page.locator("#docs input:enabled").count() == 5
    assert page.faults == []


# ---- what the page is made from


def test_kinds_count_what_the_tables_have():
    found = {kind["key"]: kind["items"] for kind in kinds(complete(TABLES), list(RAW), words=WORDS["reader_page"])}
    assert list(found) == ["fact", "speaker"]
    porto = found["fact"][0]
    assert [at[0] for at in porto["at"]] == [0, 1, 3]
    assert [porto["cells"][d][0] for d in range(4)] == ["contradicts", "contradicts", "not_found", "states"]
    for items in found.values():
        for item in items:
            for d, start, end, *_ in item["at"]:
                assert 0 <= start < end <= len(list(RAW.values())[d])


def test_attributed_facts_are_hollow_and_candidates_say_so():
    _, tables = corpus(TEXTS, facts=[("x", "b", "states", "porto"), ("x", "d", "states", "porto")])
    tables["facts"] = tables["facts"].assign(voice=["own", "quoted"], road="discovery", holder=[None, "Anna Neri"])
    (item,) = kinds(complete(tables), list(RAW), words=WORDS["reader_page"])[0]["items"]
    assert item["cells"] == {1: ["states", ""], 3: ["attributed", "Anna Neri"]}
    assert "codebook" in item["about"]


def test_each_kind_reads_its_table():
    span = {"doc_id": ["b", "d"], "start": [0, 0], "end": [5, 6], "text": ["Altro", "Quarto"]}
    tables = complete(
        TABLES
        | {
            "facts": pd.DataFrame(),
            "quotes": pd.DataFrame(),
            "numbers": pd.DataFrame({**span, "number_id": "n", "thing": "container", "factor": 11.0}),
            "quantities": pd.DataFrame(
                {"doc_id": "b", "start": [0, 6, 9], "end": [5, 8, 12], "text": ["Altro", "Due", "due"]}
            ),
            "terms": pd.DataFrame({**span, "contrast_set": "s", "term": ["x", "y"], "voice": ["own", "quoted"]}),
            "dates": pd.DataFrame({**span, "value": ["2024-06-19", "2024-06-18"]}),
            "passages": pd.DataFrame(
                {**span, "passage_id": [0, 1], "other_doc_id": "prima pagina", "other_start": 0, "other_end": 3}
            ),
        }
    )
    found = {kind["key"]: kind["items"] for kind in kinds(tables, list(RAW), words=WORDS["reader_page"])}
    assert list(found) == ["number", "term", "date", "passage"]
    assert [item["label"] for item in found["number"]] == ["container (× 11)", "due"]
    assert len(found["number"][1]["at"]) == 2, "a figure that is compared is not listed a second time"
    assert found["term"][0]["at"] == [[1, 0, 5, "x, own", "own"], [3, 0, 6, "y, quoted", "quoted"]]
    assert [item["id"] for item in found["date"]] == ["2024-06-18", "2024-06-19"]
    assert [[at[0] for at in item["at"]] for item in found["passage"]] == [[0, 1], [0, 3]]


def test_empty_tables_make_a_page(tmp_path):
    _, tables = corpus({"a": ["Solo titolo"]})
    bare = {name: tables[name] for name in ("articles", "blocks")}
    markup = reader.page(bare, words=WORDS)
    assert "Solo titolo" in markup
    data = json.loads(re.search(r'id="data">(.*?)</script>', markup)[1])
    assert data["kinds"] == []


@pytest.mark.browser
def test_an_empty_corpus_is_quiet(open_page, tmp_path):
    _, tables = corpus({"a": ["Solo titolo"]})
    path = tmp_path / "reader.html"
    path.write_text(reader.page({name: tables[name] for name in ("articles", "blocks")}, words=WORDS), encoding="utf-8")
    page = open_page(path.as_uri())
    assert "nothing to choose from" in page.inner_text("#matrix")
    assert page.faults == []


def test_every_id_stands_once_and_every_span_has_one():
    markup = reader.page(TABLES, words=WORDS)
    ids = re.findall(r' id="([^"]*)"', markup)
    assert len(ids) == len(set(ids))
    for table in (TABLES["sentences"], TABLES["blocks"], TABLES["facts"].dropna(), TABLES["quotes"]):
        for row in table.itertuples():
            assert address(row.doc_id, int(row.start), int(row.end)).replace("&", "&amp;") in ids


def test_the_text_of_the_page_is_the_text_of_the_article():
    markup = reader.page(TABLES, words=WORDS)
    for doc_id, article in zip(RAW, itertools.islice(markup.split("<article ")[1:], len(RAW)), strict=True):
        text = re.sub(r"<[^>]*>", "", article.split('lang="it">')[1].split("</article>")[0])
        assert text == visible(RAW[doc_id]).replace("\n", "")
