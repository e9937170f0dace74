// Goal: whatever the document forbids is refused as the document says, on every route; and no route is left uncalled.
import assert from 'node:assert/strict'
import { logInAll } from './people.mjs'
import { readSample } from './service.mjs'

const kUnknown = '00000000000000000000000000'

/** Bodies that the schema forbids, each wrong in one place. */
function worseBodies(contract, schema, body) {
  const resolve = (node) => (node?.$ref ? contract.document.components.schemas[node.$ref.split('/').pop()] : node)
  const type = resolve(schema)
  if (!type?.properties) return []
  const worse = [['an unknown field', { ...body, no_such_field: 1 }]]
  for (const field of type.required ?? []) {
    const { [field]: _, ...rest } = body
    worse.push([`without ${field}`, rest])
  }
  for (const [field, given] of Object.entries(type.properties)) {
    const property = { ...resolve(given), ...given }
    worse.push([`${field} of a wrong type`, { ...body, [field]: property.type === 'boolean' ? 7 : true }])
    const limits = [
      ['enum', () => 'no_such_choice'],
      ['pattern', () => '\u0001'],
      ['minLength', (least) => 'x'.repeat(least - 1)],
      ['maxLength', (most) => 'x'.repeat(most + 1)],
      ['minimum', (least) => least - 1],
      ['maximum', (most) => most + 1],
      ['minItems', (least) => Array(least - 1).fill({})],
      ['maxItems', (most) => Array(most + 1).fill({})],
    ]
    for (const [limit, make] of limits) {
      if (property[limit] !== undefined) worse.push([`${field} outside ${limit}`, { ...body, [field]: make(property[limit]) }])
    }
  }
  return worse
}

