"""The named states of candidate generation."""

from django.db.models import TextChoices


class Backend(TextChoices):
    """What makes the candidates of a generator."""

    TRANSFORMERS = "transformers", "Local model (transformers)"
    OPENAI = "openai", "OpenAI-compatible server"


class CandidateSource(TextChoices):
    """Where a response came from."""

    MODEL = "model", "Model"
    IMPORT = "import", "Import"
    HUMAN = "human", "Human"
    REVISION = "revision", "Revision"


class CandidateState(TextChoices):
    """Where a candidate stands; only ``done`` candidates are ever compared."""

    PENDING = "pending", "Waiting"
    RUNNING = "running", "Being made"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class GroupState(TextChoices):
    """Where a group stands: being filled, ready to be compared, comparisons made."""

    FILLING = "filling", "Being filled"
    COMPLETE = "complete", "Complete"
    PLANNED = "planned", "Planned"
