// What stands when a part of a page breaks or cannot be fetched: the rest of the page stays as it is.
import { Component, type ReactNode } from 'react'

interface Props {
  children: ReactNode
  instead: ReactNode
}

export class Fallback extends Component<Props, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true }
  }

  override render(): ReactNode {
    return this.state.broken ? this.props.instead : this.props.children
  }
}
