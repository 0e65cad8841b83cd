"""Settings, from the environment only. `docs/production.md` lists every variable."""

from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from environs import FileAwareEnv

from csp.logging import config as logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
REQUIRED_IN_PRODUCTION = (
    "SECRET_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "PUBLIC_URL",
    "EMAIL_HOST",
    "DEFAULT_FROM_EMAIL",
)

env = FileAwareEnv(strip_whitespace=True)  # NAME_FILE names a file that holds the value of NAME

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
HTTPS = env.bool("HTTPS", not DEBUG)

missing = [name for name in REQUIRED_IN_PRODUCTION if not DEBUG and not env.str(name, "")]
if missing:
    raise ImproperlyConfigured(
        f"Set {', '.join(missing)}, or NAME_FILE for each (docs/production.md). To try it out, use make run."
    )

SECRET_KEY = env.str("SECRET_KEY", "not-a-secret")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
PUBLIC_URL = env.str("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", [urlsplit(PUBLIC_URL).hostname, *(["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])]
)
CSRF_FAILURE_VIEW = "csp.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [PUBLIC_URL])

# With HTTPS, the proxy in front says which scheme the person used; it must drop what they claim themselves.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The header in which the proxy gives the caller's address; empty when callers reach us directly.
CLIENT_IP_HEADER = env.str("CLIENT_IP_HEADER", "")
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = CLIENT_IP_HEADER or None
RATELIMIT_IP_META_KEY = (
    f"HTTP_{CLIENT_IP_HEADER.upper().replace('-', '_')}" if CLIENT_IP_HEADER else "REMOTE_ADDR"
)

# Where map pictures come from, such as https://tiles.example/{z}/{x}/{y}.png. Empty: maps without pictures,
# so that nobody outside learns which places are looked at.
MAP_TILES_URL = env.str("MAP_TILES_URL", "")
MAP_TILES_CREDIT = env.str("MAP_TILES_CREDIT", "© OpenStreetMap contributors")
CSP_TILE_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(MAP_TILES_URL))] if MAP_TILES_URL else []

DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / ".data")))
NPM_ROOT = BASE_DIR / "node_modules"

INSTALLED_APPS = [
    "csp.core",
    "csp.audit",
    "csp.agencies",
    "csp.actions",
    "cases",
    "tasking",
    "performance",
    "demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "guardian",
    "rules",
    "pgtrigger",
    "pghistory",
    "crispy_forms",
    "crispy_forms_gds",
    "django_filters",
    "formtools",
]

MIDDLEWARE = [
    "csp.logging.RequestLogMiddleware",
    "csp.core.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "csp.agencies.middleware.SessionLimitMiddleware",
    "csp.agencies.middleware.KeepTypedMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "csp.agencies.middleware.SecondFactorMiddleware",
    "csp.agencies.middleware.SeatMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.audit.history.HistoryMiddleware",
]

ROOT_URLCONF = "csp.urls"
WSGI_APPLICATION = "csp.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.agencies.context.shell",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["gds"]
CRISPY_TEMPLATE_PACK = "gds"

DATABASES = {"default": env.dj_db_url("DATABASE_URL", "postgresql:///csp")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Pages read a few rows through an index: starting parallel workers or a compiler costs more than they save.
# Names are found although they are misspelt: four parts in ten of a word's letters in threes are enough.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
    "-c max_parallel_workers_per_gather=0 -c jit=off -c pg_trgm.word_similarity_threshold=0.4"
    " -c pgtrigger.ignore={}"  # said once, else each trigger finds out by an error for each row
)
if database_password := env.str("DATABASE_PASSWORD", ""):
    DATABASES["default"]["PASSWORD"] = database_password
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "redis://localhost:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 30)
SESSION_HOURS = env.int("SESSION_HOURS", 12)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MARKING = env.str("MARKING", "OFFICIAL-SENSITIVE")

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", not (DEBUG or DEMO))

ACCOUNT_ADAPTER = "csp.agencies.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]  # there is none, but allauth compares the two
ACCOUNT_EMAIL_VERIFICATION = "none"  # whoever accepted an invitation has read their mail
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/15m/key"}
ACCOUNT_FORMS = {
    "login": "csp.agencies.forms.sign_in.SignInForm",
    "reset_password": "csp.agencies.forms.sign_in.ForgottenForm",
    "reset_password_from_key": "csp.agencies.forms.sign_in.NewPasswordForm",
    "set_password": "csp.agencies.forms.sign_in.FirstPasswordForm",
    "change_password": "csp.agencies.forms.sign_in.ChangePasswordForm",
    "reauthenticate": "csp.agencies.forms.sign_in.PasswordAgainForm",
}
MFA_ADAPTER = "csp.agencies.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "CSP Casework"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers themselves allow it on localhost alone
MFA_FORMS = {
    "authenticate": "csp.agencies.forms.sign_in.CodeForm",
    "reauthenticate": "csp.agencies.forms.sign_in.CodeAgainForm",
    "activate_totp": "csp.agencies.forms.sign_in.AddAppForm",
    "deactivate_totp": "csp.agencies.forms.sign_in.RemoveAppForm",
    "add_webauthn": "csp.agencies.forms.sign_in.AddKeyForm",
    "edit_webauthn": "csp.agencies.forms.sign_in.KeyNameForm",
}
# Directories of councils and police forces, such as OIDC_DIRECTORIES=council with OIDC_COUNCIL_URL and so on.
OIDC_DIRECTORIES: dict[str, str] = {
    name: f"OIDC_{name.upper()}_" for name in env.list("OIDC_DIRECTORIES", [], subcast=str)
}
OIDC_WITH_SECOND_FACTOR = [
    name for name, prefix in OIDC_DIRECTORIES.items() if env.bool(f"{prefix}SECOND_FACTOR", False)
]
CSP_DIRECTORY_ORIGINS = [
    "{0.scheme}://{0.netloc}".format(urlsplit(env.str(f"{prefix}URL")))
    for prefix in OIDC_DIRECTORIES.values()
]
SOCIALACCOUNT_ADAPTER = "csp.agencies.adapters.DirectoryAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": name,
                "name": env.str(f"{prefix}NAME"),
                "client_id": env.str(f"{prefix}CLIENT_ID"),
                "secret": env.str(f"{prefix}CLIENT_SECRET"),
                "settings": {
                    "server_url": env.str(f"{prefix}URL"),
                    "verified_email": env.list(f"{prefix}DOMAINS"),
                },
            }
            for name, prefix in OIDC_DIRECTORIES.items()
        ],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static" / "build"]
