// Hexagons with a number in each. Where they become too narrow for their numbers, neighbours are put together into circles.
// The list beside it follows: it shows what is in view. All of it comes from one address, which holds no single point.
import L from 'leaflet'

import { send } from './http.js'
import { element } from './say.js'

const NARROW = 34 // pixels
const TOGETHER = 70 // pixels
const LETTER = 7.5 // pixels
const SHADES = ['#ffffff', '#d3e8ea', '#9accd1', '#5aa5ad', '#1b666e', '#0b4a50']
const DARK = 4
const held = { weight: 1, color: '#505a5f', dashArray: '3 3', fillColor: SHADES[0], fillOpacity: 0.7 }
const style = ({ shade }) => (shade ? { weight: 1, color: '#0b4a50', fillColor: SHADES[shade], fillOpacity: 0.9 } : held)
const picked = { weight: 4, color: '#0b0c0c' }

const badge = (text, look) =>
  L.divIcon({ className: `app-hotspots__badge ${look}`, html: element('span', {}, text), iconSize: [0, 0] })
const label = (at, text, look) => L.marker(at, { icon: badge(text, look), interactive: false, keyboard: false })

export async function draw(box) {
  const { hotspots, mapTiles, mapCredit = '' } = box.dataset
  const points = await (await send(hotspots, { background: true })).json().catch(() => null)
  if (!points?.hexagons.length) return

  box.classList.add('app-map')
  box.setAttribute('role', 'application')
  box.setAttribute('aria-label', 'Map of the places in the list. Arrow keys move it, plus and minus make it larger and smaller.')
  box.hidden = false
  const map = L.map(box, { scrollWheelZoom: false, attributionControl: Boolean(mapTiles && mapCredit) })
  map.attributionControl?.setPrefix(false)
  L.control.scale({ imperial: false }).addTo(map)
  if (mapTiles) L.tileLayer(mapTiles, { attribution: mapCredit, maxZoom: 19 }).addTo(map)

  const shapes = new Map()
  for (const hexagon of points.hexagons) shapes.set(hexagon.id, shape(map, hexagon))
  const all = L.featureGroup([...shapes.values()]).getBounds()
  const whole = () => map.fitBounds(all, { padding: [24, 24], maxZoom: 14, animate: false })
  const marks = L.layerGroup().addTo(map)
  map.on('moveend', () => write(map, marks, points, Boolean(mapTiles)))
  follow(map, box, shapes, whole)
  whole()
}

function shape(map, hexagon) {
  const drawn = L.polygon(hexagon.ring, style(hexagon))
  // The list holds the same: no stop of its own for the Tab key.
  drawn.on('add', () => drawn.getElement().setAttribute('tabindex', '-1')).addTo(map)
  const rank = hexagon.rank ? `${hexagon.rank}. ` : ''
  return drawn.bindTooltip(element('span', {}, `${rank}${hexagon.label}: ${hexagon.words}`), { sticky: true })
}

// Numbers, or circles, and the names of wards where the ground has none: whatever finds room.
function write(map, marks, { hexagons, wards }, tiles) {
  marks.clearLayers()
  const view = map.getBounds().pad(0.1)
  const seen = hexagons.filter(({ centre }) => view.contains(centre))
  const taken = []
  if (!seen.length) return
  const [{ ring }] = seen
  const [west, east] = [ring[0], ring[3]].map((corner) => map.latLngToLayerPoint(corner))
  if (west.distanceTo(east) < NARROW) circles(map, marks, seen, taken)
  else numbers(map, marks, seen, taken)
  if (tiles) return
  for (const { name, at } of wards) {
    const { x, y } = map.latLngToLayerPoint(at)
    const half = (name.length * LETTER) / 2
    const free = [...Array(4).keys()].map((n) => y + [0, 22, -22, 36][n]).find((down) => room(taken, x, down, half, 9))
    if (free === undefined) continue
    label(map.layerPointToLatLng([x, free]), name, 'app-hotspots__ward').addTo(marks)
  }
}

function room(taken, x, y, wide, high) {
  const free = taken.every((box) => Math.abs(box.x - x) > box.wide + wide || Math.abs(box.y - y) > box.high + high)
  if (free) taken.push({ x, y, wide, high })
  return free
}

function numbers(map, marks, seen, taken) {
  for (const { centre, number, shade } of seen) {
    if (number === null) continue
    const { x, y } = map.latLngToLayerPoint(centre)
    taken.push({ x, y, wide: 12, high: 8 })
    label(centre, number.toLocaleString('en-GB'), shade >= DARK ? 'app-hotspots__number app-hotspots__number--light' : 'app-hotspots__number').addTo(marks)
  }
}

// Only of numbers that are shown, so that nothing can be worked out from a circle.
function circles(map, marks, seen, taken) {
  const groups = []
  for (const { centre, number } of seen) {
    if (number === null) continue
    const at = map.latLngToLayerPoint(centre)
    const near = groups.find((group) => group.at.distanceTo(at) < TOGETHER)
    if (near) {
      near.number += number
      near.members.push(centre)
    } else groups.push({ at, number, members: [centre] })
  }
  const most = Math.max(...groups.map((group) => group.number))
  for (const { at, number, members } of groups) {
    const radius = 13 + 15 * Math.sqrt(number / most)
    taken.push({ x: at.x, y: at.y, wide: radius, high: radius })
    const centre = map.layerPointToLatLng(at)
    L.circleMarker(centre, { radius, weight: 2, color: '#ffffff', fillColor: '#0b4a50', fillOpacity: 0.92 })
      .on('click', () => map.fitBounds(L.latLngBounds(members).pad(0.3), { maxZoom: map.getZoom() + 3 }))
      .addTo(marks)
    label(centre, number.toLocaleString('en-GB'), 'app-hotspots__number app-hotspots__number--light').addTo(marks)
  }
}

function follow(map, box, shapes, whole) {
  const list = box.parentElement
  const said = list.querySelector('[data-hotspots-said]')
  const rows = [...list.querySelectorAll('[data-hexagon]')].filter((row) => shapes.has(row.dataset.hexagon))
  const words = element('span', {})
  said?.append(words, ' ', element('button', { type: 'button', class: 'app-link-button', click: whole }, 'Show all'))

  map.on('moveend', () => {
    const view = map.getBounds()
    for (const row of rows) row.hidden = !view.intersects(shapes.get(row.dataset.hexagon).getBounds())
    const seen = rows.filter((row) => !row.hidden).length
    words.textContent = `${seen} of ${rows.length} places are in view.`
    if (said) said.hidden = seen === rows.length
  })
  for (const row of rows) {
    const drawn = shapes.get(row.dataset.hexagon)
    const usual = { weight: drawn.options.weight, color: drawn.options.color }
    const mark = (on) => () => {
      row.classList.toggle('app-hotspots__row--picked', on)
      drawn.setStyle(on ? picked : usual)
      if (on) drawn.bringToFront()
    }
    for (const name of ['mouseenter', 'focusin']) row.addEventListener(name, mark(true))
    for (const name of ['mouseleave', 'focusout']) row.addEventListener(name, mark(false))
    drawn.on('mouseover', mark(true)).on('mouseout', mark(false))
    drawn.on('click', () => row.scrollIntoView({ block: 'nearest' }))
  }
}
