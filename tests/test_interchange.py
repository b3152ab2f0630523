"""Other tools' formats: what is written opens in their libraries and leads back to the raw text, hostile or not."""

import io
import json
import re
import zipfile
from importlib import resources
from itertools import pairwise
from xml.etree import ElementTree

import cassis
import conllu
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rassegna import interchange
from rassegna.errors import InterchangeError
from rassegna.extraction import extract
from rassegna.interchange.annotations import read_cas
from rassegna.interchange.archives import archive
from rassegna.interchange.webannotation import COLLECTION, CONTEXT
from rassegna.interchange.xlsx import MAX_TEXT, spreadsheet
from rassegna.interchange.xmi import LAYERS, SENTENCE, TYPE_SYSTEM, WORD, xml_text
from rassegna.settings import Settings

HOSTILE = (
    "Il 😀 ministro <script>alert(1)</script> ]]> torna\r\n\r\n"
    '=HYPERLINK("http://evil.example") è la prima riga &amp; il te\u0301sto.\r\n\r\n'
    "Anna Neri\tha detto: «Ho visto 🐟🐟 e 12 città,\x07 il 3 maggio 2024\ufffe».  "
    "Poi Anna Neri è uscita dall'aula.\x0b"
    "\u202eOlà\u202c _x0041_ |  'e poi'\x85fine\u2028del pezzo.\r\n\r\n"
    "Secondo il governo 🇮🇹 circa 1.250 operai sono rimasti a Torino.\r\n\r\n"
    "-1+1\r\n"
)
PLAIN = "Un titolo qualunque\n\nUn testo breve, senza altro.\n"
GERMAN = "Ein Titel\n\nDer Text ist kurz. Mehr steht hier nicht.\n"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "a.txt").write_bytes(HOSTILE.encode())
    (folder / "b è=1.txt").write_bytes(PLAIN.encode())
    (folder / "c.txt").write_bytes(GERMAN.encode())
    (folder / "manifest.csv").write_text("file,language\nc.txt,de\n", encoding="utf-8")
    found = extract(Settings.from_parameters(folder))
    term = {"doc_id": "a", "start": 3, "end": 4, "text": "😀", "contrast_set": "1", "voice": "own", "holder": None}
    found.tables["terms"] = pd.DataFrame([term])
    assert min(len(found.tables[name]) for name in ("mentions", "quotes", "quantities", "dates")) > 0
    return found


