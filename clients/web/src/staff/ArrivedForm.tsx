// How one knows that one is there, when no lock has said so: the tag at the door, or a reason.
import { useState } from 'react'
import { Button, Input, Label, TextField } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type sv from '../text/sv.json'
import type { ArrivedReason } from '../wire/types'

type Stated = keyof (typeof sv)['mission']['arrived_by']
const REASONS: readonly Stated[] = ['let_in', 'key', 'lock_failed', 'met_outside']

export function ArrivedForm({ tag, stated }: { tag(code: string): void; stated(reason: ArrivedReason): void }) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  return (
    <section className="mission-ask" aria-labelledby="arrived-title">
      <h2 id="arrived-title">{t('mission.arrived_how')}</h2>
      {REASONS.map((reason) => (
        <Button key={reason} className="staff-act" onPress={() => stated(reason)}>
          {t(`mission.arrived_by.${reason}`)}
        </Button>
      ))}
      <TextField className="staff-field" value={code} onChange={setCode} maxLength={80}>
        <Label>{t('mission.tag')}</Label>
        <Input autoCapitalize="none" autoComplete="off" spellCheck="false" />
      </TextField>
      <Button className="staff-act" isDisabled={code.trim() === ''} onPress={() => tag(code.trim())}>
        {t('mission.tag_send')}
      </Button>
    </section>
  )
}
