CREATE TABLE user_entity (
  id VARCHAR(36) PRIMARY KEY, email VARCHAR(255), email_constraint VARCHAR(255), email_verified BOOLEAN NOT NULL DEFAULT FALSE, enabled BOOLEAN NOT NULL DEFAULT FALSE,
  federation_link VARCHAR(255), first_name VARCHAR(255), last_name VARCHAR(255), realm_id VARCHAR(255), username VARCHAR(255), created_timestamp BIGINT,
  service_account_client_link VARCHAR(255), not_before INTEGER NOT NULL DEFAULT 0, UNIQUE (realm_id, email_constraint), UNIQUE (realm_id, username)
);
CREATE TABLE user_attribute (
  name VARCHAR(255) NOT NULL, value VARCHAR(255), user_id VARCHAR(36) NOT NULL REFERENCES user_entity, id VARCHAR(36) PRIMARY KEY, long_value_hash BYTEA,
  long_value_hash_lower_case BYTEA, long_value TEXT
);
CREATE TABLE credential (
  id VARCHAR(36) PRIMARY KEY, salt BYTEA, type VARCHAR(255), user_id VARCHAR(36) REFERENCES user_entity, created_date BIGINT, user_label VARCHAR(255),
  secret_data TEXT, credential_data TEXT, priority INTEGER
);
CREATE TABLE federated_identity (
  identity_provider VARCHAR(255) NOT NULL, realm_id VARCHAR(36), federated_user_id VARCHAR(255), federated_username VARCHAR(255), token TEXT,
  user_id VARCHAR(36) NOT NULL REFERENCES user_entity, PRIMARY KEY (identity_provider, user_id)
);
CREATE TABLE broker_link (
  identity_provider VARCHAR(255) NOT NULL, storage_provider_id VARCHAR(255), realm_id VARCHAR(36) NOT NULL, broker_user_id VARCHAR(255), broker_username VARCHAR(255),
  token TEXT, user_id VARCHAR(255) NOT NULL, PRIMARY KEY (identity_provider, user_id)
);
CREATE TABLE user_consent (
  id VARCHAR(36) PRIMARY KEY, client_id VARCHAR(255), user_id VARCHAR(36) NOT NULL REFERENCES user_entity, created_date BIGINT, last_updated_date BIGINT,
  client_storage_provider VARCHAR(36), external_client_id VARCHAR(255), UNIQUE (client_id, user_id)
);
CREATE TABLE user_consent_client_scope (
  user_consent_id VARCHAR(36) NOT NULL REFERENCES user_consent, scope_id VARCHAR(36) NOT NULL, PRIMARY KEY (user_consent_id, scope_id)
);
CREATE TABLE user_group_membership (
  group_id VARCHAR(36) NOT NULL, user_id VARCHAR(36) NOT NULL REFERENCES user_entity, membership_type VARCHAR(255) NOT NULL, PRIMARY KEY (group_id, user_id)
);
CREATE TABLE user_role_mapping (role_id VARCHAR(255) NOT NULL, user_id VARCHAR(36) NOT NULL REFERENCES user_entity, PRIMARY KEY (role_id, user_id));
CREATE TABLE user_required_action (
  user_id VARCHAR(36) NOT NULL REFERENCES user_entity, required_action VARCHAR(255) NOT NULL DEFAULT ' ', PRIMARY KEY (required_action, user_id)
);
CREATE TABLE offline_user_session (
  user_session_id VARCHAR(36) NOT NULL, user_id VARCHAR(255) NOT NULL, realm_id VARCHAR(36) NOT NULL, created_on INTEGER NOT NULL, offline_flag VARCHAR(4) NOT NULL,
  data TEXT, last_session_refresh INTEGER NOT NULL DEFAULT 0, broker_session_id VARCHAR(1024), version INTEGER DEFAULT 0, PRIMARY KEY (user_session_id, offline_flag)
);
CREATE TABLE offline_client_session (
  user_session_id VARCHAR(36) NOT NULL, client_id VARCHAR(255) NOT NULL, offline_flag VARCHAR(4) NOT NULL, "timestamp" INTEGER, data TEXT,
  client_storage_provider VARCHAR(36) NOT NULL DEFAULT 'local', external_client_id VARCHAR(255) NOT NULL DEFAULT 'local', version INTEGER DEFAULT 0,
  PRIMARY KEY (user_session_id, client_id, client_storage_provider, external_client_id, offline_flag)
);
CREATE TABLE event_entity (
  id VARCHAR(36) PRIMARY KEY, client_id VARCHAR(255), details_json VARCHAR(2550), error VARCHAR(255), ip_address VARCHAR(255), realm_id VARCHAR(255),
  session_id VARCHAR(255), event_time BIGINT, type VARCHAR(255), user_id VARCHAR(255), details_json_long_value TEXT
);
CREATE TABLE admin_event_entity (
  id VARCHAR(36) PRIMARY KEY, admin_event_time BIGINT, realm_id VARCHAR(255), operation_type VARCHAR(255), auth_realm_id VARCHAR(255), auth_client_id VARCHAR(255),
  auth_user_id VARCHAR(255), ip_address VARCHAR(255), resource_path VARCHAR(2550), representation TEXT, error VARCHAR(255), resource_type VARCHAR(64), details_json TEXT
);
CREATE TABLE keycloak_group (id VARCHAR(36) PRIMARY KEY, name VARCHAR(255), parent_group VARCHAR(36) NOT NULL, realm_id VARCHAR(36), type INTEGER NOT NULL DEFAULT 0);

