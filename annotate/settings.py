"""All settings, read from the environment; an unsafe or unreadable value stops the start."""

import logging
from pathlib import Path
from typing import Any

import environ
from celery.schedules import schedule
from csp.constants import NONE, SELF

from annotate.checks import refuse_unsafe, whole_number
from annotate.endpoints import read_endpoints, read_hosts
from annotate.hub import read_hub_address
from annotate.logs import configure_logs, log_settings
from annotate.sealing import read_sealing_keys
from annotate.storage import exports_storage

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- the deployment -------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECURE = env.bool("SECURE", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data"))).resolve()
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")

refuse_unsafe(secret_key=SECRET_KEY, debug=DEBUG, secure=SECURE, hosts=ALLOWED_HOSTS)

# --- applications ---------------------------------------------------------------------
INSTALLED_APPS = [
    "annotate",
    "labeling.accounts",
    "labeling.campaigns",
    "labeling.prompts",
    "labeling.generation",
    "labeling.assignment",
    "labeling.ranking",
    "labeling.judging",
    "labeling.training",
    "labeling.quality",
    "exports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "django_structlog",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "annotate.middleware.BrowserDefences",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before the CSRF check, which reads the body: nobody's body is read unasked.
    "annotate.middleware.BodyLimit",
    "annotate.gate.WebGate",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "annotate.middleware.PersonsLanguage",
    "django_structlog.middlewares.RequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "annotate.urls"
WSGI_APPLICATION = "annotate.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "annotate.context.campaign_and_role",
            ],
        },
    },
]

# --- database -------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'annotate.sqlite3'}")
}
EMBEDDED_DATABASE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if EMBEDDED_DATABASE:
    # Without IMMEDIATE, a read that turns into a write fails at once under load.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["ENGINE"] = "annotate.postgresql"
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Statements are planned once a connection, which halves what PostgreSQL does for a claim.
    DATABASES["default"]["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 3}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Each process remembers by itself: nothing that matters may hang on a cache server.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}

# --- queue ----------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL or f"sqla+sqlite:///{DATA_DIR / 'broker.sqlite3'}"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "generation.fill_candidates": {"queue": "generate"},
    "judging.judge": {"queue": "generate"},
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 1500
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {
        "visibility_timeout": 3600,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
    }
    if REDIS_URL
    else {}
)
SWEEP_SECONDS = whole_number("SWEEP_SECONDS", default=10)
SWEEPS = (
    "prompts.sweep",
    "generation.sweep",
    "assignment.sweep",
    "ranking.sweep",
    "judging.sweep",
    "quality.sweep",
    "exports.sweep",
    "accounts.sweep",
)
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": schedule(SWEEP_SECONDS), "options": {"expires": SWEEP_SECONDS}}
    for name in SWEEPS
}

# --- people ---------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "labeling.accounts.authentication.Links",
    "labeling.accounts.authentication.Passwords",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "labeling.accounts.adapter.ClosedSignUp"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
# The mail to an unknown address would invite to sign up, and there is no sign-up.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Annotate: "
ALLAUTH_TRUSTED_PROXY_COUNT = whole_number("TRUSTED_PROXY_COUNT", default=0, least=0)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
INVITATION_HOURS = whole_number("INVITATION_HOURS", default=72)
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="annotate@localhost")

# --- browser defences -----------------------------------------------------------------
SESSION_ENGINE = "labeling.accounts.sessions"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE and env.bool("SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
)
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- REST API -------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "annotate.tokens.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["annotate.gate.ApiGate"],
    "DEFAULT_PARSER_CLASSES": ["annotate.parsers.Json"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "annotate.openapi.DeclaredSchema",
    "EXCEPTION_HANDLER": "annotate.api.answer_error",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Annotate",
    "DESCRIPTION": "Collect human preferences on model responses.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # Stages use the same field names for different choices; each set keeps a name of its own.
    "ENUM_NAME_OVERRIDES": {
        "AiVerdict": "labeling.judging.enums.Verdict",
        "Asked": "labeling.campaigns.enums.Asked",
        "CampaignState": "labeling.campaigns.enums.CampaignState",
        "MemberRole": "labeling.campaigns.enums.Role",
        "PromptSetState": "labeling.prompts.enums.PromptSetState",
        "CandidateState": "labeling.generation.enums.CandidateState",
        "Flaw": "labeling.generation.enums.Flaw",
        "AssignmentKind": "labeling.assignment.enums.Kind",
        "ComparisonState": "labeling.assignment.enums.ComparisonState",
        "ExportState": "exports.enums.ExportState",
        "Outcome": "labeling.ranking.enums.Outcome",
        "OverlapPolicy": "labeling.assignment.enums.Policy",
        "SkipReason": "labeling.ranking.enums.SkipReason",
    },
}

# --- files ----------------------------------------------------------------------------
EXPORTS_STORAGE = env.str("EXPORTS_STORAGE", default="").strip()
EXPORTS_ENDPOINT = env.str("AWS_ENDPOINT_URL_S3", default="").strip()
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
    **exports_storage(EXPORTS_STORAGE, EXPORTS_ENDPOINT),
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
UPLOADS_DIR = DATA_DIR / "uploads"
EXPORTS_DIR = DATA_DIR / "exports"
MODELS_DIR = DATA_DIR / "models"
UPLOAD_LIMIT_MB = whole_number("UPLOAD_LIMIT_MB", default=2048)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- the Hub that exports are pushed to ---------------------------------------------------
HF_TOKEN = env.str("HF_TOKEN", default="").strip()
HF_ENDPOINT = read_hub_address(env.str("HF_ENDPOINT", default=""))

# --- models that answer prompts ---------------------------------------------------------
# A worker renews its claim while it works; a killed one gives its candidates back after this.
GENERATION_CLAIM_SECONDS = whole_number("GENERATION_CLAIM_SECONDS", default=60, least=3)
LOCAL_MODELS: list[str] = env.list("LOCAL_MODELS", default=[])
MODEL_ENDPOINTS = read_endpoints(env.str("MODEL_ENDPOINTS", default="{}"))
MODEL_HOSTS = read_hosts(env.list("MODEL_HOSTS", default=[]))
SEALING_KEYS = read_sealing_keys(env.list("SEALING_KEYS", default=[]), secret_key=SECRET_KEY)

# --- language, time, logs ---------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "Arabic"), ("ja", "Japanese")]
TIME_ZONE = "UTC"
LOGGING = log_settings(LOG_LEVEL)
# One line a request, at its end, and nobody's network address in it.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
configure_logs()
