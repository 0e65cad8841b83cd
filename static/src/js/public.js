// Pages for residents, and for anyone who is not signed in.
import { initAll } from 'govuk-frontend'

initAll()
