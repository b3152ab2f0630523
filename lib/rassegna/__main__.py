"""The command line: `python -m rassegna`."""

import shutil
import sys
from pathlib import Path
from typing import Any

import click

from rassegna import __version__, runs, site
from rassegna.corpus import MAX_MEGABYTES
from rassegna.errors import ParameterError, RassegnaError
from rassegna.extraction import extract as extract_corpus
from rassegna.settings import DEFAULT_PIPELINE, Settings

_FOLDER = click.Path(path_type=Path)
_quiet = click.option("--quiet", is_flag=True, help="No progress bars.")
_notebooks_dir = click.option(
    "--notebooks-dir", type=_FOLDER, default=Path("notebooks"), help="Folder of the notebooks."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.version_option(__version__, package_name="rassegna")
def commands() -> None:
    """Compare how several outlets cover one event: from a folder of pasted articles to tables, notebooks and a site.

    Exit status: 0 done, 1 an error that the message says how to mend, 2 a wrong command, 130 stopped by Ctrl-C.
    """


@commands.command()
@click.argument("corpus", type=_FOLDER)
@click.option("--out", type=_FOLDER, default=Path("build/tables"), help="Folder for the tables.")
@click.option("--language", default="", help="Language of the articles (ISO 639-1); empty: the corpus's own, else it.")
@click.option("--reference-date", default="", help="Day the corpus is about (ISO 8601); empty: the corpus's own.")
@click.option("--max-megabytes", default=float(MAX_MEGABYTES), help="Refuse a file larger than this (1,000,000 bytes).")
@click.option("--pipeline", default=DEFAULT_PIPELINE, help="spaCy pipeline: a package's name or a path.")
@click.option("--cache", type=_FOLDER, help="Folder that keeps annotated texts; by default none is kept.")
@_quiet
def extract(
    corpus: Path,
    out: Path,
    language: str,
    reference_date: str,
    max_megabytes: float,
    pipeline: str,
    cache: Path | None,
    quiet: bool,
) -> None:
    """Write every table of CORPUS (a folder of .txt articles, or one) as Parquet and CSV.

    A manifest and a Frictionless data package stand beside them.
    """
    settings = Settings.from_parameters(
        corpus, language=language, reference_date=reference_date, max_megabytes=max_megabytes, pipeline=pipeline
    )
    _write_tables(settings, out, cache=cache, quiet=quiet)


@commands.command()
@click.argument("corpus", type=_FOLDER, default=Path("seeds"))
@click.option("--build-dir", type=_FOLDER, default=Path("build"), help="Folder for everything that is generated.")
@_notebooks_dir
@click.option("--notebook", multiple=True, help="Only this notebook, such as 01; may be given again.")
@click.option("-p", "--parameter", nargs=2, multiple=True, metavar="NAME VALUE", help="A parameter of the notebooks.")
@click.option("--parameters", type=_FOLDER, help="YAML file of parameters.")
@click.option("--workers", type=click.IntRange(1), default=2, help="Notebooks at a time.")
@_quiet
def run(
    corpus: Path,
    build_dir: Path,
    notebooks_dir: Path,
    notebook: tuple[str, ...],
    parameter: tuple[tuple[str, str], ...],
    parameters: Path | None,
    workers: int,
    quiet: bool,
) -> None:
    """Run the workbook on CORPUS: its tables, every notebook, and the site; print where the site is."""
    paths = runs.find(notebooks_dir, notebook)
    given: dict[str, Any] = {**(runs.read_parameters(parameters) if parameters else {}), **dict(parameter)}
    if taken := sorted({"corpus_dir", "build_dir"} & set(given)):
        raise ParameterError(f"parameter {taken[0]}: give the corpus as the argument, the build folder as --build-dir")
    typed = {name: value for own in runs.check(given, paths).values() for name, value in own.items()}
    own = ("language", "reference_date", "max_megabytes", "pipeline")
    shared = {name: typed[name] for name in own if name in typed}
    settings = Settings.from_parameters(corpus, **shared)
    manifest = _write_tables(settings, build_dir / "tables", cache=build_dir / "cache", quiet=quiet)
    copies = runs.execute(
        paths,
        build_dir / "runs",
        parameters=given,
        corpus_dir=corpus,
        build_dir=build_dir,
        workers=workers,
        progress=not quiet,
    )
    front = site.build(copies, build_dir, manifest=manifest)
    click.echo(f"The site: {front}")


@commands.command()
@_notebooks_dir
@_quiet
def notebooks(notebooks_dir: Path, quiet: bool) -> None:
    """Execute the notebooks with their own parameters and store the outputs in them."""
    fresh = notebooks_dir / ".executed"
    try:
        for copy in runs.execute(runs.find(notebooks_dir), fresh, progress=not quiet):
            copy.replace(notebooks_dir / copy.name)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write_tables(settings: Settings, out: Path, *, cache: Path | None, quiet: bool) -> dict[str, Any]:
    extraction = extract_corpus(settings, cache_dir=cache, progress=not quiet)
    manifest = extraction.write(out)
    for refusal in extraction.tables["refused"].itertuples():
        click.echo(f"refused: {refusal.path}: {refusal.reason}", err=True)
    corrected = extraction.corrections
    for line in corrected[corrected["status"].isin(["stale", "invalid"])].itertuples():
        click.echo(f"{line.status}: corrections.csv, line {line.line}: {line.reason}", err=True)
    click.echo(f"{len(extraction.articles)} articles read, {len(extraction.refused)} refused; tables: {out}", err=True)
    return manifest


def main() -> None:
    """Run the command line; an error that the user can mend is one message and exit status 1."""
    try:
        commands(prog_name="python -m rassegna", standalone_mode=False)
    except RassegnaError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("stopped; what an earlier run wrote is whole", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
