"""Running unattended: exit statuses, the log, one run at a time, and what the doctor says."""

import importlib
import json
import logging
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from rassegna import commands, doctor, log, storage
from rassegna.errors import BusyError
from rassegna.settings import DEFAULT_PIPELINE


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("Titolo\n\nIl sindaco ha visto 3 case.", encoding="utf-8")
    (folder / "b\x1b[31m.txt").write_bytes(b"")
    return folder


def events(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_log_tells_what_was_read_refused_and_reused_and_each_stage(rassegna, corpus, tmp_path):
    given = ["extract", corpus, "--out", tmp_path / "out", "--cache", tmp_path / "cache", "--quiet"]
    given += ["--log-level", "info", "--log-format", "json", "--log-file", tmp_path / "log"]
    assert rassegna(*given)[0] == 0
    (entry,) = (tmp_path / "cache").glob("*.spacy")
    entry.write_bytes(entry.read_bytes()[:-1])
    shutil.rmtree(tmp_path / "cache" / "parts")
    assert rassegna(*given)[0] == 0
    status, _, err = rassegna(*given)
    assert status == 0
    first, second, third = (
        [one for one in run if one["event"] != "start"]
        for run in _runs(events((tmp_path / "log").read_text(encoding="utf-8")))
    )
    assert {one["level"] for one in first} == {"INFO", "WARNING"}
    (refused,) = [one for one in first if one["event"] == "refused"]
    assert (refused["path"], refused["reason"]) == ("b\x1b[31m.txt", "empty: no character but white space")
    stages = {one["stage"]: one for one in first if one["event"] == "stage"}
    assert (stages["reading"]["articles"], stages["reading"]["refused"]) == (1, 1)
    assert stages["cleaning"]["rows"] == 2
    assert all(one["seconds"] >= 0 for one in stages.values())
    reused = [one for run in (first, second, third) for one in run if one["event"] == "reused"]
    assert [(one["articles_reused"], one["parts_reused"]) for one in reused] == [(0, 0), (0, 0), (1, 1)]
    assert [one["path"] for one in second if one["event"] == "corrupt"] == [str(entry)]
    assert first[-1]["status"] == 0
    # With a file the warnings stay on standard error, and no name of a file moves the cursor there.
    assert "warning: refused: b[U+001B][31m.txt: empty" in err
    assert "info:" not in err


def _runs(found: list[dict]) -> list[list[dict]]:
    starts = [place for place, one in enumerate(found) if one["event"] == "start"]
    return [found[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]


def test_stages_leave_out_the_stages_within_them(caplog, monkeypatch):
    clock = iter([0, 1, 4, 6])
    monkeypatch.setattr(log.time, "monotonic", lambda: next(clock))
    with caplog.at_level(logging.INFO, logger="rassegna"), log.stage("whole"), log.stage("part"):
        pass
    assert [(one.stage, one.seconds) for one in caplog.records] == [("part", 3), ("whole", 3)]


def test_bars_and_log_stand_on_lines_of_their_own(rassegna, corpus, tmp_path):
    status, _, err = rassegna("extract", corpus, "--out", tmp_path / "out", "--log-level", "info")
    assert status == 0
    assert "Reading" in err
    lines = [part.strip() for part in err.replace("\r", "\n").split("\n")]
    assert not [line for line in lines if "info:" in line and not line.startswith("info:")]


def test_without_asking_the_library_logs_nothing(capfd):
    log.event("x", "nobody asked", level=logging.ERROR)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (KeyboardInterrupt(), 130, "stopped; what an earlier run wrote is whole"),
        (SystemExit(143), 143, ""),
        (BusyError("x: process 7 is writing there"), 3, "error: x: process 7 is writing there"),
        (OSError(28, "No space left on device", "/there"), 1, "error: /there: No space left on device; mend that"),
        (ZeroDivisionError("oh"), 70, "error: a defect of the workbook; please report it\nTraceback"),
    ],
)
def test_every_end_has_its_status(rassegna, monkeypatch, corpus, tmp_path, error, status, told):
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(commands, "extract_corpus", fail)
    got, _, err = rassegna("extract", corpus, "--out", tmp_path / "out")
    assert got == status
    assert told in err
    assert ("Traceback" in err) == (status == 70)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus"]


