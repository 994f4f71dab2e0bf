// What one shift leaves for the next: in the foot, said there when it is new, read and acknowledged in a sheet.
import { useCallback, useEffect, useState } from 'react'
import { Button, Dialog, Heading, Label, Modal, ModalOverlay, TextArea, TextField } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { ask, Problem } from '../shell/ask'
import { dayAndTime } from '../shell/clock'
import type { ShiftNotes } from '../wire/types'

const PATH = '/api/v1/shift-note'
const LOOK_EVERY = 60_000

export function ShiftNote({ me }: { me: string }) {
  const { t, i18n } = useTranslation()
  const [notes, setNotes] = useState<ShiftNotes | null>(null)
  const [shown, setShown] = useState(false)
  const [text, setText] = useState('')
  const [failed, setFailed] = useState<'changed' | 'failed' | null>(null)
  const look = useCallback(async () => {
    try {
      setNotes(await ask<ShiftNotes>(PATH))
    } catch {
      // The next look is a minute away, and the strip says when the hub is.
    }
  }, [])
  useEffect(() => {
    void look()
    const timer = setInterval(look, LOOK_EVERY)
    return () => clearInterval(timer)
  }, [look])
  const open = notes?.open ?? null
  const others = open !== null && open.by !== me
  const send = async (path: string, body?: unknown) => {
    setFailed(null)
    try {
      setNotes(await ask<ShiftNotes>(path, { method: 'POST', body }))
      return true
    } catch (error) {
      setFailed(error instanceof Problem && error.code === 'note_changed' ? 'changed' : 'failed')
      void look()
      return false
    }
  }
  const show = () => {
    setText(others ? '' : (open?.text ?? ''))
    setFailed(null)
    setShown(true)
    void look()
  }
  const save = async () => {
    if (await send(PATH, { text: text.trim(), version: open?.version ?? 0 })) setShown(false)
  }
  const time = (at: string) => dayAndTime(Date.parse(at), i18n.language)
  return (
    <>
      <Button id="shift-button" className="switch" data-new={others || undefined} onPress={show}>
        {others ? t('handling.shift_new', { name: open.by_name }) : t('handling.shift')}{' '}
        <span className="key" aria-hidden="true">
          J
        </span>
      </Button>
      <ModalOverlay className="veil" isOpen={shown} onOpenChange={setShown} isDismissable>
        <Modal className="sheet">
          <Dialog className="sheet-inside">
            <Heading slot="title">{t('handling.shift')}</Heading>
            {others && (
              <div className="shift-note">
                <p>{open.text}</p>
                <p className="calm">{t('handling.note_by', { name: open.by_name, time: time(open.at) })}</p>
                <Button className="act act-first" onPress={() => send(`${PATH}/${open.id}/acknowledge`)}>
                  {t('handling.shift_ack')}
                </Button>
              </div>
            )}
            {!others && (
              <>
                {notes?.last && (
                  <div className="shift-note">
                    <p className="calm">{t('handling.shift_last')}</p>
                    <p>{notes.last.text}</p>
                    <p className="calm">
                      {t('handling.note_by', { name: notes.last.by_name, time: time(notes.last.at) })}
                      {' · '}
                      {notes.last.acknowledged_at &&
                        t('handling.shift_acked', {
                          name: notes.last.acknowledged_by_name ?? '',
                          time: time(notes.last.acknowledged_at),
                        })}
                    </p>
                  </div>
                )}
                <TextField className="field" value={text} onChange={setText} maxLength={2000}>
                  <Label>{t('handling.shift_write')}</Label>
                  <TextArea rows={5} />
                </TextField>
              </>
            )}
            <div className="acts">
              {!others && (
                <Button className="act act-first" isDisabled={!text.trim()} onPress={save}>
                  {t('handling.shift_save')}
                </Button>
              )}
              <Button className="act" onPress={() => setShown(false)}>
                {t('handling.close')}
              </Button>
              <p role="status">
                {failed === 'changed' && t('handling.shift_changed')}
                {failed === 'failed' && t('handling.shift_failed')}
              </p>
            </div>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </>
  )
}
