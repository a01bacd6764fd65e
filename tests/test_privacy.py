"""The register of what is kept about people names what there is, and nothing else."""

import re
from collections import Counter
from pathlib import Path

from django.apps import apps
from django.db.models import BinaryField

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "privacy.md").read_text()
ADR_LINKS = re.findall(r"\]\((adr/[^)]+)\)", TEXT)
OURS = (
    "people",
    "programs",
    "mentorships",
    "matching",
    "feedback",
    "outbox",
    "history",
    "dashboards",
    "mentoring",
)
# Binary, and readable: the register says so. Whatever else is binary is sealed.
NOT_SEALED = {"HrUpload.content", "Organisation.logo"}
COLUMNS = 5


def section(title):
    """The text under a heading of the second level."""
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(text):
    """The cells of each row of a table that begins with a name in the code."""
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| `")
    ]


def register():
    """The app and the cells of each row."""
    parts = re.split(r"^### (\w+)$", section("The register"), flags=re.MULTILINE)[1:]
    return [
        (app, cells)
        for app, text in zip(parts[::2], parts[1::2], strict=True)
        for cells in rows(text)
    ]


def models():
    return [model for app in OURS for model in apps.get_app_config(app).get_models()]


def binary_fields():
    return {
        f"{model.__name__}.{field.name}"
        for model in models()
        for field in model._meta.concrete_fields
        if isinstance(field, BinaryField)
    }


def test_every_app_of_ours_is_looked_at():
    found = {
        config.label
        for config in apps.get_app_configs()
        if Path(config.path).parent == ROOT
    }

    assert found == set(OURS)


def test_every_model_has_one_row_under_its_app_and_no_row_is_of_another():
    found = Counter((app, cells[0].strip("`")) for app, cells in register())
    there_are = Counter((model._meta.app_label, model.__name__) for model in models())

    assert found == there_are


def test_every_row_says_everything():
    assert not [
        cells for _app, cells in register() if len(cells) != COLUMNS or not all(cells)
    ]


def test_what_is_sealed_is_named_and_nothing_else():
    named = [cells[0].strip("`") for cells in rows(section("What is sealed"))]

    assert sorted(named) == sorted(binary_fields() - NOT_SEALED)


def test_what_is_binary_and_not_sealed_is_said():
    assert binary_fields() >= NOT_SEALED
    for name in NOT_SEALED:
        assert f"`{name}`" in TEXT


def test_a_row_of_a_sealed_model_says_that_it_is():
    sealed = {name.split(".")[0] for name in binary_fields() - NOT_SEALED}
    said = {
        cells[0].strip("`")
        for _app, cells in register()
        if "nobody: sealed" in cells[3]
    }

    assert said == sealed


def test_every_field_that_is_named_exists():
    by_name = {model.__name__: model for model in models()}
    named = re.findall(r"`([A-Z][A-Za-z]+)\.(\w+)`", TEXT)

    assert named
    for model, field in named:
        assert field in {each.name for each in by_name[model]._meta.get_fields()}


def test_files_that_are_named_exist():
    for name in re.findall(r"`([a-z_]+/[a-z_/]+\.py)`", TEXT):
        assert (ROOT / name).is_file()
    for link in ADR_LINKS:
        assert (ROOT / "docs" / link).is_file()
