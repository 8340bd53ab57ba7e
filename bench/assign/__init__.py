"""Measure how fast comparisons are handed out and answers are taken."""
