/** The services beside the processes, as YAML. `profiles` is added to each. */

export const redis = `
<<: *store
image: redis:8.2
user: redis
command: [bash, /etc/fissile/start.sh]
environment: {}
volumes: ['./deploy/redis:/etc/fissile:ro', 'redis:/data']
healthcheck:
  <<: *health
  test: [CMD-SHELL, 'redis-cli --no-auth-warning --user health --pass none ping | grep -q PONG']
`;

export const rabbitmq = `
<<: *store
image: rabbitmq:4.2
user: rabbitmq
# Data are kept under the node's name, which is made from this one.
hostname: rabbitmq
command: [bash, /etc/fissile/start.sh]
environment:
  RABBITMQ_CONFIG_FILE: /etc/fissile/rabbitmq.conf
volumes: ['./deploy/rabbitmq:/etc/fissile:ro', 'rabbitmq:/var/lib/rabbitmq']
healthcheck:
  <<: *health
  # The tools of the broker would start an Erlang machine each time.
  test: [CMD, bash, -c, 'exec 3<>/dev/tcp/127.0.0.1/5672']
`;

export const kafka = `
<<: *store
mem_limit: 1g
# Its tags have no minor version without a patch.
image: apache/kafka:4.1.1
user: appuser
environment:
  KAFKA_HEAP_OPTS: -Xms256m -Xmx512m
  KAFKA_NODE_ID: 1
  KAFKA_PROCESS_ROLES: broker,controller
  KAFKA_LISTENERS: BROKER://:9092,CONTROLLER://:9093
  KAFKA_ADVERTISED_LISTENERS: BROKER://kafka:9092
  KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
  KAFKA_INTER_BROKER_LISTENER_NAME: BROKER
  KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER
  KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093
  KAFKA_LOG_DIRS: /var/lib/kafka/data
  # One broker cannot keep the usual three copies.
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1
  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1
  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1
volumes: ['kafka:/var/lib/kafka/data']
healthcheck:
  <<: *health
  # The tools of the broker would start a JVM each time.
  test: [CMD, bash, -c, 'exec 3<>/dev/tcp/127.0.0.1/9092']
`;

export const nats = `
<<: *store
# The plain image has no shell to ask about health with.
image: nats:2.12-alpine
user: '1000:1000'
command: [--config, /etc/fissile/nats.conf]
environment: {}
volumes:
  - ./deploy/nats:/etc/fissile:ro
  # A volume takes after the folder that it covers, and this one lets every user write.
  - nats:/tmp
healthcheck:
  <<: *health
  test: [CMD-SHELL, 'wget -qO- http://127.0.0.1:8222/healthz']
`;

/** Without its token nobody reads or writes there: settings and addresses of processes are in it. */
export const consul = (token: string): string => `
<<: *store
image: hashicorp/consul:1.22
user: consul
command:
  - agent
  - -server
  - -bootstrap-expect=1
  - -client=0.0.0.0
  - -hcl
  - 'acl = { enabled = true, default_policy = "deny", tokens = { initial_management = "${token}", agent = "${token}" } }'
environment:
  # Its start script would change owners, which only root can.
  CONSUL_DISABLE_PERM_MGMT: 'true'
volumes: ['consul:/consul/data']
healthcheck:
  <<: *health
  test: [CMD-SHELL, "wget -qO- http://127.0.0.1:8500/v1/status/leader | grep -q ':8300'"]
`;
