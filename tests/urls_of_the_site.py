"""Every URL of the site by name, with the names of its arguments."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def walk(
    patterns: list[URLPattern | URLResolver],
    namespace: str = "",
    taken: tuple[str, ...] = (),
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern in patterns:
        names = (*taken, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            inner = ":".join(part for part in (namespace, pattern.namespace) if part)
            yield from walk(pattern.url_patterns, inner, names)
        elif pattern.name:
            name = f"{namespace}:{pattern.name}" if namespace else pattern.name
            yield name, names


URLS: dict[str, tuple[str, ...]] = dict(walk(get_resolver().url_patterns))
