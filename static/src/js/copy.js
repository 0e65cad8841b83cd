// <button data-copy="SV-R-26-000123" hidden>Copy</button>: shown only where it works.
import { say } from './say.js'

export const selector = 'button[data-copy]'

export function attach(button) {
  if (!navigator.clipboard) return
  const label = button.textContent
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy)
    button.textContent = 'Copied'
    say(`${button.dataset.copy} copied`)
    setTimeout(() => (button.textContent = label), 2000)
  })
}
