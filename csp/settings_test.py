"""Settings for tests: the real thing, but quick passwords and e-mail kept in memory."""

import os
from pathlib import Path

os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("SECRET_KEY", "test")

from csp.settings import *  # noqa: F403
from csp.settings import BASE_DIR, DATABASES

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DATABASES["default"]["CONN_MAX_AGE"] = 0
# What `make test` migrated once. Without it each database of the tests is migrated by itself.
DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ.get("TEMPLATE_DATABASE")}
# Serve what the build left in static/build, without collecting it first.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
# Each test process counts its own limits.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Open data samples, where a machine has them. Tests that read them skip where it has none.
SHARED_DATA_DIR = Path(os.environ.get("SHARED_DATA_DIR", BASE_DIR.parent / "shared" / "data"))
