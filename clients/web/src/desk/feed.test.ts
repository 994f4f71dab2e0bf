import { describe, expect, it } from 'vitest'
import { aCase, aSnapshot, FIGURES } from './examples'
import { type Feed, type FeedEffect, type FeedEvent, newFeed, stepFeed } from './feed'

/** Takes a script of events; gives the state after them and the effects of the last. */
function play(events: FeedEvent[], from: Feed = newFeed(0)): [Feed, FeedEffect[]] {
  let effects: FeedEffect[] = []
  let feed = from
  for (const event of events) [feed, effects] = stepFeed(feed, event)
  return [feed, effects]
}

const joined: FeedEvent[] = [
  { type: 'opened', at: 10 },
  { type: 'heard', at: 20, message: aSnapshot(7, [aCase('a'), aCase('b')]) },
]
const beat = (position: number, at: number): FeedEvent => ({
  type: 'heard',
  at,
  message: { type: 'beat', position, at: '2026-11-22T02:00:00.000Z', operators: [], figures: FIGURES },
})
const change = (
  position: number,
  at: number,
  cases = [aCase('a', { version: 2 })],
  gone: string[] = [],
): FeedEvent => ({
  type: 'heard',
  at,
  message: { type: 'change', position, at: '2026-11-22T02:00:00.000Z', cases, gone },
})
const take = (id: string, at: number): FeedEvent => ({ type: 'act', at, id, case: 'a', act: { act: 'take', seen: 1 } })
const sent = (effects: FeedEffect[]) => effects.flatMap((effect) => (effect.type === 'send' ? [effect.message] : []))

describe('joining and coming back', () => {
  it('says hello without a position the first time', () => {
    const [, effects] = play([{ type: 'opened', at: 10 }])
    expect(sent(effects)).toEqual([{ type: 'hello', version: 1, resume_from: null, sight: null }])
  })

  it('resumes from the last position heard after a cut', () => {
    const [, effects] = play([
      ...joined,
      change(12, 30),
      { type: 'closed', at: 40, chance: 0 },
      { type: 'opened', at: 700 },
    ])
    expect(sent(effects)).toEqual([{ type: 'hello', version: 1, resume_from: 12, sight: 'a' }])
  })

  it('moves its position with the beats, so that a resume asks for no more than was missed', () => {
    const [feed] = play([...joined, beat(15, 30)])
    expect(feed.position).toBe(15)
  })

  it('keeps what it shows during a cut, and applies what was missed', () => {
    const [cut] = play([...joined, { type: 'closed', at: 40, chance: 0 }])
    expect([...cut.cases.keys()]).toEqual(['a', 'b'])
    const [back] = play([{ type: 'opened', at: 500 }, change(9, 510, [aCase('c')])], cut)
    expect([...back.cases.keys()]).toEqual(['a', 'b', 'c'])
    expect(back.line.live).toBe(true)
  })

  it('lets a snapshot replace everything', () => {
    const [feed] = play([...joined, { type: 'heard', at: 30, message: aSnapshot(9, [aCase('b')]) }])
    expect([...feed.cases.keys()]).toEqual(['b'])
  })

  it('begins afresh when the hub stays behind our position', () => {
    const [once] = play([...joined, beat(3, 1000)])
    expect(once.position).toBe(7)
    const [feed, effects] = play([beat(3, 2000), beat(3, 3000)], once)
    expect(effects).toContainEqual({ type: 'drop' })
    const [, greeting] = play(
      [
        { type: 'tick', at: 4000, chance: 0 },
        { type: 'opened', at: 4010 },
      ],
      feed,
    )
    expect(sent(greeting)).toEqual([{ type: 'hello', version: 1, resume_from: null, sight: 'a' }])
  })

  it('checks on coming back that it is still the same person', () => {
    const [, first] = play([{ type: 'opened', at: 10 }])
    expect(first.map((effect) => effect.type)).toEqual(['send'])
    const [, back] = play([...joined, { type: 'closed', at: 40, chance: 0 }, { type: 'opened', at: 600 }])
    expect(back).toContainEqual({ type: 'check_person', person: 'me' })
  })

  it('asks whether the session is over when a connection ends before a word', () => {
    const [, effects] = play([
      { type: 'opened', at: 10 },
      { type: 'closed', at: 20, chance: 0 },
    ])
    expect(effects).toContainEqual({ type: 'ask_session' })
    const [, after] = play([...joined, { type: 'closed', at: 40, chance: 0 }])
    expect(after).not.toContainEqual({ type: 'ask_session' })
  })
})

