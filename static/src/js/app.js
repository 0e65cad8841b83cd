// Staff pages. Everything here only helps: each page works without it.
import * as govuk from 'govuk-frontend'
import { Alert, ButtonMenu } from '@ministryofjustice/frontend'

govuk.initAll()
for (const Component of [Alert, ButtonMenu]) govuk.createAll(Component)
