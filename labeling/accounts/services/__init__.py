"""What can be done with people, links, tokens, idempotency keys and the audit log."""
