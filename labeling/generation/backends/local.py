"""Answer with a transformers model in this process; imported only where that is installed.

What is promised about seeds: every candidate draws from a random stream of its own, so on
one machine and version the text depends on the model, the recipe, the prompt and the seed,
not on the batch. What is left is the order of floating-point sums, which differs with the
batch's shape and now and then tips a near-tie.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig, LogitsProcessor
from transformers.utils.logging import disable_progress_bar

from labeling.generation.backends.folders import check_folder, fingerprint
from labeling.generation.backends.port import (
    BackendUnavailable,
    Completion,
    Failure,
    Messages,
    Request,
)
from labeling.generation.recipe import Recipe
from labeling.generation.texts import hash_of

BATCH_SIZE = 16
BATCHES_AT_ONCE = 2
SMALL = 20_000_000

NO_TEMPLATE = Failure("The model has no chat template.", "Use a chat model.")
OUT_OF_MEMORY = Failure(
    "The model ran out of memory.", "Use fewer new tokens or a smaller model, then retry."
)


@dataclass(frozen=True)
class Loaded:
    """A model in memory with what candidates record of it."""

    model: Any
    tokenizer: Any
    label: str
    revision: str
    template_hash: str


def load_model(*, name: str, revision: str, models_dir: Path, allowed: Sequence[str]) -> Loaded:
    """Load a model by its folder's name, or one that the operator allowed by its full name.

    Weights are safetensors only and code that came with a model never runs. Nothing is
    fetched: a hub name must be in the local cache. Raises BackendUnavailable.
    """
    own = models_dir / name
    if name in allowed and not own.is_dir():
        path = Path(name)
        source = str(check_folder(path, path.parent)) if path.is_absolute() else name
    else:
        source = str(check_folder(own, models_dir))
    is_folder = Path(source).is_absolute()
    try:
        return _load(source, label=name, revision=revision, is_folder=is_folder)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        raise BackendUnavailable(
            f"The model {name} could not be loaded ({type(error).__name__}).",
            "Check the folder; a hub name must be in the local cache (`hf download NAME`).",
        ) from error


def _load(source: str, *, label: str, revision: str, is_folder: bool) -> Loaded:
    disable_progress_bar()
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    if revision and not is_folder:
        options["revision"] = revision
    tokenizer = AutoTokenizer.from_pretrained(source, padding_side="left", **options)
    model = AutoModelForCausalLM.from_pretrained(
        source, use_safetensors=True, dtype="auto", **options
    )
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    # The recipe alone decides how text is sampled, never what the model's folder suggests.
    model.generation_config = GenerationConfig(
        eos_token_id=_end_tokens(model, tokenizer), pad_token_id=tokenizer.pad_token_id
    )
    model.to("cuda" if torch.cuda.is_available() else "cpu").eval()
    template = tokenizer.chat_template
    commit = str(getattr(model.config, "_commit_hash", None) or revision)
    return Loaded(
        model=model,
        tokenizer=tokenizer,
        label=label,
        revision=fingerprint(Path(source)) if is_folder else commit,
        template_hash=hash_of(template) if template else "",
    )


class DrawPerRow(LogitsProcessor):  # type: ignore[misc]  # transformers ships no types
    """Turn greedy decoding into sampling where each row draws from its own random stream.

    Adding Gumbel noise to log-probabilities and taking the largest is a draw from them.
    """

    def __init__(self, seeds: Sequence[int], recipe: Recipe) -> None:
        self._streams = [torch.Generator().manual_seed(seed) for seed in seeds]
        self._temperature, self._top_p = recipe.temperature, recipe.top_p

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Return scores whose largest entry is the token drawn."""
        scores = torch.log_softmax(scores.float() / self._temperature, dim=-1)
        if self._top_p < 1:
            scores = _keep_nucleus(scores, self._top_p)
        size = scores.shape[-1]
        draws = torch.stack([torch.rand(size, generator=stream) for stream in self._streams])
        noise = -torch.log(-torch.log(draws.clamp(1e-20, 1 - 1e-7)))
        return scores + noise.to(scores.device)


def _keep_nucleus(scores: torch.Tensor, top_p: float) -> torch.Tensor:
    """Rule out all but the likeliest tokens that together reach ``top_p``."""
    ordered, places = scores.sort(dim=-1, descending=True, stable=True)
    before = ordered.exp().cumsum(dim=-1) - ordered.exp()
    ordered = ordered.masked_fill(before >= top_p, -torch.inf)
    return scores.scatter(-1, places, ordered)


@dataclass(frozen=True)
class Row:
    """One request with its place among those asked for, and its prompt's tokens."""

    at: int
    request: Request
    ids: list[int]


