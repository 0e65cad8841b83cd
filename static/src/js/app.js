// Staff pages. Everything here only helps: each page works without it.
import * as arrange from './arrange.js'
import { attachAll } from './attach.js'
import * as combobox from './combobox.js'
import * as autosave from './autosave.js'
import * as choose from './choose.js'
import * as copy from './copy.js'
import * as filter from './filter.js'
import * as govuk from './govuk.js'
import * as hotspots from './hotspots.js'
import * as idle from './idle.js'
import * as keep from './keep.js'
import * as keys from './keys.js'
import * as lookup from './lookup.js'
import * as map from './map.js'
import * as menu from './menu.js'
import * as moj from './moj.js'
import * as once from './once.js'
import * as passkey from './passkey.js'
import * as progress from './progress.js'
import * as returns from './returns.js'
import * as risk from './risk.js'
import * as rows from './rows.js'
import * as session from './session.js'
import * as sessionNote from './session_note.js'
import * as title from './title.js'

title.start()
rows.start()
keep.start()
once.start({ beforeSend: (form) => keep.keep(form, 'sent') })
idle.start()
keys.start()
passkey.start()
sessionNote.start()
attachAll([govuk, moj, arrange, autosave, combobox, choose, copy, filter, hotspots, lookup, map, menu, progress, returns, risk, session, sessionNote])