def test_help_names_every_status(rassegna):
    out = " ".join(rassegna("--help")[1].split())
    for status in ("0 done", "1 an error", "2 a wrong command", "3 another run", "70 a defect", "130 stopped", "143 "):
        assert status in out


HOLD = """
import pathlib, sys
from rassegna import storage
path, *sys.argv[1:] = sys.argv[1:]
with storage.held(pathlib.Path(path)):
    print(flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds `tmp_path / "out"` until its standard input is closed."""
    command = [sys.executable, "-c", HOLD, tmp_path / "out", "extract", "theirs"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline()
        yield process


def test_a_second_run_says_who_is_writing_and_stops(rassegna, corpus, tmp_path, holder):
    status, _, err = rassegna("extract", corpus, "--out", tmp_path / "out", "--quiet")
    assert status == 3
    assert f"{tmp_path / 'out'}: process {holder.pid} ('extract theirs', since 20" in err
    assert not (tmp_path / "out").exists()


def test_a_second_run_waits_if_it_is_told_to(rassegna, corpus, tmp_path, holder):
    threading.Timer(1, holder.stdin.close).start()
    assert rassegna("extract", corpus, "--out", tmp_path / "out", "--quiet", "--wait")[0] == 0
    assert holder.wait() == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "out"]


def test_a_killed_holder_holds_nothing(tmp_path, holder):
    holder.kill()
    holder.wait()
    assert (tmp_path / ".out.lock").exists()
    with storage.held(tmp_path / "out"), storage.held(tmp_path / "out"):
        pass
    assert not (tmp_path / ".out.lock").exists()


def test_the_doctor_finds_this_installation_sound(rassegna, tmp_path):
    status, out, _ = rassegna("doctor", "--build-dir", tmp_path, "--json")
    found = {one["check"]: one for one in json.loads(out)}
    assert [one for one in found.values() if one["status"] == "fail"] == []
    assert status == 0
    assert found["packages"]["told"].endswith("as in requirements.lock")
    assert found["cache"]["told"] == "0 entries, 0 corrupt, 0 unfinished"
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_says_what_fails_and_how_to_mend_it(rassegna, tmp_path, monkeypatch):
    (tmp_path / "lock").write_text(
        "pandas==0.1 ; python_version > '3' \\\nnot-there==1 \\\nwin==1 ; os_name == 'nt' \\\n"
    )
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "a.spacy").write_bytes(b"x" * 40)
    (tmp_path / "cache" / ".b.part").write_bytes(b"")
    monkeypatch.setattr(doctor, "LOCK", tmp_path / "lock")
    monkeypatch.setattr(doctor, "FONT", "No Such Font")
    monkeypatch.setattr(doctor, "_DISK", (10**9, 10**9))
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    monkeypatch.setattr(doctor, "entry_points", lambda **_: [])
    status, out, _ = rassegna("doctor", "--build-dir", tmp_path, "--pipeline", "no_such_pipeline")
    assert status == 1
    for line in (
        "fail  packages: 0 of 2 as in lock; pandas",
        "not-there missing (wanted==1)",
        "fail  pipeline: pipeline 'no_such_pipeline' cannot be loaded",
        "fail  entry points: none is registered\n      mend: make setup",
        "warn  font: No Such Font is missing",
        "fail  kernel: python3 starts ",
        "warn  browser: none",
        "fail  build folder: ",
        "warn  cache: 1 entries, 1 corrupt, 1 unfinished\n      mend: nothing must be done",
    ):
        assert line in out
    monkeypatch.setattr(doctor, "TemporaryFile", lambda **_: Path("/no/such/place").touch())
    found = {one.check: one for one in doctor.findings(tmp_path, pipeline=DEFAULT_PIPELINE)}
    assert found["build folder"].told == f"{tmp_path}: No such file or directory"


def test_a_missing_package_is_named_with_how_to_mend_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandera.pandas", None)
    for name in [name for name in sys.modules if name.startswith("rassegna")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(SystemExit, match=r"pandera.*run `make setup`"):
        importlib.import_module("rassegna.__main__").main()
