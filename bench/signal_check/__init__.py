"""The whole loop on data with a known answer: people, export, reward model, policy."""
