// A contact while it is edited, and what can be seen wrong with it before it is sent.
import type { OutageContact } from '../../wire/types'

export interface ContactDraft {
  name: string
  email: string
  webhook: string
}

export const BLANK: ContactDraft = { name: '', email: '', webhook: '' }

export function draftOf(contact: OutageContact | null): ContactDraft {
  return contact ? { name: contact.name, email: contact.email, webhook: contact.webhook } : BLANK
}

export function trimmed({ name, email, webhook }: ContactDraft): ContactDraft {
  return { name: name.trim(), email: email.trim(), webhook: webhook.trim() }
}

/** The faults that the hub would find too, in its own codes, by field. */
export function faultsOf(draft: ContactDraft): Partial<Record<keyof ContactDraft, string>> {
  const { name, email, webhook } = trimmed(draft)
  const found: Partial<Record<keyof ContactDraft, string>> = {}
  if (!name) found.name = 'name_missing'
  if (!email && !webhook) found.email = 'contact_means'
  if (email && !/^[^\s@]+@[^\s@]+$/.test(email)) found.email = 'contact_email'
  if (webhook && !/^https:\/\/[^\s/]+\.[^\s/]+/.test(webhook)) found.webhook = 'contact_webhook'
  return found
}
