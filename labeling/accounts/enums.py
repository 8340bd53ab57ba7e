"""The named states of accounts."""

from django.db.models import TextChoices


class LinkPurpose(TextChoices):
    """What opening a single-use link does."""

    INVITATION = "invitation", "Invitation"
    SIGN_IN = "sign_in", "Sign-in"
