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
CREATE TABLE wp_wc_customer_lookup (
  customer_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id BIGINT UNSIGNED DEFAULT NULL UNIQUE, username VARCHAR(60) NOT NULL DEFAULT '',
  first_name VARCHAR(255) NOT NULL, last_name VARCHAR(255) NOT NULL, email VARCHAR(100) NULL DEFAULT NULL, date_last_active TIMESTAMP NULL DEFAULT NULL,
  date_registered TIMESTAMP NULL DEFAULT NULL, country CHAR(2) NOT NULL DEFAULT '', postcode VARCHAR(20) NOT NULL DEFAULT '', city VARCHAR(100) NOT NULL DEFAULT '',
  state VARCHAR(100) NOT NULL DEFAULT '', KEY email (email)
);
CREATE TABLE wp_wc_orders (
  id BIGINT UNSIGNED PRIMARY KEY, status VARCHAR(20) NULL, currency VARCHAR(10) NULL, type VARCHAR(20) NULL, tax_amount DECIMAL(26,8) NULL, total_amount DECIMAL(26,8) NULL,
  customer_id BIGINT UNSIGNED NULL, billing_email VARCHAR(320) NULL, date_created_gmt DATETIME NULL, date_updated_gmt DATETIME NULL, parent_order_id BIGINT UNSIGNED NULL,
  payment_method VARCHAR(100) NULL, payment_method_title TEXT NULL, transaction_id VARCHAR(100) NULL, ip_address VARCHAR(100) NULL, user_agent TEXT NULL,
  customer_note TEXT NULL, KEY customer_id_billing_email (customer_id, billing_email(171)), KEY billing_email (billing_email(191)), KEY parent_order_id (parent_order_id)
);
CREATE TABLE wp_wc_order_addresses (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, order_id BIGINT UNSIGNED NOT NULL, address_type VARCHAR(20) NULL, first_name TEXT NULL, last_name TEXT NULL,
  company TEXT NULL, address_1 TEXT NULL, address_2 TEXT NULL, city TEXT NULL, state TEXT NULL, postcode TEXT NULL, country TEXT NULL, email VARCHAR(320) NULL,
  phone VARCHAR(100) NULL, KEY order_id (order_id)
);
CREATE TABLE wp_wc_order_operational_data (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, order_id BIGINT UNSIGNED NULL UNIQUE, created_via VARCHAR(100) NULL, woocommerce_version VARCHAR(20) NULL,
  prices_include_tax TINYINT(1) NULL, coupon_usages_are_counted TINYINT(1) NULL, download_permission_granted TINYINT(1) NULL, cart_hash VARCHAR(100) NULL,
  new_order_email_sent TINYINT(1) NULL, order_key VARCHAR(100) NULL, order_stock_reduced TINYINT(1) NULL, date_paid_gmt DATETIME NULL, date_completed_gmt DATETIME NULL,
  shipping_tax_amount DECIMAL(26,8) NULL, shipping_total_amount DECIMAL(26,8) NULL, discount_tax_amount DECIMAL(26,8) NULL, discount_total_amount DECIMAL(26,8) NULL,
  recorded_sales TINYINT(1) NULL
);
CREATE TABLE wp_wc_orders_meta (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, order_id BIGINT UNSIGNED NULL, meta_key VARCHAR(255), meta_value TEXT NULL, KEY order_id (order_id)
);
CREATE TABLE wp_woocommerce_sessions (
  session_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, session_key CHAR(32) NOT NULL UNIQUE, session_value LONGTEXT NOT NULL, session_expiry BIGINT UNSIGNED NOT NULL
);
CREATE TABLE wp_woocommerce_payment_tokens (
  token_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, gateway_id VARCHAR(200) NOT NULL, token TEXT NOT NULL, user_id BIGINT UNSIGNED NOT NULL DEFAULT 0,
  type VARCHAR(200) NOT NULL, is_default TINYINT(1) NOT NULL DEFAULT 0, KEY user_id (user_id)
);
CREATE TABLE wp_woocommerce_payment_tokenmeta (
  meta_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, payment_token_id BIGINT UNSIGNED NOT NULL, meta_key VARCHAR(255) NULL, meta_value LONGTEXT NULL,
  KEY payment_token_id (payment_token_id)
);
CREATE TABLE wp_woocommerce_api_keys (
  key_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id BIGINT UNSIGNED NOT NULL, description VARCHAR(200) NULL, permissions VARCHAR(10) NOT NULL,
  consumer_key CHAR(64) NOT NULL, consumer_secret CHAR(43) NOT NULL, nonces LONGTEXT NULL, truncated_key CHAR(7) NOT NULL, last_access DATETIME NULL DEFAULT NULL
);
CREATE TABLE wp_woocommerce_downloadable_product_permissions (
  permission_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, download_id VARCHAR(36) NOT NULL, product_id BIGINT UNSIGNED NOT NULL, order_id BIGINT UNSIGNED NOT NULL DEFAULT 0,
  order_key VARCHAR(200) NOT NULL, user_email VARCHAR(200) NOT NULL, user_id BIGINT UNSIGNED NULL, downloads_remaining VARCHAR(9) NULL,
  access_granted DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00', access_expires DATETIME NULL DEFAULT NULL, download_count BIGINT UNSIGNED NOT NULL DEFAULT 0
);
CREATE TABLE wp_wc_download_log (
  download_log_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, timestamp DATETIME NOT NULL, permission_id BIGINT UNSIGNED NOT NULL, user_id BIGINT UNSIGNED NULL,
  user_ip_address VARCHAR(100) NULL DEFAULT '', CONSTRAINT fk_wp_wc_download_log_permission_id FOREIGN KEY (permission_id)
    REFERENCES wp_woocommerce_downloadable_product_permissions (permission_id) ON DELETE CASCADE
);

