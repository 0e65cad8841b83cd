// <div data-map data-map-lat="id_latitude" data-map-lon="id_longitude">: fetches Leaflet only where a page has a map.
export const selector = '[data-map]'

export const attach = (element) => import('./map_picker.js').then(({ picker }) => picker(element))
