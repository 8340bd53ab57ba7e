"""The figures of the assignment benchmark say what was measured."""

import os
from pathlib import Path

import pytest

from bench.assign.figures import Bar, Figures, percentile, typical
from bench.assign.processor import Meter


def figures(value: float) -> Figures:
    return Figures(value, value, value, value, value, value, value)


@pytest.mark.parametrize(("share", "milliseconds"), [(0.5, 51), (0.95, 96), (1, 100)])
def test_percentile_is_a_time_that_was_measured(share: float, milliseconds: float) -> None:
    seconds = [n / 1000 for n in range(100, 0, -1)]

    assert percentile(seconds, share) == milliseconds


def test_typical_leaves_one_bad_repetition_out() -> None:
    assert typical([figures(3), figures(900), figures(1)]) == figures(3)


@pytest.mark.parametrize(("value", "most", "least"), [(24, True, False), (25, True, True)])
def test_bar_holds_on_its_own_side_and_on_the_line(value: float, most: bool, least: bool) -> None:
    assert Bar("", value, 25).holds is most
    assert Bar("", value, 25, at_least=True).holds is least


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc on this system")
def test_meter_counts_the_processor_and_not_the_clock() -> None:
    meter = Meter([os.getpid()], "no such database")
    meter.start()
    before = os.times()
    while os.times().user - before.user < 0.2:
        pass
    spent, _ = meter.stop()

    after = os.times()
    assert spent == pytest.approx(after.user + after.system - before.user - before.system, abs=0.1)
