"""Open the backend that a generator names, in a worker."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from labeling.generation.backends.port import Backend, BackendUnavailable
from labeling.generation.backends.server import ServerBackend
from labeling.generation.enums import Backend as Kind
from labeling.generation.models import Generator
from labeling.generation.queries import TOY_MODEL, local_models, toy_folder
from labeling.generation.services.toy import build_toy_model, import_local


def open_backend(generator: Generator) -> Backend:
    """Return the generator's backend, ready to answer; the toy model is built when missing.

    Raises BackendUnavailable when this deployment cannot run it.
    """
    if generator.backend == Kind.OPENAI:
        return _open_server(generator)
    if generator.model not in local_models():
        raise BackendUnavailable(
            f"The model {generator.model} is not allowed on this worker.",
            "Put its folder into the models folder, or name it in LOCAL_MODELS.",
        )
    if generator.model == TOY_MODEL and not toy_folder().exists():
        build_toy_model(force=False)
    return _load_local(generator.model, generator.revision)


def _open_server(generator: Generator) -> ServerBackend:
    endpoint = settings.MODEL_ENDPOINTS.get(generator.endpoint)
    if endpoint is None:
        raise BackendUnavailable(
            f"The endpoint {generator.endpoint} is not one of this deployment.",
            "Add it to MODEL_ENDPOINTS and restart the worker, then retry.",
        )
    return ServerBackend(
        base_url=endpoint.base_url, api_key=endpoint.api_key, model=generator.model
    )


@lru_cache(maxsize=1)
def _load_local(model: str, revision: str) -> Backend:
    """Keep one model in memory for the life of the process."""
    local = import_local("local")
    loaded = local.load_model(
        name=model,
        revision=revision,
        models_dir=Path(settings.MODELS_DIR),
        allowed=settings.LOCAL_MODELS,
    )
    backend: Backend = local.LocalBackend(loaded)
    return backend
