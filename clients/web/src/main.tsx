import './tokens.css'
import './page.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App'
import { machineClock } from './shell/clock'
import { chosenLook, lookFor, showLook } from './shell/look'
import { pageOf } from './shell/pages'
import { startText } from './text/text'

const page = pageOf(location.pathname)
showLook(lookFor(page, chosenLook(), machineClock.wall()))
startText()

const root = document.getElementById('page')
if (!root) throw new Error('index.html has no #page')
createRoot(root).render(
  <StrictMode>
    <App page={page} />
  </StrictMode>,
)
