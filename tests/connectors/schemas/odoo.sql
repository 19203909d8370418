CREATE TABLE res_company (id SERIAL PRIMARY KEY, name VARCHAR NOT NULL);
CREATE TABLE res_partner (
  id SERIAL, company_id INTEGER, name VARCHAR, title INTEGER, parent_id INTEGER, user_id INTEGER, state_id INTEGER, country_id INTEGER,
  industry_id INTEGER, color INTEGER, commercial_partner_id INTEGER, team_id INTEGER, create_uid INTEGER, write_uid INTEGER, complete_name VARCHAR,
  ref VARCHAR, lang VARCHAR, tz VARCHAR, vat VARCHAR, company_registry VARCHAR, website VARCHAR, function VARCHAR, type VARCHAR, street VARCHAR,
  street2 VARCHAR, zip VARCHAR, city VARCHAR, email VARCHAR, phone VARCHAR, mobile VARCHAR, commercial_company_name VARCHAR, company_name VARCHAR,
  date DATE, comment TEXT, partner_latitude NUMERIC, partner_longitude NUMERIC, active BOOLEAN, employee BOOLEAN, is_company BOOLEAN,
  partner_share BOOLEAN, create_date TIMESTAMP, write_date TIMESTAMP, message_bounce INTEGER, email_normalized VARCHAR, signup_token VARCHAR,
  signup_type VARCHAR, signup_expiration TIMESTAMP, phone_sanitized VARCHAR, contact_address_complete VARCHAR, calendar_last_notif_ack TIMESTAMP,
  supplier_rank INTEGER, customer_rank INTEGER, invoice_warn VARCHAR, invoice_warn_msg TEXT, debit_limit NUMERIC, last_time_entries_checked TIMESTAMP,
  ubl_cii_format VARCHAR, peppol_endpoint VARCHAR, peppol_eas VARCHAR, sale_warn VARCHAR, sale_warn_msg TEXT, partner_gid INTEGER,
  additional_info VARCHAR, PRIMARY KEY (id), FOREIGN KEY (parent_id) REFERENCES res_partner (id) ON DELETE SET NULL,
  FOREIGN KEY (commercial_partner_id) REFERENCES res_partner (id) ON DELETE SET NULL
);
CREATE TABLE res_users (
  id SERIAL, company_id INTEGER NOT NULL, partner_id INTEGER NOT NULL, active BOOLEAN, create_date TIMESTAMP, login VARCHAR NOT NULL UNIQUE,
  password VARCHAR, action_id INTEGER, create_uid INTEGER, write_uid INTEGER, signature TEXT, share BOOLEAN, write_date TIMESTAMP,
  totp_secret VARCHAR, notification_type VARCHAR NOT NULL DEFAULT 'email', odoobot_state VARCHAR, odoobot_failed BOOLEAN, sale_team_id INTEGER,
  PRIMARY KEY (id), FOREIGN KEY (partner_id) REFERENCES res_partner (id) ON DELETE RESTRICT,
  FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL, FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL
);
ALTER TABLE res_partner ADD FOREIGN KEY (user_id) REFERENCES res_users (id) ON DELETE SET NULL, ADD FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL, ADD FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL;
CREATE TABLE res_users_log (
  id SERIAL, create_uid INTEGER, write_uid INTEGER, create_date TIMESTAMP, write_date TIMESTAMP, PRIMARY KEY (id),
  FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL, FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL
);
CREATE TABLE res_users_apikeys (
  id SERIAL, name VARCHAR NOT NULL, user_id INTEGER NOT NULL, scope VARCHAR, index VARCHAR(8), key VARCHAR, create_date TIMESTAMP, PRIMARY KEY (id),
  FOREIGN KEY (user_id) REFERENCES res_users (id) ON DELETE CASCADE
);
CREATE TABLE auth_totp_device (
  id SERIAL, name VARCHAR NOT NULL, user_id INTEGER NOT NULL, scope VARCHAR, index VARCHAR(8), key VARCHAR, create_date TIMESTAMP, PRIMARY KEY (id),
  FOREIGN KEY (user_id) REFERENCES res_users (id) ON DELETE CASCADE
);
CREATE TABLE res_users_settings (
  id SERIAL, user_id INTEGER NOT NULL UNIQUE, create_uid INTEGER, write_uid INTEGER, push_to_talk_key VARCHAR,
  is_discuss_sidebar_category_channel_open BOOLEAN, is_discuss_sidebar_category_chat_open BOOLEAN, use_push_to_talk BOOLEAN, create_date TIMESTAMP,
  write_date TIMESTAMP, voice_active_duration INTEGER, PRIMARY KEY (id), FOREIGN KEY (user_id) REFERENCES res_users (id) ON DELETE CASCADE,
  FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL, FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL
);
CREATE TABLE res_groups_users_rel (
  gid INTEGER NOT NULL, uid INTEGER NOT NULL, PRIMARY KEY (gid, uid), FOREIGN KEY (uid) REFERENCES res_users (id) ON DELETE CASCADE
);
CREATE TABLE res_partner_bank (
  id SERIAL, partner_id INTEGER NOT NULL, bank_id INTEGER, sequence INTEGER, currency_id INTEGER, company_id INTEGER, create_uid INTEGER,
  write_uid INTEGER, acc_number VARCHAR NOT NULL, sanitized_acc_number VARCHAR, acc_holder_name VARCHAR, active BOOLEAN, allow_out_payment BOOLEAN,
  create_date TIMESTAMP, write_date TIMESTAMP, PRIMARY KEY (id), UNIQUE (sanitized_acc_number, partner_id),
  FOREIGN KEY (partner_id) REFERENCES res_partner (id) ON DELETE CASCADE, FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL,
  FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL
);
CREATE TABLE crm_lead (
  id SERIAL, campaign_id INTEGER, source_id INTEGER, medium_id INTEGER, message_bounce INTEGER, user_id INTEGER, team_id INTEGER, company_id INTEGER,
  stage_id INTEGER, color INTEGER, recurring_plan INTEGER, partner_id INTEGER, title INTEGER, lang_id INTEGER, state_id INTEGER, country_id INTEGER,
  lost_reason_id INTEGER, create_uid INTEGER, write_uid INTEGER, phone_sanitized VARCHAR, email_cc VARCHAR, email_normalized VARCHAR,
  name VARCHAR NOT NULL, referred VARCHAR, type VARCHAR NOT NULL, priority VARCHAR, contact_name VARCHAR, partner_name VARCHAR, function VARCHAR,
  email_from VARCHAR, phone VARCHAR, mobile VARCHAR, phone_state VARCHAR, email_state VARCHAR, website VARCHAR, street VARCHAR, street2 VARCHAR,
  zip VARCHAR, city VARCHAR, date_deadline DATE, lead_properties JSONB, description TEXT, expected_revenue NUMERIC, prorated_revenue NUMERIC,
  recurring_revenue NUMERIC, recurring_revenue_monthly NUMERIC, recurring_revenue_monthly_prorated NUMERIC, active BOOLEAN, date_closed TIMESTAMP,
  date_action_last TIMESTAMP, date_open TIMESTAMP, date_last_stage_update TIMESTAMP, date_conversion TIMESTAMP, create_date TIMESTAMP,
  write_date TIMESTAMP, day_open DOUBLE PRECISION, day_close DOUBLE PRECISION, probability DOUBLE PRECISION, automated_probability DOUBLE PRECISION,
  reveal_id VARCHAR, iap_enrich_done BOOLEAN, PRIMARY KEY (id), FOREIGN KEY (partner_id) REFERENCES res_partner (id) ON DELETE SET NULL,
  FOREIGN KEY (user_id) REFERENCES res_users (id) ON DELETE SET NULL, FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL,
  FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL
);
CREATE TABLE sale_order (
  id SERIAL, campaign_id INTEGER, source_id INTEGER, medium_id INTEGER, company_id INTEGER NOT NULL, partner_id INTEGER NOT NULL, journal_id INTEGER,
  partner_invoice_id INTEGER NOT NULL, partner_shipping_id INTEGER NOT NULL, fiscal_position_id INTEGER, payment_term_id INTEGER,
  pricelist_id INTEGER, currency_id INTEGER, user_id INTEGER, team_id INTEGER, analytic_account_id INTEGER, create_uid INTEGER, write_uid INTEGER,
  access_token VARCHAR, name VARCHAR NOT NULL, state VARCHAR, client_order_ref VARCHAR, origin VARCHAR, reference VARCHAR, signed_by VARCHAR,
  invoice_status VARCHAR, validity_date DATE, note TEXT, currency_rate NUMERIC, amount_untaxed NUMERIC, amount_tax NUMERIC, amount_total NUMERIC,
  locked BOOLEAN, require_signature BOOLEAN, require_payment BOOLEAN, create_date TIMESTAMP, commitment_date TIMESTAMP, date_order TIMESTAMP NOT NULL,
  signed_on TIMESTAMP, write_date TIMESTAMP, prepayment_percent DOUBLE PRECISION, opportunity_id INTEGER, sale_order_template_id INTEGER,
  PRIMARY KEY (id), FOREIGN KEY (partner_id) REFERENCES res_partner (id) ON DELETE RESTRICT,
  FOREIGN KEY (partner_invoice_id) REFERENCES res_partner (id) ON DELETE RESTRICT,
  FOREIGN KEY (partner_shipping_id) REFERENCES res_partner (id) ON DELETE RESTRICT,
  FOREIGN KEY (opportunity_id) REFERENCES crm_lead (id) ON DELETE SET NULL, FOREIGN KEY (user_id) REFERENCES res_users (id) ON DELETE SET NULL,
  FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL, FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL
);
CREATE TABLE account_move (
  id SERIAL, sequence_number INTEGER, message_main_attachment_id INTEGER, journal_id INTEGER NOT NULL, company_id INTEGER, payment_id INTEGER,
  statement_line_id INTEGER, tax_cash_basis_rec_id INTEGER, tax_cash_basis_origin_move_id INTEGER, auto_post_origin_id INTEGER,
  secure_sequence_number INTEGER, invoice_payment_term_id INTEGER, partner_id INTEGER, commercial_partner_id INTEGER, partner_shipping_id INTEGER,
  partner_bank_id INTEGER, fiscal_position_id INTEGER, currency_id INTEGER NOT NULL, reversed_entry_id INTEGER, invoice_user_id INTEGER,
  invoice_incoterm_id INTEGER, invoice_cash_rounding_id INTEGER, create_uid INTEGER, write_uid INTEGER, sequence_prefix VARCHAR, access_token VARCHAR,
  name VARCHAR, ref VARCHAR, state VARCHAR NOT NULL, move_type VARCHAR NOT NULL, auto_post VARCHAR NOT NULL, inalterable_hash VARCHAR,
  payment_reference VARCHAR, qr_code_method VARCHAR, payment_state VARCHAR, invoice_source_email VARCHAR, invoice_partner_display_name VARCHAR,
  invoice_origin VARCHAR, incoterm_location VARCHAR, date DATE NOT NULL, auto_post_until DATE, invoice_date DATE, invoice_date_due DATE,
  delivery_date DATE, narration TEXT, amount_untaxed NUMERIC, amount_tax NUMERIC, amount_total NUMERIC, amount_residual NUMERIC,
  amount_untaxed_signed NUMERIC, amount_tax_signed NUMERIC, amount_total_signed NUMERIC, amount_total_in_currency_signed NUMERIC,
  amount_residual_signed NUMERIC, quick_edit_total_amount NUMERIC, is_storno BOOLEAN, always_tax_exigible BOOLEAN, to_check BOOLEAN,
  posted_before BOOLEAN, is_move_sent BOOLEAN, create_date TIMESTAMP, write_date TIMESTAMP, campaign_id INTEGER, source_id INTEGER, medium_id INTEGER,
  team_id INTEGER, PRIMARY KEY (id), FOREIGN KEY (partner_id) REFERENCES res_partner (id) ON DELETE RESTRICT,
  FOREIGN KEY (commercial_partner_id) REFERENCES res_partner (id) ON DELETE RESTRICT,
  FOREIGN KEY (partner_shipping_id) REFERENCES res_partner (id) ON DELETE SET NULL,
  FOREIGN KEY (partner_bank_id) REFERENCES res_partner_bank (id) ON DELETE RESTRICT,
  FOREIGN KEY (invoice_user_id) REFERENCES res_users (id) ON DELETE SET NULL, FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL,
  FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL
);
CREATE TABLE account_payment (
  id SERIAL, message_main_attachment_id INTEGER, move_id INTEGER NOT NULL, partner_bank_id INTEGER, paired_internal_transfer_payment_id INTEGER,
  payment_method_line_id INTEGER, payment_method_id INTEGER, currency_id INTEGER, partner_id INTEGER, outstanding_account_id INTEGER,
  destination_account_id INTEGER, destination_journal_id INTEGER, create_uid INTEGER, write_uid INTEGER, payment_type VARCHAR NOT NULL,
  partner_type VARCHAR NOT NULL, payment_reference VARCHAR, amount NUMERIC, amount_company_currency_signed NUMERIC, is_reconciled BOOLEAN,
  is_matched BOOLEAN, is_internal_transfer BOOLEAN, create_date TIMESTAMP, write_date TIMESTAMP, payment_transaction_id INTEGER,
  payment_token_id INTEGER, source_payment_id INTEGER, PRIMARY KEY (id), FOREIGN KEY (move_id) REFERENCES account_move (id) ON DELETE CASCADE,
  FOREIGN KEY (partner_bank_id) REFERENCES res_partner_bank (id) ON DELETE RESTRICT,
  FOREIGN KEY (partner_id) REFERENCES res_partner (id) ON DELETE RESTRICT, FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL,
  FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL
);
CREATE TABLE payment_token (
  id SERIAL, provider_id INTEGER NOT NULL, company_id INTEGER, payment_method_id INTEGER NOT NULL, partner_id INTEGER NOT NULL, create_uid INTEGER,
  write_uid INTEGER, payment_details VARCHAR, provider_ref VARCHAR NOT NULL, active BOOLEAN, create_date TIMESTAMP, write_date TIMESTAMP,
  PRIMARY KEY (id), FOREIGN KEY (partner_id) REFERENCES res_partner (id) ON DELETE RESTRICT,
  FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL, FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL
);
CREATE TABLE payment_transaction (
  id SERIAL, provider_id INTEGER NOT NULL, company_id INTEGER, payment_method_id INTEGER NOT NULL, currency_id INTEGER NOT NULL, token_id INTEGER,
  source_transaction_id INTEGER, partner_id INTEGER NOT NULL, partner_state_id INTEGER, partner_country_id INTEGER, payment_id INTEGER,
  create_uid INTEGER, write_uid INTEGER, reference VARCHAR NOT NULL UNIQUE, provider_reference VARCHAR, state VARCHAR NOT NULL, operation VARCHAR,
  landing_route VARCHAR, partner_name VARCHAR, partner_lang VARCHAR, partner_email VARCHAR, partner_address VARCHAR, partner_zip VARCHAR,
  partner_city VARCHAR, partner_phone VARCHAR, state_message TEXT, amount NUMERIC NOT NULL, is_post_processed BOOLEAN, tokenize BOOLEAN,
  last_state_change TIMESTAMP, create_date TIMESTAMP, write_date TIMESTAMP, PRIMARY KEY (id),
  FOREIGN KEY (partner_id) REFERENCES res_partner (id) ON DELETE RESTRICT, FOREIGN KEY (token_id) REFERENCES payment_token (id) ON DELETE RESTRICT,
  FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL, FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL
);
CREATE TABLE mail_message (
  id SERIAL, parent_id INTEGER, res_id INTEGER, record_alias_domain_id INTEGER, record_company_id INTEGER, subtype_id INTEGER,
  mail_activity_type_id INTEGER, author_id INTEGER, author_guest_id INTEGER, mail_server_id INTEGER, create_uid INTEGER, write_uid INTEGER,
  subject VARCHAR, model VARCHAR, record_name VARCHAR, message_type VARCHAR NOT NULL, email_from VARCHAR, message_id VARCHAR, reply_to VARCHAR,
  email_layout_xmlid VARCHAR, body TEXT, is_internal BOOLEAN, reply_to_force_new BOOLEAN, email_add_signature BOOLEAN, date TIMESTAMP,
  pinned_at TIMESTAMP, create_date TIMESTAMP, write_date TIMESTAMP, PRIMARY KEY (id),
  FOREIGN KEY (parent_id) REFERENCES mail_message (id) ON DELETE SET NULL, FOREIGN KEY (author_id) REFERENCES res_partner (id) ON DELETE SET NULL,
  FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL, FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL
);
CREATE TABLE mail_tracking_value (
  id SERIAL, field_id INTEGER, old_value_integer INTEGER, new_value_integer INTEGER, currency_id INTEGER, mail_message_id INTEGER NOT NULL,
  create_uid INTEGER, write_uid INTEGER, old_value_char VARCHAR, new_value_char VARCHAR, field_info JSONB, old_value_text TEXT, new_value_text TEXT,
  old_value_datetime TIMESTAMP, new_value_datetime TIMESTAMP, create_date TIMESTAMP, write_date TIMESTAMP, old_value_float DOUBLE PRECISION,
  new_value_float DOUBLE PRECISION, PRIMARY KEY (id), FOREIGN KEY (mail_message_id) REFERENCES mail_message (id) ON DELETE CASCADE,
  FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL, FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL
);
CREATE TABLE mail_mail (
  id SERIAL, mail_message_id INTEGER NOT NULL, message_id_int INTEGER, fetchmail_server_id INTEGER, create_uid INTEGER, write_uid INTEGER,
  email_cc VARCHAR, state VARCHAR, failure_type VARCHAR, body_html TEXT, "references" TEXT, headers TEXT, email_to TEXT, failure_reason TEXT,
  auto_delete BOOLEAN, is_notification BOOLEAN, scheduled_date TIMESTAMP, create_date TIMESTAMP, write_date TIMESTAMP, PRIMARY KEY (id),
  FOREIGN KEY (mail_message_id) REFERENCES mail_message (id) ON DELETE CASCADE, FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL,
  FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL
);
CREATE TABLE mail_followers (
  id SERIAL, res_id INTEGER, partner_id INTEGER NOT NULL, res_model VARCHAR NOT NULL, PRIMARY KEY (id), UNIQUE (res_model, res_id, partner_id),
  FOREIGN KEY (partner_id) REFERENCES res_partner (id) ON DELETE CASCADE
);
CREATE TABLE mail_followers_mail_message_subtype_rel (
  mail_followers_id INTEGER NOT NULL, mail_message_subtype_id INTEGER NOT NULL, PRIMARY KEY (mail_followers_id, mail_message_subtype_id),
  FOREIGN KEY (mail_followers_id) REFERENCES mail_followers (id) ON DELETE CASCADE
);
CREATE TABLE mail_activity (
  id SERIAL, res_model_id INTEGER NOT NULL, res_id INTEGER, activity_type_id INTEGER, user_id INTEGER NOT NULL, request_partner_id INTEGER,
  recommended_activity_type_id INTEGER, previous_activity_type_id INTEGER, create_uid INTEGER, write_uid INTEGER, res_model VARCHAR, res_name VARCHAR,
  summary VARCHAR, date_deadline DATE NOT NULL, note TEXT, automated BOOLEAN, create_date TIMESTAMP, write_date TIMESTAMP, calendar_event_id INTEGER,
  PRIMARY KEY (id), FOREIGN KEY (user_id) REFERENCES res_users (id) ON DELETE CASCADE,
  FOREIGN KEY (request_partner_id) REFERENCES res_partner (id) ON DELETE SET NULL,
  FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL, FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL
);
CREATE TABLE mail_blacklist (
  id SERIAL, create_uid INTEGER, write_uid INTEGER, email VARCHAR NOT NULL UNIQUE, active BOOLEAN, create_date TIMESTAMP, write_date TIMESTAMP,
  PRIMARY KEY (id), FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL,
  FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL
);
CREATE TABLE ir_attachment (
  id SERIAL, res_id INTEGER, company_id INTEGER, file_size INTEGER, create_uid INTEGER, write_uid INTEGER, name VARCHAR NOT NULL, res_model VARCHAR,
  res_field VARCHAR, type VARCHAR NOT NULL, url VARCHAR(1024), access_token VARCHAR, store_fname VARCHAR, checksum VARCHAR(40), mimetype VARCHAR,
  description TEXT, index_content TEXT, public BOOLEAN, create_date TIMESTAMP, write_date TIMESTAMP, db_datas BYTEA, original_id INTEGER,
  PRIMARY KEY (id), FOREIGN KEY (create_uid) REFERENCES res_users (id) ON DELETE SET NULL,
  FOREIGN KEY (write_uid) REFERENCES res_users (id) ON DELETE SET NULL
);

