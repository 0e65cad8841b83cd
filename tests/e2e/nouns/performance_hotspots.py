import h3

DIDCOT = (51.6066, -1.2412)
WHO = {
    "performance:hotspots": "officer",
    "performance:hotspot_records": "officer",
    "performance:repeat_places": "officer",
    "performance:repeat_people": "officer",
    "performance:depersonalised": "officer",
    "performance:housing_count": "officer",
}
NO_PAGE = {"performance:hotspot_points", "performance:hotspot_file"}
ARGUMENTS = {"performance:hotspot_records": (lambda: str(h3.latlng_to_cell(*DIDCOT, 8)),)}
