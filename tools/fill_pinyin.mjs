// Fills the columns pinyin and initials of data/scope_items.tsv, so that people can search without an input method.
// npm pinyin-pro (MIT) knows words of several readings (银行 yin hang), which a table of single characters does not.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pinyin } from 'pinyin-pro'

const path = join(dirname(fileURLToPath(import.meta.url)), '../data/scope_items.tsv')
const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
const header = lines.find((line) => !line.startsWith('#')).split('\t')
const column = (name) => header.indexOf(name)
const syllables = (text) => pinyin(text, { toneType: 'none', type: 'array', nonZh: 'removed', v: true })

const filled = lines.map((line) => {
  if (line.startsWith('#') || line === header.join('\t')) return line
  const cells = line.split('\t')
  const words = syllables(cells[column('text')])
  cells[column('pinyin')] = words.join(' ')
  cells[column('initials')] = words.map((word) => word[0]).join('')
  return cells.join('\t')
})
writeFileSync(path, filled.join('\n') + '\n')
