from typing import Any

from django.urls import path

from cases.views import power_steps, powers

ONE = "<slug:reference>/powers/<int:pk>/"


def step(name: str, what: power_steps.Step) -> Any:
    return path(f"{ONE}{name}/", power_steps.take_step, {"step": what}, name=f"power_{name}")


urlpatterns = [
    path("<slug:reference>/powers/", powers.power_list, name="powers"),
    path("<slug:reference>/powers/new/", powers.choose, name="power_new"),
    path("<slug:reference>/powers/new/<slug:kind>/", powers.add, name="power_add"),
    path(ONE, powers.power, name="power"),
    path(f"{ONE}sheet.pdf", powers.sheet, name="power_sheet"),
    path(f"{ONE}edit/", powers.edit, name="power_edit"),
    step("serve", power_steps.SERVE),
    step("extend", power_steps.EXTEND),
    step("appeal", power_steps.APPEAL),
    step("result", power_steps.RESULT),
    step("review", power_steps.REVIEW),
    step("breach", power_steps.BREACH),
    step("end", power_steps.END),
    step("withdraw", power_steps.WITHDRAW),
]
