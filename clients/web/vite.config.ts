import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

declare const process: { env: Record<string, string | undefined> }

const server = process.env.NATTLJUS_SERVER ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'baseline-widely-available',
    // The Content-Security-Policy allows no inline script, and images only from ourselves or as data.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: { pages: 'index.html', docs: 'api-docs.html' },
    },
  },
  server: {
    // `npm run dev` beside a running platform: NATTLJUS_SERVER says where it is.
    proxy: { '/api': { target: server, ws: true } },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/testing.ts'],
  },
})
