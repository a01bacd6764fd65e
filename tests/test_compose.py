"""What docker-compose.yml starts in production, started here without Docker: the same
commands and the same checks, read from the file, against a Postgres and a Redis.
"""

import http.client
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import yaml
from django.conf import settings

from tests.chaos.mail_server import MailServer
from tests.everything import find_postgres

pytestmark = [pytest.mark.process, pytest.mark.enable_socket]
ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docker-compose.yml"
SERVICES = yaml.safe_load(FILE.read_text())["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]
WORKERS = [name for name in OURS if " worker " in SERVICES[name].get("command", "")]
HOST = "mentoring.example.org"
# What somebody fills in in .env.
TOLD = {
    "POSTGRES_PASSWORD": "password",
    "SECRET_KEY": "signs" * 12,
    "NOTES_KEY": "seals" * 12,
    "SITE_URL": f"https://{HOST}",
    "ALLOWED_HOSTS": HOST,
    "DEFAULT_FROM_EMAIL": f"Wegwijs <wegwijs@{HOST}>",
}
BIN = Path(sys.executable).parent


def interpolated(text: str) -> str:
    """As Compose reads it: values for names, and ``$$`` for a dollar."""
    text = re.sub(r"(?<!\$)\$\{(\w+)[^}]*\}", lambda found: TOLD[found[1]], text)
    return text.replace("$$", "$")


def command_of(name: str) -> list[str]:
    """What a service runs: its own command, else that of the image."""
    if command := SERVICES[name].get("command"):
        return shlex.split(interpolated(command))
    [image] = re.findall(
        r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE
    )
    return list(json.loads(image))


def check_of(name: str) -> list[str]:
    """What Docker runs to see whether a service is well."""
    how, *words = SERVICES[name]["healthcheck"]["test"]
    words = [interpolated(word) for word in words]
    return ["sh", "-c", *words] if how == "CMD-SHELL" else words


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(happened: Callable[[], object], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if happened():
            return True
        time.sleep(0.2)
    return False


class Production:
    """The services of the file, on this machine instead of in containers."""

    def __init__(self, directory: Path, postgres: str) -> None:
        self.directory = directory
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.mail = MailServer()
        self.port, redis_port = free_port(), free_port()
        database = f"wegwijs_compose_{uuid4().hex[:12]}"
        self.server = f"{postgres.rpartition('/')[0]}/postgres"
        self.database = database
        self.tell_postgres(f"CREATE DATABASE {database}")
        # Only where things are differs from the file.
        elsewhere = {
            "DATA_DIR": str(directory),
            "DATABASE_URL": f"{postgres.rpartition('/')[0]}/{database}",
            "BROKER_URL": f"redis://127.0.0.1:{redis_port}/0",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "PORT": str(self.port),
            "HOSTNAME": socket.gethostname(),
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "HOME": str(directory),
        }
        asked = {
            name: interpolated(value)
            for name, value in SERVICES["web"]["environment"].items()
        }
        self.environment = {**TOLD, **asked, **elsewhere}
        self.start("redis", "--port", str(redis_port))

    def tell_postgres(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as link:
            link.execute(statement)

    def start(self, name: str, *more: str) -> None:
        with (self.directory / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                [*command_of(name), *more],
                cwd=ROOT if name in OURS else self.directory,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self, name: str) -> str:
        return (self.directory / f"{name}.log").read_text()

    def is_well(self, name: str) -> bool:
        return not subprocess.run(
            check_of(name),
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode

    def health(self) -> dict[str, bool]:
        """What the site says of itself, asked as the proxy in front does."""
        site = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            site.request(
                "GET", "/healthz", headers={"Host": HOST, "X-Forwarded-Proto": "https"}
            )
            return dict(json.loads(site.getresponse().read()))
        except OSError:
            return {}
        finally:
            site.close()

    def ask(self, question: str, *arguments: object) -> None:
        subprocess.run(
            [sys.executable, "-m", "tests.chaos.questions"],
            input=json.dumps([question, arguments]),
            text=True,
            cwd=ROOT,
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "mentoring.settings"},
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def close(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.mail.close()
        self.tell_postgres(f"DROP DATABASE {self.database} WITH (FORCE)")


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    postgres = find_postgres()
    missing = [
        name
        for name, there in (
            ("Postgres", postgres),
            ("Redis", shutil.which("redis-server")),
        )
        if not there
    ]
    if missing:
        told = (
            f"the services of production are not tried: no {' and no '.join(missing)}"
        )
        if os.environ.get("REQUIRE_ALL", "") not in ("", "0"):
            pytest.fail(told)
        pytest.skip(told)
    found = Production(tmp_path_factory.mktemp("production"), str(postgres))
    try:
        yield found
    finally:
        found.close()


def test_every_queue_has_a_worker_of_its_own_or_shares_one() -> None:
    taken = [
        queue
        for name in WORKERS
        for queue in command_of(name)[command_of(name).index("--queues") + 1].split(",")
    ]

    assert sorted(taken) == sorted(queue.name for queue in settings.CELERY_TASK_QUEUES)


def test_production_starts_is_well_sends_mail_and_stops(production) -> None:
    production.start("web")
    assert wait_for(lambda: production.is_well("web"), 180), production.said("web")

    for name in OURS:
        if name != "web":
            production.start(name)
    wait_for(lambda: all(production.health().values()), 120)

    assert production.health() == dict.fromkeys(
        ["database", "broker", "worker", "clock", "mail"], True
    )
    for name in OURS:
        assert wait_for(lambda name=name: production.is_well(name), 30), name

    production.ask("pairs", 1)
    production.ask("plan_introductions", 2)

    assert wait_for(lambda: len(production.mail.people()) == 2, 30)
    assert production.mail.copies() == 0

    for name in reversed(OURS):
        production.running[name].send_signal(signal.SIGTERM)
    for name in OURS:
        grace = SERVICES[name]["stop_grace_period"]
        code = production.running[name].wait(timeout=int(grace.removesuffix("s")))

        assert code == 0, production.said(name)
        assert "Traceback" not in production.said(name)
    # Nor does asking whether it is well fill the log, or anything speak another way.
    assert "Invalid HTTP_HOST" not in production.said("web")
    assert "[INFO]" not in production.said("web")
