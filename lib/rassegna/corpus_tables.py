"""Every table of one corpus, each made when it is first asked for."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
from spacy.language import Language
from spacy.tokens import Doc

from rassegna import annotation, corpus, parts, provenance, tables
from rassegna.cleaning import CONTENT
from rassegna.corrections import FIELDS, Corrections, merged
from rassegna.damage import damage
from rassegna.dates import dates
from rassegna.facts import facts
from rassegna.facts.codebook import Entry, read_codebook
from rassegna.facts.coding import lines_met
from rassegna.facts.contradictions import affiliations
from rassegna.facts.statements import Statement, statements
from rassegna.framing import terms
from rassegna.languages import optional
from rassegna.log import cached_property
from rassegna.mentions import mentions
from rassegna.numbers import numbers
from rassegna.quantities import quantities
from rassegna.quotes import has_rules, quote_tables
from rassegna.reuse import passages
from rassegna.settings import Settings
from rassegna.timeline import events
from rassegna.validity import FOLDER as ANNOTATIONS
from rassegna.validity import Annotations, judgements, read_annotations, scores
from rassegna.voices import voice_of

# What is made of a part of the corpus, and what is made of the whole of it.
OF_PARTS = ("sentences", "damage", "mentions", "quotes", "quotation_marks", "quantities", "dates", "events", "terms",
            "facts", "evidence")  # fmt: skip
OF_WHOLE = ("numbers", "passages")


@dataclass(frozen=True)
class Extraction:
    """Everything that is extracted from one corpus; what needs the language pipeline is made when first asked for.

    Attributes:
        settings: What it is extracted with.
        raw: doc_id to decoded text, which all offsets point into.
        articles: Table `articles`, one row per article.
        blocks: Table `blocks`, one row per block.
        refused: Table `refused`, one row per input that was not used.
        given: The researcher's corrections, which each table takes as it is made.
        companions: What the corpus folder says of the articles, as it was when they were read: file to SHA-256.
        cache_dir: Folder of the cache of annotated texts; None: no cache.
        progress: Whether progress bars are shown.
        shown: Language whose names of countries and bodies the tables show, of the corpus that this is a part of.
    """

    settings: Settings
    raw: dict[str, str]
    articles: pd.DataFrame
    blocks: pd.DataFrame
    refused: pd.DataFrame
    given: Corrections
    companions: dict[str, str]
    cache_dir: Path | None = None
    progress: bool = False
    shown: str = ""
    _reported: dict[str, pd.DataFrame] = field(default_factory=dict)

    @cached_property
    def docs(self) -> dict[str, Doc]:
        """doc_id to annotated Doc, each read with the pipeline of its language (see `annotation.pipelines`)."""
        found: dict[str, Doc] = {}
        for language, own in self.articles.groupby("language"):
            found |= annotation.annotate(
                own, self.blocks, pipeline=self._pipelines[language], cache_dir=self.cache_dir, progress=self.progress
            )
        return {doc_id: found[doc_id] for doc_id in self.articles["doc_id"]}

    @cached_property
    def _pipelines(self) -> dict[str, Language]:
        return annotation.pipelines(self.settings.pipeline, self.articles["language"].unique())

    @property
    def _folder(self) -> Path:
        return corpus.folder_of(self.settings.corpus_dir)

    @property
    def _shown(self) -> str:
        """The language whose names of countries and bodies the tables show: that of most articles."""
        return self.shown or str(self.articles["language"].mode()[0])

    def _is_read(self, language: str) -> bool:
        return has_rules(language) or self._pipelines[language].has_pipe("ner")

    @property
    def _spoken(self) -> dict[str, str]:
        return dict(zip(self.articles["doc_id"], self.articles["language"], strict=True))

    @cached_property
    def _read(self) -> dict[str, str]:
        """doc_id to language, of the articles in which names and quotations are looked for."""
        return {doc_id: language for doc_id, language in self._spoken.items() if self._is_read(language)}

    @cached_property
    def foreign(self) -> pd.DataFrame:
        """Rows for `refused`: articles in a language without a pipeline or word lists, and what that costs."""
        lacking = {code: _lacking(code, nlp) for code, nlp in self._pipelines.items()}
        reason = self.articles["language"].map(lacking).astype("str")
        return self.articles.assign(reason=reason).loc[reason != "", ["path", "reason"]]

    @cached_property
    def damage(self) -> pd.DataFrame:
        """Table `damage`, one row per place where a text looks damaged."""
        content = self.blocks[self.blocks["label"].isin(CONTENT)]
        docs = {d: self.docs[d] for d, language in self._read.items() if optional(language, "damage")}
        return tables.valid("damage", damage(content, self.articles, docs))

    @cached_property
    def sentences(self) -> pd.DataFrame:
        """Table `sentences`, one row per sentence."""
        return tables.valid("sentences", annotation.sentences(self.docs))

    @cached_property
    def mentions(self) -> pd.DataFrame:
        """Table `mentions`, one row per mention."""
        docs = {doc_id: self.docs[doc_id] for doc_id in self._read}
        return self._corrected("mentions", mentions(docs, language=self._read, shown=self._shown, aliases=self._folder))

    @cached_property
    def _quote_tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        docs = {doc_id: self.docs[doc_id] for doc_id, language in self._read.items() if has_rules(language)}
        return quote_tables(docs, self.mentions, raw=self.raw, language=self._read)

    @cached_property
    def quotes(self) -> pd.DataFrame:
        """Table `quotes`, one row per quotation or reported statement."""
        return self._corrected("quotes", self._quote_tables[0])

    @cached_property
    def quotation_marks(self) -> pd.DataFrame:
        """Table `quotation_marks`, one row per string in quotation marks that is nobody's words."""
        return tables.valid("quotation_marks", self._quote_tables[1])

    @cached_property
    def quantities(self) -> pd.DataFrame:
        """Table `quantities`, one row per number with what it counts."""
        found = quantities(self.docs, articles=self.articles)
        return self._corrected("quantities", found.assign(asserter=voice_of(found, self.quotes)["holder"]))

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """Table `numbers`, one row per figure that another article gives, alike or not, for the same thing."""
        own = (self.quantities, self.sentences, self.mentions)
        return tables.valid("numbers", numbers(*own, articles=self.articles, affiliation=self._affiliation))

    @cached_property
    def dates(self) -> pd.DataFrame:
        """Table `dates`, one row per time expression."""
        day = self.settings.reference_date
        return self._corrected("dates", dates(self.docs, self.articles, reference_date=day))

    @cached_property
    def events(self) -> pd.DataFrame:
        """Table `events`, one row per date of an event."""
        found = events(
            self.docs,
            dates=self.dates,
            sentences=self.sentences,
            mentions=self.mentions,
            quotes=self.quotes,
            articles=self.articles,
        )
        return tables.valid("events", found)

    @cached_property
    def terms(self) -> pd.DataFrame:
        """Table `terms`, one row per use of a designation that competes with others."""
        found = terms(
            self.docs,
            mentions=self.mentions,
            quotes=self.quotes,
            quotation_marks=self.quotation_marks,
            language=self._spoken,
            folder=self._folder,
        )
        return self._corrected("terms", found)

    @cached_property
    def codebook(self) -> list[Entry]:
        """The facts of the corpus folder's `codebook.toml`; none without it."""
        return read_codebook(self._folder)

    @cached_property
    def _statements(self) -> list[Statement]:
        rows = {name: getattr(self, name) for name in ("mentions", "quantities", "dates")}
        return statements(self.docs, self.sentences, rows, language=self._spoken, shown=self._shown)

    @cached_property
    def _affiliation(self) -> dict[str, set[str]]:
        return affiliations(self.quotes, self._statements)

    @cached_property
    def _fact_tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        own = {name: getattr(self, name) for name in ("articles", "mentions", "dates", "quotes")}
        return facts(self._statements, own, affiliation=self._affiliation, codebook=self.codebook)

    @cached_property
    def codebook_lines(self) -> pd.DataFrame:
        """Which sentences meet each line of the codebook (see `facts.coding.lines_met`)."""
        return lines_met(self.codebook, self._statements, self.mentions)

    @cached_property
    def facts(self) -> pd.DataFrame:
        """Table `facts`, one row per fact and article."""
        return self._corrected("facts", self._fact_tables[0])

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """Table `evidence`, one row per fact and sentence that tells or denies it."""
        return tables.valid("evidence", self._fact_tables[1])

    def _corrected(self, name: str, table: pd.DataFrame) -> pd.DataFrame:
        table, self._reported[name] = self.given.apply(name, tables.valid(name, table))
        return tables.valid(name, table)

    @property
    def reports(self) -> pd.DataFrame:
        """The rows of table `corrections` for the tables that are made from Docs."""
        for name in FIELDS:
            getattr(self, name)
        made = [report for name, report in self._reported.items() if name != "blocks"]
        return tables.valid("corrections", pd.concat(made))

    @cached_property
    def corrections(self) -> pd.DataFrame:
        """Table `corrections`, one row per line of the corpus's corrections, with what became of it."""
        for name in FIELDS:
            getattr(self, name)
        return tables.valid("corrections", pd.concat([self.given.unknown(), *self._reported.values()]))

    @cached_property
    def annotations(self) -> list[Annotations]:
        """Hand annotation in the corpus folder, coder by coder."""
        return read_annotations(self._folder / ANNOTATIONS, self.raw)

    @cached_property
    def validity(self) -> pd.DataFrame:
        """Table `validity`, one row per coder and measure; empty without hand annotation."""
        return tables.valid("validity", scores(judgements(self, self.annotations)))

    @cached_property
    def passages(self) -> pd.DataFrame:
        """Table `passages`, one row per passage that two articles have in common."""
        own = (self.blocks, self.sentences, self.quotes, self.quotation_marks)
        return tables.valid("passages", passages(*own, raw=self.raw, language=self._spoken))

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table, by name."""
        found = {name: getattr(self, name) for name in tables.schemas()}
        return found | {"refused": tables.valid("refused", pd.concat([self.refused, self.foreign]))}

    def split(self, groups: Sequence[Collection[str]]) -> list["Extraction"]:
        """The same for groups of the articles, each as a corpus of its own; what was made so far is left behind."""
        number = {doc_id: n for n, group in enumerate(groups) for doc_id in group}
        articles, blocks = (
            dict(list(table.groupby(table["doc_id"].map(number)))) for table in (self.articles, self.blocks)
        )
        return [
            replace(
                self,
                raw=dict((given := self.given.of(group)).raw),
                articles=articles[n].reset_index(drop=True),
                blocks=blocks.get(n, self.blocks[:0]).reset_index(drop=True),
                refused=self.refused[:0],
                shown=self._shown,
                given=given,
                _reported={},
            )
            for n, group in enumerate(groups)
        ]

    def in_parts(self) -> list["Extraction"]:
        """The parts that the corpus is worked in (see `parts.cut`); a small one is its only part."""
        groups = list(parts.cut(parts.in_time(self.articles)))
        return self.split(groups) if len(groups) > 1 else [self]

    def key(self, around: str) -> str:
        """What names this part on disk (see `parts.key`).

        Args:
            around: As `parts.surroundings` gives it.
        """
        return parts.key(around + self._shown, self.raw, [self.articles, self.blocks, self.given.lines])

    def kept(self) -> dict[str, pd.DataFrame]:
        """What is kept of a part: its tables, who speaks for whom, and what became of the corrections."""
        spoken = [(speaker, entity) for speaker, entities in self._affiliation.items() for entity in sorted(entities)]
        return {
            **{name: getattr(self, name) for name in OF_PARTS},
            "affiliation": pd.DataFrame(spoken, columns=["speaker", "entity"], dtype="str"),
            "reports": self.reports,
        }

    def joined(self, found: Sequence[Mapping[str, pd.DataFrame]]) -> "Extraction":
        """The extraction with the tables of its parts, as `kept` gives them, in place of those made from Docs."""
        made = {name: tables.valid(name, _together(name, [own[name] for own in found])) for name in OF_PARTS}
        spoken = pd.concat([own["affiliation"] for own in found]).groupby("speaker")["entity"]
        reports = [
            *(own["reports"] for own in found),
            *(self.given.orphans(name) for name in FIELDS if name != "blocks"),
        ]
        whole = replace(self, _reported={"blocks": self._reported["blocks"], "parts": merged(reports)})
        vars(whole).update(made, _affiliation={str(speaker): set(own) for speaker, own in spoken})
        return whole

    @cached_property
    def outlets(self) -> dict[str, str]:
        """doc_id to the name that tables and figures show (see `outlets`)."""
        return outlets(self.articles)

    def overview(self) -> pd.DataFrame:
        """One row per article, in the fixed order of the outlets, for tables and figures.

        Columns: doc_id, name (see `outlets`), published_at, n_chars, n_words, share_content (0-1, of the characters
        in blocks), n_blocks, n_furniture (blocks), n_damage (places).
        """
        size = self.blocks["end"] - self.blocks["start"]
        own = self.blocks.assign(
            size=size,
            kept=size.where(self.blocks["label"].isin(CONTENT), 0),
            set_aside=self.blocks["label"] == "furniture",
        )
        sums = own.groupby("doc_id").agg(
            n_blocks=("block_id", "size"), size=("size", "sum"), kept=("kept", "sum"), n_furniture=("set_aside", "sum")
        )
        n_damage = self.damage.groupby("doc_id").size()
        overview = self.articles[["doc_id", "published_at", "n_chars", "n_words"]].merge(sums, on="doc_id")
        return overview.assign(
            name=overview["doc_id"].map(self.outlets),
            share_content=overview["kept"] / overview["size"],
            n_damage=overview["doc_id"].map(n_damage).fillna(0).astype(int),
        ).drop(columns=["size", "kept"])

    def named(self, table: str) -> pd.DataFrame:
        """One of the tables with the column name (see `outlets`) in front, in the fixed order of the outlets.

        A conflict names the other article so too.
        """
        found = getattr(self, table)
        if "conflict" in found:
            found = found.assign(conflict=by_outlet(found["conflict"], self.outlets))
        return found.assign(name=found["doc_id"].map(self.outlets))[["name", *found.columns]]

    def write(self, out: Path, *, parameters: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Write all tables to a folder (see `tables.write`); return the manifest (see `provenance.manifest`).

        The text of every article that was no file of text lies beside them in the folder `texts`.

        Args:
            out: Folder to write.
            parameters: Values that the notebooks were given, for the manifest.

        Raises:
            CorpusError: what belongs to the corpus changed after it was read.
        """
        manifest = {
            **provenance.manifest(self.settings, self.articles, read=self.companions),
            "parameters": dict(parameters or {}),
            "parts": {
                "n": len(list(parts.cut(parts.in_time(self.articles)))),
                "most_articles": parts.SIZE,
                "limit": parts.LIMIT,
            },
            "corrections": self.corrections["status"].value_counts().sort_index().to_dict(),
        }
        paths = zip(self.articles["doc_id"], self.articles["path"], strict=True)
        texts = {doc_id: self.raw[doc_id] for doc_id, path in paths if not corpus.stands_alone(path)}
        tables.write(self.tables, out, manifest=manifest, texts=texts)
        return manifest


