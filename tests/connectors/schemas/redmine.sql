CREATE TABLE users (
  id INT NOT NULL AUTO_INCREMENT, login VARCHAR(255) NOT NULL DEFAULT '', hashed_password VARCHAR(40) NOT NULL DEFAULT '',
  firstname VARCHAR(30) NOT NULL DEFAULT '', lastname VARCHAR(255) NOT NULL DEFAULT '', admin TINYINT(1) NOT NULL DEFAULT 0,
  status INT NOT NULL DEFAULT 1, last_login_on DATETIME NULL, language VARCHAR(5) DEFAULT '', auth_source_id INT NULL, created_on TIMESTAMP NULL,
  updated_on TIMESTAMP NULL, `type` VARCHAR(255) NULL, mail_notification VARCHAR(255) NOT NULL DEFAULT '', salt VARCHAR(64) NULL,
  must_change_passwd TINYINT(1) NOT NULL DEFAULT 0, passwd_changed_on DATETIME NULL, twofa_scheme VARCHAR(255) NULL, twofa_totp_key VARCHAR(255) NULL,
  twofa_totp_last_used_at INT NULL, twofa_required TINYINT(1) DEFAULT 0, PRIMARY KEY (id)
);
CREATE TABLE email_addresses (
  id INT NOT NULL AUTO_INCREMENT, user_id INT NOT NULL, address VARCHAR(255) NOT NULL, is_default TINYINT(1) NOT NULL DEFAULT 0,
  notify TINYINT(1) NOT NULL DEFAULT 1, created_on DATETIME NOT NULL, updated_on DATETIME NOT NULL, PRIMARY KEY (id),
  KEY index_email_addresses_on_user_id (user_id)
);
CREATE TABLE user_preferences (
  id INT NOT NULL AUTO_INCREMENT, user_id INT NOT NULL DEFAULT 0, others TEXT NULL, hide_mail TINYINT(1) DEFAULT 1, time_zone VARCHAR(255) NULL,
  PRIMARY KEY (id)
);
CREATE TABLE tokens (
  id INT NOT NULL AUTO_INCREMENT, user_id INT NOT NULL DEFAULT 0, action VARCHAR(30) NOT NULL DEFAULT '', `value` VARCHAR(40) NOT NULL DEFAULT '',
  created_on DATETIME NOT NULL, updated_on TIMESTAMP NULL, PRIMARY KEY (id)
);
CREATE TABLE members (
  id INT NOT NULL AUTO_INCREMENT, user_id INT NOT NULL DEFAULT 0, project_id INT NOT NULL DEFAULT 0, created_on TIMESTAMP NULL,
  mail_notification TINYINT(1) NOT NULL DEFAULT 0, PRIMARY KEY (id)
);
CREATE TABLE member_roles (
  id INT NOT NULL AUTO_INCREMENT, member_id INT NOT NULL, role_id INT NOT NULL, inherited_from INT NULL, PRIMARY KEY (id)
);
CREATE TABLE groups_users (
  group_id INT NOT NULL, user_id INT NOT NULL, PRIMARY KEY (group_id, user_id)
);
CREATE TABLE watchers (
  id INT NOT NULL AUTO_INCREMENT, watchable_type VARCHAR(255) NOT NULL DEFAULT '', watchable_id INT NOT NULL DEFAULT 0, user_id INT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE custom_values (
  id INT NOT NULL AUTO_INCREMENT, customized_type VARCHAR(30) NOT NULL DEFAULT '', customized_id INT NOT NULL DEFAULT 0,
  custom_field_id INT NOT NULL DEFAULT 0, `value` LONGTEXT NULL, PRIMARY KEY (id)
);
CREATE TABLE time_entries (
  id INT NOT NULL AUTO_INCREMENT, project_id INT NOT NULL, author_id INT NULL, user_id INT NOT NULL, issue_id INT NULL, hours FLOAT NOT NULL,
  comments VARCHAR(1024) NULL, activity_id INT NOT NULL, spent_on DATE NOT NULL, tyear INT NOT NULL, tmonth INT NOT NULL, tweek INT NOT NULL,
  created_on DATETIME NOT NULL, updated_on DATETIME NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE issues (
  id INT NOT NULL AUTO_INCREMENT, tracker_id INT NOT NULL, project_id INT NOT NULL, subject VARCHAR(255) NOT NULL DEFAULT '',
  description LONGTEXT NULL, due_date DATE NULL, category_id INT NULL, status_id INT NOT NULL, assigned_to_id INT NULL, priority_id INT NOT NULL,
  fixed_version_id INT NULL, author_id INT NOT NULL, lock_version INT NOT NULL DEFAULT 0, created_on TIMESTAMP NULL, updated_on TIMESTAMP NULL,
  start_date DATE NULL, done_ratio INT NOT NULL DEFAULT 0, estimated_hours FLOAT NULL, parent_id INT NULL, root_id INT NULL, lft INT NULL,
  rgt INT NULL, is_private TINYINT(1) NOT NULL DEFAULT 0, closed_on DATETIME NULL, PRIMARY KEY (id)
);
CREATE TABLE journals (
  id INT NOT NULL AUTO_INCREMENT, journalized_id INT NOT NULL DEFAULT 0, journalized_type VARCHAR(30) NOT NULL DEFAULT '',
  user_id INT NOT NULL DEFAULT 0, notes LONGTEXT NULL, created_on DATETIME NOT NULL, private_notes TINYINT(1) NOT NULL DEFAULT 0,
  updated_on DATETIME NULL, updated_by_id INT NULL, PRIMARY KEY (id)
);
CREATE TABLE messages (
  id INT NOT NULL AUTO_INCREMENT, board_id INT NOT NULL, parent_id INT NULL, subject VARCHAR(255) NOT NULL DEFAULT '', content TEXT NULL,
  author_id INT NULL, replies_count INT NOT NULL DEFAULT 0, last_reply_id INT NULL, created_on DATETIME NOT NULL, updated_on DATETIME NOT NULL,
  locked TINYINT(1) DEFAULT 0, sticky INT DEFAULT 0, PRIMARY KEY (id)
);
CREATE TABLE news (
  id INT NOT NULL AUTO_INCREMENT, project_id INT NULL, title VARCHAR(60) NOT NULL DEFAULT '', summary VARCHAR(255) DEFAULT '', description TEXT NULL,
  author_id INT NOT NULL DEFAULT 0, created_on TIMESTAMP NULL, comments_count INT NOT NULL DEFAULT 0, PRIMARY KEY (id)
);
CREATE TABLE comments (
  id INT NOT NULL AUTO_INCREMENT, commented_type VARCHAR(30) NOT NULL DEFAULT '', commented_id INT NOT NULL DEFAULT 0,
  author_id INT NOT NULL DEFAULT 0, content TEXT NULL, created_on DATETIME NOT NULL, updated_on DATETIME NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE wiki_contents (
  id INT NOT NULL AUTO_INCREMENT, page_id INT NOT NULL, author_id INT NULL, text LONGTEXT NULL, comments VARCHAR(1024) DEFAULT '',
  updated_on DATETIME NOT NULL, version INT NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE wiki_content_versions (
  id INT NOT NULL AUTO_INCREMENT, wiki_content_id INT NOT NULL, page_id INT NOT NULL, author_id INT NULL, data LONGBLOB NULL,
  compression VARCHAR(6) DEFAULT '', comments VARCHAR(1024) DEFAULT '', updated_on DATETIME NOT NULL, version INT NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE attachments (
  id INT NOT NULL AUTO_INCREMENT, container_id INT NULL, container_type VARCHAR(30) NULL, filename VARCHAR(255) NOT NULL DEFAULT '',
  disk_filename VARCHAR(255) NOT NULL DEFAULT '', filesize BIGINT NOT NULL DEFAULT 0, content_type VARCHAR(255) DEFAULT '',
  digest VARCHAR(64) NOT NULL DEFAULT '', downloads INT NOT NULL DEFAULT 0, author_id INT NOT NULL DEFAULT 0, created_on TIMESTAMP NULL,
  description VARCHAR(255) NULL, disk_directory VARCHAR(255) NULL, PRIMARY KEY (id)
);

INSERT INTO users (id, login, hashed_password, firstname, lastname, admin, status, last_login_on, language, type, salt) VALUES
  (1, 'ann.archer', 'archer', 'Ann', 'Archer', 0, 1, '2024-05-01 10:00:00', 'en', 'User', 'archer'), (2, 'ben', 'b', 'Ben', 'Baker', 0, 1, NULL, 'en', 'User', 'b'),
  (3, 'cleo', 'c', 'Cleo', 'Carter', 1, 1, NULL, 'en', 'User', 'c'), (4, '', '', '', 'Builders', 0, 1, NULL, '', 'Group', NULL);
INSERT INTO email_addresses VALUES
  (1, 1, 'Ann.Archer@x.org', 1, 1, '2024-01-01', '2024-01-01'), (2, 1, 'archer@y.org', 0, 1, '2024-01-01', '2024-01-01'), (3, 2, 'ben@x.org', 1, 1, '2024-01-01', '2024-01-01'), (4, 3, 'cleo@x.org', 1, 1, '2024-01-01', '2024-01-01');
INSERT INTO user_preferences VALUES (1, 1, 'archer: 1', 1, 'Archer City'), (2, 2, '', 1, '');
INSERT INTO tokens (id, user_id, action, value, created_on) VALUES (1, 1, 'session', 'archer', '2024-05-01'), (2, 2, 'session', 'b', '2024-05-01');
INSERT INTO members (id, user_id, project_id) VALUES (1, 1, 1), (2, 2, 1);
INSERT INTO member_roles VALUES (1, 1, 3, NULL), (2, 2, 3, NULL);
INSERT INTO groups_users VALUES (4, 1), (4, 2);
INSERT INTO watchers VALUES (1, 'Issue', 11, 1), (2, 'Issue', 11, 2);
INSERT INTO custom_values VALUES (1, 'Principal', 1, 7, 'Archer club'), (2, 'Principal', 2, 7, 'Bakers'), (3, 'Issue', 1, 8, 'red');
INSERT INTO time_entries (id, project_id, author_id, user_id, issue_id, hours, comments, activity_id, spent_on, tyear, tmonth, tweek, created_on, updated_on) VALUES
  (1, 1, 1, 1, 10, 2.5, 'archer work', 1, '2024-05-01', 2024, 5, 18, '2024-05-01', '2024-05-01'), (2, 1, 1, 2, 10, 1, '', 1, '2024-05-01', 2024, 5, 18, '2024-05-01', '2024-05-01');
INSERT INTO issues (id, tracker_id, project_id, subject, description, status_id, assigned_to_id, priority_id, author_id) VALUES
  (10, 1, 1, 'Door squeaks', 'It does.', 1, 2, 1, 1), (11, 1, 1, 'Roof leaks', 'Ask ann.archer@x.org', 1, 1, 1, 2), (12, 1, 1, 'Wall', '', 1, 3, 1, 2);
INSERT INTO journals (id, journalized_id, journalized_type, user_id, notes, created_on, updated_by_id) VALUES
  (1, 10, 'Issue', 2, 'Oil it.', '2024-05-02', 1), (2, 11, 'Issue', 1, 'On my way.', '2024-05-02', NULL);
INSERT INTO messages (id, board_id, subject, content, author_id, created_on, updated_on) VALUES (1, 1, 'Hi', 'Hello', 1, '2024-05-01', '2024-05-01'), (2, 1, 'Re: Hi', 'Hey', 2, '2024-05-01', '2024-05-01');
INSERT INTO news (id, title, summary, description, author_id) VALUES (1, 'Open', '', 'We are open', 1), (2, 'Closed', '', 'Not today', 3);
INSERT INTO comments VALUES (1, 'News', 1, 2, 'Fine', '2024-05-01', '2024-05-01'), (2, 'News', 2, 1, 'A pity', '2024-05-01', '2024-05-01');
INSERT INTO wiki_contents VALUES (1, 1, 1, 'Start', '', '2024-05-01', 1), (2, 2, 2, 'Other', '', '2024-05-01', 1);
INSERT INTO wiki_content_versions VALUES (1, 1, 1, 1, 'Start', '', '', '2024-05-01', 1), (2, 2, 2, 2, 'Other', '', '', '2024-05-01', 1);
INSERT INTO attachments (id, container_id, container_type, filename, disk_filename, author_id) VALUES (1, 10, 'Issue', 'door.png', 'd1', 1), (2, 11, 'Issue', 'roof.png', 'd2', 2);
