"""Assignment: what is compared, and who holds which comparison."""
