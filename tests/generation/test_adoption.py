"""Ready responses become candidates and groups, once."""

from labeling.generation.enums import CandidateSource, CandidateState, GroupState
from labeling.generation.models import Candidate, CandidateGroup
from labeling.generation.services import adoption
from labeling.generation.services.adoption import adopt_responses
from tests.generation.conftest import NOW


def test_two_responses_become_candidates_and_one_group(prompt, prompt_set, add_responses):
    row = add_responses(prompt, "Scattering.", "Magic.")

    assert adopt_responses(prompt_set_id=prompt_set.pk, now=NOW) == 1

    group = CandidateGroup.objects.get()
    assert (group.imported, group.state, group.unfinished) == (row, GroupState.COMPLETE, 0)
    found = set(
        Candidate.objects.values_list("text", "source", "state", "model_label", "finished_at")
    )
    assert found == {
        (text, CandidateSource.IMPORT, CandidateState.DONE, "m", NOW)
        for text in ("Scattering.", "Magic.")
    }


def test_adopting_twice_changes_nothing(prompt, prompt_set, add_responses):
    add_responses(prompt, "Scattering.", "Magic.")
    adopt_responses(prompt_set_id=prompt_set.pk, now=NOW)

    assert adopt_responses(prompt_set_id=prompt_set.pk, now=NOW) == 0
    assert (Candidate.objects.count(), CandidateGroup.objects.count()) == (2, 1)


def test_single_response_makes_a_candidate_but_no_group(prompt, prompt_set, add_responses):
    add_responses(prompt, "Scattering.")

    assert adopt_responses(prompt_set_id=prompt_set.pk, now=NOW) == 0
    assert (Candidate.objects.count(), CandidateGroup.objects.count()) == (1, 0)


def test_same_response_twice_in_a_row_is_one_candidate(prompt, prompt_set, add_responses):
    add_responses(prompt, "Scattering.", "Scattering.")

    assert adopt_responses(prompt_set_id=prompt_set.pk, now=NOW) == 0
    assert Candidate.objects.count() == 1


def test_rows_that_share_a_response_share_the_candidate(prompt, prompt_set, add_responses):
    add_responses(prompt, "Scattering.", "Magic.")
    add_responses(prompt, "Scattering.", "Paint.")

    assert adopt_responses(prompt_set_id=prompt_set.pk, now=NOW) == 2
    assert Candidate.objects.count() == 3


def test_rows_beyond_one_transaction_are_all_adopted(
    monkeypatch, add_prompt, prompt_set, add_responses
):
    monkeypatch.setattr(adoption, "ROWS_A_TRANSACTION", 2)
    for number in range(5):
        add_responses(add_prompt(f"prompt {number}"), "a", "b")

    assert adopt_responses(prompt_set_id=prompt_set.pk, now=NOW) == 5
    assert Candidate.objects.count() == 10


def test_response_that_a_person_wrote_is_theirs(prompt, prompt_set, add_responses, manager):
    row = add_responses(prompt, "Scattering.", "Magic.")
    row.responses[1]["author"] = manager.pk
    row.save()

    assert adopt_responses(prompt_set_id=prompt_set.pk, now=NOW) == 1

    found = set(Candidate.objects.values_list("text", "source", "author"))
    assert found == {
        ("Scattering.", CandidateSource.IMPORT, None),
        ("Magic.", CandidateSource.HUMAN, manager.pk),
    }
    assert CandidateGroup.objects.get().candidates.count() == 2


def test_rows_that_share_what_a_person_wrote_share_the_candidate(
    monkeypatch, prompt, prompt_set, add_responses, manager
):
    monkeypatch.setattr(adoption, "ROWS_A_TRANSACTION", 1)
    for other in ("Scattering.", "Paint."):
        row = add_responses(prompt, "Magic.", other)
        row.responses[0]["author"] = manager.pk
        row.save()

    assert adopt_responses(prompt_set_id=prompt_set.pk, now=NOW) == 2
    assert Candidate.objects.filter(author=manager).count() == 1


def test_same_text_of_a_person_and_a_model_are_two_candidates(
    prompt, prompt_set, add_responses, manager
):
    add_responses(prompt, "Magic.", "Scattering.")
    row = add_responses(prompt, "Magic.", "Paint.")
    row.responses[0]["author"] = manager.pk
    row.save()

    adopt_responses(prompt_set_id=prompt_set.pk, now=NOW)

    sources = Candidate.objects.filter(text="Magic.").values_list("source", flat=True)
    assert set(sources) == {CandidateSource.IMPORT, CandidateSource.HUMAN}
