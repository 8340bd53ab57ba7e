"""A model with random weights and prompts of many lengths, the same for all that is measured."""

import random
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

WORDS = 2000
SHORTEST, LONGEST = 5, 120
PAD, END = "<pad>", "<end>"
TEMPLATE = "{% for message in messages %}{{ message['content'] }} {% endfor %}"


def prompts(count: int, seed: int = 1) -> list[str]:
    """Return prompts of 5 to 120 words, short ones more often, as people write them."""
    draw = random.Random(seed)
    lengths = [round(SHORTEST * (LONGEST / SHORTEST) ** draw.random()) for _ in range(count)]
    return [" ".join(f"w{draw.randrange(WORDS)}" for _ in range(length)) for length in lengths]


def save_model(folder: Path, *, hidden: int, layers: int, words: int = WORDS) -> int:
    """Save a Llama with random weights and a tokenizer of words; return its parameters."""
    vocabulary = {PAD: 0, END: 1, **{f"w{at}": at + 2 for at in range(words - 2)}}
    inner = Tokenizer(models.WordLevel(vocab=vocabulary, unk_token=PAD))
    inner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token=PAD, eos_token=END, chat_template=TEMPLATE
    )
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=words, hidden_size=hidden, intermediate_size=3 * hidden,
        num_hidden_layers=layers, num_attention_heads=max(2, hidden // 64),
        max_position_embeddings=2048, bos_token_id=None, eos_token_id=1, pad_token_id=0,
        dtype=_dtype(),
    )  # fmt: skip
    model = LlamaForCausalLM(config).to(config.dtype)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return int(model.num_parameters())


def _dtype() -> Any:
    """Return what the machine computes fastest in."""
    return torch.bfloat16 if torch.cuda.is_available() else torch.float32
