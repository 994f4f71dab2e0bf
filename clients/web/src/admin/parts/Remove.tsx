// Remove something for good, in two steps, and what to change first where something still names it.
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, Problem } from '../../shell/ask'
import { leaveFor } from './useHeld'
import { faultSentence } from './words'

interface Props {
  what: string
  /** Where it is removed, with what was seen. */
  path: string
  /** Where to go afterwards. */
  back: string
}

export function Remove({ what, path, back }: Props) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  const [said, setSaid] = useState('')
  const first = useRef<HTMLButtonElement>(null)
  const remove = async () => {
    try {
      await ask(path, { method: 'DELETE' })
      leaveFor(back)
    } catch (error) {
      const code = error instanceof Problem ? error.code : 'unknown'
      setSaid(code === 'changed_meanwhile' ? t('planning.read_again') : faultSentence(code, t))
      setAsking(false)
      first.current?.focus()
    }
  }
  return (
    <div className="remove">
      {asking && (
        <>
          <span>{t('planning.remove_sure', { what })}</span>
          <button type="button" onClick={() => void remove()}>
            {t('planning.remove_yes')}
          </button>
        </>
      )}
      <button
        type="button"
        ref={first}
        onClick={() => {
          setAsking(!asking)
          setSaid('')
        }}
      >
        {asking ? t('planning.remove_no') : t('planning.remove_this', { what })}
      </button>
      <p role="status">{said}</p>
    </div>
  )
}