@pytest.fixture(scope="module")
def files(corpus, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "exports"
    return dict(zip(interchange.FORMATS, interchange.export(corpus, out), strict=True))


@pytest.fixture(scope="module")
def seed_corpus(seeds):
    return extract(Settings.from_parameters(seeds))


def spans(tables: dict[str, pd.DataFrame], doc_id: str) -> list[tuple[str, int, int]]:
    """Every span of an article, with its table."""
    return sorted(
        (name, row.start, row.end)
        for name, table in tables.items()
        if "start" in table
        for row in table[table["doc_id"] == doc_id].itertuples()
    )


def members(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_the_same_corpus_gives_the_same_bytes(corpus, files, tmp_path):
    for name, path in zip(interchange.FORMATS, interchange.export(corpus, tmp_path), strict=True):
        assert path.read_bytes() == files[name].read_bytes(), name
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(interchange.FORMATS.values())


# Web Annotation


def test_selectors_lead_to_every_span(corpus, files):
    pages = {name: json.loads(content) for name, content in members(files["webannotation"]).items()}
    collection = pages.pop(COLLECTION)
    assert [collection["first"], collection["last"]] == ["a.jsonld", "c.jsonld"]
    assert collection["total"] == sum(len(page["items"]) for page in pages.values())
    assert [pages[a]["next"] == b and pages[b]["prev"] == a for a, b in pairwise(pages)] == [True, True]
    assert [page["startIndex"] for page in pages.values()][:2] == [0, len(pages["a.jsonld"]["items"])]
    ids = [item["id"] for page in pages.values() for item in page["items"]]
    assert len(set(ids)) == len(ids)
    for article, page in zip(corpus.articles.itertuples(), pages.values(), strict=True):
        raw, found = corpus.raw[article.doc_id], []
        for item in page["items"]:
            place, words = item["target"]["selector"]
            start, end = place["start"], place["end"]
            assert words["exact"] == raw[start:end]
            around = words["prefix"] + words["exact"] + words["suffix"]
            assert raw[max(0, start - CONTEXT) : end + CONTEXT] == around
            assert item["target"]["source"]["rassegna:sha256"] == article.sha256
            found.append((item["body"][1]["rassegna:table"], start, end))
        assert sorted(found) == spans(corpus.tables, article.doc_id)


def test_an_annotation_says_what_it_is_and_has_its_row(corpus, files):
    page = json.loads(members(files["webannotation"])["a.jsonld"])
    row = corpus.tables["quantities"].iloc[-1]
    (item,) = [
        own
        for own in page["items"]
        if own["body"][1]["rassegna:table"] == "quantities" and own["target"]["selector"][0]["start"] == row["start"]
    ]
    tag, data = item["body"]
    assert tag["value"] == "cardinal"
    assert (data["rassegna:value"], data["rassegna:bound"]) == (1250.0, "about")
    assert "rassegna:low" not in data  # absent in the table
    assert item["target"]["source"]["id"] == "a.txt"


def test_a_path_becomes_an_address(files):
    page = json.loads(members(files["webannotation"])["b%20%C3%A8%3D1.jsonld"])
    assert page["items"][0]["target"]["source"]["id"] == "b%20%C3%A8%3D1.txt"


# CoNLL-U


@pytest.mark.parametrize("which", ["corpus", "seed_corpus"])
def test_conllu_rebuilds_the_text(request, which):
    found = request.getfixturevalue(which)
    text = interchange.conllu(found.docs, found.tables["mentions"], found.raw)
    parsed = conllu.parse(text)
    assert len(parsed) == len(found.tables["sentences"])
    doc_id = ""
    for sentence, row in zip(parsed, found.tables["sentences"].itertuples(), strict=True):
        doc_id = sentence.metadata.get("newdoc id", doc_id)
        assert sentence.metadata["sent_id"] == f"{row.doc_id}.s{row.sentence_id}" == f"{doc_id}.s{row.sentence_id}"
        raw, rebuilt = found.raw[row.doc_id], ""
        for word in sentence:
            start, end = int(word["misc"]["Start"]), int(word["misc"]["End"])
            assert word["form"] == raw[start:end]
            is_joined = word["misc"].get("SpaceAfter") == "No"
            assert is_joined == bool(raw[end : end + 1].strip())
            rebuilt += word["form"] + ("" if is_joined else " ")
        assert sentence.metadata["text"] == rebuilt.strip() == " ".join(row.text.split())
        assert (int(sentence[0]["misc"]["Start"]), int(sentence[-1]["misc"]["End"])) == (row.start, row.end)


@pytest.mark.parametrize("which", ["corpus", "seed_corpus"])
def test_conllu_sentences_are_trees_and_names_are_the_mentions(request, which):
    found = request.getfixturevalue(which)
    entities = []
    for sentence in conllu.parse(interchange.conllu(found.docs, found.tables["mentions"], found.raw)):
        if sentence[0]["head"] is None:
            assert sentence.metadata["sent_id"].startswith("c.")  # German: read, but not parsed
            continue
        assert [word["deprel"] for word in sentence if word["head"] == 0] == ["root"]
        tree, reached = [sentence.to_tree()], 0
        while tree:
            reached += 1
            tree.extend(tree.pop().children)
        assert reached == len(sentence)
        entities.extend(
            (word["misc"]["NER"][2:], word["misc"]["Entity"]) for word in sentence if "Entity" in word["misc"]
        )
    mentions = found.tables["mentions"].sort_values(["doc_id", "start", "end"], ascending=[True, True, False])
    reach = mentions.groupby("doc_id")["end"].cummax().groupby(mentions["doc_id"]).shift().fillna(0)
    mentions = mentions[mentions["start"] >= reach]  # one within another, or over its end, has no place in a column
    assert entities == list(zip(mentions["label"], mentions["entity"], strict=True))


# UIMA CAS


def load(path) -> dict[str, cassis.Cas]:
    parts = members(path)
    types = cassis.load_typesystem(io.BytesIO(parts.pop(TYPE_SYSTEM)))
    return {name[:-4]: cassis.load_cas_from_xmi(io.BytesIO(part), typesystem=types) for name, part in parts.items()}


def test_a_cas_has_the_text_and_every_span(corpus, files):
    for doc_id, cas in load(files["cas"]).items():
        raw = corpus.raw[doc_id]
        assert cas.sofa_string == xml_text(raw)
        for layer in LAYERS:
            table = corpus.tables[layer.table]
            own = sorted((a.begin, a.end) for a in cas.select(layer.type))
            assert own == sorted(
                table.loc[table["doc_id"] == doc_id, ["start", "end"]].itertuples(index=False, name=None)
            )
            for annotation in cas.select(layer.type):
                assert annotation.get_covered_text() == xml_text(raw[annotation.begin : annotation.end])


def test_every_word_of_the_page_is_in_one_sentence(corpus, files):
    """INCEpTION shows sentences: what is in none could not be annotated there."""
    for doc_id, cas in load(files["cas"]).items():
        covered = [i for word in cas.select(WORD) for i in range(word.begin, word.end)]
        sentences = [i for sentence in cas.select(SENTENCE) for i in range(sentence.begin, sentence.end)]
        assert len(set(covered)) == len(covered)
        assert len(set(sentences)) == len(sentences)
        blocks = corpus.blocks[corpus.blocks["doc_id"] == doc_id]
        text = {
            i for row in blocks.itertuples() for i in range(row.start, row.end) if not corpus.raw[doc_id][i].isspace()
        }
        assert text <= set(covered) | {i for i in text if re.fullmatch(r"\W", corpus.raw[doc_id][i])}
        assert set(covered) <= set(sentences)


def test_offsets_in_the_file_are_utf16(corpus, files):
    root = ElementTree.fromstring(members(files["cas"])["a.xmi"])
    sofa = root.find("{http:///uima/cas.ecore}Sofa").get("sofaString")
    units = sofa.encode("utf-16-le")
    mentions = corpus.tables["mentions"]
    expected = [xml_text(text) for text in mentions.loc[mentions["doc_id"] == "a", "text"]]
    own = root.findall("{http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore}NamedEntity")
    assert [units[2 * int(a.get("begin")) : 2 * int(a.get("end"))].decode("utf-16-le") for a in own] == expected
    assert int(own[-1].get("begin")) > mentions.loc[mentions["doc_id"] == "a", "start"].iloc[-1]  # emoji before it


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\x00\x0b\r\n\t\ufffe😀")))
def test_xml_text_keeps_every_offset_and_is_xml(text):
    clean = xml_text(text)
    assert len(clean) == len(text)
    assert len(clean.encode("utf-16-le")) == len(text.encode("utf-16-le"))
    types = cassis.TypeSystem()
    cas = cassis.Cas(types, sofa_string=clean)
    assert cassis.load_cas_from_xmi(cas.to_xmi(), typesystem=types).sofa_string == clean


def test_the_built_in_types_are_those_of_dkpro(files):
    """INCEpTION's own layers are those of DKPro Core: a feature of another name would be lost there without a word."""
    own = cassis.load_typesystem(io.BytesIO(members(files["cas"])[TYPE_SYSTEM]))
    theirs = resources.files("cassis.resources").joinpath("dkpro-core-types.xml").read_bytes()
    dkpro = cassis.load_typesystem(io.BytesIO(theirs))
    # cassis brings the types of annotations, not that of a document's metadata.
    named = [
        kind for kind in own.get_types() if kind.name.startswith("de.tudarmstadt.") and ".metadata." not in kind.name
    ]
    assert len(named) == 3
    for kind in named:
        known = {feature.name: feature.rangeType.name for feature in dkpro.get_type(kind.name).all_features}
        assert {feature.name: feature.rangeType.name for feature in kind.all_features}.items() <= known.items()
        assert kind.supertype.name == dkpro.get_type(kind.name).supertype.name


def test_annotations_come_back_as_they_went(corpus, files):
    read = read_cas([files["cas"]], corpus.raw)
    assert list(read) == sorted(corpus.raw)
    for doc_id, annotation in read.items():
        own = {name: table[table["doc_id"] == doc_id] for name, table in corpus.tables.items() if "start" in table}
        quotes = annotation["quotes"] + annotation["indirect"]
        for name, rows, *columns in [
            ("quotes", sorted(quotes, key=lambda row: (row["start"], row["end"])), "speaker", "cue"),
            ("quotation_marks", annotation["not_quotes"], "kind"),
            ("quantities", annotation["quantities"], "value", "unit", "bound"),
            ("dates", annotation["dates"], "value"),
            ("terms", annotation["voices"], "voice", "holder"),
        ]:
            expected = own[name].sort_values(["start", "end"])[["start", "end", "text", *columns]].astype(object)
            expected = expected.where(expected.notna(), None).to_dict("records")
            assert [{key: row[key] for key in ("start", "end", "text", *columns)} for row in rows] == expected
        assert [(row["label"], row["canonical"]) for row in annotation["mentions"]] == list(
            own["mentions"][["label", "entity"]].itertuples(index=False, name=None)
        )
        assert [row["label"] for row in annotation["blocks"]] == list(own["blocks"]["label"])
        lines = corpus.raw[doc_id].split("\n")
        for row in annotation["blocks"]:
            assert corpus.raw[doc_id][row["start"] : row["end"]] in lines[row["line"] - 1]


@pytest.fixture
def read_parts(tmp_path):
    """Read what an archive of some files holds."""

    def read(parts: dict[str, bytes], raw: dict[str, str]):
        (tmp_path / "coded.zip").write_bytes(archive(parts))
        return read_cas([tmp_path / "coded.zip"], raw)

    return read


def test_an_annotation_has_the_keys_of_the_hand_annotation(seed_corpus, seeds, read_parts):
    parts = interchange.cas(seed_corpus.tables, seed_corpus.raw, seed_corpus.docs)
    (path,) = (seeds / "annotations").glob("000_*.json")
    hand = json.loads(path.read_text(encoding="utf-8"))
    read = read_parts(parts, seed_corpus.raw)[hand["doc_id"]]
    told_elsewhere = {"title", "outlet", "author", "published", "updated", "agency"}  # of the article, no spans
    assert set(hand) - told_elsewhere <= set(read)
    for key in ("line", "start", "end"):
        assert [row[key] for row in hand["blocks"]] == [row[key] for row in read["blocks"]]
    for key in ("quotes", "indirect", "quantities", "dates"):
        assert set(hand[key][0]) <= set(read[key][0]), key


def test_what_a_coder_changes_is_read(corpus, files, read_parts):
    """A label is changed, an annotation deleted, one added, with a layer of the coder's own, in a file of her name."""
    types = cassis.load_typesystem(io.BytesIO(members(files["cas"])[TYPE_SYSTEM]))
    cas = cassis.load_cas_from_xmi(io.BytesIO(members(files["cas"])["a.xmi"]), typesystem=types)
    block, *_ = cas.select("webanno.custom.Block")
    block.label = "furniture"
    for quantity in cas.select("webanno.custom.Quantity"):
        cas.remove(quantity)
    quote = types.get_type("webanno.custom.Quote")
    cas.add(quote(begin=3, end=4, kind="indirect", speaker="Anna Neri", cue=""))
    cas.add(types.create_type("webanno.custom.Mood")(begin=0, end=2))
    parts = {"x/anna.xmi": cas.to_xmi().encode(), f"x/{TYPE_SYSTEM}": types.to_xml().encode()}
    (doc_id, read), *others = read_parts(parts, corpus.raw).items()
    assert (doc_id, others) == ("a", [])
    assert read["blocks"][0]["label"] == "furniture"
    assert read["quantities"] == []
    added = {"start": 3, "end": 4, "text": "😀", "speaker": "Anna Neri", "cue": None}
    assert added in read["indirect"]


def changed(files, old: str, new: str, *, name: str = "a.xmi") -> dict[str, bytes]:
    """The archive with something else in one of its files."""
    parts = members(files["cas"])
    assert old.encode() in parts[name]
    return {TYPE_SYSTEM: parts[TYPE_SYSTEM], name: parts[name].replace(old.encode(), new.encode(), 1)}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            " torna",
            " resta",
            r"a\.xmi: its text is no article's of the corpus; from a it differs at character \d+: 'resta",
        ),
        ('value="1250"', 'value="molti"', r"a\.xmi: quantity 'circa 1\.250 operai' at \d+: value 'molti' is no number"),
        ('value="1250"', 'value="nan"', "value 'nan' is no number"),
        ("<cas:NULL", "<cas:NULL <", r"a\.xmi: is no UIMA CAS XMI that can be read"),
        ("?>\n", '?>\n<!DOCTYPE x [<!ENTITY e "e">]>', r"a\.xmi: has a document type declaration"),
        ('custom:Block xmi:id="', 'custom:Block begin="1" end="1" xmi:idx="', "is no UIMA CAS XMI"),
    ],
)
def test_a_bad_cas_is_named_with_what_is_wrong(corpus, files, read_parts, old, new, message):
    with pytest.raises(InterchangeError, match=message):
        read_parts(changed(files, old, new), corpus.raw)


