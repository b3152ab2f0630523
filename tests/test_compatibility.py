"""Which figures for the same thing disagree."""

import pytest
from rassegna.quantities.compatibility import incompatible


def row(value=None, bound="exact", *, low=None, high=None, unit=None, kind="cardinal"):
    return {"value": value, "bound": bound, "low": low, "high": high, "unit": unit, "kind": kind}


@pytest.mark.parametrize(
    ("a", "b", "disagree"),
    [
        (row(12), row(12), False),
        (row(12), row(13), True),
        (row(120), row(118), True),  # below a thousand no number is taken for a rounded one
        (row(11_000), row(11_234), False),
        (row(11_000), row(12_000), True),
        (row(10_000), row(11_000), True),
        (row(1.2e6), row(1_234_567), False),
        (row(3, unit="h", kind="duration"), row(50, unit="min", kind="duration"), True),
        (row(1, unit="h", kind="duration"), row(60, unit="min", kind="duration"), False),
        (row(90, unit="s", kind="duration"), row(1.5, unit="min", kind="duration"), False),
        (row(2, unit="d", kind="duration"), row(20, unit="h", kind="duration"), False),  # two days of ten hours
        (row(3, unit="km", kind="measure"), row(50, unit="min", kind="duration"), False),
        (row(7, unit="%", kind="share"), row(7.4, unit="%", kind="share"), False),
        (row(7, unit="%", kind="share"), row(8, unit="%", kind="share"), True),
        (row(7.5, unit="%", kind="share"), row(7.48, unit="%", kind="share"), False),
        (row(12_000, "about"), row(11_000), False),
        (row(12_000, "about"), row(15_000), True),
        (row(1000, "more_than"), row(11_000, "more_than"), True),
        (row(1000, "more_than"), row(1200, "at_least"), False),
        (row(1000, "more_than"), row(1350), False),
        (row(1000, "more_than"), row(900), True),
        (row(2, "at_least"), row(3), False),
        (row(2, "at_least"), row(5), True),
        (row(100, "at_most"), row(80), False),
        (row(100, "less_than"), row(120), True),
        (row(12), row(None, "range", low=12, high=15), False),
        (row(16), row(None, "range", low=12, high=15), True),
        (row(34e6, unit="USD", kind="money"), row(50e6, unit="EUR", kind="money"), False),  # no exchange rate is known
        (row(2, kind="ordinal"), row(3), False),
        (row(None, "vague", kind="vague"), row(3), False),
        (row(float("inf")), row(3), False),
        (row(-5, "more_than"), row(-4), True),
    ],
)
def test_figures(a, b, disagree):
    assert incompatible(a, b) is disagree
    assert incompatible(b, a) is disagree


@pytest.mark.parametrize("bound", ["exact", "about", "more_than", "at_least", "less_than", "at_most"])
@pytest.mark.parametrize("value", [0.0, 1.0, 7.25, 24.0, 11_000.0, 34e6, 1e300])
def test_no_figure_disagrees_with_itself(value, bound):
    assert not incompatible(row(value, bound), row(value, bound))
