from django.urls import URLPattern, path

from performance.views import indicator_values, indicators, police, police_uploads

urlpatterns: list[URLPattern] = [
    path("indicators/", indicators.indicators, name="indicators"),
    path("indicators/new/", indicators.indicator_new, name="indicator_new"),
    path("indicators/<int:pk>/", indicators.indicator, name="indicator"),
    path("indicators/<int:pk>/edit/", indicators.indicator_edit, name="indicator_edit"),
    path("indicators/<int:pk>/download/", indicators.indicator_download, name="indicator_download"),
    path("indicators/<int:pk>/values/new/", indicator_values.value_new, name="indicator_value_new"),
    path("indicators/<int:pk>/values/upload/", indicator_values.upload, name="indicator_upload"),
    path(
        "indicators/<int:pk>/values/<int:value>/restate/", indicator_values.restate, name="indicator_restate"
    ),
    path("police/", police.police, name="police"),
    path("police/download/", police.download, name="police_download"),
    path("police/upload/", police_uploads.upload, name="police_upload"),
    path("police/uploads/<int:pk>/", police_uploads.detail, name="police_upload_detail"),
    path("police/uploads/<int:pk>/rejected/", police_uploads.rejected, name="police_rejected"),
]
