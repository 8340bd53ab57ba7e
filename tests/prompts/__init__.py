"""The prompts stage: what comes in, what is refused, and what stays."""
