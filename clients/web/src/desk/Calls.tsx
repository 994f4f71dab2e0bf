// Whom to call, in order, and what came of it. The call itself is by telephone: here the number is read and the call noted.
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { Call, CallResult, CallView, CaseDetail, ResidentCard } from '../wire/types'
import type { Act } from './feed'

const UNANSWERED: readonly CallResult[] = ['no_answer', 'busy', 'voicemail', 'number_fault', 'refused']
const ANSWERED: readonly CallResult[] = ['answered', 'refused', 'cut_off']

interface Props {
  detail: CaseDetail
  card: ResidentCard | null
  me: string
  waiting: boolean
  act(act: Act): void
}

interface Number {
  name: string
  phone: string
  call: Call
}

export function Calls({ detail, card, me, waiting, act }: Props) {
  const { t } = useTranslation()
  const numbers: Number[] = []
  if (card?.phone) numbers.push({ name: card.name, phone: card.phone, call: to('resident') })
  for (const one of card?.contacts ?? []) {
    numbers.push({ name: `${one.name}, ${one.relation}`, phone: one.phone, call: to('contact', one.id) })
  }
  numbers.push({ name: t('handling.other_number'), phone: '', call: to('other') })
  const open = detail.calls.filter((call) => call.state !== 'ended')
  const nameOf = (call: CallView) =>
    call.to_name ?? (call.to === 'resident' ? card?.name : undefined) ?? t(`handling.to.${call.to}`)
  return (
    <section className="part calls" id="calls" aria-labelledby="calls-title">
      <h3 id="calls-title">
        {t('handling.calls')}{' '}
        <span className="key" aria-hidden="true">
          P
        </span>
      </h3>
      {open.map((call) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields; these are acts
        <div key={call.id} className="call-open" role="group" aria-label={nameOf(call)}>
          <p role="status">
            {call.operator !== me
              ? t('handling.left_open', { name: nameOf(call) })
              : call.state === 'connected'
                ? t('handling.talking', { name: nameOf(call) })
                : t('handling.calling', { name: nameOf(call) })}
          </p>
          {call.operator === me && call.state === 'started' && (
            <Button className="act act-first" isDisabled={waiting} onPress={() => act({ act: 'call_connected' })}>
              {t('handling.connected')}
            </Button>
          )}
          {(call.state === 'connected' ? ANSWERED : UNANSWERED).map((result) => (
            <Button
              key={result}
              className="act"
              isDisabled={waiting}
              onPress={() => act({ act: 'call_ended', result, call: call.id })}
            >
              {t(`handling.result.${result}`)}
            </Button>
          ))}
        </div>
      ))}
      {!open.some((call) => call.operator === me) && (
        <ol>
          {numbers.map((one) => (
            <li key={`${one.call.to} ${one.call.contact}`}>
              <span>{one.name}</span>
              <span className="call-number">{one.phone}</span>
              <span className="calm">{last(detail.calls, one.call)?.map((word) => t(`handling.result.${word}`))}</span>
              <Button className="act" isDisabled={waiting} onPress={() => act(one.call)}>
                {t('handling.call')} <span className="unseen">{one.name}</span>
              </Button>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function to(whom: Call['to'], contact: string | null = null): Call {
  return { act: 'call', to: whom, contact, result: null }
}

/** What came of the last call there. */
function last(calls: readonly CallView[], there: Call): CallResult[] | undefined {
  const made = calls.findLast((call) => call.to === there.to && call.contact === there.contact)
  return made?.result ? [made.result] : undefined
}
