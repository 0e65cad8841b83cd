// One quiet live region for the whole page, and boxes that offer something.
let region

/** Tells people who use a screen reader; the same words twice are said once. */
export function say(words) {
  if (!region) {
    region = document.createElement('div')
    region.setAttribute('role', 'status')
    region.className = 'govuk-visually-hidden'
    document.body.append(region)
  }
  if (region.textContent !== words) region.textContent = words
}

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value)
    else if (value !== false && value != null) made.setAttribute(name, value === true ? '' : value)
  }
  made.append(...children)
  return made
}

/** Puts a box above the page's content; `choices` are pairs of words and what to do, after which the box goes. */
export function offer(words, choices) {
  const box = element('div', { class: 'moj-alert moj-alert--information app-offer', role: 'status' })
  const buttons = choices.map(([label, act]) =>
    element(
      'button',
      {
        type: 'button',
        class: 'app-link-button',
        click: () => {
          box.remove()
          act()
        }
      },
      label
    )
  )
  const text = element('div', { class: 'moj-alert__content' }, element('p', { class: 'govuk-body' }, words))
  text.append(element('p', { class: 'govuk-body app-offer__choices' }, ...buttons))
  box.append(element('div', {}), text)
  document.getElementById('main-content').before(element('div', { class: 'app-messages' }, box))
  return box
}
