import { useState } from 'preact/hooks';

interface SureButtonProps {
  readonly label: string;
  /** What the same button says, and does, when it is pressed again. */
  readonly question: string;
  readonly style?: 'danger' | 'primary';
  act(): void;
}

/** A button that has to be pressed twice. */
export function SureButton({ label, question, style = 'danger', act }: SureButtonProps) {
  const [isSure, setSure] = useState(false);
  if (!isSure)
    return (
      <button type="button" onClick={() => setSure(true)}>
        {label}…
      </button>
    );
  const confirm = (): void => {
    setSure(false);
    act();
  };
  return (
    <button type="button" class={style} onClick={confirm} onBlur={() => setSure(false)}>
      {question}
    </button>
  );
}
