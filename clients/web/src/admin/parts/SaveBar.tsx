// Save, undo, and what came of it; what to do when somebody else was first.
import { useTranslation } from 'react-i18next'
import { dayAndTime } from '../../shell/clock'
import { type Held, isDirty } from './hold'
import { useChoices } from './useChoices'
import type { Editing } from './useHeld'
import { faultSentence, nameOf } from './words'

interface Changed {
  changed_at: string | null
  changed_by: string | null
}

interface Props<View, Draft> {
  held: Held<View, Draft>
  editing: Editing<View, Draft>
  /** Why it cannot be saved as it stands, where that is known beforehand: then it is not sent. */
  stop?: string | null
  saved?: (view: View) => void
}

export function SaveBar<View, Draft>({ held, editing, stop = null, saved }: Props<View, Draft>) {
  const { t } = useTranslation()
  const dirty = isDirty(held)
  const { saving } = held
  // Not `disabled`: a button that goes away under the hand takes the focus with it.
  const ready = dirty && saving.is !== 'sending'
  const save = async () => {
    const stored = await editing.save()
    if (stored) saved?.(stored)
  }
  return (
    <div className="save-bar">
      {saving.is === 'changed' ? (
        <MeanWhile theirs={saving.theirs} editing={editing} />
      ) : (
        <>
          <button
            type="button"
            className="main-act"
            aria-disabled={!ready || stop !== null}
            onClick={() => ready && stop === null && void save()}
          >
            {t('planning.save')}
          </button>
          <button type="button" aria-disabled={!ready} onClick={() => ready && editing.undo()}>
            {t('planning.undo')}
          </button>
        </>
      )}
      <p role="status" className="save-said">
        {saving.is === 'sending' && t('planning.saving')}
        {saving.is === 'saved' && !dirty && t('planning.saved')}
        {saving.is === 'unreachable' && t('planning.not_saved')}
        {saving.is === 'refused' && `${t('planning.refused')} ${faultSentence(saving.fault.code, t)}`}
        {saving.is === 'rest' && dirty && (stop ?? t('planning.unsaved'))}
      </p>
    </div>
  )
}

function MeanWhile<View, Draft>({ theirs, editing }: { theirs: View | null; editing: Editing<View, Draft> }) {
  const { t, i18n } = useTranslation()
  const { office } = useChoices()
  const { changed_at, changed_by } = (theirs ?? {}) as Partial<Changed>
  const who = changed_by ? nameOf(changed_by, office) : t('planning.somebody')
  const sentence = theirs === null ? t('planning.gone_meanwhile') : t('planning.changed_meanwhile', { who })
  return (
    <div role="alert" className="meanwhile">
      <p>
        <strong>{sentence}</strong> {changed_at && <span>{dayAndTime(Date.parse(changed_at), i18n.language)}. </span>}
        {t('planning.nothing_lost')}
      </p>
      <button type="button" onClick={editing.takeTheirs}>
        {t('planning.take_theirs')}
      </button>
      <button type="button" onClick={editing.keepMine}>
        {t('planning.keep_mine')}
      </button>
    </div>
  )
}
