"""Django's PostgreSQL, but a connection that was kept open is looked at instead of asked."""
