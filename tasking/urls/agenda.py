from django.urls import URLPattern, path

from tasking.views import agenda, item_new, item_table, items

urlpatterns: list[URLPattern] = [
    path("items/<slug:reference>/", items.item, name="item"),
    path("items/<slug:reference>/edit/", items.edit, name="item_edit"),
    path("items/<slug:reference>/table/", item_table.table, name="item_table"),
    path("items/<slug:reference>/agencies/<int:pk>/close/", items.untable, name="item_untable"),
    path("items/<slug:reference>/off/", items.withdraw, name="item_withdraw"),
    path("<slug:reference>/agenda/", agenda.agenda, name="agenda"),
    path("<slug:reference>/agenda/new/", item_new.new, name="item_new"),
    path("<slug:reference>/agenda/order/", agenda.order, name="agenda_order"),
    path("<slug:reference>/agenda/move/", agenda.move, name="agenda_move"),
    path("<slug:reference>/agenda/bring/", agenda.bring, name="agenda_bring"),
]
