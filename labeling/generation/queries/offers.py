"""What a generator may name here: local models and adapters, and servers."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from labeling.campaigns.models import Campaign
from labeling.errors import NotFound
from labeling.generation.enums import Backend
from labeling.generation.models import ModelServer
from labeling.wording import gettext, gettext_noop

TOY_MODEL = "toy-chat"
# As it is stored; pages show it in their language.
TOY_LABEL = gettext_noop("toy-chat (a toy, trained on the demo text)")


@dataclass(frozen=True)
class ModelChoice:
    """One model that a generator may name; endpoints serve any model they know."""

    backend: Backend
    model: str
    endpoint: str
    label: str


def toy_folder() -> Path:
    """Return where the toy model is, or will be."""
    return Path(settings.MODELS_DIR) / TOY_MODEL


def local_models() -> list[str]:
    """Return the names of the local models allowed here, the toy first."""
    folder = Path(settings.MODELS_DIR)
    own = [entry.name for entry in sorted(folder.glob("[!.]*")) if (entry / "config.json").exists()]
    return list(dict.fromkeys([TOY_MODEL, *own, *settings.LOCAL_MODELS]))


def local_adapters() -> list[str]:
    """Return the names of the LoRA adapters in the models folder."""
    found = Path(settings.MODELS_DIR).glob("[!.]*/adapter_config.json")
    return sorted(config.parent.name for config in found)


def servers_of(campaign: Campaign) -> list[str]:
    """Return the names of the servers that the campaign's generators may name, in order."""
    own = ModelServer.objects.filter(campaign=campaign).values_list("name", flat=True)
    return sorted({*settings.MODEL_ENDPOINTS, *own})


def own_servers(campaign: Campaign) -> QuerySet[ModelServer]:
    """Return the servers that managers named for a campaign, newest first."""
    return ModelServer.objects.filter(campaign=campaign).order_by("-id")


def server_for(campaign: Campaign, server_id: int) -> ModelServer:
    """Return one server of the campaign, or raise NotFound."""
    found = own_servers(campaign).filter(pk=server_id).first()
    if found is None:
        raise NotFound(gettext("The campaign has no such server."))
    return found


def available_models(campaign: Campaign) -> list[ModelChoice]:
    """Return every model and every server that a generator of the campaign may name."""
    labels = {TOY_MODEL: gettext(TOY_LABEL)}
    local = [
        ModelChoice(Backend.TRANSFORMERS, name, "", labels.get(name, name))
        for name in local_models()
    ]
    served = [ModelChoice(Backend.OPENAI, "", name, name) for name in servers_of(campaign)]
    return local + served
