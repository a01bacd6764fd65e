from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"

    def ready(self) -> None:
        """Make the messages of this app known, and what goes when one is erased, or
        with time, and what follows another address.
        """
        import programs.addresses
        import programs.clearing
        import programs.erasing
        import programs.exporting
        import programs.notifications  # noqa: F401
