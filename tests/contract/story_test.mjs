// Goal: whoever knows nothing but docs/openapi.json can log in, file an application, sign the very papers that were shown, and
// follow it to the end; and a client that follows the document signs nothing when one byte of a shown paper differs.
import assert from 'node:assert/strict'
import { createServer, request as httpRequest } from 'node:http'
import { readSample, until } from './service.mjs'
import { ShownOther, Stranger } from './stranger.mjs'

/** Passes everything on, and changes one bit of each PDF that is shown for signing. */
async function startTamperer(upstream) {
  const seen = { changed: 0 }
  const { hostname, port } = new URL(upstream)
  const server = createServer((incoming, outgoing) => {
    const onward = httpRequest({ hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
      const chunks = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('end', () => {
        const body = Buffer.concat(chunks)
        if (/\/signature-requests\/[^/]+\/papers\//.test(incoming.url)) {
          body[body.length >> 1] ^= 1
          ++seen.changed
        }
        outgoing.writeHead(answer.statusCode, answer.headers)
        outgoing.end(body)
      })
    })
    incoming.pipe(onward)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${server.address().port}`, seen, stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))) }
}

async function follow(applicant, opened, desk) {
  return until(`case ${opened.number}`, async () => {
    const now = await applicant.read('readCase', { case: opened.id })
    if (now.state === 'reviewing') await desk.decideNext()
    if (now.state === 'completing') {
      const kit = await applicant.read('readKit', { case: opened.id })
      await desk.collect(kit, [kit.hall])
    }
    assert.ok(!['refused', 'withdrawn', 'expired'].includes(now.state), now.state)
    return now.state === 'complete' && now
  })
}

export function storyTests(test, world) {
  const file = async (name) => {
    const sample = readSample(name)
    const people = []
    for (const person of sample.persons) people.push(await new Stranger(world.document, world.addresses, person).logIn())
    const applicant = people[sample.persons.findIndex(({ key }) => key === sample.applicant)]
    const opened = await applicant.prepare(sample)
    await applicant.act('beginSigning', { case: opened.id }, {})
    return { sample, people, applicant, opened }
  }

  test('a stranger files for one person and follows to complete; an altered paper is not signed', async () => {
    const { people, applicant, opened, sample } = await file('one_person_company')
    const tamperer = await startTamperer(world.service.url)
    try {
      const deceived = await new Stranger(world.document, { ...world.addresses, service: tamperer.url }, sample.persons[0]).logIn()
      await assert.rejects(deceived.signAll(opened.id), ShownOther)
      assert.ok(tamperer.seen.changed > 0)
      const board = await applicant.read('readSignBoard', { case: opened.id })
      assert.ok(board.requests.every(({ state }) => state !== 'signed'), 'nothing was signed')
    } finally {
      await tamperer.stop()
    }
    assert.ok((await people[0].signAll(opened.id)) > 0)
    const done = await follow(applicant, opened, world.desk)
    assert.ok(applicant.bytesSigned > 1000)
    world.cases.one = { ...done, applicant, tracks: (await applicant.read('listTracks', { case: opened.id })).tracks }
    assert.ok(world.cases.one.tracks.every(({ state }) => ['done', 'not_applicable', 'deferred'].includes(state)))
  })

  test('a business with two signers: everybody with a client and a key of their own', async () => {
    const { people, applicant, opened } = await file('sole_proprietorship')
    assert.equal(people.length, 2)
    for (const person of people) {
      const before = await applicant.read('readSignBoard', { case: opened.id })
      assert.equal(before.complete, false)
      assert.ok((await person.signAll(opened.id)) > 0)
    }
    const done = await follow(applicant, opened, world.desk)
    world.cases.two = { ...done, applicant, people }
  })
}