INSERT INTO res_company VALUES (1, 'Our company');
INSERT INTO res_partner (id, name, complete_name, parent_id, commercial_partner_id, type, email, email_normalized, phone, mobile, street, city, comment, is_company, ref, signup_token, customer_rank) VALUES
  (1, 'Ann Archer', 'Craft, Ann Archer', NULL, 1, 'contact', 'Ann.Archer@x.org', 'ann.archer@x.org', '+49 30 9018200', NULL, '1 Archer Street', 'Berlin', '<p>Archer pays late</p>', FALSE, 'C-archer', 'archer-token', 1),
  (2, 'Ben Baker', 'Ben Baker', NULL, 2, 'contact', 'ben@x.org', 'ben@x.org', NULL, NULL, '2 Baker Street', 'Berlin', 'Sent by ann.archer@x.org', FALSE, NULL, NULL, 1),
  (3, 'Cleo Carter', 'Our company, Cleo Carter', NULL, 3, 'contact', 'cleo@x.org', 'cleo@x.org', NULL, NULL, NULL, NULL, NULL, FALSE, NULL, NULL, 0),
  (4, 'Ann Archer', 'Ann Archer, delivery', 1, 1, 'delivery', NULL, NULL, NULL, NULL, '9 Archer Yard', 'Potsdam', NULL, FALSE, NULL, NULL, 0),
  (5, 'Bakery', 'Bakery', NULL, 5, 'contact', 'office@x.org', 'office@x.org', NULL, NULL, NULL, NULL, NULL, TRUE, NULL, NULL, 0);
