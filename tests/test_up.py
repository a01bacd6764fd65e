"""``manage.py up`` for real: one start, every way to end it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mentoring.management.commands import up
from mentoring.supervisor import Supervisor

pytestmark = [pytest.mark.process, pytest.mark.enable_socket]
ROOT = Path(__file__).resolve().parent.parent
OURS = (
    *("DJANGO_SETTINGS_MODULE", "DATA_DIR", "SECRET_KEY", "NOTES_KEY"),
    *("DEMO_MODE", "BROKER_URL", "SITE_URL"),
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(happened: Callable[[], object], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if happened():
            return True
        time.sleep(0.1)
    return False


def processes_of(directory: Path) -> list[str]:
    """Every living process that was started for a data directory."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ")
            environment = (process / "environ").read_bytes()
        except OSError:  # it ended while we looked, or is not ours to read
            continue
        marks = (f"DATA_DIR={directory}\0".encode(), f"{directory}/".encode())
        if command and (marks[0] in environment or marks[1] in command):
            found.append(f"{process.name} {command.decode(errors='replace')}")
    return found


def surroundings(directory: Path) -> dict[str, str]:
    """Our environment, without what the settings of the tests put there."""
    others = {name: text for name, text in os.environ.items() if name not in OURS}
    return {**others, "DATABASE_URL": f"sqlite:///{directory / 'db.sqlite3'}"}


