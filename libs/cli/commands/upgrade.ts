import { Command } from 'commander';
import { findProject } from '../product-project.js';

/** `fissile upgrade [--dry-run]` */
export function upgradeCommand(): Command {
  return new Command('upgrade')
    .description('Brings the files that the product was made from up to the kit that is installed')
    .option('--dry-run', 'reports what would change and what you must do, and writes nothing')
    .addHelpText(
      'after',
      `
Example:
  npm install @fissile/kit@latest
  fissile upgrade --dry-run
  fissile upgrade

What you have edited is merged, with markers where both have changed the same lines. What you have deleted stays deleted.`,
    )
    .action(async ({ dryRun = false }: { dryRun?: boolean }) => {
      const { planUpgrade } = await import('../upgrade/plan-upgrade.js');
      const { plan, report } = await planUpgrade(findProject().root);
      if (!dryRun) plan.write();
      console.log(report.text({ dryRun }));
    });
}