UPDATE res_partner SET parent_id = 5 WHERE id = 2;
INSERT INTO res_users (id, company_id, partner_id, active, login, password, signature, totp_secret, create_uid) VALUES
  (1, 1, 3, TRUE, 'cleo', '$c', NULL, NULL, NULL), (2, 1, 1, TRUE, 'ann.archer@x.org', '$archer', '<p>Ann Archer</p>', 'archer-totp', 1), (3, 1, 2, TRUE, 'ben@x.org', '$b', NULL, NULL, 2);
UPDATE res_partner SET user_id = 2, create_uid = 2 WHERE id = 2;
INSERT INTO res_users_log (id, create_uid, create_date) VALUES (1, 2, '2024-01-02'), (2, 1, '2024-01-02');
INSERT INTO res_users_apikeys (id, name, user_id, index, key) VALUES (1, 'archer laptop', 2, 'abcdef12', 'archer-key'), (2, 'x', 1, 'abcdef13', 'c-key');
INSERT INTO auth_totp_device (id, name, user_id, index, key) VALUES (1, 'archer phone', 2, 'abcdef14', 'archer-device'), (2, 'x', 1, 'abcdef15', 'c-device');
INSERT INTO res_users_settings (id, user_id, push_to_talk_key) VALUES (1, 2, 'archer'), (2, 1, 'c');
INSERT INTO res_groups_users_rel VALUES (1, 2), (1, 1);
INSERT INTO res_partner_bank (id, partner_id, acc_number, sanitized_acc_number, acc_holder_name, create_uid) VALUES (1, 1, 'DE89 3704 0044 0532 0130 00', 'DE89370400440532013000', 'Ann Archer', 1), (2, 1, 'archer-2', 'ARCHER2', NULL, 1), (3, 2, 'DE02 1203 0000 0000 2020 51', 'DE02120300000000202051', 'Ben', 2);
INSERT INTO crm_lead (id, user_id, partner_id, name, type, contact_name, email_from, email_normalized, phone, description, lead_properties, create_uid) VALUES
  (1, 1, 1, 'Bows for Archer', 'opportunity', 'Ann Archer', 'ann.archer@x.org', 'ann.archer@x.org', '+49 30 9018200', '<p>Archer asks</p>', '{"a": "archer"}', 1), (2, 2, NULL, 'Archer writes', 'lead', 'A. Archer', 'ANN.ARCHER@x.org', 'ann.archer@x.org', NULL, NULL, NULL, 2),
  (3, 2, 2, 'Bread', 'lead', 'Ben Baker', 'ben@x.org', 'ben@x.org', NULL, 'Knows ann.archer@x.org', NULL, 2);
