// "Error: " in front of the title is the first thing a screen reader says about a page that came back with problems.
export function start() {
  if (document.querySelector('.govuk-error-summary') && !document.title.startsWith('Error')) {
    document.title = `Error: ${document.title}`
  }
}
