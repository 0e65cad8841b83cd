// <form data-arrange> with lists [data-arrange-list] of items [data-arrange-item="title"]: an item is dragged by its handle
// or moved by the arrow keys on it, and what changed is saved at once. Without scripts the form's own buttons do the same.
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
  form.querySelectorAll('[data-arrange-step]').forEach((button) => (button.hidden = true))
  form.addEventListener('change', () => save(form, times, 'Times saved'))
  form.addEventListener('arranged', ({ detail }) => save(form, times, `${detail} moved`))
}

function byKey(form, event) {
  const row = event.target.closest('[data-arrange-item]')
  const other = { ArrowUp: next(row, -1), ArrowDown: next(row, 1) }[event.key]
  if (!['ArrowUp', 'ArrowDown'].includes(event.key)) return
  event.preventDefault()
  if (!other) return
  if (event.key === 'ArrowUp') other.before(row)
  else other.after(row)
  event.target.closest('[data-arrange-handle]').focus()
  arranged(form, row)
}

function next(row, step) {
  const rows = movable(row.parentElement)
  return rows[rows.indexOf(row) + step]
}

const movable = (list) => [...list.querySelectorAll(':scope > [data-arrange-item]')]

const arranged = (form, row) => form.dispatchEvent(new CustomEvent('arranged', { detail: row.dataset.arrangeItem }))

function byPointer(form, event) {
  if (event.button !== 0) return
  const handle = event.currentTarget
  const row = handle.closest('[data-arrange-item]')
  const before = movable(row.parentElement)
  event.preventDefault()
  handle.focus()
  handle.setPointerCapture(event.pointerId)
  row.classList.add('app-agenda__line--held')

  const move = ({ clientY }) => {
    const over = movable(row.parentElement).find((each) => each !== row && within(each, clientY))
    if (!over) return
    const box = over.getBoundingClientRect()
    if (clientY < box.top + box.height / 2) over.before(row)
    else over.after(row)
  }
  const drop = () => {
    handle.removeEventListener('pointermove', move)
    row.classList.remove('app-agenda__line--held')
    if (movable(row.parentElement).some((each, place) => each !== before[place])) arranged(form, row)
  }
  handle.addEventListener('pointermove', move)
  handle.addEventListener('lostpointercapture', drop, { once: true })
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
