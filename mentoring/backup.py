"""All of the data in one file, whichever database they are in, and back again.

A backup is a zip: ``manifest.json``, one file of rows for each table, and what people
uploaded. It is read at one moment, and says of each table how many rows there are and
what they add up to, so that restoring can prove that nothing is missing. Keys are not
in it: keep them in another place. Nor are sessions: everybody signs in again.
"""

import base64
import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

FORMAT = 1
BATCH = 1000
LEFT_OUT = {"sessions.session"}
Model = type[models.Model]


class CannotRestore(Exception):
    """Why a file cannot be put back, in words for whoever tries."""


def tables() -> list[Model]:
    """Every table of ours, those between two others as well."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.label_lower not in LEFT_OUT
    ]


def _fields(model: Model) -> list[Any]:
    return list(model._meta.concrete_fields)


def _plain(value: Any) -> Any:
    """A value as JSON has it, without losing a microsecond."""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, datetime):
        return value.astimezone(timezone.get_fixed_timezone(0)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return str(value)


def _python(field: Any, value: Any) -> Any:
    """The value again."""
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    return (field.target_field if field.is_relation else field).to_python(value)


def lines(model: Model) -> Iterator[bytes]:
    """The rows of a table in the order of their keys, one line each."""
    fields = _fields(model)
    rows = model._base_manager.order_by("pk").values_list(
        *(field.attname for field in fields)
    )
    for row in rows.iterator(chunk_size=BATCH):
        values = [_plain(value) for value in row]
        text = json.dumps(values, ensure_ascii=False, sort_keys=True)
        yield text.encode() + b"\n"


def summary(model: Model) -> dict[str, Any]:
    """How many rows a table has, and what they add up to."""
    seen, number = hashlib.sha256(), 0
    for line in lines(model):
        seen.update(line)
        number += 1
    return {"rows": number, "sha256": seen.hexdigest()}


def _migrations() -> list[list[str]]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted([app, name] for app, name in applied)


def write(path: Path) -> dict[str, Any]:
    """Make a backup of this moment; what is in it. Only its owner can read the file."""
    part = path.with_name(path.name + ".part")
    part.touch(mode=0o600)
    outermost = not connection.in_atomic_block
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(),
        "tables": {},
    }
    with (
        zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive,
        transaction.atomic(),
    ):
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        manifest["migrations"] = _migrations()
        for model in tables():
            seen, number = hashlib.sha256(), 0
            with archive.open(f"tables/{model._meta.label_lower}.jsonl", "w") as file:
                for line in lines(model):
                    file.write(line)
                    seen.update(line)
                    number += 1
            manifest["tables"][model._meta.label_lower] = {
                "fields": [field.attname for field in _fields(model)],
                "rows": number,
                "sha256": seen.hexdigest(),
            }
        media = Path(settings.MEDIA_ROOT)
        for each in sorted(media.rglob("*")) if media.is_dir() else []:
            if each.is_file():
                archive.write(each, f"media/{each.relative_to(media)}")
        archive.writestr("manifest.json", json.dumps(manifest, indent=1))
    part.replace(path)
    return manifest


def read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """What is in a backup. Raises ``CannotRestore`` when it is none of ours."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    except (KeyError, ValueError) as error:
        raise CannotRestore("This is not a backup of Wegwijs.") from error
    if manifest.get("format") != FORMAT:
        raise CannotRestore("This backup is of another format.")
    return manifest


def restore(
    path: Path, *, afterwards: Callable[[], object] = lambda: None
) -> dict[str, Any]:
    """Put a backup in the place of everything there is; all of it, or nothing.

    The tables must be as they were: restore with the version that made the backup, then
    upgrade. Every table is read again and compared; ``afterwards`` comes after that, in
    the same transaction.
    """
    with zipfile.ZipFile(path) as archive:
        manifest = read_manifest(archive)
        _refuse_other_tables(manifest)
        with transaction.atomic():
            for model in tables():
                model._base_manager.all()._raw_delete(connection.alias)
            for model in tables():
                name = f"tables/{model._meta.label_lower}.jsonl"
                with archive.open(name) as file:
                    _insert(model, file)
            _mend_sequences()
            for model in tables():
                wanted = manifest["tables"][model._meta.label_lower]
                if summary(model) != {key: wanted[key] for key in ("rows", "sha256")}:
                    raise CannotRestore(
                        f"{model._meta.label} is not what it was; nothing is changed."
                    )
            _unpack_media(archive)
            afterwards()
    # What was worked out of the rows that were there before.
    cache.clear()
    return manifest


def _refuse_other_tables(manifest: dict[str, Any]) -> None:
    if manifest["migrations"] != _migrations():
        raise CannotRestore(
            "The backup was made by another version. Install that version, run"
            " `migrate`, restore, and upgrade after that."
        )
    expected = {
        model._meta.label_lower: [field.attname for field in _fields(model)]
        for model in tables()
    }
    found = {name: entry["fields"] for name, entry in manifest["tables"].items()}
    if expected != found:
        raise CannotRestore("The tables of the backup are not those of this version.")


def _insert(model: Model, file: IO[bytes]) -> None:
    fields = _fields(model)
    batch: list[models.Model] = []
    for line in file:
        values = json.loads(line)
        batch.append(
            model(
                **{
                    field.attname: _python(field, value)
                    for field, value in zip(fields, values, strict=True)
                }
            )
        )
        if len(batch) == BATCH:
            model._base_manager.bulk_create(batch, batch_size=BATCH)
            batch.clear()
    if batch:
        model._base_manager.bulk_create(batch, batch_size=BATCH)


def _mend_sequences() -> None:
    """The next new row gets a number that is free."""
    statements = connection.ops.sequence_reset_sql(no_style(), tables())
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _unpack_media(archive: zipfile.ZipFile) -> None:
    media = Path(settings.MEDIA_ROOT).resolve()
    for name in archive.namelist():
        if not name.startswith("media/"):
            continue
        target = (media / name.removeprefix("media/")).resolve()
        if not target.is_relative_to(media):
            raise CannotRestore("The backup holds a file outside its folder.")
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file)
