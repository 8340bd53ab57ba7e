"""Between a prompt and a model stands what the generator says, and nothing else."""

from labeling.generation.framing import Framing

QUESTION = [{"role": "user", "content": "Why is the sky blue?"}]
WITH_SYSTEM = [{"role": "system", "content": "Be brief."}, *QUESTION]
TALK = [
    *QUESTION,
    {"role": "assistant", "content": "Scattering."},
    {"role": "user", "content": "Of what?"},
]


def test_turns_are_the_prompts_own():
    assert Framing().turns(WITH_SYSTEM) == WITH_SYSTEM


def test_system_prompt_takes_the_place_of_the_prompts_own():
    shown = Framing(system="Rhyme.").turns(WITH_SYSTEM)

    assert shown == [{"role": "system", "content": "Rhyme."}, *QUESTION]
    assert Framing(system="Rhyme.").turns(QUESTION) == shown


def test_base_model_is_given_a_single_question_as_it_is():
    assert Framing(is_plain=True).text(QUESTION) == "Why is the sky blue?"
    assert Framing(is_plain=True).text(WITH_SYSTEM) == "Be brief.\n\nWhy is the sky blue?"
    assert Framing(is_plain=True).stops(WITH_SYSTEM) == ()


def test_base_model_is_given_a_conversation_with_its_speakers_and_the_word():
    framing = Framing(is_plain=True)

    assert framing.text(TALK) == (
        "User: Why is the sky blue?\n\nAssistant: Scattering.\n\nUser: Of what?\n\nAssistant:"
    )
    assert framing.stops(TALK) == ("\nUser:",)


def test_chat_model_stops_at_no_speaker():
    assert Framing().stops(TALK) == ()
