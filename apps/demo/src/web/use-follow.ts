import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'

/** Coming nearer to the end of the page than this counts as being there. */
const NEAR_PX = 48

/**
 * Keeps the end of a growing page in view for as long as the reader is there. Scrolling up ends that at once; scrolling
 * back to the end, or `resume`, takes it up again.
 *
 * @param growing whether the content grows by itself. Otherwise the page stays where the reader put it.
 */
export function useFollow(growing: boolean): {
  content: RefObject<HTMLElement | null>
  /** Whether the reader has left the end. */
  away: boolean
  resume: () => void
} {
  const content = useRef<HTMLElement>(null)
  const following = useRef(true)
  const grew = useRef(false)
  const [away, setAway] = useState(false)

  const toEnd = useCallback(() => {
    if (following.current) scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })
  }, [])

  useEffect(() => {
    let lastTop = scrollY
    function onScroll(): void {
      const left = document.documentElement.scrollHeight - innerHeight - scrollY
      // A page that gets shorter moves up by itself, and is at its end then.
      if (scrollY < lastTop && left > 1) following.current = false
      else if (left < NEAR_PX) following.current = true
      lastTop = scrollY
      setAway(!following.current)
    }
    addEventListener('scroll', onScroll, { passive: true })
    return () => removeEventListener('scroll', onScroll)
  }, [])

  useLayoutEffect(() => {
    // Once more when the growing has ended: the last lines come with that change.
    if (growing || grew.current) toEnd()
    grew.current = growing
    if (!growing || !content.current) return undefined
    const observer = new ResizeObserver(toEnd)
    observer.observe(content.current)
    return () => observer.disconnect()
  }, [growing, toEnd])

  return {
    content,
    away,
    resume() {
      following.current = true
      setAway(false)
      toEnd()
    },
  }
}
