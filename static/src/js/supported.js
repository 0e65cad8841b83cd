// Runs before anything is drawn, so that parts which scripts will open and close do not flash.
document.body.className += ' js-enabled' + ('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '')
