// <form data-autosave="/where/drafts/go/">: posts the form as it is typed, and says "Saved 09:42".
// The answer is JSON: {"saved": "09:42"}; any other string in it is put into the field of that name (a draft's number).
// With {"told": "…"} something was not saved: the words are shown, and a copy is kept in this tab until all of it is.
// Other scripts hear of each answer by the event "autosaved" on the form.
import { SignedOut, send } from './http.js'
import { forget, keep } from './keep.js'
import { element, say } from './say.js'

export const selector = 'form[data-autosave]'

const PAUSE = 1200
const LONGEST = 8000
const RETRIES = [5000, 15000, 30000, 60000]

const now = () => new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })

export function attach(form) {
  const status = form.querySelector('[data-autosave-status]') ?? form.insertBefore(element('p', { class: 'app-status-line' }), form.firstChild)
  let timer, since, request, changed, sending
  let failures = 0
  let lastSaved = ''

  function show(words, aloud, ...more) {
    status.replaceChildren(words, ...more)
    if (aloud) say(words)
  }

  function later(delay) {
    clearTimeout(timer)
    timer = setTimeout(save, delay)
  }

  function payload() {
    const data = new FormData(form)
    for (const [name, value] of [...data]) if (typeof value !== 'string') data.delete(name)
    return data
  }

  function saved(answer) {
    for (const [name, value] of Object.entries(answer)) {
      const field = form.elements.namedItem(name)
      if (name !== 'saved' && typeof value === 'string' && field?.type === 'hidden') field.value = value
    }
    const first = !lastSaved || failures > 0
    failures = 0
    form.dispatchEvent(new CustomEvent('autosaved', { detail: answer }))
    if (answer.told) {
      keep(form, 'unsaved')
      return show(answer.told, true)
    }
    lastSaved = answer.saved || now()
    forget(form)
    show(`Saved ${lastSaved}`, first)
  }

  function failed(error) {
    const first = failures === 0
    changed = true
    if (error instanceof SignedOut) {
      keep(form, 'lost')
      const link = element('a', { class: 'govuk-link', href: location.href }, 'Sign in again')
      show('You have been signed out. What you typed is kept in this tab. ', first, link)
    } else {
      keep(form, 'unsaved')
      show(lastSaved ? `Not saved since ${lastSaved}. Trying again.` : 'Not saved yet. Trying again.', first)
      later(RETRIES[Math.min(failures, RETRIES.length - 1)])
    }
    failures += 1
  }

  async function save() {
    clearTimeout(timer)
    if (request || sending) return
    changed = false
    since = undefined
    request = new AbortController()
    try {
      const answer = await send(form.dataset.autosave, { method: 'POST', body: payload(), signal: request.signal, keepalive: document.hidden })
      saved(await answer.json().catch(() => ({})))
    } catch (error) {
      if (!sending) failed(error)
    }
    request = undefined
    if (changed && !failures) later(PAUSE)
  }

  function typed() {
    changed = true
    since ??= Date.now()
    if (failures === 0) later(Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())))
  }

  form.addEventListener('input', typed)
  form.addEventListener('change', typed)
  form.addEventListener('submit', () => {
    sending = true
    clearTimeout(timer)
    request?.abort()
  })
  addEventListener('pageshow', (event) => event.persisted && (sending = false))
  document.addEventListener('visibilitychange', () => document.hidden && changed && save())
}
