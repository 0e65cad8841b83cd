// <div data-map data-map-lat="id_latitude" data-map-lon="id_longitude">: fetches Leaflet only where a page has a map, and
// inside <details> only once that is opened: a map cannot measure itself while it is hidden.
export const selector = '[data-map]'

export function attach(element) {
  const draw = () => import('./map_picker.js').then(({ picker }) => picker(element))
  const closed = element.closest('details:not([open])')
  return closed ? closed.addEventListener('toggle', draw, { once: true }) : draw()
}
