"""Articles in every format that is read: equal tables, offsets that slice back, limits, refusals by row and column."""

import csv
import gzip
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from rassegna import corpus, provenance, tables
from rassegna.cleaning import blocks
from rassegna.corpus.cells import known_columns
from rassegna.corpus.items import safe_name
from rassegna.corpus.pages import main_lines, read_page
from rassegna.errors import CorpusError, ParameterError
from rassegna.extraction import extract
from rassegna.settings import Settings

TITLE = "Il porto nuovo si farà"
PARAGRAPHS = (
    "Il sindaco Mario Rossi ha detto mercoledì 19 giugno 2024 che il progetto costerà 10 milioni di euro.",
    "«Non ci sarà alcun ritardo», ha aggiunto Rossi, davanti a centinaia di cittadini, durante la conferenza stampa.",
    "Secondo l’opposizione, invece, la città spenderà almeno 13 milioni di euro e i lavori dureranno quattro anni.",
)
TEXT = "\n\n".join((TITLE, *PARAGRAPHS))
TABLES = ("blocks", "sentences", "mentions", "quotes", "quantities", "dates", "damage")
PAGE = """<!DOCTYPE html><html lang="it"><head><meta charset="{charset}"><title>{title} - La Voce</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="La Voce del Porto">
<meta name="author" content="Anna Bianchi"><meta property="article:published_time" content="2024-06-19T10:35:00+02:00">
<link rel="canonical" href="https://voce.example/porto"></head><body><nav><ul><li><a href="/">Home</a><li><a
href="/c">Cronaca</a></ul></nav><article><h1>{title}</h1>{paragraphs}</article><aside><h3>Leggi anche</h3><ul><li><a
href="/1">Sciopero dei treni</a></ul></aside><p style="display: none">nascosto</p>
<footer>© 2024 La Voce del Porto</footer>
<script>alert("no")</script></body></html>"""


def page(charset="utf-8", paragraphs=PARAGRAPHS) -> bytes:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return PAGE.format(charset=charset, title=TITLE, paragraphs=body).encode(charset, "xmlcharrefreplace")


def as_csv(rows, *, delimiter=",", encoding="utf-8") -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)


def as_jsonl(*rows) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def as_xlsx(**sheets) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(stream := io.BytesIO())
    return stream.getvalue()


def as_parquet(**columns) -> bytes:
    pd.DataFrame(columns).to_parquet(stream := io.BytesIO())
    return stream.getvalue()


