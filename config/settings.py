"""Settings: one file, read from the environment.

Local mode: without DATABASE_URL the product runs its own PostgreSQL and Valkey under `var/` (config.local_services)
and makes its own random secret there. With DATABASE_URL set, nothing secret has a default.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Any

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from config import local_services

# polars keeps freed memory for ten seconds unless told otherwise, which an import of many files would pile up. It reads
# this when it is first imported, and nothing imports it before the settings.
os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:100,muzzy_decay_ms:0")

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(environ.Env().str("VAR_DIR", default=str(BASE_DIR / "var")))

env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")


def strict_bool(name: str, *, default: bool) -> bool:
    """A setting that is exactly True or False. Raises ImproperlyConfigured on anything else."""
    value = env.str(name, default=str(default))
    if value not in ("True", "False"):
        raise ImproperlyConfigured(f"{name} must be True or False, not {value!r}.")
    return value == "True"


LOCAL_MODE = strict_bool("LOCAL_MODE", default=not env.str("DATABASE_URL", default=""))
DEBUG = strict_bool("DEBUG", default=False)
# script/run loads demonstration data while nobody has an account.
LOAD_DEMO = strict_bool("DEMO", default=LOCAL_MODE)


def local_secret(name: str, new: str) -> str:
    """A random secret of this checkout, made once (`new`) and readable by its owner alone."""
    path = VAR_DIR / name
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(new)
    return path.read_text()


def field_keys() -> list[str]:
    """The keys that encrypt fields: the first writes, all read. Raises ImproperlyConfigured on none, or a bad one."""
    keys: list[str] = env.list("FIELD_KEYS", default=[])
    if not keys and LOCAL_MODE:
        keys = [local_secret("field_key", Fernet.generate_key().decode())]
    try:
        usable = [Fernet(key) for key in keys]
    except ValueError:
        usable = []
    if not usable:
        raise ImproperlyConfigured(
            "Set FIELD_KEYS to one or more keys of 32 random bytes in URL-safe base64, with commas between them. They "
            "encrypt what second factors are made of; there is no default outside local mode."
        )
    return keys


SECRET_KEY = env.str("SECRET_KEY", default="") or (
    local_secret("secret_key", secrets.token_urlsafe(50)) if LOCAL_MODE else ""
)
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "Set SECRET_KEY to a long random string. It signs sessions; there is no default outside local mode."
    )
# Earlier ones, which still read what they signed: docs/running.md, "Keys".
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
FIELD_KEYS = field_keys()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if LOCAL_MODE else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- Services ---------------------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")
# The role that owns the tables, where it is another than the application's: see config.database_roles.
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", default="")
if bool(DATABASE_URL) != bool(REDIS_URL) or not (DATABASE_URL or LOCAL_MODE):
    raise ImproperlyConfigured("Set both DATABASE_URL and REDIS_URL, or neither (then both run locally).")
if not DATABASE_URL:
    local = local_services.ensure(VAR_DIR)
    DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL = local.database_url, local.owner_url, local.redis_url

DATABASES: dict[str, dict[str, Any]] = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "hotspots",
    }
}

# Celery: see config.celery. A unix socket is spelt redis+socket:// there, and its database virtual_host.
CELERY_BROKER_URL = REDIS_URL
if REDIS_URL.startswith("unix://"):
    CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "unacked_restore_interval": 1}
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/London"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# Jobs: see partners.jobs. A running job's worker writes a heartbeat this often ...
JOB_HEARTBEAT_SECONDS = env.float("JOB_HEARTBEAT_SECONDS", default=5.0)
# ... and is taken for dead when it has not for so long.
JOB_STALE_SECONDS = env.float("JOB_STALE_SECONDS", default=30.0)
# A job that no worker has taken for so long is sent again.
JOB_RESEND_SECONDS = env.float("JOB_RESEND_SECONDS", default=60.0)
JOB_MAX_ATTEMPTS = env.int("JOB_MAX_ATTEMPTS", default=5)

# --- Applications -----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "config.static_files.StaticFiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "partners",
    "hotspots",
    "interventions",
    "reports",
]

MIDDLEWARE = [
    "config.headers.guard",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # After WhiteNoise, whose files are compressed already. docs/decisions.md says why this is safe (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "partners.requests.identify",
    "config.caching.no_store",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # After authentication: every view but the named exceptions needs a sign-in.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "partners.access.read_only_while_looking",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "partners.sessions.end_old_sessions",
    "partners.second_factor.require",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "hotspots.context_processors.synthetic_data",
            ],
        },
    }
]

# --- People -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "partners.User"
AUTHENTICATION_BACKENDS = ["partners.backends.MembersBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "partners.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Hotspot tracker: "
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# Beside allauth's own limits: a code before the first second factor, which may be guessed five times.
ACCOUNT_RATE_LIMITS = {"code_by_mail": "5/h/user"}
# Passkeys, codes of an app, and recovery codes: see partners.second_factor.
MFA_ADAPTER = "partners.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Addresses are given by administrators, not proved by their owners.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Hotspot tracker"
# The code before and the one after count too: telephones' clocks differ.
MFA_TOTP_TOLERANCE = 1
# Browsers offer passkeys over HTTPS, and on localhost without it.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL_MODE
ACCOUNT_FORMS = {
    "login": "partners.forms.passwords.LoginForm",
    "reauthenticate": "partners.forms.passwords.ReauthenticateForm",
    "change_password": "partners.forms.passwords.ChangePasswordForm",
    "reset_password": "partners.forms.passwords.ResetPasswordForm",
    "reset_password_from_key": "partners.forms.passwords.ResetPasswordKeyForm",
}
MFA_FORMS = {
    "authenticate": "partners.forms.second_factor.AuthenticateForm",
    "reauthenticate": "partners.forms.second_factor.ReauthenticateForm",
    "activate_totp": "partners.forms.second_factor.ActivateTOTPForm",
    "add_webauthn": "partners.forms.second_factor.AddPasskeyForm",
    "edit_webauthn": "partners.forms.second_factor.RenamePasskeyForm",
}
USERSESSIONS_ADAPTER = "partners.adapters.SessionsAdapter"
# Whether roles that reach much need a second factor. Off for demonstrations on one's own machine.
SECOND_FACTOR = strict_bool("SECOND_FACTOR", default=not LOCAL_MODE)
# Single sign-on by OpenID Connect, where OIDC_ISSUER is set.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_NAME = env.str("OIDC_NAME", default="your organisation")
OIDC_HAS_SECOND_FACTOR = strict_bool("OIDC_HAS_SECOND_FACTOR", default=False)
if OIDC_ISSUER and not (OIDC_CLIENT_ID and OIDC_CLIENT_SECRET and (LOCAL_MODE or OIDC_ISSUER.startswith("https://"))):
    raise ImproperlyConfigured("OIDC_ISSUER must begin with https://, and needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.")
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
# By a link: the browser would not let a form of ours lead on to somebody else (Content-Security-Policy, form-action).
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_ADAPTER = "partners.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "openid",
                "name": OIDC_NAME,
                "client_id": OIDC_CLIENT_ID,
                "secret": OIDC_CLIENT_SECRET,
                "settings": {"server_url": OIDC_ISSUER, "oauth_pkce_enabled": True},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}
# A session ends so long after signing in, and after so long without use: see partners.sessions.
SESSION_HOURS = env.float("SESSION_HOURS", default=12.0)
IDLE_MINUTES = env.float("IDLE_MINUTES", default=30.0)
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = int(SESSION_HOURS * 60 * 60)
SESSION_COOKIE_HTTPONLY = True
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    default="django.core.mail.backends.console.EmailBackend"
    if LOCAL_MODE
    else "django.core.mail.backends.smtp.EmailBackend",
)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="hotspots@localhost")
# The mail server, where EMAIL_BACKEND is SMTP. STARTTLS unless it is switched off.
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = strict_bool("EMAIL_USE_TLS", default=EMAIL_HOST != "localhost")
# In seconds: whoever invites somebody waits for it.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
# Where people reach the product: for links in mails that no request asked for. Empty: they say where to look instead.
SITE_ADDRESS = env.str("SITE_ADDRESS", default="").rstrip("/")

# --- Security ---------------------------------------------------------------------------------------------------
HTTPS = strict_bool("HTTPS", default=not LOCAL_MODE)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
BEHIND_PROXY = strict_bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Tries to sign in are counted by address: the one that our proxy saw, never one that the visitor made up.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = strict_bool("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = strict_bool("HSTS_PRELOAD", default=False)
# Whether names under ours, and browsers' lists, are ours to promise for, only the owner of the name knows; that HSTS is
# off, config.checks says in its own words.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W005", "security.W021"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# Pictures to lie under maps, such as https://tiles.example/{z}/{x}/{y}.png, and whom to thank for them. Empty = none:
# then no browser asks anybody else for anything.
MAP_TILE_URL = env.str("MAP_TILE_URL", default="")
MAP_TILE_ATTRIBUTION = env.str("MAP_TILE_ATTRIBUTION", default="")
if MAP_TILE_URL and not (
    MAP_TILE_ATTRIBUTION
    and re.fullmatch(r"https://[a-z0-9.:-]+/[^{}\s;,]*\{z\}[^\s;,]*", MAP_TILE_URL)
    and set(re.findall(r"\{(.*?)\}", MAP_TILE_URL)) == {"z", "x", "y"}
):
    raise ImproperlyConfigured(
        "MAP_TILE_URL must look like https://tiles.example/{z}/{x}/{y}.png, and MAP_TILE_ATTRIBUTION must say whose "
        "tiles they are."
    )
# Nothing is inline, neither scripts nor styles, so there is nothing that a nonce would have to allow.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", *(["/".join(MAP_TILE_URL.split("/")[:3])] if MAP_TILE_URL else [])],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
# Whether webhooks may be told over http and in private networks: for tests and trials on one's own machine.
WEBHOOKS_ANYWHERE = strict_bool("WEBHOOKS_ANYWHERE", default=LOCAL_MODE)

# --- Language and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# --- Files ------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Compressing takes time: not for what is compressed, nor for the source maps of libraries.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["png", "ico", "woff", "woff2", "gz", "br", "map"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Immutable Parquet slices; on several machines, one folder they all see.
FACTS_DIR = Path(env.str("FACTS_DIR", default=str(VAR_DIR / "facts")))
# Documents of agreements and of records. Nothing in it is served but by views that ask who may see it.
MEDIA_ROOT = Path(env.str("DOCUMENTS_DIR", default=str(VAR_DIR / "documents")))
# Uploads and downloads waiting for a worker.
INBOX_DIR = Path(env.str("INBOX_DIR", default=str(VAR_DIR / "inbox")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# A form of a thousand premises has some 5,000 fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
# The most that a browser may send at once: a whole archive of police.uk has 1.7 GB.
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=2 * 1024**3)
# The largest file, and the largest sum of the files in a zip, that an import reads. police.uk's national archives
# unpack to about 8 GB.
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=16 * 1024**3)
# A file is refused if more than this share of its rows is rejected.
IMPORT_MAX_REJECTED_SHARE = env.float("IMPORT_MAX_REJECTED_SHARE", default=0.05)
# Where the monthly archive is published; the newest month is <base>/<YYYY-MM>.zip.
POLICE_UK_ARCHIVE_URL = env.str("POLICE_UK_ARCHIVE_URL", default="https://data.police.uk/data/archive/")
# Only these forces are taken from a national archive; empty = all.
POLICE_UK_FORCES = env.list("POLICE_UK_FORCES", default=["metropolitan", "city-of-london", "btp"])

# Counts from 1 to below this are hidden in what leaves the partnership, and others with them.
SUPPRESS_BELOW = env.int("SUPPRESS_BELOW", default=5)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- API --------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "partners.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["partners.api.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["partners.api.throttling.CallerRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "caller": env.str("API_RATE", default="600/min"),
        # Keys that do not work, from one address.
        "failures": env.str("API_FAILURE_RATE", default="60/min"),
    },
    "EXCEPTION_HANDLER": "partners.api.errors.problem_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Hotspot tracker API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Every operation and model open at once keeps a browser busy for minutes: the page begins with its groups.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none", "defaultModelsExpandDepth": -1},
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": ["partners.api.schema.say_once"],
}

# --- Logging: to standard error, one line an event; no request bodies, no query strings, nothing of records --------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.logs.Line",
            "format": "{asctime} {levelname} {name} {request_id}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # It would log each passkey's number.
        "fido2": {"level": "WARNING"},
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
