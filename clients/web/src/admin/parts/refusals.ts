// The sentences for what the hub refuses here.
import type { TFunction } from 'i18next'
import type sv from '../../text/sv.json'

type Faults = keyof (typeof sv)['integrations']['fault']

const KNOWN: Record<Faults, true> = {
  subscription_url: true,
  subscription_many: true,
  clients_many: true,
  integrations_many: true,
  changed_meanwhile: true,
  receiver_address: true,
  receiver_user: true,
  receiver_twice: true,
  reserve_without_receiver: true,
  not_found: true,
  wrong_role: true,
  other_unit: true,
  invalid: true,
  unreachable: true,
  unknown: true,
}

export function faultSentence(code: string, t: TFunction): string {
  return t(`integrations.fault.${Object.hasOwn(KNOWN, code) ? (code as Faults) : 'unknown'}`)
}
