"""Open the backend that a generator names, in a worker."""

from importlib.util import find_spec

from django.conf import settings

from labeling.clock import database_now
from labeling.generation.backends.addresses import PinnedTransport, host_of
from labeling.generation.backends.port import Backend, BackendUnavailable
from labeling.generation.backends.process import ProcessBackend
from labeling.generation.backends.server import TOTAL_SECONDS, ServerBackend
from labeling.generation.backends.wire import ModelSpec
from labeling.generation.enums import Backend as Kind
from labeling.generation.models import Generator, RunPart
from labeling.generation.queries.offers import TOY_MODEL, local_models, toy_folder
from labeling.generation.services.calls import Limits, SharedTurns
from labeling.generation.services.sealing import CannotOpen
from labeling.generation.services.servers import server_named
from labeling.generation.services.toy import NO_LOCAL_MODELS, build_toy_model
from labeling.generation.services.work import Worker

SEALED = (
    "The server's key cannot be opened here.",
    "Give the server its key anew, or the worker the SEALING_KEYS that sealed it.",
)
# The one model that this worker process keeps loaded, by its specification.
_held: dict[ModelSpec, ProcessBackend] = {}


def open_backend(part: RunPart) -> Backend:
    """Return the backend of a part of a run, ready to answer; the toy is built when missing.

    Raises BackendUnavailable when this deployment cannot run it.
    """
    generator = part.generator
    if generator.backend == Kind.OPENAI:
        return _open_server(part)
    if generator.model not in local_models():
        raise BackendUnavailable(
            f"The model {generator.model} is not allowed on this worker.",
            "Put its folder into the models folder, or name it in LOCAL_MODELS.",
        )
    if find_spec("torch") is None:
        raise BackendUnavailable(*NO_LOCAL_MODELS)
    if generator.model == TOY_MODEL and not toy_folder().exists():
        build_toy_model(force=False)
    return _open_local(_spec(generator))


def worker_here(*, budget_seconds: float) -> Worker:
    """Return what this worker process brings along, to work for so many seconds."""
    return Worker(
        open_backend=open_backend,
        has_loaded=has_loaded,
        clock=database_now,
        claim_seconds=settings.GENERATION_CLAIM_SECONDS,
        budget_seconds=budget_seconds,
    )


def has_loaded(generator: Generator) -> bool:
    """Tell whether this worker process holds the generator's model, or needs none in memory."""
    return generator.backend == Kind.OPENAI or _spec(generator) in _held


def close_local() -> None:
    """End the process of the model that is loaded, if one is."""
    for backend in _held.values():
        backend.close()
    _held.clear()


def _spec(generator: Generator) -> ModelSpec:
    return ModelSpec(
        name=generator.model,
        revision=generator.revision,
        models_dir=str(settings.MODELS_DIR),
        allowed=tuple(settings.LOCAL_MODELS),
        adapter=generator.adapter,
        dtype=generator.dtype,
        device=generator.device,
    )


def _open_server(part: RunPart) -> ServerBackend:
    generator = part.generator
    try:
        endpoint = server_named(generator.campaign_id, generator.endpoint)
    except CannotOpen:
        raise BackendUnavailable(*SEALED) from None
    if endpoint is None:
        raise BackendUnavailable(
            f"The server {generator.endpoint} is not one of this deployment.",
            "Add it to MODEL_ENDPOINTS and restart the worker, then retry.",
        )
    host = host_of(endpoint.base_url)
    turns = SharedTurns(
        host=host,
        limits=Limits(endpoint.at_once, endpoint.a_minute),
        generator=generator,
        run_id=part.run_id,
        seconds=2 * TOTAL_SECONDS,
        clock=database_now,
    )
    return ServerBackend(
        base_url=endpoint.base_url,
        api_key=endpoint.api_key,
        model=generator.model,
        turns=turns,
        at_once=endpoint.at_once,
        many=endpoint.many,
        transport=PinnedTransport({host}),
    )


def _open_local(spec: ModelSpec) -> ProcessBackend:
    """Return the model loaded, whether it was before or not; memory holds one at a time."""
    if spec not in _held:
        close_local()
        _held[spec] = ProcessBackend(spec)
    _held[spec].start()
    return _held[spec]
