// <body data-idle-seconds="1800" data-idle-url="/stay/">: two minutes before the session ends, asks; then keeps what was typed,
// ends the session and shows the sign-in page, so that nobody reads a screen that was left.
import { SignedOut, onContact, send } from './http.js'
import { keepAll } from './keep.js'
import { element, say } from './say.js'

const PING = 15000
const LAST = 'last-contact' // shared by all tabs, as the session is

export function start() {
  const { idleSeconds, idleUrl, idleWarn = 120 } = document.body.dataset
  if (!idleSeconds || !idleUrl) return
  const longest = Number(idleSeconds) * 1000
  const warning = Math.min(Number(idleWarn) * 1000, longest / 2)
  const last = () => Number(localStorage.getItem(LAST)) || Date.now()
  const left = () => last() + longest - Date.now()
  const contact = () => localStorage.setItem(LAST, String(Date.now()))
  const stay = () => send(idleUrl, { method: 'POST' }).catch((error) => error instanceof SignedOut && end())
  let ending = false
  let told
  let pinged = 0

  const words = element('p', { class: 'govuk-body' })
  const box = element(
    'dialog',
    { class: 'app-dialog', 'aria-labelledby': 'idle-title', close: () => !ending && left() <= warning && stay() },
    element('h2', { class: 'govuk-heading-m', id: 'idle-title' }, 'Are you still there?'),
    words,
    element(
      'div',
      { class: 'govuk-button-group' },
      element('button', { type: 'button', class: 'govuk-button', click: () => box.close() }, 'Stay signed in'),
      element('button', { type: 'button', class: 'app-link-button govuk-link', click: () => end() }, 'Sign out')
    )
  )

  async function end() {
    if (ending) return
    ending = true
    keepAll('lost')
    const signOut = document.querySelector('form[data-forget]')
    if (signOut) await send(signOut.action, { method: 'POST' }).catch(() => {})
    location.assign(location.pathname + location.search)
  }

  function tick() {
    if (ending) return
    if (left() > warning) return box.open && box.close()
    if (left() <= 0) return end()
    const minutes = Math.ceil(left() / 60000)
    words.textContent = `You will be signed out in ${minutes === 1 ? '1 minute' : `${minutes} minutes`}, because nothing has happened here for a while. What you typed is kept.`
    if (!box.open) {
      document.body.append(box)
      box.showModal()
    } else if (minutes !== told) say(words.textContent)
    told = minutes
  }

  // Typing is being there, though the server hears nothing of it.
  function active({ target }) {
    if (box.contains(target) || box.open || ending || left() > longest * 0.75 || Date.now() - pinged < PING) return
    pinged = Date.now()
    stay()
  }

  contact()
  onContact(contact)
  document.addEventListener('input', active)
  document.addEventListener('click', active)
  setInterval(tick, 1000)
}
