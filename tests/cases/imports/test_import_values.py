"""The page on which a person says what values mean."""

import pytest
from django.urls import reverse

from cases.enums import ImportState
from csp.core.models import LongTask
from tests.cases.imports.conftest import HEADER, SPEC, errors_of, row, text_of
from tests.cases.imports.files import csv_bytes

pytestmark = pytest.mark.django_db


def test_values_lists_what_the_columns_hold_with_what_it_seems_to_mean(signed_in, mapped):
    run = mapped(spec=SPEC | {"translations": {}})

    response = signed_in.get(reverse("imports:values", args=[run.pk]))

    fields = response.context["form"].fields
    assert [(field.label, field.initial) for field in fields.values()] == [
        ("Noise", "noise"), ("Closed", ""), ("Open", ""), ("Parked", ""),
    ]  # fmt: skip


def test_values_are_kept_and_the_file_is_checked(signed_in, mapped):
    run = mapped(spec=SPEC | {"translations": {"status": {"Old": "new"}}})
    chosen = {"categories_0": "-", "status_0": "recorded", "status_1": "new", "status_2": "new"}

    response = signed_in.post(reverse("imports:values", args=[run.pk]), chosen)

    run.refresh_from_db()
    assert response.url == reverse("imports:detail", args=[run.pk])
    assert run.spec["translations"] == {
        "status": {"old": "new", "closed": "recorded", "open": "new", "parked": "new"},
        "categories": {"noise": []},
    }
    assert (run.state, run.dry_run) == (ImportState.QUEUED, True)


def test_values_asks_for_each_and_keeps_what_was_chosen(signed_in, mapped):
    run = mapped(spec=SPEC | {"translations": {}})

    response = signed_in.post(reverse("imports:values", args=[run.pk]), {"status_0": "recorded"})

    assert "Choose what “Open” means" in errors_of(response)
    assert response.context["form"]["status_0"].value() == "recorded"
    assert not LongTask.objects.exists()


def test_values_of_every_kind_of_list(signed_in, mapped):
    header = [*HEADER, "Hate", "Way"]
    columns = SPEC["columns"] | {"hate": "Hate", "contact_method": "Way"}
    rows = [[*row("1"), "Race", "E-mail"], [*row("2", kind="Both"), "No", "Post"]]
    run = mapped(
        csv_bytes([header, *rows]),
        SPEC | {"columns": columns, "translations": {"categories": {"Both": ["noise", "damage"]}}},
    )

    response = signed_in.get(reverse("imports:values", args=[run.pk]))

    initial = {field.label: field.initial for field in response.context["form"].fields.values()}
    both = initial.pop("Both")
    assert initial == {
        "Noise": "noise", "Closed": "", "No": "no", "Race": "race", "E-mail": "email", "Post": "",
    }  # fmt: skip
    assert sorted(both.split(",")) == ["damage", "noise"]


def test_values_says_where_there_are_too_many_to_list(signed_in, mapped):
    rows = [row(str(n), kind=f"Kind {n}") for n in range(120)]
    run = mapped(csv_bytes([HEADER, *rows]))

    response = signed_in.get(reverse("imports:values", args=[run.pk]))

    assert "“Kind of behaviour” has too many different values to list" in text_of(response)


def test_values_before_columns_goes_to_the_columns(signed_in, upload):
    run = upload()

    response = signed_in.get(reverse("imports:values", args=[run.pk]))

    assert response.url == reverse("imports:mapping", args=[run.pk])


@pytest.mark.parametrize("count", [1, 3])
def test_values_query_count(signed_in, mapped, django_assert_num_queries, count):
    run = mapped(csv_bytes([HEADER, *(row(str(n), kind=f"Kind {n}") for n in range(count))]))

    with django_assert_num_queries(7):
        signed_in.get(reverse("imports:values", args=[run.pk]))