@pytest.mark.parametrize(("begin", "end"), [(3, 3), (4, 5)])
def test_a_span_that_is_none_is_named(corpus, files, read_parts, begin, end):
    """An empty one; one that cuts a character of two UTF-16 code units."""
    parts = changed(files, "<custom:Block ", "<custom:Block ")
    text = re.sub(
        rb'(<custom:Block [^>]*begin=)"\d+" end="\d+"', rf'\1"{begin}" end="{end}"'.encode(), parts["a.xmi"], count=1
    )
    with pytest.raises(InterchangeError, match=r"a\.xmi"):
        read_parts({**parts, "a.xmi": text}, corpus.raw)


def test_an_archive_is_checked(corpus, files, read_parts, tmp_path, monkeypatch):
    twice = members(files["cas"])
    with pytest.raises(InterchangeError, match=r"b\.xmi: a second annotation of a"):
        read_parts({**twice, "b.xmi": twice["a.xmi"]}, corpus.raw)
    with pytest.raises(InterchangeError, match=r"holds no \.xmi file"):
        read_parts({TYPE_SYSTEM: twice[TYPE_SYSTEM]}, corpus.raw)
    with pytest.raises(InterchangeError, match=r"nowhere\.xmi: cannot be read"):
        read_cas([tmp_path / "nowhere.xmi"], corpus.raw)
    monkeypatch.setattr("rassegna.interchange.annotations.MAX_BYTES", 1000)
    with pytest.raises(InterchangeError, match="more than 1,000 bytes"):
        read_cas([files["cas"]], corpus.raw)


