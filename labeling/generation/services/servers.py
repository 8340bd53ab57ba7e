"""Name model servers for a campaign, change their keys, and find the one that a generator names."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.campaigns.models import Campaign
from labeling.errors import DomainError, Invalid, Kind
from labeling.generation.backends.addresses import host_of
from labeling.generation.models import ModelServer
from labeling.generation.services.sealing import reseal, seal, unseal
from labeling.wording import gettext

LONGEST_NAME, LONGEST_URL, LONGEST_KEY = 60, 500, 1_000
MOST_AT_ONCE, MOST_A_MINUTE = 256, 1_000_000


class ServerNameTaken(DomainError):
    """The campaign, or the deployment, has a server of this name already."""

    code = "server_name_taken"
    kind = Kind.CONFLICT


@dataclass(frozen=True)
class Server:
    """Where a generator's model is, and how many calls it takes."""

    base_url: str
    api_key: str = field(repr=False)
    at_once: int
    a_minute: int | None
    many: bool


def server_named(campaign_id: int, name: str) -> Server | None:
    """Return a server of the deployment or of a campaign, with its key; None if there is none.

    Raises CannotOpen where no sealing key opens the server's key, or it is another host's.
    """
    given = settings.MODEL_ENDPOINTS.get(name)
    if given is not None:
        return Server(given.base_url, given.api_key, given.at_once, given.a_minute, given.many)
    own = ModelServer.objects.filter(campaign=campaign_id, name=name).first()
    if own is None:
        return None
    sealed, host = own.sealed_key, host_of(own.base_url)
    key = unseal(sealed, host=host) if sealed else ""
    return Server(own.base_url, key, own.at_once, own.a_minute, own.many)


@transaction.atomic
def add_server(
    *,
    campaign: Campaign,
    by: User,
    name: str,
    base_url: str,
    api_key: str = "",
    at_once: int = 8,
    a_minute: int | None = None,
    many: bool = False,
) -> ModelServer:
    """Store a server on a host that the operator allows, with its key sealed for that host.

    Raises Invalid, naming the fields that do not hold, and ServerNameTaken.
    """
    name, base_url = name.strip(), base_url.strip().rstrip("/")
    problems = _problems(name, base_url, api_key, at_once, a_minute)
    if problems:
        fields = {where: [reason] for where, reason in problems.items()}
        raise Invalid(gettext("The server does not hold; see data.fields."), fields=fields)
    if name in settings.MODEL_ENDPOINTS:
        raise ServerNameTaken(gettext("There is a server of this name. Choose another."))
    try:
        with transaction.atomic():
            server = ModelServer.objects.create(
                campaign=campaign,
                name=name,
                base_url=base_url,
                sealed_key=seal(api_key, host=host_of(base_url)) if api_key else "",
                at_once=at_once,
                a_minute=a_minute,
                many=many,
                created_by=by,
            )
    except IntegrityError as error:
        reason = gettext("There is a server of this name. Choose another.")
        raise ServerNameTaken(reason) from error
    record_event(
        actor=by,
        action="server.added",
        target=f"server:{server.pk}",
        campaign=campaign.pk,
        host=host_of(base_url),
    )
    return server


@transaction.atomic
def set_key(*, server: ModelServer, api_key: str, by: User) -> None:
    """Put another key in the place of a server's; an empty one takes it away. Raises Invalid."""
    if len(api_key) > LONGEST_KEY:
        too_long = gettext("must have at most %(most)s characters") % {"most": LONGEST_KEY}
        reason = gettext("The key does not hold; see data.fields.")
        raise Invalid(reason, fields={"api_key": [too_long]})
    sealed = seal(api_key, host=host_of(server.base_url)) if api_key else ""
    server.sealed_key = sealed
    server.save(update_fields=["sealed_key"])
    record_event(actor=by, action="server.key_set", target=f"server:{server.pk}")


@transaction.atomic
def remove_server(*, server: ModelServer, by: User) -> None:
    """Remove a server with its key; its name stays in the generators that named it."""
    record_event(actor=by, action="server.removed", target=f"server:{server.pk}", name=server.name)
    server.delete()


@transaction.atomic
def reseal_keys() -> int:
    """Seal every key with the newest of SEALING_KEYS; return how many there are.

    All of them or none: raises CannotOpen where one cannot be opened.
    """
    servers = list(ModelServer.objects.select_for_update().exclude(sealed_key="").order_by("pk"))
    for server in servers:
        server.sealed_key = reseal(server.sealed_key)
    ModelServer.objects.bulk_update(servers, ["sealed_key"])
    return len(servers)


def _problems(
    name: str, base_url: str, api_key: str, at_once: int, a_minute: int | None
) -> dict[str, str]:
    too_long = gettext("must have at most %(most)s characters")
    whole = gettext("must be a whole number from %(least)s to %(most)s")
    problems = {}
    if not name or len(name) > LONGEST_NAME:
        problems["name"] = too_long % {"most": LONGEST_NAME} if name else gettext("is missing")
    if reason := _address_problem(base_url):
        problems["base_url"] = reason
    if len(api_key) > LONGEST_KEY:
        problems["api_key"] = too_long % {"most": LONGEST_KEY}
    if not 1 <= at_once <= MOST_AT_ONCE:
        problems["at_once"] = whole % {"least": 1, "most": MOST_AT_ONCE}
    if a_minute is not None and not 1 <= a_minute <= MOST_A_MINUTE:
        problems["a_minute"] = whole % {"least": 1, "most": MOST_A_MINUTE}
    return problems


def _address_problem(base_url: str) -> str:
    """Return what does not hold about an address, or an empty text."""
    if len(base_url) > LONGEST_URL:
        return gettext("must have at most %(most)s characters") % {"most": LONGEST_URL}
    try:
        parts = urlsplit(base_url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
        host = host_of(base_url) if is_address else ""
    except ValueError:
        host = ""
    if not host or parts.username or parts.password or parts.query or parts.fragment:
        return gettext("must be an address like https://host/v1")
    if host not in settings.MODEL_HOSTS:
        reason = gettext("%(host)s is not a host that is allowed here; an operator adds it")
        return reason % {"host": host}
    return ""