class Run:
    """One ``manage.py up`` and what it said."""

    def __init__(self, directory: Path, *options: str, port: int, **env: str) -> None:
        self.directory = directory
        self.process = subprocess.Popen(
            [
                *(sys.executable, "manage.py", "up"),
                *("--data", str(directory), "--port", str(port), *options),
            ],
            cwd=ROOT,
            env={**surroundings(directory), **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()

    def listen(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
        self.process.stdout.close()

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def wait_until_ready(self) -> None:
        wait_for(lambda: "is ready at" in self.said or self.process.poll(), 60)
        assert "is ready at" in self.said, self.said

    def wait(self) -> int:
        code = self.process.wait(timeout=30)
        self.listener.join(timeout=5)
        return code


def end(*runs: Run) -> None:
    for run in runs:
        if run.process.poll() is None:
            run.process.kill()
    for run in runs:
        run.process.wait()
        wait_for(lambda run=run: not processes_of(run.directory), 15)
        run.listener.join(timeout=5)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory after its first start, which takes longest, to copy."""
    directory = tmp_path_factory.mktemp("prepared") / "data"
    run = Run(directory, port=free_port())
    try:
        run.wait_until_ready()
        run.process.terminate()
        assert run.wait() == 0
    finally:
        end(run)
    return directory


@pytest.fixture
def data(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "data"))


@pytest.fixture
def start(data: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def start(*options: str, directory: Path = data, port: int = 0, **env: str) -> Run:
        runs.append(Run(directory, *options, port=port or free_port(), **env))
        return runs[-1]

    yield start
    end(*runs)


def test_up_is_ready_says_so_and_leaves_nothing_when_asked_to_stop(start):
    port = free_port()
    run = start(port=port)
    run.wait_until_ready()

    assert f"Wegwijs is ready at http://127.0.0.1:{port}" in run.said
    assert re.search(rf"http://127\.0\.0\.1:{port}/\S*welcome/\S+/", run.said)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
        assert page.status == 200
    for name in ("gunicorn", "worker", "beat", "valkey"):
        assert any(name in process for process in processes_of(run.directory))

    run.process.send_signal(signal.SIGTERM)

    assert run.wait() == 0
    assert "Stopped." in run.said
    assert processes_of(run.directory) == []


def test_up_keeps_its_secrets_to_itself(start):
    run = start()
    run.wait_until_ready()

    for name in ("secret_key", "notes_key", "db.sqlite3"):
        assert (run.directory / name).stat().st_mode & 0o077 == 0
    assert run.directory.stat().st_mode & 0o077 == 0


def test_up_leaves_nothing_when_it_is_killed_and_starts_again(start):
    run = start()
    run.wait_until_ready()

    run.process.kill()

    assert wait_for(lambda: not processes_of(run.directory), 10)
    again = start()
    again.wait_until_ready()


def test_up_refuses_a_second_start_on_the_same_data(start):
    run = start()
    run.wait_until_ready()

    second = start()

    assert second.wait() == 1
    assert "already running" in second.said
    assert str(run.process.pid) in second.said
    assert run.process.poll() is None


def test_up_refuses_a_port_in_use_before_it_starts_anything(start, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = start(directory=tmp_path / "new", port=taken.getsockname()[1])

        assert run.wait() == 1

    assert "--port" in run.said
    assert not (run.directory / "db.sqlite3").exists()


def test_up_starts_a_worker_again_that_was_killed(start):
    run = start()
    run.wait_until_ready()

    def workers() -> list[str]:
        return [p for p in processes_of(run.directory) if " worker " in p]

    wait_for(lambda: len(workers()) == 3, 20)
    before = {process.split()[0] for process in workers()}
    os.kill(min(map(int, before)), signal.SIGKILL)

    assert wait_for(
        lambda: (
            len(workers()) == 3
            and not before & {process.split()[0] for process in workers()}
        ),
        20,
    )
    assert "worker | stopped by itself (signal SIGKILL)" in run.said


def test_up_does_not_show_real_people_to_anybody(start, data):
    add = "User.objects.create_user('anna@example.org', name='Anna')"
    subprocess.run(
        [
            *(sys.executable, "manage.py", "shell", "--verbosity", "0"),
            *("--command", f"from people.models import User; {add}"),
        ],
        cwd=ROOT,
        env={**surroundings(data), "DATA_DIR": str(data)},
        check=True,
    )

    run = start("--demo")

    assert run.wait() == 1
    assert "people of your own" in run.said


def test_up_does_not_mail_people_that_were_made_up(start, data):
    (data / "demo").touch()

    run = start()

    assert run.wait() == 1
    assert "made-up company" in run.said


def brokers() -> list[str]:
    """Files always work; Redis is tried where there is one (``make test`` says so)."""
    return ["filesystem://", *filter(None, [os.environ.get("TEST_REDIS_URL")])]


@pytest.mark.parametrize("broker", brokers())
def test_up_takes_another_broker(start, broker):
    run = start(BROKER_URL=broker)
    run.wait_until_ready()

    assert not any(
        "valkey-server" in process for process in processes_of(run.directory)
    )

    run.process.terminate()

    assert run.wait() == 0


def test_socket_stays_short_however_deep_the_data_are():
    deep = Path("/srv") / ("deep" * 40)

    assert up.socket_of(Path("/srv/wegwijs")) == Path("/srv/wegwijs/broker.sock")
    assert len(str(up.socket_of(deep))) < up.LONGEST_SOCKET_PATH
    assert up.socket_of(deep) != up.socket_of(deep / "er")


def test_supervisor_passes_on_lines_and_ends_grandchildren(tmp_path):
    heard: list[tuple[str, str]] = []
    supervisor = Supervisor(lambda *line: heard.append(line), directory=tmp_path)
    mark = f"{tmp_path}/grandchild"
    supervisor.start(
        "shell",
        ["sh", "-c", f"(sh -c 'trap \"\" TERM; sleep 60; : {mark}') & echo on; wait"],
    )
    wait_for(lambda: supervisor.pass_on(0.1) or heard, 5)
    assert processes_of(tmp_path)

    supervisor.stop()

    assert heard == [("shell", "on")]
    assert wait_for(lambda: not processes_of(tmp_path), 5)


def test_supervisor_waits_longer_each_time_something_dies(tmp_path):
    heard: list[str] = []
    supervisor = Supervisor(lambda _name, line: heard.append(line), directory=tmp_path)
    child = supervisor.start("false", ["false"])

    for _ in range(7):
        child.start_again_at = 0.0
        wait_for(lambda: supervisor.look_after() or not child.lives, 5)
        supervisor.look_after()
        child.process.wait()
    supervisor.stop()

    pauses = [int(re.search(r"again in (\d+) s", line)[1]) for line in heard]
    assert pauses == sorted(pauses)
    assert {1, 2, 4, 8, 16, 30} <= set(pauses)
