"""Settings, in one file; the environment decides what differs.

In order: paths and environment, security, apps, middleware, templates, database,
sign-in, mail, Celery, language, static files, logging, ours.
"""

import secrets
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env
from kombu import Queue

# --- paths and environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
DEBUG = env.bool("DEBUG", False)
DEMO_MODE = env.bool("DEMO_MODE", False)


def kept_secret(name: str) -> str:
    """The secret from the environment, else from its file, which is made if need be."""
    if value := env.str(name, ""):
        return str(value)
    path = DATA_DIR / name.lower()
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()


# --- security

SECRET_KEY = kept_secret("SECRET_KEY")
# Private notes have a key of their own, so that rotating one leaves the other.
NOTES_KEY = kept_secret("NOTES_KEY")
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# At most this long after signing in, and this long after the last page.
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_IDLE_SECONDS = 8 * 3600
X_FRAME_OPTIONS = "DENY"
# E-mail addresses are unique by a constraint on their lower case.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- apps

INSTALLED_APPS = [
    "dashboards",
    "feedback",
    "matching",
    "mentorships",
    "programs",
    "outbox",
    "people",
    "history",
    "mentoring",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "heroicons",
    "template_partials",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- middleware

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mentoring.middleware.OddInputMiddleware",
    "mentoring.middleware.IdleSessionMiddleware",
    "mentoring.middleware.BrandMiddleware",
    "mentoring.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mentoring.middleware.LoginRequiredMiddleware",
    "programs.second_step.SecondStepMiddleware",
    "programs.viewing.ViewingMiddleware",
    "mentoring.middleware.PartMessagesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "mentoring.urls"
WSGI_APPLICATION = "mentoring.wsgi.application"

# --- templates

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
                "django.template.context_processors.i18n",
                "dashboards.navigation.site",
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database

DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}", conn_max_age=60
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling a question takes Postgres longer than answering any of ours: seconds,
    # where a page has a tenth of one.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")

# --- sign-in

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.signing_in.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboards:home"
ACCOUNT_ADAPTER = "programs.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# Whose an address is, ``User.email`` says; allauth's table of addresses stays empty.
ACCOUNT_FORMS = {
    "login": "programs.forms.signing_in.PasswordForm",
    "request_login_code": "programs.forms.signing_in.CodeByMailForm",
    "reset_password": "people.signing_in.AskPasswordForm",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = (
    "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 - no secret
)
# Nobody signs up; without a password here the sign-in form would not ask for one.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# The page answers the same to everybody, and only who works here gets a mail: nobody
# can let Wegwijs write to an address it does not know, or often to one that it does.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,3/m/key,12/h/key",
    "reset_password": "20/m/ip,3/m/key,6/h/key",
}
ACCOUNT_SESSION_REMEMBER = True

# A second step when signing in: an app with codes, or a passkey, which is both steps.
# Who sees or changes what is of others must have one; not on somebody's own machine.
MFA_REQUIRED = env.bool("MFA_REQUIRED", HTTPS and not DEMO_MODE)
MFA_ADAPTER = "programs.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Wegwijs"
# A code that somebody was just typing counts, and so does a clock half a minute off.
MFA_TOTP_TOLERANCE = 1
# An e-mail address comes from HR; nobody adds one that has to be confirmed.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "activate_totp": "programs.forms.second_step.AppForm",
    "authenticate": "programs.forms.second_step.CodeForm",
    "reauthenticate": "programs.forms.second_step.CodeAgainForm",
    "login_webauthn": "programs.forms.second_step.KeySignInForm",
    "authenticate_webauthn": "programs.forms.second_step.KeyUseForm",
    "reauthenticate_webauthn": "programs.forms.second_step.KeyAgainForm",
    "add_webauthn": "programs.forms.second_step.KeyForm",
    "edit_webauthn": "programs.forms.second_step.KeyNameForm",
}
# A whole office comes in by one address; there is nothing to guess in a passkey.
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}

# Limits on trying count by address: behind HTTPS there is one proxy, which says whose.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
# All processes count together, so the count is on disk.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

# --- mail

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Wegwijs <wegwijs@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
REPLY_TO_EMAIL = env.str("REPLY_TO_EMAIL", "")
MAILBOX_DIR = DATA_DIR / "mailbox"
if DEMO_MODE:
    EMAIL_BACKEND = "mentoring.mailbox.MailboxBackend"
else:
    _email = env.dj_email_url("EMAIL_URL", "smtp://localhost:25")
    EMAIL_BACKEND = _email["EMAIL_BACKEND"]
    EMAIL_HOST = _email["EMAIL_HOST"]
    EMAIL_PORT = _email["EMAIL_PORT"]
    EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
    EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
    EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
    # A mail service that has an API of its own: its backend in django-anymail.
    if service := env.str("MAIL_SERVICE", ""):
        EMAIL_BACKEND = f"anymail.backends.{service}.EmailBackend"
        ANYMAIL = env.json("ANYMAIL", "{}")
EMAIL_TIMEOUT = 20

# --- Celery: the database is the queue, Celery carries hints

