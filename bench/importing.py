"""How fast people and topics are read in, and how much memory it takes.

``python -m bench.importing`` makes files of 50,000 people with 300 bad rows, reads
them in processes of their own into a database of its own (``BENCH_DATABASE_URL``, else
SQLite in a temporary folder), kills one half-way, and reads 14,000 skills in two
languages. ``--esco DIR`` reads the real files of ESCO as well, from its folders ``nl``
and ``en``. It ends with an error when a figure is missed.
"""

import argparse
import csv
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FOLDER = os.environ.get("BENCH_FOLDER") or tempfile.mkdtemp(prefix="wegwijs-bench-")
os.environ["BENCH_FOLDER"] = os.environ["DATA_DIR"] = FOLDER
os.environ["DATABASE_URL"] = os.environ.get(
    "BENCH_DATABASE_URL", f"sqlite:///{FOLDER}/db.sqlite3"
)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, models  # noqa: E402

from people import esco, hrfeed  # noqa: E402
from people.models import Employment, Profile, Topic, TopicFamily, User  # noqa: E402

PEOPLE, BAD, SKILLS, GROUPS = 50_000, 300, 14_000, 640
SECONDS, MEGABYTES, ESCO_SECONDS = 20, 100, 60
# The skills of the synthetic classification go by this; the files are as ESCO's own.
SKILL = "http://data.europa.eu/esco/skill/"
MISSED: list[str] = []


# --- files


def bad_row(number: int, row: list[str]) -> list[str]:
    """One of the ways in which a row can be wrong."""
    row = list(row)
    ways = [
        lambda: row.pop(),
        lambda: row.append("too many"),
        lambda: row.__setitem__(0, "no address"),
        lambda: row.__setitem__(0, "person1@bench.example"),
        lambda: row.__setitem__(2, "E1"),
        lambda: row.__setitem__(1, "=HYPERLINK(1)"),
        lambda: row.__setitem__(1, "+31 6 123"),
        lambda: row.__setitem__(1, ""),
        lambda: row.__setitem__(5, "high"),
        lambda: row.__setitem__(8, "31-02-2020"),
    ]
    ways[number % len(ways)]()
    return row


