// Builds static/build/ from static/src/: `npm run build`. No network, no time stamps, about two seconds.
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import esbuild from 'esbuild'
import * as sass from 'sass'

const src = path.dirname(fileURLToPath(import.meta.url))
const root = path.resolve(src, '../..')
const served = path.join(root, 'static/build')
const modules = path.join(root, 'node_modules')
const build = path.join(modules, `.build-${process.pid}`)
const moj = path.join(modules, '@ministryofjustice/frontend/moj/assets/images')
const fonts = path.join(modules, '@fontsource/source-sans-3/files')

const sheets = ['app', 'public']
const scripts = ['app', 'public']
const images = [
  'icon-close-cross-black.svg',
  'icon-document.svg',
  'icon-tag-remove-cross-white.svg',
  'icon-tag-remove-cross.svg',
  'icon-toggle-plus-minus.svg'
]
const faces = ['400-normal', '400-italic', '600-normal'].flatMap((face) =>
  ['latin', 'latin-ext'].map((range) => `source-sans-3-${range}-${face}.woff2`)
)

// Leaflet ships plain CSS whose pictures we do not use: our marker and layer switch draw themselves.
const leaflet = {
  canonicalize: (url) => (url === 'leaflet-css' ? new URL('app:leaflet') : null),
  load: () => ({
    contents: sass.compile(path.join(modules, 'leaflet/dist/leaflet.css')).css.replace(/^.*url\(images\/.*$/gm, ''),
    syntax: 'css'
  })
}

// A package that still uses a part of GOV.UK Frontend on its way out is for that package to mend.
const logger = {
  warn: (message, { deprecation, span }) => deprecation || /govuk-suppressed-warnings/.test(message) || console.warn(message, span?.url?.href ?? ''),
  debug: console.log
}

function styles() {
  for (const name of sheets) {
    const { css } = sass.compile(path.join(src, `scss/${name}.scss`), {
      loadPaths: [root],
      importers: [leaflet],
      logger,
      style: 'compressed'
    })
    writeFileSync(path.join(build, `${name}.css`), css)
  }
}

function files() {
  for (const folder of ['images', 'fonts']) mkdirSync(path.join(build, folder), { recursive: true })
  cpSync(path.join(src, 'images'), path.join(build, 'images'), { recursive: true })
  cpSync(path.join(src, 'js/supported.js'), path.join(build, 'supported.js'))
  for (const image of images) cpSync(path.join(moj, image), path.join(build, 'images', image))
  for (const face of faces) cpSync(path.join(fonts, face), path.join(build, 'fonts', face))
}

// Nobody is served a half-made build: it is made aside, and takes the old one's place when it is whole.
rmSync(build, { recursive: true, force: true })
files()
styles()
// Chunks carry a hash of their own in the name, because Django renames only the files that templates ask for.
const { outputFiles } = await esbuild.build({
  entryPoints: scripts.map((name) => path.join(src, `js/${name}.js`)),
  outdir: served,
  write: false, // the names' hashes depend on the folder, so it is told the true one
  bundle: true,
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  minify: true,
  legalComments: 'linked',
  target: 'es2020',
  logLevel: 'warning'
})
for (const { path: name, contents } of outputFiles) {
  const file = path.join(build, path.relative(served, name))
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, contents)
}
const old = `${build}-old`
if (existsSync(served)) renameSync(served, old)
renameSync(build, served)
rmSync(old, { recursive: true, force: true })
console.log('Built static/build')
