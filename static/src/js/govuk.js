// The parts of GOV.UK Frontend that are used here, one by one.
import * as parts from './govuk_parts.js'

export const selector = '[data-module^=govuk-]'

const byName = new Map(Object.values(parts).map((Part) => [Part.moduleName, Part]))

export function attach(element) {
  const Part = byName.get(element.dataset.module)
  if (Part) new Part(element)
}
