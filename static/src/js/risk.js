// The sum of what is answered so far, while the questions are asked on the phone. The server counts for itself.
export const selector = '[data-risk-scores]'

export function attach(line) {
  const scores = JSON.parse(line.dataset.riskScores)
  const { questions, medium, high } = line.dataset
  const form = line.closest('form')

  function show() {
    const given = [...form.querySelectorAll('input[type=radio]:checked')].filter(({ value }) => value in scores)
    const sum = given.reduce((total, { value }) => total + scores[value], 0)
    const band = sum >= Number(high) ? 'high' : sum >= Number(medium) ? 'medium' : 'standard'
    const left = questions - given.filter(({ name }) => name.startsWith('q')).length
    const rest = left ? `, ${left} ${left === 1 ? 'question' : 'questions'} to go` : ''
    line.querySelector('output').textContent = `Score so far ${sum}: ${band} risk${rest}`
  }

  line.hidden = false
  form.addEventListener('change', show)
  show()
}
