// A moving picture with its sound. A browser that wants a touch before it sounds shows the picture meanwhile.
import { useEffect, useRef } from 'react'

interface Props {
  stream: MediaStream | null
  label: string
  className: string
  /** One's own picture is silent, and seen as in a mirror. */
  own?: boolean
}

export function Picture({ stream, label, className, own = false }: Props) {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    const element = video.current
    if (!element) return
    element.srcObject = stream
    if (!stream) return
    const begin = async () => {
      try {
        element.muted = own
        await element.play()
      } catch {
        element.muted = true
        await element.play().catch(() => undefined)
      }
    }
    const touched = () => {
      if (!own && element.muted) void begin()
    }
    void begin()
    document.addEventListener('pointerup', touched)
    document.addEventListener('keyup', touched)
    return () => {
      document.removeEventListener('pointerup', touched)
      document.removeEventListener('keyup', touched)
      element.srcObject = null
    }
  }, [stream, own])
  return <video ref={video} className={className} aria-label={label} data-own={own} playsInline muted={own} />
}
