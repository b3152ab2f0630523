"""Events in their lanes."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from rassegna.figures.style import in_lines, nothing

_MANY_STRETCHES = 36  # up to so many each has its date at the axis
# Filling and shape tell where an event lies, seen from the article, in greyscale too.
_RELATIONS = {
    "before": ("o", "#0072B2", "past when published"),
    "on": ("D", "#0072B2", "of that day"),
    "after": ("o", "white", "still to come"),
    "unknown": ("s", "#BBBBBB", "not known"),
}


def timeline(events: pd.DataFrame, lanes: pd.DataFrame, axis: pd.DataFrame) -> Figure:
    """Draw the events of each article in its lane, in the order of time; a number is the key to an event's words.

    Args:
        events: One row per event, as `timeline.lanes` lays them out: n, left, right, row, relation.
        lanes: One row per article: name, top, bottom, published.
        axis: One row per stretch of time: left, right, label.
    """
    if events.empty:
        return nothing("No event has a date that can be put on an axis.")
    n_rows = int(lanes["bottom"].max()) + 1
    fig, ax = plt.subplots(figsize=(7.2, 1.9 + 0.2 * n_rows + 0.06 * len(lanes)))
    for n, lane in enumerate(lanes.itertuples()):
        if n % 2 == 0:
            ax.axhspan(lane.top - 0.5, lane.bottom + 0.5, color="#F3F3F3", lw=0, zorder=0)
        if pd.notna(lane.published):
            ax.vlines(lane.published, lane.top - 0.5, lane.bottom + 0.5, color="#D55E00", lw=2, zorder=1)
    for event in events.itertuples():
        _event(ax, event)
    is_crowded = len(axis) > _MANY_STRETCHES
    ticks = axis.iloc[:: 1 + len(axis) // _MANY_STRETCHES] if is_crowded else axis
    ax.set_xticks((ticks["left"] + ticks["right"]) / 2, ticks["label"], rotation=90, fontsize=8)
    for before, after in zip(axis["right"], axis["left"].iloc[1:], strict=False):
        if before < after:  # time is left out here
            ax.axvline((before + after) / 2, color="#BBBBBB", lw=0.8, ls=(0, (2, 2)), zorder=0)
    ax.set_xlim(-0.3, axis["right"].max() + 1)
    names = [in_lines(name, 24, most=1 + int(lane.bottom - lane.top)) for name, lane in
             zip(lanes["name"], lanes.itertuples(), strict=True)]  # fmt: skip
    ax.set_yticks((lanes["top"] + lanes["bottom"]) / 2, names, fontsize=8)
    ax.set_ylim(n_rows - 0.5, -0.5)
    ax.tick_params(left=False)
    ax.spines["left"].set_visible(False)
    _relations_key(fig)
    return fig


def _event(ax: Axes, event: Any) -> None:
    """A mark at a day, a bar over a period, and the number behind it."""
    marker, face, _ = _RELATIONS[event.relation]
    place = (event.left + event.right) / 2
    if event.day_first != event.day_last:
        ax.hlines(event.row, event.left + 0.1, event.right - 0.1, color="#9CC8E3", lw=5, zorder=2)
    ax.plot(place, event.row, marker, ms=6, mfc=face, mec="#0072B2" if event.relation != "unknown" else "#777777",
            zorder=3)  # fmt: skip
    end = event.right - 0.1 if event.day_first != event.day_last else place
    ax.annotate(str(event.n), (end, event.row), (6, 0), textcoords="offset points", va="center", fontsize=8, zorder=4,
                bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.8})  # fmt: skip


def _relations_key(fig: Figure) -> None:
    """Name the marks below the timeline."""
    handles = [
        Line2D([], [], ls="", marker=marker, ms=6, mfc=face, mec="#777777" if kind == "unknown" else "#0072B2",
               label=label)
        for kind, (marker, face, label) in _RELATIONS.items()
    ]  # fmt: skip
    handles.append(Line2D([], [], color="#9CC8E3", lw=5, label="a period"))
    handles.append(Line2D([], [], color="#D55E00", lw=2, label="published"))
    fig.legend(handles=handles, loc="outside lower left", ncols=6, frameon=False, fontsize=8, handletextpad=0.6,
               columnspacing=1.2, handlelength=1.2)  # fmt: skip
