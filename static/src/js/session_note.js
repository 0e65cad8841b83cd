// <form data-session-note="SV-I-26-000012" action="/save/">: what is written of an item at a meeting. It is kept on this computer with
// every key, posted every few seconds, and forgotten here only when the answer says that it is saved. Nothing of somebody else's is
// overwritten: where two people wrote in one box, both texts are shown and the person chooses.
import { SignedOut, send } from './http.js'
import { element, say } from './say.js'

export const selector = 'form[data-session-note]'

const PREFIX = 'meeting-note:'
const PAUSE = 1200
const LONGEST = 5000
const RETRIES = [2000, 5000, 10000, 15000]
const KEPT_FOR = 3 * 24 * 60 * 60 * 1000
const SECRET = 'csrfmiddlewaretoken'

const user = () => document.body.dataset.userKey
const all = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))
const clock = (at) => new Date(at).toLocaleTimeString('en-GB', { hour: 'numeric', minute: '2-digit', hour12: true }).replace(' ', '')

/** Words leave this computer when somebody signs out by themselves, and when they are old. */
export function start() {
  for (const key of all()) {
    if (Date.now() - (JSON.parse(localStorage.getItem(key)).at ?? 0) > KEPT_FOR) localStorage.removeItem(key)
  }
  document.addEventListener('submit', ({ target }) => {
    if ('forget' in target.dataset) all().forEach((key) => localStorage.removeItem(key))
  })
}

const dirty = new WeakSet()

export const isDirty = (part) => [...part.querySelectorAll(selector)].some((form) => dirty.has(form))

const read = (form) => [...new FormData(form)].filter(([name, value]) => name !== SECRET && typeof value === 'string')
const typedOnly = (entries) => JSON.stringify(entries.filter(([name]) => name !== 'seen'))

function write(form, entries) {
  for (const control of form.elements) {
    if (!control.name || control.name === SECRET || control.type === 'submit') continue
    const values = entries.filter(([name]) => name === control.name).map(([, value]) => value)
    if (['checkbox', 'radio'].includes(control.type)) control.checked = values.includes(control.value)
    else if (values.length) control.value = values[0]
  }
  dispatchEvent(new Event('pageshow')) // GOV.UK radios open what hangs on them
}

