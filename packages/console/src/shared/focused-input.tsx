import type { InputHTMLAttributes } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Takes the focus when it appears, for what is asked for next. */
export function FocusedInput(props: InputHTMLAttributes) {
  const input = useRef<HTMLInputElement>(null);
  // Before the next key, which belongs to it.
  useLayoutEffect(() => input.current?.focus(), []);
  return <input ref={input} {...props} />;
}
