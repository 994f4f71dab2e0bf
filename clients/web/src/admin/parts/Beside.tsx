// Beside what is edited: where an alarm would go by it, as it stands on the page, before and after it is saved.
import { useTranslation } from 'react-i18next'
import type { DraftSeen } from '../../wire/types'
import { AskedFields } from '../AskedFields'
import { Foreseen } from '../Foreseen'
import type { Asked } from '../foresee'
import type { Trial } from './useTrial'

interface Props {
  asked: Asked
  change: (part: Partial<Asked>) => void
  trial: Trial
  dirty: boolean
  /** The name of the plan that is tried, whatever the routes say. */
  plan?: string
}

export function Beside({ asked, change, trial, dirty, plan }: Props) {
  const { t } = useTranslation()
  return (
    <section className="beside" aria-labelledby="beside-title">
      <h2 id="beside-title">{dirty ? t('planning.would') : t('planning.will')}</h2>
      <div className="foresee-form beside-form">
        <AskedFields asked={asked} change={change} />
      </div>
      <p className="unseen" role="status">
        {trial.fresh && t('planning.tried')}
      </p>
      <div className="beside-answer" aria-busy={!trial.fresh && trial.trouble === 'none'}>
        <Answer trial={trial} plan={plan} />
      </div>
    </section>
  )
}

function Answer({ trial, plan }: { trial: Trial; plan: string | undefined }) {
  const { t } = useTranslation()
  if (trial.trouble !== 'none') {
    return <p>{t(trial.trouble === 'invalid' ? 'planning.trial_invalid' : 'planning.trial_unreachable')}</p>
  }
  if (!trial.seen) return <p>{t('foresee.wait')}</p>
  return <Seen seen={trial.seen} plan={plan} />
}

function Seen({ seen, plan }: { seen: DraftSeen; plan: string | undefined }) {
  const { t } = useTranslation()
  if (!seen.preview) return <p>{t('planning.trial_faults')}</p>
  if (plan === undefined) return <Foreseen view={seen.preview} />
  return (
    <>
      {!seen.led_to && <p className="foresee-failed">{t('planning.not_led_to')}</p>}
      <Foreseen view={seen.preview} draft={plan} />
    </>
  )
}
