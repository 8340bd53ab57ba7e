"""The traps that data sets of preferences set for trainers, numbered, and which test is on which.

Each was seen with TRL 1.16, datasets 5.2, or another reader that it names: what is written there
fails, or worse, trains on something else in silence.
"""

from collections.abc import Callable
from typing import Any

TRAPS = {
    # Margins
    1: "margin is null in one row",
    2: "margin is null in every row",
    3: "margin is missing from some lines",
    4: "margin is not a number",
    5: "margin is a text",
    # Turns
    6: "prompt is a list of turns and chosen a string",
    7: "chosen is a bare object where a list is read",
    8: "turns have the keys from and value",
    9: "chosen repeats the prompt that stands beside it",
    10: "prompt is a string beside whole conversations",
    11: "prompt is empty or null",
    12: "chosen or rejected is empty or null",
    13: "chosen has more than one turn",
    14: "prompt ends with the assistant",
    15: "two turns of the user follow one another",
    16: "a system turn for a template that has none",
    17: "the system prompt is not the first turn",
    18: "content is a list of parts",
    # Texts
    19: "content is null",
    20: "an answer is empty",
    21: "both answers are the same",
    22: "a tie becomes a pair",
    23: "two pairs say the opposite",
    24: "a text holds half a character",
    25: "a text holds the character NUL",
    26: "lines of a text end with CR LF",
    27: "a text holds line separators of Unicode",
    28: "a text holds emoji made of several characters",
    29: "a text runs from right to left",
    30: "a text begins with a byte order mark",
    31: "blank lines end a file",
    32: "a file is compressed with gzip",
    33: "a text begins like a formula of a spreadsheet",
    # Columns
    34: "strings and conversations are in one file",
    35: "metadata has values of several types",
    36: "metadata is an empty object in every row",
    37: "a column has no value in the first Parquet shard",
    38: "a column has no value in the first JSON Lines shard",
    39: "a column is in the second shard only",
    40: "every value of a column is an ISO date",
    41: "no blank stands between prompt and answer when they are joined",
    42: "a prompt of strings is guessed from what both answers begin with",
    43: "label is a text or a number",
    44: "answers that are too long are dropped in silence",
    45: "prompts that are too long are dropped in silence",
    46: "other columns go into the reward function",
    47: "pairs are taken for demonstrations",
    # Names that trainers take for their own
    48: "a column is named chosen_ids or rejected_ids",
    49: "a column is named prompt_ids or completion_ids",
    50: "a column is named images or image",
    51: "a column is named tools",
    52: "a column is named chat_template_kwargs",
    53: "a column is named as the log probability of a reference model",
    54: "messages, completion or label stands beside chosen and rejected",
    # Other readers
    55: "OpenRLHF takes all but the last turn for the prompt",
    56: "LLaMA-Factory drops answers that are lists",
    57: "LLaMA-Factory skips conversations whose turns do not alternate",
    58: "LLaMA-Factory takes columns that are not listed for empty",
    59: "LLaMA-Factory adds a system turn to OpenAI's format",
    60: "axolotl takes the last turn of a list",
    61: "open-instruct and torchtune want one context in both conversations",
    62: "NeMo-RL takes exactly two completions",
    63: "NeMo-RL refuses equal ranks",
    64: "NeMo-RL prefers the lower rank",
    65: "HelpSteer3 takes 0 for two equal responses",
    66: "HelpSteer3 is below 0 for the first response",
    67: "verl reads strings in Parquet only",
    68: "RewardBench fails at a system turn",
    69: "RewardBench loses an explicit prompt",
    70: "RewardBench gives roles by position",
    # Folders and cards
    71: "a split without rows has a JSON Lines file",
    72: "a split without rows has a Parquet file",
    73: "a configuration without rows is on the card",
    74: "a file is named so that it is in another split or in none",
    75: "two containers lie in one folder",
    76: "JSON beside the data is read as data",
    77: "a card does not name its configurations",
    78: "a card states types that the files do not have",
    79: "shapes with the same split lie side by side",
    80: "one row group holds all rows",
    81: "shards of one split are not found together",
    # Serving
    82: "a file is sent in chunks, without its length",
    83: "a file is sent without ranges",
    84: "HEAD is not answered",
    85: "what an address leads to changes",
    86: "a download needs a header that readers do not send",
    # Training
    87: "KTO with batches of one row",
    88: "a model in memory has no reference model",
    89: "a template does not continue its own prompt",
    # Types of lines
    90: "a list is empty in every line of the first file",
    91: "a card states types of some configurations and not of others",
    # Folders that are loaded by themselves
    92: "the folder of a container is loaded without the card beside it",
}
ON: dict[int, list[str]] = {}

Test = Callable[..., Any]


def trap(*numbers: int) -> Callable[[Test], Test]:
    """Say which traps a test is on."""

    def mark(test: Test) -> Test:
        for number in numbers:
            ON.setdefault(number, []).append(f"{test.__module__}.{test.__name__}")
        return test

    return mark
