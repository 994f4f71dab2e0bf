// Something that cannot be taken back, in two steps: what will happen is said in words first.
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../../shell/ask'

interface Props {
  label: string
  /** What will happen. */
  children: ReactNode
  yes: string
  no: string
  /** Throws `Problem`. */
  act: () => Promise<void>
  /** The sentence for what was refused, by its code. */
  refused: (code: string) => string
  className?: string
  disabled?: boolean
}

export function Sure({ label, children, yes, no, act, refused, className, disabled = false }: Props) {
  const { t } = useTranslation()
  const [state, setState] = useState<'rest' | 'asking' | 'sending'>('rest')
  const [said, setSaid] = useState('')
  const first = useRef<HTMLButtonElement>(null)
  const go = async () => {
    if (state === 'sending') return
    setState('sending')
    try {
      await act()
    } catch (error) {
      setSaid(refused(error instanceof Problem ? error.code : 'unknown'))
    }
    setState('rest')
    first.current?.focus()
  }
  const asking = state !== 'rest'
  return (
    <div className="sure" data-asking={asking || undefined}>
      <div role="status">
        {asking && <div className="sure-what">{children}</div>}
        {said && <p className="fault">{said}</p>}
      </div>
      <div className="sure-acts">
        {asking && (
          <button type="button" className="main-act" aria-disabled={state === 'sending'} onClick={() => void go()}>
            {state === 'sending' ? t('planning.saving') : yes}
          </button>
        )}
        <button
          type="button"
          ref={first}
          className={asking ? undefined : className}
          disabled={disabled}
          onClick={() => {
            if (state === 'sending') return
            setState(asking ? 'rest' : 'asking')
            setSaid('')
          }}
        >
          {asking ? no : label}
        </button>
      </div>
    </div>
  )
}
