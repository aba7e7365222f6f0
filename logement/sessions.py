"""Django's sessions in the database, which also say when they end: read by the same query."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    #: When it ends, once it was read; None while there is none.
    ends_at = None

    def _get_session_from_db(self):
        row = super()._get_session_from_db()
        self.ends_at = row.expire_date if row else None
        return row
