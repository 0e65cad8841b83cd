// <form data-arrange> with lists [data-arrange-list] of items [data-arrange-item="title"]: an item is dragged by its handle,
// moved by the arrow keys on it, or by its buttons [data-arrange-step], and what changed is saved at once. Without scripts those
// buttons send the form.
import { SignedOut, send } from './http.js'
import { say } from './say.js'

export const selector = 'form[data-arrange]'

export function attach(form) {
  const times = form.querySelector('[data-arrange-times]')
  form.querySelectorAll('[data-arrange-handle]').forEach((handle) => {
    handle.hidden = false
    handle.addEventListener('keydown', (event) => byKey(form, event))
    handle.addEventListener('pointerdown', (event) => byPointer(form, event))
  })
  form.addEventListener('click', (event) => byButton(form, event))
  form.addEventListener('change', () => save(form, times, 'Times saved'))
  form.addEventListener('arranged', ({ detail }) => save(form, times, `${detail} moved`))
}

function byKey(form, event) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
  if (!step) return
  event.preventDefault()
  shift(form, event.target, step)
}

function byButton(form, event) {
  const button = event.target.closest('[data-arrange-step]')
  if (!button) return
  event.preventDefault()
  shift(form, button, Number(button.dataset.arrangeStep))
}

/** Moves the row of a control, which keeps the focus; at an end of the list the row's handle takes it. */
function shift(form, control, step) {
  const row = control.closest('[data-arrange-item]')
  const other = next(row, step)
  if (!other) return
  if (step < 0) other.before(row)
  else other.after(row)
  arranged(form, row)
  if (control.hidden) row.querySelector('[data-arrange-handle]').focus()
  else control.focus()
}

function next(row, step) {
  const rows = movable(row.parentElement)
  return rows[rows.indexOf(row) + step]
}

const movable = (list) => [...list.querySelectorAll(':scope > [data-arrange-item]')]

function arranged(form, row) {
  const rows = movable(row.parentElement)
  rows.forEach((each, place) => {
    each.querySelector('[data-arrange-step="-1"]').hidden = place === 0
    each.querySelector('[data-arrange-step="1"]').hidden = place === rows.length - 1
  })
  form.dispatchEvent(new CustomEvent('arranged', { detail: row.dataset.arrangeItem }))
}

function byPointer(form, event) {
  if (event.button !== 0) return
  const handle = event.currentTarget
  const row = handle.closest('[data-arrange-item]')
  const before = movable(row.parentElement)
  const listening = new AbortController()
  event.preventDefault()
  handle.focus()
  row.classList.add('app-agenda__line--held')

  const move = ({ clientY }) => {
    const over = movable(row.parentElement).find((each) => each !== row && within(each, clientY))
    if (!over) return
    const box = over.getBoundingClientRect()
    if (clientY < box.top + box.height / 2) over.before(row)
    else over.after(row)
  }
  const drop = () => {
    listening.abort()
    row.classList.remove('app-agenda__line--held')
    if (movable(row.parentElement).some((each, place) => each !== before[place])) arranged(form, row)
  }
  // On the document: an element that is put elsewhere in the page loses a pointer that it had captured.
  document.addEventListener('pointermove', move, { signal: listening.signal })
  for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, drop, { signal: listening.signal })
}

function within(row, y) {
  const { top, bottom } = row.getBoundingClientRect()
  return y >= top && y <= bottom
}

/** One request at a time; what changes meanwhile goes with the next. */
function save(form, times, words) {
  form.waiting = words
  form.saving ??= send_on(form, times).finally(() => (form.saving = undefined))
}

async function send_on(form, times) {
  while (form.waiting) {
    const words = form.waiting
    form.waiting = ''
    try {
      const answer = await (await send(form.action, { method: 'POST', body: new FormData(form) })).json()
      if (answer.problem) return say(`Not saved. ${answer.problem}`)
      times.textContent = answer.times
      for (const [reference, number] of Object.entries(answer.numbers)) renumber(form, reference, number)
      say(`${words}. ${answer.times}`)
    } catch (error) {
      const why = error instanceof SignedOut ? 'you were signed out' : 'there is no connection'
      times.textContent = `Not saved: ${why}. Press “Save order and times” when you are back`
      say(times.textContent)
    }
  }
}

function renumber(form, reference, number) {
  const shown = form.querySelector(`[data-arrange-number="${reference}"]`)
  if (shown) shown.textContent = String(number)
}
