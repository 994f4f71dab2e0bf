// Which principal's figures to show, or those of all; nothing to choose where there is one.
import { useTranslation } from 'react-i18next'
import type { PrincipalNamed } from '../wire/types'

type Choice = {
  principals: readonly PrincipalNamed[]
  /** None is all of them. */
  principal: string
  choose: (principal: string) => void
  className?: string
}

export function PrincipalChoice({ principals, principal, choose, className }: Choice) {
  const { t } = useTranslation()
  if (principals.length <= 1) return null
  return (
    <label className={className}>
      {t('board.principal')}
      <select value={principal} onChange={(event) => choose(event.target.value)}>
        <option value="">{t('board.all')}</option>
        {principals.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
    </label>
  )
}
