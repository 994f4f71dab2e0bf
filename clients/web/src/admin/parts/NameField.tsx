// What a plan or a rota is called.
import { useTranslation } from 'react-i18next'
import { Field } from './Field'

interface Props {
  name: string
  missing: boolean
  change: (name: string) => void
}

export function NameField({ name, missing, change }: Props) {
  const { t } = useTranslation()
  return (
    <Field label={t('planning.name')} faults={missing ? [t('planning.name_missing')] : []}>
      {(wired) => (
        <input
          {...wired}
          maxLength={80}
          value={name}
          autoComplete="off"
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  )
}
