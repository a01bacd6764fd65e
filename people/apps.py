from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        """Say what of a profile is seen by whom."""
        import people.forms  # noqa: F401
