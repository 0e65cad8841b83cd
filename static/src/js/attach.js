// Each behaviour names a `selector` and an `attach(element)`; parts of a page that arrive later are attached the same way.
let behaviours = []
const attached = new WeakMap()

export function attachAll(list) {
  behaviours = list
  attachWithin(document)
}

export function attachWithin(scope) {
  for (const behaviour of behaviours) {
    for (const element of scope.querySelectorAll(behaviour.selector)) {
      const done = attached.get(element) ?? new Set()
      if (done.has(behaviour)) continue
      attached.set(element, done.add(behaviour))
      try {
        behaviour.attach(element)
      } catch (error) {
        console.error(error) // One part that fails must not take the others with it.
      }
    }
  }
}
