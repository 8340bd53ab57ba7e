"""Ranking: the screens people judge on and the judgments they give."""
