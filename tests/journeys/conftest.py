"""A running site for the walks: ``manage.py up --demo`` itself.

With ``-n 2 --dist loadgroup`` two sites run side by side: see ``tests/conftest.py``.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parent.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
# What a page is made of beside itself.
FILES = {"stylesheet", "script", "image", "font", "manifest"}
# Others may be at work on this machine too.
PATIENCE = 30_000
OURS = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "SECRET_KEY", "NOTES_KEY")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever walks in a browser is marked so, and may reach this machine."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(autouse=True)
def _every_test_may_use_the_database() -> None:
    """None of these does: the site has a database of its own."""


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the site keeps its data."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def site(site_folder: Path) -> Iterator[str]:
    """The address of a trial with the demo company, worker and clock included."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if key not in OURS}
    for name in ("DATA_DIR", "DEMO_MODE", "BROKER_URL", "SITE_URL"):
        environment.pop(name, None)
    # Whoever was just invited has chosen no language yet.
    environment["LANGUAGE_CODE"] = "en"
    process = subprocess.Popen(
        [
            sys.executable,
            "manage.py",
            "up",
            "--demo",
            "--data",
            str(site_folder),
            "--port",
            str(port),
        ],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    ready = threading.Event()
    said: list[str] = []

    def listen() -> None:
        assert process.stdout
        for line in process.stdout:
            said.append(line)
            if "is ready at" in line:
                ready.set()
        # It said its last word: nobody need wait for it.
        ready.set()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    if not ready.wait(240) or process.poll() is not None:
        process.kill()
        pytest.fail("The site did not start:\n" + "".join(said[-40:]))
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE / 1000)
    listener.join(5)
    process.stdout.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; nothing is downloaded."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail("No Chromium on this machine.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens a browser for one more person, in English unless said otherwise.

    The test fails on whatever a page complains of: its security policy, an error in a
    script, an answer of ours that is an error, a file that is not there.
    """
    expect.set_options(timeout=PATIENCE)
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    def see(response: Response) -> None:
        is_file = response.request.resource_type in FILES
        if response.status >= (400 if is_file else 500):
            complaints.append(f"{response.status} {response.url}")

    def open_browser(**options: Any) -> Page:
        options = {"locale": "en-GB", **options}
        context = chromium.new_context(base_url=site, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        context.on("console", hear)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("response", see)
        return context.new_page()

    yield open_browser
    for context in contexts:
        context.close()
    assert complaints == []
