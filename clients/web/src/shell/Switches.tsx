// Language, light or dark, and leaving: the same small row wherever a page has room for it.
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { chooseLanguage } from '../text/text'
import { ask } from './ask'
import { chooseLook, isDark } from './look'

export function Switches({ leave = false }: { leave?: boolean }) {
  const { t, i18n } = useTranslation()
  const [dark, setDark] = useState(isDark)
  const other = i18n.language === 'sv' ? 'en' : 'sv'
  const next = dark ? 'light' : 'dark'
  const out = async () => {
    try {
      await ask('/api/v1/session', { method: 'DELETE' })
    } finally {
      // What was being written stays with whoever wrote it.
      sessionStorage.clear()
      location.assign('/')
    }
  }
  return (
    <>
      <Button className="switch" lang={other} onPress={() => chooseLanguage(other)}>
        {t(`page.${other}`)}
      </Button>
      <Button
        className="switch"
        onPress={() => {
          chooseLook(next)
          setDark(!dark)
        }}
      >
        {t(`page.${next}`)}
      </Button>
      {leave && (
        <Button className="switch" onPress={() => void out()}>
          {t('page.leave')}
        </Button>
      )}
    </>
  )
}
