"""How TRL trains on the first configuration that it reads; checked with real trainers.

``bench/consumers/trl_trainers.py`` trains on each of these configurations.
"""

from collections.abc import Iterator

from exports.configs import Config
from exports.formats.card.rows import Rows

PAIRS = (
    "DPOTrainer, RewardTrainer",
    """\
RewardTrainer("path/to/model", train_dataset=train).train()  # a reward model, or
DPOTrainer("path/to/model", train_dataset=train).train()  # the policy itself""",
)
SINGLES = ("KTOTrainer", 'KTOTrainer("path/to/model", train_dataset=train).train()')
DEMONSTRATIONS = (
    "SFTTrainer",
    """\
train = train.select_columns(["prompt", "completion"])
SFTTrainer("path/to/model", train_dataset=train).train()""",
)
SNIPPETS = {
    Config.TRL: PAIRS,
    Config.TRL_IMPLICIT: PAIRS,
    Config.STANDARD: PAIRS,
    Config.KTO: SINGLES,
    Config.SFT: DEMONSTRATIONS,
}


def how_to_train(rows: Rows) -> Iterator[str]:
    """Yield a few lines that train; nothing where TRL reads no configuration."""
    config = next((one for one in rows if one in SNIPPETS), None)
    if config is not None:
        trainers, code = SNIPPETS[Config(config)]
        split = next(iter(rows[config]))
        yield "\n".join(
            [
                "## How to train\n",
                "```python",
                "from datasets import load_dataset",
                f"from trl import {trainers}\n",
                f'train = load_dataset("path/to/this/folder", "{config}", split="{split}")',
                code,
                "```\n",
            ]
        )
