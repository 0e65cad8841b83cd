// <div data-rows="subjects"> with a <template> of one row, [data-rows-list] and a button [data-add-row]: another row without
// leaving the page. `__prefix__` in the template becomes the row's number, and the formset's own counter counts it.
import { attachWithin } from './attach.js'
import { element } from './say.js'

/** Before anything is put back, so that there are rows to put it into. */
export const start = () => document.querySelectorAll('[data-rows]').forEach(attach)

function attach(box) {
  const list = box.querySelector('[data-rows-list]')
  const button = box.querySelector('[data-add-row]')
  const counter = (name) => button.form.elements.namedItem(`${box.dataset.rows}-${name}`)
  const total = counter('TOTAL_FORMS')
  let shown = Number(total.value)

  function add() {
    const row = element('div')
    row.innerHTML = box.querySelector('template').innerHTML.replaceAll('__prefix__', shown)
    list.append(row)
    shown += 1
    total.value = String(shown)
    button.hidden = shown >= Number(counter('MAX_NUM_FORMS').value)
    attachWithin(row)
    return row
  }

  button.addEventListener('click', (event) => {
    event.preventDefault()
    add().querySelector('input:not([type=hidden]), select, textarea').focus()
  })

  // Putting back what was typed brings its rows back too, in time for their own words to be put back after them.
  total.addEventListener('input', () => {
    const wanted = Math.min(Number(total.value), Number(counter('MAX_NUM_FORMS').value))
    while (shown < wanted) add()
    total.value = String(shown)
  })
}
