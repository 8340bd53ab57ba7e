"""Generation while processes are killed and the broker forgets or is gone."""
