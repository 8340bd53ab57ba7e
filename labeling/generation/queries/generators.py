"""Reads about generators and constitutions."""

from django.db.models import QuerySet

from labeling.campaigns.models import Campaign
from labeling.errors import NotFound
from labeling.generation.enums import Backend
from labeling.generation.models import (
    Constitution,
    GenerationRun,
    Generator,
)
from labeling.generation.queries.offers import TOY_MODEL, toy_folder
from labeling.wording import gettext


def generators_of(campaign: Campaign) -> QuerySet[Generator]:
    """Return the generators of a campaign, newest first."""
    return Generator.objects.filter(campaign=campaign).order_by("-id")


def generator_for(campaign: Campaign, generator_id: int) -> Generator:
    """Return one generator of the campaign, or raise NotFound."""
    found = generators_of(campaign).filter(pk=generator_id).first()
    if found is None:
        raise NotFound(gettext("The campaign has no such generator."))
    return found


def constitutions_of(campaign: Campaign) -> QuerySet[Constitution]:
    """Return every version of a campaign's constitutions, newest first."""
    return Constitution.objects.filter(campaign=campaign).order_by("-id")


def constitution_for(campaign: Campaign, constitution_id: int) -> Constitution:
    """Return one version of a constitution of the campaign, or raise NotFound."""
    found = constitutions_of(campaign).filter(pk=constitution_id).first()
    if found is None:
        raise NotFound(gettext("The campaign has no such constitution."))
    return found


def waits_for_toy(run: GenerationRun) -> bool:
    """Tell whether the run needs the toy model and no worker has built it yet."""
    toys = run.parts.filter(generator__backend=Backend.TRANSFORMERS, generator__model=TOY_MODEL)
    return not toy_folder().exists() and toys.exists()
