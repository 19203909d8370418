CREATE TABLE oc_users (
  uid VARCHAR(64) NOT NULL DEFAULT '', displayname VARCHAR(64) NULL, password VARCHAR(255) NOT NULL DEFAULT '', uid_lower VARCHAR(64) DEFAULT '',
  PRIMARY KEY (uid)
);
CREATE TABLE oc_accounts (
  uid VARCHAR(64) NOT NULL DEFAULT '', data LONGTEXT NOT NULL DEFAULT '', PRIMARY KEY (uid)
);
CREATE TABLE oc_accounts_data (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, uid VARCHAR(64) NOT NULL, name VARCHAR(64) NOT NULL, `value` VARCHAR(255) DEFAULT '', PRIMARY KEY (id),
  KEY accounts_data_uid (uid)
);
CREATE TABLE oc_profile_config (
  id BIGINT NOT NULL AUTO_INCREMENT, user_id VARCHAR(64) NOT NULL, config LONGTEXT NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE oc_preferences (
  userid VARCHAR(64) NOT NULL DEFAULT '', appid VARCHAR(32) NOT NULL DEFAULT '', configkey VARCHAR(64) NOT NULL DEFAULT '', configvalue LONGTEXT NULL,
  PRIMARY KEY (userid, appid, configkey)
);
CREATE TABLE oc_group_user (
  gid VARCHAR(64) NOT NULL DEFAULT '', uid VARCHAR(64) NOT NULL DEFAULT '', PRIMARY KEY (gid, uid)
);
CREATE TABLE oc_group_admin (
  gid VARCHAR(64) NOT NULL DEFAULT '', uid VARCHAR(64) NOT NULL DEFAULT '', PRIMARY KEY (gid, uid)
);
CREATE TABLE oc_authtoken (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, uid VARCHAR(64) NOT NULL DEFAULT '', login_name VARCHAR(255) NOT NULL DEFAULT '', password LONGTEXT NULL,
  name LONGTEXT NOT NULL DEFAULT '', token VARCHAR(200) NOT NULL DEFAULT '', `type` SMALLINT UNSIGNED DEFAULT 0, remember SMALLINT UNSIGNED DEFAULT 0,
  last_activity INT UNSIGNED DEFAULT 0, last_check INT UNSIGNED DEFAULT 0, scope LONGTEXT NULL, expires INT UNSIGNED NULL, private_key LONGTEXT NULL,
  public_key LONGTEXT NULL, version SMALLINT UNSIGNED NOT NULL DEFAULT 1, password_invalid TINYINT(1) DEFAULT 0, password_hash VARCHAR(255) NULL,
  PRIMARY KEY (id)
);
CREATE TABLE oc_webauthn (
  id INT NOT NULL AUTO_INCREMENT, uid VARCHAR(64) NOT NULL, name VARCHAR(64) NOT NULL, public_key_credential_id VARCHAR(512) NOT NULL,
  data LONGTEXT NOT NULL, user_verification TINYINT(1) NULL, PRIMARY KEY (id)
);
CREATE TABLE oc_twofactor_providers (
  provider_id VARCHAR(32) NOT NULL, uid VARCHAR(64) NOT NULL, enabled SMALLINT NOT NULL, PRIMARY KEY (provider_id, uid)
);
CREATE TABLE oc_twofactor_backupcodes (
  id BIGINT NOT NULL AUTO_INCREMENT, user_id VARCHAR(64) NOT NULL DEFAULT '', code VARCHAR(128) NOT NULL, used SMALLINT NOT NULL DEFAULT 0,
  PRIMARY KEY (id)
);
CREATE TABLE oc_storages_credentials (
  id BIGINT NOT NULL AUTO_INCREMENT, `user` VARCHAR(64) NULL, identifier VARCHAR(64) NOT NULL, credentials LONGTEXT NULL, PRIMARY KEY (id)
);
CREATE TABLE oc_mounts (
  id BIGINT NOT NULL AUTO_INCREMENT, storage_id BIGINT NOT NULL, root_id BIGINT NOT NULL, user_id VARCHAR(64) NOT NULL,
  mount_point VARCHAR(4000) NOT NULL, mount_id BIGINT NULL, mount_provider_class VARCHAR(128) NULL, PRIMARY KEY (id)
);
CREATE TABLE oc_vcategory (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, uid VARCHAR(64) NOT NULL DEFAULT '', `type` VARCHAR(64) NOT NULL DEFAULT '',
  category VARCHAR(255) NOT NULL DEFAULT '', PRIMARY KEY (id)
);
CREATE TABLE oc_vcategory_to_object (
  objid BIGINT UNSIGNED NOT NULL DEFAULT 0, categoryid BIGINT UNSIGNED NOT NULL DEFAULT 0, `type` VARCHAR(64) NOT NULL DEFAULT '',
  PRIMARY KEY (categoryid, objid, `type`)
);
CREATE TABLE oc_known_users (
  id BIGINT NOT NULL AUTO_INCREMENT, known_to VARCHAR(255) NOT NULL, known_user VARCHAR(255) NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE oc_share (
  id BIGINT NOT NULL AUTO_INCREMENT, share_type SMALLINT NOT NULL DEFAULT 0, share_with VARCHAR(255) NULL, password VARCHAR(255) NULL,
  uid_owner VARCHAR(64) NOT NULL DEFAULT '', uid_initiator VARCHAR(64) NULL, parent BIGINT NULL, item_type VARCHAR(64) NOT NULL DEFAULT '',
  item_source VARCHAR(255) NULL, item_target VARCHAR(255) NULL, file_source BIGINT NULL, file_target VARCHAR(512) NULL,
  permissions SMALLINT NOT NULL DEFAULT 0, stime BIGINT NOT NULL DEFAULT 0, accepted SMALLINT NOT NULL DEFAULT 0, expiration DATETIME NULL,
  token VARCHAR(32) NULL, mail_send SMALLINT NOT NULL DEFAULT 0, share_name VARCHAR(64) NULL, password_by_talk TINYINT(1) DEFAULT 0,
  note LONGTEXT NULL, hide_download SMALLINT DEFAULT 0, label VARCHAR(255) NULL, attributes LONGTEXT NULL, password_expiration_time DATETIME NULL,
  reminder_sent TINYINT(1) DEFAULT 0, PRIMARY KEY (id), KEY share_with_index (share_with)
);
CREATE TABLE oc_comments (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, parent_id BIGINT UNSIGNED NOT NULL DEFAULT 0, topmost_parent_id BIGINT UNSIGNED NOT NULL DEFAULT 0,
  children_count INT UNSIGNED NOT NULL DEFAULT 0, actor_type VARCHAR(64) NOT NULL DEFAULT '', actor_id VARCHAR(64) NOT NULL DEFAULT '',
  message LONGTEXT NULL, verb VARCHAR(64) NULL, creation_timestamp DATETIME NULL, latest_child_timestamp DATETIME NULL,
  object_type VARCHAR(64) NOT NULL DEFAULT '', object_id VARCHAR(64) NOT NULL DEFAULT '', reference_id VARCHAR(64) NULL, reactions VARCHAR(4000) NULL,
  expire_date DATETIME NULL, meta_data LONGTEXT NULL, PRIMARY KEY (id)
);
CREATE TABLE oc_comments_read_markers (
  user_id VARCHAR(64) NOT NULL DEFAULT '', marker_datetime DATETIME NULL, object_type VARCHAR(64) NOT NULL DEFAULT '',
  object_id VARCHAR(64) NOT NULL DEFAULT '', PRIMARY KEY (user_id, object_type, object_id)
);
CREATE TABLE oc_activity (
  activity_id BIGINT NOT NULL AUTO_INCREMENT, `timestamp` INT NOT NULL DEFAULT 0, priority INT NOT NULL DEFAULT 0, `type` VARCHAR(255) NULL,
  `user` VARCHAR(64) NULL, affecteduser VARCHAR(64) NOT NULL, app VARCHAR(32) NOT NULL, subject VARCHAR(255) NOT NULL, subjectparams LONGTEXT NOT NULL,
  message VARCHAR(255) NULL, messageparams LONGTEXT NULL, file VARCHAR(4000) NULL, link VARCHAR(4000) NULL, object_type VARCHAR(255) NULL,
  object_id BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (activity_id)
);
CREATE TABLE oc_activity_mq (
  mail_id BIGINT NOT NULL AUTO_INCREMENT, amq_timestamp INT NOT NULL DEFAULT 0, amq_latest_send INT NOT NULL DEFAULT 0, amq_type VARCHAR(255) NOT NULL,
  amq_affecteduser VARCHAR(64) NOT NULL, amq_appid VARCHAR(32) NOT NULL, amq_subject VARCHAR(255) NOT NULL, amq_subjectparams LONGTEXT NULL,
  object_type VARCHAR(255) NULL, object_id BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (mail_id)
);

INSERT INTO oc_users VALUES ('ann', 'Ann Archer', '3|archer', 'ann'), ('ben', 'Ben Baker', '3|b', 'ben'), ('cleo', 'Cleo Carter', '3|c', 'cleo');
INSERT INTO oc_accounts VALUES ('ann', '{"email":{"value":"ann.archer@x.org"},"phone":{"value":"archer"}}'), ('ben', '{"email":{"value":"ben@x.org"}}');
INSERT INTO oc_accounts_data VALUES (1, 'ann', 'email', 'ann.archer@x.org'), (2, 'ann', 'displayname', 'Ann Archer'), (3, 'ben', 'email', 'ben@x.org');
INSERT INTO oc_profile_config VALUES (1, 'ann', '{"archer":1}'), (2, 'ben', '{}');
INSERT INTO oc_preferences VALUES ('ann', 'settings', 'email', 'ann.archer@x.org'), ('ann', 'login', 'lastLogin', '1700000000'), ('ben', 'settings', 'email', 'ben@x.org'), ('cleo', 'settings', 'email', 'cleo@x.org');
INSERT INTO oc_group_user VALUES ('staff', 'ann'), ('staff', 'ben');
INSERT INTO oc_group_admin VALUES ('staff', 'ann');
INSERT INTO oc_authtoken (id, uid, login_name, name, token) VALUES (1, 'ann', 'ann.archer@x.org', 'Firefox of Archer', 't1'), (2, 'ben', 'ben', 'Safari', 't2');
INSERT INTO oc_webauthn VALUES (1, 'ann', 'Archer key', 'c1', '{}', 1), (2, 'ben', 'key', 'c2', '{}', 1);
INSERT INTO oc_twofactor_providers VALUES ('totp', 'ann', 1), ('totp', 'ben', 1);
INSERT INTO oc_twofactor_backupcodes VALUES (1, 'ann', '1|archer', 0), (2, 'ben', '1|b', 0);
INSERT INTO oc_storages_credentials VALUES (1, 'ann', 'password::logincredentials/credentials', 'archer'), (2, 'ben', 'password::logincredentials/credentials', 'b'), (3, NULL, 'shared', 's');
INSERT INTO oc_mounts VALUES (1, 1, 1, 'ann', '/ann/', NULL, NULL), (2, 2, 2, 'ben', '/ben/', NULL, NULL);
INSERT INTO oc_vcategory VALUES (1, 'ann', 'files', 'Archery'), (2, 'ben', 'files', 'Bread');
INSERT INTO oc_vcategory_to_object VALUES (7, 1, 'files'), (8, 2, 'files');
INSERT INTO oc_known_users VALUES (1, 'ann', 'ben'), (2, 'cleo', 'ben');
INSERT INTO oc_share (id, share_type, share_with, uid_owner, uid_initiator, item_type, file_target, token, note) VALUES
  (1, 3, NULL, 'ann', 'ann', 'file', '/archer.txt', 'tok1', 'From Archer'), (2, 0, 'ben', 'ann', 'ann', 'file', '/plan.txt', NULL, NULL), (3, 0, 'ann', 'ben', 'ben', 'file', '/cake.txt', NULL, NULL),
  (4, 4, 'ann.archer@x.org', 'cleo', 'cleo', 'file', '/hall.txt', 'tok4', NULL), (5, 0, 'cleo', 'ben', 'ben', 'file', '/x.txt', NULL, NULL), (6, 3, NULL, 'ben', 'ann', 'file', '/y.txt', 'tok6', NULL);
INSERT INTO oc_comments (id, actor_type, actor_id, message, verb, object_type, object_id) VALUES
  (1, 'users', 'ann', 'Archer likes it', 'comment', 'files', '7'), (2, 'users', 'ben', 'Good', 'comment', 'files', '7'), (3, 'guests', 'ann', 'Hi', 'comment', 'chat', '1'), (4, 'users', 'cleo', 'Mail ann.archer@x.org', 'comment', 'files', '7');
INSERT INTO oc_comments_read_markers VALUES ('ann', NULL, 'files', '7'), ('ben', NULL, 'files', '7');
INSERT INTO oc_activity (activity_id, type, user, affecteduser, app, subject, subjectparams, file) VALUES
  (1, 'file_created', 'ann', 'ann', 'files', 'created_self', '["archer.txt"]', '/archer.txt'), (2, 'shared', 'ben', 'ann', 'files_sharing', 'shared_with_by', '["cake.txt","ben"]', '/cake.txt'),
  (3, 'shared', 'ann', 'ben', 'files_sharing', 'shared_with_by', '["plan.txt"]', '/plan.txt'), (4, 'file_created', 'cleo', 'cleo', 'files', 'created_self', '["x"]', '/x');
INSERT INTO oc_activity_mq (mail_id, amq_type, amq_affecteduser, amq_appid, amq_subject, amq_subjectparams) VALUES (1, 'shared', 'ann', 'files', 's', '["archer"]'), (2, 'shared', 'ben', 'files', 's', '[]');
