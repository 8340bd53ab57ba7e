"""A text as edits of another: what is put together again, what is refused."""

import pytest

from labeling.ranking.edits import EditsInvalid, edited, normalized


@pytest.mark.parametrize(
    ("edits", "made"),
    [
        ([11], "one two 👍🏽."),
        ([4, -3, "three", 4], "one three 👍🏽."),
        (["Now: ", 11], "Now: one two 👍🏽."),
        ([8, -2, "✔", 1], "one two ✔."),
        ([-11, "anew"], "anew"),
    ],
)
def test_edits_are_counted_in_code_points(edits: list[object], made: str) -> None:
    assert edited("one two 👍🏽.", edits) == made


def test_edits_are_of_the_text_with_a_browsers_line_ends() -> None:
    assert edited("a\r\nb\rc", [5]) == "a\nb\nc" == normalized("a\r\nb\rc")


@pytest.mark.parametrize("edits", [[2], [4], [], [0, 3], [True, 2], [1.5], [None], [[3]]])
def test_edits_of_another_text_are_refused(edits: list[object]) -> None:
    with pytest.raises(EditsInvalid):
        edited("one", edits)
