// Writes the invented seed data that hangs on places: authorities, halls, seal makers, bank branches, offices.
// Everything with origin "demo" is made up, is shown as such, and is replaced by an import of the real list.
// Phone numbers begin with 0 after the area code: no such line exists. Nothing here is random: the same input
// gives the same files.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const data = join(dirname(fileURLToPath(import.meta.url)), '../data')

// Facts: city, telephone area, area of the payment system, rough position.
const cities = new Map([
  ['370100', { short: '济南', phone: '0531', cnaps: '4510', lat: 36.65, lon: 117.12, bank: ['313', '齐鲁银行'] }],
  ['370200', { short: '青岛', phone: '0532', cnaps: '4520', lat: 36.07, lon: 120.38, bank: ['313', '青岛银行'] }],
  ['370300', { short: '淄博', phone: '0533', cnaps: '4530', lat: 36.81, lon: 118.06, bank: ['313', '齐商银行'] }],
  ['370400', { short: '枣庄', phone: '0632', cnaps: '4540', lat: 34.81, lon: 117.32, bank: ['313', '枣庄银行'] }],
  ['370500', { short: '东营', phone: '0546', cnaps: '4550', lat: 37.43, lon: 118.67, bank: ['313', '东营银行'] }],
  ['370600', { short: '烟台', phone: '0535', cnaps: '4560', lat: 37.46, lon: 121.45, bank: ['315', '恒丰银行'] }],
  ['370700', { short: '潍坊', phone: '0536', cnaps: '4580', lat: 36.71, lon: 119.16, bank: ['313', '潍坊银行'] }],
  ['370800', { short: '济宁', phone: '0537', cnaps: '4610', lat: 35.41, lon: 116.59, bank: ['313', '济宁银行'] }],
  ['370900', { short: '泰安', phone: '0538', cnaps: '4630', lat: 36.2, lon: 117.09, bank: ['313', '泰安银行'] }],
  ['371000', { short: '威海', phone: '0631', cnaps: '4650', lat: 37.51, lon: 122.12, bank: ['313', '威海银行'] }],
  ['371100', { short: '日照', phone: '0633', cnaps: '4732', lat: 35.42, lon: 119.53, bank: ['313', '日照银行'] }],
  ['371300', { short: '临沂', phone: '0539', cnaps: '4730', lat: 35.1, lon: 118.36, bank: ['313', '临商银行'] }],
  ['371400', { short: '德州', phone: '0534', cnaps: '4680', lat: 37.43, lon: 116.36, bank: ['313', '德州银行'] }],
  ['371500', { short: '聊城', phone: '0635', cnaps: '4710', lat: 36.46, lon: 115.98 }],
  ['371600', { short: '滨州', phone: '0543', cnaps: '4660', lat: 37.38, lon: 117.97 }],
  ['371700', { short: '菏泽', phone: '0530', cnaps: '4750', lat: 35.23, lon: 115.48 }],
])
// Facts: the first three digits of a bank in the payment system.
const banks = [
  ['102', '中国工商银行'],
  ['103', '中国农业银行'],
  ['104', '中国银行'],
  ['105', '中国建设银行'],
  ['403', '中国邮政储蓄银行'],
]

const read = (name) => {
  const lines = readFileSync(join(data, name), 'utf8').trimEnd().split('\n').filter((line) => !line.startsWith('#'))
  const header = lines.shift().split('\t')
  return lines.map((line) => Object.fromEntries(line.split('\t').map((cell, index) => [header[index], cell])))
}
const write = (name, about, header, rows) => {
  const text = [`# ${about} Written by tools/generate_places.mjs.`, header.join('\t'), ...rows.map((row) => row.join('\t'))]
  writeFileSync(join(data, name), text.join('\n') + '\n')
}

const shandong = read('divisions.tsv').filter((division) => division.code.startsWith('37') && division.code.length === 6)
const named = new Map(shandong.map((division) => [division.code, division]))
const counties = shandong.filter((division) => division.level === 'county')
const countiesOf = (city) => counties.filter((county) => county.parent === city)
const cityOf = (division) => (division.level === 'county' ? division.parent : division.level === 'city' ? division.code : '')
const demoPhone = (city, number) => `${cities.get(city || '370100').phone}-0${String(number).padStart(7, '0')}`
/** ISO 7064 MOD 11,10 */
const checkDigit = (digits) => {
  let product = 10
  for (const digit of digits) product = (((product + Number(digit)) % 10 || 10) * 2) % 11
  return String((11 - product) % 10)
}
/** 济南市历下区; a city or the province by itself. */
const fullName = (division) =>
  division.level === 'county' && division.basis === 'standard' ? named.get(division.parent).name + division.name : division.name

