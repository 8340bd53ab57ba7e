"""Keep which language a person chose."""

from labeling.accounts.models import User


def choose_language(*, user: User, code: str) -> User:
    """Show this person the interface in a language, given by its code, from now on."""
    user.language = code
    user.save(update_fields=["language"])
    return user
