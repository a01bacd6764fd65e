"""What of messages goes when a person is erased."""

from django.utils.translation import gettext_lazy as _

from outbox.models import Bounce, Message, Preference, ReminderDay
from people.erasing import scrub
from people.models import User


@scrub(goes=[_("every message to them, sent or planned, and which ones they wanted")])
def scrub_outbox(user: User) -> None:
    ReminderDay.objects.filter(to=user).delete()
    Message.objects.filter(to=user).delete()
    Preference.objects.filter(user=user).delete()
    Bounce.objects.of(user.email).delete()