CELERY_BROKER_URL = env.str("BROKER_URL", "filesystem://")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 600
CELERY_TASK_TIME_LIMIT = 660
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "UTC"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
if CELERY_BROKER_URL.startswith("filesystem"):
    _folder = DATA_DIR / "broker"
    _folder.mkdir(parents=True, exist_ok=True)
    (_folder / "control").mkdir(exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "data_folder_in": str(_folder),
        "data_folder_out": str(_folder),
        "control_folder": str(_folder / "control"),
    }
else:
    # kombu looks for lost work only every interval × throttle.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 300,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
        # Whoever gives a hint tries twice and goes on: nobody waits for a broker.
        "max_retries": 1,
        "interval_start": 0,
    }
# One worker takes all of them; on a busier site each can have workers of its own.
CELERY_TASK_QUEUES = [Queue(name) for name in ("celery", "mail", "matching", "import")]
CELERY_TASK_ROUTES = {
    "outbox.tasks.send_due": {"queue": "mail"},
    "matching.tasks.solve_round": {"queue": "matching"},
    "people.tasks.*": {"queue": "import"},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
CELERY_BEAT_SCHEDULE = {
    "send due messages": {"task": "outbox.tasks.send_due", "schedule": 15.0},
    "heartbeat": {"task": "outbox.tasks.beat", "schedule": 15.0},
    "forget facts": {"task": "outbox.tasks.forget_facts", "schedule": 24 * 3600.0},
    "settle participants": {
        "task": "programs.tasks.settle_participants",
        "schedule": 300.0,
    },
    "forget presses": {
        "task": "history.tasks.forget_presses",
        "schedule": 24 * 3600.0,
    },
    "clear programmes": {
        "task": "programs.tasks.clear_programs",
        "schedule": 24 * 3600.0,
    },
    "part with leavers": {
        "task": "programs.tasks.part_with_leavers",
        "schedule": 300.0,
    },
    "read goals": {"task": "programs.tasks.read_goals", "schedule": 6 * 3600.0},
    "plan check-ins": {"task": "mentorships.tasks.plan_check_ins", "schedule": 3600.0},
    "move requests": {"task": "matching.tasks.move_requests", "schedule": 3600.0},
    "plan surveys": {"task": "feedback.tasks.plan_waves", "schedule": 3600.0},
    # Five at a time in any case; in a trial nobody waits for what they want to see.
    "shuffle answers in": {
        "task": "feedback.tasks.settle_answers",
        "schedule": 15.0 if DEMO_MODE else 300.0,
    },
    "review mentorships": {
        "task": "feedback.tasks.review_mentorships",
        "schedule": 6 * 3600.0,
    },
    "warn of confidants": {
        "task": "feedback.tasks.warn_of_confidants",
        "schedule": 3600.0,
    },
    "tell of handing over": {
        "task": "feedback.tasks.tell_of_handing_over",
        "schedule": 15.0 if DEMO_MODE else 300.0,
    },
    "renew access tables": {
        "task": "feedback.tasks.renew_access_tables",
        "schedule": 24 * 3600.0,
    },
    "plan digests": {"task": "dashboards.tasks.plan_digests", "schedule": 1800.0},
}

CELERY_BEAT_SCHEDULE |= {
    task: {"task": task, "schedule": 3600.0}
    for task in (
        "programs.tasks.plan_joining_reminders",
        "programs.tasks.plan_waiting_status",
        "programs.tasks.tell_of_unanswered",
        "mentorships.tasks.plan_first_steps",
        "mentorships.tasks.plan_when_stuck",
        "mentorships.tasks.plan_along_the_way",
        "mentorships.tasks.plan_for_silence",
        "mentorships.tasks.end_what_is_over",
        "matching.tasks.plan_choosing",
        "matching.tasks.plan_undecided",
        "dashboards.tasks.plan_monthly",
    )
}

# --- language and time

USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", "Europe/Amsterdam")
LANGUAGE_CODE = env.str("LANGUAGE_CODE", "nl")
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["mentoring.formats"]

# --- static files

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "media"

# --- logging: what happened, never what somebody wrote

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "mentoring.logs.Line"},
        "json": {"()": "mentoring.logs.Json"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", "line"),
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}

# --- ours

# With this word as a bearer token a monitor may read /metrics; empty is nobody.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
# A reminder waits for these hours and days where its reader is; Monday is 0.
WORKING_HOURS = (9, 18)
WORKING_DAYS = {0, 1, 2, 3, 4}
PUBLIC_HOLIDAYS_OFF = True
# Whoever tries Wegwijs on a Sunday evening wants to see it come.
REMINDERS_WAIT = not DEMO_MODE
# Until an HR admin gives one on the page of the organisation.
ORGANISATION_NAME = env.str("ORGANISATION_NAME", "")
# For so long a page of figures may be as it was; whoever did something reads it anew.
# In a trial one person is everybody, and waits for nothing.
KEPT_SECONDS = 0 if DEMO_MODE else 60
# Within so many working days whoever reported something serious hears of its reader.
REPORT_ANSWER_DAYS = 5
# A smaller group than this is never shown a figure of.
ANONYMITY_FLOOR = 5
