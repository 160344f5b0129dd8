// The list is an optional package, and is loaded when it is first needed.
let loaded: Promise<ReadonlySet<string>> | undefined;

/** Returns what says whether a lower-case text is a common password. */
export async function commonPasswords(): Promise<(password: string) => boolean> {
  const common = await (loaded ??= load());
  return (password) => common.has(password);
}

async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].map((password) => password.toLowerCase()));
}
