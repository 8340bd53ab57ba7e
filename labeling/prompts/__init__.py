"""Prompts: import and keep the conversations that models answer."""
