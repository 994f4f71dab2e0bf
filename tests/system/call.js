// A participant's page in a call through the relay: publishes by WHIP, subscribes by WHEP, tells what it has decoded.
// Frames pass through a transform that leaves them as they are, where encryption between the browsers has its place.

const passing = new Worker(URL.createObjectURL(new Blob([
  'onrtctransform = event => { event.transformer.readable.pipeTo(event.transformer.writable) }',
])))

const peer = () => new RTCPeerConnection({ encodedInsertableStreams: true, iceServers: [] })

async function post(connection, { url, token }) {
  await connection.setLocalDescription()
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` },
    body: connection.localDescription.sdp,
  })
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`)
  await connection.setRemoteDescription({ type: 'answer', sdp: await answer.text() })
  const address = answer.headers.get('Location')
  connection.renew = () => renew(connection, address, token)
  addEventListener('pagehide', () => {
    fetch(address, { method: 'DELETE', headers: { Authorization: `Bearer ${token}` }, keepalive: true })
  })
}

// An ICE restart, as after a change of network: both take new credentials, and nothing else is negotiated anew.
async function renew(connection, address, token) {
  connection.restartIce()
  await connection.setLocalDescription()
  const line = (name, text) => text.match(new RegExp(`a=ice-${name}:\\S+`))[0]
  const answer = await fetch(address, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/trickle-ice-sdpfrag', Authorization: `Bearer ${token}`, 'If-Match': '*' },
    body: ['ufrag', 'pwd'].map(name => line(name, connection.localDescription.sdp) + '\r\n').join(''),
  })
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`)
  const fragment = await answer.text()
  const sdp = ['ufrag', 'pwd'].reduce(
    (text, name) => text.replaceAll(line(name, text), line(name, fragment)),
    connection.remoteDescription.sdp,
  )
  await connection.setRemoteDescription({ type: 'answer', sdp })
}

function only(transceiver, codec) {
  const codecs = RTCRtpReceiver.getCapabilities(codec.split('/')[0]).codecs
  transceiver.setCodecPreferences(codecs.filter(one => one.mimeType.toLowerCase() === codec))
}

window.publish = async leg => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 480 } })
  const connection = (window.publishing = peer())
  for (const track of stream.getTracks()) {
    const transceiver = connection.addTransceiver(track, { direction: 'sendonly', streams: [stream] })
    transceiver.sender.transform = new RTCRtpScriptTransform(passing, {})
    only(transceiver, track.kind === 'video' ? 'video/vp8' : 'audio/opus')
  }
  await post(connection, leg)
}

window.subscribe = async leg => {
  const connection = (window.subscribed = peer())
  const video = document.querySelector('video')
  video.srcObject = new MediaStream()
  window.asked = performance.now()
  video.requestVideoFrameCallback(() => { window.first = performance.now() - window.asked })
  connection.ontrack = ({ track, receiver }) => {
    receiver.transform = new RTCRtpScriptTransform(passing, {})
    video.srcObject.addTrack(track)
  }
  only(connection.addTransceiver('audio', { direction: 'recvonly' }), 'audio/opus')
  only(connection.addTransceiver('video', { direction: 'recvonly' }), 'video/vp8')
  await post(connection, leg)
  await video.play()
}

window.look = async () => {
  const found = { first: window.first ?? null }
  for (const report of (await window.subscribed.getStats()).values()) {
    if (report.type !== 'inbound-rtp') continue
    const { framesDecoded, keyFramesDecoded, pliCount, packetsLost, totalAudioEnergy } = report
    found[report.kind] = { framesDecoded, keyFramesDecoded, pliCount, packetsLost, totalAudioEnergy }
  }
  for (const report of (await window.publishing.getStats()).values()) {
    if (report.type === 'candidate-pair' && report.nominated) found.mayBeSent = report.availableOutgoingBitrate
  }
  const canvas = new OffscreenCanvas(64, 48)
  const drawing = canvas.getContext('2d')
  drawing.drawImage(document.querySelector('video'), 0, 0, 64, 48)
  const digest = await crypto.subtle.digest('SHA-256', drawing.getImageData(0, 0, 64, 48).data)
  found.picture = [...new Uint8Array(digest)].join()
  return found
}
