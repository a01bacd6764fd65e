from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"

    def ready(self) -> None:
        """Say what goes when somebody is erased."""
        import outbox.erasing  # noqa: F401
