"""The database backend of production."""

import select

from django.db.backends.postgresql import base
from psycopg import Error


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL, without a query before the first one of every request."""

    def is_usable(self) -> bool:
        """Tell whether the connection is good; the server is asked only if it said something.

        A server that goes, or that ends the connection, closes it, and so an idle connection that
        can be read from is suspect. One that is cut off in silence shows at the first query, as it
        would with any question.
        """
        try:
            waiting = select.poll()
            waiting.register(self.connection.fileno(), select.POLLIN)
            return not waiting.poll(0) or super().is_usable()
        except (AttributeError, Error):  # closed on our side already
            return False
