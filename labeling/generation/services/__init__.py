"""What can be done with generators, runs and candidates."""
