// The signs on the buttons of a visit; the word stands beneath each.

const LINES = {
  microphone: ['M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3z', 'M6 11a6 6 0 0 0 12 0', 'M12 17v4'],
  microphone_off: [
    'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3z',
    'M6 11a6 6 0 0 0 12 0',
    'M12 17v4',
    'M4 3l16 18',
  ],
  camera: ['M3 7h12v10H3z', 'M15 11l6-4v10l-6-4'],
  camera_off: ['M3 7h12v10H3z', 'M15 11l6-4v10l-6-4', 'M4 3l16 18'],
  turn: ['M4 12a8 8 0 0 1 14-5', 'M18 3v4h-4', 'M20 12a8 8 0 0 1-14 5', 'M6 21v-4h4'],
  hang_up: ['M3 15c0-2 4-5 9-5s9 3 9 5v2l-5-1v-3c-3-1-5-1-8 0v3l-5 1z'],
} as const

export function Sign({ of }: { of: keyof typeof LINES }) {
  return (
    <svg className="sign" viewBox="0 0 24 24" aria-hidden="true">
      {LINES[of].map((line) => (
        <path key={line} d={line} />
      ))}
    </svg>
  )
}