INSERT INTO sale_order (id, company_id, partner_id, partner_invoice_id, partner_shipping_id, user_id, name, state, access_token, signed_by, note, amount_total, date_order, opportunity_id, create_uid) VALUES
  (1, 1, 1, 1, 4, 1, 'S1', 'sale', 'archer-order', 'Ann Archer', NULL, 25, '2024-02-01', 1, 1), (2, 1, 2, 2, 2, 2, 'S2', 'sale', 'b-order', NULL, NULL, 12, '2024-02-02', 3, 2), (3, 1, 2, 2, 1, 2, 'S3', 'sale', 'b-order-3', NULL, NULL, 5, '2024-02-03', NULL, 2);
INSERT INTO account_move (id, journal_id, partner_id, commercial_partner_id, partner_shipping_id, partner_bank_id, currency_id, invoice_user_id, access_token, name, state, move_type, auto_post, invoice_partner_display_name, date, narration, amount_total, create_uid) VALUES
  (1, 1, 1, 1, 4, 1, 1, 1, 'archer-inv', 'INV/1', 'posted', 'out_invoice', 'no', 'Ann Archer', '2024-02-02', NULL, 25, 1), (2, 1, 2, 5, 2, NULL, 1, 2, 'b-inv', 'INV/2', 'posted', 'out_invoice', 'no', 'Bakery, Ben Baker', '2024-02-03', NULL, 12, 2), (3, 1, 1, 1, NULL, NULL, 1, 1, NULL, 'PAY/1', 'posted', 'entry', 'no', 'Ann Archer', '2024-02-04', NULL, 25, 1);
