// Closing: cause, measure, and whom it concerned. The act is inactive, with a sentence, until nothing is missing.
import { Button, Label, Radio, RadioGroup, TextArea, TextField } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { CaseView, Cause, Close, HouseholdMember, Measure, NobodyReason } from '../wire/types'
import { type Draft, missingToClose } from './drafts'

const CAUSES: readonly Cause[] = [
  'fall',
  'illness',
  'pain',
  'worry',
  'help_needed',
  'toilet',
  'mistake',
  'technical_fault',
  'visitor',
  'other',
]
const MEASURES: readonly Measure[] = [
  'spoke',
  'staff_sent',
  'ambulance',
  'relative_called',
  'reported_technical',
  'none_needed',
  'other',
]
const NOBODY: readonly NobodyReason[] = ['not_identified', 'nobody_home', 'device_only']

interface Props {
  view: CaseView
  draft: Draft
  me: string | undefined
  /** Who it may have been, when the case does not say. */
  maybe: readonly HouseholdMember[]
  /** A call on the case has no result yet. */
  callOpen: boolean
  waiting: boolean
  change(part: Partial<Draft>): void
  close(act: Close): void
}

export function CloseForm({ view, draft, me, maybe, callOpen, waiting, change, close }: Props) {
  const { t } = useTranslation()
  const missing = missingToClose(draft, view, me, callOpen)
  const { cause, measure } = draft
  const who = [
    ...maybe.map((member) => ({
      value: `is ${member.id}`,
      word: member.age === null ? member.name : t('queue.age', { name: member.name, age: member.age }),
    })),
    ...NOBODY.map((reason) => ({ value: `no ${reason}`, word: t(`nobody.${reason}`) })),
  ]
  const send = () => {
    if (missing.length > 0 || !cause || !measure) return
    const { said, resident, nobody } = draft
    const named = view.resident === null ? { resident, nobody } : { resident: null, nobody: null }
    close({ act: 'close', cause, measure, note: said.trim(), ...named })
  }
  return (
    <section className="part close" aria-labelledby="close-title">
      <h3 id="close-title">
        {t('close.title')}{' '}
        <span className="key" aria-hidden="true">
          C
        </span>
      </h3>
      <Choice
        name="cause"
        label={t('close.cause')}
        value={cause}
        options={CAUSES.map((value) => ({ value, word: t(`cause.${value}`) }))}
        choose={(value) => change({ cause: value as Cause })}
      />
      <Choice
        name="measure"
        label={t('close.measure')}
        value={measure}
        options={MEASURES.map((value) => ({ value, word: t(`measure.${value}`) }))}
        choose={(value) => change({ measure: value as Measure })}
      />
      {view.resident === null && view.kind === 'person' && (
        <Choice
          name="who"
          label={t('close.who')}
          value={draft.resident ? `is ${draft.resident}` : draft.nobody ? `no ${draft.nobody}` : null}
          options={who}
          choose={(value) =>
            change(
              value.startsWith('is ')
                ? { resident: value.slice(3), nobody: null }
                : { resident: null, nobody: value.slice(3) as NobodyReason },
            )
          }
        />
      )}
      <TextField className="field" value={draft.said} onChange={(said) => change({ said })} maxLength={2000}>
        <Label>{t('close.text')}</Label>
        <TextArea rows={1} />
      </TextField>
      <div className="close-end">
        <Button className="act" isDisabled={missing.length > 0 || waiting} onPress={send}>
          {t('close.act')}
        </Button>
        <p className="close-missing" role="status">
          {missing[0] && t(`close.missing.${missing[0]}`)}
        </p>
      </div>
    </section>
  )
}

interface ChoiceProps {
  name: string
  label: string
  value: string | null
  options: readonly { value: string; word: string }[]
  choose(value: string): void
}

function Choice({ name, label, value, options, choose }: ChoiceProps) {
  return (
    <RadioGroup className="choice" data-choice={name} value={value} onChange={choose} orientation="horizontal">
      <Label>{label}</Label>
      <div className="choice-options">
        {options.map((option) => (
          <Radio key={option.value} value={option.value} className="chip">
            {option.word}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  )
}