def _together(name: str, tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One table of several parts', without the facts that a part found and that an article of it does not have.

    Those rows would outnumber all others, as many as the articles of a part times the facts found in it.
    """
    found = pd.concat(tables)
    if name != "facts" or len(tables) == 1:
        return found
    return found[(found["road"] == "codebook") | (found["status"] != "not_found")]


def outlets(articles: pd.DataFrame) -> dict[str, str]:
    """doc_id to the name that tables and figures show, in the fixed order: the outlet, else the doc_id.

    An outlet with several articles has the doc_id behind its name.

    Args:
        articles: Table `articles`.
    """
    named = articles["outlet"].fillna(articles["doc_id"])
    names = named.where(~named.duplicated(keep=False), named + " (" + articles["doc_id"] + ")")
    return dict(zip(articles["doc_id"], names, strict=True))


def by_outlet(conflicts: pd.Series, names: Mapping[str, str]) -> pd.Series:
    """Conflicts of facts and clashes of dates, the other article by its name (see `outlets`), not by its doc_id."""
    other = re.compile(rf"(?<= in )(?:{'|'.join(map(re.escape, names))})(?=$| \()")
    return conflicts.map(lambda told: other.sub(lambda found: names[found[0]], told), na_action="ignore")


def _lacking(language: str, nlp: Language) -> str:
    """What is not found in articles of a language for want of a pipeline or word lists; nothing where it has both."""
    if nlp.has_pipe("ner"):
        return (
            "" if has_rules(language) else f"read, but there are no word lists for {language}: no quotations are found"
        )
    if not has_rules(language):
        return (
            f"read, but there is neither a pipeline nor a word list for {language}: no names, no quotations are found"
        )
    return (
        f"read, but no pipeline for {language} is named: names and speakers are found by rule, some are missed; without"
        " syntax no capital is told from its government, and facts and events are compared by words alone"
    )
