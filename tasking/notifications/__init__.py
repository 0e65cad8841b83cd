"""E-mails of the room: a reference and a link, no personal data."""
