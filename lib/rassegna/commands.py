"""The commands, with their options, and how each ends."""

import json
import logging
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any

import click

from rassegna import __version__, briefing, corpus, doctor, interchange, log, parts, provenance, runs, site, storage
from rassegna.corpus import MAX_MEGABYTES
from rassegna.corpus_tables import Extraction
from rassegna.engine import Cluster, Engine, Plain
from rassegna.errors import BusyError, EngineError, ParameterError, RassegnaError
from rassegna.extraction import extract as extract_corpus
from rassegna.interchange.annotations import read_cas
from rassegna.partitions import worked
from rassegna.settings import DEFAULT_PIPELINE, Settings

_FOLDER = click.Path(path_type=Path)
_quiet = click.option("--quiet", is_flag=True, help="No progress bars.")
_notebooks_dir = click.option(
    "--notebooks-dir", type=_FOLDER, default=Path("notebooks"), help="Folder of the notebooks."
)


_SETTINGS = (
    click.option("--language", default="", help="Language of the articles (ISO 639-1); empty: the corpus's, else it."),
    click.option("--reference-date", default="", help="Day the corpus is about (ISO 8601); empty: the corpus's own."),
    click.option("--max-megabytes", default=float(MAX_MEGABYTES), help="Refuse a larger article (1,000,000 bytes)."),
    click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="FIELD=NAME",
        callback=lambda _context, _option, given: _columns(given),
        help="What a column of an export says, where its name does not tell, such as text=body; may be given again.",
    ),
    click.option(
        "--pipeline",
        multiple=True,
        default=[DEFAULT_PIPELINE],
        callback=lambda _context, _option, names: ",".join(names),
        help="spaCy pipeline, its name or path, such as en=en_core_web_sm; may be given again, one a language.",
    ),
    click.option("--cache", type=_FOLDER, help="Folder that keeps annotated texts; by default none is kept."),
    _quiet,
)


