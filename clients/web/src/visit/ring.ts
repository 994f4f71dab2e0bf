// The ring at home: two low tones, like a bell far away, again and again until somebody answers or it is over.

export interface Ring {
  /** A browser wants a touch before it sounds; any will do. */
  unlock(): void
  set(on: boolean): void
  end(): void
}

const EVERY = 2600
/** Ears of ninety hear these; they lose the high ones first. */
const TONES = [330, 262] as const
const LENGTH = 0.9

export function createRing(make: () => AudioContext = () => new AudioContext()): Ring {
  let context: AudioContext | undefined
  let timer: ReturnType<typeof setInterval> | undefined
  const play = () => {
    if (context?.state !== 'running') return
    const { currentTime } = context
    for (const [index, pitch] of TONES.entries()) {
      bell(context, pitch, currentTime + index * 0.55, 0.3)
      bell(context, pitch * 2, currentTime + index * 0.55, 0.06)
    }
  }
  const ready = () => {
    context ??= make()
    if (context.state === 'suspended') void context.resume().then(() => timer && play())
  }
  return {
    unlock: ready,
    set(on) {
      if (on === (timer !== undefined)) return
      clearInterval(timer)
      timer = undefined
      if (!on) return
      ready()
      play()
      timer = setInterval(play, EVERY)
    },
    end() {
      clearInterval(timer)
      void context?.close()
    },
  }
}

function bell(context: AudioContext, pitch: number, at: number, gain: number): void {
  const source = context.createOscillator()
  const volume = context.createGain()
  source.type = 'sine'
  source.frequency.value = pitch
  volume.gain.setValueAtTime(0, at)
  volume.gain.linearRampToValueAtTime(gain, at + 0.04)
  volume.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH)
  source.connect(volume).connect(context.destination)
  source.start(at)
  source.stop(at + LENGTH)
}
