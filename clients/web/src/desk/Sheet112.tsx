// What to tell 112, to read aloud or copy. Each opening is on the timeline and in the access log.
import { useState } from 'react'
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { ask } from '../shell/ask'
import type { CaseView, Handover112 } from '../wire/types'

type Told = { state: 'closed' } | { state: 'waiting' } | { state: 'failed' } | { state: 'here'; told: Handover112 }

export function Sheet112({ view }: { view: CaseView }) {
  const { t, i18n } = useTranslation()
  const [shown, setShown] = useState<Told>({ state: 'closed' })
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no')
  const open = async () => {
    setCopied('no')
    setShown({ state: 'waiting' })
    try {
      const path = `/api/v1/cases/${encodeURIComponent(view.id)}/handover-112`
      setShown({ state: 'here', told: await ask<Handover112>(path, { method: 'POST' }) })
    } catch {
      setShown({ state: 'failed' })
    }
  }
  const close = () => setShown({ state: 'closed' })
  const lines = shown.state === 'here' ? (i18n.language.startsWith('sv') ? shown.told.sv : shown.told.en) : []
  const other = shown.state === 'here' ? (i18n.language.startsWith('sv') ? shown.told.en : shown.told.sv) : []
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(lines.join('\n'))
      setCopied('yes')
    } catch {
      setCopied('failed')
    }
  }
  return (
    <>
      <Button id="button-112" className="act" onPress={open}>
        {t('handling.told')}{' '}
        <span className="key" aria-hidden="true">
          1
        </span>
      </Button>
      <ModalOverlay
        className="veil"
        isOpen={shown.state !== 'closed'}
        onOpenChange={(isOpen) => {
          if (!isOpen) close()
        }}
        isDismissable
      >
        <Modal className="sheet">
          <Dialog className="sheet-inside">
            <Heading slot="title">{t('handling.told_title')}</Heading>
            {shown.state === 'waiting' && <p>{t('handling.told_wait')}</p>}
            {shown.state === 'failed' && <p>{t('handling.told_failed')}</p>}
            {shown.state === 'here' && (
              <>
                <div className="told-112">
                  {lines.map((line) => (
                    <p key={line}>{line}</p>
                  ))}
                </div>
                <details className="told-112-other" lang={i18n.language.startsWith('sv') ? 'en' : 'sv'}>
                  <summary>{i18n.language.startsWith('sv') ? t('page.en') : t('page.sv')}</summary>
                  {other.map((line) => (
                    <p key={line}>{line}</p>
                  ))}
                </details>
              </>
            )}
            <div className="acts">
              {shown.state === 'here' && (
                <Button className="act act-first" onPress={copy}>
                  {t('handling.copy')}
                </Button>
              )}
              <Button className="act" onPress={close}>
                {t('handling.close')}
              </Button>
              <p role="status">
                {copied === 'yes' && t('handling.copied')}
                {copied === 'failed' && t('handling.copy_failed')}
              </p>
            </div>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </>
  )
}
