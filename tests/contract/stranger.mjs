// A client that a stranger would write: it is made from docs/openapi.json alone (openapi-client-axios) and does what the
// document's descriptions say. Keys are made here and forgotten here.
import Client from 'openapi-client-axios'
import smCrypto from 'sm-crypto'
import { randomUUID } from 'node:crypto'

const { sm2, sm3 } = smCrypto
const OpenAPIClientAxios = Client.default ?? Client
const pause = (ms) => new Promise((done) => setTimeout(done, ms))

/** A paper that was shown is not the one that is to be signed. */
export class ShownOther extends Error {}

export class Stranger {
  /** `addresses`: of the service, and of the identity service where this person authorises the login in the own app. */
  constructor(document, { service, identity, identityClient = 'onewindow' }, person) {
    this.identity = { url: identity, client: identityClient }
    this.person = person
    const api = new OpenAPIClientAxios({ definition: structuredClone(document), axiosConfigDefaults: { baseURL: service, headers: { 'Accept-Language': 'en' } } })
    this.client = api.initSync()
    this.bytesSigned = 0
  }

  /** info.description: writes carry a fresh Idempotency-Key; 503 and 429 are sent again with the same key. */
  async act(operation, path = {}, body = undefined, more = {}) {
    const key = { 'Idempotency-Key': randomUUID() }
    for (let attempt = 1; ; ++attempt) {
      try {
        return (await this.client[operation]({ ...path, ...more, ...key }, body)).data
      } catch (error) {
        const again = [429, 503].includes(error.response?.status) && attempt < 5
        if (!again) throw this.explain(operation, error)
        await pause(1000 * Number(error.response.headers['retry-after'] ?? 1))
      }
    }
  }

  async read(operation, path = {}, config = {}) {
    try {
      return (await this.client[operation](path, undefined, config)).data
    } catch (error) {
      throw this.explain(operation, error)
    }
  }

  explain(operation, error) {
    if (!error.response) return error
    const { status, data } = error.response
    const told = new Error(`${operation}: ${status} ${JSON.stringify(data)}`)
    return Object.assign(told, { status, reason: data?.reason, problem: data })
  }

  async poll(operation, path, done, seconds = 60) {
    const end = Date.now() + seconds * 1000
    for (let wait = 50; ; wait = Math.min(wait * 2, 500)) {
      const answer = await this.read(operation, path)
      if (done(answer)) return answer
      if (Date.now() > end) throw new Error(`${operation}: gave up, last ${JSON.stringify(answer)}`)
      await pause(wait)
    }
  }

  /** What the person's identity app does; not a part of this API. */
  async authorise() {
    const { id_type = 'resident_id', id_number, name, mobile } = this.person
    const answer = await fetch(`${this.identity.url}/authorize`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ client_id: this.identity.client, id_type, id_number, name, mobile }),
    })
    if (!answer.ok) throw new Error(`identity service: ${answer.status}`)
    return (await answer.json()).code
  }

  async logIn() {
    const asked = await this.act('openLogin', {}, { code: await this.authorise() })
    const login = await this.poll('readLogin', { login: asked.id }, ({ state }) => state !== 'pending')
    if (login.state !== 'verified') throw new Error(`login: ${login.reason}`)
    this.client.defaults.headers.common.Authorization = `Bearer ${login.token}`
    this.token = login.token
    this.me = login.person
    return this
  }

  /** Opens a case and saves the form; gives the case. */
  async prepare(application) {
    const opened = await this.act('openCase', {}, { entity_type: application.entity_type, county: application.county })
    const saved = await this.act('saveForm', { case: opened.id }, { facts: application.facts }, { 'If-Match': `"${opened.revision}"` })
    if (saved.faults.length > 0) throw new Error(`form: ${JSON.stringify(saved.faults)}`)
    return opened
  }

  /** The paper as it is shown, with its digest computed here; refused where it is not what the list says. */
  async look(request, paper) {
    const shown = await this.read('readPaperToSign', { request: request.id, paper: paper.id }, { responseType: 'arraybuffer' })
    const bytes = new Uint8Array(shown)
    const digest = sm3(Array.from(bytes))
    if (digest !== paper.rendering_sm3) throw new ShownOther(`${paper.id}: shown ${digest}, listed ${paper.rendering_sm3}`)
    this.bytesSigned += bytes.length
    return { id: paper.id, data_sm3: paper.data_sm3, rendering_sm3: digest }
  }

  async sign(request) {
    const path = { request: request.id }
    if (request.verified_only) return this.act('confirmPart', path)
    await this.act('noteSeen', path)
    const papers = []
    for (const paper of request.papers) papers.push(await this.look(request, paper))
    const key = sm2.generateKeyPairHex()
    await this.act('askCertificate', path, { public_key: Buffer.from(key.publicKey, 'hex').toString('base64') })
    const certificate = await this.poll('readCertificate', path, ({ state }) => state === 'issued' || state === 'refused')
    if (certificate.state !== 'issued') throw new Error('no certificate')
    const statement = canonical({
      schema: 'onewindow.signature.v1',
      case_number: request.case_number,
      person: request.person,
      capacity: request.capacity,
      principal: request.principal,
      identity_evidence: certificate.identity_evidence,
      papers,
    })
    const signature = sm2.doSignature(statement, key.privateKey, { hash: true, der: true, publicKey: key.publicKey })
    return this.act('giveSignature', path, { statement, signature: Buffer.from(signature, 'hex').toString('base64') })
  }

  async requests(caseId) {
    const { requests } = await this.read('listSignatureRequests')
    return requests.filter((request) => request.case_id === caseId && ['open', 'seen'].includes(request.state))
  }

  async signAll(caseId) {
    const open = await this.requests(caseId)
    for (const request of open) await this.sign(request)
    return open.length
  }
}

/** RFC 8785 for objects of texts and lists: keys sorted, no blanks. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`
}
