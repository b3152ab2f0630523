"""Run the notebooks headless with papermill, in parallel, with parameters that were checked first."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import nbformat
import papermill
import psutil
import yaml
from jupyter_core.utils import ensure_event_loop
from papermill.exceptions import PapermillExecutionError
from tqdm import tqdm

from rassegna import log
from rassegna.errors import NotebookError, ParameterError

TYPES = ("str", "int", "float", "bool", "list[str]")
_BOOLS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
# A kernel on this machine alone needs no encryption, and says so at every start unless told to be quiet.
_KERNEL_ARGUMENTS = ["--IPKernelApp.log_level=50"]


def find(notebooks_dir: Path, names: Sequence[str] = ()) -> list[Path]:
    """Notebooks of a folder, sorted; with names (`01-corpus`, or `01`) only those.

    Raises:
        ParameterError: no notebook there, or none of that name.
    """
    paths = sorted(notebooks_dir.glob("[0-9][0-9]-*.ipynb"))
    if not paths:
        raise ParameterError(f"{notebooks_dir}: no notebook there; names are such as 01-corpus.ipynb")
    for name in names:
        if not any(path.stem.startswith(name) for path in paths):
            raise ParameterError(f"notebook {name!r}: not there; there are {', '.join(path.stem for path in paths)}")
    return [path for path in paths if not names or any(path.stem.startswith(name) for name in names)]


def declared(notebook: Path) -> dict[str, str]:
    """Parameters that a notebook declares in its parameters cell: name to type, one of `TYPES`.

    Raises:
        ParameterError: it is no notebook of a known language.
    """
    try:
        found = papermill.inspect_notebook(str(notebook))
    except (AttributeError, KeyError, TypeError, ValueError, nbformat.ValidationError) as error:
        raise ParameterError(f"{notebook}: cannot be read as a notebook: {error}") from error
    return {name: parameter["inferred_type_name"] for name, parameter in found.items()}


def read_parameters(path: Path) -> dict[str, Any]:
    """Read a YAML file of parameters.

    Raises:
        ParameterError: no such file, or it is no mapping of names to values.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ParameterError(f"{path}: cannot be read as YAML: {error}") from error
    if not isinstance(values, dict):
        raise ParameterError(f"{path}: holds no parameters; write lines such as `language: it`")
    return {str(name): value for name, value in values.items()}


def check(given: Mapping[str, Any], notebooks: Sequence[Path]) -> dict[Path, dict[str, Any]]:
    """Give each notebook those of the parameters that it declares, in their declared types.

    A string is read as the declared type (`true`, `0.5`, `a,b`), as a command line gives it.

    Raises:
        ParameterError: no notebook declares a parameter, or its value is of another type.
    """
    types = {notebook: declared(notebook) for notebook in notebooks}
    allowed = {name: kind for own in types.values() for name, kind in own.items()}
    for name in given:
        if name not in allowed:
            known = ", ".join(f"{name} ({kind})" for name, kind in sorted(allowed.items()))
            raise ParameterError(f"unknown parameter {name!r}; allowed are {known}")
    return {
        notebook: {name: _typed(name, value, own[name]) for name, value in given.items() if name in own}
        for notebook, own in types.items()
    }


def _typed(name: str, value: Any, kind: str) -> Any:
    refusal = ParameterError(f"parameter {name}: {value!r} is no {kind}")
    match kind, value:
        case "str", str():
            return value
        case "bool", bool():
            return value
        case "bool", str() if value.lower() in _BOOLS:
            return _BOOLS[value.lower()]
        case "int" | "float", bool():
            raise refusal
        case "int", int() | str():
            return _number(int, value, refusal)
        case "float", int() | float() | str():
            return _number(float, value, refusal)
        case "list[str]", list() if all(isinstance(item, str) for item in value):
            return value
        case "list[str]", str():
            return [item.strip() for item in value.split(",") if item.strip()]
    raise refusal


def _number(kind: type[int] | type[float], value: Any, refusal: ParameterError) -> int | float:
    try:
        return kind(value)
    except ValueError:
        raise refusal from None


def execute(
    notebooks: Sequence[Path],
    out: Path,
    *,
    parameters: Mapping[str, Any] | None = None,
    corpus_dir: Path | None = None,
    build_dir: Path | None = None,
    workers: int = 2,
    progress: bool = False,
) -> list[Path]:
    """Execute notebooks in parallel, each in its own kernel, and keep the executed copies.

    A notebook that fails does not stop the others; its copy is kept up to the failed cell.

    Args:
        notebooks: What to execute; each runs in its own folder.
        out: Folder for the copies.
        parameters: Values for the notebooks that declare them; a notebook's own defaults else.
        corpus_dir: Corpus to work on, in place of the notebooks' own.
        build_dir: Folder of generated work, in place of the notebooks' own.
        workers: Kernels at a time.
        progress: Show a progress bar on standard error.

    Returns:
        The executed copies, in the order of `notebooks`.

    Raises:
        ParameterError: a parameter is unknown or ill-typed.
        NotebookError: a notebook failed; the message names each, its cell and its copy.
    """
    out.mkdir(parents=True, exist_ok=True)
    values = check(parameters or {}, notebooks)
    for notebook, own in values.items():
        known = declared(notebook)
        for name, folder in (("corpus_dir", corpus_dir), ("build_dir", build_dir)):
            if folder is not None and name in known:
                # Relative, so that no executed copy names a folder of this machine.
                own[name] = Path(os.path.relpath(folder, notebook.parent)).as_posix()
    pool = ThreadPoolExecutor(max_workers=workers)
    jobs = {pool.submit(_execute, notebook, out / notebook.name, values[notebook]): notebook for notebook in notebooks}
    bar = tqdm(as_completed(jobs), total=len(jobs), desc="Notebooks", unit="notebook", disable=not progress)
    try:
        failures = [_failure(job, jobs[job], out) for job in bar]
    except BaseException:  # told to end: nobody waits for what the kernels are at
        for child in psutil.Process().children(recursive=True):
            child.kill()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    if told := sorted(filter(None, failures)):
        raise NotebookError("\n".join(told))
    return [out / notebook.name for notebook in notebooks]


def _execute(notebook: Path, copy: Path, parameters: dict[str, Any]) -> None:
    fresh = copy.with_name(f".{copy.name}")  # an earlier copy stays until this one ends
    try:
        with log.stage(notebook.stem):
            papermill.execute_notebook(
                str(notebook),
                str(fresh),
                parameters=parameters,
                # The kernel's folder goes through nbclient: papermill's own `cwd` changes it for the whole process.
                resources={"metadata": {"path": str(notebook.parent)}},
                progress_bar=False,
                extra_arguments=_KERNEL_ARGUMENTS,
            )
    finally:
        if fresh.exists():
            fresh.replace(copy)
        ensure_event_loop().close()  # Jupyter opens one in each thread, and leaves it


def _failure(job: Future[None], notebook: Path, out: Path) -> str | None:
    error = job.exception()
    if error is None:
        return None
    if isinstance(error, PapermillExecutionError):
        where = f"cell [{error.exec_count}] failed: {error.ename}: {error.evalue}"
        return f"{notebook.stem}: {where}\n  kept up to there: {out / notebook.name}"
    return f"{notebook.stem}: {type(error).__name__}: {error}"
