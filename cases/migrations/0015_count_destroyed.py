"""What measures count of records that were destroyed before it was kept, from what their tombstones hold."""

from django.db import migrations

HIGH = 3
DUPLICATE = "duplicate"


def keep_counts(apps, schema_editor):
    tombstones = apps.get_model("cases", "Tombstone").objects.filter(counts=None)
    kept = apps.get_model("cases", "KeptCount")
    names = _Names(apps)
    for stone in tombstones.select_related("disposal").order_by("pk").iterator():
        kept.objects.bulk_create(
            kept(tombstone=stone, partnership_id=stone.partnership_id, measure=measure, **of)
            for measure, of in _counts(stone, names)
        )


class _Names:
    """Keys of what statistics say by code, and what they are called."""

    def __init__(self, apps):
        self.areas = dict(apps.get_model("agencies", "Area").objects.values_list("pk", "name"))
        self.coded = {
            model: {
                (partnership, code): (str(pk), label)
                for partnership, code, pk, label in apps.get_model("cases", model).objects.values_list(
                    "partnership", "code", "pk", "label"
                )
            }
            for model in ("Category", "CaseOutcome")
        }

    def area(self, pk):
        return {str(pk): self.areas.get(pk, "")} if pk else {"": ""}

    def of_codes(self, model, stone, codes):
        found = [self.coded[model].get((stone.partnership_id, code)) for code in codes]
        return dict(each for each in found if each) or {"": ""}


def _counts(stone, names):
    told = stone.statistics
    keys = {"area": names.area(told.get("area")), "ward": names.area(told.get("ward"))}
    keys["category"] = names.of_codes("Category", stone, told.get("categories", []))
    keys["risk"] = {str(told["risk"]) if told.get("risk") else "": ""}
    if stone.record_type == "report":
        return _of_report(stone, told, keys)
    return _of_case(stone, told, keys | {"agency": {"": ""}}, names)


def _of_report(stone, told, keys):
    if told.get("status") == DUPLICATE:
        return
    channel = {"channel": {told.get("channel", ""): ""}}
    yield "reports-received", {"day": stone.began_on, "keys": keys | channel}
    if told.get("hate"):
        yield "hate-reports", {"day": stone.began_on, "keys": keys}


def _of_case(stone, told, keys, names):
    if stone.reference != stone.disposal.reference:
        return  # it became part of the case that was destroyed with it
    yield "cases-opened", {"day": stone.began_on, "keys": keys}
    if told.get("risk") == HIGH:
        yield "high-risk-cases", {"day": stone.began_on, "keys": keys}
    stage = keys | {"status": {told.get("status", ""): ""}}
    yield "cases-open", {"day": stone.began_on, "until": stone.ended_on, "keys": stage}
    if reason := told.get("closed_because"):
        outcomes = names.of_codes("CaseOutcome", stone, told.get("outcomes", []))
        yield "cases-closed", {
            "day": stone.ended_on, "keys": keys | {"reason": {reason: ""}, "outcome": outcomes}
        }  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_kept_counts")]

    operations = [migrations.RunPython(keep_counts, migrations.RunPython.noop)]
