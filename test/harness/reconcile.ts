import { execFile } from 'node:child_process';
import { ADMIN, type Shop } from './shop.js';

/** The report of `npm run reconcile` on a running shop. */
export function reconcile(shop: Pick<Shop, 'url'>): Promise<{ code: number; output: string }> {
  const env = {
    ...process.env,
    FISSILE_URL: shop.url,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, ['dist/tools/reconcile/main.js'], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}
