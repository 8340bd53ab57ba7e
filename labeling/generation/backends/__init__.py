"""What makes text: one port, and one adapter for each kind of model."""
