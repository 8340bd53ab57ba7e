"""Exports: frozen datasets of prompts with a chosen and a rejected response."""
