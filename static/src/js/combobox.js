// <input data-combobox="/url/" data-combobox-into="person">: offers what is known while typing, by the ARIA combobox pattern.
// Posts `q` and gets {"results": [{"value": "12", "label": "Ann Brown", "hint": "4 Mill Road", "fill": {"town": "Didcot"}}]}.
// Choosing one puts `label` into the box, `value` into the field named by data-combobox-into, each `fill` into its field if
// nothing was typed there, and each `replace` into its field whatever was. data-combobox-prefix goes before every name, for
// rows of a form. data-combobox-hold: typing on corrects what was chosen and does not undo it.
import { send } from './http.js'
import { PUT_BACK } from './keep.js'
import { element, say } from './say.js'
import { put, takeIn } from './take_in.js'

export const selector = 'input[data-combobox]'

const PAUSE = 250
let count = 0

export function attach(input) {
  const { combobox: url, comboboxPrefix: prefix = '', comboboxMin: least = 2 } = input.dataset
  const into = input.dataset.comboboxInto && prefix + input.dataset.comboboxInto
  const id = `combobox-${(count += 1)}`
  const list = element('ul', { role: 'listbox', id, class: 'app-combobox__list', hidden: true, 'aria-label': 'Suggestions' })
  const wrapper = element('div', { class: 'app-combobox' })
  const ours = { role: 'combobox', autocomplete: 'off', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': id }
  let results = []
  let at = -1
  let filled = []
  let timer, request

  const focused = document.activeElement === input
  input.before(wrapper)
  wrapper.append(input, list)
  if (focused) input.focus()
  for (const [name, value] of Object.entries(ours)) input.setAttribute(name, value)

  const field = (name) => input.form?.elements.namedItem(name)

  const set = (name, value) => put(field(name), value)

  function close() {
    list.hidden = true
    at = -1
    input.setAttribute('aria-expanded', 'false')
    input.removeAttribute('aria-activedescendant')
  }

  function mark(index) {
    at = (index + results.length) % results.length
    ;[...list.children].forEach((option, n) => option.setAttribute('aria-selected', String(n === at)))
    list.children[at].scrollIntoView({ block: 'nearest' })
    input.setAttribute('aria-activedescendant', `${id}-${at}`)
  }

  function choose(index) {
    const chosen = results[index]
    close()
    input.value = chosen.label
    input.dispatchEvent(new Event('change', { bubbles: true }))
    set(into, chosen.value)
    filled = takeIn(input.form, chosen, prefix)
    say(`${chosen.label} chosen`)
  }

  function show() {
    list.replaceChildren(
      ...results.map(({ label, hint }, n) =>
        element(
          'li',
          { role: 'option', id: `${id}-${n}`, class: 'app-combobox__option', 'aria-selected': 'false' },
          label,
          ...(hint ? [element('span', { class: 'app-combobox__hint' }, hint)] : [])
        )
      )
    )
    list.hidden = results.length === 0
    input.setAttribute('aria-expanded', String(results.length > 0))
    if (results.length) say(`${results.length} found. Use the arrow keys to choose.`)
  }

  async function ask() {
    request?.abort()
    if (input.value.trim().length < Number(least)) return close()
    request = new AbortController()
    const body = new FormData()
    body.append('q', input.value)
    try {
      results = (await (await send(url, { method: 'POST', body, signal: request.signal })).json()).results
    } catch {
      return // Typing goes on; the words in the box count either way.
    }
    if (document.activeElement === input) show()
  }

  // What was chosen no longer holds once the words change; hidden fields are cleared, visible ones are the person's own.
  function unchoose() {
    set(into, '')
    for (const name of filled) if (field(name)?.type === 'hidden') set(name, '')
    filled = []
  }

  input.addEventListener('input', (event) => {
    if (event.detail === PUT_BACK) return
    if (!('comboboxHold' in input.dataset)) unchoose()
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE)
  })

  const moves = { ArrowDown: () => mark(at + 1), ArrowUp: () => mark(at < 0 ? -1 : at - 1) }
  input.addEventListener('keydown', (event) => {
    if (list.hidden) return
    if (moves[event.key]) moves[event.key]()
    else if (event.key === 'Enter' && at >= 0) choose(at)
    else if (event.key === 'Escape') close()
    else return
    event.preventDefault()
    event.stopPropagation()
  })

  list.addEventListener('pointerdown', (event) => event.preventDefault()) // the cursor stays in the box
  list.addEventListener('click', ({ target }) => {
    const option = target.closest('[role=option]')
    if (option) choose([...list.children].indexOf(option))
  })
  input.addEventListener('blur', close)
}
