// The words on the pages, Swedish first. Keys are checked by the compiler: a word that is missing stops the build.
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { remember, remembered } from '../shell/memory'
import en from './en.json'
import sv from './sv.json'

export const LANGUAGES = ['sv', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof sv }
  }
}

function isLanguage(word: string | null | undefined): word is Language {
  return word === 'sv' || word === 'en'
}

/** What somebody has chosen here, else the browser's, else Swedish. */
export function firstLanguage(chosen: string | null, browser: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen
  const found = browser.map((tag) => tag.slice(0, 2)).find(isLanguage)
  return found ?? 'sv'
}

export function startText(language: Language = firstLanguage(remembered('language'), navigator.languages)): void {
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'sv',
    resources: { sv: { translation: sv }, en: { translation: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  document.documentElement.lang = language
  i18next.on('languageChanged', (now) => {
    document.documentElement.lang = now
  })
}

export function chooseLanguage(language: Language): void {
  remember('language', language)
  void i18next.changeLanguage(language)
}