def as_zip(*members) -> bytes:
    with zipfile.ZipFile(stream := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def directory(data: bytes, at: int, value: bytes) -> bytes:
    """A zip file whose directory has other bytes so many behind the beginning of its first entry."""
    at += data.index(b"PK\x01\x02")
    return data[:at] + value + data[at + len(value) :]


def as_warc(*responses, zipped=True) -> bytes:
    records = []
    for url, body, kind, *rest in responses:
        status, headers = (*rest, "", "")[:2] if rest else ("200 OK", "")
        http = f"HTTP/1.1 {status or '200 OK'}\r\nContent-Type: {kind}\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
        block = http.encode() + body
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-06-19T10:00:00Z\r\n"
            "WARC-Record-ID: <urn:uuid:12345678-1234-1234-1234-123456789012>\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        record = head.encode() + block + b"\r\n\r\n"
        records.append(gzip.compress(record, mtime=0) if zipped else record)
    return b"".join(records)


def read(tmp_path, name: str, data: bytes, **how) -> corpus.Corpus:
    (tmp_path / name).write_bytes(data)
    return corpus.read(tmp_path / name, **how)


def refused(tmp_path, name: str, data: bytes, **how) -> dict[str, str]:
    """What a file is refused for, beside an article that is read all the same."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "whole.txt").write_text("Un articolo.", encoding="utf-8")
    (folder / name).write_bytes(data)
    found = corpus.read(folder, **how)
    assert "whole" in set(found.articles["doc_id"])
    return dict(zip(found.refused["path"], found.refused["reason"], strict=True))


ROWS = [("text", "note"), (TEXT, "x")]
ONE_ARTICLE = {
    "a.txt": (TEXT.encode(), "a.txt"),
    "a.jsonl": (as_jsonl({"text": TEXT}), "a.jsonl#1"),
    "a.ndjson": (b"\xef\xbb\xbf" + as_jsonl({"text": TEXT, "other": {"deep": [1]}}), "a.ndjson#1"),
    "a.csv": (as_csv(ROWS), "a.csv#2"),
    "a.parquet": (as_parquet(text=[TEXT], note=["x"]), "a.parquet#1"),
    "a.xlsx": (as_xlsx(Articles=ROWS), "a.xlsx#2"),
    "a.zip": (as_zip(("in/a.txt", TEXT)), "a.zip#in/a.txt"),
    "b.zip": (as_zip(("rows.csv", as_csv(ROWS, delimiter=";"))), "b.zip#rows.csv#2"),
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    path = tmp_path_factory.mktemp("plain") / "a.txt"
    path.write_bytes(TEXT.encode())
    return extract(Settings(path))


@pytest.mark.parametrize("name", [name for name in ONE_ARTICLE if name != "a.txt"])
def test_an_article_is_the_same_in_every_format(tmp_path, plain, name):
    data, path = ONE_ARTICLE[name]
    (tmp_path / name).write_bytes(data)
    found = extract(Settings(tmp_path / name))
    row = found.articles.iloc[0]
    assert (row["path"], found.raw[row["doc_id"]]) == (path, TEXT)
    told = [c for c in found.articles.columns if c not in ("doc_id", "path", "note")]
    pd.testing.assert_frame_equal(found.articles[told], plain.articles[told])
    # The other tables are made of what was compared, so that two formats stand for all.
    for table in TABLES if name in ("a.csv", "b.zip") else ("blocks",):
        ours, theirs = (getattr(one, table).drop(columns="doc_id") for one in (found, plain))
        pd.testing.assert_frame_equal(ours, theirs)
        assert table == "damage" or len(ours)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory) -> Path:
    """A folder of one of each kind, companions and hopeless files among them."""
    folder = tmp_path_factory.mktemp("mixed")
    n = iter(range(1, 99))

    def text() -> str:
        return TEXT.replace("10 milioni", f"{next(n)} milioni")

    files = {
        "a.txt": text().encode(),
        "sub/a.txt": text().encode(),
        "page.html": page(),
        "export.csv": as_csv(
            [
                ("ID", "Headline", "Body", "Source", "Date", "Lang"),
                (17, "Un altro titolo", text(), "Eco", "2024-06-18 10:00", "it-IT"),
                (18, "", text(), "Eco", "18/06/2024", "tlh"),
                (19, "x", "", "", "", ""),
            ],
            delimiter=";",
            encoding="cp1252",
        ),
        "lines.jsonl": as_jsonl({"content": text(), "authors": ["A. Neri", "B. Gialli"]}, {"x": 1}) + b"{broken\n[1]\n",
        "table.parquet": as_parquet(
            text=[text(), None], title=["Terzo titolo", None], date=[pd.Timestamp("2024-06-17"), pd.NaT]
        ),
        "book.xlsx": as_xlsx(Uno=[("Testo", "Testata"), (text(), "Giornale")], Note=[("a", "b"), (1, 2)]),
        "crawl.warc.gz": as_warc(
            ("https://w.example/1", page("iso-8859-1", [text()]), "text/html; charset=iso-8859-1"),
            ("https://w.example/2", b"\x89PNG", "image/png"),
            ("https://w.example/3", b"<p>no</p>", "text/html", "404 Not Found"),
        ),
        "bundle.zip": as_zip(
            ("../../evil.txt", text()), ("README.md", "x"), ("manifest.csv", "file\n"),
            ("in/old.htm", page("cp1252", [text()])),
            (".DS_Store", "x"), ("deeper.zip", as_zip(("x.txt", text()))), ("zeros.txt", b"0 " * 6_000_000),
        ),
        "notes.pdf": b"%PDF",
        "README.md": b"about",
        "manifest.csv": b"file,outlet\nexport.csv#3,Manifesto\nexport.csv#9,Nobody\n",
        "aliases.csv": b"alias,entity,label\n",
        "codebook.toml": b"",
        "annotations/x.csv": b"text\nno\n",
    }  # fmt: skip
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_a_mixed_folder(mixed):
    found = corpus.read(mixed)
    told = found.articles.set_index("doc_id")["path"].to_dict()
    assert told == {
        "17": "export.csv#2",
        "18": "export.csv#3",
        "a": "a.txt",
        "book-Uno_2": "book.xlsx#Uno!2",
        "crawl-1": "crawl.warc.gz#1",
        "evil": "bundle.zip#../../evil.txt",
        "lines-1": "lines.jsonl#1",
        "old": "bundle.zip#in/old.htm",
        "page": "page.html",
        "sub.a": "sub/a.txt",
        "table-1": "table.parquet#1",
    }
    reasons = dict(zip(found.refused["path"], found.refused["reason"], strict=True))
    expected = {
        "book.xlsx#Note": "no column for the text; it has a, b",
        "bundle.zip#deeper.zip": "an archive in an archive",
        "bundle.zip#zeros.txt": "a bomb: it grows",
        "crawl.warc.gz#2": "no page: image/png",
        "crawl.warc.gz#3": "HTTP status 404",
        "export.csv#2": "",
        "export.csv#3": "",
        "export.csv#4": "column Body: empty",
        "lines.jsonl#2": "no column for the text; it has x",
        "lines.jsonl#3": "not JSON",
        "lines.jsonl#4": "no object",
        "manifest.csv, line 3": "unknown file 'export.csv#9'",
        "notes.pdf": "not read; files that are end in .txt",
        "table.parquet#2": "column text: empty",
    }
    del expected["export.csv#2"]
    assert set(reasons) == set(expected)
    assert [path for path, words in expected.items() if words not in reasons[path]] == []
    told = sorted(found.refused.loc[found.refused["path"] == "export.csv#3", "reason"])
    assert ["'tlh' is not known" in told[1], "'18/06/2024' is no ISO 8601" in told[0]] == [True, True]
    assert dict(zip(found.manifest["doc_id"], found.manifest["outlet"], strict=True)) == {"18": "Manifesto"}


def test_tables_of_a_mixed_folder(mixed, tmp_path):
    extraction = extract(Settings(mixed))
    out = tmp_path / "out"
    extraction.write(out)
    paths = extraction.articles.set_index("doc_id")["path"]
    raw = {}
    for doc_id, path in paths.items():
        dump = out / "texts" / f"{doc_id}.txt"
        assert dump.exists() is (path not in ("a.txt", "sub/a.txt"))
        raw[doc_id] = (dump if dump.exists() else mixed / path).read_bytes().decode()
    n_spans = 0
    for table in tables.read(out).values():
        if {"doc_id", "start", "end", "text"} <= set(table.columns):
            for row in table.dropna(subset=["start"]).itertuples():
                assert raw[row.doc_id][int(row.start) : int(row.end)] == row.text
                n_spans += 1
    assert n_spans > 200
    articles = extraction.articles.set_index("doc_id")
    known = ["title", "title_from", "outlet", "outlet_from", "author", "author_from", "published_at", "url", "language"]
    voice = [
        TITLE,
        "text",
        "La Voce del Porto",
        "page",
        "Anna Bianchi",
        "page",
        "2024-06-19",
        "https://voce.example/porto",
    ]
    assert list(articles.loc["page", known]) == [*voice, "it"]
    assert articles.loc["17", ["title", "outlet", "outlet_from", "published_at"]].tolist() == [
        "Un altro titolo", "Eco", "record", "2024-06-18T10:00",
    ]  # fmt: skip
    assert articles.loc["18", ["outlet", "outlet_from"]].tolist() == ["Manifesto", "manifest"]
    assert articles.loc["lines-1", ["author", "author_from"]].tolist() == ["A. Neri, B. Gialli", "record"]
    assert articles.loc["crawl-1", "url"] == "https://w.example/1"
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert "texts/page.txt" in manifest["files"]
    assert "export.csv" in manifest["companions"]
    assert provenance.verify(out, corpus_dir=mixed).differences == []
    (out / "texts" / "page.txt").write_text("other", encoding="utf-8")
    (told,) = provenance.verify(out, corpus_dir=mixed).differences
    assert "page.txt: changed" in told
    extraction.write(out)  # an earlier run's texts are ours
    assert provenance.verify(out).differences == []


def test_texts_of_others_are_not_replaced(tmp_path, plain):
    (tmp_path / "out" / "texts").mkdir(parents=True)
    with pytest.raises(tables.TableError, match="holds files that are no tables"):
        plain.write(tmp_path / "out")


def test_tables_in_the_corpus_folder_are_no_articles(tmp_path, plain):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    plain.write(tmp_path / "tables")
    found = corpus.read(tmp_path)
    assert (list(found.articles["doc_id"]), len(found.refused)) == (["a"], 0)


# --- web pages


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "cp1252", "utf-16"])
def test_a_page_in_lines(charset):
    found = read_page(page(charset))
    lines = ["Home", "Cronaca", TITLE, *PARAGRAPHS, "Leggi anche", "Sciopero dei treni", "© 2024 La Voce del Porto"]
    assert found.text.splitlines() == lines
    assert found.main is not None
    assert {3, 4, 5} <= set(found.main) <= {2, 3, 4, 5}


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>ciao</p>", "ciao"),
        ("a<br>b", "a\nb"),
        ("<p>un <b>bel</b>\n  <i>gior</i>no</p>", "un bel giorno"),
        ("<table><tr><td>Uno</td><td>2</td></tr><tr><td>Due</td><td>3</td></tr></table>", "Uno | 2\nDue | 3"),
        ("<p>a<!-- b -->c</p>", "ac"),
        ("<p>a<script>b</script>c<style>d</style></p>", "ac"),
        ("<p hidden>a</p><p>b</p>", "b"),
        ("<p>sil&shy;la&#8203;ba</p>", "sillaba"),
        ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "<script>alert(1)</script>"),
        ("<div>a<div>b</div>c</div>", "a\nb\nc"),
        ('<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/passwd">]><body><p>x&e;y</p>', "]>\nx&e;y"),
    ],
)
def test_lines_of_markup(markup, text):
    assert (
        read_page(f"<html><body>{markup}</body></html>".encode() if "DOCTYPE" not in markup else markup.encode()).text
        == text
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"<html><body></body></html>", "empty"),
        (b"\x89PNG\x00", "binary"),
        (b"<div>" * 50_000 + b"x", "empty"),
    ],
)
def test_pages_that_are_refused(data, reason):
    with pytest.raises(corpus.RefusalError, match=reason):
        read_page(data)


def test_a_declared_charset_that_is_wrong():
    assert read_page('<html><meta charset="ascii"><body><p>Perché</p></body>'.encode()).text == "Perché"
    assert read_page("<body><p>zářící</p></body>".encode("cp1250"), charset="cp1250").text == "zářící"
    assert read_page("<body><p>città</p></body>".encode(), charset="no-such").text == "città"


@pytest.mark.parametrize(
    ("lines", "main", "expected"),
    [
        (["a b c d e", "Home", "f g h i"], "a b c d e\nf g h i", [0, 2]),
        (["Titolo", "Menu", "Titolo", "a b c d e"], "Titolo\na b c d e", [0, 3]),  # of lines that are alike the first
        (["a b c d e x", "f g h i", "a b c d e"], "f g h i\na b c d e", [1, 2]),  # the chain runs forward
        (["a b c", "d e f g h"], "a b c d e f g h", [1]),
        (["x y z q", "Home"], "a b c d", []),
        ([], "a b c d", []),
        (["a b c d"], "", []),
    ],
)
def test_main_lines(lines, main, expected):
    assert main_lines(lines, main) == expected


def test_marks_of_a_page_lean_its_labels():
    lines = ["Home", "Titolo breve", *PARAGRAPHS, "Una riga qualunque che non finisce", *PARAGRAPHS[:1]]
    article = {"doc_id": "a", "language": "it", "raw": "\n".join(lines)}
    bare = blocks(pd.DataFrame([article]))
    known = blocks(pd.DataFrame([article | {"main": (2, 3, 4), "headline": 1}]))
    assert list(known["text"]) == list(bare["text"]) == lines
    assert list(known["label"])[1:5] == ["title", "body", "body", "body"]
    assert known["label"].iloc[6] == "furniture" != bare["label"].iloc[6]
    assert known["reason"].iloc[2].startswith("page and model")


# --- columns


@pytest.mark.parametrize(
    ("names", "asked", "columns"),
    [
        (("text", "title"), {}, {"text": "text", "title": "title"}),
        (("Full Text", "URL"), {}, {"text": "Full Text", "url": "URL"}),
        (("body", "content"), {}, {"text": "body"}),
        (("body", "content"), {"text": ("content",)}, {"text": "content"}),
        (("content", "text"), {"text": ("body", "content")}, {"text": "content"}),
        (("text", "html"), {"html": ("html",)}, {"html": "html"}),
        (("text", "title"), {"text": ("title",)}, {"text": "title"}),
        (("Testo", "Testata", "Data"), {}, {"text": "Testo", "outlet": "Testata", "published_at": "Data"}),
    ],
)
def test_columns(names, asked, columns):
    assert known_columns(names, asked).columns == columns


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"txt": "body"}, "unknown field 'txt'; allowed are text, html, id"),
        ({"text": ""}, "text = ''; allowed is the name of a column"),
        ({"text": 3}, "text = 3; allowed"),
        ({"text": []}, "allowed"),
    ],
)
def test_columns_that_are_no_columns(given, message):
    with pytest.raises(ParameterError, match=message):
        corpus.check_columns(given)


def test_columns_by_parameter(tmp_path):
    data = as_csv([("corpo", "testata2", "html"), (TEXT, "Eco", page().decode())])
    found = read(tmp_path, "a.csv", data, columns={"outlet": ["testata2"], "country": ["land2"]})
    assert found.articles["record"][0] == {"outlet": "Eco"}
    assert found.refused["reason"].tolist() == [
        "no column land2 for country; it has corpo, testata2, html; read without it"
    ]
    found = read(tmp_path, "a.csv", data, columns={"html": ["html"]})
    assert found.articles["page"][0]["outlet"] == "La Voce del Porto"
    with pytest.raises(CorpusError, match="no column nix for text; it has corpo, testata2, html"):
        read(tmp_path, "a.csv", data, columns={"text": ["nix"]})
    (tmp_path / "corpus.toml").write_text('[columns]\ntext = "html"\noutlet = ["nix", "testata2"]\n', encoding="utf-8")
    assert Settings.from_parameters(tmp_path).columns == {"text": ("html",), "outlet": ("nix", "testata2")}
    assert Settings.from_parameters(tmp_path, columns={"text": ["corpo"]}).columns["text"] == ("corpo",)


def test_a_title_that_the_text_lacks_stands_above_it(tmp_path):
    rows = [{"title": "Di che si tratta", "text": "Un testo."}, {"title": "un  testo", "text": "Altro.\n Un testo \n"}]
    found = read(tmp_path, "a.jsonl", as_jsonl(*rows)).articles
    assert found["raw"].tolist() == ["Di che si tratta\n\nUn testo.", "Altro.\n Un testo \n"]
    assert found["headline"].tolist() == [0, 1]


# --- rows that cannot be read, and limits


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"text": 3}, "column text: holds no text but int '3'"),
        ({"text": " "}, "column text: empty"),
        ({"text": "a\x00b"}, "column text: undecodable"),
        ({"text": "a" * 3000}, "column text: too large: 0.0 MB"),
        (
            {"text": "ok", "source": {"name": "x"}},
            "column source: holds dict; allowed are a text, a number, a list of texts",
        ),
        ({"text": "ok", "title": "x" * 3000}, "column title: too long: 3,000 characters"),
        ({"text": "ok", "date": "ieri"}, "column date: published_at 'ieri' is no ISO 8601"),
    ],
)
def test_cells_that_cannot_be_used(tmp_path, row, reason):
    (told,) = refused(tmp_path, "a.jsonl", as_jsonl(row), max_megabytes=0.002).items()
    assert told[0] == "a.jsonl#1"
    assert reason in told[1]


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("2024-06-19 10:35", "2024-06-19T10:35"),
        ("20240619T103500", "2024-06-19T10:35:00"),
        ("Wed, 19 Jun 2024 10:35:00 +0200", "2024-06-19T10:35:00+02:00"),
    ],
)
def test_times_as_exports_write_them(tmp_path, value, time):
    found = read(tmp_path, "a.jsonl", as_jsonl({"text": "Un testo.", "date": value}))
    assert found.articles["record"][0]["published_at"] == time


HALF = b'{"text": "\\ud800"}\n'
LONG = b'{"text": "' + b"a" * 1_100_000 + b'"}\n'
BAD_FILES = {
    "surrogates.jsonl": (HALF, "undecodable"),
    "deep.jsonl": (b"[" * 100_000 + b"\n", "not read: JSON that is nested too deeply"),
    "long.jsonl": (LONG, "too large: a line of more than 1.0 MB"),
    "long.csv": (b"text\n" + b"a" * 1_100_000 + b"\n", "too large: a row of more than"),
    "open.csv": (b'text\n"a' + b"\na" * 700_000, "too large: a row of more than"),
    "wide.csv": (b"text,title\na,b,c\n", "3 cells, but 2 columns: text, title"),
    "nothing.csv": (b"a,b\n1,2\n", "no column for the text; it has a, b"),
    "no.parquet": (b"PAR1 no PAR1", "unreadable: Arrow"),
    "no.xlsx": (b"PK no", "unreadable: BadZipFile"),
    "no.zip": (b"PK no", "unreadable"),
    "new.zip": (directory(as_zip(("a.txt", "a")), 6, b"\x72\0"), "unreadable: NotImplementedError"),
    "name.zip": (directory(as_zip(("\u00e9.txt", "a")), 46, b"\xff"), "unreadable: UnicodeDecodeError"),
    "no.warc": (b"nonsense " * 99, "broken after no.warc"),
    "nothing.warc": (b"", "no article in it"),
    "empty.zip": (as_zip(), "no article in it"),
    "head.csv": (b"text\n", "no article in it"),
    "cut.warc": (as_warc(("u", page(), "text/html"), zipped=False)[:-600], "cut off"),
    "zeros.warc.gz": (
        as_warc(("u", gzip.compress(b"<p>" + b"a" * 3_000_000), "text/html", "200 OK", "Content-Encoding: gzip\r\n")),
        "too large",
    ),
    "dim.xlsx": (as_xlsx(A=[("text",), ("x" * 3000,)]), "column text: too large"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_files_that_cannot_be_read(tmp_path, name):
    data, reason = BAD_FILES[name]
    told = refused(tmp_path, name, data, max_megabytes=0.002)
    assert {path.partition("#")[0] for path in told} == {name}
    assert any(reason in words for words in told.values()), told


def rezipped(data: bytes, name: str, content: bytes) -> bytes:
    """A zip file with one member replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return as_zip(*((m, content if m == name else archive.read(m)) for m in archive.namelist()))


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    f'<!ENTITY {chr(98 + k)} "{f"&{chr(97 + k)};" * 10}">'.encode() for k in range(9)
)


