from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        """Say what of a profile is seen by whom, what goes when one is erased, and how
        the brand is read.
        """
        import people.erasing
        import people.exporting
        import people.forms  # noqa: F401
        from mentoring.branding import read_by
        from people.models.organisation import read_brand

        read_by(read_brand)
