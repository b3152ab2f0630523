"""Every span of a corpus in the formats of other tools, and the annotations of human coders back from one of them."""

from collections.abc import Sequence
from pathlib import Path

from rassegna import log
from rassegna.corpus_tables import Extraction
from rassegna.interchange.archives import archive
from rassegna.interchange.conll import conllu
from rassegna.interchange.webannotation import web_annotations
from rassegna.interchange.xlsx import spreadsheet
from rassegna.interchange.xmi import cas
from rassegna.storage import write_whole

# Format to the file that it is written as.
FORMATS = {
    "webannotation": "webannotation.zip",
    "conllu": "corpus.conllu",
    "cas": "cas.zip",
    "xlsx": "tables.xlsx",
}


def export(extraction: Extraction, out: Path, *, formats: Sequence[str] = tuple(FORMATS)) -> list[Path]:
    """Write a corpus in other tools' formats; a file of that name is replaced when the new one is whole.

    The same corpus gives the same bytes: no time stands in any of the files.

    Args:
        extraction: The corpus.
        out: Folder for the files.
        formats: Some of `FORMATS`: `webannotation` (W3C Web Annotation, JSON-LD, zipped: a collection and a page an
            article), `conllu` (CoNLL-U, one file), `cas` (UIMA CAS XMI for INCEpTION, zipped: one an article, with
            the type system), `xlsx` (a spreadsheet, one sheet a table).

    Returns:
        The files, in the order of `formats`.
    """
    tables, raw = extraction.tables, extraction.raw
    makers = {
        "webannotation": lambda: archive(web_annotations(tables, raw)),
        "conllu": lambda: conllu(extraction.docs, tables["mentions"], raw).encode(),
        "cas": lambda: archive(cas(tables, raw, extraction.docs)),
        "xlsx": lambda: spreadsheet(tables),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name in formats:
        with log.stage(name):
            write_whole(out / FORMATS[name], makers[name]())
    return [out / FORMATS[name] for name in formats]
