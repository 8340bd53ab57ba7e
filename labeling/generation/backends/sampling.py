"""Draw tokens so that a candidate's text depends on its own seed, not on its neighbours.

Random numbers are counter-based (Salmon et al., SC 2011): the noise of one token of the
vocabulary at one step is a hash of seed, step and token. A row of a batch therefore draws the
same noise whichever rows stand beside it, on every device.

With E drawn from the exponential distribution for each token, the token with the largest p / E
is a draw from the probabilities p (the Gumbel trick without its logarithms). Where only the
likeliest tokens may be drawn, the largest among them is the draw: so the first that is allowed,
going down from the largest, is taken, and nothing has to be sorted.
"""

from collections.abc import Sequence

import torch
from transformers import LogitsProcessor

from labeling.generation.recipe import Recipe
from labeling.generation.seeds import hash_words

# The finalizer of MurmurHash3 (Appleby, 2011) for 32 bits, as signed numbers.
FIRST, SECOND = 0x85EBCA6B - (1 << 32), 0xC2B2AE35 - (1 << 32)
A_TOKEN = 0x9E3779B1 - (1 << 32)
NOISE_BITS = 24  # what a 32-bit float holds exactly


class DrawPerRow(LogitsProcessor):  # type: ignore[misc]  # transformers ships no types
    """Turn greedy decoding into sampling where each row draws from its own random stream."""

    def __init__(self, seeds: Sequence[int], recipe: Recipe) -> None:
        self._seeds, self._recipe = seeds, recipe
        self._step = 0

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Return scores whose largest entry is the token drawn; both are (rows, vocabulary)."""
        shares = torch.softmax(scores.float() / self._recipe.temperature, dim=-1)
        keys = shares / self._exponential(shares)
        drawn = keys.argmax(dim=-1, keepdim=True)
        while (wrong := ~self._may_be_drawn(shares, drawn)).any():
            # What may not be drawn is taken out, and the next largest looked at.
            keys.scatter_(-1, drawn, keys.gather(-1, drawn).masked_fill(wrong, -1))
            drawn = keys.argmax(dim=-1, keepdim=True)
        return torch.full_like(shares, -torch.inf).scatter_(-1, drawn, 0)

    def _may_be_drawn(self, shares: torch.Tensor, drawn: torch.Tensor) -> torch.Tensor:
        """Tell for each row whether the token is among the likeliest ones that are kept."""
        likelier = shares > shares.gather(-1, drawn)
        before = (shares * likelier).sum(dim=-1, keepdim=True)
        most = self._recipe.top_p
        if not 0 < self._recipe.top_k < shares.shape[-1]:
            return before < most if most < 1 else torch.ones_like(before, dtype=torch.bool)
        kept = shares.topk(self._recipe.top_k, dim=-1).values.sum(dim=-1, keepdim=True)
        is_kept = likelier.sum(dim=-1, keepdim=True) < self._recipe.top_k
        return is_kept & (before < most * kept) if most < 1 else is_kept

    def _exponential(self, shares: torch.Tensor) -> torch.Tensor:
        """Return exponential noise of this step, (rows, vocabulary), and go on to the next."""
        words = [hash_words(seed, self._step) for seed in self._seeds]
        self._step += 1
        rows = torch.tensor(words, dtype=torch.int32, device=shares.device)[:, None]
        tokens = torch.arange(shares.shape[-1], dtype=torch.int32, device=shares.device)
        bits = mixed(rows ^ (tokens * A_TOKEN)[None, :])
        uniform = _shifted(bits, 32 - NOISE_BITS).float().add_(0.5).mul_(2.0**-NOISE_BITS)
        return uniform.log_().neg_()


def mixed(counters: torch.Tensor) -> torch.Tensor:
    """Return 32 well-mixed bits for each 32-bit counter, in its place."""
    counters ^= _shifted(counters, 16)
    counters *= FIRST
    counters ^= _shifted(counters, 13)
    counters *= SECOND
    counters ^= _shifted(counters, 16)
    return counters


def _shifted(numbers: torch.Tensor, places: int) -> torch.Tensor:
    """Shift right and fill with zeros, as for unsigned numbers."""
    return (numbers >> places).bitwise_and_((1 << (32 - places)) - 1)
