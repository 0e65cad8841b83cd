// Lists: j and k walk along [data-list-keys], Enter opens, ? helps. Record pages: j and k follow links rel="next" and "prev".
// A page's own keys: <… data-key="n" data-key-words="next item"> is pressed, or focused where one types in it; they are listed in
// [data-keys-hint].
// Letters alone are only taken outside of fields, and can be turned off (WCAG 2.1.4).
import { element } from './say.js'

const OFF = 'keys-off'
const off = () => localStorage.getItem(OFF) === '1'

const list = () => document.querySelector('[data-list-keys]')
const stops = () => [...list().querySelectorAll('[data-row-link]')].filter((link) => link.offsetParent)

function step(by) {
  if (!list()) return document.querySelector(`main a[rel=${by > 0 ? 'next' : 'prev'}]`)?.click()
  const links = stops()
  const row = links.findIndex((link) => (link.closest('[data-row]') ?? link).contains(document.activeElement))
  const next = row < 0 ? (by > 0 ? 0 : links.length - 1) : row + by
  links[Math.min(Math.max(next, 0), links.length - 1)]?.focus()
}

const key = (letter) => element('kbd', {}, letter)

const own = () => [...document.querySelectorAll('main [data-key]')]
const walks = () => list() || document.querySelector('main a[rel=next], main a[rel=prev]')

function use(control) {
  for (let part = control.closest('details:not([open])'); part; part = part.closest('details:not([open])')) part.open = true
  if (control.matches('textarea, input, select')) control.focus()
  else control.click()
}

const WALKING = [
  ['j', 'next'],
  ['k', 'previous'],
  ['Enter', 'open']
]
const lines = () => [
  ...(walks() ? WALKING : []),
  ...own().map((each) => [each.dataset.key, each.dataset.keyWords]),
  ['?', 'this help']
]

function help() {
  const label = () => (off() ? 'Turn these keys on' : 'Turn these keys off')
  const turn = element('button', { type: 'button', class: 'govuk-button govuk-button--secondary' }, label())
  const close = element('button', { type: 'button', class: 'govuk-button' }, 'Close')
  const box = element(
    'dialog',
    { class: 'app-dialog', 'aria-labelledby': 'keys-title' },
    element('h2', { class: 'govuk-heading-m', id: 'keys-title' }, 'Keys on this page'),
    element('ul', { class: 'govuk-list' }, ...lines().map(([letter, words]) => element('li', {}, key(letter), ` ${words}`))),
    element('div', { class: 'govuk-button-group' }, close, turn)
  )
  turn.addEventListener('click', () => {
    localStorage.setItem(OFF, off() ? '0' : '1')
    turn.textContent = label()
  })
  close.addEventListener('click', () => box.close())
  box.addEventListener('close', () => box.remove())
  document.body.append(box)
  box.showModal()
}

function hint() {
  const words = element('p', { class: 'app-keys' }, 'Keys: ', key('j'), ' next ', key('k'), ' previous ', key('Enter'), ' open ')
  words.append(element('button', { type: 'button', class: 'app-link-button', click: help }, 'Help with keys'))
  list().before(words)
}

function ownHint(place) {
  const words = element('p', { class: 'app-keys' }, 'Keys, while you are not typing: ')
  for (const each of own()) words.append(key(each.dataset.key), ` ${each.dataset.keyWords} `)
  words.append(element('button', { type: 'button', class: 'app-link-button', click: help }, 'Help with keys'))
  place.replaceChildren(words)
}

export function start() {
  if (list()) hint()
  const place = document.querySelector('[data-keys-hint]')
  if (place) ownHint(place)
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (event.target.closest('input, select, textarea, [contenteditable], dialog')) return
    const pressed = own().find((each) => each.dataset.key === event.key)
    if (!walks() && !own().length) return
    if (event.key === '?') help()
    else if (off() || event.shiftKey) return
    else if (pressed) use(pressed)
    else if (event.key === 'j') step(1)
    else if (event.key === 'k') step(-1)
    else return
    event.preventDefault()
  })
}
