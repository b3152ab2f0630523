"""The log: what was read, refused and reused, what each stage took; as lines for people or as JSON for machines.

Every module logs under the name `rassegna`; who uses the library alone sees nothing unless they ask for it.
"""

import functools
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

from pythonjsonlogger.json import JsonFormatter
from tqdm import tqdm

from rassegna.rendering import visible

LEVELS = ("debug", "info", "warning", "error")
FORMATS = ("text", "json")
T = TypeVar("T")
_WITHIN: ContextVar[list[float]] = ContextVar("seconds of the stages within this one", default=[])  # noqa: B039
_LOG = logging.getLogger("rassegna")
_LOG.addHandler(logging.NullHandler())


def start(*, level: str = "warning", form: str = "text", file: Path | None = None) -> None:
    """Log from now on; an earlier call's choice ends.

    Args:
        level: Least weight that is logged, one of `LEVELS`.
        form: One of `FORMATS`. `json`: one object a line with timestamp, level, message, event and its figures.
        file: Where to; it is added to. Without one to standard error; with one, standard error still has the warnings.
    """
    end()
    shown = _BesideBars()
    shown.setLevel(logging.WARNING if file else level.upper())
    shown.setFormatter(_formatter("text" if file else form, "{levelname}: {message}"))
    handlers: list[logging.Handler] = [shown]
    if file:
        kept = logging.FileHandler(file, encoding="utf-8", errors="backslashreplace")
        kept.setLevel(level.upper())
        kept.setFormatter(_formatter(form, "{asctime} {levelname}: {message}"))
        handlers.append(kept)
    for handler in handlers:
        _LOG.addHandler(handler)
    _LOG.propagate = False  # Sphinx has handlers of its own
    _LOG.setLevel(min(handler.level for handler in handlers))


def end() -> None:
    """Close what `start` opened."""
    _LOG.propagate = True
    for handler in _LOG.handlers[1:]:
        _LOG.removeHandler(handler)
        handler.close()


def event(name: str, message: str, *, level: int = logging.INFO, **told: Any) -> None:
    """Log one event: a message for people, and the figures in it by name."""
    _LOG.log(level, "%s", message, extra={"event": name, **told})


@contextmanager
def stage(name: str) -> Iterator[dict[str, Any]]:
    """Log how long a stage took, with the figures that are put into the dictionary it gives.

    Its seconds (of the clock) are its own: those of the stages within it are left out.
    """
    told: dict[str, Any] = {}
    within: list[float] = []
    outer, started = _WITHIN.get(), time.monotonic()
    token = _WITHIN.set(within)
    try:
        yield told
    finally:
        _WITHIN.reset(token)
        whole = time.monotonic() - started
        outer.append(whole)
    seconds = round(whole - sum(within), 3)
    figures = "".join(f", {value} {figure}" for figure, value in told.items())
    event("stage", f"{name}: {seconds:.2f} s{figures}", stage=name, seconds=seconds, **told)


class cached_property(functools.cached_property[T]):  # noqa: N801 - is one, and used as one
    """A cached property whose first computation is a stage of its name; of a table the rows are told."""

    def __init__(self, compute: Callable[[Any], T]) -> None:
        @functools.wraps(compute)
        def logged(owner: Any) -> T:
            with stage(compute.__name__.strip("_")) as told:
                value = compute(owner)
                if hasattr(value, "columns"):
                    told["rows"] = len(value)  # type: ignore[arg-type]
            return value

        super().__init__(logged)


class _Lines(logging.Formatter):
    """One line an event, in small letters and UTC; nothing of an article or a file name moves the cursor."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        told = {**record.__dict__, "levelname": record.levelname.lower()}
        return visible(str(self._fmt).format_map(told)).replace("\n", "\n  ")


def _formatter(form: str, line: str) -> logging.Formatter:
    if form == "text":
        return _Lines(line, style="{")
    return JsonFormatter("{levelname}{message}", style="{", timestamp=True, rename_fields={"levelname": "level"})


class _BesideBars(logging.Handler):
    """Standard error, above the progress bars that stand there."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            tqdm.write(self.format(record), file=sys.stderr)
        except Exception:  # noqa: BLE001 - as logging's own handlers do
            self.handleError(record)
