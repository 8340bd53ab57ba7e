"""What an allocation's fields must hold; plain Python."""

MOST_VOTES = 25
MOST_PAIRS = 36
MOST_REPEATS = 20
LEAST_RANDOM = 15
