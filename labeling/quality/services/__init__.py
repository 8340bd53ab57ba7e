"""What the quality stage does."""
