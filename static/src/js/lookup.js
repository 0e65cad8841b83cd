// <form data-lookup="/url/" data-lookup-fields="name phone" data-lookup-region="known">: while these fields are typed in,
// the region beside the form shows what is already known. The cursor stays where it is.
// Posted, not fetched by address, because names and telephone numbers must not stand in a web server's log.
import { attachWithin } from './attach.js'
import { fields, send } from './http.js'
import { say } from './say.js'

export const selector = 'form[data-lookup]'

const PAUSE = 450

export function attach(form) {
  const region = document.getElementById(form.dataset.lookupRegion)
  const names = form.dataset.lookupFields.split(/[\s,]+/).filter(Boolean)
  const untouched = region.innerHTML
  let timer, request, last

  async function look() {
    const body = fields(form, names)
    const values = JSON.stringify([...body])
    if (values === last) return
    last = values
    request?.abort()
    if (![...body].some(([, value]) => value.trim().length > 1)) return fill(untouched)
    request = new AbortController()
    try {
      fill(await (await send(form.dataset.lookup, { method: 'POST', body, signal: request.signal })).text())
    } catch (error) {
      if (error.name !== 'AbortError') last = undefined // Not found out this time: the next letter asks again.
    }
  }

  function fill(html) {
    if (region.contains(document.activeElement)) return
    region.innerHTML = html
    attachWithin(region)
    const words = region.querySelector('[data-say]')?.dataset.say
    if (words) say(words)
  }

  function typed({ target }) {
    if (!names.includes(target.name)) return
    clearTimeout(timer)
    timer = setTimeout(look, PAUSE)
  }

  form.addEventListener('input', typed)
  form.addEventListener('change', typed)
}