INSERT INTO user_entity (id, email, email_constraint, email_verified, enabled, first_name, last_name, realm_id, username, created_timestamp) VALUES
  ('u-1', 'ann.archer@x.org', 'ann.archer@x.org', TRUE, TRUE, 'Ann', 'Archer', 'main', 'ann.archer', 1700000000000),
  ('u-2', 'ben@x.org', 'ben@x.org', TRUE, TRUE, 'Ben', 'Baker', 'main', 'ben', 1700000000001),
  ('u-3', 'cleo@x.org', 'cleo@x.org', TRUE, TRUE, 'Cleo', 'Carter', 'main', 'cleo', 1700000000002);
INSERT INTO user_attribute (name, value, user_id, id) VALUES ('phoneNumber', '+49 30 9018200', 'u-1', 'a-1'), ('team', 'archers', 'u-1', 'a-2'), ('team', 'bakers', 'u-2', 'a-3');
INSERT INTO credential VALUES
  ('c-1', NULL, 'password', 'u-1', 1700000000000, 'Archer''s', '{"value":"archer"}', '{"hashIterations":27500}', 10), ('c-2', NULL, 'password', 'u-2', 1700000000000, NULL, '{"value":"y"}', '{}', 10);
INSERT INTO federated_identity VALUES ('github', 'main', '12', 'archer', 'gho_archer', 'u-1'), ('github', 'main', '13', 'ben', 'gho_b', 'u-2');
INSERT INTO broker_link VALUES ('saml', 'ldap', 'main', 'archer', 'archer', NULL, 'u-1');
INSERT INTO user_consent (id, client_id, user_id, created_date) VALUES ('k-1', 'wiki', 'u-1', 1700000000000), ('k-2', 'wiki', 'u-2', 1700000000000);
INSERT INTO user_consent_client_scope VALUES ('k-1', 'email'), ('k-2', 'email');
INSERT INTO keycloak_group VALUES ('g-1', 'staff', ' ', 'main', 0);
INSERT INTO user_group_membership VALUES ('g-1', 'u-1', 'UNMANAGED'), ('g-1', 'u-2', 'UNMANAGED');
INSERT INTO user_role_mapping VALUES ('r-1', 'u-1'), ('r-1', 'u-3');
INSERT INTO user_required_action VALUES ('u-1', 'UPDATE_PASSWORD');
INSERT INTO offline_user_session (user_session_id, user_id, realm_id, created_on, offline_flag, data) VALUES
  ('s-1', 'u-1', 'main', 1700000000, '0', '{"ipAddress":"203.0.113.7"}'), ('s-1', 'u-1', 'main', 1700000000, '1', '{}'), ('s-2', 'u-2', 'main', 1700000000, '0', '{}');
INSERT INTO offline_client_session (user_session_id, client_id, offline_flag, data) VALUES ('s-1', 'wiki', '0', '{"note":"archer"}'), ('s-2', 'wiki', '0', '{}');
INSERT INTO event_entity (id, client_id, details_json, ip_address, realm_id, session_id, event_time, type, user_id) VALUES
  ('e-1', 'wiki', '{"username":"ann.archer"}', '203.0.113.7', 'main', 's-1', 1700000000000, 'LOGIN', 'u-1'),
  ('e-2', 'wiki', '{"username":"ben"}', '198.51.100.2', 'main', 's-2', 1700000000000, 'LOGIN', 'u-2'),
  ('e-3', 'wiki', '{"username":"ann.archer@x.org"}', '203.0.113.7', 'main', NULL, 1690000000000, 'LOGIN_ERROR', NULL);
INSERT INTO admin_event_entity (id, admin_event_time, realm_id, operation_type, auth_realm_id, auth_client_id, auth_user_id, ip_address, resource_path, representation, resource_type) VALUES
  ('x-1', 1700000000000, 'main', 'UPDATE', 'main', 'console', 'u-1', '203.0.113.7', 'users/u-2', '{"username":"ben"}', 'USER'),
  ('x-2', 1700000000000, 'main', 'CREATE', 'main', 'console', 'u-3', '198.51.100.3', 'users/u-1', '{"email":"ann.archer@x.org"}', 'USER'),
  ('x-3', 1700000000000, 'main', 'CREATE', 'main', 'console', 'u-3', '198.51.100.3', 'users/u-2', '{"email":"ben@x.org"}', 'USER');
