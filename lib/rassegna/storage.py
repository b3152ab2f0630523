"""How results reach the disk: whole or not at all, in a folder that one run at a time writes."""

import datetime
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from rassegna.errors import BusyError


@contextmanager
def held(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Keep every other process that asks for it from writing a folder or file; asking again within it is granted.

    The lock is a file beside `path`, `.NAME.lock`, which says who holds it. It ends with its process, however that
    ends.

    Args:
        path: What is going to be written.
        wait: Wait for the one who holds it.

    Raises:
        BusyError: another process holds it; the message names it.
    """
    place = path.resolve().with_name(f".{path.resolve().name}.lock")
    place.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(place, is_singleton=True)
    try:
        lock.acquire(timeout=-1 if wait else 0)
    except Timeout:
        raise BusyError(f"{path}: {_holder(place)} is writing there; wait for it to end, or say --wait") from None
    try:
        if lock.lock_counter == 1:
            now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
            place.write_text(json.dumps([os.getpid(), now, " ".join(sys.argv[1:])[:200]]), encoding="utf-8")
        yield
    finally:
        if lock.lock_counter == 1:
            place.unlink(missing_ok=True)
        lock.release()


def _holder(place: Path) -> str:
    try:
        process, since, command = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "another process"
    return f"process {process} ({command!r}, since {since})"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that a reader sees the old one or the new one."""
    part = path.with_name(f".{path.name}.part")
    with held(path, wait=True):
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def prepared(out: Path) -> Iterator[Path]:
    """An empty folder beside `out`, to be filled; it takes the place of `out` when that has gone well.

    Raises:
        BusyError: another process is writing there.
    """
    fresh = out.with_name(f".{out.name}.fresh")
    with held(out):
        recover(out)
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            fresh.mkdir(parents=True)
            yield fresh
            if out.exists():
                out.rename(_former(out))
            fresh.rename(out)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
            recover(out)


def recover(out: Path) -> None:
    """Finish what a process left that ended between two renamings: without a folder in place, the former comes back."""
    if not _former(out).is_dir():
        return
    with suppress(BusyError), held(out):  # who holds it is at it
        if out.exists():
            shutil.rmtree(_former(out), ignore_errors=True)
        else:
            _former(out).replace(out)


def settle(folder: Path) -> None:
    """Have the disk itself hold every file of a folder before it takes its place: a machine may fail as well."""
    for path in (*folder.rglob("*"), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _former(out: Path) -> Path:
    return out.with_name(f".{out.name}.former")
