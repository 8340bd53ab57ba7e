"""Campaigns: one collection effort, its guideline, its members and their roles."""
