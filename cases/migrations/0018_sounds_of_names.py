from django.db import migrations, models

from cases.services.keys import sound_keys

AT_ONCE = 1000


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

    dependencies = [
        ('cases', '0017_case_rules'),
    ]

    operations = [
        migrations.AlterField(
            model_name='person',
            name='search_key',
            field=models.CharField(help_text='Names folded to one plain form, for the search index', max_length=1000),
        ),
        migrations.AlterField(
            model_name='personevent',
            name='search_key',
            field=models.CharField(help_text='Names folded to one plain form, for the search index', max_length=1000),
        ),
        migrations.RunPython(say_how_names_sound, migrations.RunPython.noop),
    ]
