// One of a few words, or all of them: the browser's own list, which every keyboard and reader knows.
import { useId } from 'react'

interface Props<Value extends string> {
  label: string
  value: Value | ''
  all: string
  options: readonly { value: Value; word: string }[]
  choose(value: Value | ''): void
}

export function Choose<Value extends string>({ label, value, all, options, choose }: Props<Value>) {
  const id = useId()
  return (
    <div className="devices-field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => choose(event.target.value as Value | '')}>
        <option value="">{all}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.word}
          </option>
        ))}
      </select>
    </div>
  )
}
