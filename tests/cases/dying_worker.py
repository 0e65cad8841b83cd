"""A worker whose mail server takes for ever, so that a test can kill it meanwhile.

Run as `python -m tests.cases.dying_worker DATABASE CONTACT`.
"""

import os
import sys
import time

import django
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test import override_settings
from django.utils import timezone


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages):
        print("sending", flush=True)  # noqa: T201 -- the test waits for it
        time.sleep(60)
        return len(email_messages)


def main(database: str, contact: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csp.settings_test")
    django.setup()
    from cases.services import messages  # noqa: PLC0415 -- once the models are loaded

    connection.settings_dict["NAME"] = database
    with override_settings(EMAIL_BACKEND="tests.cases.dying_worker.EmailBackend"):
        messages.send(contact_id=int(contact), at=timezone.now())


if __name__ == "__main__":
    main(*sys.argv[1:])
