"""The refusals that training and qualification can meet."""

from labeling.errors import DomainError, Kind


class PlanChanged(DomainError):
    """Somebody else changed the training plan since this person opened it."""

    code = "plan_changed"
    kind = Kind.CONFLICT


class AttemptRefused(DomainError):
    """The person cannot begin this now; ``data['why']`` says why."""

    code = "attempt_refused"
    kind = Kind.CONFLICT


class ItemNotInUse(DomainError):
    """The item was taken back, so that nothing about it can be changed."""

    code = "item_not_in_use"
    kind = Kind.CONFLICT


class ObjectionDecided(DomainError):
    """The objection has been decided before."""

    code = "objection_decided"
    kind = Kind.CONFLICT
