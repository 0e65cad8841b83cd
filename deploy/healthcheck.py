"""Whether this container does its work: `python deploy/healthcheck.py web|worker|beat` ends with 0 if so."""

import http.client
import os
import socket
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

BEAT_SCHEDULE = Path("/tmp/beat-schedule")
BEAT_WRITES_EVERY = 180


def web() -> bool:
    # With the public name, because Django answers to no other.
    host = urlsplit(os.environ["PUBLIC_URL"]).hostname or ""
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    connection.request("GET", "/healthz", headers={"Host": host})
    return connection.getresponse().status == http.HTTPStatus.OK


def worker() -> bool:
    from csp.celery import app  # noqa: PLC0415 -- the web check does without Celery

    return bool(app.control.ping(destination=[f"celery@{socket.gethostname()}"], timeout=5))


def beat() -> bool:
    newest = max(path.stat().st_mtime for path in BEAT_SCHEDULE.parent.glob(f"{BEAT_SCHEDULE.name}*"))
    return time.time() - newest < 3 * BEAT_WRITES_EVERY


if __name__ == "__main__":
    try:
        sys.exit(0 if {"web": web, "worker": worker, "beat": beat}[sys.argv[1]]() else 1)
    except (OSError, ValueError) as error:
        sys.exit(str(error))