INSERT INTO wp_users (ID, user_login, user_pass, user_nicename, user_email, user_url, user_registered, user_activation_key, display_name) VALUES
  (1, 'ann_archer', '$P$BarcherArcher', 'ann-archer', 'Ann.Archer@x.org', 'https://archer.example', '2024-01-02 10:00:00', 'archer-key', 'Ann Archer'),
  (2, 'ben', '$P$Bben', 'ben', 'ben@x.org', '', '2024-01-03 10:00:00', '', 'Ben Baker'),
  (3, 'cleo', '$P$Bcleo', 'cleo', 'cleo@x.org', '', '0000-00-00 00:00:00', '', 'Cleo Carter');
INSERT INTO wp_usermeta (umeta_id, user_id, meta_key, meta_value) VALUES
  (1, 1, 'nickname', 'archer'), (2, 1, 'session_tokens', 'a:1:{s:3:"abc";a:1:{s:2:"ip";s:11:"203.0.113.7";}}'), (3, 2, 'nickname', 'ben'), (4, 3, 'wp_capabilities', 'a:1:{s:13:"administrator";b:1;}');
INSERT INTO wp_wc_customer_lookup VALUES
  (1, 1, 'ann_archer', 'Ann', 'Archer', 'ann.archer@x.org', '2024-05-01 10:00:00', '2024-01-02 10:00:00', 'DE', '10115', 'Archerstadt', ''),
  (2, 2, 'ben', 'Ben', 'Baker', 'ben@x.org', '2024-05-02 10:00:00', '2024-01-03 10:00:00', 'DE', '20095', 'Hamburg', '');
INSERT INTO wp_wc_orders VALUES
  (100, 'wc-completed', 'EUR', 'shop_order', 19, 119, 1, 'ann.archer@x.org', '2024-05-01 10:00:00', '2024-05-01 10:00:00', 0, 'stripe', 'Card', 'archer_tx', '203.0.113.7', 'Archer Browser', 'Ring at Archer'),
  (101, 'wc-refunded', 'EUR', 'shop_order_refund', -19, -119, NULL, NULL, '2024-05-03 10:00:00', '2024-05-03 10:00:00', 100, NULL, NULL, NULL, NULL, NULL, NULL),
  (102, 'wc-completed', 'EUR', 'shop_order', 1, 11, 0, 'Ann.Archer@x.org', '2024-06-01 10:00:00', '2024-06-01 10:00:00', 0, 'cod', 'Cash', NULL, '203.0.113.7', 'Archer Browser', NULL),
  (103, 'wc-completed', 'EUR', 'shop_order', 2, 22, 2, 'ben@x.org', '2024-06-02 10:00:00', '2024-06-02 10:00:00', 0, 'cod', 'Cash', NULL, '198.51.100.2', 'Safari', 'For my friend Cleo'),
  (104, 'wc-completed', 'EUR', 'shop_order', 2, 22, 0, 'dan@x.org', '2024-06-03 10:00:00', '2024-06-03 10:00:00', 0, 'cod', 'Cash', NULL, '198.51.100.9', 'Chrome', NULL);
