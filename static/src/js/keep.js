// Keeps what was typed when a session ends or a save fails, in this tab only, and only for the person who typed it.
// The state of what is kept: "sent" is on its way, "unsaved" could not be saved and is offered back, "lost" did not arrive
// (the answer was the sign-in page or an error page) and is put back when the form is opened again.
import { isPost } from './http.js'
import { element, offer } from './say.js'

/** Marks the events of what is put back, so that nobody takes them for typing. */
export const PUT_BACK = 'put-back'

const PREFIX = 'kept:'
const LONGEST = 12 * 60 * 60 * 1000
const user = () => document.body.dataset.userKey
const here = () => location.pathname

const isKept = (form) =>
  isPost(form) && !('noKeep' in form.dataset) && form.closest('main') && !form.querySelector('input[type=password]')

function keyOf(form) {
  const name = form.dataset.keep || form.id || `form-${[...document.forms].filter(isKept).indexOf(form)}`
  return `${PREFIX}${here()}#${name}`
}

/** Everything a person typed or chose, and what scripts filled in for them; never files, never the token. */
const read = (form) =>
  [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && name !== 'csrfmiddlewaretoken')

function write(form, entries) {
  const left = new Map()
  for (const [name, value] of entries) left.set(name, [...(left.get(name) ?? []), value])
  for (const control of form.elements) {
    if (!control.name || ['submit', 'button', 'file', 'fieldset'].includes(control.type)) continue
    if (control.name === 'csrfmiddlewaretoken') continue
    const values = left.get(control.name) ?? []
    if (control.type === 'checkbox' || control.type === 'radio') control.checked = values.includes(control.value)
    else if (control.type === 'select-multiple') {
      for (const option of control.options) option.selected = values.includes(option.value)
    } else if (values.length) control.value = values.shift()
    for (const event of ['input', 'change']) control.dispatchEvent(new CustomEvent(event, { bubbles: true, detail: PUT_BACK }))
  }
  // GOV.UK radios open and close what hangs on them only on a click or when a page comes back.
  window.dispatchEvent(new Event('pageshow'))
}

const records = () =>
  Object.keys(sessionStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => [key, JSON.parse(sessionStorage.getItem(key))])

const touched = new Set()

export function keep(form, state) {
  if (!user() || !touched.has(form)) return
  const record = { user: user(), path: here() + location.search, at: Date.now(), state, entries: read(form) }
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify(record))
  } catch {
    // The browser gives no room: nothing more can be done here, and the page itself still holds the words.
  }
}

export const keepAll = (state) => touched.forEach((form) => keep(form, state))
export const forget = (form) => sessionStorage.removeItem(keyOf(form))
export const forgetAll = () => records().forEach(([key]) => sessionStorage.removeItem(key))

const time = (at) => new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })

function putBack(form, record) {
  const before = read(form)
  write(form, record.entries)
  return before
}

function handOver(form, record) {
  forget(form)
  if (JSON.stringify(read(form)) === JSON.stringify(record.entries)) return
  if (record.state === 'lost') {
    const before = putBack(form, record)
    offer(`What you typed at ${time(record.at)} did not reach us. It is back in the form: check it and send it again.`, [
      ['Keep it', () => {}],
      ['Throw it away', () => write(form, before)]
    ])
  } else {
    offer(`What you typed at ${time(record.at)} could not be saved then. A copy is kept in this tab.`, [
      ['Put it back', () => putBack(form, record)],
      ['Throw it away', () => {}]
    ])
  }
}

function lookAfter() {
  for (const [key, record] of records()) {
    // Sign-in and error pages name no person: whatever was on its way when one of them came did not arrive.
    if (!user()) sessionStorage.setItem(key, JSON.stringify({ ...record, state: 'lost' }))
    else if (record.user !== user() || record.state === 'sent' || Date.now() - record.at > LONGEST) {
      sessionStorage.removeItem(key)
    }
  }
}

function pointBack() {
  const other = records().find(([key, record]) => record.state === 'lost' && !key.startsWith(`${PREFIX}${here()}#`))
  if (!other) return
  const box = offer(`What you typed at ${time(other[1].at)} on another page did not reach us. It is kept in this tab.`, [
    ['Throw it away', () => sessionStorage.removeItem(other[0])]
  ])
  box.querySelector('.app-offer__choices').prepend(element('a', { class: 'govuk-link', href: other[1].path }, 'Go back to it'))
}

export function start() {
  lookAfter()
  for (const form of [...document.forms].filter(isKept)) {
    if (form.querySelector('.govuk-error-message')) touched.add(form)
  }
  document.addEventListener('input', ({ target }) => target.form && isKept(target.form) && touched.add(target.form))
  document.addEventListener('submit', ({ target }) => 'forget' in target.dataset && forgetAll())
  if (!user()) return
  const kept = new Map(records())
  for (const form of [...document.forms].filter(isKept)) {
    const record = kept.get(keyOf(form))
    if (record) handOver(form, record)
  }
  pointBack()
}
