from django.urls import URLPattern, path

from performance.views import depersonalised, hotspots, housing, repeats

urlpatterns: list[URLPattern] = [
    path("hotspots/", hotspots.hotspots, name="hotspots"),
    path("hotspots/points/", hotspots.points, name="hotspot_points"),
    path("hotspots/download/", hotspots.file, name="hotspot_file"),
    path("hotspots/repeat-places/", repeats.places, name="repeat_places"),
    path("hotspots/repeat-people/", repeats.people, name="repeat_people"),
    path("depersonalised/", depersonalised.export, name="depersonalised"),
    path("housing/", housing.count, name="housing_count"),
    path("hotspots/<slug:cell>/", hotspots.records, name="hotspot_records"),
]
