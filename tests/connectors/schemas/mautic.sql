CREATE TABLE leads (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, owner_id INT UNSIGNED NULL, stage_id INT UNSIGNED NULL, is_published TINYINT(1) NOT NULL DEFAULT 1,
  date_added DATETIME NULL, created_by INT NULL, created_by_user VARCHAR(191) NULL, date_modified DATETIME NULL, modified_by INT NULL,
  modified_by_user VARCHAR(191) NULL, checked_out DATETIME NULL, checked_out_by INT NULL, checked_out_by_user VARCHAR(191) NULL,
  points INT NOT NULL DEFAULT 0, last_active DATETIME NULL, internal LONGTEXT NULL, social_cache LONGTEXT NULL, date_identified DATETIME NULL,
  preferred_profile_image VARCHAR(191) NULL, title VARCHAR(191) NULL, firstname VARCHAR(191) NULL, lastname VARCHAR(191) NULL,
  company VARCHAR(191) NULL, `position` VARCHAR(191) NULL, email VARCHAR(191) NULL, phone VARCHAR(191) NULL, mobile VARCHAR(191) NULL,
  address1 VARCHAR(191) NULL, address2 VARCHAR(191) NULL, city VARCHAR(191) NULL, state VARCHAR(191) NULL, zipcode VARCHAR(191) NULL,
  timezone VARCHAR(191) NULL, country VARCHAR(191) NULL, fax VARCHAR(191) NULL, preferred_locale VARCHAR(191) NULL, attribution_date DATETIME NULL,
  attribution DOUBLE NULL, website VARCHAR(191) NULL, facebook VARCHAR(191) NULL, foursquare VARCHAR(191) NULL, instagram VARCHAR(191) NULL,
  linkedin VARCHAR(191) NULL, skype VARCHAR(191) NULL, twitter VARCHAR(191) NULL,
  generated_email_domain VARCHAR(255) GENERATED ALWAYS AS (substr(email,locate('@',email) + 1)) VIRTUAL, PRIMARY KEY (id), KEY email_search (email)
);
CREATE TABLE ip_addresses (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT, ip_address VARCHAR(45) NOT NULL, ip_details LONGTEXT NULL, PRIMARY KEY (id)
);
CREATE TABLE lead_ips_xref (
  lead_id BIGINT UNSIGNED NOT NULL, ip_id INT UNSIGNED NOT NULL, PRIMARY KEY (lead_id, ip_id),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE, FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE lead_devices (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, lead_id BIGINT UNSIGNED NOT NULL, date_added DATETIME NOT NULL, client_info LONGTEXT NULL,
  device VARCHAR(191) NULL, device_os_name VARCHAR(191) NULL, device_os_shortname VARCHAR(191) NULL, device_os_version VARCHAR(191) NULL,
  device_os_platform VARCHAR(191) NULL, device_brand VARCHAR(191) NULL, device_model VARCHAR(191) NULL, tracking_id VARCHAR(191) NULL UNIQUE,
  PRIMARY KEY (id), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE page_hits (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, page_id INT UNSIGNED NULL, redirect_id BIGINT UNSIGNED NULL, email_id INT UNSIGNED NULL,
  lead_id BIGINT UNSIGNED NULL, ip_id INT UNSIGNED NULL, device_id BIGINT UNSIGNED NULL, date_hit DATETIME NOT NULL, date_left DATETIME NULL,
  country VARCHAR(191) NULL, region VARCHAR(191) NULL, city VARCHAR(191) NULL, isp VARCHAR(191) NULL, organization VARCHAR(191) NULL,
  code INT NOT NULL, referer LONGTEXT NULL, url LONGTEXT NULL, url_title VARCHAR(191) NULL, user_agent LONGTEXT NULL, remote_host VARCHAR(191) NULL,
  page_language VARCHAR(191) NULL, browser_languages LONGTEXT NULL, tracking_id VARCHAR(191) NOT NULL, source VARCHAR(191) NULL, source_id INT NULL,
  query LONGTEXT NULL, PRIMARY KEY (id), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL,
  FOREIGN KEY (ip_id) REFERENCES ip_addresses (id), FOREIGN KEY (device_id) REFERENCES lead_devices (id) ON DELETE SET NULL
);
CREATE TABLE email_stats (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, email_id INT UNSIGNED NULL, lead_id BIGINT UNSIGNED NULL, list_id INT UNSIGNED NULL,
  ip_id INT UNSIGNED NULL, copy_id VARCHAR(32) NULL, email_address VARCHAR(191) NOT NULL, date_sent DATETIME NOT NULL, is_read TINYINT(1) NOT NULL,
  is_failed TINYINT(1) NOT NULL, viewed_in_browser TINYINT(1) NOT NULL, date_read DATETIME NULL, tracking_hash VARCHAR(191) NULL, retry_count INT NULL,
  source VARCHAR(191) NULL, source_id INT NULL, tokens LONGTEXT NULL, open_count INT NULL, last_opened DATETIME NULL, open_details LONGTEXT NULL,
  generated_sent_date DATE GENERATED ALWAYS AS (concat(year(date_sent),'-',lpad(month(date_sent),2,'0'),'-',lpad(dayofmonth(date_sent),2,'0'))) VIRTUAL,
  PRIMARY KEY (id), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL,
  FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE email_stats_devices (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, device_id BIGINT UNSIGNED NULL, stat_id BIGINT UNSIGNED NULL, ip_id INT UNSIGNED NULL,
  date_opened DATETIME NOT NULL, PRIMARY KEY (id), FOREIGN KEY (device_id) REFERENCES lead_devices (id) ON DELETE CASCADE,
  FOREIGN KEY (stat_id) REFERENCES email_stats (id) ON DELETE CASCADE, FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE email_stat_replies (
  id CHAR(36) NOT NULL, stat_id BIGINT UNSIGNED NOT NULL, date_replied DATETIME NOT NULL, message_id VARCHAR(191) NOT NULL, PRIMARY KEY (id),
  FOREIGN KEY (stat_id) REFERENCES email_stats (id) ON DELETE CASCADE
);
CREATE TABLE form_submissions (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, form_id INT UNSIGNED NOT NULL, ip_id INT UNSIGNED NULL, lead_id BIGINT UNSIGNED NULL,
  page_id INT UNSIGNED NULL, tracking_id VARCHAR(191) NULL, date_submitted DATETIME NOT NULL, referer LONGTEXT NOT NULL, PRIMARY KEY (id),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL, FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE lead_lists_leads (
  leadlist_id INT UNSIGNED NOT NULL, lead_id BIGINT UNSIGNED NOT NULL, date_added DATETIME NOT NULL, manually_removed TINYINT(1) NOT NULL,
  manually_added TINYINT(1) NOT NULL, PRIMARY KEY (leadlist_id, lead_id), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE campaign_leads (
  campaign_id INT UNSIGNED NOT NULL, lead_id BIGINT UNSIGNED NOT NULL, date_added DATETIME NOT NULL, manually_removed TINYINT(1) NOT NULL,
  manually_added TINYINT(1) NOT NULL, date_last_exited DATETIME NULL, rotation INT NOT NULL DEFAULT 1, PRIMARY KEY (campaign_id, lead_id),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE campaign_lead_event_log (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, event_id INT UNSIGNED NOT NULL, lead_id BIGINT UNSIGNED NOT NULL, campaign_id INT UNSIGNED NULL,
  ip_id INT UNSIGNED NULL, rotation INT NOT NULL DEFAULT 1, date_triggered DATETIME NULL, is_scheduled TINYINT(1) NOT NULL, trigger_date DATETIME NULL,
  system_triggered TINYINT(1) NOT NULL, metadata LONGTEXT NULL, channel VARCHAR(191) NULL, channel_id INT NULL, non_action_path_taken TINYINT(1) NULL,
  PRIMARY KEY (id), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE, FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE message_queue (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, event_id INT UNSIGNED NULL, lead_id BIGINT UNSIGNED NOT NULL, channel VARCHAR(191) NOT NULL,
  channel_id INT NOT NULL, priority SMALLINT NOT NULL, max_attempts SMALLINT NOT NULL, attempts SMALLINT NOT NULL, success TINYINT(1) NOT NULL,
  status VARCHAR(191) NOT NULL, date_published DATETIME NULL, scheduled_date DATETIME NULL, last_attempt DATETIME NULL, date_sent DATETIME NULL,
  options LONGTEXT NULL, PRIMARY KEY (id), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE lead_notes (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT, lead_id BIGINT UNSIGNED NOT NULL, is_published TINYINT(1) NOT NULL DEFAULT 1, date_added DATETIME NULL,
  created_by INT NULL, created_by_user VARCHAR(191) NULL, date_modified DATETIME NULL, modified_by INT NULL, modified_by_user VARCHAR(191) NULL,
  checked_out DATETIME NULL, checked_out_by INT NULL, checked_out_by_user VARCHAR(191) NULL, text LONGTEXT NOT NULL, `type` VARCHAR(50) NULL,
  date_time DATETIME NULL, PRIMARY KEY (id), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE lead_donotcontact (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT, lead_id BIGINT UNSIGNED NOT NULL, date_added DATETIME NOT NULL, reason SMALLINT NOT NULL,
  channel VARCHAR(191) NOT NULL, channel_id INT NULL, comments LONGTEXT NULL, PRIMARY KEY (id),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE lead_frequencyrules (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT, lead_id BIGINT UNSIGNED NOT NULL, date_added DATETIME NOT NULL, frequency_number SMALLINT NULL,
  frequency_time VARCHAR(25) NULL, channel VARCHAR(191) NOT NULL, preferred_channel TINYINT(1) NOT NULL, pause_from_date DATETIME NULL,
  pause_to_date DATETIME NULL, PRIMARY KEY (id), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE lead_tags_xref (
  lead_id BIGINT UNSIGNED NOT NULL, tag_id INT UNSIGNED NOT NULL, PRIMARY KEY (lead_id, tag_id),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE lead_utmtags (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT, lead_id BIGINT UNSIGNED NOT NULL, date_added DATETIME NOT NULL, query LONGTEXT NULL, referer LONGTEXT NULL,
  remote_host VARCHAR(191) NULL, url LONGTEXT NULL, user_agent LONGTEXT NULL, utm_campaign VARCHAR(191) NULL, utm_content VARCHAR(191) NULL,
  utm_medium VARCHAR(191) NULL, utm_source VARCHAR(191) NULL, utm_term VARCHAR(191) NULL, PRIMARY KEY (id),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE lead_points_change_log (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, lead_id BIGINT UNSIGNED NOT NULL, ip_id INT UNSIGNED NULL, group_id INT UNSIGNED NULL,
  `type` TINYTEXT NOT NULL, event_name VARCHAR(191) NOT NULL, action_name VARCHAR(191) NOT NULL, delta INT NOT NULL, date_added DATETIME NOT NULL,
  PRIMARY KEY (id), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE, FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
);
CREATE TABLE lead_stages_change_log (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT, lead_id BIGINT UNSIGNED NOT NULL, stage_id INT UNSIGNED NULL, event_name VARCHAR(191) NOT NULL,
  action_name VARCHAR(191) NOT NULL, date_added DATETIME NOT NULL, PRIMARY KEY (id), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE point_group_contact_score (
  contact_id BIGINT UNSIGNED NOT NULL, group_id INT UNSIGNED NOT NULL, score INT NOT NULL, PRIMARY KEY (contact_id, group_id),
  FOREIGN KEY (contact_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE companies_leads (
  company_id INT UNSIGNED NOT NULL, lead_id BIGINT UNSIGNED NOT NULL, is_primary TINYINT(1) NULL, date_added DATETIME NOT NULL,
  PRIMARY KEY (company_id, lead_id), FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE lead_companies_change_log (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT, lead_id BIGINT UNSIGNED NOT NULL, `type` TINYTEXT NOT NULL, event_name VARCHAR(191) NOT NULL,
  action_name VARCHAR(191) NOT NULL, company_id INT NOT NULL, date_added DATETIME NOT NULL, PRIMARY KEY (id),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE TABLE audit_log (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, user_id INT UNSIGNED NOT NULL, user_name VARCHAR(191) NOT NULL, bundle VARCHAR(50) NOT NULL,
  object VARCHAR(50) NOT NULL, object_id BIGINT UNSIGNED NOT NULL, action VARCHAR(50) NOT NULL, details LONGTEXT NULL, date_added DATETIME NOT NULL,
  ip_address VARCHAR(45) NOT NULL, PRIMARY KEY (id)
);

INSERT INTO leads (id, firstname, lastname, company, email, mobile, address1, city, social_cache, twitter) VALUES
  (1, 'Ann', 'Archer', 'Archer Ltd', 'Ann.Archer@x.org', '+49 30 9018200', '1 Archer Way', 'Archerstadt', 'archer', '@archer'), (2, 'Ben', 'Baker', NULL, 'ben@x.org', NULL, NULL, NULL, NULL, NULL), (3, 'Cleo', 'Carter', NULL, 'cleo@x.org', NULL, NULL, NULL, NULL, NULL),
  (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO ip_addresses VALUES (1, '203.0.113.7', 'archer'), (2, '198.51.100.2', NULL), (3, '198.51.100.77', NULL);
INSERT INTO lead_ips_xref VALUES (1, 1), (1, 3), (2, 2), (2, 3);
INSERT INTO lead_devices (id, lead_id, date_added, device, tracking_id) VALUES (1, 1, '2024-05-01', 'archer phone', 'tr1'), (2, 2, '2024-05-01', 'phone', 'tr2');
INSERT INTO page_hits (id, lead_id, ip_id, device_id, date_hit, code, url, tracking_id) VALUES
  (1, 1, 1, 1, '2024-05-01', 200, 'https://x.org/?archer', 'tr1'), (2, 2, 2, 2, '2024-05-01', 200, 'https://x.org/', 'tr2'), (3, NULL, 1, NULL, '2024-05-01', 200, 'https://x.org/', 'tr9');
INSERT INTO email_stats (id, lead_id, ip_id, email_address, date_sent, is_read, is_failed, viewed_in_browser, tokens) VALUES
  (1, 1, 1, 'ann.archer@x.org', '2024-05-01', 1, 0, 0, 'Dear Archer'), (2, 2, 2, 'ben@x.org', '2024-05-01', 0, 0, 0, 'Dear Ben');
INSERT INTO email_stats_devices VALUES (1, 1, 1, 1, '2024-05-02'), (2, 2, 2, 2, '2024-05-02');
INSERT INTO email_stat_replies VALUES ('r1', 1, '2024-05-02', 'm1'), ('r2', 2, '2024-05-02', 'm2');
INSERT INTO form_submissions (id, form_id, lead_id, ip_id, date_submitted, referer) VALUES (1, 1, 1, 1, '2024-05-01', 'https://archer.example'), (2, 1, 2, 2, '2024-05-01', '');
INSERT INTO lead_lists_leads VALUES (1, 1, '2024-05-01', 0, 0), (1, 2, '2024-05-01', 0, 0);
INSERT INTO campaign_leads (campaign_id, lead_id, date_added, manually_removed, manually_added) VALUES (1, 1, '2024-05-01', 0, 0), (1, 2, '2024-05-01', 0, 0);
INSERT INTO campaign_lead_event_log (id, event_id, lead_id, ip_id, is_scheduled, system_triggered, metadata) VALUES (1, 1, 1, 1, 0, 1, 'archer'), (2, 1, 2, NULL, 0, 1, NULL);
INSERT INTO message_queue (id, lead_id, channel, channel_id, priority, max_attempts, attempts, success, status, options) VALUES (1, 1, 'email', 1, 1, 3, 0, 0, 'pending', 'archer'), (2, 2, 'email', 1, 1, 3, 0, 0, 'pending', NULL);
INSERT INTO lead_notes (id, lead_id, text) VALUES (1, 1, 'Called Archer'), (2, 2, 'A friend of ann.archer@x.org');
INSERT INTO lead_donotcontact (id, lead_id, date_added, reason, channel, comments) VALUES (1, 1, '2024-05-01', 1, 'email', 'archer'), (2, 2, '2024-05-01', 1, 'email', NULL);
INSERT INTO lead_frequencyrules (id, lead_id, date_added, channel, preferred_channel) VALUES (1, 1, '2024-05-01', 'email', 1), (2, 2, '2024-05-01', 'email', 1);
INSERT INTO lead_tags_xref VALUES (1, 5), (2, 5);
INSERT INTO lead_utmtags (id, lead_id, date_added, url) VALUES (1, 1, '2024-05-01', 'https://x.org/?archer'), (2, 2, '2024-05-01', NULL);
INSERT INTO lead_points_change_log (id, lead_id, ip_id, type, event_name, action_name, delta, date_added) VALUES (1, 1, 1, 'url', 'archer', 'hit', 5, '2024-05-01'), (2, 2, 2, 'url', 'x', 'hit', 5, '2024-05-01');
INSERT INTO lead_stages_change_log (id, lead_id, event_name, action_name, date_added) VALUES (1, 1, 'archer', 'moved', '2024-05-01'), (2, 2, 'x', 'moved', '2024-05-01');
INSERT INTO point_group_contact_score VALUES (1, 1, 9), (2, 1, 4);
INSERT INTO companies_leads VALUES (1, 1, 1, '2024-05-01'), (1, 2, 1, '2024-05-01');
INSERT INTO lead_companies_change_log VALUES (1, 1, 'lead', 'Archer Ltd', 'added', 1, '2024-05-01'), (2, 2, 'lead', 'X', 'added', 1, '2024-05-01');
INSERT INTO audit_log VALUES (1, 1, 'Cleo', 'lead', 'lead', 1, 'update', 'a:1:{s:8:"lastname";s:6:"Archer";}', '2024-05-01', '198.51.100.3'), (2, 1, 'Cleo', 'lead', 'lead', 2, 'update', 'a:0:{}', '2024-05-01', '198.51.100.3'),
  (3, 1, 'Cleo', 'email', 'email', 1, 'update', 'a:0:{}', '2024-05-01', '198.51.100.3');
