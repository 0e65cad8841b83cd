from django.db import migrations

from cases.services.power_rules import SINCE, STARTERS


def install(apps, schema_editor):
    """Partnerships that were there before the limits were get them as new ones do."""
    rule = apps.get_model("cases", "PowerRule")
    for partnership in apps.get_model("agencies", "Partnership").objects.exclude(
        pk__in=rule.objects.values("partnership")
    ):
        rule.objects.bulk_create(
            rule(partnership=partnership, starts_on=SINCE, **vars(starter)) for starter in STARTERS
        )


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_power_steps")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
