// <details data-menu> closes like a menu: Escape, or a click elsewhere.
export const selector = 'details[data-menu]'

export function attach(menu) {
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return
    menu.open = false
    menu.querySelector('summary').focus()
  })
  document.addEventListener('click', ({ target }) => {
    if (!menu.contains(target)) menu.open = false
  })
}
