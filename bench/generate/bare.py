"""Loops over ``model.generate`` and nothing else: what the machine can do at most.

Run by the bench as a process of its own: it loads the model, warms up, and prints candidates a
second as JSON, for batches on one thread and on all, and for one candidate at a time.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

ROWS = 64


def main() -> None:
    """Measure the model folder with the request that standard input holds."""
    asked = json.loads(sys.stdin.read())
    folder, device = Path(sys.argv[1]), "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(folder, dtype="auto").to(device).eval()
    texts = [
        tokenizer.apply_chat_template([{"role": "user", "content": text}], tokenize=False)
        for text in asked["prompts"]
    ]
    run = Loop(model, tokenizer, asked)
    run.batched(texts[: ROWS // asked["each"]])
    threads = {torch.get_num_threads(), 1} if device == "cpu" else {1}
    found = {}
    for count in sorted(threads):
        torch.set_num_threads(count)
        found[f"batched, threads {count}"] = run.batched(texts)
        found[f"one at a time, threads {count}"] = run.single(texts[: asked["alone"]])
    print(json.dumps(found))


class Loop:
    """One model with one recipe."""

    def __init__(self, model: Any, tokenizer: Any, asked: dict[str, Any]) -> None:
        self._model, self._tokenizer, self._each = model, tokenizer, asked["each"]
        self._options = {
            "do_sample": True, "temperature": asked["temperature"], "top_p": asked["top_p"],
            "max_new_tokens": asked["max_new_tokens"], "min_new_tokens": 1, "top_k": 0,
        }  # fmt: skip

    def batched(self, texts: list[str]) -> float:
        """Return candidates a second in batches of the prompts as they come."""
        step = ROWS // self._each
        started = time.monotonic()
        for start in range(0, len(texts), step):
            self._generate(texts[start : start + step], num_return_sequences=self._each)
        return len(texts) * self._each / (time.monotonic() - started)

    def single(self, texts: list[str]) -> float:
        """Return candidates a second, one by one."""
        started = time.monotonic()
        for text in texts:
            self._generate([text])
        return len(texts) / (time.monotonic() - started)

    def _generate(self, texts: list[str], **more: Any) -> list[str]:
        inputs = self._tokenizer(
            texts, padding=True, return_tensors="pt", return_token_type_ids=False
        )
        inputs = inputs.to(self._model.device)
        with torch.inference_mode():
            output = self._model.generate(**inputs, **self._options, **more)
        made: list[str] = self._tokenizer.batch_decode(
            output[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True
        )
        return made


if __name__ == "__main__":
    main()
