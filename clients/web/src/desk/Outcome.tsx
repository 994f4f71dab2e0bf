// What became of the last act: sent at once, done or why not only when the hub has said so.
import { useTranslation } from 'react-i18next'
import type { Answer, Pending } from './feed'
import { whyNot } from './words'

export function Outcome({ pending, answer }: { pending: Pending | undefined; answer: Answer | undefined }) {
  return (
    <p
      className="outcome"
      role="status"
      data-how={pending ? 'sent' : answer ? (answer.code ? 'refused' : 'done') : 'none'}
    >
      <Said pending={pending} answer={answer} />
    </p>
  )
}

function Said({ pending, answer }: { pending: Pending | undefined; answer: Answer | undefined }) {
  const { t } = useTranslation()
  if (pending) return pending.state === 'waiting' ? t('act.waiting') : t('act.sent')
  if (!answer) return null
  if (answer.code === null) return t(`act.done.${answer.act}`)
  const { sentence, code } = whyNot(answer.code, answer.handlerName, t)
  return (
    <>
      {sentence} {code && <small>({code})</small>}
    </>
  )
}
