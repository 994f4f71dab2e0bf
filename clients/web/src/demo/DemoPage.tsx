// Only in the demonstration: whom to be, grouped by where that person works.
import './demo.css'
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { ask } from '../shell/ask'
import { Switches } from '../shell/Switches'
import type { DemoPerson, SessionView } from '../wire/types'

const ORDER = ['/desk', '/staff', '/admin', '/devices', '/home'] as const

export function groups(
  people: readonly DemoPerson[],
): { page: (typeof ORDER)[number] | 'other'; people: DemoPerson[] }[] {
  const known = ORDER.map((page) => ({ page, people: people.filter((one) => one.page === page) }))
  const other = people.filter((one) => !ORDER.some((page) => page === one.page))
  return [...known, { page: 'other' as const, people: other }].filter((group) => group.people.length > 0)
}

const NAMES = {
  '/desk': 'desk',
  '/staff': 'staff',
  '/admin': 'admin',
  '/devices': 'devices',
  '/home': 'home',
  other: 'other',
} as const

export function DemoPage({ people, go }: { people: readonly DemoPerson[]; go(page: string): void }) {
  const { t } = useTranslation()
  const [failed, setFailed] = useState(false)
  const [busy, setBusy] = useState(false)
  const be = async (person: DemoPerson) => {
    setBusy(true)
    setFailed(false)
    try {
      await ask<SessionView>('/api/v1/demo/session', { method: 'POST', body: { as: person.id } })
      go(person.page)
    } catch {
      setFailed(true)
      setBusy(false)
    }
  }
  return (
    <div className="demo">
      <header>
        <p className="demo-banner">{t('demo.banner')}</p>
        <div className="demo-head">
          <p className="demo-name">{t('app.name')}</p>
          <div className="demo-switches">
            <Switches />
          </div>
        </div>
      </header>
      <main>
        <h1>{t('demo.title')}</h1>
        <p className="demo-lead">{t('demo.lead')}</p>
        <p className="demo-failed" role="alert">
          {failed && t('demo.failed')}
        </p>
        {groups(people).map((group) => {
          const name = NAMES[group.page]
          return (
            <section key={group.page} aria-labelledby={`group-${name}`}>
              <h2 id={`group-${name}`}>{t(`demo.${name}.title`)}</h2>
              {name !== 'other' && <p className="calm">{t(`demo.${name}.what`)}</p>}
              <ul className="demo-people">
                {group.people.map((person) => (
                  <li key={person.id}>
                    <Button className="demo-person" isDisabled={busy} onPress={() => void be(person)}>
                      <strong>{person.name}</strong>
                      <span>{person.what}</span>
                    </Button>
                  </li>
                ))}
              </ul>
            </section>
          )
        })}
      </main>
    </div>
  )
}
