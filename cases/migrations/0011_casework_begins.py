"""What partnerships and people that were there before need for the casework."""

from django.db import migrations
from django.utils import timezone

from cases.services.keys import sound_keys
from cases.services.power_rules import SINCE, STARTERS
from cases.services.risk import DEFAULT_CASE_STANDARDS
from cases.services.risk_templates import (
    ILLUSTRATIVE,
    ILLUSTRATIVE_HIGH_FROM,
    ILLUSTRATIVE_MEDIUM_FROM,
    ILLUSTRATIVE_NAME,
)
from cases.services.rules import DEFAULT_NO_CONTACT, DEFAULT_OUTCOMES

AT_ONCE = 1000


def set_limits_of_powers(apps, schema_editor):
    """Partnerships that were there before the limits were get them as new ones do."""
    rule = apps.get_model("cases", "PowerRule")
    for partnership in apps.get_model("agencies", "Partnership").objects.exclude(
        pk__in=rule.objects.values("partnership")
    ):
        rule.objects.bulk_create(
            rule(partnership=partnership, starts_on=SINCE, **vars(starter)) for starter in STARTERS
        )


def begin_with_usual_rules(apps, schema_editor):
    """Partnerships that were there before cases had rules begin with those a new one begins with."""
    today = timezone.localdate()
    for partnership in apps.get_model("agencies", "Partnership").objects.all():
        if not apps.get_model("cases", "RiskTemplate").objects.filter(partnership=partnership).exists():
            ask_usual_questions(apps, partnership, today)
        if not apps.get_model("cases", "CaseStandard").objects.filter(partnership=partnership).exists():
            apps.get_model("cases", "CaseStandard").objects.bulk_create(
                apps.get_model("cases", "CaseStandard")(
                    partnership=partnership,
                    risk=int(risk),
                    review_days=review,
                    update_days=update,
                    starts_on=today,
                )
                for risk, (review, update) in DEFAULT_CASE_STANDARDS.items()
            )
        if not apps.get_model("cases", "NoContactRule").objects.filter(partnership=partnership).exists():
            apps.get_model("cases", "NoContactRule").objects.create(
                partnership=partnership, starts_on=today, **DEFAULT_NO_CONTACT
            )
        if not apps.get_model("cases", "CaseOutcome").objects.filter(partnership=partnership).exists():
            apps.get_model("cases", "CaseOutcome").objects.bulk_create(
                apps.get_model("cases", "CaseOutcome")(
                    partnership=partnership, code=code, label=label, position=place
                )
                for place, (code, label) in enumerate(DEFAULT_OUTCOMES, start=1)
            )


def ask_usual_questions(apps, partnership, today):
    template = apps.get_model("cases", "RiskTemplate").objects.create(
        partnership=partnership,
        name=ILLUSTRATIVE_NAME,
        illustrative=True,
        medium_from=ILLUSTRATIVE_MEDIUM_FROM,
        high_from=ILLUSTRATIVE_HIGH_FROM,
        starts_on=today,
    )
    for place, (text, options) in enumerate(ILLUSTRATIVE, start=1):
        question = apps.get_model("cases", "RiskQuestion").objects.create(
            template=template, position=place, text=text
        )
        apps.get_model("cases", "RiskOption").objects.bulk_create(
            apps.get_model("cases", "RiskOption")(question=question, position=at, label=label, score=score)
            for at, (label, score) in enumerate(options, start=1)
        )


def say_how_names_sound(apps, schema_editor):
    """For people who came before their names were listened to."""
    Person = apps.get_model("cases", "Person")
    silent = Person.objects.filter(sound_keys=[]).only("pk", "name", "known_as").order_by("pk")
    last = 0
    while batch := list(silent.filter(pk__gt=last)[:AT_ONCE]):
        last = batch[-1].pk
        for person in batch:
            person.sound_keys = sound_keys(person.name, person.known_as)
        Person.objects.bulk_update([person for person in batch if person.sound_keys], ["sound_keys"])


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_casework")]
    operations = [
        migrations.RunPython(set_limits_of_powers, migrations.RunPython.noop),
        migrations.RunPython(begin_with_usual_rules, migrations.RunPython.noop),
        migrations.RunPython(say_how_names_sound, migrations.RunPython.noop),
    ]
