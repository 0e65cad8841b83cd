// Staff pages. Everything here only helps: each page works without it.
import { attachAll } from './attach.js'
import * as combobox from './combobox.js'
import * as autosave from './autosave.js'
import * as choose from './choose.js'
import * as copy from './copy.js'
import * as filter from './filter.js'
import * as govuk from './govuk.js'
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
import * as risk from './risk.js'
import * as rows from './rows.js'
import * as title from './title.js'

title.start()
rows.start()
keep.start()
once.start({ beforeSend: (form) => keep.keep(form, 'sent') })
idle.start()
keys.start()
passkey.start()
attachAll([govuk, moj, autosave, combobox, choose, copy, filter, lookup, map, menu, progress, risk])
