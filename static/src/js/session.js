// <div data-session="/state/" data-session-changes="12" data-session-status="in_session">: asks every few seconds whether the
// meeting has moved on. The answer is {"changes": 13, "status": …} and, where something has changed, {"parts": {id: html}}, cut to
// what this reader may see. Parts in which somebody types stay as they are.
import { attachWithin } from './attach.js'
import { SignedOut, send } from './http.js'
import { element, say } from './say.js'
import { isDirty } from './session_note.js'

export const selector = '[data-session]'

const PAUSE = 2500
const HIDDEN = 15000

export function attach(page) {
  const line = page.querySelector('[data-session-connection]')
  let seen = page.dataset.sessionChanges
  const status = page.dataset.sessionStatus
  const last = new Map()
  let away = false

  function tell(words, ...more) {
    if (!line) return
    line.hidden = !words
    line.replaceChildren(words, ...more)
    if (words) say(words)
  }

  function swap(id, html) {
    const old = document.getElementById(id)
    if (!old || last.get(id) === html) return
    if (id === 'session-note' && (isDirty(old) || old.contains(document.activeElement))) return
    last.set(id, html)
    const fresh = new DOMParser().parseFromString(html, 'text/html').getElementById(id)
    for (const details of old.querySelectorAll('details[open][id]')) {
      fresh.querySelector(`#${CSS.escape(details.id)}`)?.setAttribute('open', '')
    }
    const focused = old.contains(document.activeElement) && document.activeElement
    const place = focused && [...old.querySelectorAll('a, button, summary')].indexOf(focused)
    old.replaceWith(fresh)
    attachWithin(fresh.parentElement)
    if (focused) [...fresh.querySelectorAll('a, button, summary')][place]?.focus({ preventScroll: true })
  }

  const title = () => page.querySelector('#session-item h2')?.textContent.trim()

  function changed(answer) {
    if (answer.status !== status) {
      if (!page.querySelector('#session-item')) return location.assign(new URL('..', new URL(page.dataset.session, location.href)))
      const link = element('a', { class: 'govuk-link', href: location.pathname }, 'Open this page again')
      tell('The meeting is no longer in session. ', link)
      if (!answer.parts) return
    }
    const before = title()
    for (const [id, html] of Object.entries(answer.parts ?? {})) swap(id, html)
    if (title() !== before) say(`Now: ${title()}`)
    seen = String(answer.changes)
  }

  async function look() {
    try {
      const url = new URL(page.dataset.session, location.href)
      url.searchParams.set('seen', seen)
      const answer = await (await send(url, { background: true })).json()
      if (away) tell('')
      away = false
      if (String(answer.changes) !== seen || answer.status !== status) {
        if (answer.status !== status && String(answer.changes) === seen) return
        changed(answer)
      }
    } catch (error) {
      if (error instanceof SignedOut) {
        const link = element('a', { class: 'govuk-link', href: location.href }, 'Sign in again')
        return tell('You have been signed out. This page does not follow the meeting any more. ', link)
      }
      if (!away) tell('No connection. This page follows the meeting again when it is back.')
      away = true
    }
    setTimeout(look, document.hidden ? HIDDEN : PAUSE)
  }

  setTimeout(look, PAUSE)
}
