// One caller for every route: through Prism where Prism can judge (JSON), and always through a check of our own, by the
// document alone: status declared, media type declared, body right, headers declared. It remembers what was called.
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'

const kWatchedHeaders = ['etag', 'location', 'set-cookie', 'retry-after', 'content-disposition', 'allow', 'vary']

export class Violation extends Error {}

const pointer = (...parts) => parts.map((part) => '/' + encodeURIComponent(String(part).replace(/~/g, '~0').replace(/\//g, '~1'))).join('')

export class Contract {
  constructor(document, { direct, prism }) {
    this.document = document
    this.direct = direct
    this.prism = prism
    this.operations = new Map()
    this.called = new Map() // id -> {good: Set, bad: Set}
    this.last = new Map() // id -> the last call that succeeded, to repeat it in worse ways
    this.calls = 0
    this.ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true })
    addFormats(this.ajv)
    this.ajv.addSchema(document, 'api')
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        this.operations.set(operation.operationId, { id: operation.operationId, method: method.toUpperCase(), path, ...operation })
        this.called.set(operation.operationId, { good: new Set(), bad: new Set() })
      }
    }
  }

  operation(id) {
    const found = this.operations.get(id)
    if (!found) throw new Error(`the document has no operation ${id}`)
    return found
  }

  /** The declared answer, following one reference, with the JSON pointer where it stands. */
  declared(operation, status) {
    const given = operation.responses[status]
    if (!given) throw new Violation(`${operation.id}: status ${status} is not declared`)
    if (given.$ref) {
      const name = given.$ref.split('/').pop()
      return { response: this.document.components.responses[name], at: pointer('components', 'responses', name) }
    }
    return { response: given, at: pointer('paths', operation.path, operation.method.toLowerCase(), 'responses', status) }
  }

  validator(at) {
    return this.ajv.getSchema(`api#${at}`) ?? this.ajv.compile({ $ref: `api#${at}` })
  }

  check(operation, status, headers, bytes) {
    const { response, at } = this.declared(operation, status)
    for (const name of kWatchedHeaders) {
      const declared = Object.keys(response.headers ?? {}).some((key) => key.toLowerCase() === name)
      if (headers.get(name) !== null && !declared) throw new Violation(`${operation.id}: ${status} has a header ${name} that is not declared`)
    }
    for (const [name, header] of Object.entries(response.headers ?? {})) {
      if (header.required && headers.get(name) === null) throw new Violation(`${operation.id}: ${status} lacks its header ${name}`)
    }
    const type = (headers.get('content-type') ?? '').split(';')[0].trim()
    if (!response.content) {
      if (bytes.length > 0) throw new Violation(`${operation.id}: ${status} has a body that is not declared`)
      return undefined
    }
    if (!response.content[type]) throw new Violation(`${operation.id}: ${status} is ${type || 'without type'}, declared ${Object.keys(response.content)}`)
    if (type === 'application/pdf' && bytes.subarray(0, 5).toString() !== '%PDF-') throw new Violation(`${operation.id}: not a PDF`)
    if (!type.endsWith('json')) return undefined
    const body = JSON.parse(bytes.toString('utf8'))
    const valid = this.validator(at + pointer('content', type, 'schema'))
    if (!valid(body)) throw new Violation(`${operation.id}: ${status} ${this.ajv.errorsText(valid.errors).slice(0, 600)}\n  ${bytes.toString().slice(0, 800)}`)
    return body
  }

  url(base, operation, path, query) {
    const filled = operation.path.replace(/\{(\w+)\}/g, (_, name) => {
      if (path[name] === undefined) throw new Error(`${operation.id} needs ${name}`)
      return encodeURIComponent(path[name])
    })
    const search = new URLSearchParams(query).toString()
    return base + filled + (search ? '?' + search : '')
  }

  /** Prism reads and writes bodies as JSON; what is not JSON it would change. */
  canUsePrism(operation) {
    const success = Object.values(operation.responses)[0]
    const types = [...Object.keys(success.content ?? { 'application/json': {} }), ...Object.keys(operation.requestBody?.content ?? {})]
    return types.every((type) => type === 'application/json')
  }

  /**
   * One call. `expect`: a status, a list of them, or nothing for the declared success. `malformed`: what the document
   * forbids, so Prism is left out. `reason`: of the problem document.
   */
  async call(id, { path = {}, query = {}, body, bytes, headers = {}, token, cookie, csrf, key, ifMatch, expect, reason, malformed = false } = {}) {
    const operation = this.operation(id)
    const sent = { Accept: 'application/json, application/problem+json, */*', 'Accept-Language': 'en' }
    if (token) sent.Authorization = `Bearer ${token}`
    if (cookie) sent.Cookie = cookie
    if (csrf) sent['X-CSRF-Token'] = csrf
    const wantsKey = operation.parameters?.some((parameter) => parameter.name === 'Idempotency-Key')
    if (wantsKey && key !== null) sent['Idempotency-Key'] = key ?? randomUUID()
    if (ifMatch !== undefined) sent['If-Match'] = `"${ifMatch}"`
    const content = Object.keys(operation.requestBody?.content ?? {})[0]
    if (content && bytes === undefined) bytes = Buffer.from(JSON.stringify(body ?? {}))
    if (bytes !== undefined && content) sent['Content-Type'] = content
    Object.assign(sent, headers)
    for (const name of Object.keys(sent)) if (sent[name] === null) delete sent[name]
    const prism = this.prism && !malformed && this.canUsePrism(operation)
    const request = { method: operation.method, headers: sent, body: bytes, redirect: 'manual' }
    const answer = await fetch(this.url(prism ? this.prism : this.direct, operation, path, query), request)
    const received = Buffer.from(await answer.arrayBuffer())
    ++this.calls
    if (prism && received.includes('https://stoplight.io/prism/errors')) {
      throw new Violation(`${operation.id}: Prism says ${received.toString().slice(0, 1500)}`)
    }
    const json = this.check(operation, answer.status, answer.headers, received)
    const wanted = expect === undefined ? [Number(Object.keys(operation.responses).find((status) => status < '300'))] : [expect].flat()
    const said = () => `${operation.method} ${this.url('', operation, path, query)}: ${answer.status} ${received.toString().slice(0, 900)}`
    if (!wanted.includes(answer.status)) throw new Error(`expected ${wanted}: ${said()}`)
    if (reason && json?.reason !== reason) throw new Error(`expected ${reason}: ${said()}`)
    this.note(operation, answer.status)
    if (answer.status < 300) this.last.set(id, { path, query, body, bytes, headers, token, cookie, csrf, key: sent['Idempotency-Key'], ifMatch })
    return { status: answer.status, headers: answer.headers, json, bytes: received, key: sent['Idempotency-Key'] }
  }

  /** Just the JSON of a successful call. */
  async ask(id, options) {
    return (await this.call(id, options)).json
  }

  note(operation, status) {
    this.called.get(operation.id)[status < 400 ? 'good' : 'bad'].add(status)
  }

  /** The first bytes of an event stream, checked, until `done` is content with them. */
  async stream(id, { path, query, token, done }) {
    const operation = this.operation(id)
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(), 20_000)
    const answer = await fetch(this.url(this.direct, operation, path, query), { headers: { Authorization: `Bearer ${token}` }, signal: stop.signal })
    let text = ''
    try {
      for await (const chunk of answer.body) {
        text += Buffer.from(chunk).toString()
        if (done(text)) break
      }
    } finally {
      clearTimeout(timer)
      stop.abort()
    }
    this.check(operation, answer.status, answer.headers, Buffer.from(text))
    this.last.set(id, { path, query, token })
    this.note(operation, answer.status)
    return text
  }

  /** A request as bytes, for what no client would send. */
  async raw(id, { path = {}, lines, expect, reason }) {
    const operation = this.operation(id)
    const { hostname, port } = new URL(this.direct)
    const target = this.url('', operation, path, {})
    const text = await new Promise((done, failed) => {
      let got = ''
      const socket = connect(Number(port), hostname, () => socket.write(`${operation.method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`))
      socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')))
      socket.on('data', (chunk) => (got += chunk))
      socket.on('end', () => done(got))
      socket.on('error', failed)
    })
    ++this.calls
    const [head, ...rest] = text.split('\r\n\r\n')
    const status = Number(head.split(' ')[1])
    const headers = new Headers(head.split('\r\n').slice(1).map((line) => line.split(/:\s*/, 2)))
    const json = this.check(operation, status, headers, Buffer.from(rest.join('\r\n\r\n')))
    if (status !== expect || (reason && json.reason !== reason)) throw new Error(`expected ${expect} ${reason}: ${text.slice(0, 500)}`)
    this.note(operation, status)
  }

  /** What was never called, with success and with refusal. */
  uncalled() {
    const open = []
    for (const [id, { good, bad }] of this.called) {
      if (good.size === 0) open.push(`${id} never succeeded`)
      if (bad.size === 0 && Object.keys(this.operation(id).responses).some((status) => status >= '400')) open.push(`${id} was never refused`)
    }
    return open
  }
}
