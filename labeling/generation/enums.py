"""The named states of candidate generation."""

from django.db.models import TextChoices

from labeling.wording import gettext_lazy, pgettext_lazy

AUTO = "auto"  # the worker chooses


class Backend(TextChoices):
    """What makes the candidates of a generator."""

    TRANSFORMERS = "transformers", gettext_lazy("Local model (transformers)")
    OPENAI = "openai", gettext_lazy("OpenAI-compatible server")


class Stage(TextChoices):
    """How far a model is trained; a base model is never shown a chat template."""

    BASE = "base", gettext_lazy("Base: pretrained only")
    SFT = "sft", gettext_lazy("Fine-tuned on answers")
    ALIGNED = "aligned", gettext_lazy("Aligned with preferences")


class Dtype(TextChoices):
    """In which numbers a local model is loaded."""

    AUTO = "auto", gettext_lazy("As it was saved")
    FLOAT32 = "float32", "float32"
    BFLOAT16 = "bfloat16", "bfloat16"
    FLOAT16 = "float16", "float16"


class Makes(TextChoices):
    """What a run makes: candidates, or verdicts of a judge on candidates."""

    RESPONSES = "responses", gettext_lazy("Responses")
    VERDICTS = "verdicts", gettext_lazy("Verdicts")


class CandidateSource(TextChoices):
    """Where a response came from."""

    MODEL = "model", gettext_lazy("Model")
    IMPORT = "import", pgettext_lazy("where a response came from", "Import")
    HUMAN = "human", gettext_lazy("Human")
    REVISION = "revision", gettext_lazy("Revision")


class CandidateState(TextChoices):
    """Where a candidate stands; only ``done`` candidates are ever compared.

    ``held`` ones have a text that the hygiene gate found unfit; a manager may release it.
    ``erased`` ones have lost theirs with their prompt, for good.
    """

    PENDING = "pending", gettext_lazy("Waiting")
    RUNNING = "running", gettext_lazy("Being made")
    DONE = "done", gettext_lazy("Done")
    HELD = "held", gettext_lazy("Held back")
    FAILED = "failed", gettext_lazy("Failed")
    ERASED = "erased", gettext_lazy("Erased")


class GroupState(TextChoices):
    """Where a group stands: being filled, ready to be compared, comparisons made."""

    FILLING = "filling", gettext_lazy("Being filled")
    COMPLETE = "complete", gettext_lazy("Complete")
    PLANNED = "planned", gettext_lazy("Planned")


class Flaw(TextChoices):
    """Why the hygiene gate holds a response back."""

    CUT_OFF = "cut_off", gettext_lazy("Cut off")
    DUPLICATE = "duplicate", gettext_lazy("Says what another response says")
    TEMPLATE = "template", gettext_lazy("Holds markers of a chat template")
    NAMES_ITSELF = "names_itself", gettext_lazy("Says which model it is")
    WRONG_LANGUAGE = "wrong_language", gettext_lazy("In another language than the prompt")
    REPETITIVE = "repetitive", gettext_lazy("Goes round in circles")
    TOO_LONG = "too_long", gettext_lazy("Too long to be read")
