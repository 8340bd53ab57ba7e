"""The configurations and containers an export may hold, by the names that trainers ask for."""

from exports.policies import Policy
from labeling.wording import gettext_noop


class Config(Policy):
    """One shape of rows: each is a configuration of the dataset with files of its own."""

    TRL = ("trl", gettext_noop("Pairs with an explicit prompt, as conversations: TRL, Unsloth."))
    TRL_IMPLICIT = (
        "trl_implicit",
        gettext_noop("Pairs as two whole conversations: open-instruct, torchtune."),
    )
    STANDARD = (
        "standard",
        gettext_noop("Pairs as plain strings: TRL without chat templates, NeMo-RL Binary."),
    )
    LLAMAFACTORY = ("llamafactory", gettext_noop("Pairs in ShareGPT form, with dataset_info.json."))
    NEMO_RL = ("nemo_rl", gettext_noop("Pairs as context and ranked completions: NeMo-RL."))
    OPENRLHF = ("openrlhf", gettext_noop("Pairs with an explicit prompt: OpenRLHF."))
    AXOLOTL = (
        "axolotl",
        gettext_noop("Pairs with messages and two answers: axolotl, chat_template.default."),
    )
    VERL = ("verl", gettext_noop("Pairs as plain strings with where they came from: verl."))
    REWARDBENCH = (
        "rewardbench",
        gettext_noop("Pairs as two conversations without system turns: RewardBench."),
    )
    HELPSTEER3 = (
        "helpsteer3",
        gettext_noop("Comparisons of two with every answer, in the form of HelpSteer3."),
    )
    KTO = ("kto", gettext_noop("Single responses, each desirable or not: KTO."))
    SFT = ("sft", gettext_noop("Responses that people edited into their ideal: SFT."))
    PROMPTS = ("prompts", gettext_noop("Prompts alone: GRPO, RLOO, online DPO."))
    RANKINGS = (
        "rankings",
        gettext_noop("Comparisons with all their responses and what they come to."),
    )
    CHAINS = (
        "chains",
        gettext_noop("Responses with the critiques and revisions that a constitution asked for."),
    )
    JUDGMENTS = ("judgments", gettext_noop("Every answer and skip in force, counted or not."))


class ContainerName(Policy):
    """How rows are written."""

    PARQUET = ("parquet", gettext_noop("Parquet, compressed with zstd."))
    JSONL = ("jsonl", gettext_noop("JSON Lines."))
    JSONL_GZ = ("jsonl.gz", gettext_noop("JSON Lines, compressed with gzip."))
    CSV = (
        "csv",
        gettext_noop("CSV for spreadsheets; what is no text or number is JSON in a cell."),
    )
