// Requests that tell "signed out" apart from "no answer", because the person is told different things.

export class SignedOut extends Error {}

/** Read from the attribute: a field called "method" would stand in front of the form's own. */
export const isPost = (form) => form.getAttribute('method')?.toLowerCase() === 'post'

const token = () => document.querySelector('input[name=csrfmiddlewaretoken]')?.value ?? ''
const listeners = []

/** Calls `listener` whenever an answer shows that the session was renewed. */
export const onContact = (listener) => listeners.push(listener)

/** `background` marks what a person did not do themselves, so that it does not keep their session alive. */
export async function send(url, { method = 'GET', body, signal, keepalive, background = false } = {}) {
  const headers = { 'X-Requested-With': 'fetch' }
  if (method !== 'GET') headers['X-CSRFToken'] = token()
  if (background) headers['X-Background'] = 'true'
  const answer = await fetch(url, { method, body, signal, keepalive, headers, credentials: 'same-origin', redirect: 'manual' })
  if (answer.type === 'opaqueredirect' || answer.status === 401) throw new SignedOut()
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  if (!background) listeners.forEach((listener) => listener())
  return answer
}

/** What the named fields of a form hold now, ready to be posted. */
export function fields(form, names) {
  const all = new FormData(form)
  const some = new FormData()
  for (const name of names) for (const value of all.getAll(name)) some.append(name, value)
  return some
}
