"""Every test there are means for, one kind after another: ``make test``.

What there are no means for (Postgres, Redis, a browser) is left out, and said at the
end. With ``REQUIRE_ALL=1`` leaving out is failing.

Arguments go to pytest, each time.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
RULE = "=" * 78
NO_TESTS = 5  # pytest's exit code
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
POSTGRES = (
    "postgres://wegwijs:wegwijs@127.0.0.1:5432/wegwijs",
    "postgres://postgres:postgres@127.0.0.1:5432/wegwijs",
    "postgres:///wegwijs",
)
REDIS = "redis://127.0.0.1:6379/15"


def find_postgres() -> str | None:
    """A server on which we may make databases."""
    told = os.environ.get("TEST_POSTGRES_URL")
    for url in [told] if told else POSTGRES:
        server, _slash, _name = url.rpartition("/")
        try:
            with psycopg.connect(f"{server}/postgres", connect_timeout=3) as link:
                row = link.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles"
                    " WHERE rolname = current_user"
                ).fetchone()
        except psycopg.Error:
            continue
        if row and row[0]:
            return url
    return None


def find_redis() -> str | None:
    url = os.environ.get("TEST_REDIS_URL", REDIS)
    try:
        redis.Redis.from_url(url, socket_connect_timeout=3).ping()
    except redis.RedisError:
        return None
    return url


def pytest(title: str, *arguments: str, **environment: str) -> int:
    """Run pytest and let it speak; its exit code."""
    sys.stdout.write(f"\n{RULE}\n{title}\n{RULE}\n")
    sys.stdout.flush()
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, *sys.argv[1:]],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
    ).returncode


def main() -> int:
    fast = ("-m", "not browser and not process", "-n", "auto")
    sqlite = f"sqlite:///{tempfile.mkdtemp(prefix='wegwijs-test-')}/db.sqlite3"
    left_out: list[str] = []
    failed: list[str] = []
    lasted: list[tuple[str, float]] = []

    def stage(title: str, *arguments: str, **environment: str) -> None:
        began = time.monotonic()
        code = pytest(title, *arguments, **environment)
        lasted.append((title, time.monotonic() - began))
        if code == NO_TESTS:
            left_out.append(f"{title}: no tests of this kind")
        elif code:
            failed.append(title)

    stage("On SQLite", *fast, DATABASE_URL=sqlite)

    if url := find_postgres():
        stage("The same on Postgres", *fast, DATABASE_URL=url)
        races = ("-m", "process", "tests/races")
        stage("Many at once on Postgres", *races, DATABASE_URL=url)
    else:
        left_out.append(
            "The same on Postgres: no server answers; TEST_POSTGRES_URL names one"
        )

    if broker := find_redis():
        os.environ["TEST_REDIS_URL"] = broker
    else:
        os.environ.pop("TEST_REDIS_URL", None)
        left_out.append("Redis as the broker: none answers; TEST_REDIS_URL names one")
    # They wait most of the time, and each file brings up a site of its own.
    together = ("-n", "2", "--dist", "loadfile")
    stage("The real processes", "-m", "process", *together, DATABASE_URL=sqlite)

    if any(map(shutil.which, BROWSERS)):
        # A site serves many walks, so they go in the order of their files: who is
        # matched for good in one of them waits no more in the next. Two sites: see
        # ``TwoSites`` in ``tests/conftest.py``.
        walks = ("-m", "browser", "-p", "no:randomly", "-n", "2", "--dist", "loadgroup")
        stage("In the browser", *walks, DATABASE_URL=sqlite)
    else:
        left_out.append(f"In the browser: none of {', '.join(BROWSERS)} is installed")

    sys.stdout.write(f"\n{RULE}\n")
    for title, seconds in lasted:
        minutes, rest = divmod(round(seconds), 60)
        sys.stdout.write(f"{minutes:3d}:{rest:02d}    {title}\n")
    for title in failed:
        sys.stdout.write(f"FAILED    {title}\n")
    for what in left_out:
        sys.stdout.write(f"LEFT OUT  {what}\n")
    if not failed and not left_out:
        sys.stdout.write("Everything passed; nothing was left out.\n")
    sys.stdout.write(f"{RULE}\n")
    required = os.environ.get("REQUIRE_ALL", "") not in ("", "0")
    return 1 if failed or (left_out and required) else 0


if __name__ == "__main__":
    sys.exit(main())
