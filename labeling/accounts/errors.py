"""The refusals that links and tries to get in can meet."""

from labeling.errors import DomainError, Kind


class LinkUsed(DomainError):
    """The link has let somebody in already."""

    code = "link_used"
    kind = Kind.GONE


class LinkExpired(DomainError):
    """The link's time is over."""

    code = "link_expired"
    kind = Kind.GONE


class LinkRevoked(DomainError):
    """The link was taken back, or its account is closed."""

    code = "link_revoked"
    kind = Kind.GONE


class LinkNotGiven(DomainError):
    """An invitation would hand over an account that is already in use."""

    code = "link_not_given"
    kind = Kind.CONFLICT


class TooManyTries(DomainError):
    """Too many links that are none came from one address."""

    code = "throttled"
    kind = Kind.TOO_MANY
