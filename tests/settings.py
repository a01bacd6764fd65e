"""The project's settings, but quick and without traces."""

import os
import tempfile
from pathlib import Path

# Before the project's settings are read: tests write nowhere else.
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="wegwijs-test-")
os.environ.setdefault("SECRET_KEY", "tests")
os.environ.setdefault("NOTES_KEY", "tests")
os.environ["DEMO_MODE"] = "1"
os.environ["BROKER_URL"] = "memory://"

from mentoring.settings import *  # noqa: F403
from mentoring.settings import DATABASES, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # In a file, as everywhere else: in memory, connections lock one another out.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(os.environ["DATA_DIR"]) / "test")}
MEDIA_ROOT = Path(tempfile.gettempdir()) / "wegwijs-media"
# A test reads the words that stand in the code.
LANGUAGE_CODE = "en"
# And no test waits for the morning, unless it is about that: see ``office_hours``.
REMINDERS_WAIT = False
# Nor does its outcome hang on whether tomorrow is a holiday.
PUBLIC_HOLIDAYS_OFF = False
