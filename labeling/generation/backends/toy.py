"""Train a tiny chat model from scratch; imported only where transformers is installed."""

import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    GenerationConfig,
    MistralConfig,
    MistralForCausalLM,
    PreTrainedTokenizerFast,
)
from transformers.utils.logging import disable_progress_bar

from labeling.generation.framing import Messages

START, END, PAD = "<|start|>", "<|end|>", "<|pad|>"
TEMPLATE = (
    "{% for message in messages %}"
    "<|start|>{{ message['role'] }}\n{{ message['content'] }}<|end|>\n"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|start|>assistant\n{% endif %}"
)
VOCABULARY = 2048
OTHER_SCRIPTS_COUNT = 3
LONGEST_LESSON = 128
LONGEST_ANSWER = 280
LESSONS_A_STEP = 8
EPOCHS = 28
MOST_SECONDS = 90.0
RISING_SHARE = 0.25
LOSSES_SHOWN = 20
HIGHEST_RATE = 2e-3
SEED = 20260101


@dataclass(frozen=True)
class Lesson:
    """One conversation to learn from: the turns before, and the answer."""

    messages: Messages
    answer: str


@dataclass(frozen=True)
class Trained:
    """What the training came to."""

    seconds: float
    steps: int
    loss: float
    parameters: int


def train_toy(*, lessons: Sequence[Lesson], folder: Path, epochs: int = EPOCHS) -> Trained:
    """Train tokenizer and model on the lessons and save both, with a model card, to ``folder``."""
    started = time.monotonic()
    torch.manual_seed(SEED)
    disable_progress_bar()
    # Steps this small lose more to handing work between threads than they gain.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        tokenizer = _train_tokenizer(lessons)
        model = _new_model(tokenizer)
        steps, loss = _train(model, _encode(tokenizer, lessons), epochs)
    finally:
        torch.set_num_threads(threads)
    model.save_pretrained(folder, safe_serialization=True)
    tokenizer.save_pretrained(folder)
    result = Trained(time.monotonic() - started, steps, loss, model.num_parameters())
    (folder / "README.md").write_text(_card(result, len(lessons)), encoding="utf-8")
    return result


def _train_tokenizer(lessons: Sequence[Lesson]) -> Any:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[PAD, START, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = [message["content"] for one in lessons for message in one.messages]
    texts += [one.answer for one in lessons]
    # The few texts in other scripts count more often, so that whole characters are learned
    # and not bytes, which a toy would put together wrongly.
    texts += [text for text in texts if not text.isascii()] * OTHER_SCRIPTS_COUNT
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=PAD, eos_token=END, chat_template=TEMPLATE
    )


