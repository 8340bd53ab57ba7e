"""Measured values in words."""

import pytest

from labeling.quality.templatetags.measures import duration


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (None, "–"),
        (1, "under 1 s"),
        (999, "under 1 s"),
        (1_000, "1 s"),
        (59_499, "59 s"),
        (59_500, "1 min 0 s"),
        (72_000, "1 min 12 s"),
    ],
)
def test_duration_is_written_in_words(milliseconds: float | None, words: str) -> None:
    assert duration(milliseconds) == words
