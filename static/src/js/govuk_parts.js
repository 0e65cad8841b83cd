import { Radios as GovukRadios } from 'govuk-frontend'

export {
  Accordion,
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  ExitThisPage,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  ServiceNavigation,
  SkipLink,
  Tabs
} from 'govuk-frontend'

/** A radio button may not say that it is expanded (ARIA 1.2), so ours only open and close what hangs on them. */
export class Radios extends GovukRadios {
  syncConditionalRevealWithInputState(input) {
    super.syncConditionalRevealWithInputState(input)
    input.removeAttribute('aria-expanded')
  }
}
