"""Several programs as one: started, watched and stopped together.

Nothing outlives the process that started it, however that process ends:

- each child leads a process group of its own, and stopping it stops the group;
- a **guardian** holds the other end of a pipe. When the parent is gone, killed with
  ``kill -9`` even, the pipe closes, and the guardian ends every group it was told of;
- on Linux each child also asks the kernel for a signal when its parent dies, in case
  the guardian is gone too.

This file runs the guardian as well (as a script, so it imports nothing of ours).
"""

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

KILL_AFTER = 15.0  # seconds that a child gets to finish what it is doing
ORPHANS_KILLED_AFTER = 5.0  # the same, when the parent is gone
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # between the death of a child and the next
HEALTHY_AFTER = 60.0  # a child that lived this long starts with a clean slate
GIVE_UP_AFTER = 3  # deaths of one child before everything was ready once
TICK = 0.25
PROBE_EVERY = 0.5
PR_SET_PDEATHSIG = 1

try:
    _prctl = ctypes.CDLL(None, use_errno=True).prctl
except (AttributeError, OSError):  # not Linux: the guardian does it alone
    _prctl = None  # type: ignore[assignment]


def signal_group(leader: int, number: int) -> bool:
    """Signal a process group; whether there was one."""
    try:
        os.killpg(leader, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def guard(orders: int) -> None:
    """Remember the children named on a pipe; end them when the pipe closes.

    An order is ``+pid`` or ``-pid`` and a line end.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    leaders: set[int] = set()
    with open(orders, "rb") as lines:
        for line in lines:
            leader = int(line[1:])
            (leaders.add if line[:1] == b"+" else leaders.discard)(leader)
    for leader in leaders:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(leader, signal.SIGTERM)
    deadline = time.monotonic() + ORPHANS_KILLED_AFTER
    while leaders and time.monotonic() < deadline:
        time.sleep(0.1)
        leaders = {leader for leader in leaders if signal_group(leader, 0)}
    for leader in leaders:
        signal_group(leader, signal.SIGKILL)


class Child:
    """One program, and how it has been doing."""

    process: "subprocess.Popen[bytes]"
    output: int  # the end of a pipe on which we hear it
    started_at: float

    def __init__(self, name: str, command: Sequence[str], stops_last: bool) -> None:
        self.name = name
        self.command = list(command)
        self.stops_last = stops_last
        self.lives = False
        self.start_again_at = 0.0
        self.pause = FIRST_PAUSE
        self.deaths = 0
        self.unfinished_line = b""


class Supervisor:
    """Start children, pass on what they print, start again what dies.

    ``say(name, line)`` gets every line. ``kept_open`` are file descriptors that the
    guardian holds until the last child is gone, for locks.
    """

    def __init__(
        self,
        say: Callable[[str, str], None],
        *,
        directory: Path,
        kept_open: Sequence[int] = (),
    ) -> None:
        self.say = say
        self.directory = directory
        self.kept_open = tuple(kept_open)
        self.children: list[Child] = []
        self.selector = selectors.DefaultSelector()
        self.stop_signals = 0
        self.ready = False
        self.guardian = self.start_guardian()

    def start_guardian(self) -> "subprocess.Popen[bytes]":
        """A process that only waits for our end."""
        reading, writing = os.pipe()
        guardian = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", __file__, str(reading)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=(reading, *self.kept_open),
        )
        os.close(reading)
        self.orders = writing
        for child in self.children:
            if child.lives:
                self.tell_guardian("+", child.process.pid)
        return guardian

    def tell_guardian(self, sign: str, leader: int) -> None:
        """Name a group to end, or one that has ended."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self.orders, f"{sign}{leader}\n".encode())

    def start(
        self, name: str, command: Sequence[str], *, stops_last: bool = False
    ) -> Child:
        """Start a program and look after it from now on."""
        child = Child(name, command, stops_last)
        self.children.append(child)
        self.launch(child)
        return child

    def launch(self, child: Child) -> None:
        parent = os.getpid()

        def die_with_parent() -> None:
            if _prctl is not None:
                _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
                if os.getppid() != parent:  # it died before we asked
                    os._exit(1)

        child.output, theirs = os.pipe()
        os.set_blocking(child.output, False)
        child.process = subprocess.Popen(  # noqa: S603
            child.command,
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self.tell_guardian("+", child.process.pid)
        os.close(theirs)
        child.started_at = time.monotonic()
        child.lives = True
        self.selector.register(child.output, selectors.EVENT_READ, child)

    def pass_on(self, seconds: float) -> None:
        """Pass on what the children print, for at most so long."""
        if not self.selector.get_map():
            time.sleep(seconds)
        else:
            for key, _events in self.selector.select(seconds):
                self.read(key.data)

    def read(self, child: Child) -> None:
        """Read what there is to read of one child."""
        try:
            text = os.read(child.output, 65536)
        except BlockingIOError:
            return
        *lines, child.unfinished_line = (child.unfinished_line + text).split(b"\n")
        if not text:
            self.selector.unregister(child.output)
            lines, child.unfinished_line = [child.unfinished_line], b""
        for line in lines:
            if said := line.decode(errors="replace").rstrip():
                self.say(child.name, said)

    def bury(self, child: Child) -> None:
        """A child is dead: end what is left of its group, and forget it."""
        signal_group(child.process.pid, signal.SIGKILL)
        self.tell_guardian("-", child.process.pid)
        if child.output in self.selector.get_map():
            self.read(child)
        if child.output in self.selector.get_map():
            self.selector.unregister(child.output)
        os.close(child.output)
        child.lives = False

    def look_after(self) -> None:
        """Start again what has died, after a pause that doubles."""
        now = time.monotonic()
        if self.guardian.poll() is not None:
            os.close(self.orders)
            self.guardian = self.start_guardian()
        for child in self.children:
            if not child.lives:
                if now >= child.start_again_at:
                    self.launch(child)
                continue
            if (code := child.process.poll()) is None:
                continue
            if now - child.started_at > HEALTHY_AFTER:
                child.pause = FIRST_PAUSE
            child.deaths += 1
            child.start_again_at = now + child.pause
            self.say(
                child.name,
                f"stopped by itself ({how_it_ended(code)});"
                f" starts again in {child.pause:.0f} s",
            )
            child.pause = min(child.pause * 2, LONGEST_PAUSE)
            self.bury(child)

    def run(self, is_ready: Callable[[], bool], on_ready: Callable[[], None]) -> bool:
        """Look after the children until a signal says stop.

        ``False`` when one kept dying before everything was ready for the first time.
        """

        def heard(_number: int, _frame: FrameType | None) -> None:
            self.stop_signals += 1

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, heard)
        ask_again_at = 0.0
        while not self.stop_signals:
            self.pass_on(TICK)
            self.look_after()
            if self.ready:
                continue
            if any(child.deaths >= GIVE_UP_AFTER for child in self.children):
                return False
            if time.monotonic() > ask_again_at:
                ask_again_at = time.monotonic() + PROBE_EVERY
                if is_ready():
                    self.ready = True
                    on_ready()
        return True

    def stop(self) -> None:
        """Ask every child to finish, those that the others need last; then insist.

        A second signal insists at once.
        """
        for stops_last in (False, True):
            group = [c for c in self.children if c.stops_last is stops_last]
            running = [child for child in group if child.lives]
            for child in running:
                child.process.terminate()
            patience = time.monotonic() + KILL_AFTER
            while running and self.stop_signals < 2 and time.monotonic() < patience:
                self.pass_on(0.1)
                running = [child for child in running if child.process.poll() is None]
            for child in group:
                if child.lives:
                    signal_group(child.process.pid, signal.SIGKILL)
                    child.process.wait()
                    self.bury(child)
        os.close(self.orders)
        self.guardian.wait()


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"exit code {code}"
    return f"signal {signal.Signals(-code).name}"


if __name__ == "__main__":
    guard(int(sys.argv[1]))
