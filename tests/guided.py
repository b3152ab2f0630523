"""Bytes through decoding, cleaning and the rules; by itself a target of atheris, which looks for paths not yet taken.

python tests/guided.py -max_total_time=60 FOLDER    libFuzzer's own options, and what to begin with
"""

import sys
from contextlib import nullcontext
from functools import cache

import pandas as pd

try:
    import atheris
except ImportError:  # there are no wheels for this system
    atheris = None

with atheris.instrument_imports(include=["rassegna"]) if atheris and __name__ == "__main__" else nullcontext():
    from rassegna.annotation import annotate, blank_pipeline
    from rassegna.cleaning import blocks
    from rassegna.corpus import RefusalError, decode
    from rassegna.dates import dates
    from rassegna.mentions import mentions
    from rassegna.quantities import quantities
    from rassegna.quotes import quote_tables
    from rassegna.rendering import visible
    from rassegna.tables import defuse


@cache
def _pipeline():
    return blank_pipeline("it")


def through(data: bytes) -> int:
    """Read bytes as an article; return how many things were found, each of which stands at its offsets."""
    try:
        raw, _ = decode(data)
    except RefusalError:
        return 0
    articles = pd.DataFrame({"doc_id": ["a"], "raw": [raw], "language": ["it"], "published_at": [None]})
    labelled = blocks(articles)
    docs = annotate(articles, labelled, pipeline=_pipeline(), progress=False)
    named = mentions(docs, language={"a": "it"}, shown="it")
    told = quote_tables(docs, named, raw={"a": raw}, language="it")
    found = [labelled, named, *told, quantities(docs, articles=articles), dates(docs, articles)]
    for table in found:
        for row in table.itertuples():
            assert raw[row.start : row.end] == row.text, row
            assert not defuse(visible(row.text)).startswith(("=", "+", "-", "@")), row
    return sum(map(len, found))


if __name__ == "__main__":
    if atheris is None:
        sys.exit("atheris is not installed: there are wheels for Linux on x86_64 only")
    atheris.Setup([*sys.argv, "-max_len=2000", "-rss_limit_mb=4000"], lambda data: through(data) and None)
    atheris.Fuzz()  # libFuzzer ends the process
