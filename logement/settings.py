"""Settings. Everything that differs between machines is an environment variable (`.env.example` lists them).

Without any variable this is the embedded default: SQLite, a Celery worker thread in the web process, files in
`var/`. With `DATABASE_URL` and `REDIS_URL` it is production: PostgreSQL, Redis, workers of their own.
"""

import os
import re
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def flag(name, default):
    """A boolean environment variable: "1", "true", "oui" are true."""
    return os.environ.get(name, default).lower() in {"1", "true", "oui"}


def words(name, default=""):
    """An environment variable holding words separated by commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


DEBUG = flag("DEBUG", "0")
SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Définissez SECRET_KEY (50 caractères au hasard) ; `make` le fait dans .env.")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
# The links of the e-mails: never the name under which a request came, which its sender chooses.
SITE_URL = (os.environ.get("SITE_URL") or "http://localhost:8000").rstrip("/")
if not SITE_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured("SITE_URL : écrivez l'adresse entière du site, avec https:// devant.")

# Who opens this site, and to whom one writes when a page is an obstacle: printed in the declaration of accessibility.
SITE_OWNER = os.environ.get("SITE_OWNER", "")
ACCESSIBILITY_CONTACT = os.environ.get("ACCESSIBILITY_CONTACT", "")

# HTTPS is the rule; the demonstration on one's own machine says HTTPS=0.
HTTPS = flag("HTTPS", "1")
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "logement",
    "axes",
    "bail_dabord",
    "prevention",
    "reporting",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "logement.proconnect",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prose_editor",
    "django_tables2",
    "js_asset",
    "simple_history",
    "template_partials",
]

MIDDLEWARE = [
    "logement.headers.shut_what_is_not_used",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "logement.logs.follow_requests",
    "logement.unsent.hear_out",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "logement.unsent.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "logement.htmx.messages_apart",
    "simple_history.middleware.HistoryRequestMiddleware",
    "logement.accounts.SecondFactorMiddleware",
    "logement.unsent.TypedTextMiddleware",
    "logement.assistance.note_readings",
]

ROOT_URLCONF = "logement.urls"
WSGI_APPLICATION = "logement.wsgi.application"
AUTH_USER_MODEL = "logement.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "csp.context_processors.nonce",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# A consistent read is one transaction on both: IMMEDIATE makes SQLite's writers queue instead of failing half-way,
# WAL lets readers go on meanwhile.
DATABASES = {
    "default": dj_database_url.config(default=f"sqlite:///{VAR_DIR / 'logement.sqlite3'}", conn_max_age=60)
}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }

REDIS_URL = os.environ.get("REDIS_URL", "")
BROKER_PATIENCE = 5  # seconds; a Redis that accepts and says nothing must not hold a page
# The tries at signing in are counted in the database: by all the processes together, and with Redis stopped.
# What is only kept to go faster may vanish.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "logement_cache"},
    "renders": {
        "BACKEND": "logement.caches.ForgetfulCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": BROKER_PATIENCE, "socket_timeout": BROKER_PATIENCE},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# Celery only carries the key of a job; the job itself is a row (logement/jobs.py).
CELERY_BROKER_URL = REDIS_URL or "memory://localhost"  # kombu warns of a broker without a host
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"socket_connect_timeout": BROKER_PATIENCE, "socket_timeout": BROKER_PATIENCE} if REDIS_URL else {}
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
# A worker takes no job that it cannot begin at once: another one may be waiting with nothing to do.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    rhythm: {"task": "logement.tasks.keep_up", "args": [rhythm], "schedule": schedule}
    for rhythm, schedule in {
        "often": 30.0,
        "hourly": crontab(minute="7"),
        "daily": crontab(minute="15", hour="3"),
        "monthly": crontab(minute="45", hour="3", day_of_month="1"),
    }.items()
}
EMBEDDED_WORKER = not REDIS_URL

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_ENGINE = "logement.sessions"
SESSION_COOKIE_AGE = int(os.environ.get("SESSION_HOURS", "8")) * 3600
SESSION_WARNING = min(
    600, SESSION_COOKIE_AGE // 2
)  # seconds before its end; the page then offers to prolong it
CSRF_FAILURE_VIEW = "logement.unsent.csrf_failure"
ACCOUNT_ADAPTER = "logement.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by invitation: the address is known
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds; then what touches the account's security asks who is there
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a password or a second factor that changes is written to its person
# Beside those of allauth: the page that checks a report, the e-mails that somebody has sent to others.
ACCOUNT_RATE_LIMITS = {"verify": "30/m/ip", "invite": "60/h/user"}
# The proxy in front of us says who asks, else all would share the tries of one address.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "1" if HTTPS else "0"))

# Asked of the roles of `roles.SECOND_FACTOR`; the demonstration, on one's own machine, only offers it.
SECOND_FACTOR_REQUIRED = flag("SECOND_FACTOR_REQUIRED", "1" if HTTPS else "0")
# What seals their secrets in the database: the first key seals, all of them open. None: a key drawn from SECRET_KEY.
SECOND_FACTOR_KEYS = words("SECOND_FACTOR_KEYS")
for key in SECOND_FACTOR_KEYS:
    if not re.fullmatch(r"[\w-]{43}=", key, re.ASCII):
        raise ImproperlyConfigured(
            "SECOND_FACTOR_KEYS : chaque clé compte 44 signes ; .env.example dit comment l'obtenir."
        )
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "logement.accounts.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Suivi Logement d'abord"
MFA_TOTP_TOLERANCE = 1  # telephones whose clock is half a minute wrong
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the invitation came by this address
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# ProConnect: its address (the one that its discovery document is under) and what it gave us. Off without them.
PROCONNECT_URL = os.environ.get("PROCONNECT_URL", "").rstrip("/")
PROCONNECT_APP = {
    "name": "ProConnect",
    "client_id": os.environ.get("PROCONNECT_CLIENT_ID", ""),
    "secret": os.environ.get("PROCONNECT_CLIENT_SECRET", ""),
    "settings": {"server_url": PROCONNECT_URL, "oauth_pkce_enabled": True},
}
PROCONNECT_ORIGIN = re.findall(r"^https?://[^/]+", PROCONNECT_URL)
SOCIALACCOUNT_PROVIDERS = {"proconnect": {"APPS": [PROCONNECT_APP] if PROCONNECT_URL else []}}
SOCIALACCOUNT_ADAPTER = "logement.proconnect.adapter.PresentedAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # the address is that of an account: it is the same person
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS", "0")
EMAIL_TIMEOUT = 30  # seconds; a mail server that hangs holds no worker
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "ne-pas-repondre@localhost")

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Files are outside the web root: a view checks who asks, then sends them.
MEDIA_ROOT = VAR_DIR / "files"
# With several machines they are in an S3-compatible store (the extra `s3`), which we alone read: the same checks.
S3_BUCKET = os.environ.get("S3_BUCKET", "")
OBJECT_STORE = {
    "BACKEND": "logement.object_store.ObjectStorage",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": os.environ.get("S3_ENDPOINT_URL") or None,
        "region_name": os.environ.get("S3_REGION") or None,
        "access_key": os.environ.get("S3_ACCESS_KEY", ""),
        "secret_key": os.environ.get("S3_SECRET_KEY", ""),
    },
}
STORAGES = {
    "default": OBJECT_STORE if S3_BUCKET else {"BACKEND": "logement.files.WholeFileStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Each night a backup is written there, for a public key of age if one is given; the last ones are kept.
BACKUP_DIR = os.environ.get("BACKUP_DIR", "")
BACKUP_PUBLIC_KEY = os.environ.get("BACKUP_PUBLIC_KEY", "")
BACKUP_KEPT = int(os.environ.get("BACKUP_KEPT", "14"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Below this, a number of people or households is masked in what is published to all (3 at least).
SMALL_COUNT_THRESHOLD = int(os.environ.get("SMALL_COUNT_THRESHOLD", "5"))
if SMALL_COUNT_THRESHOLD < 3:
    raise ImproperlyConfigured("SMALL_COUNT_THRESHOLD : écrivez 3 au moins. « < 2 » voudrait dire 1.")

DJANGO_TABLES2_TEMPLATE = "tables/table.html"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],  # signing in again without leaving the page
        # Our form that leads to ProConnect is followed there.
        "form-action": [SELF, *PROCONNECT_ORIGIN],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "logement.logs.Discreet",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
        "json": {"()": "logement.logs.JsonLines"},
    },
    "filters": {"hide_address": {"()": lambda: import_string("logement.logs.hide_address")}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": os.environ.get("LOG_FORMAT", "line"),
            "filters": ["hide_address"],
        }
    },
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
