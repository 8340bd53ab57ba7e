"""People, their single-use links, their API tokens, and the record of who did what."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from labeling.accounts.enums import LinkPurpose


class UserManager(BaseUserManager["User"]):
    """Make users by e-mail address; the address is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Store a new user; without a password the account can only be entered by link."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Store an operator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """One person (or one service) with an account; created by invitation or by an operator.

    ``is_superuser`` marks an operator, who may do in every campaign what its managers may do.
    Roles in a campaign are memberships, not fields here. ``language`` is the code of the language
    that they chose for the interface (BCP 47), empty for the browser's.
    """

    email = models.EmailField(max_length=254, unique=True)
    display_name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=16, blank=True, default="", db_default="")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.email

    def get_short_name(self) -> str:
        """Return the name that pages greet the person by."""
        return self.display_name or self.email.partition("@")[0]


class AccessLink(models.Model):
    """One single-use link that lets a named person in; created by a manager or a command.

    Only the SHA-256 of the secret is kept. ``used_at`` is written once, by ``use_link``.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_links")
    purpose = models.CharField(max_length=12, choices=LinkPurpose)
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="links_given"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=LinkPurpose.values), name="link_purpose_known"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="link_expires_after_creation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} link {self.pk}"


class ApiToken(models.Model):
    """One token for the REST API; its secret is shown once and kept only as SHA-256.

    A token can do what its owner can do, and of that only what its scopes name.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="token_expires_after_creation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}…"

    def is_live(self, now: datetime) -> bool:
        """Tell whether the token may still be used at ``now``."""
        return self.revoked_at is None and now < self.expires_at


class AuditEvent(models.Model):
    """One privileged act: who did what to which object; append-only by database trigger.

    Only ``data`` is emptied where the target is erased.
    """

    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.action} {self.target}"


class Erasure(models.Model):
    """One thing whose texts are gone for good; created by ``mark_erased``, never changed.

    ``target`` names it as the audit log does: a ``user`` or a ``prompt`` that was erased, and every
    ``comparison`` and ``revocation`` of it. Triggers of append-only tables go by it.
    """

    target = models.CharField(max_length=120, unique=True)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.target


class IdempotencyKey(models.Model):
    """The first answer given to one write of one person, so that a retry gets the same.

    Written in the transaction of the write itself. ``body_digest`` tells a retry from
    another request under the same key; ``answer`` is JSON as text, replayed as it was written.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    key = models.CharField(max_length=80)
    body_digest = models.CharField(max_length=64)
    answer = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once_a_person"),
        ]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return self.key
