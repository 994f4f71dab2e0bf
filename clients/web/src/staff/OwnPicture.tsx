// One's own picture: small, in a corner, moved by a tap, by dragging or with the arrow keys.
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Picture } from '../shell/Picture'
import { type Corner, cornerAt, cornerBeside, nextCorner } from './corner'

/** A finger that moves less than this has tapped. */
const A_TAP = 8

export function OwnPicture({ stream }: { stream: MediaStream }) {
  const { t } = useTranslation()
  const [corner, setCorner] = useState<Corner>('top_right')
  const from = useRef<{ x: number; y: number } | null>(null)
  const [drag, setDrag] = useState<{ x: number; y: number } | null>(null)
  const down = (event: PointerEvent<HTMLButtonElement>) => {
    from.current = { x: event.clientX, y: event.clientY }
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const move = (event: PointerEvent<HTMLButtonElement>) => {
    if (from.current) setDrag({ x: event.clientX - from.current.x, y: event.clientY - from.current.y })
  }
  const up = (event: PointerEvent<HTMLButtonElement>) => {
    const room = event.currentTarget.parentElement?.getBoundingClientRect()
    const far = drag !== null && Math.hypot(drag.x, drag.y) >= A_TAP
    if (far && room) {
      setCorner(cornerAt((event.clientX - room.left) / room.width, (event.clientY - room.top) / room.height))
    } else if (from.current) setCorner(nextCorner(corner))
    from.current = null
    setDrag(null)
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') setCorner(nextCorner(corner))
    else setCorner(cornerBeside(corner, event.key))
  }
  return (
    <button
      type="button"
      className="own"
      data-corner={corner}
      data-dragged={drag !== null}
      style={drag ? { transform: `translate(${drag.x}px, ${drag.y}px)` } : undefined}
      aria-label={t('visit.own_picture')}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={() => {
        from.current = null
        setDrag(null)
      }}
      onKeyDown={key}
    >
      <Picture stream={stream} label="" className="own-video" own />
    </button>
  )
}
