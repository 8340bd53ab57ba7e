"""Quality: consensus and agreement over the judgments."""
