"""The table `mentions`: who and what the articles name, with one canonical name across the corpus."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
from spacy.tokens import Doc

from rassegna.annotation import raw_offset, raw_span
from rassegna.mentions.descriptions import add_descriptions, add_introduced, relabel_led
from rassegna.mentions.gazetteer import Known, gazetteer, plain, read_aliases, translated
from rassegna.mentions.metonymy import is_of_another, stands_for_government
from rassegna.mentions.names import Article, Name, initials_fit, resolve_bodies, resolve_people
from rassegna.mentions.spans import complete, find_names, split_pairs
from rassegna.settings import DEFAULT_LANGUAGE

MENTION_COLUMNS = [
    *("doc_id", "start", "end", "text", "label", "entity_id", "entity", "reason", "kind", "is_metonym", "stands_for")
]
SHORTEST_INITIALS = 2  # letters: shorter ones fit by chance
VOTES, MAJORITY = 3, 2 / 3  # a label that so many mentions, and such a share of them, bear is given to all


def mentions(
    docs: dict[str, Doc],
    *,
    language: str | Mapping[str, str] = DEFAULT_LANGUAGE,
    shown: str = "",
    aliases: pd.DataFrame | Path | str | None = None,
) -> pd.DataFrame:
    """Find the persons, bodies and places that the articles name, and say which are one.

    Args:
        docs: doc_id → Doc, as `annotate` gives them.
        language: Language of the word lists, one for all or one a doc_id.
        shown: Language in which territories and known bodies are named, so that one that articles in several languages
            name is one entity; by default each article's own.
        aliases: The researcher's own names (alias, entity, label), or the corpus folder in which `aliases.csv` may
            stand: they add to and overrule everything else; an empty entity means that the alias is no entity.

    Returns:
        Table `mentions`, one row per mention, sorted by doc_id in the order of `docs`, then start, then -end:
        doc_id (str), start, end (int, code points of the raw text), text (str), label (PER, ORG, LOC),
        entity_id (str, label and name; an ambiguous name has its article's too), entity (str, canonical name),
        reason (str, why it is this entity), kind (name, description), is_metonym (bool, a capital or building that
        stands for those who govern there), stands_for (str or null, for whom).

    Raises:
        AliasError: The aliases are not formed as they should be.
    """
    known_aliases = read_aliases(aliases)
    spoken = dict.fromkeys(docs, language) if isinstance(language, str) else language
    finders = {code: gazetteer(code, known_aliases) for code in sorted(set(spoken.values()))}
    articles = [Article(doc_id, doc, language=spoken[doc_id]) for doc_id, doc in docs.items()]
    for article in articles:
        article.names = find_names(article, finders[article.language])
        add_introduced(article)
    complete(articles)
    relabel_led(articles)
    votes = _votes((name.text, name) for a in articles for name in a.names if name.end - name.start == 1)
    labels = {text: _winner(found)[0] for text, found in votes.items()}
    for article in articles:
        split_pairs(article, finders[article.language], labels)
    everything = [name for article in articles for name in article.names]
    _vote(everything)
    _give_surnames(everything)
    _resolve(articles, everything)
    if shown:
        for name in everything:
            _translate(name, translated(spoken[name.doc_id], shown))
    everything += add_descriptions(articles)
    _overrule(everything, known_aliases)
    return _table(docs, _outermost([n for n in everything if n.entity]))


def _votes(names: Iterable[tuple[str, Name]]) -> dict[str, Counter[str]]:
    """Text of a name → how many of its mentions bear which label."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for text, name in names:
        votes[text][name.label] += 1
    return votes


def _winner(votes: Counter[str]) -> tuple[str, int]:
    return min(votes.items(), key=lambda vote: (-vote[1], vote[0]))


def _vote(names: Iterable[Name]) -> None:
    """Give a name that the pipeline labels now so, now so, the label that most of its mentions bear."""
    loose = [(plain(n.text), n) for n in names if not n.known]
    votes = _votes(loose)
    for text, name in loose:
        (label, count), total = _winner(votes[text]), votes[text].total()
        if label != name.label and count >= VOTES and count / total >= MAJORITY:
            name.label, name.note = label, f"label of {count} of {total} mentions"


def _give_surnames(names: Iterable[Name]) -> None:
    """Take a single word for a person, no body, where somebody in the corpus bears that name."""
    loose = [n for n in names if not n.known and n.kind == "name"]
    surnames = {n.text.split()[-1] for n in loose if n.label == "PER" and " " in n.text}
    votes = _votes((n.text, n) for n in loose if n.label == "ORG" and n.text in surnames)
    for name in loose:
        if name.label == "ORG" and name.text in surnames and votes[name.text].total() < VOTES:
            name.label, name.note = "PER", "surname of a person in the corpus"


def _translate(name: Name, names: Mapping[str, str]) -> None:
    """Call what other languages name too as the table shows it."""
    name.stands_for = names.get(name.stands_for, name.stands_for)
    if name.entity in names and name.label != "PER":
        name.settle(names[name.entity], f"{name.reason}, '{name.entity}'")


def _resolve(articles: list[Article], names: list[Name]) -> None:
    """Settle every name: known ones, persons, bodies, places, and nicknames last."""
    for article in articles:
        _settle_all_known(article)
    acronyms = _acronyms(articles)
    languages = sorted({article.language for article in articles})
    loose = [n for n in names if (not n.known and not n.entity) or (n.known and n.known[0].kind == "alias")]
    resolve_people([n for n in loose if n.label == "PER"])
    for label in ("ORG", "LOC"):
        known = [n for n in names if n.label == label and n.entity and n.known and not n.is_metonym]
        resolve_bodies([n for n in loose if n.label == label], known, acronyms, languages=languages)
    for name in loose:
        if name.known:
            _settle_alias(name, name.known[0])
    present = {(n.doc_id, plain(n.entity)) for n in names if n.entity}
    for name in names:
        if name.known and name.known[0].kind == "nickname":
            named = [k for k in name.known if (name.doc_id, plain(k.entity)) in present]
            if len(named) == 1:
                name.settle(named[0].entity, "nickname of the only such body that the article names")


def _settle_all_known(article: Article) -> None:
    settled: dict[int, Name] = {}  # by where they end
    for name in article.names:
        known = name.known[0] if name.known else None
        if (known is None or known.kind == "capital") and _is_club(article, name):
            name.label = "ORG"
            name.settle(name.text, "the article tells the club from the city")
        elif known is not None and known.kind not in ("nickname", "alias"):
            _settle_known(article, name, known, settled.get(name.start - 1))
        settled[name.end] = name


def _settle_known(article: Article, name: Name, known: Known, twin: Name | None) -> None:
    """Say what a known name stands for; `twin` is the name before it, one word between them."""
    if known.kind == "seat":
        name.settle(known.entity, "gazetteer: seat of government")
        name.is_metonym, name.stands_for = True, known.stands_for
    elif known.kind == "capital":
        why = stands_for_government(article.doc, name.start, name.end, language=article.language)
        if not why and twin is not None and twin.is_metonym and article.tokens[twin.end].pos_ == "CCONJ":
            why = f"joined to '{twin.text}'"
        name.settle(known.entity, "gazetteer: capital, here the city")
        if why:
            name.label = "LOC" if known.territory else "ORG"
            name.settle(known.stands_for, f"gazetteer: capital for its government, {why}")
            name.is_metonym, name.stands_for = True, known.stands_for
    else:
        same = plain(known.entity) == plain(name.text)
        name.settle(known.entity, f"gazetteer: {known.kind}" if same else f"gazetteer: {known.kind}, other name")


def _is_club(article: Article, name: Name) -> bool:
    """Is a city's name with the article of its club the club's?"""
    return name.label != "PER" and is_of_another(article.doc, name.start, name.end, language=article.language)


def _settle_alias(name: Name, known: Known) -> None:
    name.entity = ""
    if known.entity:
        name.settle(known.entity, "aliases.csv")


def _acronyms(articles: list[Article]) -> dict[tuple[str, str], str]:
    """Acronyms that the articles introduce: a full name and its initials in brackets, either first."""
    introduced = {}
    for article in articles:
        introduced.update(_initials(article))
        by_start = {n.start: n for n in article.names}
        for full in article.names:
            short = by_start.get(full.end + 1)
            if short is None or article.tokens[full.end].text != "(" or full.label not in ("ORG", "LOC"):
                continue
            for a, b in ((short, full), (full, short)):
                if len(a.text) < len(b.text) and initials_fit(a.text, b.text, article.language) and not a.known:
                    a.label = b.label
                    introduced[article.doc_id, plain(a.text)] = b.known[0].entity if b.known else b.text
    return introduced


def _initials(article: Article) -> dict[tuple[str, str], str]:
    """Acronyms that are the initials of only one body the article names in full."""
    bodies = [n for n in article.names if n.label == "ORG"]
    full = {n.known[0].entity if n.known else n.text for n in bodies if " " in n.text}
    found = {}
    for name in bodies:
        if name.known or not name.text.isalpha() or len(name.text) <= SHORTEST_INITIALS:
            continue
        fits = [f for f in full if initials_fit(name.text, f, article.language)]
        if len(fits) == 1:
            found[article.doc_id, plain(name.text)] = fits[0]
    return found


def _overrule(names: list[Name], aliases: dict[str, Known]) -> None:
    """Let the researcher's aliases rename, or drop, what was settled under an alias as its name."""
    by_name = {plain(alias): known for alias, known in aliases.items()}
    for name in names:
        known = by_name.get(plain(name.entity)) if name.entity else None
        if known is not None and not known.entity:
            name.entity = ""
        elif known is not None and known.entity != name.entity:
            name.label = known.label
            name.settle(known.entity, f"aliases.csv, after: {name.reason}")


def _outermost(names: list[Name]) -> list[Name]:
    """Leave out a description that crosses a name's edge; names within a description stay."""
    taken = {(n.doc_id, i): n for n in names if n.kind == "name" for i in range(n.start, n.end)}
    kept = []
    for name in names:
        inner = [taken.get((name.doc_id, i)) for i in (name.start, name.end - 1)]
        crosses = any(n and (n.start < name.start or n.end > name.end) for n in inner)
        if name.kind == "name" or not crosses:
            kept.append(name)
    return kept


def _table(docs: dict[str, Doc], names: list[Name]) -> pd.DataFrame:
    order = {doc_id: i for i, doc_id in enumerate(docs)}
    rows = []
    for n in sorted(names, key=lambda n: (order[n.doc_id], n.start, n.cut or (0, 0), -n.end, n.kind)):
        start, end = raw_span(docs[n.doc_id][n.start : n.end])
        if n.cut:
            start = raw_offset(docs[n.doc_id], n.cut[0])
            end = start + n.cut[1] - n.cut[0]
        reason = f"{n.reason}; {n.note}" if n.note else n.reason
        settled = (n.label, n.entity_id, n.entity, reason, n.kind, n.is_metonym, n.stands_for or None)
        rows.append((n.doc_id, start, end, n.text, *settled))
    return pd.DataFrame(rows, columns=MENTION_COLUMNS).astype({"start": int, "end": int, "is_metonym": bool})
