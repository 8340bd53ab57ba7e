"""Answer with a transformers model in this process; imported only where that is installed.

What is promised about seeds: every candidate draws from a random stream of its own, so on
one machine and version the text depends on the model, the recipe, the prompt and the seed,
not on the batch. What is left is the order of floating-point sums, which differs with the
batch's shape and now and then tips a near-tie.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch
from transformers import DynamicCache, StoppingCriteria

from labeling.generation.backends.batching import Row, batches_of
from labeling.generation.backends.loading import Loaded
from labeling.generation.backends.memory import (
    SHARE,
    cost_of,
    few_threads,
    free_bytes,
    is_out_of_memory,
)
from labeling.generation.backends.port import Completion, Failure, Outcome, Request
from labeling.generation.backends.sampling import DrawPerRow
from labeling.generation.framing import Framing
from labeling.generation.texts import hash_of, storable

FEWEST_SHARED = 24  # tokens that make reading a prompt once for all its rows worth while

NO_TEMPLATE = Failure(
    "The model has no chat template.",
    "Use a chat model, give the generator a template, or give it the stage “base”.",
)
OUT_OF_MEMORY = Failure(
    "The model ran out of memory.", "Use fewer new tokens or a smaller model, then retry."
)
Made = Mapping[int, Outcome]


class LocalBackend:
    """A loaded model that answers batches."""

    batch_size = 64

    def __init__(
        self, loaded: Loaded, *, on_batch: Callable[[Sequence[int]], None] = lambda places: None,
        on_step: Callable[[int], None] = lambda rows: None,
    ) -> None:  # fmt: skip
        """``on_batch`` is told the places of a batch before it begins, ``on_step`` its rows."""
        self._loaded, self._on_batch, self._on_step = loaded, on_batch, on_step
        self._cost = cost_of(loaded.model)
        self._share = SHARE
        self._longest = int(getattr(loaded.model.config, "max_position_embeddings", 0) or 1 << 20)

    def complete(self, requests: Sequence[Request]) -> Iterator[Made]:
        """Yield the outcomes batch by batch, those of refused prompts first."""
        refused: dict[int, Outcome] = {}
        rows: list[Row] = []
        self._on_batch(range(len(requests)))
        for at, request in enumerate(requests):
            ids = self._encode(request)
            if isinstance(ids, Failure):
                refused[at] = ids
            else:
                rows.append(Row(at, request, ids))
        if refused:
            yield refused
        budget = round(free_bytes(self._loaded.model.device) * self._share)
        for batch in batches_of(rows, cost=self._cost, budget=budget):
            yield from self._persist(batch)

    def _persist(self, batch: Sequence[Row]) -> Iterator[Made]:
        """Generate a batch; where memory does not suffice, its halves."""
        self._on_batch([row.at for row in batch])
        try:
            yield self._generate(batch)
            return
        except Exception as error:
            if not is_out_of_memory(error):
                raise
        # Outside the handler: the error's frames would keep the batch's memory.
        torch.cuda.empty_cache()
        if len(batch) == 1:
            yield {batch[0].at: OUT_OF_MEMORY}
            return
        self._share /= 2
        half = len(batch) // 2
        yield from self._persist(batch[:half])
        yield from self._persist(batch[half:])

    def _encode(self, request: Request) -> tuple[int, ...] | Failure:
        text = self._text(request)
        if isinstance(text, Failure):
            return text
        # A template writes the tokens that a text begins with by itself.
        ids = self._loaded.tokenizer(text, add_special_tokens=request.framing.is_plain)
        new = request.parameters.max_new_tokens
        if len(ids["input_ids"]) + new > self._longest:
            return Failure(
                f"The prompt with {new} new tokens is longer than the {self._longest} tokens "
                "the model takes.",
                "Use fewer new tokens or a model with a longer context.",
            )
        return tuple(ids["input_ids"])

    def _text(self, request: Request) -> str | Failure:
        """Return the prompt as the model is shown it."""
        framing, tokenizer = request.framing, self._loaded.tokenizer
        if framing.is_plain:
            return framing.text(request.messages)
        if not (framing.template or tokenizer.chat_template):
            return NO_TEMPLATE
        try:
            text: str = tokenizer.apply_chat_template(
                framing.turns(request.messages),
                chat_template=framing.template or None,
                add_generation_prompt=True,
                tokenize=False,
            )
        except Exception as error:  # noqa: BLE001 - templates come with models and raise anything
            return Failure(
                f"The chat template refuses the prompt ({type(error).__name__}).",
                "It may know no system turn; use another model or template for such prompts.",
            )
        return text

    def _generate(self, batch: Sequence[Row]) -> Made:
        model, recipe = self._loaded.model, batch[0].request.parameters
        # An empty response is of no use, so the end token may not come first.
        options: dict[str, Any] = {"max_new_tokens": recipe.max_new_tokens, "do_sample": False}
        options["min_new_tokens"] = 1
        options["stopping_criteria"] = [Steps(self._on_step)]
        if recipe.temperature:
            seeds = [row.request.seed for row in batch]
            options["logits_processor"] = [DrawPerRow(seeds, recipe)]
        if recipe.stop:
            options |= {"stop_strings": list(recipe.stop), "tokenizer": self._loaded.tokenizer}
        started = time.monotonic()
        with torch.inference_mode(), few_threads(model):
            inputs = self._inputs(batch)
            output = model.generate(**inputs, **options)
        spent = round((time.monotonic() - started) * 1000)
        made = output[:, inputs["input_ids"].shape[1] :].tolist()
        return {row.at: self._completion(row, new, spent)
                for row, new in zip(batch, made, strict=True)}  # fmt: skip

    def _inputs(self, batch: Sequence[Row]) -> dict[str, Any]:
        """Return the padded prompts; those that several rows share have been read once."""
        distinct = list(dict.fromkeys(row.ids for row in batch))
        place = {ids: at for at, ids in enumerate(distinct)}
        padded = self._loaded.tokenizer.pad(
            {"input_ids": [*map(list, distinct)]}, return_tensors="pt"
        )
        inputs = dict(padded.to(self._loaded.model.device))
        if len(distinct) == len(batch):
            return inputs
        of_row = torch.tensor([place[row.ids] for row in batch], device=inputs["input_ids"].device)
        if len(distinct[0]) >= FEWEST_SHARED and self._can_share():
            inputs["past_key_values"] = cache = self._read(inputs)
            cache.batch_select_indices(of_row)
        for name in ("input_ids", "attention_mask"):
            inputs[name] = inputs[name][of_row]
        return inputs

    def _can_share(self) -> bool:
        """Tell whether the model keeps what it read in the plain way, all of it."""
        config = self._loaded.model.config.get_text_config(decoder=True)
        is_plain = not getattr(config, "sliding_window", None)
        kinds = set(getattr(config, "layer_types", None) or ["full_attention"])
        return is_plain and kinds == {"full_attention"} and self._loaded.model._supports_sdpa

    def _read(self, inputs: Mapping[str, Any]) -> Any:
        """Return what the model keeps of the prompts but for their last token."""
        mask = inputs["attention_mask"][:, :-1]
        read = self._loaded.model(
            input_ids=inputs["input_ids"][:, :-1],
            attention_mask=mask,
            position_ids=(mask.cumsum(-1) - 1).clamp(min=0),
            past_key_values=DynamicCache(config=self._loaded.model.config),
            logits_to_keep=1,
        )
        return read.past_key_values

    def _completion(self, row: Row, made: list[int], spent: int) -> Completion:
        recipe = row.request.parameters
        ends = self._loaded.model.generation_config.eos_token_id
        tokens, has_ended = _until_end(made, ends)
        text = self._loaded.tokenizer.decode(tokens, skip_special_tokens=True)
        found = [at for stop in recipe.stop if (at := text.find(stop)) >= 0]
        cut = min(found, default=None)
        return Completion(
            text=storable(text[:cut]),
            finish_reason="stop" if has_ended or cut is not None else "length",
            latency_ms=spent,
            model_label=self._loaded.label,
            model_revision=self._loaded.revision,
            template_hash=self._template_hash(row.request.framing),
            parameters={**recipe.as_json(), "min_new_tokens": 1},
            prompt_tokens=len(row.ids),
            completion_tokens=len(tokens) + has_ended,
        )

    def _template_hash(self, framing: Framing) -> str:
        if framing.is_plain:
            return ""
        return hash_of(framing.template) if framing.template else self._loaded.template_hash


class Steps(StoppingCriteria):  # type: ignore[misc]  # transformers ships no types
    """Tell of every step; stop nothing."""

    def __init__(self, on_step: Callable[[int], None]) -> None:
        self._on_step = on_step

    def __call__(self, input_ids: torch.Tensor, scores: Any, **given: Any) -> torch.Tensor:
        """Count one token for each row."""
        self._on_step(len(input_ids))
        return torch.zeros(len(input_ids), dtype=torch.bool, device=input_ids.device)


def _until_end(made: list[int], ends: Sequence[int]) -> tuple[list[int], bool]:
    """Return the tokens before the first end token, and whether there was one."""
    for at, token in enumerate(made):
        if token in ends:
            return made[:at], True
    return made, False