def test_one_xmi_file_is_read_with_and_without_its_types(corpus, files, tmp_path):
    parts = members(files["cas"])
    (tmp_path / "anna.xmi").write_bytes(parts["a.xmi"])
    alone = read_cas([tmp_path / "anna.xmi"], corpus.raw)
    (tmp_path / TYPE_SYSTEM).write_bytes(parts[TYPE_SYSTEM])
    assert read_cas([tmp_path / "anna.xmi"], corpus.raw) == alone
    assert list(alone) == ["a"]


# Spreadsheet


def test_a_spreadsheet_has_every_table_and_text_is_text(corpus, files):
    book = openpyxl.load_workbook(files["xlsx"])
    assert book.sheetnames == [*corpus.tables, "notes"]
    for name, table in corpus.tables.items():
        header, *rows = book[name].iter_rows(values_only=True)
        assert list(header) == list(table.columns)
        assert len(rows) == len(table)
        assert not [cell.value for row in book[name] for cell in row if cell.data_type == "f"]
    texts = [row[3] for row in book["blocks"].iter_rows(min_row=2, values_only=True)]
    assert any(text.startswith("=HYPERLINK(") for text in texts)
    assert any("[U+202E]Olà" in text for text in texts)
    assert "-1+1" in texts
    starts = [row[1] for row in book["blocks"].iter_rows(min_row=2, values_only=True)]
    assert starts == list(corpus.blocks["start"])
    assert list(book["notes"].iter_rows(values_only=True)) == [("sheet", "row", "column", "note")]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "=1+1"),
        ("a\x00b\x07", "a[U+0000]b[U+0007]"),
        ("<b>]]>&", "<b>]]>&"),
        ("a\ufffe", "a[U+FFFE]"),
        ("due\nrighe", "due\nrighe"),
        (None, None),
        (1.5, 1.5),
        (True, True),
        (float("inf"), "inf"),
    ],
)
def test_a_cell(value, shown):
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet({"t": pd.DataFrame({"c": [value]}, dtype=object)})))
    assert book["t"]["A2"].value == shown


def test_what_a_spreadsheet_cannot_hold_is_cut_and_said(monkeypatch):
    monkeypatch.setattr("rassegna.interchange.xlsx.MAX_ROWS", 3)
    long = "😀" * MAX_TEXT
    name = "a_table_with_a_name_that_is_too_long_for_a_sheet"
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet({name: pd.DataFrame({"c": [long, "b", "c", "d"]})})))
    sheet = book.worksheets[0]
    assert sheet.title == name[:31]
    assert sheet["A2"].value == "😀" * (MAX_TEXT // 2)
    assert sheet.max_row == 3
    notes = list(book["notes"].iter_rows(min_row=2, values_only=True))
    assert [row[:3] for row in notes] == [(name[:31], 2, "c"), (name[:31], None, None), (name[:31], None, None)]
    assert [re.sub(r";.*", "", row[3]) for row in notes] == [
        f"cut after {MAX_TEXT // 2} of {MAX_TEXT} characters",
        "2 rows left out",
        f"the table is called {name}",
    ]
