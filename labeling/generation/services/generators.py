"""Name a model with a sampling recipe."""

from collections.abc import Mapping

from django.conf import settings
from django.db import IntegrityError, transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.campaigns.models import Campaign
from labeling.errors import DomainError, Invalid, Kind
from labeling.generation.enums import Backend
from labeling.generation.models import Generator
from labeling.generation.queries import local_models
from labeling.generation.recipe import BadRecipe, read_recipe
from labeling.wording import gettext

LONGEST = {"name": 120, "model": 200, "revision": 80}


class NameTaken(DomainError):
    """The campaign has a generator of this name already."""

    code = "generator_name_taken"
    kind = Kind.CONFLICT


@transaction.atomic
def add_generator(
    *,
    campaign: Campaign,
    user: User,
    name: str,
    backend: str,
    model: str,
    endpoint: str = "",
    revision: str = "",
    parameters: Mapping[str, object] | None = None,
) -> Generator:
    """Store a generator whose model this deployment may use; recipes are never edited.

    Raises Invalid, naming the fields that do not hold, and NameTaken.
    """
    given = {"name": name.strip(), "model": model.strip(), "revision": revision.strip()}
    problems = _text_problems(given) | _model_problems(backend, given["model"], endpoint)
    try:
        recipe = read_recipe(parameters or {})
    except BadRecipe as bad:
        problems |= {f"parameters.{field}": reason for field, reason in bad.fields.items()}
    if problems:
        fields = {field: [reason] for field, reason in problems.items()}
        raise Invalid(gettext("The generator does not hold; see data.fields."), fields=fields)
    try:
        with transaction.atomic():
            generator = Generator.objects.create(
                campaign=campaign,
                backend=backend,
                endpoint=endpoint,
                parameters=recipe.as_json(),
                created_by=user,
                **given,
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


def _text_problems(given: Mapping[str, str]) -> dict[str, str]:
    too_long = gettext("must have at most %(most)s characters")
    problems = {
        field: too_long % {"most": LONGEST[field]}
        for field, text in given.items()
        if len(text) > LONGEST[field]
    }
    missing = gettext("is missing")
    return problems | {field: missing for field in ("name", "model") if not given[field]}


def _model_problems(backend: str, model: str, endpoint: str) -> dict[str, str]:
    if backend == Backend.TRANSFORMERS:
        problems = {}
        if endpoint:
            problems["endpoint"] = gettext("a local model has none; leave it out")
        if model and model not in local_models():
            problems["model"] = gettext(
                "is not one this deployment allows; put its folder into the models folder, "
                "or name it in LOCAL_MODELS"
            )
        return problems
    if backend == Backend.OPENAI:
        if endpoint in settings.MODEL_ENDPOINTS:
            return {}
        return {"endpoint": gettext("is not one of this deployment; add it to MODEL_ENDPOINTS")}
    return {"backend": gettext("must be one of %(names)s") % {"names": ", ".join(Backend.values)}}
