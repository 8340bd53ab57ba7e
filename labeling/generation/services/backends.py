"""Open the backend that a generator names, in a worker."""

from importlib.util import find_spec

from django.conf import settings

from labeling.generation.backends.port import Backend, BackendUnavailable
from labeling.generation.backends.process import ProcessBackend
from labeling.generation.backends.server import ServerBackend
from labeling.generation.backends.wire import ModelSpec
from labeling.generation.enums import Backend as Kind
from labeling.generation.models import Generator
from labeling.generation.queries import TOY_MODEL, local_models, toy_folder
from labeling.generation.services.toy import NO_LOCAL_MODELS, build_toy_model

# The one model that this worker process keeps loaded, by its specification.
_held: dict[ModelSpec, ProcessBackend] = {}


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
    if find_spec("torch") is None:
        raise BackendUnavailable(*NO_LOCAL_MODELS)
    if generator.model == TOY_MODEL and not toy_folder().exists():
        build_toy_model(force=False)
    return _open_local(
        ModelSpec(
            name=generator.model,
            revision=generator.revision,
            models_dir=str(settings.MODELS_DIR),
            allowed=tuple(settings.LOCAL_MODELS),
        )
    )


def close_local() -> None:
    """End the process of the model that is loaded, if one is."""
    for backend in _held.values():
        backend.close()
    _held.clear()


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


def _open_local(spec: ModelSpec) -> ProcessBackend:
    """Return the model loaded, whether it was before or not; memory holds one at a time."""
    if spec not in _held:
        close_local()
        _held[spec] = ProcessBackend(spec)
    _held[spec].start()
    return _held[spec]
