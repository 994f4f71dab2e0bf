// A visit that nobody has planned: whom, what kind, and the decision that it rests on.
import { useEffect, useState } from 'react'
import { Button, Input, Label, Radio, RadioGroup, Text, TextField } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { ask } from '../shell/ask'
import type { Visits } from '../visit/client'
import { firstName } from '../visit/scene'
import type { LegalBasis, ResidentList, ResidentListed, VisitKind } from '../wire/types'

const KINDS: readonly VisitKind[] = ['home', 'supervision']
const BASES: readonly LegalBasis[] = ['SoL', 'HSL', 'LSS']

type People = { state: 'waiting' } | { state: 'failed' } | { state: 'here'; people: ResidentListed[] }

export function NewVisit({ visits, back }: { visits: Visits; back(): void }) {
  const { t } = useTranslation()
  const [people, again] = usePeople()
  const [search, setSearch] = useState('')
  const [who, setWho] = useState<ResidentListed | null>(null)
  const [kind, setKind] = useState<VisitKind>('home')
  const [basis, setBasis] = useState<LegalBasis>('SoL')
  const [decision, setDecision] = useState('')
  const missing = who === null ? t('staff.missing_who') : decision.trim() === '' ? t('staff.missing_decision') : ''
  const ring = () => {
    if (who === null || missing) return
    visits.start({ resident: who.id, kind, legal_basis: basis, decision: decision.trim(), case: null })
  }
  return (
    <main className="staff-day">
      <div className="staff-head">
        <Button className="staff-act" onPress={back}>
          {t('staff.back')}
        </Button>
        <h1>{t('staff.new')}</h1>
      </div>
      <div className="staff-list">
        <Who people={people} again={again} search={search} setSearch={setSearch} who={who} setWho={setWho} />
        <RadioGroup className="staff-choice" value={kind} onChange={(value) => setKind(value as VisitKind)}>
          <Label>{t('staff.what')}</Label>
          <div className="staff-options">
            {KINDS.map((one) => (
              <Radio key={one} value={one} className="staff-option">
                {t(`staff.kind.${one}`)}
              </Radio>
            ))}
          </div>
        </RadioGroup>
        <RadioGroup className="staff-choice" value={basis} onChange={(value) => setBasis(value as LegalBasis)}>
          <Label>{t('staff.basis')}</Label>
          <div className="staff-options">
            {BASES.map((one) => (
              <Radio key={one} value={one} className="staff-option">
                {t(`staff.basis_name.${one}`)}
              </Radio>
            ))}
          </div>
        </RadioGroup>
        <TextField className="staff-field" value={decision} onChange={setDecision} maxLength={200}>
          <Label>{t('staff.decision')}</Label>
          <Input autoComplete="off" />
          <Text slot="description">{t('staff.decision_why')}</Text>
        </TextField>
      </div>
      <div className="staff-acts">
        <p className="staff-missing" role="status">
          {missing}
        </p>
        <Button className="staff-big" isDisabled={missing !== ''} onPress={ring}>
          {t('staff.ring', { name: who ? firstName(who.name) : '' }).trim()}
        </Button>
      </div>
    </main>
  )
}

interface WhoProps {
  people: People
  again(): void
  search: string
  setSearch(text: string): void
  who: ResidentListed | null
  setWho(one: ResidentListed | null): void
}

/** Many share a unit: a name is searched for, and those that fit are buttons. */
function Who({ people, again, search, setSearch, who, setWho }: WhoProps) {
  const { t } = useTranslation()
  if (people.state === 'waiting') return <p className="calm">{t('staff.people_wait')}</p>
  if (people.state === 'failed') {
    return (
      <div role="alert">
        <p>{t('staff.people_failed')}</p>
        <Button className="staff-act" onPress={again}>
          {t('staff.again')}
        </Button>
      </div>
    )
  }
  const wanted = search.trim().toLocaleLowerCase('sv')
  const fitting = people.people.filter((one) => one.name.toLocaleLowerCase('sv').includes(wanted))
  return (
    <>
      <TextField className="staff-field" value={search} onChange={setSearch} type="search">
        <Label>{t('staff.search')}</Label>
        <Input autoComplete="off" />
      </TextField>
      <RadioGroup
        className="staff-choice"
        value={who?.id ?? null}
        onChange={(id) => setWho(people.people.find((one) => one.id === id) ?? null)}
      >
        <Label>{t('staff.who')}</Label>
        <div className="staff-people">
          {fitting.map((one) => (
            <Radio key={one.id} value={one.id} className="staff-option">
              <strong>{one.name}</strong>
              <span className="calm">{one.town}</span>
            </Radio>
          ))}
        </div>
        {fitting.length === 0 && <p>{t('staff.nobody_found')}</p>}
      </RadioGroup>
    </>
  )
}

function usePeople(): [People, () => void] {
  const [people, setPeople] = useState<People>({ state: 'waiting' })
  const [turn, setTurn] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn asks again
  useEffect(() => {
    const leaving = new AbortController()
    setPeople({ state: 'waiting' })
    const look = async () => {
      const found: ResidentListed[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const more: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''
        const page: ResidentList = await ask<ResidentList>(`/api/v1/residents?limit=200${more}`, {
          signal: leaving.signal,
        })
        found.push(...page.items)
        cursor = page.next
      }
      setPeople({ state: 'here', people: found.sort((one, other) => one.name.localeCompare(other.name, 'sv')) })
    }
    look().catch(() => {
      if (!leaving.signal.aborted) setPeople({ state: 'failed' })
    })
    return () => leaving.abort()
  }, [turn])
  return [people, () => setTurn((before) => before + 1)]
}
