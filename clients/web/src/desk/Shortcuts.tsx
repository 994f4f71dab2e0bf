// The list of keys that `?` shows.
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { KEYS, type KeyAct } from './keys'

export function Shortcuts({ open, setOpen }: { open: boolean; setOpen(open: boolean): void }) {
  const { t } = useTranslation()
  const keyWord = (key: string) =>
    key === 'ArrowDown'
      ? t('keys.arrow_down')
      : key === 'ArrowUp'
        ? t('keys.arrow_up')
        : key === 'Escape'
          ? 'Esc'
          : key.toUpperCase()
  const actWord = (act: KeyAct) => (act === 'close' ? t('keys.close_case') : t(`keys.${act}`))
  return (
    <ModalOverlay className="veil" isOpen={open} onOpenChange={setOpen} isDismissable>
      <Modal className="sheet">
        <Dialog className="sheet-inside">
          <Heading slot="title">{t('keys.title')}</Heading>
          <dl className="keys">
            {KEYS.map(({ key, act }) => (
              <div key={act}>
                <dt>
                  <kbd>{key === 'Enter' ? 'Enter' : keyWord(key)}</kbd>
                </dt>
                <dd>{actWord(act)}</dd>
              </div>
            ))}
            <div>
              <dt>
                <kbd>Ctrl + Enter</kbd>
              </dt>
              <dd>{t('keys.save')}</dd>
            </div>
          </dl>
          <Button className="act" onPress={() => setOpen(false)}>
            {t('keys.close')}
          </Button>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
