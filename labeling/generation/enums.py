"""The named states of candidate generation."""

from django.db.models import TextChoices

from labeling.wording import gettext_lazy, pgettext_lazy


class Backend(TextChoices):
    """What makes the candidates of a generator."""

    TRANSFORMERS = "transformers", gettext_lazy("Local model (transformers)")
    OPENAI = "openai", gettext_lazy("OpenAI-compatible server")


class CandidateSource(TextChoices):
    """Where a response came from."""

    MODEL = "model", gettext_lazy("Model")
    IMPORT = "import", pgettext_lazy("where a response came from", "Import")
    HUMAN = "human", gettext_lazy("Human")
    REVISION = "revision", gettext_lazy("Revision")


class CandidateState(TextChoices):
    """Where a candidate stands; only ``done`` candidates are ever compared."""

    PENDING = "pending", gettext_lazy("Waiting")
    RUNNING = "running", gettext_lazy("Being made")
    DONE = "done", gettext_lazy("Done")
    FAILED = "failed", gettext_lazy("Failed")


class GroupState(TextChoices):
    """Where a group stands: being filled, ready to be compared, comparisons made."""

    FILLING = "filling", gettext_lazy("Being filled")
    COMPLETE = "complete", gettext_lazy("Complete")
    PLANNED = "planned", gettext_lazy("Planned")