INSERT INTO account_payment (id, move_id, partner_bank_id, partner_id, payment_type, partner_type, payment_reference, amount, create_uid) VALUES (1, 3, 1, 1, 'inbound', 'customer', 'from archer', 25, 1);
INSERT INTO payment_token (id, provider_id, payment_method_id, partner_id, payment_details, provider_ref, create_uid) VALUES (1, 1, 1, 1, 'archer 4242', 'tok-archer', 1), (2, 1, 1, 2, '1111', 'tok-b', 1);
INSERT INTO payment_transaction (id, provider_id, payment_method_id, currency_id, token_id, partner_id, reference, provider_reference, state, partner_name, partner_email, partner_address, partner_phone, state_message, amount, create_date) VALUES
  (1, 1, 1, 1, 1, 1, 'S1', 'pay-archer', 'done', 'Ann Archer', 'ann.archer@x.org', '1 Archer Street', '+49 30 9018200', 'Archer paid', 25, '2024-02-02'), (2, 1, 1, 1, 2, 2, 'S2', 'pay-b', 'done', 'Ben Baker', 'ben@x.org', '2 Baker Street', NULL, NULL, 12, '2024-02-03');
INSERT INTO mail_message (id, parent_id, res_id, author_id, subject, model, record_name, message_type, email_from, message_id, body, create_uid) VALUES
  (1, NULL, 1, 3, 'Your bows', 'crm.lead', 'Bows for Archer', 'comment', '"Cleo Carter" <sales@x.org>', '<1@x>', '<p>Dear Archer</p>', 1), (2, 1, 1, 1, 'Re: Your bows', 'crm.lead', 'Bows for Archer', 'email', '"Ann Archer" <ann.archer@x.org>', '<archer@x>', '<p>Thanks, Archer</p>', NULL),
  (3, NULL, 1, 3, NULL, 'res.partner', 'Ann Archer', 'notification', 'sales@x.org', '<3@x>', '<p>Archer moved</p>', 1), (4, NULL, 2, 1, NULL, 'sale.order', 'S2', 'comment', '"Ann Archer" <ann.archer@x.org>', '<4@x>', '<p>Baked by noon</p>', 2),
  (5, NULL, 3, 2, NULL, 'crm.lead', 'Bread', 'comment', 'ben@x.org', '<5@x>', '<p>Ask ann.archer@x.org</p>', 3), (6, NULL, 2, 3, NULL, 'res.partner', 'Ben Baker', 'comment', 'cleo@x.org', '<6@x>', '<p>Likes rye</p>', 1);
