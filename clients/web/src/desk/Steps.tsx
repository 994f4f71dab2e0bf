// The steps of a case, to tick. What is ticked shows at once as on its way, and as done when the hub has stored it.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { timeOfDay } from '../shell/clock'
import type { StepView } from '../wire/types'
import type { Act } from './feed'

interface Props {
  steps: readonly StepView[]
  mine: boolean
  act(act: Act): void
}

export function Steps({ steps, mine, act }: Props) {
  const { t, i18n } = useTranslation()
  const [sent, setSent] = useState<ReadonlyMap<string, boolean>>(new Map())
  // What the hub says is what stands.
  // biome-ignore lint/correctness/useExhaustiveDependencies: new steps from the hub are the reason
  useEffect(() => setSent(new Map()), [steps])
  if (steps.length === 0) return null
  const tick = (step: string, done: boolean) => {
    setSent(new Map(sent).set(step, done))
    act({ act: 'tick', step, done })
  }
  return (
    <section className="part steps" id="steps" aria-labelledby="steps-title">
      <h3 id="steps-title">
        {t('handling.steps')}{' '}
        <span className="key" aria-hidden="true">
          K
        </span>
      </h3>
      <ol>
        {steps.map((step) => (
          <li key={step.id} data-done={step.ticked_at !== null}>
            <label>
              <input
                type="checkbox"
                checked={sent.get(step.id) ?? step.ticked_at !== null}
                disabled={!mine}
                onChange={(event) => tick(step.id, event.target.checked)}
              />
              <span className="step-text">
                {step.code ? t(`handling.step.${step.code}`) : step.text}
                {step.origin === 'resident' && <span className="step-own">{t('handling.steps_own')}</span>}
              </span>
              {step.ticked_at && (
                <span className="step-by">
                  {t('handling.note_by', {
                    name: step.ticked_by_name ?? step.ticked_by ?? '',
                    time: timeOfDay(Date.parse(step.ticked_at), i18n.language),
                  })}
                </span>
              )}
            </label>
          </li>
        ))}
      </ol>
    </section>
  )
}
