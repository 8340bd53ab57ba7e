"""Make one export with every configuration and container on a running installation."""

from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from bench.annotators import RuledCampaign
from bench.consumers.cases import answer, cases, import_rows, save_cases
from bench.consumers.documented import configurations, containers
from bench.consumers.repeated import LATER
from bench.consumers.tiny import save_models, train_tokenizer
from bench.stack import Stack
from exports.client import Client, Export

PEOPLE = 3
TOKENIZER = "tiny"


def make_export(stack: Stack, folder: Path, scratch: Path) -> tuple[Export, str]:
    """Have people answer every case, and download all files; return the export and a token.

    A second export, with fewer pairs, goes to ``scratch``, and so do tiny models, whose tokenizer
    also counts the tokens of the exports.
    """
    found = cases()
    texts = ([*one.responses, *(turn["content"] for turn in one.messages)] for one in found)
    tokenizer = train_tokenizer(chain.from_iterable(texts))
    tokenizer.save_pretrained(stack.folder / "models" / TOKENIZER)
    save_models(scratch, tokenizer)
    campaign = RuledCampaign(
        stack,
        name='Every "kind" of text: 好 #1',
        overlap=PEOPLE,
        candidates_per_comparison=4,
        tie_allowed=True,
        neither_allowed=True,
        rationale="optional",
        ideal="optional",
    )
    campaign.import_rows(list(import_rows(found)))
    campaign.answer_all(PEOPLE, partial(answer, found))
    token = campaign.token()
    with Client(stack.url, token) as client:
        export = campaign.export(client, **selection())
        _download(client, export, folder)
        later = campaign.export(client, **{**selection(), "edits": "left_out"})
        _download(client, later, scratch / LATER / folder.name)
    save_cases(found, folder)
    return export, token


def _download(client: Client, export: Export, folder: Path) -> None:
    for file in export.files:
        client.download(file, folder)


def selection() -> dict[str, Any]:
    """Return the choices under which every documented column is there."""
    return {
        "configs": configurations(),
        "containers": containers(),
        "edits": "pairs",
        "both_bad": "negative",
        "margin": "small",
        "weight": "agreement",
        "tokenizer": TOKENIZER,
        "validation_share": 0.2,
        "test_share": 0.2,
    }