@pytest.mark.parametrize(
    ("member", "content", "reason"),
    [
        ("xl/worksheets/sheet1.xml", LAUGHS + b"]><worksheet>&j;</worksheet>", "unreadable: "),
        ("xl/workbook.xml", LAUGHS + b"]><workbook>&j;</workbook>", "unreadable"),
        ("xl/worksheets/sheet1.xml", b" " * 12_000_000, "a bomb: xl/worksheets/sheet1.xml grows"),
    ],
)
def test_spreadsheets_that_are_bombs(tmp_path, member, content, reason):
    told = refused(tmp_path, "a.xlsx", rezipped(as_xlsx(A=[("text",), ("x",)]), member, content))
    assert list(told) == ["a.xlsx"]
    assert reason in told["a.xlsx"]
    assert str(tmp_path) not in told["a.xlsx"]


def test_members_that_are_refused(tmp_path):
    encrypted = bytearray(as_zip(("a.txt", "Un segreto.")))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[encrypted.index(signature) + at] |= 1
    assert refused(tmp_path, "a.zip", bytes(encrypted))["a.zip#a.txt"].startswith("encrypted")
    broken = bytearray(as_zip(("a.txt", "Un testo che sarà rotto."), ("b.txt", "Un altro.")))
    broken[40] ^= 0xFF
    (tmp_path / "folder" / "a.zip").write_bytes(broken)
    found = corpus.read(tmp_path / "folder")
    assert list(found.articles["path"]) == ["a.zip#b.txt", "whole.txt"]
    assert found.refused["reason"].str.startswith("unreadable").tolist() == [True]


