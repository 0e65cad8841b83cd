// MoJ's alert.
import { Alert } from '@ministryofjustice/frontend'

export const selector = '[data-module=moj-alert]'

export function attach(element) {
  return new Alert(element)
}