const places = shandong.filter((division) => division.level !== 'province')
const authorityName = (division) => (division.basis === 'functional' ? `${division.name}管理委员会行政审批服务部` : `${fullName(division)}行政审批服务局`)

write(
  'authorities.tsv',
  'Registration authorities: the province, 16 cities, 136 counties, 15 functional zones. Names follow the usual pattern: origin demo.',
  ['code', 'name', 'division', 'uscc_division', 'city', 'level', 'phone', 'origin'],
  [
    ['370000', '山东省市场监督管理局', '370000', '370000', '', 'province', demoPhone('', 370000), 'demo'],
    ...places.map((division) => [
      division.code, authorityName(division), division.code,
      division.basis === 'functional' ? division.parent : division.code,
      cityOf(division), division.basis === 'functional' ? 'zone' : division.level,
      demoPhone(cityOf(division), division.code), 'demo',
    ]),
  ],
)

const summerCities = new Set(['370600', '371000', '371100'])
write(
  'halls.tsv',
  'Government service halls, one for each authority. Hours are Asia/Shanghai; summer_hours replace hours from summer_from to summer_until (month-day).',
  ['id', 'name', 'authority', 'city', 'address', 'hours', 'summer_hours', 'summer_from', 'summer_until', 'lockers', 'kiosks', 'prints_licence', 'phone', 'origin'],
  places.map((division, index) => {
    const city = cityOf(division)
    const summer = summerCities.has(city)
    return [
      `H${division.code}`, `${fullName(division)}政务服务中心`, division.code, city,
      `${division.basis === 'functional' ? named.get(division.parent).name : ''}${fullName(division)}示例路${(index % 90) + 1}号`,
      '09:00-12:00 13:00-17:00', summer ? '09:00-12:00 13:30-17:30' : '', summer ? '06-01' : '', summer ? '09-30' : '',
      division.level === 'city' ? 40 : 10 + (index % 3) * 10, division.level === 'city' ? 4 : 1 + (index % 2), 'yes',
      demoPhone(city, 1_000_000 + Number(division.code)), 'demo',
    ]
  }),
)

const makers = ['齐信', '鲁诚', '泰和', '明正']
write(
  'makers.tsv',
  'Seal makers of the police list. capacity = seal sets a working day; score 0-100.',
  ['id', 'name', 'city', 'district', 'capacity', 'score', 'lat', 'lon', 'phone', 'origin'],
  [...cities].flatMap(([city, facts]) =>
    makers.map((name, index) => {
      const districts = countiesOf(city)
      return [
        `M${city}${index + 1}`, `${facts.short}${name}印章刻制中心`, city, districts[index % districts.length].code,
        40 + index * 20, 96 - index * 4, (facts.lat + index * 0.013).toFixed(3), (facts.lon - index * 0.017).toFixed(3),
        demoPhone(city, 2_000_000 + Number(city) + index), 'demo',
      ]
    }),
  ),
)

write(
  'branches.tsv',
  'Bank branches: bank prefixes and areas are facts, the branches and their numbers (9001 and on) are made up, check digits are right. slots = appointments a working day.',
  ['cnaps', 'bank', 'name', 'city', 'district', 'address', 'phone', 'slots', 'origin'],
  [...cities].flatMap(([city, facts]) =>
    [...banks, ...(facts.bank ? [facts.bank] : [])].map(([prefix, bank], index) => {
      const districts = countiesOf(city)
      const district = districts[index % districts.length]
      const digits = `${prefix}${facts.cnaps}${9001 + index}`
      return [
        digits + checkDigit(digits), bank, `${bank}${facts.short}${district.name}示例支行`, city, district.code,
        `${named.get(city).name}${district.name}示例街${index + 1}号`, demoPhone(city, 3_000_000 + Number(city) + index), 8 + index * 2, 'demo',
      ]
    }),
  ),
)

const agencies = [
  ['human_resources', (name) => `${name}社会保险事业中心`],
  ['medical_insurance', (name) => `${name}医疗保险事业中心`],
  ['housing_fund', (name) => `${name}住房公积金中心`],
  ['tax', (name) => `国家税务总局${name}税务局`],
  ['public_security', (name) => `${name}公安局`],
]
write(
  'offices.tsv',
  'Offices of the agencies, one of each in every city. authority_code: 1 + division + 0000 for tax, as tax organs are numbered.',
  ['id', 'agency', 'city', 'name', 'authority_code', 'phone', 'origin'],
  [...cities.keys()].flatMap((city) =>
    agencies.map(([agency, name], index) => [
      `${agency}-${city}`, agency, city, name(named.get(city).name), agency === 'tax' ? `1${city}0000` : city,
      demoPhone(city, 4_000_000 + Number(city) + index), 'demo',
    ]),
  ),
)
