from cases.models import Place
from cases.services.keys import address_key
from csp.agencies.models import Area, Partnership


def find_or_add_place(
    *,
    partnership: Partnership,
    address: str,
    postcode: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    ward: Area | None = None,
    local_area: Area | None = None,
) -> Place:
    """The partnership's place with this address, added if it is new. A place without a point gains one."""
    place, added = Place.objects.get_or_create(
        partnership=partnership,
        address_key=address_key(address, postcode),
        defaults={
            "address": address.strip() or postcode,
            "postcode": postcode,
            "latitude": latitude,
            "longitude": longitude,
            "ward": ward,
            "local_area": local_area,
        },
    )
    if not added and place.latitude is None and latitude is not None:
        place.latitude, place.longitude, place.ward, place.local_area = latitude, longitude, ward, local_area
        place.save(update_fields=["latitude", "longitude", "ward", "local_area"])
    return place
