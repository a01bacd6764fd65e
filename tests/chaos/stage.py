"""Everything that production has, started for one test: Postgres, Redis, web, worker,
clock and a mail server; each can be killed.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import redis

from tests.chaos.mail_server import MailServer

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
REDIS = shutil.which("redis-server") or shutil.which("valkey-server")
OURS = ("DATABASE_URL", "BROKER_URL", "SECRET_KEY", "NOTES_KEY", "TEST_REDIS_URL")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(happened: Callable[[], object], seconds: float) -> float:
    """How long it took; more than ``seconds`` when it did not happen."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if happened():
            return time.monotonic() - began
        time.sleep(0.1)
    return seconds + 1


class Stage:
    """One site with all that it needs, in a directory of its own."""

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="wegwijs-chaos-"))
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.asked: subprocess.Popen[str] | None = None
        self.mail = MailServer()
        self.redis_port, self.postgres_port = free_port(), free_port()
        self.web_port = free_port()
        self.start_redis()
        self.make_postgres()
        kept = {name: text for name, text in os.environ.items() if name not in OURS}
        self.environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
            "DATA_DIR": str(self.directory / "data"),
            "DATABASE_URL": f"postgres://postgres@127.0.0.1:{self.postgres_port}/postgres",
            "BROKER_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "SITE_URL": f"http://127.0.0.1:{self.web_port}",
            "DEMO_MODE": "0",
            "LOG_LEVEL": "CRITICAL",
            "PYTHONWARNINGS": "ignore",
        }
        self.manage("migrate", "--verbosity", "0")
        self.manage("collectstatic", "--noinput", "--verbosity", "0")

    # --- what the site stands on

    def start_redis(self) -> None:
        assert REDIS
        self.processes["redis"] = subprocess.Popen(
            [
                *(REDIS, "--port", str(self.redis_port), "--bind", "127.0.0.1"),
                *("--save", "", "--appendonly", "no", "--dir", str(self.directory)),
                *("--maxmemory-policy", "noeviction", "--loglevel", "warning"),
            ],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )
        wait_for(self.redis_answers, 10)

    def redis(self) -> "redis.Redis":
        return redis.Redis(port=self.redis_port, socket_connect_timeout=1)

    def redis_answers(self) -> bool:
        try:
            return bool(self.redis().ping())
        except redis.RedisError:
            return False

    def as_postgres(self, *command: str) -> None:
        """Postgres does not run as root."""
        shell = " ".join(command)
        full = ["sh", "-c", shell]
        if os.getuid() == 0:
            full = ["su", "postgres", "-s", "/bin/sh", "-c", shell]
        subprocess.run(
            full, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def make_postgres(self) -> None:
        self.cluster = self.directory / "postgres"
        self.cluster.mkdir()
        self.directory.chmod(0o755)
        if os.getuid() == 0:
            shutil.chown(self.cluster, "postgres")
        tools = POSTGRES[0]
        self.as_postgres(
            f"{tools}/initdb -D {self.cluster} -A trust -U postgres -E UTF8 -N"
        )
        self.postgres("start")

    def postgres(self, action: str, *options: str) -> None:
        given = f"-p {self.postgres_port} -k {self.cluster} -h 127.0.0.1"
        self.as_postgres(
            f"{POSTGRES[0]}/pg_ctl -D {self.cluster} -l {self.cluster}/log -w",
            *options,
            f"-o '{given} -c max_connections=80 -c fsync=off'",
            action,
        )

    # --- the site

    def start(self, name: str, *command: str, **environment: str) -> None:
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**self.environment, **environment},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def start_worker(self, name: str = "worker") -> None:
        self.start(
            name,
            *("celery", "--app", "mentoring", "worker", "--concurrency", "2"),
            *("--without-gossip", "--without-mingle", "--loglevel", "CRITICAL"),
            *("--hostname", f"{name}@chaos"),
        )

    def start_beat(self, name: str = "beat", **environment: str) -> None:
        self.start(
            name,
            *("celery", "--app", "mentoring", "beat", "--pidfile", ""),
            *("--schedule", str(self.directory / name), "--loglevel", "CRITICAL"),
            **environment,
        )

    def start_web(self) -> None:
        self.start(
            "web",
            *("gunicorn", "mentoring.wsgi", "--bind", f"127.0.0.1:{self.web_port}"),
            *("--workers", "2", "--threads", "4", "--no-control-socket"),
            *("--log-level", "critical", "--graceful-timeout", "20"),
        )

        def answers() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.web_port)) == 0

        wait_for(answers, 20)

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """End a process and its children as roughly as can be."""
        process = self.processes[name]
        os.killpg(process.pid, number)
        process.wait(timeout=30)

    def close(self) -> None:
        if self.asked:
            self.asked.communicate(timeout=30)
        for name, process in self.processes.items():
            if process.poll() is None:
                self.kill(name)
        self.as_postgres(f"{POSTGRES[0]}/pg_ctl -D {self.cluster} -m immediate stop")
        self.mail.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    # --- what is in it

    def manage(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def ask(self, question: str, *arguments: object) -> object:
        """What a function of ``tests.chaos.questions`` gives, run within the site."""
        # To start Django for each would take longer than what is waited for.
        if self.asked is None:
            self.asked = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.questions"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.asked.stdin
        assert self.asked.stdout
        self.asked.stdin.write(json.dumps([question, arguments]) + "\n")
        self.asked.stdin.flush()
        return json.loads(self.asked.stdout.readline())


def missing() -> Sequence[str]:
    """What this machine lacks for it."""
    return [
        name for name, there in (("Postgres", POSTGRES), ("Redis", REDIS)) if not there
    ]
