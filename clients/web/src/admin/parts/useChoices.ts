// What plans, routes and rotas may name, once for the page.
import { createContext, useContext } from 'react'
import type { PlanningChoices } from '../../wire/types'

export const NOTHING: PlanningChoices = {
  principal: { id: '', name: '' },
  now: '1970-01-01T00:00:00.000Z',
  desks: [],
  units: [],
  workers: [],
  office: [],
  plans: [],
  rotas: [],
  holidays: [],
  running: [],
}

export const ChoicesContext = createContext<PlanningChoices>(NOTHING)

export function useChoices(): PlanningChoices {
  return useContext(ChoicesContext)
}
