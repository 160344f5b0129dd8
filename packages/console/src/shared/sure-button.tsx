import { useState } from 'preact/hooks';

interface SureButtonProps {
  readonly label: string;
  /** What the same button says, and does, when it is pressed again. */
  readonly question: string;
  readonly style?: 'danger' | 'primary';
  readonly isDisabled?: boolean;
  act(): void;
}

/** A button that has to be pressed twice. */
export function SureButton({ label, question, style = 'danger', isDisabled = false, act }: SureButtonProps) {
  const [isSure, setSure] = useState(false);
  if (!isSure)
    return (
      <button type="button" disabled={isDisabled} onClick={() => setSure(true)}>
        {label}…
      </button>
    );
  const confirm = (): void => {
    setSure(false);
    act();
  };
  return (
    <button type="button" class={style} disabled={isDisabled} onClick={confirm} onBlur={() => setSure(false)}>
      {question}
    </button>
  );
}
