"""Kill `extract` and `run` at random moments, and look at what is left: the folder of a run must always be whole.

Each command runs in a process that is forked from one in which everything is loaded, so that a kill falls into the
work and not into the imports. Two corpora take turns: what is left is all of one, or all of the other.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from rassegna import provenance, storage, tables

SERVER = """
import json, os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs behind a shell's & is born deaf to Ctrl-C
import myst_nb, pydata_sphinx_theme, sphinx.application
import rassegna.commands
from rassegna.extraction import extract
from rassegna.settings import Settings
extract(Settings.from_parameters(sys.argv[1])).tables
for line in sys.stdin:
    if not (pid := os.fork()):
        sys.argv = json.loads(line)
        sys.stdin.close()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        rassegna.commands.main()
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""
TEXTS = {
    "a": "Il ponte chiude\n\nIl sindaco Mario Neri ha detto: «Il ponte resta chiuso fino al 3 maggio 2024».\n",
    "b": "Ponte chiuso\n\nSecondo la Regione Veneto i lavori costano 12 milioni di euro, ha spiegato Anna Verdi.\n",
    "c": "Due feriti sul ponte\n\nDue operai sono rimasti feriti martedì a Verona. «È grave», ha detto Mario Neri.\n",
}
LEFT = (".part", ".fresh", ".former", ".lock")


@dataclass
class Killing:
    """A folder in which commands are run and killed.

    Attributes:
        folder: Where the corpora, the notebooks and the builds lie.
        server: The process that forks one a command.
        seconds: Command to how long it takes when nobody kills it.
        whole: Corpus to the hashes of its tables.
    """

    folder: Path
    server: "subprocess.Popen[str]"
    seconds: dict[str, float] = field(default_factory=dict)
    whole: dict[str, dict[str, str]] = field(default_factory=dict)

    def arguments(self, command: str, corpus: str, build: Path) -> list[str]:
        """A command as it is typed."""
        own = ["--out", build / "tables", "--cache", build / "cache"]
        if command == "run":
            own = ["--build-dir", build, "--notebooks-dir", self.folder / "notebooks", "--workers", "1"]
        return ["rassegna", command, *map(str, [self.folder / corpus, *own, "--quiet"])]

    def give(
        self, arguments: list[str], *, after: Path | None = None, seconds: float | None = None, signal: int = 9
    ) -> int:
        """Run a command and return its exit status; kill it after so many seconds, or so many after a file appears."""
        print(json.dumps(arguments), file=self.server.stdin, flush=True)
        pid = int(self.server.stdout.readline())
        if seconds is not None:
            until = time.monotonic() + 240
            while after and not after.exists() and time.monotonic() < until and _runs(pid):
                time.sleep(0.001)
            time.sleep(seconds)
            if _runs(pid):
                os.kill(pid, signal)
        return int(self.server.stdout.readline())


def _runs(pid: int) -> bool:
    """Whether a process is there, and not only its exit status."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextmanager
def killing(folder: Path) -> Iterator[Killing]:
    """Write corpora and a notebook, start the server, and see what each corpus gives when nobody disturbs."""
    for corpus, names in (("few", "ab"), ("more", "abc")):
        (folder / corpus).mkdir()
        for name in names:
            (folder / corpus / f"{name}.txt").write_text(TEXTS[name], encoding="utf-8")
    (folder / "notebooks").mkdir()
    node = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
    )
    node.cells = [nbformat.v4.new_markdown_cell("# One"), nbformat.v4.new_code_cell("n: int = 1  # A number")]
    node.cells[1].metadata["tags"] = ["parameters"]
    nbformat.write(node, folder / "notebooks" / "01-one.ipynb")
    command = [sys.executable, "-c", SERVER, folder / "more"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        ours = Killing(folder, server)
        for corpus in ("few", "more"):
            assert ours.give(ours.arguments("extract", corpus, folder / "whole")) == 0
            ours.whole[corpus] = hashes(folder / "whole" / "tables")
        yield ours
        server.stdin.close()


def hashes(folder: Path) -> dict[str, str]:
    """Every table's file with its hash, as the manifest has it."""
    return json.loads((folder / tables.MANIFEST).read_text(encoding="utf-8"))["files"]


def kill(ours: Killing, command: str, n: int, *, seed: int = 1) -> dict[str, int]:
    """Kill a command n times, checking after each, then let it run; return what the kills met.

    Returns:
        killed (the command had not ended), new (of those, how often the tables in place were the new ones), and
        mended (how often a folder had to be put back).
    """
    draw, build = random.Random(seed), ours.folder / command
    for corpus in ("more", "few"):  # the second time without the loading of anything
        started = time.monotonic()
        assert ours.give(ours.arguments(command, corpus, build)) == 0
        ours.seconds[command] = time.monotonic() - started
    met = dict.fromkeys(("killed", "new", "mended"), 0)
    folders = ["tables", "site"] if command == "run" else ["tables"]
    for turn in range(n):
        corpus = ("more", "few")[turn % 2]
        arguments = ours.arguments(command, corpus, build)
        shutil.rmtree(build / "cache", ignore_errors=True) if turn % 4 > 1 else None
        if turn % 2:  # while a folder is being made
            status = ours.give(
                arguments, after=build / f".{draw.choice(folders)}.fresh", seconds=draw.random() ** 2 * 0.5
            )
        else:
            status = ours.give(arguments, seconds=draw.random() * ours.seconds[command])
        met["killed"] += status == -9
        met["mended"] += sum(
            not (build / name).is_dir() for name in ("tables", *(["site"] if command == "run" else []))
        )
        met["new"] += status == -9 and is_whole(ours, build) == corpus
    for corpus in ("few", "more"):
        assert ours.give(ours.arguments(command, corpus, build)) == 0
        assert is_whole(ours, build) == corpus
    left = [path.name for path in build.rglob(".*") if path.name.endswith(LEFT) or path.suffix == ".ipynb"]
    assert left == []
    assert command == "extract" or provenance.verify(build).differences == []
    return met


def is_whole(ours: Killing, build: Path) -> str:
    """The corpus whose tables lie in a build; everything in it must be whole."""
    read = tables.read(build / "tables")
    assert set(read) == set(tables.schemas())
    assert provenance.verify(build / "tables").differences == []
    if (build / "runs").is_dir():
        storage.recover(build / "site")
        pages = {path.name for path in (build / "site").glob("*.html")}
        assert pages >= {"index.html", "01-one.html", "reader.html"}, pages
        for path in (build / "runs").glob("[0-9]*.ipynb"):
            assert nbformat.read(path, as_version=4).cells[-1].execution_count
        for path in (build / "exports").glob("[a-z]*.*"):
            assert path.stat().st_size > 1000
    found = hashes(build / "tables")
    (corpus,) = [name for name, whole in ours.whole.items() if whole == found]
    return corpus