PRIVATE_MEDIA_ROOT = DATA_DIR / "attachments"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "csp.core.storage.PrivateFileSystemStorage",
        "OPTIONS": {"location": PRIVATE_MEDIA_ROOT, "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if s3_bucket := env.str("S3_BUCKET", ""):
    STORAGES["private"] = {
        "BACKEND": "csp.core.storage_s3.PrivateS3Storage",
        "OPTIONS": {
            "bucket_name": s3_bucket,
            "endpoint_url": env.str("S3_ENDPOINT_URL", None),
            "region_name": env.str("S3_REGION", None),
            "access_key": env.str("S3_ACCESS_KEY", None),
            "secret_key": env.str("S3_SECRET_KEY", None),
            "default_acl": "private",
            "file_overwrite": False,
        },
    }
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # we use its tables, and ask `rules` for permissions
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
PGHISTORY_APPEND_ONLY = True
PGHISTORY_BASE_MODEL = "csp.audit.history.Event"
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_MB", 100) * 1024 * 1024  # the largest file taken at /imports/

# Celery writes the address of a Unix socket in its own way.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "agencies.end_lapsed_shares": {
        "task": "agencies.end_lapsed_shares",
        "schedule": crontab(minute="*/15"),
    },
    "agencies.sync_groups": {"task": "agencies.sync_groups", "schedule": crontab(hour=0, minute=5)},
    "audit.seal_yesterday": {"task": "audit.seal_yesterday", "schedule": crontab(hour=0, minute=30)},
    "core.resume_stopped_work": {"task": "core.resume_stopped_work", "schedule": crontab()},
    "actions.chase": {"task": "actions.chase", "schedule": crontab(hour=8, minute=0)},
    "cases.chase_triage": {"task": "cases.chase_triage", "schedule": crontab(hour="7-19", minute=5)},
    "cases.delete_old_exports": {"task": "cases.delete_old_exports", "schedule": crontab(hour=2, minute=20)},
    "tasking.plan_ahead": {"task": "tasking.plan_ahead", "schedule": crontab(hour=4, minute=10)},
    "tasking.delete_old_packs": {"task": "tasking.delete_old_packs", "schedule": crontab(hour=2, minute=25)},
    "cases.watch_powers": {"task": "cases.watch_powers", "schedule": crontab(minute=10)},
    "cases.remind_of_risk_reviews": {
        "task": "cases.remind_of_risk_reviews",
        "schedule": crontab(hour=7, minute=30),
    },
    "cases.remind_updates": {"task": "cases.remind_updates", "schedule": crontab(hour=8, minute=10)},
    "cases.discard_old_drafts": {"task": "cases.discard_old_drafts", "schedule": crontab(hour=2, minute=15)},
    "cases.discard_import_files": {
        "task": "cases.discard_import_files",
        "schedule": crontab(hour=2, minute=45),
    },
    "cases.send_waiting_contacts": {
        "task": "cases.send_waiting_contacts",
        "schedule": crontab(minute="*/10"),
    },
    "tasking.chase_returns": {"task": "tasking.chase_returns", "schedule": crontab(hour=8, minute=20)},
    "performance.chase_plan_updates": {
        "task": "performance.chase_plan_updates",
        "schedule": crontab(hour=8, minute=40),
    },
    "tasking.discard_return_drafts": {
        "task": "tasking.discard_return_drafts",
        "schedule": crontab(hour=2, minute=50),
    },
}

EMAIL_HOST = env.str("EMAIL_HOST", "")
EMAIL_PORT = env.int("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.str("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 30
EMAIL_FILE_PATH = env.str("EMAIL_FILE_PATH", "")  # e-mails as files in this folder, for trying out
EMAIL_BACKEND = "django.core.mail.backends.{}.EmailBackend".format(
    "filebased" if EMAIL_FILE_PATH else "smtp" if EMAIL_HOST else "console"
)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "CSP Casework <no-reply@example.org>")

LOGGING = logging_config(debug=DEBUG)
