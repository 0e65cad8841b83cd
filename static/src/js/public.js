// Pages for residents. Nothing typed here is kept in the browser: the computer may be shared.
import { initAll } from 'govuk-frontend'

import { attachAll } from './attach.js'
import * as copy from './copy.js'
import * as exit from './exit.js'
import * as map from './map.js'
import * as once from './once.js'
import * as title from './title.js'

title.start()
initAll()
once.start()
exit.start()
attachAll([copy, map])
