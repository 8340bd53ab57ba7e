"""Generation: candidate responses, made by models or taken from an import."""