describe('how old the data may be', () => {
  it('is live until 2.5 s of silence and says so within 3 s', () => {
    const [still] = play([...joined, { type: 'tick', at: 2500, chance: 0 }])
    expect(still.line.live).toBe(true)
    const [old] = play([{ type: 'tick', at: 2520, chance: 0 }], still)
    expect(old.line.live).toBe(false)
  })

  it('is old at once when the socket closes', () => {
    const [feed] = play([...joined, { type: 'closed', at: 40, chance: 0 }])
    expect(feed.line.live).toBe(false)
  })

  it('is live again at the next word', () => {
    const [feed] = play([...joined, { type: 'tick', at: 2600, chance: 0 }, beat(7, 2700)])
    expect(feed.line.live).toBe(true)
  })

  it('gives up a connection that says nothing for 5 s', () => {
    const [feed, effects] = play([...joined, { type: 'tick', at: 5020, chance: 0 }])
    expect(effects).toContainEqual({ type: 'drop' })
    expect(feed.line.phase).toBe('waiting')
  })
})

describe('cases', () => {
  it('never puts an older version over a newer one', () => {
    const [feed] = play([
      ...joined,
      change(8, 30, [aCase('a', { version: 5, presses: 3 })]),
      change(9, 40, [aCase('a', { version: 4, presses: 2 })]),
    ])
    expect(feed.cases.get('a')?.presses).toBe(3)
  })

  it('tells of a new case and of a new press, and of nothing else', () => {
    const [, fresh] = play([...joined, change(8, 30, [aCase('c')])])
    expect(fresh).toContainEqual({ type: 'arrived', cases: [aCase('c')] })
    const [, again] = play([...joined, change(8, 30, [aCase('a', { version: 2, presses: 2 })])])
    expect(again.some((effect) => effect.type === 'arrived')).toBe(true)
    const [, taken] = play([...joined, change(8, 30, [aCase('a', { version: 2, handler: 'x', state: 'taken' })])])
    expect(taken.some((effect) => effect.type === 'arrived')).toBe(false)
  })

  it('does not announce the whole queue when the page is opened', () => {
    const [, effects] = play(joined)
    expect(effects.some((effect) => effect.type === 'arrived')).toBe(false)
  })

  it('no longer shows what has gone to another desk', () => {
    const [feed, effects] = play([...joined, change(8, 30, [], ['a', 'unknown'])])
    expect(feed.cases.has('a')).toBe(false)
    expect(effects.some((effect) => effect.type === 'arrived')).toBe(false)
  })

  it('announces what came while it was away', () => {
    const [, effects] = play([...joined, { type: 'heard', at: 30, message: aSnapshot(9, [aCase('a'), aCase('z')]) }])
    expect(effects).toContainEqual({ type: 'arrived', cases: [aCase('z')] })
  })

  it('keeps a closed case for a minute and then forgets it', () => {
    const closed = aCase('a', { version: 2, state: 'closed' })
    const [feed] = play([...joined, change(8, 1000, [closed])])
    expect(feed.cases.get('a')).toEqual(closed)
    const [later] = play([beat(8, 60_000), { type: 'tick', at: 61_100, chance: 0 }], feed)
    expect(later.cases.has('a')).toBe(false)
  })
})

