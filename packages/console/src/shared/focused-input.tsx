import type { InputHTMLAttributes } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Takes the focus when it appears, for what is asked for next. */
export function FocusedInput(props: InputHTMLAttributes) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return <input ref={input} {...props} />;
}
