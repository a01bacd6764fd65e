from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"

    def ready(self) -> None:
        """Say what goes when somebody is erased, and what follows another address."""
        import outbox.addresses
        import outbox.erasing
        import outbox.exporting  # noqa: F401
