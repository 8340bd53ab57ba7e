"""The refusals that links and tries to get in can meet."""

from labeling.errors import DomainError, Kind, NotFound
from labeling.wording import gettext_lazy


class LinkUnknown(NotFound):
    """The link is damaged, or was never given out here."""

    code = "link_unknown"
    title = gettext_lazy("This link does not work")


class LinkUsed(DomainError):
    """The link has let somebody in already."""

    code = "link_used"
    kind = Kind.GONE
    title = gettext_lazy("This link has been used")


class LinkExpired(DomainError):
    """The link's time is over."""

    code = "link_expired"
    kind = Kind.GONE
    title = gettext_lazy("This link has expired")


class LinkRevoked(DomainError):
    """The link was taken back, or its account is closed."""

    code = "link_revoked"
    kind = Kind.GONE
    title = gettext_lazy("This link was withdrawn")


class LinkNotGiven(DomainError):
    """An invitation would hand over an account that is already in use."""

    code = "link_not_given"
    kind = Kind.CONFLICT


class TooManyTries(DomainError):
    """Too many links that are none came from one address."""

    code = "throttled"
    kind = Kind.TOO_MANY
