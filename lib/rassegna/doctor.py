"""Check an installation: what is there, what fails, and how to mend it."""

import platform
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, entry_points, requires, version
from pathlib import Path
from tempfile import TemporaryFile

import psutil
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from matplotlib import font_manager
from packaging.requirements import Requirement

from rassegna.annotation import fingerprint, is_whole, load_pipeline
from rassegna.errors import PipelineError
from rassegna.rendering import FONT

BROWSERS = ("chromium", "google-chrome", "chromium-browser")
LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"
_PIN = re.compile(r"^([\w.-]+==[^\s\\]+(?: ; [^\\\n]+)?)", re.MULTILINE)
_OLDEST = (3, 11)
_SETUP = "make setup"
_DISK = (200, 2_000)  # MB: less fails, less is a warning
_MEMORY = (500, 2_000)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        check: What it is.
        status: ok, warn (some part of the work is lost) or fail.
        told: What was found.
        mend: What to do about it; empty when ok.
    """

    check: str
    status: str
    told: str
    mend: str = ""

    def __str__(self) -> str:
        """The finding as a line, and a second one that says how to mend it."""
        line = f"{self.status:4}  {self.check}: {self.told}"
        return f"{line}\n      mend: {self.mend}" if self.mend else line


def findings(build_dir: Path, *, pipeline: str) -> list[Finding]:
    """Look at everything that the commands, the notebooks and the tests need.

    Args:
        build_dir: Folder of generated work; nothing is left in it.
        pipeline: spaCy pipeline, a package's name or a path.
    """
    checks: list[Callable[[], Iterator[Finding]]] = [
        _python,
        _packages,
        lambda: _pipeline(pipeline),
        _factories,
        _font,
        _kernel,
        _browser,
        lambda: _disk(build_dir),
        lambda: _cache(build_dir / "cache"),
        _memory,
    ]
    return [finding for check in checks for finding in check()]


def _python() -> Iterator[Finding]:
    is_old = sys.version_info < _OLDEST
    oldest = ".".join(map(str, _OLDEST))
    mend = f"install Python {oldest} or newer, then `make setup PYTHON=python{oldest}`" if is_old else ""
    yield Finding("python", "fail" if is_old else "ok", platform.python_version(), mend)


def _packages() -> Iterator[Finding]:
    """Every package against the lock; without the lock, against what the project itself asks for."""
    if LOCK.is_file():
        wanted, source = _PIN.findall(LOCK.read_text(encoding="utf-8")), LOCK.name
    else:
        wanted, source = requires("rassegna") or [], "what rassegna asks for"
    needed = [Requirement(line) for line in wanted]
    needed = [one for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
    wrong = [f"{one.name} {found or 'missing'} (wanted{one.specifier})" for one in needed
             if not one.specifier.contains(found := _installed(one.name), prereleases=True)]  # fmt: skip
    told = f"{len(needed) - len(wrong)} of {len(needed)} as in {source}" + "".join(f"; {one}" for one in wrong)
    yield Finding("packages", "fail" if wrong else "ok", told, _SETUP if wrong else "")


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _pipeline(name: str) -> Iterator[Finding]:
    started = time.monotonic()
    try:
        mark = fingerprint(load_pipeline(name))
    except PipelineError as error:
        yield Finding("pipeline", "fail", str(error), f"{_SETUP}, or name another with --pipeline")
    else:
        yield Finding("pipeline", "ok", f"{name}, fingerprint {mark[:12]}, {time.monotonic() - started:.1f} s")


def _factories() -> Iterator[Finding]:
    """The parts that the project adds to spaCy, by their entry points."""
    own = [one for one in entry_points(group="spacy_factories") if one.value.startswith("rassegna.")]
    broken = []
    for one in own:
        try:
            one.load()
        except (ImportError, AttributeError) as error:
            broken.append(f"{one.name} ({error})")
    is_sound = bool(own) and not broken
    told = ", ".join(broken) if broken else ", ".join(sorted(one.name for one in own)) or "none is registered"
    yield Finding("entry points", "ok" if is_sound else "fail", told, "" if is_sound else _SETUP)


def _font() -> Iterator[Finding]:
    try:
        font_manager.findfont(FONT, fallback_to_default=False)
    except ValueError:
        mend = "it comes with matplotlib: `python -m pip install --force-reinstall --no-deps matplotlib`"
        yield Finding("font", "warn", f"{FONT} is missing, the figures are drawn in another", mend)
    else:
        yield Finding("font", "ok", FONT)


def _kernel() -> Iterator[Finding]:
    try:
        program = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        program = ""
    if program and shutil.which(program):
        yield Finding("kernel", "ok", "python3")
    else:
        told = f"python3 starts {program}, which is not there" if program else "no python3 for the notebooks"
        yield Finding("kernel", "fail", told, "`python -m ipykernel install --sys-prefix`")


def _browser() -> Iterator[Finding]:
    if path := next(filter(None, map(shutil.which, BROWSERS)), None):
        yield Finding("browser", "ok", Path(path).name)
    else:
        told = "none; the tests of the site in a browser are skipped, nothing else needs one"
        yield Finding("browser", "warn", told, "install chromium, on Debian `apt-get install chromium`")


def _disk(folder: Path) -> Iterator[Finding]:
    there = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    try:
        with TemporaryFile(dir=there) as file:
            file.write(b"x")
            file.flush()
    except OSError as error:
        mend = "give another folder, or the right to write there"
        yield Finding("build folder", "fail", f"{folder}: {error.strerror}", mend)
        return
    yield _amount("build folder", f"{folder}, {{}} MB free", shutil.disk_usage(there).free, _DISK, "free some space")


def _cache(folder: Path) -> Iterator[Finding]:
    entries = sorted(folder.glob("*.spacy"))
    corrupt = [path.name for path in entries if not is_whole(path.read_bytes())]
    left = sorted(path.name for path in folder.glob(".*.part"))
    told = f"{len(entries)} entries, {len(corrupt)} corrupt, {len(left)} unfinished"
    mend = "nothing must be done, they are made anew when they are needed; or delete the folder" if corrupt else ""
    mend = mend or ("delete its files .*.part while no run is at work" if left else "")
    yield Finding("cache", "warn" if mend else "ok", told, mend)


def _memory() -> Iterator[Finding]:
    yield _amount("memory", "{} MB available", psutil.virtual_memory().available, _MEMORY, "end other programs")


def _amount(check: str, told: str, size: int, limits: tuple[int, int], mend: str) -> Finding:
    megabytes = size // 1_000_000
    status = "fail" if megabytes < limits[0] else "warn" if megabytes < limits[1] else "ok"
    return Finding(check, status, told.format(megabytes), "" if status == "ok" else mend)
