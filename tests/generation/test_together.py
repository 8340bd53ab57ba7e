"""Several responses out of one answer: exactly those asked for, or a failure that says so."""

from dataclasses import replace
from typing import Any

import pytest

from labeling.generation.backends.port import Failure, Postponed
from labeling.generation.enums import CandidateState
from labeling.generation.services.asking import NOT_APART, asked_for
from labeling.generation.services.parts import Wanted
from labeling.generation.together import BadSet, asked_together, marks, taken_apart
from tests.generation.conftest import Scripted, claimed, completion, counts, fill

QUESTION = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}]


def written(*texts: str, nonce: str = "n") -> str:
    """Return the texts as a model that follows orders writes them."""
    return "\n".join(f"{mark}\n{text}" for mark, text in zip(marks(9, nonce), texts, strict=False))


def test_request_stands_at_the_end_of_the_last_turn():
    first, last = asked_together(QUESTION, 3, "ab12")

    assert first == QUESTION[0]
    assert last["content"].startswith("Why?\n\nWrite 3 different responses")
    assert last["content"].endswith("[[ab12-1]], [[ab12-2]], [[ab12-3]].")
    assert QUESTION[1]["content"] == "Why?"


def test_responses_are_taken_apart_in_order():
    text = "Sure!\n" + written("One.\n\nStill one.", "Two.", "Three.")

    assert taken_apart(text, 3, "n") == ["One.\n\nStill one.", "Two.", "Three."]


@pytest.mark.parametrize(
    "text",
    [
        "One. Two.",
        written("One."),
        written("One.", "Two.", "Three."),
        written("One.", ""),
        written("Two.", "One.").replace("n-1", "n-3"),
        written("One.", "Two.", nonce="other"),
        "[[n-2]]\nTwo.\n[[n-1]]\nOne.",
        "[[n-1]] One. [[n-2]] Two.",
    ],
)
def test_answer_without_each_mark_once_and_in_order_is_refused(text: str):
    with pytest.raises(BadSet):
        taken_apart(text, 2, "n")


@pytest.fixture
def together(generator, request_run, add_prompt):
    for number in range(3):
        add_prompt(f"prompt {number}")
    return request_run(parts=[Wanted(generator, 3, together=True)])


def obedient(request) -> str:
    """Answer as asked, under the marks that the request names."""
    nonce = f"{request.seed:08x}"
    return written(*(f"answer {number} of {nonce}" for number in range(3)), nonce=nonce)


def test_each_prompt_is_asked_once_for_all_its_responses(together):
    backend = Scripted(obedient, batch_size=4)

    fill(together, backend)

    assert counts(together) == {CandidateState.DONE: 9}
    assert len(backend.seen) == 3
    for texts in by_prompt(together).values():
        assert [text.split(" of ")[0] for text in texts] == ["answer 0", "answer 1", "answer 2"]


def by_prompt(run) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for prompt, text in run.candidates.order_by("sample").values_list("prompt_id", "text"):
        found.setdefault(prompt, []).append(text)
    return found


def test_tokens_are_counted_once_and_only_the_last_can_be_cut_off(together):
    claim = claimed(together, limit=3)
    (asked,) = asked_for(together.parts.get(), claim.rows)
    whole = replace(completion(obedient(asked.request)), finish_reason="length")

    made: list[Any] = list(asked.outcomes(whole).values())

    assert [one.finish_reason for one in made] == ["stop", "stop", "length"]
    assert sum(one.completion_tokens for one in made) == whole.completion_tokens
    assert [one.parameters["place"] for one in made] == [1, 2, 3]


def test_answer_that_cannot_be_taken_apart_is_tried_again_and_then_fails_with_the_reason(together):
    backend = Scripted("I would rather not.", batch_size=9)

    for _ in range(3):
        fill(together, backend)

    assert counts(together) == {CandidateState.FAILED: 9}
    assert {one.error for one in together.candidates.all()} == {str(NOT_APART)}


def test_set_that_could_not_be_asked_for_waits(together):
    fill(together, Scripted(Postponed()))

    assert counts(together) == {CandidateState.PENDING: 9}


def test_failure_of_the_request_is_that_of_all_its_responses(together):
    fill(together, Scripted(Failure("The server answered 401.", "Set the key.")))

    assert counts(together) == {CandidateState.FAILED: 9}


def test_one_that_is_left_alone_is_asked_for_alone(together):
    part = together.parts.get()
    (asked,) = asked_for(part, claimed(together, limit=1).rows)

    assert asked.request.messages == part.candidates.first().prompt.messages
