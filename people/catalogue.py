"""The topics, interests and career directions that the product begins with."""

import tomllib
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from people.models import CareerDirection, Interest, Topic, TopicFamily

SHIPPED = Path(__file__).parent / "data" / "topics.toml"


@transaction.atomic
def load_catalogue() -> int:
    """Bring the catalogue to what is shipped; the number of topics. Twice is once."""
    data = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    count = 0
    for entry in data["family"]:
        family, _ = TopicFamily.objects.update_or_create(
            key=entry["key"],
            defaults={
                "name_nl": entry["name_nl"],
                "name_en": entry["name_en"],
                "is_soft": entry.get("soft", False),
            },
        )
        topics = []
        for name_nl, name_en, synonyms in entry["topics"]:
            topic = Topic(
                key=slugify(name_en)[:60],
                family=family,
                name_nl=name_nl,
                name_en=name_en,
                synonyms=[word.strip() for word in synonyms.split(",")],
            )
            topic.search = topic.words()
            topics.append(topic)
        Topic.objects.bulk_create(
            topics,
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["family", "name_nl", "name_en", "synonyms", "search"],
        )
        count += len(topics)
    for model, section in ((CareerDirection, "directions"), (Interest, "interests")):
        for key, (name_nl, name_en) in data[section].items():
            model._default_manager.update_or_create(
                key=key, defaults={"name_nl": name_nl, "name_en": name_en}
            )
    return count
