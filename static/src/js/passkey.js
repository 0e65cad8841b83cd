// allauth's own scripts speak with the browser about passkeys; when that fails they only say so in the console.
export function start() {
  document.addEventListener('allauth.error', (event) => {
    event.preventDefault()
    document.querySelectorAll('[data-passkey-problem]').forEach((problem) => problem.removeAttribute('hidden'))
  })
}
