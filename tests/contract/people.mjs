// Persons and officers whose every call is checked against the document.
import { Stranger } from './stranger.mjs'
import { totp } from './totp.mjs'

/** The stranger's client, its calls made by the checking caller. */
export class CheckedPerson extends Stranger {
  constructor(contract, addresses, person) {
    super(contract.document, addresses, person)
    this.contract = contract
  }

  async act(operation, path = {}, body = undefined, more = {}) {
    const ifMatch = more['If-Match']?.replaceAll('"', '')
    return this.contract.ask(operation, { path, body, token: this.token, ifMatch })
  }

  async read(operation, path = {}, config = {}) {
    const answer = await this.contract.call(operation, { path, token: this.token })
    return config.responseType === 'arraybuffer' ? answer.bytes : answer.json
  }
}

export async function logInAll(contract, addresses, sample) {
  const people = {}
  for (const person of sample.persons) people[person.key] = await new CheckedPerson(contract, addresses, person).logIn()
  return people
}

export class Desk {
  constructor(contract, service, clockShift) {
    Object.assign(this, { contract, service, clockShift })
    this.tokens = new Map()
  }

  now() {
    return Date.now() + this.clockShift
  }

  account(login) {
    const account = this.service.accounts.find((entry) => entry.login === login)
    return { login, password: account.password, code: totp(account.totp_secret, this.now()) }
  }

  async as(login) {
    if (!this.tokens.has(login)) this.tokens.set(login, (await this.contract.ask('openSession', { body: this.account(login) })).token)
    return this.tokens.get(login)
  }

  async call(login, operation, options = {}) {
    return this.contract.call(operation, { ...options, token: await this.as(login) })
  }

  async ask(login, operation, options = {}) {
    return (await this.call(login, operation, options)).json
  }

  /** Decides whatever the rules have referred. */
  async decideNext() {
    const dealt = await this.call('registrar', 'dealReviewTask', { expect: [200, 404] })
    if (dealt.status === 404) return undefined
    const path = { case: dealt.json.case_id }
    await this.ask('registrar', 'readReviewCase', { path })
    await this.ask('registrar', 'decideCase', { path, body: { decision: 'grant', reasons: [] } })
    return dealt.json.case_id
  }

  /** Prints and scans in what there is of one kit; hall by hall. */
  async collect(kit, halls) {
    const number = { case_number: kit.case_number }
    if (kit.items.some((item) => item.state === 'expected' && item.kind.startsWith('licence_'))) {
      const path = { hall: kit.hall }
      const printed = await this.call('clerk', 'printLicence', { path, body: number, expect: [201, 409] })
      if (printed.status === 409) {
        await this.ask('clerk', 'receiveBlanks', { path, body: { prefix: kit.hall, from: 1, count: 20 } })
        await this.ask('clerk', 'printLicence', { path, body: number })
      }
    }
    for (const hall of halls) {
      const { items } = await this.ask('clerk', 'listHallItems', { path: { hall }, query: { state: 'made' } })
      for (const item of items.filter((entry) => entry.case_number === kit.case_number)) {
        await this.ask('clerk', 'scanItem', { path: { hall }, body: { code: item.code } })
      }
    }
  }
}