export function attach(form) {
  const key = `${PREFIX}${user()}:${form.dataset.sessionNote}`
  const status = form.querySelector('[data-note-status]')
  const clashes = form.querySelector('[data-note-clash]')
  let timer, since, request
  let failures = 0
  let typed = 0
  let chosen = true
  let passing = false

  function show(words, aloud, ...more) {
    status.replaceChildren(words, ...more)
    if (aloud) say(words)
  }

  function keep() {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), entries: read(form) }))
    } catch {
      // The browser gives no room: the page itself still holds the words.
    }
  }

  function later(delay) {
    clearTimeout(timer)
    timer = setTimeout(save, delay)
  }

  function saved(answer, upTo) {
    failures = 0
    form.elements.namedItem('seen').value = answer.seen
    if (upTo === typed) {
      for (const [name, value] of Object.entries(answer.fields)) {
        const field = form.elements.namedItem(name)
        if (field.value.trim() !== value.trim()) field.value = value // a box that only the other person changed
      }
      if (!answer.problems.length) {
        localStorage.removeItem(key)
        dirty.delete(form)
      }
    } else keep() // what came after it, with what it was typed over
    show([`Saved ${answer.saved}.`, ...answer.problems.map((words) => `Not yet: ${words}.`)].join(' '), answer.problems.length > 0)
    return answer.problems.length === 0
  }

  function failed(error) {
    const first = failures === 0
    if (error instanceof SignedOut) {
      const link = element('a', { class: 'govuk-link', href: location.href }, 'Sign in again')
      show('You have been signed out. Your words are kept on this computer and come back when you have signed in. ', first, link)
    } else {
      show('No connection. Your words are kept on this computer and are sent when it is back.', first)
      later(RETRIES[Math.min(failures, RETRIES.length - 1)])
    }
    failures += 1
    return false
  }

  const choice = (label, act) => element('button', { type: 'button', class: 'govuk-button govuk-button--secondary', click: act }, label)

  function decide(entries) {
    if (entries) write(form, entries)
    clashes.replaceChildren()
    chosen = true
    keep()
    save()
  }

  function both(answer) {
    const texts = answer.clash.filter((each) => form.elements.namedItem(each.field)?.tagName === 'TEXTAREA')
    const joined = () =>
      read(form).map(([name, value]) => {
        const other = texts.find((each) => each.field === name)
        return [name, other ? `${other.theirs}\n\n${value}` : value]
      })
    chosen = false
    form.elements.namedItem('seen').value = answer.seen
    const list = element('dl')
    for (const each of answer.clash) {
      for (const [words, text] of [['as they saved it', each.theirs], ['as you typed it', each.mine]]) {
        list.append(element('dt', {}, element('strong', {}, `${each.label}, ${words}`)), element('dd', { class: 'app-typed' }, text))
      }
    }
    const buttons = element('div', { class: 'govuk-button-group' })
    if (texts.length) buttons.append(choice('Put both together', () => decide(joined())))
    buttons.append(choice('Save mine in its place', () => decide(null)), choice('Keep theirs', keepTheirs))
    const words = 'Somebody else wrote here while you were writing'
    const body = element('div', { class: 'govuk-error-summary__body' }, element('p', {}, 'Nothing is overwritten. Read both, then choose.'), list, buttons)
    clashes.replaceChildren(element('div', { class: 'govuk-error-summary', role: 'alert' }, element('h2', { class: 'govuk-error-summary__title' }, words), body))
    show('Not saved yet. Choose above.', false)
    return false
  }

  function keepTheirs() {
    localStorage.removeItem(key)
    dirty.delete(form)
    location.reload()
  }

  async function save() {
    clearTimeout(timer)
    if (!chosen) return false
    if (request) await request.catch(() => {})
    const upTo = typed
    since = undefined
    const body = new FormData(form)
    request = send(form.action, { method: 'POST', body, keepalive: document.hidden }).then((answer) => answer.json())
    try {
      const answer = await request
      if (answer.clash) return both(answer)
      if (answer.saved) return saved(answer, upTo)
      show(answer.problems.join(' '), true)
    } catch (error) {
      return failed(error)
    } finally {
      request = undefined
      if (typed !== upTo && !failures) later(PAUSE)
    }
    return false
  }

  function changed() {
    dirty.add(form)
    typed += 1
    keep()
    since ??= Date.now()
    if (failures === 0) later(Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())))
  }

  /** The words are saved before the page goes, so that a lost connection keeps the page with them. */
  async function leave(event) {
    if (passing || !dirty.has(form)) return
    event.preventDefault()
    const button = event.submitter
    if (!(await save())) return
    passing = true
    form.requestSubmit(button)
  }

  function offerBack() {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null')
    if (!kept) return
    if (typedOnly(kept.entries) === typedOnly(read(form))) return localStorage.removeItem(key)
    write(form, kept.entries) // with what its writer had seen, so that words of others are not overwritten
    dirty.add(form)
    form.closest('details')?.setAttribute('open', '')
    show(`What you typed at ${clock(kept.at)} was kept on this computer. It is back in the boxes and is being saved.`, true)
    later(PAUSE)
  }

  form.addEventListener('input', changed)
  form.addEventListener('change', changed)
  form.addEventListener('submit', leave)
  addEventListener('pageshow', ({ persisted }) => persisted && (passing = false))
  addEventListener('online', () => form.isConnected && failures && save())
  document.addEventListener('visibilitychange', () => document.hidden && form.isConnected && dirty.has(form) && save())
  offerBack()
}
