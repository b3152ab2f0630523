"""What the work on a corpus runs on: this process, or Dask's workers on this machine or on several."""

import logging
import signal
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from rassegna import provenance
from rassegna.errors import EngineError

T = TypeVar("T")
R = TypeVar("R")
DEATHS = 5  # of workers on one task, after which the task is taken to kill them
TIMEOUT = "5s"  # for a scheduler to answer
_AHEAD = 2  # tasks sent a worker; more would only wait in the scheduler's memory
_QUIET = {
    "distributed.scheduler.allowed-failures": DEATHS,
    "distributed.worker.profile.enabled": False,  # its samples come to take a worker 150 MB
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,  # a fifth of the time would go to page faults
    "distributed.admin.tick.interval": "1s",  # of every process; every 20 ms by default
    "distributed.admin.large-graph-warning-threshold": "1GB",  # a task brings its texts along
}


class Engine(Protocol):
    """What does tasks."""

    def map(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """The results of the tasks, in the order in which they come."""


class Plain:
    """This process, one task after the other."""

    def __enter__(self) -> "Plain":
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def map(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """See `Engine`."""
        return map(work, tasks)


class Cluster:
    """Dask's workers: so many processes of this machine, or those of a scheduler that runs already.

    Use it as a context; the workers of this machine end with it. A task whose worker dies is done by another one.

    Attributes:
        n_workers: How many there are.
        dashboard: Address of the page that shows them at work.
    """

    def __init__(self, *, workers: int = 2, scheduler: str = "", shared: tuple[Path, ...] = ()) -> None:
        """Start the workers, or find them.

        Args:
            workers: Processes to start, without a scheduler.
            scheduler: Address of one, such as `tcp://10.0.0.5:8786`.
            shared: Folders that its workers must see as this machine does.

        Raises:
            EngineError: No scheduler answers, it has no workers, they do not see a shared folder, or their version
                of the workbook is another one.
        """
        import dask
        from distributed import Client, LocalCluster

        self._open = ExitStack()
        self._open.enter_context(dask.config.set(_QUIET))
        try:
            if scheduler:
                self._client = self._open.enter_context(_client(Client, scheduler))
                self.n_workers = self._check(scheduler, shared)
            else:
                folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix="rassegna-"))
                with _deaf():
                    cluster = LocalCluster(
                        n_workers=workers,
                        processes=True,
                        threads_per_worker=1,
                        host="127.0.0.1",
                        dashboard_address="127.0.0.1:0",
                        memory_limit=0,  # no data is left with the workers that could be written out
                        local_directory=folder,
                        silence_logs=logging.CRITICAL,
                    )
                self._client = self._open.enter_context(Client(self._open.enter_context(cluster)))
                self.n_workers = workers
        except BaseException:
            self._open.close()
            raise
        self.dashboard = self._client.dashboard_link

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *exception: object) -> None:
        self._open.close()

    def map(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """See `Engine`; a few tasks a worker are sent ahead.

        Raises:
            EngineError: A task killed `DEATHS` workers.
        """
        from distributed import KilledWorker, as_completed

        rest = iter(tasks)
        waiting = as_completed()
        waiting.update(self._sent(work, rest, _AHEAD * self.n_workers))
        for future in waiting:
            try:
                yield future.result()
            except KilledWorker as error:
                raise EngineError(f"a worker died {DEATHS} times on one task, for want of memory perhaps") from error
            waiting.update(self._sent(work, rest, 1))

    def _sent(self, work: Callable[[T], R], tasks: Iterator[T], n: int) -> list[Any]:
        return [self._client.submit(work, task, pure=False) for task in islice(tasks, n)]

    def peak(self) -> int:
        """The most memory that a worker has held (MB)."""
        return max(self._client.run(_peak).values())

    def _check(self, scheduler: str, shared: tuple[Path, ...]) -> int:
        """How many workers there are; each must be of this version and see the shared folders."""
        code = provenance.folder_sha256(Path(__file__).parent)
        with ExitStack() as marks:
            names = [
                str(Path(marks.enter_context(tempfile.NamedTemporaryFile(dir=f, prefix=".")).name)) for f in shared
            ]
            try:
                seen: dict[str, Any] = self._client.run(_seen, names)
            except ImportError as error:
                raise EngineError(f"{scheduler}: its workers lack what is installed here: {error}") from error
        if not seen:
            raise EngineError(f"{scheduler}: it has no workers; start some with `dask worker {scheduler}`")
        for worker, (own, missing) in sorted(seen.items()):
            if missing:
                folder = Path(missing[0]).parent
                raise EngineError(f"worker {worker} does not see {folder}: give folders that all machines share")
            if own != code:
                raise EngineError(f"worker {worker} has another version of Rassegna than this machine")
        return len(seen)


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes that start meanwhile do not hear Ctrl-C, which ends this one; it ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _client(make: Callable[..., Any], scheduler: str) -> Any:
    try:
        return make(scheduler, timeout=TIMEOUT)
    except (OSError, ValueError) as error:
        raise EngineError(f"scheduler {scheduler!r}: no answer; give an address such as tcp://10.0.0.5:8786") from error


def _seen(names: list[str]) -> tuple[str, list[str]]:
    """What a worker has: the hash of its code, and the files it does not see."""
    return provenance.folder_sha256(Path(__file__).parent), [name for name in names if not Path(name).is_file()]


def _peak() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
