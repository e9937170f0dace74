// node suite.mjs BINARY: starts service, agencies and Prism, runs all tests in order, says what was never called.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Contract } from './contract.mjs'
import { documentTests } from './document_test.mjs'
import { Desk } from './people.mjs'
import { refusalTests } from './refusals_test.mjs'
import { routeTests } from './routes_test.mjs'
import { readDocument, root, startPrism, startService } from './service.mjs'
import { storyTests } from './story_test.mjs'

const binary = process.argv[2]
if (!binary) throw new Error('node suite.mjs BINARY')
const document = readDocument()
const service = await startService(binary)
const world = { binary, document, service, cases: {} }
let failed = 0
let count = 0
const only = process.env.ONLY ? new RegExp(process.env.ONLY) : undefined

const tests = []
const test = (name, body) => tests.push({ name, body })

try {
  world.prism = await startPrism(join(root, 'docs/openapi.json'), service.url)
  world.addresses = { service: service.url, identity: service.identityUrl }
  world.contract = new Contract(document, { direct: service.url, prism: world.prism.url })
  world.desk = new Desk(world.contract, service, Number(readFileSync(join(service.data, 'demo_clock'), 'utf8')))
  documentTests(test, world)
  storyTests(test, world)
  routeTests(test, world)
  refusalTests(test, world)
  for (const { name, body } of tests) {
    if (only && !only.test(name)) continue
    const start = Date.now()
    ++count
    try {
      await body()
      console.log(`ok      ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`)
    } catch (error) {
      ++failed
      console.log(`FAILED  ${name}\n${(error.stack ?? String(error)).replace(/^/gm, '        ')}`)
    }
  }
} finally {
  await world.prism?.stop()
  await service.stop()
}
console.log(`${count - failed} of ${count} passed; ${world.contract?.operations.size} operations, ${world.contract?.calls} checked calls`)
process.exit(failed === 0 ? 0 : 1)
