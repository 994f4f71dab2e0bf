// Which page this is, who is there, and whether they may be.
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { keptDevice } from './home/keep'
import { ask, Problem } from './shell/ask'
import { Gate } from './shell/Gate'
import type { Page } from './shell/pages'
import { useSession } from './shell/session'
import type { DemoPeople, Role, SessionView } from './wire/types'

const Desk = lazy(async () => ({ default: (await import('./desk/Desk')).Desk }))
const HomePage = lazy(async () => ({ default: (await import('./home/HomePage')).HomePage }))
const NotConnected = lazy(async () => ({ default: (await import('./home/HomePage')).NotConnected }))
const DevicesPage = lazy(async () => ({ default: (await import('./devices/DevicesPage')).DevicesPage }))
const StaffPage = lazy(async () => ({ default: (await import('./staff/StaffPage')).StaffPage }))
const AdminPage = lazy(async () => ({ default: (await import('./admin/AdminPage')).AdminPage }))
const BoardPage = lazy(async () => ({ default: (await import('./board/BoardPage')).BoardPage }))
const DemoPage = lazy(async () => ({ default: (await import('./demo/DemoPage')).DemoPage }))

export function App({ page }: { page: Page }) {
  return (
    <Suspense fallback={<Gate reason="moment" demo={false} />}>
      {page === 'home' ? <HomeDoor /> : page === 'demo' ? <DemoDoor /> : <Door open={ROOMS[page]} />}
    </Suspense>
  )
}

const SEES_DEVICES: readonly (Role | null)[] = ['installer', 'administrator', 'planner', 'supervisor', 'operator']

type Room = (session: SessionView) => ReactNode

/** What each page is for whom; nothing for everybody else. */
const ROOMS: Record<Exclude<Page, 'home' | 'demo'>, Room> = {
  desk: ({ role }) => (role === 'operator' || role === 'supervisor') && <Desk />,
  staff: (session) => (session.role === 'worker' || session.role === 'planner') && <StaffPage session={session} />,
  devices: (session) => SEES_DEVICES.includes(session.role) && <DevicesPage session={session} />,
  admin: ({ role, name }) => (role === 'administrator' || role === 'planner') && <AdminPage name={name} role={role} />,
  board: ({ role }) => {
    // The board is for who works at a desk, the answer times for the supervisor and for who follows up a principal.
    const statistics = location.pathname.split('/')[2] === 'statistics'
    const may = role === 'supervisor' || role === (statistics ? 'administrator' : 'operator')
    return may && <BoardPage view={statistics ? 'statistics' : 'live'} role={role} />
  },
}

function Door({ open }: { open: Room }) {
  const session = useSession()
  const demo = Boolean(useDemo(true))
  switch (session.state) {
    case 'asking':
      return <Gate reason="moment" demo={demo} />
    case 'unreachable':
      return <Gate reason="unreachable" demo={demo} />
    case 'nobody':
      return <Gate reason="login" demo={demo} />
    case 'known':
      return open(session.view) || <Gate reason="wrong_page" name={session.view.name} demo={demo} />
  }
}

function HomeDoor() {
  const session = useSession()
  const people = useDemo(true)
  switch (session.state) {
    case 'asking':
      return <Gate reason="moment" demo={false} />
    case 'unreachable': {
      // HELP must be there also while the hub is away; the press is kept and sent until it answers.
      const device = keptDevice()
      return device ? <HomePage device={device} /> : <NotConnected />
    }
    case 'nobody':
      if (people === undefined) return <Gate reason="moment" demo={false} />
      return people ? <Gate reason="login" demo /> : <NotConnected />
    case 'known': {
      const { device, name } = session.view
      return device ? <HomePage device={device} /> : <Gate reason="wrong_page" name={name} demo={Boolean(people)} />
    }
  }
}

function DemoDoor() {
  const people = useDemo(true)
  if (people) return <DemoPage people={people.items} go={(page) => location.assign(page)} />
  return people === undefined ? <Gate reason="moment" demo={false} /> : <FrontDoor />
}

/** Where this is no demonstration: straight to where somebody works, or what is needed to get there. */
function FrontDoor() {
  const session = useSession()
  if (session.state === 'asking') return <Gate reason="moment" demo={false} />
  if (session.state === 'known') {
    const { device, role } = session.view
    location.replace(device ? '/home' : pageFor(role))
    return <Gate reason="moment" demo={false} />
  }
  return <Gate reason={session.state === 'unreachable' ? 'unreachable' : 'login'} demo={false} />
}

function pageFor(role: Role | null): string {
  if (role === 'worker' || role === 'planner') return '/staff'
  if (role === 'installer') return '/devices'
  return role === 'administrator' ? '/admin' : '/desk'
}

/** Whom one may be; null where this is no demonstration, undefined until that is known. */
function useDemo(wanted: boolean): DemoPeople | null | undefined {
  const [people, setPeople] = useState<DemoPeople | null | undefined>(undefined)
  useEffect(() => {
    if (!wanted) return
    const leaving = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async () => {
      try {
        setPeople(await ask<DemoPeople>('/api/v1/demo/people', { signal: leaving.signal }))
      } catch (error) {
        if (leaving.signal.aborted) return
        if (error instanceof Problem && error.status >= 400 && error.status < 500) setPeople(null)
        else timer = setTimeout(look, 2000)
      }
    }
    void look()
    return () => {
      leaving.abort()
      clearTimeout(timer)
    }
  }, [wanted])
  return people
}
