"""What changed in a guide, as people are shown it."""

from labeling.campaigns.changes import Kind, changed_passages


def shown(before: str, after: str) -> list[str]:
    marks = {Kind.SAME: "{}", Kind.GONE: "[-{}-]", Kind.NEW: "[+{}+]"}
    return [
        "".join(marks[piece.kind].format(piece.text) for piece in passage).strip()
        for passage in changed_passages(before, after)
    ]


def test_only_lines_that_differ_are_shown_word_by_word() -> None:
    before = "Prefer what is true.\n\nA tie is rare.\n\nBe fair.\n"
    after = "Prefer what is true.\n\nA tie is not rare.\n\nBe fair.\n"

    assert shown(before, after) == ["A tie is [+not +]rare."]


def test_lines_that_came_and_went_are_shown_whole() -> None:
    assert shown("One.\nTwo.\n", "Two.\nThree.\n") == ["[-One.-]", "[+Three.+]"]


def test_the_same_text_has_no_changes_and_blank_lines_are_none() -> None:
    assert shown("One.\nTwo.", "One.\n\n\nTwo.") == []


def test_a_long_passage_rewritten_is_shown_as_replaced() -> None:
    before, after = "old " * 4000, "new " * 4000

    assert [len(passage) for passage in changed_passages(before, after)] == [2]
