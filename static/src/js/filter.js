// <details class="app-filter" open>: on a phone the list comes first, so the filter starts closed.
export const selector = 'details.app-filter'

export function attach(filter) {
  if (matchMedia('(max-width: 48em)').matches && !filter.querySelector('.govuk-error-message')) filter.open = false
}
