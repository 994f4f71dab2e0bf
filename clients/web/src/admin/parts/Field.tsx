// A field with its label, and what is wrong with it in a sentence beside it.
import { type ReactNode, useId } from 'react'
import type { Named } from '../../wire/types'

interface Wired {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

interface FieldProps {
  label: string
  hint?: string | undefined
  faults?: readonly string[]
  narrow?: boolean
  children: (wired: Wired) => ReactNode
}

export function Field({ label, hint, faults = [], narrow = false, children }: FieldProps) {
  const id = useId()
  const described = [hint && `${id}-hint`, faults.length > 0 && `${id}-fault`].filter(Boolean).join(' ')
  return (
    <div className="field" data-narrow={narrow || undefined}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': faults.length > 0 || undefined })}
      {hint && (
        <p id={`${id}-hint`} className="calm field-hint">
          {hint}
        </p>
      )}
      <Faults id={`${id}-fault`} sentences={faults} />
    </div>
  )
}

/** What is wrong, with a mark that is not only a colour; nothing when all is well. */
export function Faults({ id, sentences }: { id?: string; sentences: readonly string[] }) {
  if (sentences.length === 0) return null
  return (
    <p id={id} className="fault">
      <span aria-hidden="true">▲ </span>
      {sentences.join(' ')}
    </p>
  )
}

interface SelectProps {
  label: string
  value: string
  options: readonly Named[]
  /** What the empty choice is called, where there may be none. */
  none?: string
  faults?: readonly string[]
  hint?: string | undefined
  choose: (id: string) => void
}

/** A choice by name. What is chosen and is no longer there is shown by its id, so that nothing changes unseen. */
export function Select({ label, value, options, none, faults = [], hint, choose }: SelectProps) {
  const gone = value !== '' && !options.some((one) => one.id === value)
  return (
    <Field label={label} faults={faults} hint={hint}>
      {(wired) => (
        <select {...wired} value={value} onChange={(event) => choose(event.target.value)}>
          {(none !== undefined || value === '') && <option value="">{none ?? '–'}</option>}
          {gone && <option value={value}>{value}</option>}
          {options.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

interface ChecksProps {
  label: string
  options: readonly Named[]
  chosen: readonly string[]
  faults?: readonly string[]
  hint?: string
  change: (chosen: string[]) => void
}

/** Several of a few, kept in the order in which they are offered. */
export function Checks({ label, options, chosen, faults = [], hint, change }: ChecksProps) {
  const id = useId()
  return (
    <fieldset className="checks" aria-describedby={hint ? `${id}-hint` : undefined}>
      <legend>{label}</legend>
      {hint && (
        <p id={`${id}-hint`} className="calm field-hint">
          {hint}
        </p>
      )}
      <div className="checks-row">
        {options.map((one) => (
          <label key={one.id}>
            <input
              type="checkbox"
              checked={chosen.includes(one.id)}
              onChange={(event) => {
                const now = new Set(chosen)
                if (event.target.checked) now.add(one.id)
                else now.delete(one.id)
                change(options.map((option) => option.id).filter((option) => now.has(option)))
              }}
            />
            {one.name}
          </label>
        ))}
      </div>
      <Faults sentences={faults} />
    </fieldset>
  )
}
