// The pattern of what nobody answers, for the drawing it stands in.
export function Hatching() {
  return (
    <defs>
      <pattern id="hatching" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className="hatching-ground" width="8" height="8" />
        <rect className="hatching-line" width="3" height="8" />
      </pattern>
    </defs>
  )
}
