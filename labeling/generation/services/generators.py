"""Name a model with everything that decides what it makes."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal

from django.db import IntegrityError, transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.campaigns.models import Campaign
from labeling.errors import DomainError, Invalid, Kind
from labeling.generation.enums import AUTO, Backend, Dtype, Stage
from labeling.generation.models import Generator
from labeling.generation.queries.offers import local_adapters, local_models, servers_of
from labeling.generation.recipe import BadRecipe, read_recipe
from labeling.wording import gettext

LONGEST = {
    "name": 120,
    "model": 200,
    "revision": 80,
    "adapter": 200,
    "system_prompt": 20_000,
    "chat_template": 50_000,
}
HIGHEST_PRICE = Decimal(100_000)  # for a million tokens
DEVICES = re.compile(r"auto|cpu|mps|(cuda|xpu)(:\d{1,2})?")
Problem = tuple[str, str]


class NameTaken(DomainError):
    """The campaign has a generator of this name already."""

    code = "generator_name_taken"
    kind = Kind.CONFLICT


@dataclass(frozen=True)
class Draft:
    """A generator as it is asked for; ``Generator`` says what the values mean."""

    name: str
    backend: str
    model: str
    endpoint: str = ""
    revision: str = ""
    adapter: str = ""
    dtype: str = Dtype.AUTO
    device: str = AUTO
    stage: str = ""
    system_prompt: str = ""
    chat_template: str = ""
    seed: int | None = None
    price_read: Decimal = Decimal(0)
    price_written: Decimal = Decimal(0)
    parameters: Mapping[str, object] = field(default_factory=dict)


@transaction.atomic
def add_generator(*, campaign: Campaign, user: User, draft: Draft) -> Generator:
    """Store a generator whose model this deployment may use; it is never edited.

    Raises Invalid, naming the fields that do not hold, and NameTaken.
    """
    given = _trimmed(draft)
    problems = dict(_problems(given, servers_of(campaign)))
    try:
        given = replace(given, parameters=read_recipe(given.parameters).as_json())
    except BadRecipe as bad:
        problems |= {f"parameters.{name}": reason for name, reason in bad.fields.items()}
    if problems:
        fields = {name: [reason] for name, reason in problems.items()}
        raise Invalid(gettext("The generator does not hold; see data.fields."), fields=fields)
    try:
        with transaction.atomic():
            generator = Generator.objects.create(
                campaign=campaign, created_by=user, **asdict(given)
            )
    except IntegrityError as error:
        reason = gettext("The campaign has a generator of this name. Choose another.")
        raise NameTaken(reason) from error
    record_event(
        actor=user,
        action="generator.added",
        target=f"generator:{generator.pk}",
        campaign=campaign.pk,
        model=generator.model,
    )
    return generator


def _trimmed(draft: Draft) -> Draft:
    """Return the draft without the space around its texts; a template keeps what it has."""
    texts = ("name", "model", "revision", "adapter", "device", "system_prompt")
    return replace(draft, **{name: getattr(draft, name).strip() for name in texts})


def _problems(draft: Draft, servers: Collection[str]) -> Iterator[Problem]:
    """Yield the fields that do not hold, each with the reason."""
    too_long = gettext("must have at most %(most)s characters")
    for name, most in LONGEST.items():
        if len(getattr(draft, name)) > most:
            yield name, too_long % {"most": most}
    for name in ("name", "model"):
        if not getattr(draft, name):
            yield name, gettext("is missing")
    if draft.seed is not None and not 0 <= draft.seed < 2**63:
        yield "seed", gettext("must be a whole number from 0 to 9223372036854775807")
    for name in ("price_read", "price_written"):
        if not 0 <= getattr(draft, name) <= HIGHEST_PRICE:
            yield name, gettext("must be from 0 to %(most)s") % {"most": HIGHEST_PRICE}
    yield from _framing_problems(draft)
    if draft.backend == Backend.TRANSFORMERS:
        yield from _local_problems(draft)
    elif draft.backend == Backend.OPENAI:
        yield from _server_problems(draft, servers)
    else:
        yield "backend", _one_of(Backend.values)


def _framing_problems(draft: Draft) -> Iterator[Problem]:
    if draft.stage and draft.stage not in Stage.values:
        yield "stage", _one_of(Stage.values)
    if draft.stage == Stage.BASE and draft.chat_template:
        yield "chat_template", gettext("a base model is shown none; leave it out")


def _local_problems(draft: Draft) -> Iterator[Problem]:
    if draft.endpoint:
        yield "endpoint", gettext("a local model has none; leave it out")
    if draft.model and draft.model not in local_models():
        yield (
            "model",
            gettext(
                "is not one this deployment allows; put its folder into the models folder, "
                "or name it in LOCAL_MODELS"
            ),
        )
    if draft.adapter and draft.adapter not in local_adapters():
        reason = gettext("is no adapter in the models folder; put its folder there")
        yield "adapter", reason
    if draft.dtype not in Dtype.values:
        yield "dtype", _one_of(Dtype.values)
    if not DEVICES.fullmatch(draft.device):
        yield "device", gettext("must be auto, cpu, mps, cuda, or one such as cuda:1")


def _server_problems(draft: Draft, servers: Collection[str]) -> Iterator[Problem]:
    if draft.endpoint not in servers:
        reason = gettext("is not one of this deployment; add it to MODEL_ENDPOINTS")
        yield "endpoint", reason
    for name, usual in (("adapter", ""), ("dtype", Dtype.AUTO), ("device", AUTO)):
        if getattr(draft, name) != usual:
            yield name, gettext("is for local models; leave it out")


def _one_of(names: list[str]) -> str:
    return gettext("must be one of %(names)s") % {"names": ", ".join(names)}
