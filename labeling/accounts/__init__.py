"""Accounts: people, invitations, API tokens, the audit log."""