def people_file() -> str:
    """So many people, of whom the bad ones stand all through the file."""
    out = io.StringIO(newline="")
    write = csv.writer(out, delimiter=";").writerow
    write(
        [
            "E-mail",
            "Naam",
            "Personeelsnummer",
            "Afdeling",
            "Functie",
            "Niveau",
            "Locatie",
            "Leidinggevende",
            "In dienst",
        ]
    )
    # The first thousand manage the others and are good themselves.
    every = (PEOPLE - 1000) // BAD
    for number in range(PEOPLE):
        row = [
            f"person{number}@bench.example",
            f"Persoon Café {number}",
            f"E{number}",
            f"Afdeling {number % 40}",
            f"Functie {number % 90}",
            str(number % 12),
            f"Locatie {number % 8}",
            f"person{number % 1000}@bench.example" if number >= 1000 else "",
            f"{1 + number % 28:02}-{1 + number % 12:02}-{2001 + number % 22}",
        ]
        bad = number - 1000
        if bad >= 0 and bad % every == 0 and bad // every < BAD:
            row = bad_row(bad // every, row)
        write(row)
    return out.getvalue()


def esco_files(folder: Path) -> None:
    """A classification as large as the whole of ESCO, in its columns."""
    for language in ("nl", "en"):
        here = folder / language
        here.mkdir(parents=True, exist_ok=True)
        uris = [f"{SKILL}G{number}" for number in range(GROUPS)]
        groups = [
            {
                "conceptType": "SkillGroup",
                "conceptUri": uri,
                "preferredLabel": f"groep {number} {language}",
            }
            for number, uri in enumerate(uris)
        ]
        places = [
            {
                "Level 0 URI": f"{SKILL}S",
                "Level 0 preferred term": "skills",
                "Level 1 URI": uris[number - number % 40],
                "Level 1 preferred term": f"groep {number - number % 40} {language}",
                "Level 2 URI": uri if number % 40 else "",
                "Level 2 preferred term": f"groep {number} {language}",
            }
            for number, uri in enumerate(uris)
        ]
        skills = [
            {
                "conceptType": "KnowledgeSkillCompetence",
                "conceptUri": f"{SKILL}{number:08}",
                "skillType": "skill/competence",
                "preferredLabel": f"vaardigheid {number} {language}",
                "altLabels": "\n".join(
                    f"ander woord {each} voor {number} {language}" for each in range(6)
                ),
                "hiddenLabels": "",
                "status": "released",
                "description": "Wat iemand kan die dit kan. " * 6,
            }
            for number in range(SKILLS)
        ]
        relations = [
            {
                "conceptType": "KnowledgeSkillCompetence",
                "conceptUri": skill["conceptUri"],
                "broaderType": "SkillGroup",
                "broaderUri": uris[number % GROUPS],
            }
            for number, skill in enumerate(skills)
        ]
        for name, found in (
            (f"skillGroups_{language}.csv", groups),
            (f"skillsHierarchy_{language}.csv", places),
            (f"skills_{language}.csv", skills),
            ("broaderRelationsSkillPillar.csv", relations),
        ):
            with (here / name).open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.DictWriter(file, list(found[0]))
                writer.writeheader()
                writer.writerows(found)


# --- in a process of its own


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(what: str, path: Path, language_folder: Path | None) -> None:
    """Do one thing, and say how long it took and how much more memory."""
    before, began = megabytes(), time.perf_counter()
    told: dict[str, object] = {}
    if what in {"preview", "import", "slowly"}:
        found = hrfeed.preview(path.read_bytes())
        told |= {
            "new": len(found.additions),
            "changed": len(found.changes),
            "same": found.same,
            "errors": found.errors,
            "problem": found.problem,
        }
        told["preview_seconds"] = time.perf_counter() - began
        if what != "preview":

            def say(done: int) -> None:
                print(f"done {done}", flush=True)
                if what == "slowly":
                    time.sleep(0.05)

            hrfeed.apply(found, by=None, say=say)
    else:
        assert language_folder
        new, read = esco.load(esco.read({"nl": path, "en": language_folder}))
        told |= {"new": new, "read": read}
    told["seconds"] = time.perf_counter() - began
    told["megabytes"] = megabytes() - before
    print(json.dumps(told), flush=True)


def run(what: str, *paths: Path) -> dict:
    """The same in another process; what it said last."""
    command = [sys.executable, "-m", "bench.importing", "--child", what]
    done = subprocess.run(
        [*command, *map(str, paths)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def killed(path: Path) -> int:
    """Begin, and stop it as a power cut would when half is done; how far it was."""
    command = [sys.executable, "-m", "bench.importing", "--child", "slowly", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            if line.startswith("done ") and int(line.split()[1]) >= PEOPLE // 2:
                process.send_signal(signal.SIGKILL)
                return int(line.split()[1])
    raise SystemExit("It was done before it could be killed.")


# --- figures


def expect(said: str, *, holds: bool) -> None:
    print(f"{'ok    ' if holds else 'MISSED'}  {said}")
    if not holds:
        MISSED.append(said)


def empty() -> None:
    for model in (Employment, Profile, User):
        model.objects.all()._raw_delete(connection.alias)


def sums() -> tuple[int, int, int, str]:
    """How many people there are, and what they come to."""
    jobs = Employment.objects.order_by("user__email").values_list(
        "user__email", "department", "level", "manager__email", "started_on"
    )
    return (
        User.objects.get_queryset().count(),
        Profile.objects.count(),
        Employment.objects.count(),
        str(hash(tuple(jobs))),
    )


def feed() -> None:
    text = people_file()
    names = {"cp1252": "cp1252", "bom": "utf-8-sig", "utf8": "utf-8"}
    files = {}
    for name, encoding in names.items():
        files[name] = Path(FOLDER) / f"{name}.csv"
        files[name].write_bytes(text.encode(encoding))
    print(f"{PEOPLE:,} people, {BAD} bad rows, {connection.vendor}")
    for name in ("bom", "utf8"):
        found = run("preview", files[name])
        expect(
            f"{name}: {found['new']:,} new, {len(found['errors'])} bad rows",
            holds=(found["new"], len(found["errors"])) == (PEOPLE - BAD, BAD),
        )
    found = run("import", files["cp1252"])
    expect(
        f"cp1252: {found['new']:,} in, {len(found['errors'])} with line and reason",
        holds=(found["new"], len(found["errors"])) == (PEOPLE - BAD, BAD)
        and all(line > 1 and reason for line, reason in found["errors"]),
    )
    expect(
        f"{found['seconds']:.1f} s, of which {found['preview_seconds']:.1f} to preview"
        f" (at most {SECONDS})",
        holds=found["seconds"] <= SECONDS,
    )
    expect(
        f"{found['megabytes']:.0f} MB more (at most {MEGABYTES})",
        holds=found["megabytes"] <= MEGABYTES,
    )
    whole = sums()
    expect(f"{whole[0]:,} people are here", holds=whole[0] == PEOPLE - BAD)
    again = run("import", files["cp1252"])
    expect(
        f"again: {again['new']} new, {again['changed']} changed,"
        f" {again['seconds']:.1f} s",
        holds=(again["new"], again["changed"]) == (0, 0) and sums() == whole,
    )
    empty()
    half = killed(files["cp1252"])
    here = Employment.objects.count()
    expect(f"killed at {half:,}: {here:,} were kept", holds=0 < here < PEOPLE - BAD)
    run("import", files["cp1252"])
    expect("a rerun ends the same", holds=sums() == whole)


def classification(folders: tuple[Path, Path], called: str) -> None:
    found = run("esco", *folders)
    expect(
        f"{called}: {found['read']:,} skills read, {found['new']:,} new topics,"
        f" {found['seconds']:.1f} s (at most {ESCO_SECONDS}),"
        f" {found['megabytes']:.0f} MB more",
        holds=found["seconds"] <= ESCO_SECONDS and found["new"] > 0,
    )
    before = Topic.objects.count(), TopicFamily.objects.count()
    again = run("esco", *folders)
    expect(
        f"{called} again: {again['new']} new, {again['seconds']:.1f} s",
        holds=again["new"] == 0
        and (Topic.objects.count(), TopicFamily.objects.count()) == before,
    )
    bilingual = Topic.objects.exclude(name_nl=models.F("name_en")).count()
    print(
        f"        {TopicFamily.objects.count():,} families,"
        f" {bilingual:,} topics with two names"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--esco", type=Path, help="a folder with nl and en of ESCO")
    options = parser.parse_args()
    if options.child:
        what, *paths = options.child
        child(what, Path(paths[0]), Path(paths[1]) if paths[1:] else None)
        return
    call_command("migrate", verbosity=0)
    feed()
    made = Path(FOLDER) / "esco"
    esco_files(made)
    classification((made / "nl", made / "en"), "14,000 invented skills")
    if options.esco:
        classification((options.esco / "nl", options.esco / "en"), "ESCO")
    if MISSED:
        raise SystemExit(f"{len(MISSED)} missed")


if __name__ == "__main__":
    main()
