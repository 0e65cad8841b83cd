// A point chosen on a map fills two fields, and the two fields move the point. Works with no tiles at all:
//   data-map-lat, data-map-lon      ids of the two fields (none: the map only shows data-map-point)
//   data-map-point="51.6,-1.2"      a point to show
//   data-map-centre, data-map-zoom  where to begin
//   data-map-tiles, data-map-credit address of tiles, and whose they are
//   data-map-outline                address of GeoJSON to draw, such as the district's edge
import L from 'leaflet'

import { send } from './http.js'
import { element, say } from './say.js'

const pair = (text) => (text ?? '').split(',').map(Number)
const valid = ([lat, lon]) => Number.isFinite(lat) && Number.isFinite(lon) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180

const icon = L.divIcon({ className: '', html: '<div class="app-map__pin"></div>', iconSize: [28, 28], iconAnchor: [14, 31] })

// Where there are no tiles, empty squares still show how far the map was moved.
const Squares = L.GridLayer.extend({
  createTile: () => element('div', { class: 'app-map__square' })
})

async function outline(map, address, begin) {
  const shapes = await (await send(address, { background: true })).json().catch(() => null)
  if (!shapes) return
  const layer = L.geoJSON(shapes, { style: { color: '#0b5f65', weight: 2, fillOpacity: 0.04 }, interactive: false }).addTo(map)
  if (begin && layer.getBounds().isValid()) map.fitBounds(layer.getBounds())
}

export function picker(box) {
  const { mapLat, mapLon, mapPoint, mapCentre, mapZoom = 11, mapTiles, mapCredit = '', mapOutline } = box.dataset
  const [lat, lon] = [document.getElementById(mapLat), document.getElementById(mapLon)]
  const typed = () => (lat?.value && lon?.value ? [lat.value, lon.value].map(Number) : pair(mapPoint || 'none'))
  const centre = valid(pair(mapCentre || 'none')) ? pair(mapCentre) : [52.6, -1.5]

  box.classList.add('app-map')
  box.setAttribute('role', 'application')
  box.setAttribute('aria-label', 'Map. Arrow keys move it, plus and minus make it larger and smaller.')
  box.hidden = false
  const map = L.map(box, { scrollWheelZoom: false, attributionControl: Boolean(mapTiles && mapCredit) })
  map.attributionControl?.setPrefix(false)
  map.setView(centre, Number(mapZoom))
  L.control.scale().addTo(map)
  const ground = mapTiles ? L.tileLayer(mapTiles, { attribution: mapCredit, maxZoom: 19 }) : new Squares({ maxZoom: 19 })
  ground.addTo(map)
  if (mapOutline) outline(map, mapOutline, !valid(typed()))

  let marker
  function show(point, move) {
    if (!valid(point)) return marker?.remove()
    marker ??= L.marker(point, { icon, keyboard: false, alt: 'Chosen point' })
    marker.setLatLng(point).addTo(map)
    if (move) map.setView(point, Math.max(map.getZoom(), 15))
  }

  function choose({ lat: north, lng: east }) {
    const point = [north, L.Util.wrapNum(east, [-180, 180], true)].map((number) => number.toFixed(5))
    ;[lat.value, lon.value] = point
    show(point.map(Number), false)
    for (const field of [lat, lon]) {
      for (const name of ['input', 'change']) field.dispatchEvent(new Event(name, { bubbles: true }))
    }
    say('Point set')
  }

  show(typed(), true)
  if (!lat || !lon) return map
  let choosing = false
  const chosen = (latlng) => {
    choosing = true
    choose(latlng)
    choosing = false
  }
  map.on('click', ({ latlng }) => chosen(latlng))
  for (const field of [lat, lon]) field.addEventListener('change', () => choosing || show(typed(), true))
  box.after(
    element(
      'button',
      { type: 'button', class: 'govuk-button govuk-button--secondary app-button--small', click: () => chosen(map.getCenter()) },
      'Use the middle of the map'
    )
  )
  return map
}
