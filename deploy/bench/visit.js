// In a page of ours before its own script: notes by the machine's clock when something rings, sounds and is first seen.
// Answers a ring at once: as soon as it is on screen and sounds, and at the latest after a second.
{
  const nothing = { posted: null, shown: null, sounded: null, seen: null, again: null }
  const noted = { ...nothing }
  window.noted = noted
  window.noteAnew = () => Object.assign(noted, nothing)

  window.whenNoted = (what, within) => new Promise(done => {
    const until = Date.now() + within
    const look = () => (noted[what] === null && Date.now() < until ? setTimeout(look, 20) : done(noted[what]))
    look()
  })

  const { fetch } = window
  window.fetch = (to, how) => {
    const starts = how?.method === 'POST' && new URL(to.url ?? to, location).pathname === '/api/v1/visits'
    if (starts) noted.posted = Date.now()
    return fetch(to, how)
  }

  const answer = () => document.querySelector('.call-answer')?.click()
  const { start } = OscillatorNode.prototype
  OscillatorNode.prototype.start = function (...when) {
    start.apply(this, when)
    if (noted.sounded !== null) return
    noted.sounded = Date.now()
    if (noted.shown !== null) setTimeout(answer)
  }

  // Four pages share a machine, where each participant has one: they send a smaller picture than they would.
  const { getUserMedia } = MediaDevices.prototype
  MediaDevices.prototype.getUserMedia = function (wanted) {
    const video = wanted.video && { width: 640, height: 360, frameRate: 30 }
    return getUserMedia.call(this, { ...wanted, video })
  }

  let cutFrom = null
  let cutAt = 0
  let frameAt = 0
  window.noteCut = () => {
    cutFrom = document.querySelector('video[data-own="false"]')?.srcObject ?? null
    cutAt = Date.now()
    noted.again = null
    return cutAt
  }
  const QUIET = 1000 // milliseconds without a frame, where the page mends its line without a new connection

  const watched = new WeakSet()
  const watch = video => {
    watched.add(video)
    const frame = (_, { rtpTimestamp }) => {
      video.requestVideoFrameCallback(frame)
      // Chromium paints a black frame when a connection ends; only one from the other side has a stamp.
      if (rtpTimestamp === undefined) return
      const now = Date.now()
      noted.seen ??= now
      const anew = video.srcObject !== null && video.srcObject !== cutFrom
      if (cutAt > 0 && (anew || now - frameAt > QUIET)) noted.again ??= now
      frameAt = now
    }
    video.requestVideoFrameCallback(frame)
  }

  new MutationObserver(() => {
    if (document.querySelector('.call-answer') && noted.shown === null) {
      noted.shown = Date.now()
      setTimeout(answer, noted.sounded === null ? 1000 : 0)
    }
    for (const video of document.querySelectorAll('video[data-own="false"]')) if (!watched.has(video)) watch(video)
  }).observe(document, { childList: true, subtree: true })
}
