"""Which items look wrong by what people answer; plain Python."""

FEWEST_ANSWERS = 5


def is_doubtful(answered: int, agreed: int) -> bool:
    """Tell whether an item should be looked at: of five or more people, fewer than half agreed.

    Two responses agree half the time by chance: where fewer do, the reference is wrong more often
    than the people.
    """
    return answered >= FEWEST_ANSWERS and 2 * agreed < answered