def _new_model(tokenizer: Any) -> Any:
    config = MistralConfig(
        name_or_path="toy-chat",
        vocab_size=len(tokenizer),
        hidden_size=128,
        intermediate_size=384,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=16384,
        # It never looks further back than its lessons were long: distances it has not seen
        # would turn long prompts into noise.
        sliding_window=LONGEST_LESSON,
        head_dim=32,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model = MistralForCausalLM(config)
    model.generation_config = GenerationConfig(
        eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id
    )
    return model


def _encode(tokenizer: Any, lessons: Sequence[Lesson]) -> list[tuple[list[int], list[int]]]:
    """Return the tokens before each answer (their end only, where long) and those of the answer."""
    encoded = []
    for lesson in lessons:
        before = tokenizer.apply_chat_template(
            [dict(message) for message in lesson.messages],
            add_generation_prompt=True,
            tokenize=False,
        )
        answer = tokenizer.encode(shortened(lesson.answer) + END, add_special_tokens=False)
        ids = tokenizer.encode(before, add_special_tokens=False)
        answer = answer[:LONGEST_LESSON]
        encoded.append((ids[-max(LONGEST_LESSON - len(answer), 24) :], answer))
    return encoded


def shortened(answer: str) -> str:
    """Return the first paragraphs of an answer, or its first sentences: a toy is brief."""
    kept = ""
    for paragraph in answer.split("\n\n"):
        if kept and len(kept) + len(paragraph) > LONGEST_ANSWER:
            break
        kept = f"{kept}\n\n{paragraph}" if kept else paragraph
    if len(kept) <= LONGEST_ANSWER:
        return kept
    ends = [kept.rfind(mark, 0, LONGEST_ANSWER) for mark in (". ", ".\n", "? ", "! ", "。", "\n")]
    return kept[: max(ends) + 1].rstrip() if max(ends) > 0 else kept[:LONGEST_ANSWER]


def _train(
    model: Any, encoded: Sequence[tuple[list[int], list[int]]], epochs: int
) -> tuple[int, float]:
    """Train for some epochs, or until the time is up; return the steps and the last losses' mean.

    The rate falls with whichever is further, so that a slow machine ends well, too. The time
    is the processor's, so that a busy machine trains as well as an idle one.
    """
    model.train()
    total = epochs * -(-len(encoded) // LESSONS_A_STEP)
    optimizer = torch.optim.AdamW(model.parameters(), lr=HIGHEST_RATE, weight_decay=0.05)
    draw = random.Random(SEED)  # noqa: S311 - shuffles lessons
    losses: list[float] = []
    started, share = time.process_time(), 0.0
    while share < 1:
        for inputs, mask, labels in _batches(encoded, model.config.pad_token_id, draw):
            optimizer.param_groups[0]["lr"] = _rate(share)
            loss = model(input_ids=inputs, attention_mask=mask, labels=labels).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.item())
            share = max(len(losses) / total, (time.process_time() - started) / MOST_SECONDS)
            if share >= 1:
                break
    model.eval()
    last = losses[-LOSSES_SHOWN:]
    return len(losses), sum(last) / len(last)


def _rate(share: float) -> float:
    """Return the learning rate: it rises over the first quarter, then falls to nothing."""
    if share < RISING_SHARE:
        return HIGHEST_RATE * (share / RISING_SHARE + 0.01)
    return HIGHEST_RATE * (1 + math.cos(math.pi * (share - RISING_SHARE) / (1 - RISING_SHARE))) / 2


def _batches(
    encoded: Sequence[tuple[list[int], list[int]]], pad: int, draw: random.Random
) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Yield shuffled batches of lessons of like length."""
    length = [sum(map(len, lesson)) for lesson in encoded]
    order = sorted(range(len(encoded)), key=lambda at: length[at] + draw.randrange(20))
    batches = [order[at : at + LESSONS_A_STEP] for at in range(0, len(order), LESSONS_A_STEP)]
    draw.shuffle(batches)
    for batch in batches:
        rows = [encoded[at] for at in batch]
        width = max(len(before) + len(answer) for before, answer in rows)
        inputs = torch.full((len(rows), width), pad)
        labels = torch.full((len(rows), width), -100)
        for at, (before, answer) in enumerate(rows):
            # Only the answers count: the toy never has to write a question.
            tokens = torch.tensor(before + answer)
            inputs[at, : len(tokens)] = tokens
            labels[at, len(before) : len(tokens)] = tokens[len(before) :]
        yield inputs, (inputs != pad).long(), labels


def _card(result: Trained, lessons: int) -> str:
    return f"""# toy-chat: a toy

This is **not a usable language model**. It was trained from scratch in {result.seconds:.0f} s on
{lessons} short conversations of Annotate's demo campaign, so that candidate generation can be
tried on a machine with nothing else. It repeats and mixes what it read; do not judge any real
model by it.

- {result.parameters:,} parameters, Mistral architecture, byte-level BPE tokenizer
- {result.steps} steps, loss {result.loss:.2f} at the end
- made by `manage.py build_toy_model`; delete the folder to have it made again
"""
