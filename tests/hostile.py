"""Articles that nobody should write: what is nasty for decoding, cleaning, rules and exports, in any number.

`article` mixes it as chance wants, `BOMBS` are single things a hundred thousand times over.
"""

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from functools import partial

PROSE = "Il ministro Mario Rossi ha detto che la legge sarà approvata martedì. "
PIECES = (
    *('"', "'", "«", "»", "“", "”", "„", "‘", "’", "‹", "›", "``", "''", "–", "— ", "- ", "(", ")", "[", "]", "{", "…"),
    *("\n", "\n\n", "\r\n", "\r", "\u2028", "\x85", "\x0b", "\x0c", "\t", "\u00a0", "\u3000", " ", "  ", ". ", ", ", ": "),
    *("\x00", "\x07", "\x1b[31m", "\u200b", "\u200e", "\u202e", "\u2066", "\u2069", "\ufeff", "\ufffd", "\ufffe", "\u00ad"),
    *("e\u0301\u0301\u0301", "😀", "👩‍👩‍👧", "\U0001f1ee\U0001f1f9", "ﬁ", "İ", "ı", "ß", "Ω", "א", "ب", "漢字", "\U000e0041", "\uf8ff"),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", "&#0;", "<!--", "]]>", "<a href='", "</details>"),
    *("javascript:alert(1)", "{{7*7}}", "%title%", "{pipeline}", "$$x$$", "\\input{/etc/passwd}", "\\", "`", "|", "#", "*", "_"),
    *("=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "../../etc/passwd", "C:\\x", "file:///etc/passwd", "http://a.example/?a=1&b"),
    *("1", "12.000", "1.2.3.4", "1,5", "-3", "¼", "½", "٣", "三", "10^400", "1e999", "0x1F", "9" * 40, "1" * 400, "3%", "€ 5", "5 mila"),
    *("un milione e mezzo", "mille" * 12, "due o tre", "tra 3 e 4", "quasi 10", "MCMXC", "XIIIIII", "31/02/2024", "00/00/0000"),
    *("29 febbraio 2023", "3 maggio 2024", "lunedì", "99:99", "24:00", "tre giorni fa", "9999-12-31", "0000-00-00", "anni ’90", "2 a.C."),
    *("tra 99999999999 anni", "nel 20244", "il 45 marzo", "alle 25.70", "12/13/14", "dal 1 al 99", "16 giugno 1", "estate 0"),
    *("ha detto", "secondo", "ha spiegato che", "disse:", "afferma", "Mario Rossi", "la Nato", "MARIO", "d'", "l’", "dell'", "San", "O'"),
    *("il presidente", "Roma", "Regione Veneto", "che", "e", "non", "di", "casa", "Fine", "Leggi anche", "Di Mario Neri", "© 2024"),
    *("A" * 300, "a-" * 60, "x." * 60, "((((((((((", "))))))))))", "[[[[[[", "«««««", "»»»»»", PROSE, PROSE.upper(), PROSE * 4),
)  # fmt: skip
BOMBS: dict[str, Callable[[int], str]] = {
    name: partial(lambda unit, n: unit * (n // len(unit)), unit)
    for name, unit in {
        "one line": PROSE,
        "paragraphs": f"{PROSE}\n\n",
        "quotation marks": '"',
        "opening marks": "«",
        "quoted words": '"a" ',
        "quoted sayings": "«Ciao», ha detto Mario Rossi. ",
        "digits": "1",
        "digits apart": "1 ",
        "digits and stops": "1.",
        "capitals": "A",
        "one name": "Mario Rossi ",
        "right to left": "\u202eאב ",
        "words with no width between": "a\u200b",
        "bracketed letters": "[a] ",
        "dashes": "– ",
        "days": "3 maggio 2024 ",
        "stops without spaces": "a.",
        "elisions": "l'",
        "shares": "3%",
        "ranges": "tra 3 e 4 milioni di euro ",
        "thousands": "mille",
        "number words": "cento mila ",
        "sayings": "ha detto ",
        "cues": "disse: ",
        "accents": "e\u0301",
        "faces": "😀",
        "tabs": "a\t",
        "dates": "12/03/2024 ",
        "addresses": "http://a.example/ ",
        "mail": "a@",
        "verbless": "Fine. Non è vero. ",
        "lists": "Rossi, Bianchi e Verdi, ",
    }.items()
}
BOMBS |= {
    "nested marks": lambda n: "«" * (n // 2) + "»" * (n // 2),
    "brackets": lambda n: "(" * (n // 2) + ")" * (n // 2),
    "accents on one letter": lambda n: "e" + "\u0301" * (n - 1),
    "endless names": lambda n: " ".join(f"M{letters(k)} R{letters(k * 7)}" for k in range(n // 10)),
}


def letters(number: int) -> str:
    """A number in letters, so that each makes another name."""
    return "".join(chr(97 + int(digit)) for digit in str(number))


def article(draw: random.Random) -> bytes:
    """The bytes of one article; the encodings change, and now and then some bytes are damaged."""
    parts = draw.choices(PIECES, k=draw.randrange(1, 60))
    text = draw.choice(["", " "]).join(parts)
    if draw.random() < 0.5:
        text = f"{draw.choice(['Titolo', PROSE, ''])}\n\n{PROSE}\n\n{text}\n{PROSE}"
    encoding = draw.choice(["utf-8"] * 6 + ["utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-7"])
    data = bytearray(text.encode(encoding, errors="replace"))
    for _ in range(draw.choice([0, 0, 0, 1, 5])):
        data[draw.randrange(len(data))] = draw.randrange(256)
    return bytes(data[: draw.choice([len(data)] * 8 + [draw.randrange(len(data)) + 1])])


def file(draw: random.Random) -> tuple[str, bytes]:
    """The ending and the bytes of a file: mostly of text, else one that holds such articles in another way."""
    ending = draw.choice([".txt"] * 5 + list(_HOLDERS))
    data = bytearray(_HOLDERS[ending](draw) if ending in _HOLDERS else article(draw))
    if ending in _HOLDERS and data and draw.random() < 0.2:
        data[draw.randrange(len(data))] = draw.randrange(256)
    return ending, bytes(data)


def _text(draw: random.Random) -> str:
    return article(draw).decode(errors="replace")


def _page(draw: random.Random) -> bytes:
    title, text = draw.choice(PIECES), _text(draw)
    head = f'<title>{title}</title><meta property="article:published_time" content="{draw.choice(PIECES)}">'
    body = f"<nav>{draw.choice(PIECES)}</nav><article><h1>{title}</h1><p>{PROSE}</p><p>{text}</p><p>{PROSE * 3}</p></article>"
    return f"<html><head>{head}</head><body>{body * draw.choice([1, 1, 2])}</body></html>".encode()


def _lines(draw: random.Random) -> bytes:
    rows = ({draw.choice(["text", "title", "url", "date", "id"]): _text(draw), "body": _text(draw)} for _ in range(3))
    return "\n".join([*map(json.dumps, rows), _text(draw)]).encode()


def _sheet(draw: random.Random) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([["text", "title", draw.choice(PIECES)], *([_text(draw) for _ in "abc"] for _ in "abc")])
    return out.getvalue().encode(errors="replace")


def _archive(draw: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for _ in range(draw.randrange(4)):
            ending, data = file(draw) if draw.random() < 0.3 else (".txt", article(draw))
            packed.writestr(draw.choice(["../", "/etc/", "a/../../", "", "a//"]) + name(draw, ending), data)
    return out.getvalue()


def _crawl(draw: random.Random) -> bytes:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + _page(draw)
    address = draw.choice(PIECES).replace("\n", " ").replace("\r", " ")
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/{address}\r\nWARC-Date: 2024-06-19T10:00:00Z\r\n"
    told = draw.choice([len(page)] * 4 + [0, 10**12])
    return (head + f"Content-Type: application/http\r\nContent-Length: {told}\r\n\r\n").encode() + page + b"\r\n\r\n"


_HOLDERS: dict[str, Callable[[random.Random], bytes]] = {
    ".html": _page,
    ".jsonl": _lines,
    ".csv": _sheet,
    ".zip": _archive,
    ".warc": _crawl,
    ".xlsx": article,
    ".parquet": article,
}


def name(draw: random.Random, ending: str = ".txt") -> str:
    """A file name that a careless program might believe."""
    own = draw.choice(
        ["a", "..", "=1+1", "<b>", "a b", "%2e%2e", "漢", "\u202ea", "a'", 'a"', "$(x)", "a\nb", "-rf", "nul", "a;b"]
    )
    return f"{own}{draw.randrange(10**9)}{ending}"
