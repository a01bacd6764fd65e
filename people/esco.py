"""The skills of ESCO, the European classification, read into the catalogue.

Reads the official CSV files in two languages, joined by concept URI. The groups become
families in a tree of two levels, so that part credit follows the hierarchy.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from people.models import Topic, TopicFamily

# The collections are parts of the whole: one can begin with these.
SKILL_FILES = (
    "transversalSkillsCollection_*.csv",
    "ictSkillsCollection_*.csv",
    "languageSkillsCollection_*.csv",
    "skills_*.csv",
)
BATCH = 2000
NAME = 200
SYNONYMS = 20
# Communication and working together, and attitudes.
SOFT = ("S1", "A")
OTHER = "esco-other"


@dataclass
class Concept:
    """A skill or a group of skills, in both languages."""

    uri: str
    names: dict[str, str] = field(default_factory=dict)
    others: dict[str, list[str]] = field(default_factory=dict)
    broader: set[str] = field(default_factory=set)

    def name(self, language: str) -> str:
        """In the language if it is there, else in the other one."""
        return (self.names.get(language) or next(iter(self.names.values())))[:NAME]

    @property
    def synonyms(self) -> list[str]:
        words = [word for each in self.others.values() for word in each]
        return list(dict.fromkeys(words))[:SYNONYMS]


@dataclass
class Classification:
    """What the files say: skills, groups, and where each group stands."""

    skills: dict[str, Concept] = field(default_factory=dict)
    groups: dict[str, Concept] = field(default_factory=dict)
    # A group to the family it belongs to, and to the larger field of that.
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    broader: dict[str, set[str]] = field(default_factory=dict)


def rows(folder: Path, pattern: str) -> Iterator[dict[str, str]]:
    """The rows of each file of that name; none when there is no such file."""
    for path in sorted(folder.glob(pattern)):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield {key: (value or "").strip() for key, value in row.items() if key}


def several(cell: str) -> list[str]:
    """The values of a cell that holds more than one."""
    return [part.strip() for part in re.split(r"\n| \| ", cell) if part.strip()]


def read(folders: dict[str, Path]) -> Classification:
    """The classification out of a folder for each language, ``nl`` and ``en``."""
    found = Classification()
    for language, folder in folders.items():
        for pattern in SKILL_FILES:
            _read_concepts(rows(folder, pattern), found.skills, language)
        _read_concepts(rows(folder, "skillGroups_*.csv"), found.groups, language)
        for row in rows(folder, "skillsHierarchy_*.csv"):
            _read_place(row, found, language)
        for row in rows(folder, "broaderRelationsSkillPillar*.csv"):
            uri, above = row.get("conceptUri", ""), row.get("broaderUri", "")
            found.broader.setdefault(uri, set()).add(above)
    if not found.skills:
        raise ValidationError(
            _("No file with skills was found there: %(names)s.")
            % {"names": ", ".join(SKILL_FILES)}
        )
    for uri, concept in found.skills.items():
        found.broader.setdefault(uri, set()).update(concept.broader)
    return found


def _read_concepts(
    found: Iterable[dict[str, str]], concepts: dict[str, Concept], language: str
) -> None:
    for row in found:
        uri, name = row.get("conceptUri", ""), row.get("preferredLabel", "")
        if not uri or not name:
            continue
        concept = concepts.setdefault(uri, Concept(uri))
        concept.names[language] = name
        concept.others[language] = several(row.get("altLabels", ""))
        concept.broader.update(several(row.get("broaderConceptUri", "")))


def _read_place(row: dict[str, str], found: Classification, language: str) -> None:
    levels = [
        (row.get(f"Level {n} URI", ""), row.get(f"Level {n} preferred term", ""))
        for n in range(4)
    ]
    filled = [(uri, name) for uri, name in levels if uri]
    if not filled:
        return
    for uri, name in filled:
        group = found.groups.setdefault(uri, Concept(uri))
        if name:
            group.names.setdefault(language, name)
    uris = [uri for uri, _name in filled]
    family = uris[min(2, len(uris) - 1)]
    field_ = uris[min(1, len(uris) - 1)]
    found.places[uris[-1]] = (family, field_)


def family_of(uri: str, found: Classification) -> tuple[str, str] | None:
    """The family of a skill and its larger field: the nearest group above it.

    Of several groups equally near the first by name, so that it is the same each time.
    """
    seen = {uri}
    near = {uri}
    while near:
        placed = sorted(each for each in near if each in found.places)
        if placed:
            return found.places[placed[0]]
        near = {above for each in near for above in found.broader.get(each, ())} - seen
        seen |= near
    return None


def key_of(uri: str) -> str:
    """Short, and the same each time."""
    return f"esco-{slugify(uri.rsplit('/', 1)[-1])}"[:60]


@transaction.atomic
def load(found: Classification) -> tuple[int, int]:
    """Bring the catalogue to what the files say; the topics that are new, and all.

    A skill with the name of a topic that is there already joins that topic. Twice is
    once; what an HR admin merged stays merged.
    """
    homes = {uri: family_of(uri, found) for uri in found.skills}
    families = _load_families(homes.values(), found)
    before = Topic.objects.count()
    known = dict(
        Topic.objects.exclude(concept_uri=None).values_list("concept_uri", "key")
    )
    named: dict[str, int] = {}
    for pk, name_nl, name_en in Topic.objects.filter(concept_uri=None).values_list(
        "pk", "name_nl", "name_en"
    ):
        named[name_nl.casefold()] = named[name_en.casefold()] = pk
    fresh, joined = [], []
    for uri, concept in sorted(found.skills.items()):
        if known.get(uri, key_of(uri)) != key_of(uri):
            continue  # it joined a topic that was here, which keeps its own words
        home = homes[uri]
        names = (concept.name("nl"), concept.name("en"))
        same = next(
            (named[name.casefold()] for name in names if name.casefold() in named), None
        )
        if same is not None and uri not in known:
            joined.append(Topic(pk=same, concept_uri=uri))
            for name in [name for name, pk in named.items() if pk == same]:
                del named[name]
            continue
        topic = Topic(
            key=key_of(uri),
            concept_uri=uri,
            family_id=families[home[0] if home else OTHER],
            name_nl=_capital(names[0]),
            name_en=_capital(names[1]),
            synonyms=concept.synonyms,
        )
        topic.search = topic.words()
        fresh.append(topic)
    Topic.objects.bulk_update(joined, ["concept_uri"], batch_size=BATCH)
    Topic.objects.bulk_create(
        fresh,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["family", "name_nl", "name_en", "synonyms", "search"],
    )
    return Topic.objects.count() - before, len(found.skills)


def _load_families(
    homes: Iterable[tuple[str, str] | None], found: Classification
) -> dict[str, int]:
    """Make the families and their larger fields; their ids by concept URI."""
    wanted = {home for home in homes if home}
    fields = {field_ for _family, field_ in wanted}
    _save_families(fields, found, {})
    ids = _family_ids()
    parents = {family: ids[field_] for family, field_ in wanted if family != field_}
    _save_families({family for family, _field in wanted} - fields, found, parents)
    TopicFamily.objects.get_or_create(
        key=OTHER,
        defaults={"name_nl": "Overige vaardigheden", "name_en": "Other skills"},
    )
    return {**_family_ids(), OTHER: TopicFamily.objects.get(key=OTHER).pk}


def _family_ids() -> dict[str, int]:
    found = TopicFamily.objects.exclude(concept_uri=None)
    return {str(uri): pk for uri, pk in found.values_list("concept_uri", "pk")}


def _save_families(
    uris: Iterable[str], found: Classification, parents: dict[str, int]
) -> None:
    TopicFamily.objects.bulk_create(
        [
            TopicFamily(
                key=key_of(uri),
                concept_uri=uri,
                name_nl=_capital(found.groups[uri].name("nl")),
                name_en=_capital(found.groups[uri].name("en")),
                parent_id=parents.get(uri),
                is_soft=uri.rsplit("/", 1)[-1].startswith(SOFT),
            )
            for uri in sorted(uris)
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["name_nl", "name_en", "parent", "is_soft"],
    )


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