def _columns(given: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in given:
        name, sign, column = pair.partition("=")
        if not (name and sign and column):
            raise ParameterError(f"--column {pair}: allowed is FIELD=NAME, such as text=body")
        found.setdefault(name, []).append(column)
    return found


def _settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say how a corpus is read."""
    for option in reversed(_SETTINGS):
        command = option(command)
    return command


_ENGINE = (
    click.option("--engine", type=click.Choice(["plain", "dask"]), default="plain", help="One process, or Dask."),
    click.option("--scheduler", default="", metavar="ADDRESS", help="Of a Dask scheduler; else workers start here."
                 " They must see the corpus and the cache under the same paths: a shared folder."),
    click.option("--workers", type=click.IntRange(1), default=2, help="Processes at a time: of Dask, of notebooks."),
)  # fmt: skip


def _engine(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say what the corpus is worked on."""
    for option in reversed(_ENGINE):
        command = option(command)
    return command


@contextmanager
def _started(engine: str, scheduler: str, workers: int, corpus: Path, cache: Path | None) -> Iterator[Engine]:
    """The engine that a command names; workers are told where they can be watched."""
    if engine == "plain":
        if scheduler:
            raise EngineError("--scheduler: needs --engine dask")
        yield Plain()
        return
    if scheduler and not cache:
        raise EngineError("--scheduler: needs --cache, a folder that all its workers see")
    if cache:
        cache.mkdir(parents=True, exist_ok=True)
    with Cluster(workers=workers, scheduler=scheduler, shared=(corpus, cache) if cache else ()) as cluster:
        click.echo(f"{cluster.n_workers} workers; watch them at {cluster.dashboard}", err=True)
        yield cluster


_LOG = (
    click.option("--log-level", type=click.Choice(log.LEVELS), default="warning", help="Least weight that is logged."),
    click.option("--log-format", type=click.Choice(log.FORMATS), default="text", help="Lines, or JSON objects a line."),
    click.option("--log-file", type=_FOLDER, help="File that the log is added to; without one it is standard error."),
    click.option("--wait", is_flag=True, help="Wait for another run that writes there, rather than stop."),
)


def _logged(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that takes long the options of the log, and `wait`."""

    @wraps(command)
    def logged(*, log_level: str, log_format: str, log_file: Path | None, **own: Any) -> None:
        log.start(level=log_level, form=log_format, file=log_file)
        log.event("start", f"rassegna {__version__}: {' '.join(sys.argv[1:])}", version=__version__, pid=os.getpid())
        command(**own)

    for option in reversed(_LOG):
        logged = option(logged)
    return logged


@click.group(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.version_option(__version__, package_name="rassegna")
def commands() -> None:
    """Compare how several outlets cover one event: from a folder of pasted articles to tables, notebooks and a site.

    Exit status: 0 done; 1 an error, or a finding of `verify` or `doctor`, and the message says how to mend it; 2 a
    wrong command; 3 another run is writing there; 70 a defect of the workbook, with a traceback to report; 130 stopped
    by Ctrl-C; 143 stopped by a signal to end. Whatever the status, what an earlier run wrote is whole.
    """


@commands.command()
@click.argument("corpus", type=_FOLDER)
@click.option("--out", type=_FOLDER, default=Path("build/tables"), help="Folder for the tables.")
@_engine
@_settings
@_logged
def extract(
    corpus: Path,
    out: Path,
    engine: str,
    scheduler: str,
    workers: int,
    cache: Path | None,
    quiet: bool,
    wait: bool,
    **settings: Any,
) -> None:
    """Write every table of CORPUS (a folder of articles, or one file) as Parquet and CSV.

    Read are text (.txt), web pages (.html .htm .xhtml), exports with an article a row (.jsonl .ndjson .csv .parquet
    .xlsx), web archives (.warc .warc.gz) and .zip of any of these. A manifest and a Frictionless data package stand
    beside the tables, and in texts/ the text that offsets point into, of every article that was no .txt file.

    More than 500 articles are worked in parts of so many at most, in the order of publication: names are made one, and
    facts without a codebook found, within a part.
    """
    chosen = Settings.from_parameters(corpus, **settings)
    with storage.held(out, wait=wait), _started(engine, scheduler, workers, corpus, cache) as started:
        _write_tables(_worked(chosen, cache=cache, engine=started, quiet=quiet), out)


@commands.command()
@click.argument("corpus", type=_FOLDER)
@click.option(
    "--format",
    "formats",
    type=click.Choice(list(interchange.FORMATS)),
    multiple=True,
    required=True,
    help="What to write; may be given again.",
)
@click.option("--out", type=_FOLDER, default=Path("build/exports"), help="Folder for the files.")
@_settings
@_logged
def export(
    corpus: Path, formats: tuple[str, ...], out: Path, cache: Path | None, quiet: bool, wait: bool, **settings: Any
) -> None:
    """Write CORPUS in the formats of other tools; print the files.

    webannotation: every span as W3C Web Annotation (JSON-LD), zipped, a page an article. conllu: words, sentences and
    names as CoNLL-U. cas: UIMA CAS XMI for INCEpTION, zipped, an article a file. xlsx: a spreadsheet, a sheet a table.
    """
    chosen = Settings.from_parameters(corpus, **settings)
    with storage.held(out, wait=wait):
        extraction = extract_corpus(chosen, cache_dir=cache, progress=not quiet, whole=True)
        for path in interchange.export(extraction, out, formats=formats):
            click.echo(path)


@commands.command("import")
@click.argument("files", type=_FOLDER, nargs=-1, required=True)
@click.option("--corpus", "corpus_dir", type=_FOLDER, default=Path("seeds"), help="The corpus that was annotated.")
@click.option("--out", type=_FOLDER, default=Path("build/annotations"), help="Folder for the annotations.")
@click.option("--max-megabytes", default=float(MAX_MEGABYTES), help="Refuse a larger article (1,000,000 bytes).")
def import_annotations(files: tuple[Path, ...], corpus_dir: Path, out: Path, max_megabytes: float) -> None:
    """Read the annotations in FILES, which INCEpTION exported as UIMA CAS XMI (.xmi or .zip); one JSON file an article.

    The texts must be those of the corpus. The JSON is of the form of seeds/annotations/, its offsets code points into
    the raw text.
    """
    columns = Settings.from_parameters(corpus_dir, max_megabytes=max_megabytes).columns
    articles = corpus.read(corpus_dir, max_megabytes=max_megabytes, columns=columns).articles
    found = read_cas(files, dict(zip(articles["doc_id"], articles["raw"], strict=True)))
    out.mkdir(parents=True, exist_ok=True)
    for doc_id, annotation in found.items():
        text = json.dumps(annotation, ensure_ascii=False, indent=1) + "\n"
        (out / f"{doc_id}.json").write_text(text, encoding="utf-8")
        click.echo(out / f"{doc_id}.json")


@commands.command()
@click.argument("build", type=_FOLDER, default=Path("build"))
@click.option("--corpus", "corpus_dir", type=_FOLDER, help="Check this corpus too: is it the one BUILD was made from?")
def verify(build: Path, corpus_dir: Path | None) -> None:
    """Compute the hashes of BUILD (a build folder, or its tables) anew and say what differs from what its run recorded.

    Exit status: 0 all is as recorded, 1 something is changed, missing or not recorded. Other versions of libraries or
    data than those of the run are told, and are no failure.
    """
    report = provenance.verify(build, corpus_dir=corpus_dir)
    for note in report.notes:
        click.echo(f"note: {note}")
    for difference in report.differences:
        click.echo(difference)
    n = len(report.differences)
    click.echo(f"{len(report.checked)} files checked: " + (f"{n} differences" if n else "all as recorded"))
    if n:
        sys.exit(1)


@commands.command()
@click.argument("corpus", type=_FOLDER, default=Path("seeds"))
@click.option("--build-dir", type=_FOLDER, default=Path("build"), help="Folder for everything that is generated.")
@_notebooks_dir
@click.option("--notebook", multiple=True, help="Only this notebook, such as 01; may be given again.")
@click.option("-p", "--parameter", nargs=2, multiple=True, metavar="NAME VALUE", help="A parameter of the notebooks.")
@click.option("--parameters", type=_FOLDER, help="YAML file of parameters.")
@_engine
@click.option(
    "--site-language", type=click.Choice(site.LANGUAGES), default="en", help="Language of the site's own words."
)
@_quiet
@_logged
def run(
    corpus: Path,
    build_dir: Path,
    notebooks_dir: Path,
    notebook: tuple[str, ...],
    parameter: tuple[tuple[str, str], ...],
    parameters: Path | None,
    engine: str,
    scheduler: str,
    workers: int,
    site_language: str,
    quiet: bool,
    wait: bool,
) -> None:
    """Run the workbook on CORPUS: its tables, every notebook, and the site; print where the site is.

    Of more than 500 articles the notebooks, exports and site show a sample of so many; the tables hold all.
    """
    paths = runs.find(notebooks_dir, notebook)
    given: dict[str, Any] = {**(runs.read_parameters(parameters) if parameters else {}), **dict(parameter)}
    if taken := sorted({"corpus_dir", "build_dir"} & set(given)):
        raise ParameterError(f"parameter {taken[0]}: give the corpus as the argument, the build folder as --build-dir")
    typed = {name: value for own in runs.check(given, paths).values() for name, value in own.items()}
    own = ("language", "reference_date", "max_megabytes", "pipeline")
    shared = {name: typed[name] for name in own if name in typed}
    settings = Settings.from_parameters(corpus, **shared)
    cache = build_dir / "cache"
    with storage.held(build_dir / "tables", wait=wait):
        with _started(engine, scheduler, workers, corpus, cache) as started:
            extraction = _worked(settings, cache=cache, engine=started, quiet=quiet)
            manifest = _write_tables(extraction, build_dir / "tables", parameters=typed)
            if len(extraction.articles) > parts.SIZE:  # what notebooks show is a sample; make its tables once
                drawn = extract_corpus(settings, cache_dir=cache, progress=not quiet)
                extraction = worked(drawn, engine=started).extraction
        interchange.export(extraction, build_dir / "exports", formats=site.EXPORTS)
        copies = runs.execute(
            paths,
            build_dir / "runs",
            parameters=given,
            corpus_dir=corpus,
            build_dir=build_dir,
            workers=workers,
            progress=not quiet,
        )
        provenance.check_corpus(corpus, manifest)
        findings = briefing.findings(extraction)
        front = site.build(copies, build_dir, manifest=manifest, findings=findings, language=site_language)
        provenance.write_sums(build_dir)
    click.echo(f"The site: {front}")


@commands.command()
@_notebooks_dir
@_quiet
@_logged
def notebooks(notebooks_dir: Path, quiet: bool, wait: bool) -> None:
    """Execute the notebooks with their own parameters and store the outputs in them."""
    fresh = notebooks_dir / ".executed"
    with storage.held(fresh, wait=wait):
        try:
            for copy in runs.execute(runs.find(notebooks_dir), fresh, progress=not quiet):
                copy.replace(notebooks_dir / copy.name)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


@commands.command("doctor")
@click.option("--build-dir", type=_FOLDER, default=Path("build"), help="The build folder to look at.")
@click.option("--pipeline", default=DEFAULT_PIPELINE, help="spaCy pipeline: a package's name or a path.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array, for machines.")
def examine(build_dir: Path, pipeline: str, as_json: bool) -> None:
    """Check the installation, and say how to mend what fails.

    Checked are Python, the locked packages, the pipeline, what the figures, the notebooks and the tests need, and the
    build folder with its cache. Exit status: 0 nothing fails (there may be warnings), 1 something does.
    """
    findings = doctor.findings(build_dir, pipeline=pipeline)
    click.echo(json.dumps([asdict(one) for one in findings], indent=1) if as_json else "\n".join(map(str, findings)))
    if any(one.status == "fail" for one in findings):
        sys.exit(1)


def _worked(settings: Settings, *, cache: Path | None, engine: Engine, quiet: bool) -> Extraction:
    """Every table of a corpus; what was reused is told."""
    work = worked(
        extract_corpus(settings, cache_dir=cache, progress=not quiet, whole=True, engine=engine), engine=engine
    )
    if cache:
        click.echo(str(work), err=True)
        log.event("reused", str(work), parts=work.n_parts, parts_reused=work.n_reused, articles=work.n_articles,
                  articles_reused=work.n_before)  # fmt: skip
    return work.extraction


def _write_tables(extraction: Extraction, out: Path, *, parameters: Mapping[str, Any] | None = None) -> dict[str, Any]:
    manifest = extraction.write(out, parameters=parameters)
    for path, reason in extraction.tables["refused"].itertuples(index=False):
        log.event("refused", f"refused: {path}: {reason}", level=logging.WARNING, path=path, reason=reason)
    corrected = extraction.corrections
    for line in corrected[corrected["status"].isin(["stale", "invalid"])].itertuples():
        told = f"{line.status}: corrections.csv, line {line.line}: {line.reason}"
        log.event("correction", told, level=logging.WARNING, line=line.line, status=line.status, reason=line.reason)
    click.echo(f"{len(extraction.articles)} articles read, {len(extraction.refused)} refused; tables: {out}", err=True)
    return manifest


def main() -> None:
    """Run the command line; an error that the user can mend is one message and exit status 1."""
    log.start()
    former = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    status: int | str | None = 0
    try:
        commands(prog_name="python -m rassegna", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("stopped; what an earlier run wrote is whole", err=True)
        status = 130
    except SystemExit as stop:
        status = stop.code
    except Exception as error:  # noqa: BLE001 - told as a message, or as a defect with its traceback
        status = _told(error)
    finally:
        signal.signal(signal.SIGTERM, former)
    log.event("end", f"ended with status {status}", status=status)
    log.end()
    sys.exit(status)


def _told(error: Exception) -> int:
    """Log an error that ends the command; return its exit status."""
    if isinstance(error, RassegnaError):
        told = str(error)
    elif isinstance(error, OSError) and error.errno:
        where = f"{error.filename}: " if error.filename else ""
        told = f"{where}{error.strerror or error}; mend that and run again, what an earlier run wrote is whole"
    else:
        logging.getLogger("rassegna").exception("a defect of the workbook; please report it", exc_info=error)
        return 70
    log.event("error", told, level=logging.ERROR, kind=type(error).__name__)
    return 3 if isinstance(error, BusyError) else 1
