"""Sessions as they were held in the demo company."""

from datetime import datetime, timedelta

from dashboards.demo.company import Company
from mentorships.models import MentoringSession, Mentorship


def held_session(
    company: Company, mentorship: Mentorship, starts: datetime
) -> MentoringSession:
    """One that took place and was written down two hours later; to be saved."""
    return MentoringSession(
        mentorship=mentorship,
        starts_at=starts,
        wall_time=f"{starts:%Y-%m-%dT%H:%M}",
        minutes=company.random.choice([45, 60, 60, 90]),
        mode=company.random.choice(["video", "office"]),
        state=MentoringSession.State.HELD,
        logged_at=starts + timedelta(hours=2),
    )
