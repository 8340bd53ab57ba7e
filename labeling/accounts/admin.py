"""The operators' tables of people, links, tokens and the audit log."""

from typing import TYPE_CHECKING

import allauth.account.admin  # noqa: F401 - must have registered what is taken out below
import django.contrib.auth.admin  # noqa: F401 - likewise
from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from labeling.accounts.enums import LinkPurpose
from labeling.accounts.models import AccessLink, ApiToken, AuditEvent, User
from labeling.accounts.queries import link_url, user_of
from labeling.accounts.services.audit import record_event
from labeling.accounts.services.links import give_link, withdraw_links
from labeling.accounts.services.tokens import revoke_token
from labeling.clock import database_now
from labeling.errors import DomainError
from labeling.operators import ReadOnly

if TYPE_CHECKING:  # at run time the class takes no parameters
    PeopleAdmin = admin.ModelAdmin[User]
    PersonForm = ModelForm[User]
else:
    PeopleAdmin = admin.ModelAdmin
    PersonForm = ModelForm

# Roles belong to campaigns and addresses to people: nothing here goes by these two.
admin.site.unregister([Group, EmailAddress])


@admin.register(User)
class UserAdmin(PeopleAdmin):
    """People: made without a password, let in by an invitation, closed but never deleted."""

    fields = ("email", "display_name", "is_active", "is_superuser", "last_login", "date_joined")
    readonly_fields = ("last_login", "date_joined")
    list_display = ("email", "display_name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("email", "display_name")
    ordering = ("email",)
    actions = ("invite",)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Return False: what people did stays theirs; close the account instead."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: PersonForm, change: bool) -> None:
        """Save a person, and write into the audit log what was changed."""
        obj.email = obj.email.lower()
        obj.is_staff = obj.is_superuser
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            withdraw_links(user=obj, now=database_now())
        record_event(
            actor=user_of(request),
            action="user.changed" if change else "user.created",
            target=f"user:{obj.pk}",
            after={name: form.cleaned_data[name] for name in form.changed_data},
        )

    @admin.action(description="Give an invitation link")
    def invite(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Show a new invitation link for each person who has not come yet."""
        for user in queryset:
            try:
                signed = give_link(
                    user=user,
                    purpose=LinkPurpose.INVITATION,
                    created_by=user_of(request),
                    now=database_now(),
                )
            except DomainError as refusal:
                self.message_user(request, f"{user}: {refusal.message}", messages.ERROR)
                continue
            self.message_user(request, f"{user}: {link_url(signed)}")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnly):
    """API tokens, without what could be used to sign in."""

    fields = ("user", "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at")
    list_display = ("prefix", "user", "name", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("prefix", "user__email", "name")
    ordering = ("-id",)
    actions = ("revoke",)

    @admin.action(description="Revoke")
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        """End the tokens at once."""
        for token in queryset:
            revoke_token(token=token, by=user_of(request), now=database_now())


@admin.register(AccessLink)
class AccessLinkAdmin(ReadOnly):
    """Single-use links: who gave them to whom, and what became of them."""

    fields = ("user", "purpose", "created_by", "created_at", "expires_at", "used_at", "revoked_at")
    list_display = ("user", "purpose", "created_by", "created_at", "used_at", "revoked_at")
    list_select_related = ("user", "created_by")
    ordering = ("-id",)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    """The audit log."""

    fields = ("created_at", "actor", "action", "target", "data")
    list_display = ("created_at", "actor", "action", "target")
    list_select_related = ("actor",)
    list_filter = ("action",)
    search_fields = ("actor__email", "target")
    ordering = ("-id",)
