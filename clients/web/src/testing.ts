// Before each file of tests: the words are there, in Swedish, and pages are taken down between tests.
import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'
import { startText } from './text/text'

startText('sv')
afterEach(cleanup)
