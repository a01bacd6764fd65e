"""What is in the repository besides code says the same as the code."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
MAKEFILE = (ROOT / "Makefile").read_text()
README = (ROOT / "README.md").read_text()
ENV_EXAMPLE = (ROOT / ".env.example").read_text()
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
ENV_NAMES = set(re.findall(r"^(?:# )?([A-Z_]+)=", ENV_EXAMPLE, re.MULTILINE))
# In pieces, so that this file does not contain what it forbids.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("quay", "io"),
        ("proxy", "golang", "org"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("cdnjs", "cloudflare", "com"),
    )
] + ["--" + "index-url ", "--" + "find-links", "index" + "-url ="]


def tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    return [ROOT / name for name in names.split("\0") if name]


def text_of(path: Path) -> str:
    """What a tracked file says; nothing when it is a picture, or gone."""
    try:
        return path.read_text()
    except (UnicodeDecodeError, FileNotFoundError):
        return ""


# Whatever is made from our image.
OURS = {name for name, service in SERVICES.items() if "build" in service}


def test_compose_keeps_to_the_specification():
    checked = subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema"),
            *("--builtin-schema", "vendor.compose-spec", "docker-compose.yml"),
        ],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )

    assert checked.returncode == 0, checked.stdout


def test_compose_has_the_services_of_production():
    ours = {"web", "worker", "worker_mail", "worker_long", "beat"}

    assert ours == OURS
    assert SERVICES.keys() - ours == {"postgres", "redis"}


@pytest.mark.parametrize("name", SERVICES)
def test_compose_service_is_watched_and_comes_back(name):
    service = SERVICES[name]

    assert service["healthcheck"]["test"]
    assert service["restart"] == "unless-stopped"


def test_compose_starts_things_when_what_they_need_is_healthy():
    for name in OURS:
        conditions = SERVICES[name]["depends_on"].values()

        assert {needs["condition"] for needs in conditions} == {"service_healthy"}


def test_compose_takes_every_secret_from_the_environment():
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if name.endswith(("KEY", "PASSWORD")):
                assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value)


def test_compose_keeps_the_data_and_the_database():
    volumes = COMPOSE["volumes"].keys()
    mounted = {
        mount.split(":")[0]
        for service in SERVICES.values()
        for mount in service.get("volumes", [])
    }

    assert volumes == mounted == {"data", "postgres"}


def test_compose_broker_never_throws_a_hint_away():
    assert "--maxmemory-policy noeviction" in SERVICES["redis"]["command"]


def test_env_example_names_what_compose_asks_for():
    text = (ROOT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"\$\{([A-Z_]+)", text))

    assert asked <= ENV_NAMES


def test_env_example_names_what_settings_read():
    settings = (ROOT / "mentoring" / "settings.py").read_text()
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", settings))
    read |= set(re.findall(r"kept_secret\(\"([A-Z_]+)\"\)", settings))

    assert read
    assert read <= ENV_NAMES


def test_env_example_names_nothing_that_nobody_reads():
    code = (ROOT / "mentoring" / "settings.py").read_text()
    code += (ROOT / "docker-compose.yml").read_text()

    assert {name for name in ENV_NAMES if name not in code} == set()


def test_readme_describes_every_setting():
    assert {name for name in ENV_NAMES if f"`{name}`" not in README} == set()


def test_readme_names_only_commands_there_are():
    commands = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))
    managed = set(re.findall(r"manage\.py ([a-z_]+)", README))
    services = set(re.findall(r"docker compose (?:exec|cp)(?: -T)? (\w+)[ :]", README))

    assert commands
    assert commands <= TARGETS
    assert managed <= get_commands().keys()
    assert services <= SERVICES.keys()


def test_readme_links_lead_somewhere():
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", README)

    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_hooks_run_what_make_runs():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())

    for repository in hooks["repos"]:
        assert repository["repo"] == "local"
        for hook in repository["hooks"]:
            command, target = hook["entry"].split()

            assert command == "make"
            assert target in TARGETS


def test_adr_numbers_are_those_of_their_files():
    files = sorted((ROOT / "docs" / "adr").glob("*.md"))

    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    for path in files:
        text = path.read_text()

        assert text.startswith(f"# {path.name[:4]} ")
        for heading in ("## Context", "## Decision", "## Consequences"):
            assert heading in text


def test_locks_pin_every_package_with_hashes():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()

        for requirement in re.split(r"\n(?=[a-z0-9])", text):
            assert "==" in requirement
            assert "--hash=sha256:" in requirement


def test_what_runs_is_what_was_tested():
    def pins(name: str) -> set[str]:
        text = (ROOT / name).read_text()
        return set(re.findall(r"^([a-z0-9._-]+==\S+)", text, re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_no_file_names_a_registry():
    found = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in tracked()
        for host in REGISTRIES
        if host in text_of(path)
    ]

    assert found == []


def test_no_file_of_somebody_else_is_copied_in():
    names = [str(path.relative_to(ROOT)) for path in tracked()]

    assert [
        name
        for name in names
        if re.search(r"\.min\.(js|css)$|(^|/)(vendor|node_modules)/|\.woff2?$", name)
    ] == []


def test_nothing_generated_or_secret_is_tracked():
    names = [str(path.relative_to(ROOT)) for path in tracked()]

    assert [
        name
        for name in names
        if re.search(
            r"\.(mo|pyc|sqlite3|log)$|(^|/)(\.env|secret_key|notes_key)$", name
        )
    ] == []
