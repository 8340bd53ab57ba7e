"""A tokenizer trained on an export, and random models of a few hundred thousand weights."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    LlamaForSequenceClassification,
    PreTrainedTokenizerFast,
)
from transformers.utils.logging import disable_progress_bar

START, END, PAD = "<|im_start|>", "<|im_end|>", "<|pad|>"
WORDS, LONGEST = 2000, 2048
CHATML = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def train_tokenizer(texts: Iterable[str], words: int = WORDS) -> Any:
    """Return a byte-level BPE tokenizer with a ChatML template."""
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=words,
        special_tokens=[PAD, START, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token=PAD,
        eos_token=END,
        chat_template=CHATML,
        model_max_length=LONGEST,
        clean_up_tokenization_spaces=False,
    )


def save_models(folder: Path, tokenizer: Any, *, seed: int = 0, hidden: int = 64) -> None:
    """Save a policy in ``policy`` and a reward model in ``reward``, each with the tokenizer."""
    disable_progress_bar()
    for name, kind in (("policy", LlamaForCausalLM), ("reward", LlamaForSequenceClassification)):
        torch.manual_seed(seed)
        model = kind(_shape(tokenizer, hidden))
        model.save_pretrained(folder / name)
        tokenizer.save_pretrained(folder / name)


def _shape(tokenizer: Any, hidden: int) -> LlamaConfig:
    return LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=hidden,
        intermediate_size=3 * hidden,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=LONGEST,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        num_labels=1,
    )
