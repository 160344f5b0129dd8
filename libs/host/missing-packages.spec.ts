import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { missingPackages, requirePackages } from './missing-packages.js';

describe('Packages that a setting chooses', () => {
  it('are found where they are installed', () => {
    assert.deepEqual(missingPackages(['zod', '@nestjs/common']), []);
    assert.doesNotThrow(() => requirePackages('LOG_FORMAT=pretty', ['zod']));
  });

  it('are named with the setting and the command when they are missing', () => {
    assert.throws(() => requirePackages('TRANSPORT=pigeon', ['zod', 'fissile-pigeon']), {
      name: 'MissingPackagesError',
      message: 'TRANSPORT=pigeon needs a package that is not installed. Run: npm install fissile-pigeon',
    });
  });

  it('are all named at once', () => {
    assert.throws(() => requirePackages('EVENT_BUS=pigeon', ['fissile-pigeon', 'zod', '@fissile/loft']), {
      message:
        'EVENT_BUS=pigeon needs packages that are not installed. Run: npm install fissile-pigeon @fissile/loft',
    });
  });
});