INSERT INTO mail_tracking_value (id, mail_message_id, old_value_char, new_value_char) VALUES (1, 3, '8 Archer Street', '1 Archer Street'), (2, 6, 'a', 'b');
INSERT INTO mail_mail (id, mail_message_id, email_to, body_html, state) VALUES (1, 1, 'ann.archer@x.org', '<p>Dear Archer</p>', 'outgoing'), (2, 6, 'ben@x.org', '<p>Likes rye</p>', 'outgoing');
INSERT INTO mail_followers (id, res_id, partner_id, res_model) VALUES (1, 1, 1, 'crm.lead'), (2, 1, 3, 'crm.lead'), (3, 2, 1, 'sale.order');
INSERT INTO mail_followers_mail_message_subtype_rel VALUES (1, 1), (2, 1);
INSERT INTO mail_activity (id, res_model_id, res_id, user_id, res_model, res_name, summary, date_deadline, note) VALUES (1, 1, 1, 1, 'crm.lead', 'Bows for Archer', 'Call Archer', '2024-03-01', NULL), (2, 1, 3, 2, 'crm.lead', 'Bread', 'Call', '2024-03-01', NULL), (3, 2, 2, 1, 'sale.order', 'S2', 'Ask', '2024-03-01', 'or ann.archer@x.org');
INSERT INTO mail_blacklist (id, email, active) VALUES (1, 'ann.archer@x.org', TRUE), (2, 'ben@x.org', TRUE);
INSERT INTO ir_attachment (id, res_id, name, res_model, type, store_fname, index_content) VALUES (1, 1, 'archer.pdf', 'res.partner', 'binary', 'ab/abc', 'Contract with Archer'), (2, 2, 'ben.pdf', 'res.partner', 'binary', 'ab/abd', 'Contract'), (3, 1, 'INV-1.pdf', 'account.move', 'binary', 'ab/abe', 'Invoice');
