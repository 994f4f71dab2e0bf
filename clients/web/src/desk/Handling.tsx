// What is done with a case that is taken: who it is, the steps, the calls.
import type { CaseDetail, CaseView, Me, ResidentCard } from '../wire/types'
import { Calls } from './Calls'
import type { Act } from './feed'
import { Steps } from './Steps'
import { WhoIsIt } from './WhoIsIt'

interface Props {
  view: CaseView
  detail: CaseDetail
  card: ResidentCard | null
  me: Me | null
  waiting: boolean
  act(act: Act): void
}

export function Handling({ view, detail, card, me, waiting, act }: Props) {
  const mine = me !== null && view.handler === me.person && view.state === 'taken'
  return (
    <>
      {mine && view.kind === 'person' && detail.maybe.length > 0 && (
        <WhoIsIt maybe={detail.maybe} waiting={waiting} act={act} />
      )}
      <Steps steps={detail.steps} mine={mine} act={act} />
      {mine && <Calls detail={detail} card={card} me={me.person} waiting={waiting} act={act} />}
    </>
  )
}
