// Goal: the committed document is the one that the program prints and serves, and what it shows as examples is right.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { printedDocument, readSample, root, sampleNames } from './service.mjs'

export function documentTests(test, world) {
  const { document } = world

  test('docs/openapi.json is what the program prints, byte for byte, and what the service serves', async () => {
    const committed = readFileSync(join(root, 'docs/openapi.json'))
    assert.ok(committed.equals(printedDocument(world.binary)), 'make generate')
    const served = await world.contract.ask('describeApi')
    assert.deepEqual(served, document)
  })

  test('every operation is described, tagged, and says who may call it', () => {
    const poor = []
    for (const [id, operation] of world.contract.operations) {
      if (!operation.summary) poor.push(`${id}: summary`)
      if (!operation.security) poor.push(`${id}: security`)
      if (operation['x-access'] === 'role' && !operation['x-roles']?.length) poor.push(`${id}: roles`)
      for (const parameter of operation.parameters ?? []) {
        if (!parameter.description) poor.push(`${id}: ${parameter.in} ${parameter.name} is not described`)
      }
    }
    assert.deepEqual(poor, [])
  })

  test('every field of a request is described, and every request has an example', () => {
    const poor = []
    for (const [id, operation] of world.contract.operations) {
      const body = operation.requestBody?.content['application/json']
      if (!body) continue
      if (body.example === undefined) poor.push(`${id}: no example`)
      const name = body.schema?.$ref?.split('/').pop()
      for (const [field, schema] of Object.entries(document.components.schemas[name]?.properties ?? {})) {
        if (!schema.description) poor.push(`${name}.${field} is not described`)
      }
    }
    assert.deepEqual(poor, [])
  })

  test('the document speaks of each field type that a form uses, and samples are what it says', async () => {
    const { fields } = document.components.schemas.FormSection.properties
    const types = document.components.schemas[fields.items.$ref.split('/').pop()].properties.type.enum
    for (const name of sampleNames()) {
      const sample = readSample(name)
      const form = await world.contract.ask('describeForm', { path: { entity_type: sample.entity_type } })
      const sections = new Map(form.sections.map((section) => [section.id, section]))
      for (const [id, given] of Object.entries(sample.facts)) {
        const section = sections.get(id)
        assert.ok(section, `${name}: ${id}`)
        assert.equal(Array.isArray(given), section.repeats, `${name}: ${id} repeats`)
        for (const row of [given].flat()) {
          for (const [key, value] of Object.entries(row)) {
            const field = section.fields.find((entry) => entry.id === key)
            assert.ok(field, `${name}: ${id}.${key}`)
            assert.ok(types.includes(field.type))
            checkValue(field, value, `${name}: ${id}.${key}`)
          }
        }
      }
    }
  })
}

/** As the schema FormField describes types. */
function checkValue(field, value, where) {
  const texts = (list) => Array.isArray(list) && list.every((entry) => typeof entry === 'string')
  const right = {
    boolean: () => typeof value === 'boolean',
    date: () => /^\d{4}-\d{2}-\d{2}$/.test(value),
    mobile: () => /^\d{11}$/.test(value),
    integer: () => Number.isInteger(value),
    money: () => Number.isInteger(value),
    percent: () => Number.isInteger(value) && value <= 10_000,
    choice: () => field.options.some(({ id }) => id === value),
    scope_items: () => texts(value),
    person_refs: () => texts(value),
  }[field.type] ?? (() => typeof value === 'string')
  assert.ok(right(), `${where}: ${field.type} ${JSON.stringify(value)}`)
}
