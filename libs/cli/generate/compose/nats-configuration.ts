import type { GeneratedFile } from '../description.js';
import { headerOf } from '../header.js';

/** The server that EVENT_BUS=nats and TRANSPORT=nats use. */
export function natsConfiguration(): GeneratedFile {
  const path = 'deploy/nats/nats.conf';
  const content = `${headerOf(path)}
# What EVENT_BUS=nats and TRANSPORT=nats use. The password comes with the command line: as a variable it would be read as
# a value of this file, and a number could come of it.
port: 4222
# For the health check, inside of the container alone.
http: "127.0.0.1:8222"
jetstream {
  store_dir: "/tmp/nats"
  # An event that was acknowledged is on the disk. The server's own two minutes would lose what a power cut comes between.
  sync_interval: always
}
`;
  return { path, content };
}
