// An ordered list of texts to tick, each of them a line.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../parts/Field'
import { Ordered } from '../parts/Ordered'
import { replaced } from '../parts/rows'
import { freshKey, LONGEST, MOST, type TextRow } from './steps'

interface Props<Row extends TextRow> {
  rows: readonly Row[]
  /** What a new row has besides its text. */
  fresh: Omit<Row, 'key' | 'text'>
  change: (rows: Row[]) => void
  empty: string
  also?: (row: Row, put: (part: Partial<Row>) => void) => ReactNode
}

export function TextRows<Row extends TextRow>({ rows, fresh, change, empty, also }: Props<Row>) {
  const { t } = useTranslation()
  return (
    <Ordered
      items={rows}
      keyOf={(row) => row.key}
      nameOf={(_, number) => t('planning.step_number', { number: number + 1 })}
      change={change}
      add={t('planning.add_step')}
      onAdd={() => change([...rows, { ...fresh, key: freshKey(rows), text: '' } as Row])}
      most={MOST}
      empty={empty}
    >
      {(row, number) => {
        const put = (part: Partial<Row>) => change(replaced(rows, number, { ...row, ...part }))
        return (
          <div className="fields">
            {also?.(row, put)}
            <Field
              label={t('planning.step_number', { number: number + 1 })}
              faults={row.text.trim() === '' ? [t('planning.text_missing')] : []}
            >
              {(wired) => (
                <input
                  {...wired}
                  className="wide"
                  maxLength={LONGEST}
                  autoComplete="off"
                  value={row.text}
                  onChange={(event) => put({ text: event.target.value } as Partial<Row>)}
                />
              )}
            </Field>
          </div>
        )
      }}
    </Ordered>
  )
}