describe('commands', () => {
  it('changes no case before the hub has said so', () => {
    const [feed, effects] = play([...joined, take('k1', 30)])
    expect(feed.cases.get('a')?.handler).toBeNull()
    expect(feed.pending.get('k1')?.state).toBe('sent')
    expect(sent(effects)).toEqual([{ type: 'command', id: 'k1', case: 'a', act: { act: 'take', seen: 1 } }])
  })

  it('is done when the hub says so, with the case as it then is', () => {
    const mine = aCase('a', { version: 2, handler: 'me', state: 'taken' })
    const [feed, effects] = play([
      ...joined,
      take('k1', 30),
      { type: 'heard', at: 40, message: { type: 'done', id: 'k1', case: mine } },
    ])
    expect(feed.pending.size).toBe(0)
    expect(feed.answers.get('a')).toMatchObject({ act: 'take', code: null })
    expect(feed.cases.get('a')).toEqual(mine)
    expect(effects.map((effect) => effect.type)).toEqual(['done'])
  })

  it('says who was first when it is refused', () => {
    const refused = { type: 'refused', id: 'k1', code: 'taken', handler_name: 'Johan' } as const
    const [feed] = play([...joined, take('k1', 30), { type: 'heard', at: 40, message: refused }])
    expect(feed.answers.get('a')).toMatchObject({ code: 'taken', handlerName: 'Johan' })
    expect(feed.pending.size).toBe(0)
  })

  it('sends what is unanswered again after a cut, under the same id, after the greeting', () => {
    const [, effects] = play([
      ...joined,
      take('k1', 30),
      { type: 'closed', at: 40, chance: 0 },
      { type: 'opened', at: 600 },
    ])
    expect(sent(effects).map((message) => (message.type === 'command' ? message.id : message.type))).toEqual([
      'hello',
      'k1',
    ])
  })

  it('keeps what is meant during a cut and sends it when the line is back', () => {
    const [cut, effects] = play([...joined, { type: 'closed', at: 40, chance: 0 }, take('k1', 50)])
    expect(sent(effects)).toEqual([])
    expect(cut.pending.get('k1')?.state).toBe('waiting')
    const [, back] = play([{ type: 'opened', at: 600 }], cut)
    expect(sent(back)).toContainEqual({ type: 'command', id: 'k1', case: 'a', act: { act: 'take', seen: 1 } })
  })

  it('makes one command of a key that was pressed twice', () => {
    const [feed, effects] = play([...joined, take('k1', 30), take('k2', 35)])
    expect([...feed.pending.keys()]).toEqual(['k1'])
    expect(effects).toEqual([])
  })

  it('never sends a command that is two minutes old', () => {
    const [feed] = play([
      ...joined,
      { type: 'closed', at: 40, chance: 0 },
      take('k1', 50),
      { type: 'tick', at: 120_060, chance: 0 },
    ])
    expect(feed.pending.size).toBe(0)
    expect(feed.answers.get('a')).toMatchObject({ code: 'no_answer' })
    const [, back] = play([{ type: 'opened', at: 121_000 }], feed)
    expect(sent(back)).toHaveLength(1)
  })

  it('ignores an answer to a command it does not know', () => {
    const [before] = play(joined)
    const [after] = play(
      [{ type: 'heard', at: 50, message: { type: 'refused', id: 'x', code: 'taken', handler_name: null } }],
      before,
    )
    expect(after.answers.size).toBe(0)
  })

  it('no longer says done when the case has moved on', () => {
    const mine = aCase('a', { version: 2, handler: 'me', state: 'taken' })
    const done: FeedEvent = { type: 'heard', at: 40, message: { type: 'done', id: 'k1', case: mine } }
    const [feed] = play([...joined, take('k1', 30), done, change(8, 41, [mine])])
    expect(feed.answers.has('a')).toBe(true)
    const [later] = play([change(9, 900, [{ ...mine, version: 3, presses: 2 }])], feed)
    expect(later.answers.has('a')).toBe(false)
  })
})
