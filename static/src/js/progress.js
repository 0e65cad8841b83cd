// <div id="…" data-progress="/progress/…/" data-progress-state="running">: fetched again until the work is done.
// The answer may be the whole page: the part with the same id is taken out of it. Inside [data-progress-reload] the page is
// loaded again at the end, because more on it than the bar has changed by then.
import { attachWithin } from './attach.js'
import { SignedOut, send } from './http.js'
import { say } from './say.js'

export const selector = '[data-progress]'

const PAUSE = 1500
const QUIET = 25 // percent between two announcements

export function attach(part) {
  let told = 0
  const running = () => ['queued', 'running'].includes(part.dataset.progressState)

  function tell() {
    const percent = Number(part.dataset.progressPercent)
    if (running() && percent < told + QUIET) return
    told = percent
    say(part.querySelector('[data-progress-words]')?.textContent.trim().replace(/\s+/g, ' ') ?? '')
  }

  async function look() {
    try {
      const page = await (await send(part.dataset.progress, { background: true })).text()
      const fresh = new DOMParser().parseFromString(page, 'text/html').getElementById(part.id)
      if (fresh) {
        part.replaceWith(fresh)
        part = fresh
        attachWithin(part)
        tell()
      }
    } catch (error) {
      if (error instanceof SignedOut) return // The work goes on without us; the page shows it after signing in.
    }
    if (running()) setTimeout(look, PAUSE)
    else if (part.closest('[data-progress-reload]')) location.reload()
  }

  if (running()) setTimeout(look, PAUSE)
}
