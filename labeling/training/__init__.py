"""Training and qualification: people learn on known answers, and show by them that they can."""
