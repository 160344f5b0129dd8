import { type TlsFiles, tlsFilesOf } from '@fissile/kit/config';

/** The files by which processes check each other; undefined without the settings. */
export function internalTlsOf(settings: object): TlsFiles | undefined {
  const files = tlsFilesOf('INTERNAL', settings);
  return files.areGiven ? files : undefined;
}
