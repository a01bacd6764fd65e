from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        """Make the messages of this app known, what it copies, what goes when somebody
        is erased or leaves, what it asks of whoever runs a programme, and what of it is
        shown to who looks along.
        """
        import matching.clearing
        import matching.copying
        import matching.erasing
        import matching.exporting
        import matching.notifications  # noqa: F401
        from matching.needs import choosing_now, waiting
        from matching.ties import REQUESTS
        from programs import ties
        from programs.needs import ACTING, KNOWN
        from programs.viewing import SHOWN

        KNOWN.append(waiting)
        ACTING.append(choosing_now)
        ties.KNOWN.append(REQUESTS)
        SHOWN.add("matching:waiting")
