"""The demo campaign's content as data: its prompts with ready candidates, and its guideline."""
