// Opens a WebSocket, opens it again after a cut, and ticks: everything that the models of a line must not do themselves.
import type { Clock } from './clock'

export interface SocketEvents {
  opened(at: number): void
  heard(message: unknown, at: number): void
  closed(at: number, chance: number): void
  tick(at: number, chance: number): void
}

export interface Socket {
  open(): void
  drop(): void
  send(message: unknown): void
  end(): void
}

const TICK = 250

/** `path` on our own origin. Nothing is opened before `open`. Late words from a dropped socket are not heard. */
export function createSocket(path: string, clock: Clock, events: SocketEvents): Socket {
  let current: WebSocket | undefined
  const tick = () => events.tick(clock.mono(), Math.random())
  const timer = setInterval(tick, TICK)
  // Timers sleep in a hidden tab; the first thing to do on return is to look at the time.
  const seen = () => {
    if (!document.hidden) tick()
  }
  document.addEventListener('visibilitychange', seen)

  const drop = () => {
    const old = current
    current = undefined
    old?.close()
  }

  return {
    open() {
      drop()
      const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`)
      current = socket
      socket.onopen = () => {
        if (current === socket) events.opened(clock.mono())
      }
      socket.onmessage = (message) => {
        if (current !== socket) return
        events.heard(JSON.parse(String(message.data)), clock.mono())
      }
      socket.onclose = () => {
        if (current !== socket) return
        current = undefined
        events.closed(clock.mono(), Math.random())
      }
    },
    drop,
    send(message) {
      if (current?.readyState === WebSocket.OPEN) current.send(JSON.stringify(message))
    },
    end() {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', seen)
      drop()
    },
  }
}
