// An external alarm centre while it is edited, and the reserve as it is put.
import type { PutReceiver, PutReserve, ReceiverView, ReserveView } from '../../wire/types'

export const TRANSPORTS = ['tls', 'tcp', 'udp'] as const
export type Transport = (typeof TRANSPORTS)[number]

export interface ReceiverDraft {
  name: string
  transport: Transport
  host: string
  port: string
  called: string
  account: string
  own_accounts: boolean
  user: string
  /** Empty keeps what is there. */
  password: string
  on: boolean
}

export function draftOf(view: ReceiverView | null): ReceiverDraft {
  if (!view) {
    return {
      name: '',
      transport: 'tls',
      host: '',
      port: '5061',
      called: '',
      account: '',
      own_accounts: false,
      user: '',
      password: '',
      on: true,
    }
  }
  const [, transport = '', host = '', port = ''] = /^([a-z]+):(.*):(\d+)$/.exec(view.address) ?? []
  return {
    name: view.name,
    transport: TRANSPORTS.find((one) => one === transport) ?? 'tls',
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port,
    called: view.called,
    account: view.account,
    own_accounts: view.own_accounts,
    user: view.user,
    password: '',
    on: view.on,
  }
}

export function addressOf(draft: ReceiverDraft): string {
  const host = draft.host.trim()
  return `${draft.transport}:${host.includes(':') ? `[${host}]` : host}:${draft.port.trim()}`
}

type Faults = Partial<
  Record<keyof ReceiverDraft, 'name' | 'host' | 'port' | 'account' | 'called' | 'user' | 'user_missing'>
>

/** What the hub would refuse too, by field. `kept`: a password is there already. */
export function faultsOf(draft: ReceiverDraft, kept: boolean): Faults {
  const found: Faults = {}
  if (!draft.name.trim()) found.name = 'name'
  if (!/^[A-Za-z0-9.:_-]+$/.test(draft.host.trim())) found.host = 'host'
  const port = Number(draft.port)
  if (!/^\d{1,5}$/.test(draft.port.trim()) || port < 1 || port > 65535) found.port = 'port'
  if (!/^\d{1,16}$/.test(draft.account.trim())) found.account = 'account'
  if (!/^[A-Za-z0-9._+-]{0,64}$/.test(draft.called.trim())) found.called = 'called'
  if (!/^[A-Za-z0-9._+@-]{0,80}$/.test(draft.user.trim())) found.user = 'user'
  else if (!draft.user.trim() && (kept || draft.password)) found.user = 'user_missing'
  return found
}

/** A receiver as it stands, to be put unchanged. */
export function kept(view: ReceiverView): PutReceiver {
  const { id, name, address, called, user, account, own_accounts, on } = view
  return { id, name, address, called, user, account, own_accounts, on, password: null }
}

export function put(draft: ReceiverDraft, id: string | null): PutReceiver {
  return {
    id,
    name: draft.name.trim(),
    address: addressOf(draft),
    called: draft.called.trim(),
    user: draft.user.trim(),
    account: draft.account.trim(),
    own_accounts: draft.own_accounts,
    on: draft.on,
    password: draft.password || null,
  }
}

/** The reserve as it was seen, with this changed. */
export function reserveWith(view: ReserveView, part: Partial<Pick<PutReserve, 'on' | 'receivers'>>): PutReserve {
  return { on: view.on, receivers: view.receivers.map(kept), seen: view.tag, ...part }
}

export type Tested = 'out_of_use' | 'untested' | 'answered' | 'failed'

/** What the test of each minute has come to. */
export function testedOf(view: ReceiverView): Tested {
  if (!view.on) return 'out_of_use'
  if (view.tested_at === null || view.outcome === null) return 'untested'
  return view.outcome === 'taken' ? 'answered' : 'failed'
}
