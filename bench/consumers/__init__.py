"""Exports read by the programs they are made for."""
