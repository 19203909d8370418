CREATE TABLE wp_users (
  ID BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, user_login VARCHAR(60) NOT NULL DEFAULT '', user_pass VARCHAR(255) NOT NULL DEFAULT '',
  user_nicename VARCHAR(50) NOT NULL DEFAULT '', user_email VARCHAR(100) NOT NULL DEFAULT '', user_url VARCHAR(100) NOT NULL DEFAULT '',
  user_registered DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00', user_activation_key VARCHAR(255) NOT NULL DEFAULT '',
  user_status INT NOT NULL DEFAULT 0, display_name VARCHAR(250) NOT NULL DEFAULT '',
  KEY user_login_key (user_login), KEY user_nicename (user_nicename), KEY user_email (user_email)
);
CREATE TABLE wp_usermeta (
  umeta_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id BIGINT UNSIGNED NOT NULL DEFAULT 0, meta_key VARCHAR(255) DEFAULT NULL,
  meta_value LONGTEXT, KEY user_id (user_id), KEY meta_key (meta_key(191))
);
CREATE TABLE wp_comments (
  comment_ID BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, comment_post_ID BIGINT UNSIGNED NOT NULL DEFAULT 0, comment_author TINYTEXT NOT NULL,
  comment_author_email VARCHAR(100) NOT NULL DEFAULT '', comment_author_url VARCHAR(200) NOT NULL DEFAULT '', comment_author_IP VARCHAR(100) NOT NULL DEFAULT '',
  comment_date DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00', comment_date_gmt DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00', comment_content TEXT NOT NULL,
  comment_karma INT NOT NULL DEFAULT 0, comment_approved VARCHAR(20) NOT NULL DEFAULT '1', comment_agent VARCHAR(255) NOT NULL DEFAULT '',
  comment_type VARCHAR(20) NOT NULL DEFAULT 'comment', comment_parent BIGINT UNSIGNED NOT NULL DEFAULT 0, user_id BIGINT UNSIGNED NOT NULL DEFAULT 0,
  KEY comment_post_ID (comment_post_ID), KEY comment_parent (comment_parent), KEY comment_author_email (comment_author_email(10))
);
CREATE TABLE wp_commentmeta (
  meta_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, comment_id BIGINT UNSIGNED NOT NULL DEFAULT 0, meta_key VARCHAR(255) DEFAULT NULL,
  meta_value LONGTEXT, KEY comment_id (comment_id)
);
CREATE TABLE wp_posts (
  ID BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, post_author BIGINT UNSIGNED NOT NULL DEFAULT 0, post_date DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00',
  post_date_gmt DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00', post_content LONGTEXT NOT NULL, post_title TEXT NOT NULL, post_excerpt TEXT NOT NULL,
  post_status VARCHAR(20) NOT NULL DEFAULT 'publish', comment_status VARCHAR(20) NOT NULL DEFAULT 'open', ping_status VARCHAR(20) NOT NULL DEFAULT 'open',
  post_password VARCHAR(255) NOT NULL DEFAULT '', post_name VARCHAR(200) NOT NULL DEFAULT '', to_ping TEXT NOT NULL, pinged TEXT NOT NULL,
  post_modified DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00', post_modified_gmt DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00',
  post_content_filtered LONGTEXT NOT NULL, post_parent BIGINT UNSIGNED NOT NULL DEFAULT 0, guid VARCHAR(255) NOT NULL DEFAULT '', menu_order INT NOT NULL DEFAULT 0,
  post_type VARCHAR(20) NOT NULL DEFAULT 'post', post_mime_type VARCHAR(100) NOT NULL DEFAULT '', comment_count BIGINT NOT NULL DEFAULT 0,
  KEY post_author (post_author), KEY post_parent (post_parent)
);
CREATE TABLE wp_postmeta (
  meta_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, post_id BIGINT UNSIGNED NOT NULL DEFAULT 0, meta_key VARCHAR(255) DEFAULT NULL,
  meta_value LONGTEXT, KEY post_id (post_id)
);
CREATE TABLE wp_options (
  option_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, option_name VARCHAR(191) NOT NULL DEFAULT '' UNIQUE, option_value LONGTEXT NOT NULL
);

INSERT INTO wp_options (option_name, option_value) VALUES ('admin_email', 'cleo@x.org');
INSERT INTO wp_users (ID, user_login, user_pass, user_nicename, user_email, user_url, user_registered, user_activation_key, display_name) VALUES
  (1, 'ann_archer', '$P$BarcherArcher', 'ann-archer', 'Ann.Archer@x.org', 'https://archer.example', '2024-01-02 10:00:00', 'archer-key', 'Ann Archer'),
  (2, 'ben', '$P$Bben', 'ben', 'ben@x.org', '', '2024-01-03 10:00:00', '', 'Ben Baker'),
  (3, 'cleo', '$P$Bcleo', 'cleo', 'cleo@x.org', '', '0000-00-00 00:00:00', '', 'Cleo Carter');
INSERT INTO wp_usermeta (umeta_id, user_id, meta_key, meta_value) VALUES
  (1, 1, 'nickname', 'archer'), (2, 1, 'session_tokens', 'a:1:{s:3:"abc";a:1:{s:2:"ip";s:11:"203.0.113.7";}}'), (3, 2, 'nickname', 'ben'), (4, 3, 'wp_capabilities', 'a:1:{s:13:"administrator";b:1;}');
INSERT INTO wp_posts (ID, post_author, post_date, post_content, post_title, post_excerpt, to_ping, pinged, post_content_filtered, post_name, post_type) VALUES
  (10, 1, '2024-02-01 08:00:00', 'The fair opens on Monday.', 'The fair', '', '', '', '', 'the-fair', 'post'),
  (11, 3, '2024-02-02 08:00:00', 'Welcome.', 'Home', '', '', '', '', 'home', 'page'),
  (12, 1, '2024-02-03 08:00:00', '[]', 'ann.archer@x.org', '', '', '', '', 'export_personal_data', 'user_request'),
  (13, 2, '2024-02-04 08:00:00', '[]', 'ben@x.org', '', '', '', '', 'export_personal_data', 'user_request');
INSERT INTO wp_postmeta (meta_id, post_id, meta_key, meta_value) VALUES (1, 10, '_edit_last', '1'), (2, 11, '_edit_last', '3');
INSERT INTO wp_comments (comment_ID, comment_post_ID, comment_author, comment_author_email, comment_author_url, comment_author_IP, comment_date, comment_content, comment_agent, comment_parent, user_id) VALUES
  (20, 10, 'Ann Archer', 'ann.archer@x.org', 'https://archer.example', '203.0.113.7', '2024-02-05 09:00:00', 'I, Archer, shall come.', 'Firefox', 0, 1),
  (21, 10, 'Ben Baker', 'ben@x.org', '', '198.51.100.2', '2024-02-05 10:00:00', 'Me too.', 'Safari', 20, 2),
  (22, 11, 'archer (guest)', 'ANN.ARCHER@x.org', '', '203.0.113.7', '2024-02-06 10:00:00', 'Archer was here.', 'Firefox', 0, 0),
  (23, 11, 'Dan', 'dan@x.org', '', '198.51.100.9', '2024-02-07 10:00:00', 'Write to ann.archer@x.org!', 'Chrome', 0, 0);
INSERT INTO wp_commentmeta (meta_id, comment_id, meta_key, meta_value) VALUES (1, 22, 'akismet_as_submitted', 'comment_author=archer'), (2, 21, 'rating', '5');
