"""Where a result comes from: what the run manifest records, and the check that a build is still what was recorded."""

import datetime
import hashlib
import importlib.util
import json
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from rassegna import __version__, cleaning, corpus, languages, storage, tables
from rassegna.errors import CorpusError, ProvenanceError
from rassegna.rendering import visible
from rassegna.settings import DEFAULT_LANGUAGE, DEFAULT_PIPELINE, Settings, pipeline_names

SUMS = "SHA256SUMS"
PUBLISHED = ("exports", "figures", "runs", "site", "tables")  # the folders of a build that `SHA256SUMS` names
_LIBRARIES = (
    "babel",
    "charset-normalizer",
    "datasketch",
    "ftfy",
    "numpy",
    "pandas",
    "pyarrow",
    "regex",
    "scipy",
    "spacy",
)
FOOT = (
    (
        "Made with Rassegna {version} from corpus {corpus} ({n_articles} articles), pipeline {pipeline},"
        " language data {languages}, line classifier {cleaning}."
    ),
    "Parameters: {parameters}. Corrections: {corrections}.",
    "Libraries: {libraries}.",
)
_SHOWN = 12  # digits of a hash that people are shown


def manifest(settings: Settings, articles: pd.DataFrame, *, read: Mapping[str, str]) -> dict[str, Any]:
    """What a run says of itself.

    Args:
        settings: What it works on.
        articles: Table `articles` (path, sha256).
        read: What `companions` gave when the articles were read.

    Raises:
        CorpusError: the companions are others now, so that no hash tells what the run has seen of them.

    Returns:
        corpus_sha256 (over the articles' paths and hashes), n_articles, articles and companions (file to SHA-256, the
        latter what the researcher says of the corpus: manifest, aliases, settings, and the files that hold several
        articles), settings, versions (of the
        library, Python, the pipeline and the libraries), data (SHA-256 of the language data, the line classifier and
        the pipeline's package) and written_at (UTC), the only time.
    """
    now = companions(settings.corpus_dir, articles["path"])
    if changed := sorted({name for name, _ in now.items() ^ read.items()}):
        raise CorpusError(f"{', '.join(changed)}: changed while the corpus was worked on; run again")
    files = dict(zip(articles["path"], articles["sha256"], strict=True))
    return {
        "corpus_sha256": _corpus_sha256(files),
        "n_articles": len(articles),
        "articles": dict(sorted(files.items())),
        "companions": dict(read),
        "settings": settings.as_dict(),
        **made_with(settings.pipeline),
        "written_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }


def made_with(pipeline: str) -> dict[str, Any]:
    """The versions and the hashes of the data that a run uses (see `manifest`)."""
    return {"versions": _versions(pipeline), "data": _data(pipeline)}


def foot(manifest: Mapping[str, Any], lines: Sequence[str] = FOOT) -> list[str]:
    """What every page of the site says of its making, as lines of plain text.

    Args:
        manifest: The run manifest.
        lines: What to say; the names in braces are those of `FOOT`.
    """
    versions, data, settings = manifest["versions"], manifest["data"], manifest["settings"]
    chosen = {**settings, **manifest.get("parameters", {})}
    told = {
        "version": versions["rassegna"],
        "corpus": manifest["corpus_sha256"][:_SHOWN],
        "n_articles": str(manifest["n_articles"]),
        "pipeline": f"{versions['pipeline']} ({_shown(data['pipeline'])})",
        "languages": _shown(data["languages"]),
        "cleaning": _shown(data["cleaning"]),
        "parameters": "; ".join(f"{name} {value}" for name, value in chosen.items() if value not in (None, "", [], {})),
        "corrections": ", ".join(f"{n} {status}" for status, n in manifest.get("corrections", {}).items()) or "0",
        "libraries": ", ".join(f"{name} {versions[name]}" for name in versions if name not in ("rassegna", "pipeline")),
    }
    return [line.format(**told) for line in lines]


def _shown(digest: str | None) -> str:
    return digest[:_SHOWN] if digest else "not a package"


def write_sums(build_dir: Path) -> None:
    """Write `SHA256SUMS`: the hash of every published file of a build, in the format of `sha256sum --check`."""
    lines = [f"{_hash(build_dir / name)}  {name}\n" for name in _published(build_dir)]
    storage.write_whole(build_dir / SUMS, "".join(lines).encode())


@dataclass
class Report:
    """What `verify` found.

    Attributes:
        differences: What is not as it was recorded; none when the build is whole.
        notes: What differs around it (versions), or was not checked.
        checked: Files whose hash was computed.
    """

    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    checked: set[Path] = field(default_factory=set)

    def differs(self, what: Path, how: str) -> None:
        """Add a difference, once."""
        line = f"{visible(str(what))}: {how}"
        if line not in self.differences:
            self.differences.append(line)


def verify(build: Path, *, corpus_dir: Path | None = None) -> Report:
    """Compute the hashes of a build anew and compare them with what its run recorded.

    Checked are the tables against their manifest, the site's copies of them, every file named in `SHA256SUMS` (which
    `run` writes), and the corpus if it is given. Other versions of libraries and data than those recorded are notes:
    the files are what they were, a new run may differ.

    Args:
        build: Folder of a build, or its folder of tables.
        corpus_dir: The corpus that it was made from.

    Raises:
        ProvenanceError: no manifest there, or none that can be read.
    """
    places = (build / "tables" / tables.MANIFEST, build / tables.MANIFEST)
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise ProvenanceError(f"{build}: no {tables.MANIFEST} there, nor in its folder tables; give a build folder")
    recorded = _read_manifest(path)
    report = Report()
    _check_manifest(report, path, recorded)
    files = {**recorded["files"], tables.MANIFEST: _hash(path)}
    for folder in (path.parent, build / "site" / "tables"):
        if folder.is_dir():
            _check_files(report, folder, files, {name: _hash(folder / name) for name in tables.files_of(folder)})
    if (build / SUMS).is_file():
        _check_files(report, build, _sums(build), {name: _hash(build / name) for name in _published(build)})
    if corpus_dir is None:
        report.notes.append("the corpus was not checked: give its folder with --corpus")
    else:
        _check_corpus(report, corpus_dir, recorded)
    _compare_versions(report, recorded)
    return report


def check_corpus(corpus_dir: Path, manifest: Mapping[str, Any]) -> None:
    """Hold a corpus against the manifest of the run that is reading it.

    Raises:
        CorpusError: an article, or what belongs to the corpus, is no longer what the run read.
    """
    report = Report()
    _check_corpus(report, corpus_dir, manifest)
    if report.differences:
        shown = "; ".join(report.differences[:5])
        raise CorpusError(f"the corpus changed while it was worked on: {shown}; run again")


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        recorded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ProvenanceError(f"{path}: cannot be read: {error}") from error
    kinds = {"corpus_sha256": str, "sha256": str, **dict.fromkeys(("articles", "companions", "files"), dict)}
    kinds |= dict.fromkeys(("settings", "versions", "data"), dict)
    missing = [
        name
        for name, kind in kinds.items()
        if not isinstance(recorded, dict) or not isinstance(recorded.get(name), kind)
    ]
    if missing:
        raise ProvenanceError(f"{path}: has no {', '.join(missing)}; an earlier version wrote it, or no run did")
    for name in ("articles", "companions", "files"):
        if not all(isinstance(digest, str) for digest in recorded[name].values()):
            raise ProvenanceError(f"{path}: `{name}` holds what is no hash; no run wrote it")
    if not isinstance(recorded["settings"].get("max_megabytes", 1), (int, float)):
        raise ProvenanceError(f"{path}: `max_megabytes` is no number; no run wrote it")
    return dict(recorded)


def _check_manifest(report: Report, path: Path, recorded: Mapping[str, Any]) -> None:
    report.checked.add(path)
    if tables.manifest_sha256(recorded) != recorded["sha256"] or tables.as_json(recorded) != path.read_bytes():
        report.differs(path, "changed: it is not the manifest that the run wrote")


def _check_files(report: Report, folder: Path, recorded: Mapping[str, str], there: Mapping[str, str]) -> None:
    """Compare what is there in a folder with what was recorded: name to hash."""
    for name, digest in sorted(recorded.items()):
        if name not in there:
            report.differs(folder / name, "missing")
            continue
        report.checked.add(folder / name)
        if (found := there[name]) != digest:
            report.differs(
                folder / name, f"changed: its SHA-256 is {found[:_SHOWN]}..., recorded is {str(digest)[:_SHOWN]}..."
            )
    for name in sorted(set(there) - set(recorded)):
        report.differs(folder / name, "not recorded")


def _check_corpus(report: Report, corpus_dir: Path, recorded: Mapping[str, Any]) -> None:
    own = recorded["settings"]
    read = corpus.read(
        corpus_dir, max_megabytes=own.get("max_megabytes", corpus.MAX_MEGABYTES), columns=own.get("columns")
    )
    articles = dict(zip(read.articles["path"], read.articles["sha256"], strict=True))
    found = articles | companions(corpus_dir, articles)
    _check_files(report, corpus.folder_of(corpus_dir), {**recorded["articles"], **recorded["companions"]}, found)
    if _corpus_sha256(recorded["articles"]) != recorded["corpus_sha256"]:
        report.differences.append("corpus_sha256 in the manifest is not that of the articles it names")


def _compare_versions(report: Report, recorded: Mapping[str, Any]) -> None:
    pipeline = str(recorded["settings"].get("pipeline"))
    for what, then, now in (
        ("", recorded["versions"], _versions(pipeline)),
        ("data: ", recorded["data"], _data(pipeline)),
    ):
        report.notes.extend(
            f"{what}{visible(name)}: {visible(str(then[name]))} then, {now.get(name) or 'not there'} now"
            for name in then
            if then[name] != now.get(name)
        )


def _published(build_dir: Path) -> list[str]:
    """Every published file, without what a process that is writing, or was killed, has beside them."""
    paths = (path for name in PUBLISHED for path in (build_dir / name).rglob("*") if path.is_file())
    names = (path.relative_to(build_dir) for path in paths)
    return sorted(name.as_posix() for name in names if not any(part.startswith(".") for part in name.parts))


def _sums(build_dir: Path) -> dict[str, str]:
    lines = (build_dir / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _corpus_sha256(articles: Mapping[str, str]) -> str:
    return tables.sha256("".join(path + digest for path, digest in sorted(articles.items())).encode())


def companions(corpus_dir: Path, articles: Iterable[str]) -> dict[str, str]:
    """Files beside the articles that decide how they are read, and those that hold several: name to SHA-256."""
    folder = corpus.folder_of(corpus_dir)
    there = folder.iterdir() if folder.is_dir() else ()
    own = {path.name for path in there if path.name.lower() in corpus.COMPANIONS}
    shared = {path.partition("#")[0] for path in articles if "#" in path}
    names = {name for name in own if not name.lower().startswith("readme.")} | shared
    return {name: _hash(folder / name) for name in sorted(names) if (folder / name).is_file()}


def _versions(pipeline: str) -> dict[str, str]:
    metas = {name: _meta(name) for name in _used(pipeline)}
    told = ", ".join(f"{m['lang']}_{m['name']} {m['version']}" if m else name for name, m in metas.items())
    return {"rassegna": __version__, "python": platform.python_version(), "pipeline": told, **dict(_installed())}


def _used(pipeline: str) -> list[str]:
    """Names or paths of the pipelines that a run may use: those the parameter names, and the workbook's own."""
    found = {DEFAULT_LANGUAGE: DEFAULT_PIPELINE}
    found |= {code or str(_meta(name).get("lang", name)): name for code, name in pipeline_names(pipeline)}
    return list(found.values())


def _meta(pipeline: str) -> dict[str, Any]:
    folder = _package(pipeline)
    file = folder / "meta.json" if folder else None
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file and file.is_file() else {}


def _installed() -> Iterator[tuple[str, str]]:
    for name in _LIBRARIES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


def _data(pipeline: str) -> dict[str, str | None]:
    packages = [folder_sha256(package) for name in _used(pipeline) if (package := _package(name))]
    return {
        "languages": folder_sha256(languages.FOLDER),
        "cleaning": _hash(Path(cleaning.__file__).with_name("model.json")),
        "pipeline": tables.sha256("".join(packages).encode()) if len(packages) > 1 else next(iter(packages), None),
    }


def _package(pipeline: str) -> Path | None:
    """The folder of a pipeline: of a package that is installed, or the one of that path."""
    if pipeline.isidentifier() and (spec := importlib.util.find_spec(pipeline)) and spec.submodule_search_locations:
        return Path(spec.submodule_search_locations[0])
    return Path(pipeline) if Path(pipeline).is_dir() else None


def folder_sha256(folder: Path) -> str:
    """One hash of every file in a folder, by name and content; what Python compiled is left out."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    lines = (f"{_hash(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths)
    return tables.sha256("".join(lines).encode())


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