INSERT INTO wp_wc_order_addresses VALUES
  (1, 100, 'billing', 'Ann', 'Archer', NULL, '1 Archer Way', NULL, 'Archerstadt', NULL, '10115', 'DE', 'ann.archer@x.org', '+49 30 9018200'),
  (2, 102, 'billing', 'Ann', 'Archer', NULL, '1 Archer Way', NULL, 'Archerstadt', NULL, '10115', 'DE', 'ann.archer@x.org', NULL),
  (3, 103, 'billing', 'Ben', 'Baker', NULL, '2 Side Street', NULL, 'Hamburg', NULL, '20095', 'DE', 'ben@x.org', '+49 40 123456');
INSERT INTO wp_wc_order_operational_data (id, order_id, created_via, order_key) VALUES (1, 100, 'checkout', 'wc_order_a'), (2, 103, 'checkout', 'wc_order_b');
INSERT INTO wp_wc_orders_meta VALUES (1, 100, '_vat_id', 'archer-vat'), (2, 103, '_vat_id', 'DE123');
INSERT INTO wp_comments (comment_ID, comment_post_ID, comment_author, comment_author_email, comment_author_IP, comment_date, comment_content, comment_agent, comment_type, user_id) VALUES
  (20, 7, 'Ann Archer', 'ann.archer@x.org', '203.0.113.7', '2024-05-10 09:00:00', 'Fits an archer.', 'Firefox', 'review', 1),
  (21, 7, 'Ben Baker', 'ben@x.org', '198.51.100.2', '2024-05-11 09:00:00', 'Fine.', 'Safari', 'review', 2),
  (22, 100, 'WooCommerce', '', '', '2024-05-01 10:00:00', 'Paid by archer.', 'WooCommerce', 'order_note', 0),
  (23, 103, 'Cleo', 'cleo@x.org', '', '2024-06-02 10:00:00', 'Called.', 'WooCommerce', 'order_note', 3);
INSERT INTO wp_commentmeta (meta_id, comment_id, meta_key, meta_value) VALUES (1, 20, 'rating', '5'), (2, 21, 'rating', '4');
INSERT INTO wp_woocommerce_sessions VALUES (1, '1', 'a:1:{s:4:"cart";s:6:"archer";}', 1900000000), (2, '2', 'a:0:{}', 1900000000), (3, 't_5f2c8a', 'a:0:{}', 1900000000);
INSERT INTO wp_woocommerce_payment_tokens VALUES (1, 'stripe', 'pm_archer', 1, 'CC', 1), (2, 'stripe', 'pm_ben', 2, 'CC', 1);
INSERT INTO wp_woocommerce_payment_tokenmeta VALUES (1, 1, 'last4', '4242'), (2, 2, 'last4', '1881');
INSERT INTO wp_woocommerce_api_keys VALUES (1, 1, 'archer app', 'read', 'aa', 'bb', NULL, 'cccccca', NULL), (2, 3, 'stock', 'write', 'dd', 'ee', NULL, 'ccccccc', NULL);
INSERT INTO wp_woocommerce_downloadable_product_permissions VALUES
  (1, 'd1', 7, 100, 'wc_order_a', 'ann.archer@x.org', 1, '', '2024-05-01 10:00:00', NULL, 1), (2, 'd1', 7, 103, 'wc_order_b', 'ben@x.org', 2, '', '2024-06-02 10:00:00', NULL, 1);
INSERT INTO wp_wc_download_log VALUES (1, '2024-05-02 10:00:00', 1, 1, '203.0.113.7'), (2, '2024-06-03 10:00:00', 2, 2, '198.51.100.2');
