"""The refusals that changes to a campaign and its members can meet."""

from labeling.errors import DomainError, Kind


class CampaignChanged(DomainError):
    """Somebody else saved the campaign since this person opened it."""

    code = "campaign_changed"
    kind = Kind.CONFLICT


class WrongState(DomainError):
    """The campaign's state does not allow this; ``data['state']`` says which it is in."""

    code = "campaign_state"
    kind = Kind.CONFLICT


class ShapeFixed(DomainError):
    """The task shape is fixed once the campaign has been started."""

    code = "shape_fixed"
    kind = Kind.CONFLICT


class GuidelineMissing(DomainError):
    """A campaign cannot be started without a judging guide."""

    code = "guideline_missing"
    kind = Kind.CONFLICT


class AnotherRoundOpen(DomainError):
    """One round of a campaign is open at most; ``data['open']`` is the number of that one."""

    code = "round_open"
    kind = Kind.CONFLICT


class AlreadyMember(DomainError):
    """The person belongs to the campaign already."""

    code = "already_member"
    kind = Kind.CONFLICT


class LastManager(DomainError):
    """The campaign would be left without a manager."""

    code = "last_manager"
    kind = Kind.CONFLICT
