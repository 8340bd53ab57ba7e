"""AI judges: models that compare responses, beside people and never counted as people."""
