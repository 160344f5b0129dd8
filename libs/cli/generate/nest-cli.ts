import { MONOLITH } from '@fissile/kit/contract';
import { componentsOf, type DeploymentDescription, type GeneratedFile } from './description.js';

/** nest-cli.json: a project for each app. Other keys of the file are the user's, where it is there already. */
export function nestCli(description: DeploymentDescription): GeneratedFile {
  const compilerOptions = { tsConfigPath: 'tsconfig.app.json' };
  const projectOf = (app: string) => ({
    root: `apps/${app}`,
    sourceRoot: `apps/${app}/src`,
    entryFile: `apps/${app}/src/main`,
  });
  const apps = [MONOLITH, ...componentsOf(description)];
  const content = {
    $schema: 'https://json.schemastore.org/nest-cli',
    collection: '@nestjs/schematics',
    monorepo: true,
    ...projectOf(MONOLITH),
    compilerOptions: { builder: 'tsc', ...compilerOptions },
    ...description.nestCli,
    projects: Object.fromEntries(
      apps.map((app) => [app, { type: 'application', ...projectOf(app), compilerOptions }]),
    ),
  };
  return { path: 'nest-cli.json', content: `${JSON.stringify(content, null, 2)}\n` };
}
