// <div data-hotspots="URL" hidden>: a map of what the list beside it says. Leaflet is fetched only where there is one.
export const selector = '[data-hotspots]'

export function attach(box) {
  import('./hotspot_map.js').then(({ draw }) => draw(box))
}