def test_what_is_kept_of_a_broken_export(tmp_path):
    found = read(
        tmp_path,
        "a.jsonl",
        as_jsonl({"text": "Uno."}) + LONG + b"\xff\x00\n" + as_jsonl({"text": "Due."}),
        max_megabytes=0.002,
    )
    assert found.articles["path"].tolist() == ["a.jsonl#1", "a.jsonl#4"]
    assert found.refused["path"].tolist() == ["a.jsonl#2", "a.jsonl#3"]


def test_a_range_of_records(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(as_jsonl(*({"text": f"Testo {k}."} for k in range(10))))
    (tmp_path / "a.csv").write_bytes(as_csv([("text",), *((f"Riga {k}.",) for k in range(10))]))
    reading = corpus.Reading({}, 1.0, first=3, last=5)
    for name, paths in (("a.jsonl", ["a.jsonl#4", "a.jsonl#5"]), ("a.csv", ["a.csv#5", "a.csv#6"])):
        found = list(corpus.read_file(tmp_path, name, reading))
        assert [item.path for item in found] == paths
        parts = [replace(reading, first=k, last=k + 3) for k in range(0, 12, 3)]
        whole = list(corpus.read_file(tmp_path, name, replace(reading, first=0, last=None)))
        assert [item for part in parts for item in corpus.read_file(tmp_path, name, part)] == whole


def test_equal_names_and_equal_texts(tmp_path):
    for name in ("a.txt", "b/a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    (tmp_path / "a.html").write_bytes(b"<p>a.html</p>")
    rows = [{"id": "../x/y", "text": "1"}, {"id": "../x/y", "text": "2"}, {"id": "a", "text": "3"}, {"text": "a.txt"}]
    (tmp_path / "r.jsonl").write_bytes(as_jsonl(*rows))
    found = corpus.read(tmp_path)
    ids = found.articles.set_index("path")["doc_id"]
    assert ids.is_unique
    assert not any(set("/\\") & set(name) or name.startswith(".") for name in ids)
    assert found.refused["reason"].tolist() == ["same text as a.txt, which is kept"]


@pytest.mark.parametrize("name", ["", "../..", "a/b\\c", "\x00", "x" * 500, "報" * 300, ". .", "è.txt"])
def test_safe_names(name):
    found = safe_name(name)
    assert found
    assert len(found.encode()) <= 120
    assert Path(found).name == found not in (".", "..")
