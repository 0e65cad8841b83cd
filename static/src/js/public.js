// Pages for residents. Nothing typed here is kept in the browser: the computer may be shared.
import { attachAll } from './attach.js'
import * as copy from './copy.js'
import * as exit from './exit.js'
import * as govuk from './govuk.js'
import * as map from './map.js'
import * as once from './once.js'
import * as title from './title.js'

title.start()
once.start()
exit.start()
attachAll([govuk, copy, map])
