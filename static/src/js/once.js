// A form is sent once, however often its button is pressed. <form data-again> is let be (a download, for one).
import { isPost } from './http.js'

const RELEASE = 15000

export function start({ beforeSend = () => {} } = {}) {
  const sending = new Map()

  function release(form) {
    sending.get(form)?.removeAttribute('aria-disabled')
    sending.delete(form)
  }

  document.addEventListener('submit', (event) => {
    const form = event.target
    if (event.defaultPrevented || !isPost(form) || 'again' in form.dataset) return
    if (sending.has(form)) return event.preventDefault()
    const button = event.submitter ?? form.querySelector('button[type=submit], button:not([type])')
    button?.setAttribute('aria-disabled', 'true')
    sending.set(form, button)
    beforeSend(form)
    setTimeout(() => release(form), RELEASE)
  })
  addEventListener('pageshow', (event) => event.persisted && [...sending.keys()].forEach(release))
}
