// Makes src/wire/types.ts from the messages in kit/wire; with --print it writes to the terminal and changes nothing.
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from 'json-schema-to-typescript'

const web = join(dirname(fileURLToPath(import.meta.url)), '..')
const root = join(web, '..', '..')
const own = join(root, '.venv', 'bin', 'python')
const python = process.env.NATTLJUS_PYTHON ?? (existsSync(own) ? own : 'python3')

const schema = JSON.parse(execFileSync(python, ['-m', 'kit.wire.schema'], { cwd: root, encoding: 'utf8' }))
const made = await compile({ type: 'object', additionalProperties: false, ...schema }, 'Root', {
  bannerComment: '// Made by `npm run wire` from kit/wire. Do not edit.',
  unreachableDefinitions: true,
  additionalProperties: false,
  maxItems: -1,
  style: { semi: false, singleQuote: true, printWidth: 120 },
})
// The root is only a wrapper for the definitions.
const types = made
  .replace(/export interface Root \{\}\n/, '')
  .replace(/^ \* This interface was referenced by .*\n^ \* via the `definition` .*\n/gm, '')
  .replace(/^ \*\n(?= \*\/)/gm, '')
  .replace(/\/\*\*\n \*\/\n/g, '')

if (process.argv.includes('--print')) process.stdout.write(types)
else writeFileSync(join(web, 'src', 'wire', 'types.ts'), types)
