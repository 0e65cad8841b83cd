"""The web process, in the container and in `make run`."""

import os

import csp.logging
from csp.core.memory import keep_loaded

bind = os.environ.get("BIND", "0.0.0.0:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True  # loaded once and shared; a mistake in it shows at once
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
worker_tmp_dir = next(
    (path for path in ("/dev/shm",) if os.access(path, os.W_OK)), None
)  # never waits for a disk
control_socket_disable = True
logconfig_dict = csp.logging.config()


def when_ready(_server):
    """The application is loaded, and no worker forked yet."""
    keep_loaded()
