import { useState } from 'preact/hooks';
import { SureButton } from '../shared/sure-button.tsx';
import { product } from './product.ts';
import { useRoles } from './use-roles.ts';
import type { User, UserChange } from './use-user-change.ts';

interface UserRolesProps {
  readonly user: User;
  readonly change: UserChange;
}

/** Which roles the account has. A change counts for what is signed in now, too. */
export function UserRoles({ user: { id, email, roles }, change }: UserRolesProps) {
  const known = useRoles().names;
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set(roles));
  const names = [...new Set([...known, ...roles])];
  const next = names.filter((name) => chosen.has(name));
  const isChanged = next.length !== roles.length || roles.some((role) => !chosen.has(role));
  const toggle = (name: string): void => {
    const wanted = new Set(chosen);
    if (!wanted.delete(name)) wanted.add(name);
    choose(wanted);
  };
  const save = (): void =>
    change(
      () => product.patch('/api/users/{id}', { params: { path: { id } }, body: { roles: next } }),
      `${email} is ${next.join(', ')} now.`,
    );
  return (
    <>
      <h2>Roles</h2>
      <fieldset class="row centred plain">
        <legend class="hidden">Roles of {email}</legend>
        {names.map((name) => (
          <label key={name} class="check">
            <input type="checkbox" checked={chosen.has(name)} onChange={() => toggle(name)} />
            {name}
          </label>
        ))}
        {isChanged && next.length > 0 && (
          <SureButton label="Change the roles" question={`Make ${email} ${next.join(', ')}`} act={save} />
        )}
      </fieldset>
      {next.length === 0 && <p class="hint">An account has at least one role.</p>}
    </>
  );
}
