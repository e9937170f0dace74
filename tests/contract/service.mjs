// Starts what the tests speak to: the service with its reference agencies, and Prism before it. Ports are never fixed.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const here = dirname(fileURLToPath(import.meta.url))
export const root = resolve(here, '../..')
const pause = (ms) => new Promise((done) => setTimeout(done, ms))

/** Looks until `look` gives something, at most `seconds`. */
export async function until(what, look, seconds = 60) {
  const end = Date.now() + seconds * 1000
  for (let wait = 20; ; wait = Math.min(wait * 2, 250)) {
    const found = await look()
    if (found) return found
    if (Date.now() > end) throw new Error(`gave up waiting for ${what}`)
    await pause(wait)
  }
}

function ended(child) {
  return new Promise((done) => (child.exitCode !== null || child.signalCode ? done() : child.once('exit', done)))
}

export async function startService(binary, more = []) {
  const folder = mkdtempSync(join(tmpdir(), 'onewindow-contract-'))
  const data = join(folder, 'data')
  const child = spawn(resolve(binary), ['demo', '--bare', '--listen', '127.0.0.1:0', '--data', data, ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  child.stderr.on('data', (text) => (said += text))
  const address = await until('the service', () => {
    if (child.exitCode !== null) throw new Error(`the service ended: ${said}`)
    const file = join(data, 'address')
    return existsSync(file) && readFileSync(file, 'utf8').trim()
  })
  return {
    data,
    url: address,
    identityUrl: readFileSync(join(data, 'identity_address'), 'utf8').trim(),
    accounts: JSON.parse(readFileSync(join(data, 'demo_accounts.json'), 'utf8')),
    log: () => readFileSync(join(data, 'service.jsonl'), 'utf8'),
    /** Stops one reference agency, as if its machine was switched off: its matters stay open until somebody works them off. */
    switchOff(kind) {
      const pids = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')
      const found = pids.filter((pid) => {
        const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
        return args[args.indexOf('--kind') + 1] === kind
      })
      if (found.length !== 1) throw new Error(`no agency of kind ${kind}`)
      process.kill(Number(found[0]), 'SIGTERM')
    },
    async stop() {
      child.kill('SIGTERM')
      await ended(child)
      if (process.env.KEEP) console.log(`kept: ${folder}`)
      else rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function startPrism(document, upstream) {
  const child = spawn(process.execPath, [join(here, 'node_modules/@stoplight/prism-cli/dist/index.js'), 'proxy', document, upstream, '--errors', '-h', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  })
  let said = ''
  let url = ''
  const listen = (text) => {
    if (url) return // Its log of each request is not needed.
    said += text
    url = (said.match(/Prism is listening on (http:\/\/[0-9.:]+)/) ?? [])[1] ?? ''
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  await until('Prism', () => {
    if (child.exitCode !== null) throw new Error(`Prism ended: ${said}`)
    return url
  })
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 3000)
      await ended(child)
      clearTimeout(late)
    },
  }
}

export const readDocument = (file = join(root, 'docs/openapi.json')) => JSON.parse(readFileSync(file, 'utf8'))
export const readSample = (name) => JSON.parse(readFileSync(join(root, 'samples', `${name}.json`), 'utf8'))
export const sampleNames = () =>
  readdirSync(join(root, 'samples')).filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5))
export const printedDocument = (binary) => execFileSync(resolve(binary), ['openapi'], { maxBuffer: 64 << 20 })
