// The return of an agency: "Nothing known" answers an item in one click without leaving the page, and the bar keeps count.
// <button data-nothing="id of the radio"> would send the form; [data-return-done] and [data-return-total] are parts of the bar.
import { say } from './say.js'

export const selector = 'form[data-return]'

function nextCard(form, button) {
  const cards = [...form.querySelectorAll('[data-card]')]
  const here = button.closest('[data-card]')
  return cards.slice(cards.indexOf(here) + 1).find((card) => card.querySelector('[data-nothing]:not([hidden])')) ?? cards[cards.indexOf(here) + 1]
}

export function attach(form) {
  form.addEventListener('click', (event) => {
    const button = event.target.closest('[data-nothing]')
    if (!button) return
    event.preventDefault()
    document.getElementById(button.dataset.nothing).click()
    const next = nextCard(form, button) ?? form.querySelector('[data-return-end]')
    next?.querySelector('h3')?.focus()
    next?.scrollIntoView({ block: 'start' })
    say('Nothing known')
  })
  form.addEventListener('change', ({ target }) => {
    const button = target.closest('[data-card]')?.querySelector('[data-nothing]')
    if (target.type === 'radio' && button) button.hidden = true
  })
  form.addEventListener('autosaved', ({ detail }) => {
    if (detail.done === undefined) return
    form.querySelector('[data-return-done]').textContent = detail.done
    form.querySelector('[data-return-total]').textContent = detail.total
    const bar = form.querySelector('progress')
    bar.max = Math.max(detail.total, 1)
    bar.value = detail.done
  })
}