export function refusalTests(test, world) {
  const { contract, desk } = world
  /** Calls `body` for every operation that has succeeded, and collects what went wrong. */
  const each = async (body) => {
    const wrong = []
    for (const operation of contract.operations.values()) {
      const last = contract.last.get(operation.id)
      try {
        await body(operation, last)
      } catch (error) {
        wrong.push(error.message)
      }
    }
    assert.deepEqual(wrong, [])
  }
  const hasSession = (operation) => ['logged_in', 'role'].includes(operation['x-access'])
  const needs = (operation, name) => operation.parameters?.some((parameter) => parameter.name === name && parameter.required)
  const fresh = (last) => ({ ...last, key: undefined })

  test('every declared limit and type of a request is enforced', async () => {
    let count = 0
    await each(async (operation, last) => {
      const content = operation.requestBody?.content['application/json']
      if (!last || !content) return
      const body = last.body ?? JSON.parse(last.bytes)
      for (const [what, worse] of worseBodies(contract, content.schema, body)) {
        if (operation['x-access'] === 'signed') continue // The signature comes first; its own test sends these.
        ++count
        const answer = await contract.call(operation.id, { ...fresh(last), bytes: undefined, body: worse, malformed: true, expect: [400, 422, 429] })
        assert.ok(answer.status !== 429 || operation.responses[429], what)
      }
    })
    assert.ok(count > 140, `${count} bodies`)
  })

  test('every declared limit and type of a query is enforced', async () => {
    let count = 0
    await each(async (operation, last) => {
      for (const { name, in: place, schema, required } of operation.parameters ?? []) {
        if (place !== 'query' || !last) continue
        const worse = []
        if (required) worse.push(undefined)
        if (schema.type === 'integer') worse.push('many', '1.5')
        if (schema.enum) worse.push('no_such_choice')
        if (schema.format === 'date') worse.push('2026-02-30', 'today')
        if (schema.minimum !== undefined) worse.push(String(schema.minimum - 1))
        if (schema.maximum !== undefined) worse.push(String(schema.maximum + 1))
        for (const value of worse) {
          const query = { ...last.query, [name]: value }
          if (value === undefined) delete query[name]
          if (name === 'workdays') delete query.minutes
          ++count
          await contract.call(operation.id, { ...last, query, malformed: true, expect: 400 })
        }
      }
    })
    assert.ok(count > 20, `${count} queries`)
  })

  test('nobody gets in without a session, and nobody with another role', async () => {
    const [person] = Object.values(await logInAll(contract, world.addresses, readSample('one_person_company')))
    await each(async (operation, last) => {
      if (!hasSession(operation) || !last) return
      await contract.call(operation.id, { ...fresh(last), token: 'no-such-session', expect: 401 })
      await contract.call(operation.id, { ...fresh(last), token: undefined, cookie: undefined, malformed: true, expect: 401, reason: 'api.login_needed' })
      if (operation['x-access'] !== 'role') return
      await contract.call(operation.id, { ...fresh(last), token: person.token, expect: 403, reason: 'api.not_yours' })
    })
  })

  test('another person finds nothing of a case', async () => {
    const [stranger] = Object.values(await logInAll(contract, world.addresses, { persons: [{ key: 'x', name: '无关', id_type: 'resident_id', id_number: readSample('cooperative').persons[0].id_number, mobile: '15400000999' }] }))
    await each(async (operation, last) => {
      if (operation['x-access'] !== 'logged_in' || !last || !/\{(case|request|verification)\}/.test(operation.path)) return
      await contract.call(operation.id, { ...fresh(last), token: stranger.token, expect: [403, 404] })
    })
  })

  test('what is not there is not found', async () => {
    await each(async (operation, last) => {
      const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      if (names.length === 0 || !last || operation.id === 'showLicence') return
      const path = Object.fromEntries(names.map((name) => [name, kUnknown]))
      const expect = ['404', '422', '400', '403'].filter((status) => operation.responses[status]).map(Number)
      const quiet = ['listPlaces', 'listReconciliations'] // Lists of nothing.
      await contract.call(operation.id, { ...fresh(last), path, expect: quiet.includes(operation.id) ? [200] : expect, malformed: operation.id === 'checkCode' })
    })
  })

  test('writes need their key; a repeat gets the first answer; a key serves one body', async () => {
    await each(async (operation, last) => {
      if (!needs(operation, 'Idempotency-Key') || !last) return
      await contract.call(operation.id, { ...last, key: null, malformed: true, expect: 428, reason: 'api.idempotency_key_required' })
      await contract.call(operation.id, { ...last, key: 'short', malformed: true, expect: 400, reason: 'api.idempotency_key_malformed' })
      const success = Number(Object.keys(operation.responses)[0])
      const first = await contract.call(operation.id, { ...last, expect: success })
      const repeat = await contract.call(operation.id, { ...last, expect: success })
      assert.deepEqual(repeat.bytes, first.bytes, operation.id)
      if (!last.bytes) return
      const other = Buffer.concat([last.bytes, Buffer.from(' ')])
      await contract.call(operation.id, { ...last, bytes: other, malformed: true, expect: 422, reason: 'api.idempotency_key_reused' })
    })
  })

  test('refusals that people meet', async () => {
    const sample = readSample('one_person_company')
    const [person] = Object.values(await logInAll(contract, world.addresses, sample))
    const as = (id, options) => contract.call(id, { token: person.token, ...options })
    const one = { entity_type: 'one_person_company', county: '370102' }
    await as('openCase', { body: { ...one, county: '999999' }, expect: 422, reason: 'application.unknown_county' })
    await as('openCase', { body: { ...one, entity_type: 'empire' }, expect: 422, reason: 'application.unknown_entity_type' })
    await as('openCase', { body: { ...one, county: '110101' }, expect: 422, reason: 'application.unknown_county' })
    await desk.call('clerk', 'openCase', { body: one, expect: 403, reason: 'application.person_not_verified' })
    const path = { case: (await as('openCase', { body: one })).json.id }
    const begun = await as('beginSigning', { path, body: {}, expect: 422 })
    assert.ok(begun.json.errors.length > 5, 'every fault at once')
    await as('saveForm', { path, ifMatch: 0, body: { facts: { capital: 'much' } }, expect: [200, 422] })
    await as('submitCase', { path, expect: [409, 422] })
    for (const id of ['readLicence', 'readLicenceOriginal', 'readKit']) await as(id, { path, expect: 404 })
    await as('readPaper', { path: { ...path, paper: 'none' }, expect: 404, reason: 'application.no_paper' })
    const done = { case: world.cases.one.id }
    await as('saveForm', { path: done, ifMatch: 2, body: { facts: {} }, expect: [409, 412] })
    await as('withdrawCase', { path: done, body: { reason: 'x' }, expect: 409, reason: 'application.no_such_step' })
    const [track] = (await as('listTracks', { path: done })).json.tracks.filter(({ state }) => state === 'done')
    await as('closeTrack', { path: { ...done, track: track.id }, body: { reason: 'x' }, expect: 409, reason: 'exchange.cannot_close' })
    await as('restartTrack', { path: { ...done, track: track.id }, body: {}, expect: 409, reason: 'exchange.cannot_restart' })

    const asked = (await contract.call('openLogin', { body: { code: 'nobody-gave-this' } })).json
    const login = await person.poll('readLogin', { login: asked.id }, ({ state }) => state !== 'pending')
    assert.deepEqual([login.state, login.reason], ['refused', 'identity.code_refused'])
    const account = desk.account('clerk')
    await contract.call('openSession', { body: { ...account, password: 'wrong' }, expect: 401 })

    const signed = (await as('listSignatureRequests')).json.requests.find(({ case_id }) => case_id === done.case)
    const request = { request: signed.id }
    await as('giveSignature', { path: request, body: { statement: '{}', signature: 'AAAA' }, expect: 409, reason: 'signing.not_open' })
    await as('declineSignature', { path: request, body: { reason: 'other' }, expect: 409 })
    await as('withdrawSignature', { path: request, expect: 409, reason: 'signing.too_late' })

    await desk.call('registrar', 'decideCase', { path: done, body: { decision: 'grant', reasons: [] }, expect: 409, reason: 'review.not_dealt' })
    await desk.call('registrar', 'unmaskField', { path: done, body: { field: 'people.0.mobile', reason: 'x' }, malformed: true, expect: 422, reason: 'review.purpose_missing' })
    await desk.call('supervisor', 'getPublishedRows', { malformed: true, expect: 400 })
    const kit = (await as('readKit', { path: done })).json
    const hall = { hall: kit.hall }
    await desk.call('clerk', 'printLicence', { path: hall, body: { case_number: kit.case_number, copy: 'licence_duplicate' }, expect: 409, reason: 'handover.printed' })
    await desk.call('clerk', 'receiveBlanks', { path: hall, body: { prefix: 'CT', from: 1, count: 1 }, expect: 409, reason: 'handover.blank_known' })
    await desk.call('clerk', 'voidBlank', { path: hall, body: { number: 'NONE', reason: 'x' }, expect: 404, reason: 'handover.unknown_blank' })
    await desk.call('clerk', 'makeLabel', { path: hall, body: { case_number: kit.case_number }, expect: 404, reason: 'handover.no_kit' })
    await desk.call('security', 'createAccount', { body: { login: 'temp-clerk', display_name: 'x', password: 'Blue-lemon-42-tree', grants: [{ role: 'window_clerk', region: '370102', unit: '' }] }, expect: 409 })
    await contract.call('findDeadline', { query: { from: 'yesterday', minutes: '60' }, expect: 400 })
    await contract.call('findDeadline', { query: { from: '2026-11-22T21:40', minutes: '60', hall: 'NONE' }, expect: 404 })
    await contract.call('composeScope', { body: { items: ['NONE'] }, expect: 422 })
    await contract.call('checkName', { body: { name: 'x', ...one, county: '999999' }, expect: 422 })
    await contract.call('describeForm', { path: { entity_type: 'empire' }, expect: 422 })
    await contract.call('checkCode', { path: { kind: 'horoscope', code: '1' }, malformed: true, expect: 400 })
  })

  test('versions: If-Match is needed, and an old one is refused', async () => {
    const last = contract.last.get('saveForm')
    await contract.call('saveForm', { ...fresh(last), ifMatch: undefined, malformed: true, expect: 428, reason: 'api.if_match_missing' })
    await contract.call('saveForm', { ...fresh(last), ifMatch: undefined, headers: { 'If-Match': 'seven' }, malformed: true, expect: 400, reason: 'api.if_match_malformed' })
  })

  test('unknown and doubled query parameters, foreign media types, broken bodies', async () => {
    await each(async (operation, last) => {
      if (!last || !operation.path.startsWith('/api/')) return
      const token = operation.id === 'closeSession' ? await desk.as('clerk') : last.token
      await contract.call(operation.id, { ...fresh(last), token, query: { ...last.query, no_such: '1' }, expect: 400, reason: 'api.query_unknown' })
      if (operation.requestBody?.content['application/json'] === undefined) return
      await contract.call(operation.id, { ...fresh(last), headers: { 'Content-Type': 'text/plain' }, malformed: true, expect: 415 })
      await contract.call(operation.id, { ...fresh(last), bytes: Buffer.from('{"a":'), malformed: true, expect: 400, reason: 'json.unreadable' })
    })
  })

  test('what is wrong with HTTP itself is a problem document too', async () => {
    for (const operation of contract.operations.values()) {
      if (operation.path.startsWith('/api/')) continue
      const path = { id: 'x' }
      await contract.raw(operation.id, { path, lines: ['Connection: close'], expect: 400, reason: 'http.host' })
    }
    const host = new URL(contract.direct).host
    const lines = [`Host: ${host}`, 'Connection: close']
    await contract.raw('isAlive', { lines: [...lines, 'Transfer-Encoding: gzip, chunked'], expect: 400, reason: 'http.transfer_coding' })
    await contract.raw('checkName', { lines: [...lines, 'Expect: miracles', 'Content-Length: 2'], expect: 417, reason: 'http.expectation' })
    await contract.raw('checkName', { lines: [...lines, `Content-Length: ${9 << 20}`], expect: 413, reason: 'http.body_too_large' })
    await contract.raw('isAlive', { lines: [...lines, `X-Long: ${'x'.repeat(20_000)}`], expect: 431, reason: 'http.headers_too_large' })
  })

  test('a signed route: unsigned, and with a signature of nobody', async () => {
    const body = contract.operation('receiveResult').requestBody.content['application/json'].example
    await contract.call('receiveResult', { body, malformed: true, expect: 401, reason: 'http_signature.missing' })
    const headers = { Signature: 'onewindow=:AAAA:', 'Signature-Input': 'onewindow=("@method");created=1;keyid="x";nonce="y"' }
    await contract.call('receiveResult', { body, headers, expect: 401 })
  })

  test('robots are slowed down, and told for how long', async () => {
    const last = contract.last.get('handOverKit')
    for (let attempt = 0; attempt < 40; ++attempt) {
      const body = { ...last.body, code: 'WRONG' }
      const answer = await contract.call('handOverKit', { ...fresh(last), bytes: undefined, body, token: await desk.as('clerk'), expect: [422, 429] })
      if (answer.status === 429) return assert.ok(Number(answer.headers.get('retry-after')) >= 1)
    }
    assert.fail('never slowed down')
  })

  test('every route was called with success and was refused; the service found no fault in itself', () => {
    assert.deepEqual(contract.uncalled(), [])
    const lines = world.service.log().split('\n').filter(Boolean).map((line) => JSON.parse(line))
    const bad = lines.filter((line) => ['error', 'ERROR'].includes(line.level) || Number(line.status) >= 500)
    assert.deepEqual(bad.slice(0, 5).map((line) => JSON.stringify(line)), [])
    assert.ok(lines.length > 100)
  })
}
