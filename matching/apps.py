from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        """Make the kinds of messages of this app known."""
        import matching.notifications  # noqa: F401
