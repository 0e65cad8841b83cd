// What is known of somebody goes into the boxes of a form. What a person typed stays; a box that is empty, or was filled by an
// earlier choice, takes what is known now.

export function put(control, value) {
  if (!control || control.value === value) return
  control.value = value
  control.dispatchEvent(new Event('change', { bubbles: true }))
}

/** Gives the names of the boxes that were meant, whether they took it or not. */
export function takeIn(form, { fill = {}, replace = {} }, prefix = '') {
  const box = (name) => form.elements.namedItem(prefix + name)
  for (const [name, value] of Object.entries(replace)) put(box(name), value)
  for (const [name, value] of Object.entries(fill)) {
    const control = box(name)
    if (!control || (control.value && control.value !== control.dataset.taken)) continue
    put(control, value)
    control.dataset.taken = value
  }
  return Object.keys(fill).map((name) => prefix + name)
}
