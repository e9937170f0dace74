// Goal: every route of the document succeeds at least once, as the document says, checked by Prism and by its schemas.
import assert from 'node:assert/strict'
import { createHash, createPrivateKey, randomUUID, sign as signBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { logInAll } from './people.mjs'
import { readSample, until } from './service.mjs'

export function routeTests(test, world) {
  const { contract, desk, cases } = world

  test('reference data and public pages', async () => {
    const { divisions } = await contract.ask('listDivisions', { query: { parent: '370100' } })
    assert.ok(divisions.some(({ code }) => code === '370102'))
    const { items } = await contract.ask('searchScopeItems', { query: { q: '软件' } })
    assert.ok(items.length > 0)
    await contract.ask('composeScope', { body: { items: items.slice(0, 2).map(({ id }) => id) } })
    await contract.ask('listPlaces', { path: { city: '370100' } })
    assert.equal((await contract.ask('checkCode', { path: { kind: 'uscc', code: '911' } })).valid, false)
    await contract.ask('findDeadline', { query: { from: '2026-11-22T21:40', minutes: '60' } })
    const { entity_types } = await contract.ask('listEntityTypes')
    for (const { id } of entity_types) {
      await contract.ask('describeForm', { path: { entity_type: id } })
    }
    for (const name of ['济南岚溪信息技术有限公司', '中国第一最佳有限公司', '青岛']) {
      await contract.ask('checkName', { body: { name, county: '370102', entity_type: 'one_person_company' } })
    }
    const wish = { name: '济南岚溪信息技术有限公司', county: '370102', entity_type: 'one_person_company' }
    const { suggestions } = await contract.ask('suggestNames', { body: wish })
    assert.ok(suggestions.length > 0)
    const { questions } = await contract.ask('listGuideQuestions')
    for (const { id } of questions[0].choices) {
      const plan = await contract.ask('readGuide', { query: { founder: id, place: '370102', employees: 'yes', trade: items[0].id } })
      assert.equal(plan.served, plan.steps.length > 0)
      await contract.call('printGuide', { path: { entity_type: plan.kind.id, division: '370102' } })
    }
    const { slots } = await contract.ask('listBankSlots', { path: { branch: '102451090015' } })
    assert.ok(slots.some(({ free }) => free > 0))
    await contract.ask('listSealDispatches', { query: { city: '370100' } })
    for (const id of ['listReviewRules', 'listReviewReasons', 'getPauseReasons', 'getPublishedTimes']) await contract.ask(id)
    for (const id of ['firstPage', 'firstPageStyle', 'isAlive', 'isReady', 'readMetrics']) await contract.call(id)
  })

  test('accounts, sessions, who looked at what', async () => {
    const body = { login: 'temp-clerk', display_name: '临时窗口', password: 'Blue-lemon-42-tree', grants: [{ role: 'window_clerk', region: '370102', unit: '' }] }
    const made = await desk.ask('security', 'createAccount', { body })
    await desk.ask('security', 'disableAccount', { path: { account: made.account } })
    const session = await contract.ask('openSession', { body: desk.account('helper') })
    const me = await contract.ask('getMe', { token: session.token })
    assert.ok(me.grants.length > 0)
    await contract.call('closeSession', { token: session.token })
    await contract.call('getMe', { token: session.token, expect: 401 })
    await desk.ask('clerk', 'getMe')
    await desk.ask('auditor', 'listUnmaskedReads')
    const person = new Map(Object.entries(await logInAll(contract, world.addresses, readSample('branch')))).values().next().value
    await person.read('listMyUnmaskedReads')
    const asked = await person.act('askVerification', {}, { code: await person.authorise() })
    await person.poll('readVerification', { verification: asked.id }, ({ state }) => state !== 'pending')
  })

  test('automatic approval: switched off by one, lifted by another in the other role; the second look', async () => {
    const body = { scope: 'place', value: '370829', reason: '地址库有误，先由人审查' }
    const { id } = await desk.ask('administrator', 'switchOffApproval', { body })
    const path = { switch: id }
    const lift = { reason: '地址库已更正' }
    await desk.call('administrator', 'liftApprovalSwitch', { path, body: lift, expect: 403, reason: 'review.second_person' })
    assert.equal((await desk.ask('security', 'liftApprovalSwitch', { path, body: lift })).holds, false)
    assert.ok((await desk.ask('auditor', 'listApprovalSwitches')).switches.some((entry) => entry.id === id))
    await desk.ask('auditor', 'listRechecks')
  })

  test('a cookie session needs its CSRF token for each write', async () => {
    const sample = readSample('one_person_company')
    const [person] = Object.values(await logInAll(contract, world.addresses, sample))
    const asked = await contract.ask('openLogin', { body: { code: await person.authorise(), cookie: true } })
    const login = await until('the login', async () => {
      const answer = await contract.call('readLogin', { path: { login: asked.id } })
      return answer.json.state !== 'pending' && answer
    })
    const cookie = login.headers.get('set-cookie').split(';')[0]
    assert.equal(login.json.token, undefined)
    await contract.ask('getMe', { cookie })
    const body = { entity_type: 'one_person_company', county: '370102' }
    await contract.call('openCase', { cookie, body, expect: 403, reason: 'api.csrf' })
    await contract.call('openCase', { cookie, body, csrf: login.json.csrf })
  })

  test('signing: declined, replaced, taken back, confirmed, submitted by hand, withdrawn, not me', async () => {
    const sample = readSample('limited_company')
    const people = await logInAll(contract, world.addresses, sample)
    const applicant = people[sample.applicant]
    const { lin, qu } = people
    const opened = await applicant.prepare(sample)
    const path = { case: opened.id }
    await applicant.act('addCoFounder', path, { person: lin.me })
    const form = await contract.call('readForm', { path, token: lin.token })
    assert.equal(form.headers.get('etag'), `"${form.json.revision}"`)
    await contract.call('saveForm', { path, token: lin.token, ifMatch: 0, body: { facts: sample.facts }, expect: 412, reason: 'application.stale_copy' })
    await contract.call('submitCase', { path, token: applicant.token, expect: [409, 422] })
    const papers = await applicant.act('beginSigning', path, { submit_by_itself: false })
    await applicant.read('readPaper', { ...path, paper: papers.papers[0].id }, { responseType: 'arraybuffer' })
    assert.equal((await applicant.read('listPapers', path)).papers.length, papers.papers.length)
    assert.ok((await applicant.read('listCases')).cases.some(({ id }) => id === opened.id))

    // Lin declines; the applicant says that somebody else will, then thinks better of it and opens the board again.
    const [declined] = await lin.requests(opened.id)
    await lin.act('declineSignature', { request: declined.id }, { reason: 'data_wrong' })
    await applicant.act('replaceSigner', { ...path, request: declined.id }, { person: 'qu' })
    const draft = await applicant.read('readForm', path)
    await applicant.act('saveForm', path, { facts: sample.facts }, { 'If-Match': `"${draft.revision}"` })
    await applicant.act('beginSigning', path, { submit_by_itself: false })
    for (const person of Object.values(people)) await person.signAll(opened.id)

    // Qu takes a signature back and gives it again.
    const { requests } = await qu.read('listSignatureRequests')
    const signed = requests.find((request) => request.case_id === opened.id && request.state === 'signed' && !request.verified_only)
    await qu.act('withdrawSignature', { request: signed.id })
    assert.equal((await applicant.read('readSignBoard', path)).complete, false)
    const back = await applicant.read('readForm', path)
    const again = await contract.call('saveForm', { path, token: applicant.token, ifMatch: back.revision, body: { facts: sample.facts }, expect: [200, 409] })
    if (again.status === 200) await applicant.act('beginSigning', path, { submit_by_itself: false })
    for (const person of Object.values(people)) await person.signAll(opened.id)
    assert.equal((await applicant.read('readSignBoard', path)).complete, true)
    await applicant.act('askForHumanReview', path)
    await applicant.act('submitCase', path)
    cases.reviewed = { id: opened.id, applicant, path }

    const other = readSample('partnership_general')
    const partners = await logInAll(contract, world.addresses, other)
    const partner = partners[other.applicant]
    const second = await partner.prepare(other)
    await partner.act('holdName', { case: second.id })
    await partner.act('releaseName', { case: second.id })
    await partner.act('beginSigning', { case: second.id }, {})
    const frozen = Object.values(partners).find((person) => person !== partner)
    const [request] = await frozen.requests(second.id)
    await frozen.act('reportNotMe', { request: request.id })
    assert.equal((await partner.read('readCase', { case: second.id })).frozen, true)

    const third = await partner.act('openCase', {}, { entity_type: other.entity_type, county: other.county })
    await partner.act('withdrawCase', { case: third.id }, { reason: '另选地址' })
  })

  test('a registrar: queue, file, one field in clear, rules again, a notice, a grant', async () => {
    const { id, applicant, path } = cases.reviewed
    await until('the task', async () => (await desk.ask('registrar', 'listReviewQueue')).tasks.some((task) => task.case_id === id))
    const task = await desk.ask('registrar', 'dealReviewTask')
    assert.equal(task.case_id, id)
    const file = await desk.ask('registrar', 'readReviewCase', { path })
    assert.ok(file.facts.people.every(({ mobile, id_number }) => mobile.includes('*') && id_number.includes('*')), 'masked')
    await desk.ask('registrar', 'unmaskField', { path, body: { field: 'people.0.id_number', reason: '核对身份证件' } })
    await desk.ask('auditor', 'rerunReview', { path })
    await desk.ask('registrar', 'decideCase', { path, body: { decision: 'grant', reasons: [] } })
    await until('the licence', async () => !['reviewing', 'submitted'].includes((await applicant.read('readCase', path)).state))
    const reads = await applicant.read('listMyUnmaskedReads')
    assert.ok(reads.reads.some(({ fields }) => fields === 'people.0.id_number'))
  })

  test('the licence: facts, PDFs, signatures, public page, verification', async () => {
    const { applicant, id } = cases.one
    const path = { case: id }
    const licence = (await contract.call('readLicence', { path, token: applicant.token })).json
    const token = applicant.token
    const original = await contract.call('readLicenceOriginal', { path, token })
    await contract.call('readLicenceDuplicate', { path, token })
    await contract.call('readLicenceOriginalSignature', { path, token })
    await contract.call('readLicenceDuplicateSignature', { path, token })
    await contract.call('showLicence', { path: { id: licence.id }, headers: { Accept: 'text/html' } })
    const shown = await contract.ask('showLicence', { path: { id: licence.id }, headers: { Accept: 'application/json' } })
    assert.equal(shown.licence.uscc, licence.uscc)
    await contract.call('showLicence', { path: { id: 'nobody' }, expect: 404 })
    assert.equal((await contract.ask('verifyLicence', { bytes: original.bytes })).valid, true)
    original.bytes[original.bytes.length >> 1] ^= 1
    assert.equal((await contract.ask('verifyLicence', { bytes: original.bytes })).valid, false)
  })

  test('progress: timeline, clocks, events as they happen, published times', async () => {
    const { applicant, id } = cases.one
    const path = { case: id }
    const timeline = await contract.ask('getTimeline', { path, token: applicant.token, query: { after: '0', limit: '5' } })
    assert.equal(timeline.events.length, 5)
    await contract.ask('getClocks', { path, token: applicant.token })
    const text = await contract.stream('streamEvents', { path, token: applicant.token, query: { after: '0' }, done: (got) => got.split('\n\n').length > 3 })
    const [first] = text.split('\n\n').filter((block) => block.includes('data:'))
    const event = JSON.parse(first.match(/^data: (.*)$/m)[1])
    assert.deepEqual(event, timeline.events[0])
    assert.match(first, new RegExp(`^id: ${event.sequence}$`, 'm'))
    await desk.ask('supervisor', 'getPublishedRows', { query: { authority: '370102', subject: 'case', limit: '10' } })
    await contract.ask('readPolicyPack', { path, token: applicant.token })
  })

  test('windows: blanks, prints, hand-over, loss, return, unclaimed', async () => {
    const { applicant, id } = cases.one
    const kit = await applicant.read('readKit', { case: id })
    const path = { hall: kit.hall }
    const account = await desk.ask('clerk', 'accountBlanks', { path })
    const used = account.blanks.find(({ state }) => state === 'used')
    await desk.call('clerk', 'readPrint', { path: { ...path, blank: used.number } })
    await desk.ask('clerk', 'receiveBlanks', { path, body: { prefix: 'CT', from: 1, count: 3 } })
    await desk.ask('clerk', 'voidBlank', { path, body: { number: 'CT00000003', reason: '打印错误' } })
    await desk.ask('clerk', 'listUnclaimedItems', { path, query: { days: '0' } })
    const { items } = await desk.ask('clerk', 'listHallItems', { path, query: { state: 'at_window' } })
    const seal = items.find((item) => item.case_number === kit.case_number && item.kind === 'seal_invoice')
    await desk.ask('clerk', 'returnItem', { path, body: { code: seal.code, reason: 'defective' } })
    await desk.ask('clerk', 'scanItem', { path, body: { code: seal.code } })
    await desk.call('clerk', 'handOverKit', { path, body: { case_number: kit.case_number, code: 'WRONG', identity: { method: 'document_seen', last4: '9025' } }, expect: 422, reason: 'handover.wrong_code' })
    const handed = await desk.ask('clerk', 'handOverKit', { path, body: { case_number: kit.case_number, code: kit.pick_up_code, identity: { method: 'document_seen', last4: '9025' }, items: ['seal_company'] } })
    assert.deepEqual(handed.handed_over, ['seal_company'])
    const original = items.find((item) => item.case_number === kit.case_number && item.kind === 'licence_original')
    await desk.ask('clerk', 'reportLoss', { path, body: { code: original.code, reason: 'missing' } })
    await desk.ask('clerk', 'printLicence', { path, body: { case_number: kit.case_number, copy: 'licence_original' } })
  })

  test('a parcel by post, and an optional matter started later', async () => {
    const sample = readSample('branch')
    const people = await logInAll(contract, world.addresses, sample)
    const applicant = people[sample.applicant]
    const opened = await applicant.prepare(sample)
    await applicant.act('beginSigning', { case: opened.id }, {})
    for (const person of Object.values(people)) await person.signAll(opened.id)
    const home = `H${sample.county}`
    await until('the branch', async () => {
      const now = await applicant.read('readCase', { case: opened.id })
      if (now.state === 'reviewing') await desk.decideNext()
      if (now.state !== 'completing') return now.state === 'complete'
      const kit = await applicant.read('readKit', { case: opened.id })
      await desk.collect(kit, new Set([kit.hall, home]))
      const posted = kit.items.filter(({ destination }) => destination === 'post')
      if (posted.length > 0 && posted.every(({ state, parcel }) => state === 'at_window' && !parcel)) {
        await desk.ask('clerk', 'makeLabel', { path: { hall: home }, body: { case_number: opened.number } })
      }
      return false
    })

    const small = readSample('individual_business')
    const family = await logInAll(contract, world.addresses, small)
    const owner = family[small.applicant]
    const business = await owner.prepare(small)
    await owner.act('beginSigning', { case: business.id }, {})
    for (const person of Object.values(family)) await person.signAll(business.id)
    const deferred = await until('a deferred matter', async () => {
      await desk.decideNext()
      const answer = await contract.call('listTracks', { path: { case: business.id }, token: owner.token })
      return answer.json.tracks.find(({ may_restart }) => may_restart)
    })
    await owner.act('restartTrack', { case: business.id, track: deferred.id }, {})
  })

  test('agencies: workbench, signed answers, repeats, reconciliation, what stands red', async () => {
    for (const kind of ['social_insurance', 'medical_insurance', 'housing_fund', 'seals']) world.service.switchOff(kind)
    const sample = readSample('corporate_company')
    const people = await logInAll(contract, world.addresses, sample)
    const applicant = people[sample.applicant]
    const opened = await applicant.prepare(sample)
    const path = { case: opened.id }
    await applicant.act('beginSigning', path, {})
    for (const person of Object.values(people)) await person.signAll(opened.id)
    const track = async (matter) => (await applicant.read('listTracks', path)).tracks.find((entry) => entry.matter === matter)
    await until('the messages', async () => {
      await desk.decideNext()
      return (await Promise.all(['housing_fund/account', 'medical_insurance/enrolment', 'public_security/seals', 'human_resources/social_insurance'].map(track))).every(
        (entry) => entry && ['due', 'pushed'].includes(entry.state) && entry.version > 0,
      )
    })

    const fund = await track('housing_fund/account')
    const { tasks } = await desk.ask('fund', 'listAgencyTasks')
    assert.ok(tasks.some((task) => task.track === fund.id))
    const file = await desk.ask('fund', 'readAgencyTask', { path: { track: fund.id } })
    const answer = (body, expect) => desk.call('fund', 'answerAgencyTask', { path: { track: fund.id }, body, expect })
    await answer({ state: 'received', receipt: 'GJJ-1' })
    await answer({ state: 'needs_data', reasons: ['no_such_reason'] }, 422)
    await answer({ state: 'needs_data', reasons: [file.reasons[0].code] })
    await applicant.act('restartTrack', { ...path, track: fund.id }, {})
    await answer({ state: 'received', receipt: 'GJJ-2' })
    await answer({ state: 'rejected', reasons: [file.reasons[0].code] })
    await desk.ask('fund', 'resendAgencyTask', { path: { track: fund.id } })
    await desk.ask('supervisor', 'listRedTracks')

    const seals = await track('public_security/seals')
    await applicant.act('closeTrack', { ...path, track: seals.id }, { reason: '以后再刻' })

    const tax = { agency: 'tax', region: '370000' }
    await desk.ask('tax', 'orderReconciliation', { body: tax })
    await until('the comparison', async () => (await desk.ask('tax', 'listReconciliations', { path: { agency: 'tax' } })).reconciliations.length > 0)

    const social = await track('medical_insurance/enrolment')
    const medical = await desk.ask('medical', 'readAgencyTask', { path: { track: social.id } })
    const said = { schema: 'onewindow.answer.v1', case_number: opened.number, matter: social.matter, delivery: medical.message.delivery, version: social.version }
    const send = (body, expect, nonce) => sendResult(world, 'medical_insurance', body, expect, nonce)
    assert.equal((await send({ ...said, state: 'received', receipt: 'YB-1' })).outcome, 'taken')
    assert.equal((await send({ ...said, state: 'received', receipt: 'YB-1' })).outcome, 'repeated')
    await send({ ...said, state: 'received', receipt: 'YB-2' }, 422)
    await send({ ...said, matter: 'tax/new_taxpayer', state: 'received', receipt: 'YB-1' }, 403)
    await send({ ...said, case_number: '370102202611230009999', state: 'received', receipt: 'YB-1' }, 404)
  })
}

/** An answer as the agency's own system would send it: RFC 9421 with Ed25519, by docs/agencies.md. */
async function sendResult(world, kind, body, expect = 200, nonce = randomUUID()) {
  const { contract, service, desk } = world
  const bytes = Buffer.from(JSON.stringify(body))
  const operation = contract.operation('receiveResult')
  const target = `${service.url}${operation.path}`
  const digest = `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`
  const created = Math.floor(desk.now() / 1000)
  const parameters = `("@method" "@target-uri" "content-digest" "content-type");created=${created};keyid="agency-${kind}";nonce="${nonce}";alg="ed25519"`
  const base = [`"@method": POST`, `"@target-uri": ${target}`, `"content-digest": ${digest}`, `"content-type": application/json`, `"@signature-params": ${parameters}`].join('\n')
  const [seed] = readFileSync(join(service.data, 'agencies', kind, 'key.pem'), 'utf8').split('\n')
  const key = createPrivateKey({ key: Buffer.from('302e020100300506032b657004220420' + seed, 'hex'), format: 'der', type: 'pkcs8' })
  const headers = {
    'Content-Digest': digest,
    'Signature-Input': `onewindow=${parameters}`,
    Signature: `onewindow=:${signBytes(null, Buffer.from(base), key).toString('base64')}:`,
  }
  return (await contract.call('receiveResult', { bytes, headers, expect })).json
}
