"""Reading a corpus: encodings, line ends, refusals, the manifest."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rassegna import corpus
from rassegna.errors import CorpusError

TEXT = "Perché no?\r\nÈ così: «già» – “sì”.\rFine €\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.txt").write_text("Un articolo.", encoding="utf-8")
    return tmp_path


def reasons(read: corpus.Corpus) -> dict[str, str]:
    return dict(zip(read.refused["path"], read.refused["reason"], strict=True))


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_decode_keeps_every_character_and_line_end(encoding, name):
    assert corpus.decode(TEXT.encode(encoding)) == (TEXT, name)


def test_decode_latin_1():
    text = "La città è più grande di così, perché no?\n"
    assert corpus.decode(text.encode("latin-1"))[0] == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"%PDF-1.4\x00\x01\x02", "binary"),
        (bytes(range(1, 32)) * 20, "binary"),
        (b"\xff\xfea\x00\x00\xd8", "undecodable"),  # UTF-16 that ends in half a surrogate pair
    ],
)
def test_decode_refuses(data, reason):
    with pytest.raises(corpus.RefusalError, match=reason):
        corpus.decode(data)


def test_decode_keeps_utf_8_with_few_broken_bytes():
    text, encoding = corpus.decode(("città è più " * 20).encode() + b"\xed\xa0\x80 fine")
    assert encoding == "utf-8 (3 broken)"
    assert text.count("\ufffd") == 3
    assert text.endswith(" fine")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_decode_gives_back_any_text(text, encoding):
    # A text that begins with the mark itself cannot be told from one that is marked.
    text = f"a{text}"
    assert corpus.decode(text.encode(encoding))[0] == text


@given(st.binary(max_size=300))
def test_decode_never_crashes(data):
    try:
        text, _ = corpus.decode(data)
    except corpus.RefusalError:
        return
    assert text.strip()
    text.encode("utf-8")  # no lone surrogate comes out


def test_read_refuses_by_name_and_goes_on(folder):
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.txt").write_bytes(b"\x89PNG\x00\x00")
    (folder / "large.txt").write_text("a" * 2000, encoding="utf-8")
    (folder / "page.pdf").write_text("ciao", encoding="utf-8")
    (folder / "twin.txt").write_text("Un articolo.", encoding="utf-8")
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    (folder / "README.md").write_text("about", encoding="utf-8")
    (folder / ".hidden.txt").write_text("no", encoding="utf-8")
    read = corpus.read(folder, max_megabytes=0.001)
    assert list(read.articles["doc_id"]) == ["a"]
    assert reasons(read) == {
        "empty.txt": "empty: no character but white space",
        "gone.txt": "unreadable: no regular file",
        "large.txt": "too large: 0.0 MB; max_megabytes is 0.001",
        "page.pdf": f"not read; files that are end in {', '.join(corpus.ENDINGS)}",
        "picture.txt": "binary: it holds NUL bytes",
        "twin.txt": "same text as a.txt, which is kept",
    }


def test_read_tells_apart_files_of_one_name(folder):
    (folder / "2024").mkdir()
    (folder / "2024" / "a.txt").write_text("Un altro.", encoding="utf-8")
    assert list(corpus.read(folder).articles["doc_id"]) == ["2024.a", "a"]


def test_read_takes_one_file(folder):
    (folder / "b.txt").write_text("Un altro.", encoding="utf-8")
    read = corpus.read(folder / "a.txt")
    assert list(read.articles["path"]) == ["a.txt"]
    assert read.refused.empty


@pytest.mark.parametrize("name", ["nowhere", "a-folder"])
def test_read_says_what_it_looked_for(tmp_path, name):
    (tmp_path / "a-folder").mkdir()
    with pytest.raises(CorpusError, match=rf"{name}.*\.txt"):
        corpus.read(tmp_path / name)


def manifest(folder, text: str, encoding: str = "utf-8") -> corpus.Corpus:
    (folder / "manifest.csv").write_text(text, encoding=encoding)
    return corpus.read(folder)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_manifest_as_spreadsheets_write_it(folder, encoding, separator):
    text = "file,outlet,published_at\na.txt,La Libertà,2024-06-19\n".replace(",", separator)
    read = manifest(folder, text, encoding)
    assert read.refused.empty
    row = read.manifest.iloc[0]
    assert (row["doc_id"], row["outlet"], row["published_at"]) == ("a", "La Libertà", "2024-06-19")
    assert pd.isna(row["url"])


def test_manifest_names_what_it_cannot_use(folder):
    lines = ["file,outlet,colour,published_at,language", "a.txt,X,red,19/06/2024,tlh", "b.txt,Y,,,", "a.txt,Z,,,"]
    read = manifest(folder, "\n".join(lines))
    told = {tuple(row) for row in read.refused.itertuples(index=False)}
    assert {path for path, _ in told} == {f"manifest.csv, line {n}" for n in (1, 2, 3, 4)}
    text = " ".join(sorted(reason for _, reason in told))
    for words in [
        "unknown column 'colour'",
        "'19/06/2024' is no ISO 8601",
        "unknown file 'b.txt'",
        "first one counts",
        "'tlh'",
    ]:
        assert words in text
    assert list(read.manifest["outlet"]) == ["X"]
    assert read.manifest["published_at"].isna().all()


def test_manifest_without_files_is_an_error(folder):
    with pytest.raises(CorpusError, match="no column `file`; it has name, outlet"):
        manifest(folder, "name,outlet\na,b\n")


@pytest.mark.parametrize("value", ["2024", "2024-06", "2024-06-19", "2024-06-19T10:35", "2024-06-19T10:35:00+02:00"])
def test_times_that_are_allowed(value):
    assert corpus.is_time(value)


@pytest.mark.parametrize("value", ["", "24", "2024-13", "2023-02-29", "19-06-2024", "2024-06-19T25:00", "ieri"])
def test_times_that_are_not(value):
    assert not corpus.is_time(value)
