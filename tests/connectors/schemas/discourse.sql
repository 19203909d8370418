CREATE TABLE users (
  id INT NOT NULL, username VARCHAR(60) NOT NULL UNIQUE, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL, name VARCHAR NULL,
  seen_notification_id INT NOT NULL DEFAULT 0, last_posted_at TIMESTAMP NULL, password_hash VARCHAR(64) NULL, salt VARCHAR(32) NULL,
  active BOOLEAN NOT NULL DEFAULT FALSE, username_lower VARCHAR(60) NOT NULL UNIQUE, last_seen_at TIMESTAMP NULL, admin BOOLEAN NOT NULL DEFAULT FALSE,
  last_emailed_at TIMESTAMP NULL, trust_level INT NOT NULL, approved BOOLEAN NOT NULL DEFAULT FALSE, approved_by_id INT NULL,
  approved_at TIMESTAMP NULL, previous_visit_at TIMESTAMP NULL, suspended_at TIMESTAMP NULL, suspended_till TIMESTAMP NULL, date_of_birth DATE NULL,
  views INT NOT NULL DEFAULT 0, flag_level INT NOT NULL DEFAULT 0, ip_address INET NULL, moderator BOOLEAN DEFAULT FALSE, title VARCHAR NULL,
  uploaded_avatar_id INT NULL, locale VARCHAR(10) NULL, primary_group_id INT NULL, registration_ip_address INET NULL,
  staged BOOLEAN NOT NULL DEFAULT FALSE, first_seen_at TIMESTAMP NULL, silenced_till TIMESTAMP NULL, group_locked_trust_level INT NULL,
  manual_locked_trust_level INT NULL, secure_identifier VARCHAR NULL, PRIMARY KEY (id)
);
CREATE TABLE user_emails (
  id INT NOT NULL, user_id INT NOT NULL, email VARCHAR(513) NOT NULL, "primary" BOOLEAN NOT NULL DEFAULT FALSE, created_at TIMESTAMP NOT NULL,
  updated_at TIMESTAMP NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE user_profiles (
  user_id INT NOT NULL, location VARCHAR NULL, website VARCHAR NULL, bio_raw TEXT NULL, bio_cooked TEXT NULL, dismissed_banner_key INT NULL,
  bio_cooked_version INT NULL, badge_granted_title BOOLEAN DEFAULT FALSE, views INT NOT NULL DEFAULT 0, profile_background_upload_id INT NULL,
  card_background_upload_id INT NULL, granted_title_badge_id BIGINT NULL, featured_topic_id INT NULL, PRIMARY KEY (user_id)
);
CREATE TABLE user_custom_fields (
  id INT NOT NULL, user_id INT NOT NULL, name VARCHAR(256) NOT NULL, "value" TEXT NULL, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE user_associated_accounts (
  id BIGINT NOT NULL, provider_name VARCHAR NOT NULL, provider_uid VARCHAR NOT NULL, user_id INT NULL,
  last_used TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, info JSONB NOT NULL DEFAULT '{}', credentials JSONB NOT NULL DEFAULT '{}',
  extra JSONB NOT NULL DEFAULT '{}', created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE single_sign_on_records (
  id INT NOT NULL, user_id INT NOT NULL, external_id VARCHAR NOT NULL, last_payload TEXT NOT NULL, created_at TIMESTAMP NOT NULL,
  updated_at TIMESTAMP NOT NULL, external_username VARCHAR NULL, external_email VARCHAR NULL, external_name VARCHAR NULL,
  external_avatar_url VARCHAR(1000) NULL, external_profile_background_url VARCHAR NULL, external_card_background_url VARCHAR NULL, PRIMARY KEY (id)
);
CREATE TABLE email_tokens (
  id INT NOT NULL, user_id INT NOT NULL, email VARCHAR NOT NULL, token VARCHAR NOT NULL, confirmed BOOLEAN NOT NULL DEFAULT FALSE,
  expired BOOLEAN NOT NULL DEFAULT FALSE, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE email_change_requests (
  id INT NOT NULL, user_id INT NOT NULL, old_email VARCHAR NOT NULL, new_email VARCHAR NOT NULL, old_email_token_id INT NULL,
  new_email_token_id INT NULL, change_state INT NOT NULL, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE user_auth_tokens (
  id INT NOT NULL, user_id INT NOT NULL, auth_token VARCHAR NOT NULL, prev_auth_token VARCHAR NOT NULL, user_agent VARCHAR NULL,
  auth_token_seen BOOLEAN NOT NULL DEFAULT FALSE, client_ip INET NULL, rotated_at TIMESTAMP NOT NULL, created_at TIMESTAMP NOT NULL,
  updated_at TIMESTAMP NOT NULL, seen_at TIMESTAMP NULL, PRIMARY KEY (id)
);
CREATE TABLE user_auth_token_logs (
  id INT NOT NULL, action VARCHAR NOT NULL, user_auth_token_id INT NULL, user_id INT NULL, client_ip INET NULL, user_agent VARCHAR NULL,
  auth_token VARCHAR NULL, created_at TIMESTAMP NULL, path VARCHAR NULL, PRIMARY KEY (id)
);
CREATE TABLE user_second_factors (
  id BIGINT NOT NULL, user_id INT NOT NULL, method INT NOT NULL, data VARCHAR NOT NULL, enabled BOOLEAN NOT NULL DEFAULT FALSE,
  last_used TIMESTAMP NULL, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL, name VARCHAR NULL, PRIMARY KEY (id)
);
CREATE TABLE user_security_keys (
  id BIGINT NOT NULL, user_id BIGINT NOT NULL, credential_id VARCHAR NOT NULL, public_key VARCHAR NOT NULL, factor_type INT NOT NULL DEFAULT 0,
  enabled BOOLEAN NOT NULL DEFAULT TRUE, name VARCHAR NOT NULL, last_used TIMESTAMP NULL, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE push_subscriptions (
  id BIGINT NOT NULL, user_id INT NOT NULL, data VARCHAR NOT NULL, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE drafts (
  id INT NOT NULL, user_id INT NOT NULL, draft_key VARCHAR NOT NULL, data TEXT NOT NULL, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL,
  sequence INT NOT NULL DEFAULT 0, revisions INT NOT NULL DEFAULT 1, owner VARCHAR NULL, PRIMARY KEY (id)
);
CREATE TABLE notifications (
  id INT NOT NULL, notification_type INT NOT NULL, user_id INT NOT NULL, data VARCHAR(1000) NOT NULL, read BOOLEAN NOT NULL DEFAULT FALSE,
  created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL, topic_id INT NULL, post_number INT NULL, post_action_id INT NULL, PRIMARY KEY (id)
);
CREATE TABLE user_visits (
  id INT NOT NULL, user_id INT NOT NULL, visited_at DATE NOT NULL, posts_read INT DEFAULT 0, mobile BOOLEAN DEFAULT FALSE,
  time_read INT NOT NULL DEFAULT 0, PRIMARY KEY (id)
);
CREATE TABLE search_logs (
  id INT NOT NULL, term VARCHAR NOT NULL, user_id INT NULL, ip_address INET NULL, search_result_id INT NULL, search_type INT NOT NULL,
  created_at TIMESTAMP NOT NULL, search_result_type INT NULL, PRIMARY KEY (id)
);
CREATE TABLE email_logs (
  id INT NOT NULL, to_address VARCHAR NOT NULL, email_type VARCHAR NOT NULL, user_id INT NULL, created_at TIMESTAMP NOT NULL,
  updated_at TIMESTAMP NOT NULL, post_id INT NULL, bounce_key UUID NULL, bounced BOOLEAN NOT NULL DEFAULT FALSE, message_id VARCHAR NULL,
  PRIMARY KEY (id)
);
CREATE TABLE incoming_emails (
  id INT NOT NULL, user_id INT NULL, topic_id INT NULL, post_id INT NULL, raw TEXT NULL, error TEXT NULL, message_id TEXT NULL, from_address TEXT NULL,
  to_addresses TEXT NULL, cc_addresses TEXT NULL, subject TEXT NULL, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL,
  rejection_message TEXT NULL, is_auto_generated BOOLEAN DEFAULT FALSE, is_bounce BOOLEAN NOT NULL DEFAULT FALSE, PRIMARY KEY (id)
);
CREATE TABLE user_histories (
  id INT NOT NULL, action INT NOT NULL, acting_user_id INT NULL, target_user_id INT NULL, details TEXT NULL, created_at TIMESTAMP NOT NULL,
  updated_at TIMESTAMP NOT NULL, context VARCHAR NULL, ip_address VARCHAR NULL, email VARCHAR NULL, subject TEXT NULL, previous_value TEXT NULL,
  new_value TEXT NULL, topic_id INT NULL, admin_only BOOLEAN DEFAULT FALSE, post_id INT NULL, custom_type VARCHAR NULL, category_id INT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE topics (
  id INT NOT NULL, title VARCHAR NOT NULL, last_posted_at TIMESTAMP NULL, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL,
  views INT NOT NULL DEFAULT 0, posts_count INT NOT NULL DEFAULT 0, user_id INT NULL, last_post_user_id INT NOT NULL,
  reply_count INT NOT NULL DEFAULT 0, featured_user1_id INT NULL, featured_user2_id INT NULL, featured_user3_id INT NULL, avg_time INT NULL,
  deleted_at TIMESTAMP NULL, highest_post_number INT NOT NULL DEFAULT 0, image_url VARCHAR NULL, like_count INT NOT NULL DEFAULT 0,
  incoming_link_count INT NOT NULL DEFAULT 0, category_id INT NULL, visible BOOLEAN NOT NULL DEFAULT TRUE,
  moderator_posts_count INT NOT NULL DEFAULT 0, closed BOOLEAN NOT NULL DEFAULT FALSE, archived BOOLEAN NOT NULL DEFAULT FALSE,
  bumped_at TIMESTAMP NOT NULL, has_summary BOOLEAN NOT NULL DEFAULT FALSE, archetype VARCHAR NOT NULL DEFAULT 'regular', featured_user4_id INT NULL,
  notify_moderators_count INT NOT NULL DEFAULT 0, spam_count INT NOT NULL DEFAULT 0, pinned_at TIMESTAMP NULL, score DOUBLE PRECISION NULL,
  percent_rank DOUBLE PRECISION NOT NULL DEFAULT 1.0, subtype VARCHAR NULL, slug VARCHAR NULL, deleted_by_id INT NULL, participant_count INT DEFAULT 1,
  word_count INT NULL, excerpt VARCHAR(1000) NULL, pinned_globally BOOLEAN NOT NULL DEFAULT FALSE, pinned_until TIMESTAMP NULL,
  fancy_title VARCHAR(400) NULL, highest_staff_post_number INT NOT NULL DEFAULT 0, featured_link VARCHAR NULL,
  reviewable_score DOUBLE PRECISION NOT NULL DEFAULT 0.0, PRIMARY KEY (id)
);
CREATE TABLE posts (
  id INT NOT NULL, user_id INT NULL, topic_id INT NOT NULL, post_number INT NOT NULL, raw TEXT NOT NULL, cooked TEXT NOT NULL,
  created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL, reply_to_post_number INT NULL, reply_count INT NOT NULL DEFAULT 0,
  quote_count INT NOT NULL DEFAULT 0, deleted_at TIMESTAMP NULL, off_topic_count INT NOT NULL DEFAULT 0, like_count INT NOT NULL DEFAULT 0,
  incoming_link_count INT NOT NULL DEFAULT 0, bookmark_count INT NOT NULL DEFAULT 0, avg_time INT NULL, score DOUBLE PRECISION NULL,
  reads INT NOT NULL DEFAULT 0, post_type INT NOT NULL DEFAULT 1, sort_order INT NULL, last_editor_id INT NULL, hidden BOOLEAN NOT NULL DEFAULT FALSE,
  hidden_reason_id INT NULL, notify_moderators_count INT NOT NULL DEFAULT 0, spam_count INT NOT NULL DEFAULT 0, illegal_count INT NOT NULL DEFAULT 0,
  inappropriate_count INT NOT NULL DEFAULT 0, last_version_at TIMESTAMP NOT NULL, user_deleted BOOLEAN NOT NULL DEFAULT FALSE,
  reply_to_user_id INT NULL, percent_rank DOUBLE PRECISION DEFAULT 1.0, notify_user_count INT NOT NULL DEFAULT 0, like_score INT NOT NULL DEFAULT 0,
  deleted_by_id INT NULL, edit_reason VARCHAR NULL, word_count INT NULL, version INT NOT NULL DEFAULT 1, cook_method INT NOT NULL DEFAULT 1,
  wiki BOOLEAN NOT NULL DEFAULT FALSE, baked_at TIMESTAMP NULL, baked_version INT NULL, hidden_at TIMESTAMP NULL, self_edits INT NOT NULL DEFAULT 0,
  reply_quoted BOOLEAN NOT NULL DEFAULT FALSE, via_email BOOLEAN NOT NULL DEFAULT FALSE, raw_email TEXT NULL, public_version INT NOT NULL DEFAULT 1,
  action_code VARCHAR NULL, image_url VARCHAR NULL, locked_by_id INT NULL, PRIMARY KEY (id)
);
CREATE TABLE post_revisions (
  id INT NOT NULL, user_id INT NULL, post_id INT NULL, modifications TEXT NULL, number INT NULL, created_at TIMESTAMP NOT NULL,
  updated_at TIMESTAMP NOT NULL, hidden BOOLEAN NOT NULL DEFAULT FALSE, PRIMARY KEY (id)
);

INSERT INTO users (id, username, created_at, updated_at, name, password_hash, salt, username_lower, trust_level, date_of_birth, ip_address, title, registration_ip_address, secure_identifier) VALUES
  (1, 'Ann_Archer', '2024-01-01', '2024-01-01', 'Ann Archer', 'archer', 'archer', 'ann_archer', 1, '1990-02-03', '203.0.113.7', 'Archer', '203.0.113.7', 'archer'),
  (2, 'Ben', '2024-01-01', '2024-01-01', 'Ben Baker', 'b', 'b', 'ben', 1, NULL, '198.51.100.2', NULL, NULL, NULL), (3, 'Cleo', '2024-01-01', '2024-01-01', 'Cleo Carter', 'c', 'c', 'cleo', 4, NULL, '198.51.100.3', NULL, NULL, NULL);
INSERT INTO user_emails VALUES (1, 1, 'ann.archer@x.org', TRUE, '2024-01-01', '2024-01-01'), (2, 2, 'ben@x.org', TRUE, '2024-01-01', '2024-01-01'), (3, 3, 'cleo@x.org', TRUE, '2024-01-01', '2024-01-01');
INSERT INTO user_profiles (user_id, location, bio_raw) VALUES (1, 'Archerstadt', 'An archer'), (2, NULL, 'A baker');
INSERT INTO user_custom_fields VALUES (1, 1, 'club', 'Archers', '2024-01-01', '2024-01-01'), (2, 2, 'club', 'Bakers', '2024-01-01', '2024-01-01');
INSERT INTO user_associated_accounts (id, provider_name, provider_uid, user_id, info, created_at, updated_at) VALUES (1, 'github', 'archer', 1, '{"nick":"archer"}', '2024-01-01', '2024-01-01'), (2, 'github', 'b', 2, '{}', '2024-01-01', '2024-01-01');
INSERT INTO single_sign_on_records (id, user_id, external_id, last_payload, created_at, updated_at, external_email) VALUES (1, 1, 'a', 'name=archer', '2024-01-01', '2024-01-01', 'ann.archer@x.org'), (2, 2, 'b', '', '2024-01-01', '2024-01-01', 'ben@x.org');
INSERT INTO email_tokens VALUES (1, 1, 'ann.archer@x.org', 'archer', TRUE, TRUE, '2024-01-01', '2024-01-01'), (2, 2, 'ben@x.org', 'b', TRUE, TRUE, '2024-01-01', '2024-01-01');
INSERT INTO email_change_requests VALUES (1, 1, 'archer@old.org', 'ann.archer@x.org', NULL, NULL, 2, '2024-01-01', '2024-01-01'), (2, 2, 'ben@old.org', 'ben@x.org', NULL, NULL, 2, '2024-01-01', '2024-01-01');
INSERT INTO user_auth_tokens (id, user_id, auth_token, prev_auth_token, client_ip, rotated_at, created_at, updated_at) VALUES (1, 1, 'archer', '', '203.0.113.7', '2024-01-01', '2024-01-01', '2024-01-01'), (2, 2, 'b', '', '198.51.100.2', '2024-01-01', '2024-01-01', '2024-01-01');
INSERT INTO user_auth_token_logs (id, action, user_id, client_ip) VALUES (1, 'generate', 1, '203.0.113.7'), (2, 'generate', 2, '198.51.100.2');
INSERT INTO user_second_factors (id, user_id, method, data, created_at, updated_at) VALUES (1, 1, 1, 'archer', '2024-01-01', '2024-01-01'), (2, 2, 1, 'b', '2024-01-01', '2024-01-01');
INSERT INTO user_security_keys (id, user_id, credential_id, public_key, name, created_at, updated_at) VALUES (1, 1, 'archer', 'k', 'k', '2024-01-01', '2024-01-01'), (2, 2, 'b', 'k', 'k', '2024-01-01', '2024-01-01');
INSERT INTO push_subscriptions VALUES (1, 1, 'archer', '2024-01-01', '2024-01-01'), (2, 2, 'b', '2024-01-01', '2024-01-01');
INSERT INTO drafts (id, user_id, draft_key, data, created_at, updated_at) VALUES (1, 1, 'new_topic', 'archer', '2024-01-01', '2024-01-01'), (2, 2, 'new_topic', 'b', '2024-01-01', '2024-01-01');
INSERT INTO notifications (id, notification_type, user_id, data, created_at, updated_at) VALUES (1, 1, 1, '{"x":"archer"}', '2024-01-01', '2024-01-01'), (2, 1, 2, '{}', '2024-01-01', '2024-01-01');
INSERT INTO user_visits (id, user_id, visited_at) VALUES (1, 1, '2024-01-01'), (2, 2, '2024-01-01');
INSERT INTO search_logs (id, term, user_id, ip_address, search_type, created_at) VALUES (1, 'archer', 1, '203.0.113.7', 1, '2024-01-01'), (2, 'bread', 2, '198.51.100.2', 1, '2024-01-01'), (3, 'x', NULL, '198.51.100.9', 1, '2024-01-01');
INSERT INTO email_logs (id, to_address, email_type, user_id, created_at, updated_at) VALUES (1, 'ann.archer@x.org', 'digest', 1, '2024-01-01', '2024-01-01'), (2, 'ben@x.org', 'digest', 2, '2024-01-01', '2024-01-01');
INSERT INTO incoming_emails (id, user_id, raw, from_address, subject, created_at, updated_at) VALUES (1, 1, 'From: archer', 'ann.archer@x.org', 'Archer', '2024-01-01', '2024-01-01'), (2, 2, 'From: ben', 'ben@x.org', 'Hi', '2024-01-01', '2024-01-01');
INSERT INTO user_histories (id, action, acting_user_id, target_user_id, details, ip_address, email, created_at, updated_at) VALUES
  (1, 10, 3, 1, 'Warned Archer', '203.0.113.7', 'ann.archer@x.org', '2024-01-01', '2024-01-01'), (2, 10, 3, 2, 'Friend of ann.archer@x.org', NULL, NULL, '2024-01-01', '2024-01-01');
INSERT INTO topics (id, title, created_at, updated_at, user_id, last_post_user_id, bumped_at) VALUES (1, 'Arrows', '2024-01-01', '2024-01-01', 1, 2, '2024-01-01'), (2, 'Bread', '2024-01-01', '2024-01-01', 2, 1, '2024-01-01');
INSERT INTO posts (id, user_id, topic_id, post_number, raw, cooked, created_at, updated_at, last_version_at) VALUES
  (1, 1, 1, 1, 'Which ones?', '<p>Which ones?</p>', '2024-01-01', '2024-01-01', '2024-01-01'), (2, 2, 1, 2, 'Mail ann.archer@x.org', '', '2024-01-01', '2024-01-01', '2024-01-01'), (3, 2, 2, 1, 'Rye', '', '2024-01-01', '2024-01-01', '2024-01-01');
INSERT INTO post_revisions (id, user_id, post_id, modifications, created_at, updated_at) VALUES (1, 1, 1, 'raw: Which', '2024-01-01', '2024-01-01'), (2, 2, 3, 'raw: R', '2024-01-01', '2024-01-01');
