"""Empty what models said about an erased prompt."""

from labeling.accounts.services.erasing import GONE
from labeling.generation.enums import CandidateState
from labeling.judging.models import AiJudgment
from labeling.prompts.models import Prompt


def erase_verdicts(*, prompt: Prompt) -> None:
    """Keep of each verdict which it was, and drop what nobody has judged yet.

    A worker that still judges one comes too late: its row is gone.
    """
    every = AiJudgment.objects.filter(comparison__prompt=prompt)
    held = list(every.select_for_update(of=("self",)).order_by("pk").values_list("pk", "state"))
    open_ = [key for key, state in held if state != CandidateState.DONE]
    AiJudgment.objects.filter(pk__in=open_).delete()
    AiJudgment.objects.filter(pk__in=[key for key, _ in held]).update(
        answers={}, prompt_hash=GONE, error="", parameters={}
    )
