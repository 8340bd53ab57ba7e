"""Commands of the generation stage."""
