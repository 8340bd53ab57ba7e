"""What a backend is asked for the candidates of a claim, and whose each answer is."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from labeling.generation.backends.port import Backend, Completion, Failure, Outcome, Request
from labeling.generation.models import Candidate, RunPart
from labeling.generation.together import BadSet, asked_together, taken_apart
from labeling.prompts.models import Prompt

NOT_APART = Failure(
    "The model did not write the responses apart as it was asked to.",
    "Retry them, allow more new tokens, or have the model asked for each response by itself.",
    retriable=True,
)
CUT_OFF, ENDED = "length", "stop"


@dataclass(frozen=True)
class Asked:
    """One request to a backend, and the candidates that its answer makes, in order."""

    request: Request
    candidate_ids: Sequence[int]
    nonce: str = ""

    def outcomes(self, outcome: Outcome) -> dict[int, Outcome]:
        """Return what the answer is to each of the candidates."""
        if len(self.candidate_ids) == 1 or not isinstance(outcome, Completion):
            return dict.fromkeys(self.candidate_ids, outcome)
        try:
            made = list(self._apart(outcome))
        except BadSet:
            return dict.fromkeys(self.candidate_ids, NOT_APART)
        return dict(zip(self.candidate_ids, made, strict=True))

    def _apart(self, whole: Completion) -> Iterator[Completion]:
        """Yield the responses of one text; tokens and time stand with the first of them.

        Where the text was cut off, only its last response was.
        """
        count = len(self.candidate_ids)
        for at, text in enumerate(taken_apart(whole.text, count, self.nonce)):
            is_last = at == count - 1
            part = replace(
                whole,
                text=text,
                finish_reason=whole.finish_reason if is_last else ENDED,
                parameters={**whole.parameters, "together": count, "place": at + 1},
            )
            yield part if at == 0 else replace(part, prompt_tokens=0, completion_tokens=0)


def answers(
    part: RunPart, backend: Backend, candidates: Sequence[Candidate]
) -> Iterator[dict[int, Outcome]]:
    """Have some candidates of a part made; yield the outcome of each as it comes."""
    asked = asked_for(part, candidates)
    for made in backend.complete([one.request for one in asked]):
        each = [asked[at].outcomes(answer) for at, answer in made.items()]
        yield {pk: outcome for outcomes in each for pk, outcome in outcomes.items()}


def asked_for(part: RunPart, candidates: Sequence[Candidate]) -> list[Asked]:
    """Return the requests that make some candidates of a part.

    One each; of a part whose responses are made together, one for those of each prompt.
    """
    prompts = Prompt.objects.in_bulk([one.prompt_id for one in candidates])
    together: dict[int, list[Candidate]] = defaultdict(list)
    for one in candidates:
        together[one.prompt_id if part.together else -one.pk].append(one)
    return [_asked(part, prompts[several[0].prompt_id], several) for several in together.values()]


def _asked(part: RunPart, prompt: Prompt, candidates: Sequence[Candidate]) -> Asked:
    framing, seed = part.generator.framing, candidates[0].seed or 0
    recipe = part.recipe
    recipe = replace(recipe, stop=(*recipe.stop, *framing.stops(prompt.messages)))
    ids = [one.pk for one in candidates]
    if len(ids) == 1:
        return Asked(Request(prompt.messages, seed, recipe, framing), ids)
    nonce = f"{seed:08x}"
    messages = asked_together(prompt.messages, len(ids), nonce)
    return Asked(Request(messages, seed, recipe, framing), ids, nonce)
