from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        """Make the messages of this app known, and what it copies."""
        import matching.copying
        import matching.notifications  # noqa: F401
