// The desk's sound: two low tones, calm, again and again until somebody has the alarm; closer and louder once the hub asks.

export type Loudness = 'silent' | 'calm' | 'urgent'

const TUNES = {
  calm: { every: 4000, tones: [392, 330], length: 0.32, gain: 0.16 },
  urgent: { every: 1800, tones: [523, 392], length: 0.26, gain: 0.34 },
} as const

export interface Sound {
  /** Whether the browser lets us sound; it wants a key or a click first. */
  ready(): boolean
  unlock(): void
  set(loudness: Loudness): void
  subscribe(listener: () => void): () => void
  end(): void
}

export function createSound(make: () => AudioContext = () => new AudioContext()): Sound {
  let context: AudioContext | undefined
  let loudness: Loudness = 'silent'
  let timer: ReturnType<typeof setInterval> | undefined
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of listeners) listener()
  }
  const ready = () => context?.state === 'running'

  const play = () => {
    if (!context || !ready() || loudness === 'silent') return
    const { tones, length, gain } = TUNES[loudness]
    tones.forEach((pitch, index) => {
      if (context) tone(context, pitch, context.currentTime + index * length, length, gain)
    })
  }
  const restart = () => {
    clearInterval(timer)
    timer = undefined
    if (loudness === 'silent') return
    play()
    timer = setInterval(play, TUNES[loudness].every)
  }

  return {
    ready,
    unlock() {
      if (ready()) return
      context ??= make()
      context.onstatechange = () => {
        tell()
        if (ready()) restart()
      }
      void context.resume()
    },
    set(next) {
      if (next === loudness) return
      loudness = next
      restart()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    end() {
      clearInterval(timer)
      void context?.close()
    },
  }
}

/** One soft tone: in over 30 ms and out over the rest, without a click. */
function tone(context: AudioContext, pitch: number, at: number, length: number, gain: number): void {
  const source = context.createOscillator()
  const volume = context.createGain()
  source.type = 'sine'
  source.frequency.value = pitch
  volume.gain.setValueAtTime(0, at)
  volume.gain.linearRampToValueAtTime(gain, at + 0.03)
  volume.gain.exponentialRampToValueAtTime(0.0001, at + length)
  source.connect(volume).connect(context.destination)
  source.start(at)
  source.stop(at + length)
}
