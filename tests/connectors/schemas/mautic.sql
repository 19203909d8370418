CREATE TABLE roles (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(191) NOT NULL, is_admin TINYINT(1) NOT NULL);
CREATE TABLE users (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, role_id INT UNSIGNED NOT NULL, is_published TINYINT(1) NOT NULL, date_added DATETIME, created_by INT, created_by_user VARCHAR(191),
  date_modified DATETIME, modified_by INT, modified_by_user VARCHAR(191), checked_out DATETIME, checked_out_by INT, checked_out_by_user VARCHAR(191),
  username VARCHAR(191) NOT NULL UNIQUE, password VARCHAR(64) NOT NULL, first_name VARCHAR(191) NOT NULL, last_name VARCHAR(191) NOT NULL, email VARCHAR(191) NOT NULL UNIQUE,
  position VARCHAR(191), timezone VARCHAR(191), locale VARCHAR(191), last_login DATETIME, last_active DATETIME, preferences LONGTEXT, signature LONGTEXT,
  FOREIGN KEY (role_id) REFERENCES roles (id)
);
CREATE TABLE user_tokens (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id INT UNSIGNED NOT NULL, authorizator VARCHAR(32) NOT NULL, secret VARCHAR(120) NOT NULL UNIQUE, expiration DATETIME,
  one_time_only TINYINT(1) NOT NULL, FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE notifications (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id INT UNSIGNED NOT NULL, type VARCHAR(25), header VARCHAR(512), message LONGTEXT NOT NULL, date_added DATETIME NOT NULL,
  icon_class VARCHAR(191), is_read TINYINT(1) NOT NULL, FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE oauth2_clients (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(191) NOT NULL, random_id VARCHAR(191) NOT NULL, secret VARCHAR(191) NOT NULL, redirect_uris LONGTEXT NOT NULL,
  allowed_grant_types LONGTEXT NOT NULL
);
CREATE TABLE oauth2_accesstokens (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, client_id INT UNSIGNED NOT NULL, user_id INT UNSIGNED NOT NULL, token VARCHAR(191) NOT NULL UNIQUE, expires_at BIGINT, scope VARCHAR(191),
  FOREIGN KEY (client_id) REFERENCES oauth2_clients (id) ON DELETE CASCADE, FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE oauth2_refreshtokens (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, client_id INT UNSIGNED NOT NULL, user_id INT UNSIGNED NOT NULL, token VARCHAR(191) NOT NULL UNIQUE, expires_at BIGINT, scope VARCHAR(191),
  FOREIGN KEY (client_id) REFERENCES oauth2_clients (id) ON DELETE CASCADE, FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE oauth2_authcodes (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, client_id INT UNSIGNED NOT NULL, user_id INT UNSIGNED NOT NULL, token VARCHAR(191) NOT NULL UNIQUE, expires_at BIGINT, scope VARCHAR(191),
  redirect_uri LONGTEXT NOT NULL, FOREIGN KEY (client_id) REFERENCES oauth2_clients (id) ON DELETE CASCADE, FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE oauth2_user_client_xref (
  client_id INT UNSIGNED NOT NULL, user_id INT UNSIGNED NOT NULL, PRIMARY KEY (client_id, user_id), FOREIGN KEY (client_id) REFERENCES oauth2_clients (id) ON DELETE CASCADE,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE audit_log (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id INT NOT NULL, user_name VARCHAR(191) NOT NULL, bundle VARCHAR(50) NOT NULL, object VARCHAR(50) NOT NULL,
  object_id BIGINT UNSIGNED NOT NULL, action VARCHAR(50) NOT NULL, details LONGTEXT, date_added DATETIME NOT NULL, ip_address VARCHAR(45) NOT NULL, KEY object_search (object, object_id)
);
CREATE TABLE ip_addresses (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, ip_address VARCHAR(45) NOT NULL, ip_details LONGTEXT, KEY ip_search (ip_address));
CREATE TABLE leads (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, owner_id INT UNSIGNED, stage_id INT UNSIGNED, is_published TINYINT(1) NOT NULL, date_added DATETIME, created_by INT,
  created_by_user VARCHAR(191), date_modified DATETIME, modified_by INT, modified_by_user VARCHAR(191), checked_out DATETIME, checked_out_by INT, checked_out_by_user VARCHAR(191),
  points INT NOT NULL, last_active DATETIME, internal LONGTEXT, social_cache LONGTEXT, date_identified DATETIME, preferred_profile_image VARCHAR(191), title VARCHAR(191),
  firstname VARCHAR(191), lastname VARCHAR(191), company VARCHAR(191), position VARCHAR(191), email VARCHAR(191), phone VARCHAR(191), mobile VARCHAR(191), address1 VARCHAR(191),
  address2 VARCHAR(191), city VARCHAR(191), state VARCHAR(191), zipcode VARCHAR(191), timezone VARCHAR(191), country VARCHAR(191), fax VARCHAR(255), preferred_locale VARCHAR(255),
  attribution_date DATETIME, attribution DOUBLE, website LONGTEXT, facebook VARCHAR(255), foursquare VARCHAR(255), instagram VARCHAR(255), linkedin VARCHAR(255), skype VARCHAR(255),
  twitter VARCHAR(255), KEY email_search (email), FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE SET NULL
);
CREATE TABLE lead_ips_xref (
  lead_id BIGINT UNSIGNED NOT NULL, ip_id INT UNSIGNED NOT NULL, PRIMARY KEY (lead_id, ip_id), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE,
  FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE lead_devices (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, lead_id BIGINT UNSIGNED NOT NULL, date_added DATETIME NOT NULL, client_info LONGTEXT, device VARCHAR(191), device_os_name VARCHAR(191),
  device_os_shortname VARCHAR(191), device_os_version VARCHAR(191), device_os_platform VARCHAR(191), device_brand VARCHAR(191), device_model VARCHAR(191), tracking_id VARCHAR(191) UNIQUE,
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE lead_notes (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, lead_id BIGINT UNSIGNED NOT NULL, is_published TINYINT(1) NOT NULL, date_added DATETIME, created_by INT, created_by_user VARCHAR(191),
  date_modified DATETIME, modified_by INT, modified_by_user VARCHAR(191), checked_out DATETIME, checked_out_by INT, checked_out_by_user VARCHAR(191), text LONGTEXT NOT NULL,
  type VARCHAR(50), date_time DATETIME, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE lead_event_log (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, lead_id BIGINT UNSIGNED, user_id INT, user_name VARCHAR(191), bundle VARCHAR(191), object VARCHAR(191), action VARCHAR(191),
  object_id INT, date_added DATETIME NOT NULL, properties JSON, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE lead_donotcontact (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, lead_id BIGINT UNSIGNED, date_added DATETIME NOT NULL, reason SMALLINT NOT NULL, channel VARCHAR(191) NOT NULL, channel_id INT,
  comments LONGTEXT, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE lead_frequencyrules (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, lead_id BIGINT UNSIGNED NOT NULL, date_added DATETIME NOT NULL, frequency_number SMALLINT, frequency_time VARCHAR(25),
  channel VARCHAR(191) NOT NULL, preferred_channel TINYINT(1) NOT NULL, pause_from_date DATETIME, pause_to_date DATETIME, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE lead_categories (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, category_id INT UNSIGNED NOT NULL, lead_id BIGINT UNSIGNED NOT NULL, date_added DATETIME NOT NULL, manually_removed TINYINT(1) NOT NULL,
  manually_added TINYINT(1) NOT NULL, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE lead_lists_leads (
  leadlist_id INT UNSIGNED NOT NULL, lead_id BIGINT UNSIGNED NOT NULL, date_added DATETIME NOT NULL, manually_removed TINYINT(1) NOT NULL, manually_added TINYINT(1) NOT NULL,
  PRIMARY KEY (leadlist_id, lead_id), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE lead_tags (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, tag VARCHAR(191) NOT NULL);
CREATE TABLE lead_tags_xref (
  lead_id BIGINT UNSIGNED NOT NULL, tag_id INT UNSIGNED NOT NULL, PRIMARY KEY (lead_id, tag_id), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE,
  FOREIGN KEY (tag_id) REFERENCES lead_tags (id)
);
CREATE TABLE lead_points_change_log (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, lead_id BIGINT UNSIGNED NOT NULL, ip_id INT UNSIGNED NOT NULL, type TINYTEXT NOT NULL, event_name VARCHAR(191) NOT NULL,
  action_name VARCHAR(191) NOT NULL, delta INT NOT NULL, date_added DATETIME NOT NULL, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE,
  FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE lead_stages_change_log (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, lead_id BIGINT UNSIGNED NOT NULL, stage_id INT UNSIGNED, event_name VARCHAR(191) NOT NULL, action_name VARCHAR(191) NOT NULL,
  date_added DATETIME NOT NULL, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE lead_utmtags (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, lead_id BIGINT UNSIGNED NOT NULL, date_added DATETIME NOT NULL, query LONGTEXT, referer LONGTEXT, remote_host VARCHAR(191), url LONGTEXT,
  user_agent LONGTEXT, utm_campaign VARCHAR(191), utm_content VARCHAR(191), utm_medium VARCHAR(191), utm_source VARCHAR(191), utm_term VARCHAR(191),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE contact_merge_records (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, contact_id BIGINT UNSIGNED NOT NULL, date_added DATETIME NOT NULL, merged_id INT NOT NULL, name VARCHAR(191) NOT NULL,
  FOREIGN KEY (contact_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE companies (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, owner_id INT UNSIGNED, is_published TINYINT(1) NOT NULL, date_added DATETIME, created_by INT, created_by_user VARCHAR(191), date_modified DATETIME,
  modified_by INT, modified_by_user VARCHAR(191), checked_out DATETIME, checked_out_by INT, checked_out_by_user VARCHAR(191), social_cache LONGTEXT, score INT, companyemail VARCHAR(191),
  companyaddress1 VARCHAR(191), companyaddress2 VARCHAR(191), companyphone VARCHAR(191), companycity VARCHAR(191), companystate VARCHAR(191), companyzipcode VARCHAR(191),
  companycountry VARCHAR(191), companyname VARCHAR(191), companywebsite LONGTEXT, companyindustry VARCHAR(191), companydescription LONGTEXT, companynumber_of_employees DOUBLE,
  companyfax VARCHAR(255), companyannual_revenue DOUBLE, FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE SET NULL
);
CREATE TABLE companies_leads (
  company_id INT NOT NULL, lead_id BIGINT UNSIGNED NOT NULL, date_added DATETIME NOT NULL, is_primary TINYINT(1), PRIMARY KEY (company_id, lead_id),
  FOREIGN KEY (company_id) REFERENCES companies (id) ON DELETE CASCADE, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE lead_companies_change_log (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, lead_id BIGINT UNSIGNED NOT NULL, type TINYTEXT NOT NULL, event_name VARCHAR(191) NOT NULL, action_name VARCHAR(191) NOT NULL,
  company_id INT NOT NULL, date_added DATETIME NOT NULL, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE email_copies (id VARCHAR(32) NOT NULL PRIMARY KEY, date_created DATETIME NOT NULL, body LONGTEXT, subject LONGTEXT);
CREATE TABLE email_stats (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, email_id INT UNSIGNED, lead_id BIGINT UNSIGNED, list_id INT UNSIGNED, ip_id INT UNSIGNED, copy_id VARCHAR(32),
  email_address VARCHAR(191) NOT NULL, date_sent DATETIME NOT NULL, is_read TINYINT(1) NOT NULL, is_failed TINYINT(1) NOT NULL, viewed_in_browser TINYINT(1) NOT NULL, date_read DATETIME,
  tracking_hash VARCHAR(191), retry_count INT, source VARCHAR(191), source_id INT, tokens LONGTEXT, open_count INT, last_opened DATETIME, open_details LONGTEXT,
  generated_sent_date DATE AS (CONCAT(YEAR(date_sent), '-', LPAD(MONTH(date_sent), 2, '0'), '-', LPAD(DAYOFMONTH(date_sent), 2, '0'))) VIRTUAL,
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL, FOREIGN KEY (ip_id) REFERENCES ip_addresses (id), FOREIGN KEY (copy_id) REFERENCES email_copies (id) ON DELETE SET NULL
);
CREATE TABLE email_stats_devices (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, device_id BIGINT UNSIGNED, stat_id BIGINT UNSIGNED, ip_id INT UNSIGNED, date_opened DATETIME NOT NULL,
  FOREIGN KEY (device_id) REFERENCES lead_devices (id) ON DELETE CASCADE, FOREIGN KEY (stat_id) REFERENCES email_stats (id) ON DELETE CASCADE, FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE email_stat_replies (
  id CHAR(36) NOT NULL PRIMARY KEY, stat_id BIGINT UNSIGNED NOT NULL, date_replied DATETIME NOT NULL, message_id VARCHAR(191) NOT NULL, FOREIGN KEY (stat_id) REFERENCES email_stats (id) ON DELETE CASCADE
);
CREATE TABLE page_hits (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, page_id INT UNSIGNED, redirect_id BIGINT UNSIGNED, email_id INT UNSIGNED, lead_id BIGINT UNSIGNED, ip_id INT UNSIGNED NOT NULL,
  device_id BIGINT UNSIGNED, date_hit DATETIME NOT NULL, date_left DATETIME, country VARCHAR(191), region VARCHAR(191), city VARCHAR(191), isp VARCHAR(191), organization VARCHAR(191),
  code INT NOT NULL, referer LONGTEXT, url LONGTEXT, url_title VARCHAR(191), user_agent LONGTEXT, remote_host VARCHAR(191), page_language VARCHAR(191), browser_languages LONGTEXT,
  tracking_id VARCHAR(191) NOT NULL, source VARCHAR(191), source_id INT, query LONGTEXT, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL,
  FOREIGN KEY (device_id) REFERENCES lead_devices (id) ON DELETE SET NULL, FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE video_hits (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, lead_id BIGINT UNSIGNED, ip_id INT UNSIGNED NOT NULL, date_hit DATETIME NOT NULL, date_left DATETIME, country VARCHAR(191),
  region VARCHAR(191), city VARCHAR(191), isp VARCHAR(191), organization VARCHAR(191), code INT NOT NULL, referer LONGTEXT, url LONGTEXT, user_agent LONGTEXT, remote_host VARCHAR(191),
  guid VARCHAR(191) NOT NULL, page_language VARCHAR(191), browser_languages LONGTEXT, channel VARCHAR(191), channel_id INT, time_watched INT, duration INT, query LONGTEXT,
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL, FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE asset_downloads (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, asset_id INT UNSIGNED, ip_id INT UNSIGNED NOT NULL, lead_id BIGINT UNSIGNED, email_id INT UNSIGNED, date_download DATETIME NOT NULL,
  code INT NOT NULL, referer LONGTEXT, tracking_id VARCHAR(191) NOT NULL, source VARCHAR(191), source_id INT, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL,
  FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE form_submissions (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, form_id INT UNSIGNED NOT NULL, ip_id INT UNSIGNED NOT NULL, lead_id BIGINT UNSIGNED, page_id INT UNSIGNED, tracking_id VARCHAR(191),
  date_submitted DATETIME NOT NULL, referer LONGTEXT NOT NULL, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL, FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE campaign_leads (
  campaign_id INT UNSIGNED NOT NULL, lead_id BIGINT UNSIGNED NOT NULL, date_added DATETIME NOT NULL, manually_removed TINYINT(1) NOT NULL, manually_added TINYINT(1) NOT NULL,
  date_last_exited DATETIME, rotation INT NOT NULL, PRIMARY KEY (campaign_id, lead_id), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE campaign_lead_event_log (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, event_id INT UNSIGNED NOT NULL, lead_id BIGINT UNSIGNED NOT NULL, campaign_id INT UNSIGNED, ip_id INT UNSIGNED, rotation INT NOT NULL,
  date_triggered DATETIME, is_scheduled TINYINT(1) NOT NULL, trigger_date DATETIME, system_triggered TINYINT(1) NOT NULL, metadata LONGTEXT, channel VARCHAR(191), channel_id INT,
  non_action_path_taken TINYINT(1), UNIQUE (event_id, lead_id, rotation), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE, FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE campaign_lead_event_failed_log (
  log_id BIGINT UNSIGNED NOT NULL PRIMARY KEY, date_added DATETIME NOT NULL, reason LONGTEXT, FOREIGN KEY (log_id) REFERENCES campaign_lead_event_log (id) ON DELETE CASCADE
);
CREATE TABLE point_lead_action_log (
  point_id INT UNSIGNED NOT NULL, lead_id BIGINT UNSIGNED NOT NULL, ip_id INT UNSIGNED, date_fired DATETIME NOT NULL, PRIMARY KEY (point_id, lead_id),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE, FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE point_lead_event_log (
  event_id INT UNSIGNED NOT NULL, lead_id BIGINT UNSIGNED NOT NULL, ip_id INT UNSIGNED, date_fired DATETIME NOT NULL, PRIMARY KEY (event_id, lead_id),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE, FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE stage_lead_action_log (
  stage_id INT UNSIGNED NOT NULL, lead_id BIGINT UNSIGNED NOT NULL, ip_id INT UNSIGNED, date_fired DATETIME NOT NULL, PRIMARY KEY (stage_id, lead_id),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE, FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE dynamic_content_stats (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, dynamic_content_id INT UNSIGNED, lead_id BIGINT UNSIGNED, date_sent DATETIME NOT NULL, source VARCHAR(191), source_id INT, tokens LONGTEXT,
  sent_count INT, last_sent DATETIME, sent_details LONGTEXT, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL
);
CREATE TABLE dynamic_content_lead_data (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, lead_id BIGINT UNSIGNED NOT NULL, dynamic_content_id INT UNSIGNED, date_added DATETIME, slot LONGTEXT NOT NULL,
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE focus_stats (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, focus_id INT UNSIGNED NOT NULL, lead_id BIGINT UNSIGNED, type VARCHAR(191) NOT NULL, type_id INT, date_added DATETIME NOT NULL,
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL
);
CREATE TABLE message_queue (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, event_id INT UNSIGNED, lead_id BIGINT UNSIGNED NOT NULL, channel VARCHAR(191) NOT NULL, channel_id INT NOT NULL,
  priority SMALLINT NOT NULL, max_attempts SMALLINT NOT NULL, attempts SMALLINT NOT NULL, success TINYINT(1) NOT NULL, status VARCHAR(191) NOT NULL, date_published DATETIME,
  scheduled_date DATETIME, last_attempt DATETIME, date_sent DATETIME, options LONGTEXT, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE push_ids (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, lead_id BIGINT UNSIGNED, push_id VARCHAR(191) NOT NULL, enabled TINYINT(1) NOT NULL, mobile TINYINT(1) NOT NULL,
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL
);
CREATE TABLE push_notification_stats (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, notification_id INT UNSIGNED, lead_id BIGINT UNSIGNED, list_id INT UNSIGNED, ip_id INT UNSIGNED, date_sent DATETIME NOT NULL,
  date_read DATETIME, is_clicked TINYINT(1) NOT NULL, date_clicked DATETIME, tracking_hash VARCHAR(191), retry_count INT, source VARCHAR(191), source_id INT, tokens LONGTEXT, click_count INT,
  last_clicked DATETIME, click_details LONGTEXT, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL, FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE sms_message_stats (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, sms_id INT UNSIGNED, lead_id BIGINT UNSIGNED, list_id INT UNSIGNED, ip_id INT UNSIGNED, date_sent DATETIME NOT NULL,
  is_failed TINYINT(1), tracking_hash VARCHAR(191), source VARCHAR(191), source_id INT, tokens LONGTEXT, details JSON NOT NULL,
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL, FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE tweet_stats (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, tweet_id INT UNSIGNED, lead_id BIGINT UNSIGNED, twitter_tweet_id VARCHAR(191), handle VARCHAR(191) NOT NULL, date_sent DATETIME,
  is_failed TINYINT(1), retry_count INT, source VARCHAR(191), source_id INT, favorite_count INT, retweet_count INT, response_details JSON,
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL
);
CREATE TABLE monitoring_leads (
  monitor_id INT UNSIGNED NOT NULL, lead_id BIGINT UNSIGNED NOT NULL, date_added DATETIME NOT NULL, PRIMARY KEY (monitor_id, lead_id), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE plugin_citrix_events (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, lead_id BIGINT UNSIGNED NOT NULL, product VARCHAR(191) NOT NULL, email VARCHAR(191) NOT NULL, event_name VARCHAR(191) NOT NULL,
  event_desc VARCHAR(191), event_type VARCHAR(50) NOT NULL, event_date DATETIME NOT NULL, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE integration_entity (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, date_added DATETIME NOT NULL, integration VARCHAR(191), integration_entity VARCHAR(191), integration_entity_id VARCHAR(191),
  internal_entity VARCHAR(191), internal_entity_id INT, last_sync_date DATETIME, internal LONGTEXT
);
CREATE TABLE sync_object_mapping (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, date_created DATETIME NOT NULL, integration VARCHAR(191) NOT NULL, internal_object_name VARCHAR(191) NOT NULL,
  internal_object_id BIGINT UNSIGNED NOT NULL, integration_object_name VARCHAR(191) NOT NULL, integration_object_id VARCHAR(191) NOT NULL, last_sync_date DATETIME NOT NULL,
  internal_storage JSON NOT NULL, is_deleted TINYINT(1) NOT NULL, integration_reference_id VARCHAR(191)
);
CREATE TABLE sync_object_field_change_report (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, integration VARCHAR(191) NOT NULL, object_id BIGINT UNSIGNED NOT NULL, object_type VARCHAR(191) NOT NULL, modified_at DATETIME NOT NULL,
  column_name VARCHAR(191) NOT NULL, column_type VARCHAR(191) NOT NULL, column_value VARCHAR(191) NOT NULL
);
CREATE TABLE webhook_queue (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, webhook_id INT UNSIGNED NOT NULL, event_id INT UNSIGNED NOT NULL, date_added DATETIME, payload LONGTEXT NOT NULL
);

INSERT INTO roles VALUES (1, 'Administrators', 1), (2, 'Editors', 0);
INSERT INTO users (id, role_id, is_published, created_by, created_by_user, username, password, first_name, last_name, email, position, last_login, preferences, signature) VALUES
  (1, 1, 1, NULL, NULL, 'cleo', '$2y$13$c', 'Cleo', 'Carter', 'cleo@x.org', NULL, '2024-01-02 10:00:00', NULL, NULL),
  (2, 2, 1, 1, 'Cleo Carter', 'archer', '$2y$13$archer', 'Ann', 'Archer', 'Ann.Archer@x.org', 'Archer of texts', '2024-01-03 10:00:00', 'a:1:{s:4:"note";s:6:"archer";}', 'Yours, Ann Archer');
INSERT INTO user_tokens VALUES (1, 2, 'reset-password', 'secret-archer', NULL, 1), (2, 1, 'reset-password', 'secret-c', NULL, 1);
INSERT INTO notifications (id, user_id, type, header, message, date_added, is_read) VALUES
  (1, 2, 'info', 'For Archer', 'Import done, Archer.', '2024-01-04 10:00:00', 0), (2, 1, 'info', 'Note', 'ann.archer@x.org could not be written to', '2024-01-04 10:00:00', 0);
INSERT INTO oauth2_clients VALUES (1, 'App', 'r', 's', 'a:0:{}', 'a:0:{}');
INSERT INTO oauth2_accesstokens VALUES (1, 1, 2, 'access-archer', 1700000000, NULL), (2, 1, 1, 'access-c', 1700000000, NULL);
INSERT INTO oauth2_refreshtokens VALUES (1, 1, 2, 'refresh-archer', 1700000000, NULL);
INSERT INTO oauth2_authcodes VALUES (1, 1, 2, 'code-archer', 1700000000, NULL, 'https://archer.example');
INSERT INTO oauth2_user_client_xref VALUES (1, 2), (1, 1);
INSERT INTO ip_addresses VALUES (1, '203.0.113.7', 'a:1:{s:4:"city";s:11:"Archerville";}'), (2, '198.51.100.2', NULL), (3, '192.0.2.80', 'a:1:{s:3:"isp";s:6:"Office";}');
INSERT INTO leads (id, owner_id, stage_id, is_published, created_by, created_by_user, points, firstname, lastname, company, email, phone, address1, social_cache, twitter) VALUES
  (1, 1, 1, 1, 1, 'Cleo Carter', 5, 'Ann', 'Archer', 'Archery', 'ann.archer@x.org', '+49 30 9018200', '1 Archer Street', 'a:1:{s:1:"t";s:6:"archer";}', '@archer'),
  (2, 2, NULL, 1, 2, 'Ann A.', 0, 'Ben', 'Baker', 'Bakery', 'ben@x.org', NULL, '2 Baker Street', NULL, NULL),
  (3, NULL, NULL, 1, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO lead_ips_xref VALUES (1, 1), (1, 3), (2, 2), (2, 3);
INSERT INTO lead_devices (id, lead_id, date_added, client_info, device, device_brand, tracking_id) VALUES
  (1, 1, '2024-02-01 10:00:00', 'a:1:{i:0;s:6:"archer";}', 'desktop', 'AP', 'archer-device'), (2, 2, '2024-02-01 10:00:00', NULL, 'phone', 'SA', 'b-device');
INSERT INTO lead_notes (id, lead_id, is_published, created_by, created_by_user, text, type) VALUES
  (1, 1, 1, 1, 'Cleo Carter', 'Archer wants a call.', 'call'), (2, 2, 1, 2, 'Ann A.', 'Wants bread.', 'general'), (3, 2, 1, 1, 'Cleo Carter', 'Recommended by ann.archer@x.org.', 'general');
INSERT INTO lead_event_log (id, lead_id, user_id, user_name, bundle, object, action, date_added, properties) VALUES
  (1, 1, 1, 'Cleo Carter', 'lead', 'import', 'inserted', '2024-02-01 10:00:00', '{"file":"archer.csv"}'), (2, 2, 2, 'Ann A.', 'lead', 'import', 'inserted', '2024-02-01 10:00:00', '{}');
INSERT INTO lead_donotcontact (id, lead_id, date_added, reason, channel, comments) VALUES (1, 1, '2024-02-02 10:00:00', 1, 'email', 'Archer unsubscribed'), (2, 2, '2024-02-02 10:00:00', 2, 'email', 'Bounced');
INSERT INTO lead_frequencyrules (id, lead_id, date_added, channel, preferred_channel) VALUES (1, 1, '2024-02-02 10:00:00', 'email', 1), (2, 2, '2024-02-02 10:00:00', 'email', 1);
INSERT INTO lead_categories VALUES (1, 1, 1, '2024-02-02 10:00:00', 0, 1), (2, 1, 2, '2024-02-02 10:00:00', 0, 1);
INSERT INTO lead_lists_leads VALUES (1, 1, '2024-02-02 10:00:00', 0, 0), (1, 2, '2024-02-02 10:00:00', 0, 0);
INSERT INTO lead_tags VALUES (1, 'fair');
INSERT INTO lead_tags_xref VALUES (1, 1), (2, 1);
INSERT INTO lead_points_change_log VALUES (1, 1, 1, 'email', 'Archer opened', 'open', 5, '2024-02-03 10:00:00'), (2, 2, 2, 'email', 'Opened', 'open', 5, '2024-02-03 10:00:00');
INSERT INTO lead_stages_change_log VALUES (1, 1, 1, 'Archer', 'moved', '2024-02-03 10:00:00');
INSERT INTO lead_utmtags (id, lead_id, date_added, url, utm_source) VALUES (1, 1, '2024-02-03 10:00:00', 'https://x.org/?who=archer', 'fair'), (2, 2, '2024-02-03 10:00:00', 'https://x.org/', 'fair');
INSERT INTO contact_merge_records VALUES (1, 1, '2024-02-03 10:00:00', 9, 'A. Archer');
INSERT INTO companies (id, owner_id, is_published, created_by, created_by_user, companyemail, companyname) VALUES (1, 1, 1, 1, 'Cleo Carter', 'office@x.org', 'Bakery'), (2, 2, 1, 2, 'Ann A.', 'ann.archer@x.org', 'Craft');
INSERT INTO companies_leads VALUES (1, 1, '2024-02-03 10:00:00', 1), (1, 2, '2024-02-03 10:00:00', 1);
INSERT INTO lead_companies_change_log VALUES (1, 1, 'company', 'Archer joined', 'added', 1, '2024-02-03 10:00:00');
INSERT INTO email_copies VALUES ('c1', '2024-02-04 10:00:00', 'Hello {contactfield=firstname}', 'Hello');
INSERT INTO email_stats (id, email_id, lead_id, ip_id, copy_id, email_address, date_sent, is_read, is_failed, viewed_in_browser, tracking_hash, tokens) VALUES
  (1, 1, 1, 1, 'c1', 'ann.archer@x.org', '2024-02-04 10:00:00', 1, 0, 0, 'h-archer', 'a:1:{s:4:"name";s:10:"Ann Archer";}'), (2, 1, 2, 2, 'c1', 'ben@x.org', '2024-02-04 10:00:00', 1, 0, 0, 'h2', NULL),
  (3, 1, NULL, NULL, 'c1', 'Ann.Archer@X.org', '2023-02-04 10:00:00', 0, 0, 0, 'h-archer-old', NULL);
INSERT INTO email_stats_devices VALUES (1, 1, 1, 1, '2024-02-04 11:00:00'), (2, 2, 2, 2, '2024-02-04 11:00:00');
INSERT INTO email_stat_replies VALUES ('r1', 1, '2024-02-04 12:00:00', '<archer@mail>'), ('r2', 2, '2024-02-04 12:00:00', '<b@mail>');
INSERT INTO page_hits (id, page_id, lead_id, ip_id, device_id, date_hit, code, url, user_agent, remote_host, tracking_id) VALUES
  (1, 1, 1, 1, 1, '2024-02-05 10:00:00', 200, 'https://x.org/archers', 'Firefox', '203.0.113.7', 'archer-device'), (2, 1, 2, 2, 2, '2024-02-05 10:00:00', 200, 'https://x.org/', 'Safari', '198.51.100.2', 'b-device'),
  (3, 1, 3, 2, NULL, '2024-02-05 10:00:00', 200, 'https://x.org/', 'Safari', NULL, 'd-device'), (4, 1, NULL, 1, NULL, '2024-02-05 10:00:00', 200, 'https://x.org/', 'Lynx', NULL, 'e-device');
INSERT INTO video_hits (id, lead_id, ip_id, date_hit, code, url, guid) VALUES (1, 1, 1, '2024-02-05 10:00:00', 200, 'https://x.org/archery.mp4', 'g1'), (2, 2, 2, '2024-02-05 10:00:00', 200, 'https://x.org/bread.mp4', 'g2');
INSERT INTO asset_downloads (id, asset_id, ip_id, lead_id, date_download, code, referer, tracking_id) VALUES (1, 1, 1, 1, '2024-02-05 10:00:00', 200, 'https://archer.example', 'archer-device'), (2, 1, 2, 2, '2024-02-05 10:00:00', 200, NULL, 'b-device');
INSERT INTO form_submissions (id, form_id, ip_id, lead_id, tracking_id, date_submitted, referer) VALUES (1, 1, 1, 1, 'archer-device', '2024-02-05 10:00:00', 'https://x.org/?archer'), (2, 1, 2, 2, NULL, '2024-02-05 10:00:00', '');
INSERT INTO campaign_leads VALUES (1, 1, '2024-02-05 10:00:00', 0, 0, NULL, 1), (1, 2, '2024-02-05 10:00:00', 0, 0, NULL, 1);
INSERT INTO campaign_lead_event_log (id, event_id, lead_id, campaign_id, ip_id, rotation, is_scheduled, system_triggered, metadata) VALUES (1, 1, 1, 1, 1, 1, 0, 1, 'a:1:{s:2:"to";s:6:"archer";}'), (2, 1, 2, 1, NULL, 1, 0, 1, NULL);
INSERT INTO campaign_lead_event_failed_log VALUES (1, '2024-02-05 10:00:00', 'Archer bounced');
INSERT INTO point_lead_action_log VALUES (1, 1, 1, '2024-02-05 10:00:00'), (1, 2, 2, '2024-02-05 10:00:00');
INSERT INTO point_lead_event_log VALUES (1, 1, 1, '2024-02-05 10:00:00');
INSERT INTO stage_lead_action_log VALUES (1, 1, 1, '2024-02-05 10:00:00');
INSERT INTO dynamic_content_stats (id, dynamic_content_id, lead_id, date_sent, tokens) VALUES (1, 1, 1, '2024-02-05 10:00:00', 'archer'), (2, 1, 2, '2024-02-05 10:00:00', NULL);
INSERT INTO dynamic_content_lead_data VALUES (1, 1, 1, '2024-02-05 10:00:00', 'top');
INSERT INTO focus_stats VALUES (1, 1, 1, 'view', NULL, '2024-02-05 10:00:00'), (2, 1, 2, 'view', NULL, '2024-02-05 10:00:00');
INSERT INTO message_queue (id, lead_id, channel, channel_id, priority, max_attempts, attempts, success, status, options) VALUES (1, 1, 'email', 1, 2, 3, 0, 0, 'pending', 'archer'), (2, 2, 'email', 1, 2, 3, 0, 0, 'pending', NULL);
INSERT INTO push_ids VALUES (1, 1, 'push-archer', 1, 0), (2, 2, 'push-b', 1, 0);
INSERT INTO push_notification_stats (id, notification_id, lead_id, ip_id, date_sent, is_clicked, tracking_hash) VALUES (1, 1, 1, 1, '2024-02-05 10:00:00', 0, 'p-archer'), (2, 1, 2, NULL, '2024-02-05 10:00:00', 0, 'p-b');
INSERT INTO sms_message_stats (id, sms_id, lead_id, ip_id, date_sent, tracking_hash, details) VALUES (1, 1, 1, NULL, '2024-02-05 10:00:00', 's-archer', '[]'), (2, 1, 2, NULL, '2024-02-05 10:00:00', 's-b', '[]');
INSERT INTO tweet_stats (id, tweet_id, lead_id, handle) VALUES (1, 1, 1, '@archer'), (2, 1, 2, '@ben');
INSERT INTO monitoring_leads VALUES (1, 1, '2024-02-05 10:00:00');
INSERT INTO plugin_citrix_events VALUES (1, 1, 'webinar', 'ann.archer@x.org', 'Archers', NULL, 'attended', '2024-02-05 10:00:00'), (2, 2, 'webinar', 'ben@x.org', 'Bakers', NULL, 'attended', '2024-02-05 10:00:00');
INSERT INTO integration_entity (id, date_added, integration, integration_entity, integration_entity_id, internal_entity, internal_entity_id) VALUES
  (1, '2024-02-05 10:00:00', 'Crm', 'Contact', 'crm-archer', 'lead', 1), (2, '2024-02-05 10:00:00', 'Crm', 'Account', 'crm-c', 'company', 1);
INSERT INTO sync_object_mapping VALUES (1, '2024-02-05 10:00:00', 'Crm', 'lead', 1, 'Contact', 'crm-archer', '2024-02-05 10:00:00', '[]', 0, NULL), (2, '2024-02-05 10:00:00', 'Crm', 'company', 1, 'Account', 'crm-c', '2024-02-05 10:00:00', '[]', 0, NULL);
INSERT INTO sync_object_field_change_report VALUES
  (1, 'Crm', 1, 'Mautic\\LeadBundle\\Entity\\Lead', '2024-02-05 10:00:00', 'lastname', 'string', 'Archer'), (2, 'Crm', 1, 'Mautic\\LeadBundle\\Entity\\Company', '2024-02-05 10:00:00', 'companyname', 'string', 'Bakery');
INSERT INTO webhook_queue VALUES (1, 1, 1, '2024-02-05 10:00:00', '{"email":"ann.archer@x.org"}'), (2, 1, 1, '2024-02-05 10:00:00', '{"email":"ben@x.org"}');
INSERT INTO audit_log VALUES
  (1, 1, 'Cleo Carter', 'lead', 'lead', 1, 'update', 'a:1:{s:5:"email";s:16:"ann.archer@x.org";}', '2024-02-05 10:00:00', '198.51.100.3'),
  (2, 2, 'Ann Archer', 'lead', 'lead', 2, 'create', 'a:1:{s:5:"email";s:9:"ben@x.org";}', '2024-02-05 10:00:00', '203.0.113.7'),
  (3, 2, 'Ann Archer', 'user', 'security', 2, 'login', 'a:1:{s:8:"username";s:6:"archer";}', '2024-02-05 10:00:00', '203.0.113.7'),
  (4, 1, 'Cleo Carter', 'lead', 'company', 1, 'create', NULL, '2024-02-05 10:00:00', '198.51.100.3');
