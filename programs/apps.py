from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"

    def ready(self) -> None:
        """Make the kinds of messages of this app known."""
        import programs.notifications  # noqa: F401
