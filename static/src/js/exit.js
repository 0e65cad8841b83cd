// GOV.UK's exit button listens to Shift pressed three times; people also reach for Escape.
const WITHIN = 3000

export function start() {
  const button = document.querySelector('.govuk-js-exit-this-page-button')
  let pressed = []
  if (!button) return
  document.addEventListener('keyup', ({ key, timeStamp }) => {
    if (key !== 'Escape') return
    pressed = [...pressed.filter((at) => timeStamp - at < WITHIN), timeStamp]
    if (pressed.length > 2) button.click()
  })
}