def batches_of(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield batches of one recipe whose prompts are of like length, so that little is padding."""
    batch: list[Row] = []
    for row in sorted(rows, key=lambda row: (repr(row.request.parameters), len(row.ids))):
        fits = (
            batch
            and len(batch) < BATCH_SIZE
            and row.request.parameters == batch[0].request.parameters
            and len(row.ids) <= 2 * len(batch[0].ids) + 32
        )
        if batch and not fits:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


@contextmanager
def few_threads(is_small: bool) -> Iterator[None]:
    """Compute on one thread while a small model runs: more would wait for one another."""
    threads = torch.get_num_threads()
    if is_small:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


class LocalBackend:
    """A loaded model that answers batches."""

    batch_size = BATCH_SIZE * BATCHES_AT_ONCE

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self._is_small = loaded.model.num_parameters() < SMALL
        self._longest = int(getattr(loaded.model.config, "max_position_embeddings", 0) or 1 << 20)

    def complete(self, requests: Sequence[Request]) -> list[Completion | Failure]:
        """Answer the requests; those with one recipe and prompts of like length share batches."""
        outcomes: dict[int, Completion | Failure] = {}
        rows: list[Row] = []
        for at, request in enumerate(requests):
            ids = self._encode(request.messages, request.parameters)
            if isinstance(ids, Failure):
                outcomes[at] = ids
            else:
                rows.append(Row(at, request, ids))
        for batch in batches_of(rows):
            made = self._generate(batch)
            outcomes |= {row.at: outcome for row, outcome in zip(batch, made, strict=True)}
        return [outcomes[at] for at in range(len(requests))]

    def _encode(self, messages: Messages, recipe: Recipe) -> list[int] | Failure:
        tokenizer = self._loaded.tokenizer
        if not tokenizer.chat_template:
            return NO_TEMPLATE
        try:
            text = tokenizer.apply_chat_template(
                [dict(message) for message in messages], add_generation_prompt=True, tokenize=False
            )
        except Exception as error:  # noqa: BLE001 - templates come with models and raise anything
            return Failure(
                f"The model's chat template refuses the prompt ({type(error).__name__}).",
                "It may know no system turn; use another model for such prompts.",
            )
        ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
        if len(ids) + recipe.max_new_tokens > self._longest:
            return Failure(
                f"The prompt with {recipe.max_new_tokens} new tokens is longer than the "
                f"{self._longest} tokens the model takes.",
                "Use fewer new tokens or a model with a longer context.",
            )
        return ids

    def _generate(self, batch: Sequence[Row]) -> Sequence[Completion | Failure]:
        model, tokenizer = self._loaded.model, self._loaded.tokenizer
        recipe = batch[0].request.parameters
        inputs = tokenizer.pad({"input_ids": [row.ids for row in batch]}, return_tensors="pt")
        inputs = inputs.to(model.device)
        options: dict[str, Any] = {"max_new_tokens": recipe.max_new_tokens, "do_sample": False}
        # An empty response is of no use, so the end token may not come first.
        options["min_new_tokens"] = 1
        if recipe.temperature:
            seeds = [row.request.seed for row in batch]
            options["logits_processor"] = [DrawPerRow(seeds, recipe)]
        if recipe.stop:
            options |= {"stop_strings": list(recipe.stop), "tokenizer": tokenizer}
        started = time.monotonic()
        try:
            with torch.inference_mode(), few_threads(self._is_small):
                output = model.generate(**inputs, **options)
        except (torch.OutOfMemoryError, MemoryError):
            return [OUT_OF_MEMORY] * len(batch)
        spent = round((time.monotonic() - started) * 1000)
        width = inputs["input_ids"].shape[1]
        return [
            self._completion(row, made.tolist(), spent)
            for row, made in zip(batch, output[:, width:], strict=True)
        ]

    def _completion(self, row: Row, made: list[int], spent: int) -> Completion:
        recipe = row.request.parameters
        ends = self._loaded.model.generation_config.eos_token_id
        tokens, has_ended = _until_end(made, ends)
        text = self._loaded.tokenizer.decode(tokens, skip_special_tokens=True)
        found = [at for stop in recipe.stop if (at := text.find(stop)) >= 0]
        cut = min(found, default=None)
        return Completion(
            text=text[:cut],
            finish_reason="stop" if has_ended or cut is not None else "length",
            latency_ms=spent,
            model_label=self._loaded.label,
            model_revision=self._loaded.revision,
            template_hash=self._loaded.template_hash,
            parameters={**recipe.as_json(), "min_new_tokens": 1},
            prompt_tokens=len(row.ids),
            completion_tokens=len(tokens) + has_ended,
        )


def _end_tokens(model: Any, tokenizer: Any) -> list[int]:
    named = model.generation_config.eos_token_id
    ends = [*(named if isinstance(named, list) else [named]), tokenizer.eos_token_id]
    return sorted({end for end in ends if end is not None})


def _until_end(made: list[int], ends: Sequence[int]) -> tuple[list[int], bool]:
    """Return the tokens before the first end token, and whether there was one."""
    for at, token in enumerate(made):
        if token in ends:
            return made[:at], True
    return made, False
