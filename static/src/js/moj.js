// MoJ's alert and button menu. The menu makes every button in it inert; those that send a form keep doing so.
import { Alert, ButtonMenu } from '@ministryofjustice/frontend'

export const selector = '[data-module=moj-alert], [data-module=moj-button-menu]'

export function attach(element) {
  if (element.dataset.module === 'moj-alert') return new Alert(element)
  const senders = element.querySelectorAll('button[type=submit]')
  new ButtonMenu(element)
  senders.forEach((button) => button.setAttribute('type', 'submit'))
}
