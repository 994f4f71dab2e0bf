// What is done with a case that is taken: the big acts of their own, who it is, the steps, the calls, handing over.
import type { CaseDetail, CaseView, Me, OperatorOn, ResidentCard } from '../wire/types'
import { Calls } from './Calls'
import type { Act } from './feed'
import { HandOver } from './HandOver'
import { Sheet112 } from './Sheet112'
import { Steps } from './Steps'
import { WhoIsIt } from './WhoIsIt'

interface Props {
  view: CaseView
  detail: CaseDetail
  card: ResidentCard | null
  me: Me | null
  operators: readonly OperatorOn[]
  waiting: boolean
  act(act: Act): void
}

export function Handling({ view, detail, card, me, operators, waiting, act }: Props) {
  const mine = me !== null && view.handler === me.person && view.state === 'taken'
  return (
    <>
      {mine && (
        <div className="acts">
          <Sheet112 view={view} />
          <HandOver view={view} me={me} operators={operators} waiting={waiting} act={act} />
        </div>
      )}
      {mine && view.kind === 'person' && detail.maybe.length > 0 && (
        <WhoIsIt maybe={detail.maybe} waiting={waiting} act={act} />
      )}
      <Steps steps={detail.steps} mine={mine} act={act} />
      {mine && <Calls detail={detail} card={card} me={me.person} waiting={waiting} act={act} />}
    </>
  )
}
