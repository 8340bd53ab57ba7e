"""How a prompt is put to a model: in whose chat template, under which system turn, or plainly."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Messages = Sequence[Mapping[str, str]]
SPEAKERS = {"user": "User", "assistant": "Assistant"}
NEXT_SPEAKER = f"\n{SPEAKERS['user']}:"


@dataclass(frozen=True)
class Framing:
    """What stands between a prompt's turns and a model.

    ``system`` takes the place of the prompt's own system turn, ``template`` (Jinja, as chat
    templates are) that of the model's. ``is_plain`` asks for plain completion, without any
    template, as base models want it, which were never taught turns.
    """

    system: str = ""
    template: str = ""
    is_plain: bool = False

    def turns(self, messages: Messages) -> list[dict[str, str]]:
        """Return the turns that the model is shown."""
        given = [dict(message) for message in messages]
        if not self.system:
            return given
        others = [message for message in given if message["role"] != "system"]
        return [{"role": "system", "content": self.system}, *others]

    def text(self, messages: Messages) -> str:
        """Return the text that a base model goes on with.

        A single question is given as it is; of a conversation the speakers are named, and the
        last one has the word.
        """
        turns = self.turns(messages)
        said = [turn for turn in turns if turn["role"] != "system"]
        if len(said) == 1:
            return "\n\n".join(turn["content"] for turn in turns)
        return "\n\n".join(_transcript(turns))

    def stops(self, messages: Messages) -> tuple[str, ...]:
        """Return the texts that end a response besides those of the recipe."""
        said = [message for message in messages if message["role"] != "system"]
        return (NEXT_SPEAKER,) if self.is_plain and len(said) > 1 else ()


AS_IT_IS = Framing()


def _transcript(turns: Messages) -> Iterator[str]:
    for turn in turns:
        speaker = SPEAKERS.get(turn["role"])
        yield f"{speaker}: {turn['content']}" if speaker else turn["content"]
    yield f"{SPEAKERS['assistant']}:"
