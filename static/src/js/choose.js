// <button name="use" value="12" data-choose="{…}">: fills the form as its own POST would, without leaving the page.
// The JSON is that of a combobox's result: `fill` and `replace`.
import { say } from './say.js'
import { takeIn } from './take_in.js'

export const selector = 'button[data-choose]'

export function attach(button) {
  button.addEventListener('click', (event) => {
    event.preventDefault()
    takeIn(button.form, JSON.parse(button.dataset.choose))
    say(button.dataset.chosen ?? '')
    button.form.elements.namedItem('name')?.focus()
  })
}
