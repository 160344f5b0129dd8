// What npm runs in the root of the repository when it installs, in JavaScript that old versions of Node read too. npm's own warnings about versions, one
// for each package, are off in .npmrc; this is the line in their place.
'use strict';

/** Installing works with this one too, whose end of life is past: the packages bring the Node that the commands run on. */
var OLDEST_THAT_INSTALLS = [20, 17, 0];

var engines = require('../../package.json').engines.node;
// The Node that runs npm: first in the PATH of this script may be the one that the packages bring.
var found = /\bnode\/v(\d+)\.(\d+)\.(\d+)/.exec(
  process.env.npm_config_user_agent || 'node/' + process.version,
);
var version = found.slice(1).map(Number);

/** Whether the first is at least the second. */
function reaches(one, other) {
  for (var index = 0; index < 3; index += 1) {
    if (one[index] !== other[index]) return one[index] > other[index];
  }
  return true;
}

/** The range has parts such as ^24.15.0 and >=26.0.0. */
function isSupported() {
  return engines.split(' || ').some(function (part) {
    var parsed = /^(\^|>=)(\d+)\.(\d+)\.(\d+)$/.exec(part);
    var least = parsed.slice(2).map(Number);
    return reaches(version, least) && (parsed[1] === '>=' || version[0] === least[0]);
  });
}

if (!isSupported()) {
  var needs =
    'Node ' +
    version.join('.') +
    ' is not supported: Fissile needs Node ' +
    engines.split(' || ').join(' or ');
  if (reaches(version, OLDEST_THAT_INSTALLS)) {
    console.error(needs + '. npm start and npm run use the Node that the packages bring.');
  } else {
    console.error(needs + '.');
    process.exit(1);
  }
}
