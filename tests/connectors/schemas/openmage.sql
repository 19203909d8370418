CREATE TABLE customer_entity (
  entity_id INT UNSIGNED NOT NULL AUTO_INCREMENT, entity_type_id SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  attribute_set_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, website_id SMALLINT UNSIGNED, email VARCHAR(255),
  group_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, increment_id VARCHAR(50), store_id SMALLINT UNSIGNED, created_at TIMESTAMP NULL,
  updated_at TIMESTAMP NULL, is_active SMALLINT UNSIGNED NOT NULL DEFAULT 1, disable_auto_group_change SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (entity_id), KEY (email, website_id)
);
CREATE TABLE customer_entity_datetime (
  value_id INT NOT NULL AUTO_INCREMENT, entity_type_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, attribute_id SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  entity_id INT UNSIGNED NOT NULL DEFAULT 0, `value` DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00', PRIMARY KEY (value_id),
  UNIQUE (entity_id, attribute_id), FOREIGN KEY (entity_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE customer_entity_decimal (
  value_id INT NOT NULL AUTO_INCREMENT, entity_type_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, attribute_id SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  entity_id INT UNSIGNED NOT NULL DEFAULT 0, `value` DECIMAL(12,4) NOT NULL DEFAULT 0, PRIMARY KEY (value_id), UNIQUE (entity_id, attribute_id),
  FOREIGN KEY (entity_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE customer_entity_int (
  value_id INT NOT NULL AUTO_INCREMENT, entity_type_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, attribute_id SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  entity_id INT UNSIGNED NOT NULL DEFAULT 0, `value` INT NOT NULL DEFAULT 0, PRIMARY KEY (value_id), UNIQUE (entity_id, attribute_id),
  FOREIGN KEY (entity_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE customer_entity_text (
  value_id INT NOT NULL AUTO_INCREMENT, entity_type_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, attribute_id SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  entity_id INT UNSIGNED NOT NULL DEFAULT 0, `value` TEXT NOT NULL, PRIMARY KEY (value_id), UNIQUE (entity_id, attribute_id),
  FOREIGN KEY (entity_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE customer_entity_varchar (
  value_id INT NOT NULL AUTO_INCREMENT, entity_type_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, attribute_id SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  entity_id INT UNSIGNED NOT NULL DEFAULT 0, `value` VARCHAR(255), PRIMARY KEY (value_id), UNIQUE (entity_id, attribute_id),
  FOREIGN KEY (entity_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE customer_address_entity (
  entity_id INT UNSIGNED NOT NULL AUTO_INCREMENT, entity_type_id SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  attribute_set_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, increment_id VARCHAR(50), parent_id INT UNSIGNED, created_at TIMESTAMP NULL,
  updated_at TIMESTAMP NULL, is_active SMALLINT UNSIGNED NOT NULL DEFAULT 1, PRIMARY KEY (entity_id),
  FOREIGN KEY (parent_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE customer_address_entity_datetime (
  value_id INT NOT NULL AUTO_INCREMENT, entity_type_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, attribute_id SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  entity_id INT UNSIGNED NOT NULL DEFAULT 0, `value` DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00', PRIMARY KEY (value_id),
  UNIQUE (entity_id, attribute_id), FOREIGN KEY (entity_id) REFERENCES customer_address_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE customer_address_entity_decimal (
  value_id INT NOT NULL AUTO_INCREMENT, entity_type_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, attribute_id SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  entity_id INT UNSIGNED NOT NULL DEFAULT 0, `value` DECIMAL(12,4) NOT NULL DEFAULT 0, PRIMARY KEY (value_id), UNIQUE (entity_id, attribute_id),
  FOREIGN KEY (entity_id) REFERENCES customer_address_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE customer_address_entity_int (
  value_id INT NOT NULL AUTO_INCREMENT, entity_type_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, attribute_id SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  entity_id INT UNSIGNED NOT NULL DEFAULT 0, `value` INT NOT NULL DEFAULT 0, PRIMARY KEY (value_id), UNIQUE (entity_id, attribute_id),
  FOREIGN KEY (entity_id) REFERENCES customer_address_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE customer_address_entity_text (
  value_id INT NOT NULL AUTO_INCREMENT, entity_type_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, attribute_id SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  entity_id INT UNSIGNED NOT NULL DEFAULT 0, `value` TEXT NOT NULL, PRIMARY KEY (value_id), UNIQUE (entity_id, attribute_id),
  FOREIGN KEY (entity_id) REFERENCES customer_address_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE customer_address_entity_varchar (
  value_id INT NOT NULL AUTO_INCREMENT, entity_type_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, attribute_id SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  entity_id INT UNSIGNED NOT NULL DEFAULT 0, `value` VARCHAR(255), PRIMARY KEY (value_id), UNIQUE (entity_id, attribute_id),
  FOREIGN KEY (entity_id) REFERENCES customer_address_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE customer_flowpassword (
  flowpassword_id INT UNSIGNED NOT NULL AUTO_INCREMENT, ip VARCHAR(50) NOT NULL, email VARCHAR(255) NOT NULL,
  requested_date VARCHAR(255) NOT NULL DEFAULT '0000-00-00 00:00:00', PRIMARY KEY (flowpassword_id)
);
CREATE TABLE persistent_session (
  persistent_id INT UNSIGNED NOT NULL AUTO_INCREMENT, `key` VARCHAR(50) NOT NULL UNIQUE, customer_id INT UNSIGNED UNIQUE,
  website_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, info TEXT, updated_at TIMESTAMP NULL, PRIMARY KEY (persistent_id),
  FOREIGN KEY (customer_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE newsletter_subscriber (
  subscriber_id INT UNSIGNED NOT NULL AUTO_INCREMENT, store_id SMALLINT UNSIGNED, change_status_at TIMESTAMP NULL,
  customer_id INT UNSIGNED NOT NULL DEFAULT 0, subscriber_email VARCHAR(150), subscriber_status INT NOT NULL DEFAULT 0,
  subscriber_confirm_code VARCHAR(32), PRIMARY KEY (subscriber_id)
);
CREATE TABLE newsletter_queue_link (
  queue_link_id INT UNSIGNED NOT NULL AUTO_INCREMENT, queue_id INT UNSIGNED NOT NULL DEFAULT 0, subscriber_id INT UNSIGNED NOT NULL DEFAULT 0,
  letter_sent_at TIMESTAMP NULL, PRIMARY KEY (queue_link_id),
  FOREIGN KEY (subscriber_id) REFERENCES newsletter_subscriber (subscriber_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE newsletter_problem (
  problem_id INT UNSIGNED NOT NULL AUTO_INCREMENT, subscriber_id INT UNSIGNED, queue_id INT UNSIGNED NOT NULL DEFAULT 0,
  problem_error_code INT UNSIGNED DEFAULT 0, problem_error_text VARCHAR(200), PRIMARY KEY (problem_id),
  FOREIGN KEY (subscriber_id) REFERENCES newsletter_subscriber (subscriber_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_order (
  entity_id INT UNSIGNED NOT NULL AUTO_INCREMENT, `state` VARCHAR(32), status VARCHAR(32), coupon_code VARCHAR(255), protect_code VARCHAR(255),
  shipping_description VARCHAR(255), is_virtual SMALLINT UNSIGNED, store_id SMALLINT UNSIGNED, customer_id INT UNSIGNED,
  base_discount_amount DECIMAL(12,4), base_discount_canceled DECIMAL(12,4), base_discount_invoiced DECIMAL(12,4),
  base_discount_refunded DECIMAL(12,4), base_grand_total DECIMAL(12,4), base_shipping_amount DECIMAL(12,4), base_shipping_canceled DECIMAL(12,4),
  base_shipping_invoiced DECIMAL(12,4), base_shipping_refunded DECIMAL(12,4), base_shipping_tax_amount DECIMAL(12,4),
  base_shipping_tax_refunded DECIMAL(12,4), base_subtotal DECIMAL(12,4), base_subtotal_canceled DECIMAL(12,4), base_subtotal_invoiced DECIMAL(12,4),
  base_subtotal_refunded DECIMAL(12,4), base_tax_amount DECIMAL(12,4), base_tax_canceled DECIMAL(12,4), base_tax_invoiced DECIMAL(12,4),
  base_tax_refunded DECIMAL(12,4), base_to_global_rate DECIMAL(12,4), base_to_order_rate DECIMAL(12,4), base_total_canceled DECIMAL(12,4),
  base_total_invoiced DECIMAL(12,4), base_total_invoiced_cost DECIMAL(12,4), base_total_offline_refunded DECIMAL(12,4),
  base_total_online_refunded DECIMAL(12,4), base_total_paid DECIMAL(12,4), base_total_qty_ordered DECIMAL(12,4), base_total_refunded DECIMAL(12,4),
  discount_amount DECIMAL(12,4), discount_canceled DECIMAL(12,4), discount_invoiced DECIMAL(12,4), discount_refunded DECIMAL(12,4),
  grand_total DECIMAL(12,4), shipping_amount DECIMAL(12,4), shipping_canceled DECIMAL(12,4), shipping_invoiced DECIMAL(12,4),
  shipping_refunded DECIMAL(12,4), shipping_tax_amount DECIMAL(12,4), shipping_tax_refunded DECIMAL(12,4), store_to_base_rate DECIMAL(12,4),
  store_to_order_rate DECIMAL(12,4), subtotal DECIMAL(12,4), subtotal_canceled DECIMAL(12,4), subtotal_invoiced DECIMAL(12,4),
  subtotal_refunded DECIMAL(12,4), tax_amount DECIMAL(12,4), tax_canceled DECIMAL(12,4), tax_invoiced DECIMAL(12,4), tax_refunded DECIMAL(12,4),
  total_canceled DECIMAL(12,4), total_invoiced DECIMAL(12,4), total_offline_refunded DECIMAL(12,4), total_online_refunded DECIMAL(12,4),
  total_paid DECIMAL(12,4), total_qty_ordered DECIMAL(12,4), total_refunded DECIMAL(12,4), can_ship_partially SMALLINT UNSIGNED,
  can_ship_partially_item SMALLINT UNSIGNED, customer_is_guest SMALLINT UNSIGNED, customer_note_notify SMALLINT UNSIGNED, billing_address_id INT,
  customer_group_id SMALLINT, edit_increment INT, email_sent SMALLINT UNSIGNED, forced_shipment_with_invoice SMALLINT UNSIGNED,
  payment_auth_expiration INT, quote_address_id INT, quote_id INT, shipping_address_id INT, adjustment_negative DECIMAL(12,4),
  adjustment_positive DECIMAL(12,4), base_adjustment_negative DECIMAL(12,4), base_adjustment_positive DECIMAL(12,4),
  base_shipping_discount_amount DECIMAL(12,4), base_subtotal_incl_tax DECIMAL(12,4), base_total_due DECIMAL(12,4),
  payment_authorization_amount DECIMAL(12,4), shipping_discount_amount DECIMAL(12,4), subtotal_incl_tax DECIMAL(12,4), total_due DECIMAL(12,4),
  weight DECIMAL(12,4), customer_dob DATETIME, increment_id VARCHAR(50) UNIQUE, applied_rule_ids VARCHAR(255), base_currency_code VARCHAR(3),
  customer_email VARCHAR(255), customer_firstname VARCHAR(255), customer_lastname VARCHAR(255), customer_middlename VARCHAR(255),
  customer_prefix VARCHAR(255), customer_suffix VARCHAR(255), customer_taxvat VARCHAR(255), discount_description VARCHAR(255),
  ext_customer_id VARCHAR(255), ext_order_id VARCHAR(255), global_currency_code VARCHAR(3), hold_before_state VARCHAR(255),
  hold_before_status VARCHAR(255), order_currency_code VARCHAR(255), original_increment_id VARCHAR(50), relation_child_id VARCHAR(32),
  relation_child_real_id VARCHAR(32), relation_parent_id VARCHAR(32), relation_parent_real_id VARCHAR(32), remote_ip VARCHAR(255),
  shipping_method VARCHAR(255), store_currency_code VARCHAR(3), store_name VARCHAR(255), x_forwarded_for VARCHAR(255), customer_note TEXT,
  created_at TIMESTAMP NULL, updated_at TIMESTAMP NULL, total_item_count SMALLINT UNSIGNED NOT NULL DEFAULT 0, customer_gender INT,
  hidden_tax_amount DECIMAL(12,4), base_hidden_tax_amount DECIMAL(12,4), shipping_hidden_tax_amount DECIMAL(12,4),
  base_shipping_hidden_tax_amnt DECIMAL(12,4), hidden_tax_invoiced DECIMAL(12,4), base_hidden_tax_invoiced DECIMAL(12,4),
  hidden_tax_refunded DECIMAL(12,4), base_hidden_tax_refunded DECIMAL(12,4), shipping_incl_tax DECIMAL(12,4), base_shipping_incl_tax DECIMAL(12,4),
  coupon_rule_name VARCHAR(255), paypal_ipn_customer_notified INT DEFAULT 0, gift_message_id INT, PRIMARY KEY (entity_id),
  FOREIGN KEY (customer_id) REFERENCES customer_entity (entity_id) ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE TABLE sales_flat_order_grid (
  entity_id INT UNSIGNED NOT NULL, status VARCHAR(32), store_id SMALLINT UNSIGNED, store_name VARCHAR(255), customer_id INT UNSIGNED,
  base_grand_total DECIMAL(12,4), base_total_paid DECIMAL(12,4), grand_total DECIMAL(12,4), total_paid DECIMAL(12,4), increment_id VARCHAR(50) UNIQUE,
  base_currency_code VARCHAR(3), order_currency_code VARCHAR(255), shipping_name VARCHAR(255), billing_name VARCHAR(255), created_at TIMESTAMP NULL,
  updated_at TIMESTAMP NULL, PRIMARY KEY (entity_id),
  FOREIGN KEY (customer_id) REFERENCES customer_entity (entity_id) ON DELETE SET NULL ON UPDATE CASCADE,
  FOREIGN KEY (entity_id) REFERENCES sales_flat_order (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_order_address (
  entity_id INT UNSIGNED NOT NULL AUTO_INCREMENT, parent_id INT UNSIGNED, customer_address_id INT, quote_address_id INT, region_id INT,
  customer_id INT, fax VARCHAR(255), region VARCHAR(255), postcode VARCHAR(255), lastname VARCHAR(255), street VARCHAR(255), city VARCHAR(255),
  email VARCHAR(255), telephone VARCHAR(255), country_id VARCHAR(2), firstname VARCHAR(255), address_type VARCHAR(255), prefix VARCHAR(255),
  middlename VARCHAR(255), suffix VARCHAR(255), company VARCHAR(255), vat_id TEXT, vat_is_valid SMALLINT, vat_request_id TEXT, vat_request_date TEXT,
  vat_request_success SMALLINT, PRIMARY KEY (entity_id),
  FOREIGN KEY (parent_id) REFERENCES sales_flat_order (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_order_status_history (
  entity_id INT UNSIGNED NOT NULL AUTO_INCREMENT, parent_id INT UNSIGNED NOT NULL, is_customer_notified INT,
  is_visible_on_front SMALLINT UNSIGNED NOT NULL DEFAULT 0, `comment` TEXT, status VARCHAR(32), created_at TIMESTAMP NULL, entity_name VARCHAR(32),
  PRIMARY KEY (entity_id), FOREIGN KEY (parent_id) REFERENCES sales_flat_order (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_order_item (
  item_id INT UNSIGNED NOT NULL AUTO_INCREMENT, order_id INT UNSIGNED NOT NULL DEFAULT 0, parent_item_id INT UNSIGNED, quote_item_id INT UNSIGNED,
  store_id SMALLINT UNSIGNED, created_at TIMESTAMP NULL, updated_at TIMESTAMP NULL, product_id INT UNSIGNED, product_type VARCHAR(255),
  product_options TEXT, weight DECIMAL(12,4) DEFAULT 0, is_virtual SMALLINT UNSIGNED, sku VARCHAR(255), name VARCHAR(255), description TEXT,
  applied_rule_ids TEXT, additional_data TEXT, free_shipping SMALLINT UNSIGNED NOT NULL DEFAULT 0, is_qty_decimal SMALLINT UNSIGNED,
  no_discount SMALLINT UNSIGNED NOT NULL DEFAULT 0, qty_backordered DECIMAL(12,4), qty_canceled DECIMAL(12,4), qty_invoiced DECIMAL(12,4),
  qty_ordered DECIMAL(12,4), qty_refunded DECIMAL(12,4), qty_shipped DECIMAL(12,4), base_cost DECIMAL(12,4), price DECIMAL(12,4),
  base_price DECIMAL(12,4), original_price DECIMAL(12,4), base_original_price DECIMAL(12,4), tax_percent DECIMAL(12,4), tax_amount DECIMAL(12,4),
  base_tax_amount DECIMAL(12,4), tax_invoiced DECIMAL(12,4), base_tax_invoiced DECIMAL(12,4), discount_percent DECIMAL(12,4),
  discount_amount DECIMAL(12,4), base_discount_amount DECIMAL(12,4), discount_invoiced DECIMAL(12,4), base_discount_invoiced DECIMAL(12,4),
  amount_refunded DECIMAL(12,4), base_amount_refunded DECIMAL(12,4), row_total DECIMAL(12,4), base_row_total DECIMAL(12,4),
  row_invoiced DECIMAL(12,4), base_row_invoiced DECIMAL(12,4), row_weight DECIMAL(12,4), base_tax_before_discount DECIMAL(12,4),
  tax_before_discount DECIMAL(12,4), ext_order_item_id VARCHAR(255), locked_do_invoice SMALLINT UNSIGNED, locked_do_ship SMALLINT UNSIGNED,
  price_incl_tax DECIMAL(12,4), base_price_incl_tax DECIMAL(12,4), row_total_incl_tax DECIMAL(12,4), base_row_total_incl_tax DECIMAL(12,4),
  hidden_tax_amount DECIMAL(12,4), base_hidden_tax_amount DECIMAL(12,4), hidden_tax_invoiced DECIMAL(12,4), base_hidden_tax_invoiced DECIMAL(12,4),
  hidden_tax_refunded DECIMAL(12,4), base_hidden_tax_refunded DECIMAL(12,4), is_nominal INT NOT NULL DEFAULT 0, tax_canceled DECIMAL(12,4),
  hidden_tax_canceled DECIMAL(12,4), tax_refunded DECIMAL(12,4), base_tax_refunded DECIMAL(12,4), discount_refunded DECIMAL(12,4),
  base_discount_refunded DECIMAL(12,4), gift_message_id INT, gift_message_available INT, base_weee_tax_applied_amount DECIMAL(12,4),
  base_weee_tax_applied_row_amnt DECIMAL(12,4), weee_tax_applied_amount DECIMAL(12,4), weee_tax_applied_row_amount DECIMAL(12,4),
  weee_tax_applied TEXT, weee_tax_disposition DECIMAL(12,4), weee_tax_row_disposition DECIMAL(12,4), base_weee_tax_disposition DECIMAL(12,4),
  base_weee_tax_row_disposition DECIMAL(12,4), PRIMARY KEY (item_id),
  FOREIGN KEY (order_id) REFERENCES sales_flat_order (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_order_payment (
  entity_id INT UNSIGNED NOT NULL AUTO_INCREMENT, parent_id INT UNSIGNED NOT NULL, base_shipping_captured DECIMAL(12,4),
  shipping_captured DECIMAL(12,4), amount_refunded DECIMAL(12,4), base_amount_paid DECIMAL(12,4), amount_canceled DECIMAL(12,4),
  base_amount_authorized DECIMAL(12,4), base_amount_paid_online DECIMAL(12,4), base_amount_refunded_online DECIMAL(12,4),
  base_shipping_amount DECIMAL(12,4), shipping_amount DECIMAL(12,4), amount_paid DECIMAL(12,4), amount_authorized DECIMAL(12,4),
  base_amount_ordered DECIMAL(12,4), base_shipping_refunded DECIMAL(12,4), shipping_refunded DECIMAL(12,4), base_amount_refunded DECIMAL(12,4),
  amount_ordered DECIMAL(12,4), base_amount_canceled DECIMAL(12,4), quote_payment_id INT, additional_data TEXT, cc_exp_month VARCHAR(255),
  cc_ss_start_year VARCHAR(255), echeck_bank_name VARCHAR(255), `method` VARCHAR(255), cc_debug_request_body VARCHAR(255),
  cc_secure_verify VARCHAR(255), protection_eligibility VARCHAR(255), cc_approval VARCHAR(255), cc_last4 VARCHAR(255),
  cc_status_description VARCHAR(255), echeck_type VARCHAR(255), cc_debug_response_serialized VARCHAR(255), cc_ss_start_month VARCHAR(255),
  echeck_account_type VARCHAR(255), last_trans_id VARCHAR(255), cc_cid_status VARCHAR(255), cc_owner VARCHAR(255), cc_type VARCHAR(255),
  po_number VARCHAR(255), cc_exp_year VARCHAR(255), cc_status VARCHAR(255), echeck_routing_number VARCHAR(255), account_status VARCHAR(255),
  anet_trans_method VARCHAR(255), cc_debug_response_body VARCHAR(255), cc_ss_issue VARCHAR(255), echeck_account_name VARCHAR(255),
  cc_avs_status VARCHAR(255), cc_number_enc VARCHAR(255), cc_trans_id VARCHAR(255), paybox_request_number VARCHAR(255), address_status VARCHAR(255),
  additional_information TEXT, PRIMARY KEY (entity_id),
  FOREIGN KEY (parent_id) REFERENCES sales_flat_order (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_payment_transaction (
  transaction_id INT UNSIGNED NOT NULL AUTO_INCREMENT, parent_id INT UNSIGNED, order_id INT UNSIGNED NOT NULL DEFAULT 0,
  payment_id INT UNSIGNED NOT NULL DEFAULT 0, txn_id VARCHAR(100), parent_txn_id VARCHAR(100), txn_type VARCHAR(15),
  is_closed SMALLINT UNSIGNED NOT NULL DEFAULT 1, additional_information BLOB, created_at TIMESTAMP NULL, PRIMARY KEY (transaction_id),
  FOREIGN KEY (order_id) REFERENCES sales_flat_order (entity_id) ON DELETE CASCADE ON UPDATE CASCADE,
  FOREIGN KEY (payment_id) REFERENCES sales_flat_order_payment (entity_id) ON DELETE CASCADE ON UPDATE CASCADE,
  FOREIGN KEY (parent_id) REFERENCES sales_payment_transaction (transaction_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_invoice (
  entity_id INT UNSIGNED NOT NULL AUTO_INCREMENT, store_id SMALLINT UNSIGNED, base_grand_total DECIMAL(12,4), shipping_tax_amount DECIMAL(12,4),
  tax_amount DECIMAL(12,4), base_tax_amount DECIMAL(12,4), store_to_order_rate DECIMAL(12,4), base_shipping_tax_amount DECIMAL(12,4),
  base_discount_amount DECIMAL(12,4), base_to_order_rate DECIMAL(12,4), grand_total DECIMAL(12,4), shipping_amount DECIMAL(12,4),
  subtotal_incl_tax DECIMAL(12,4), base_subtotal_incl_tax DECIMAL(12,4), store_to_base_rate DECIMAL(12,4), base_shipping_amount DECIMAL(12,4),
  total_qty DECIMAL(12,4), base_to_global_rate DECIMAL(12,4), subtotal DECIMAL(12,4), base_subtotal DECIMAL(12,4), discount_amount DECIMAL(12,4),
  billing_address_id INT, is_used_for_refund SMALLINT UNSIGNED, order_id INT UNSIGNED NOT NULL, email_sent SMALLINT UNSIGNED,
  can_void_flag SMALLINT UNSIGNED, `state` INT, shipping_address_id INT, store_currency_code VARCHAR(3), transaction_id VARCHAR(255),
  order_currency_code VARCHAR(3), base_currency_code VARCHAR(3), global_currency_code VARCHAR(3), increment_id VARCHAR(50) UNIQUE,
  created_at TIMESTAMP NULL, updated_at TIMESTAMP NULL, hidden_tax_amount DECIMAL(12,4), base_hidden_tax_amount DECIMAL(12,4),
  shipping_hidden_tax_amount DECIMAL(12,4), base_shipping_hidden_tax_amnt DECIMAL(12,4), shipping_incl_tax DECIMAL(12,4),
  base_shipping_incl_tax DECIMAL(12,4), base_total_refunded DECIMAL(12,4), discount_description VARCHAR(255), PRIMARY KEY (entity_id),
  FOREIGN KEY (order_id) REFERENCES sales_flat_order (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_invoice_grid (
  entity_id INT UNSIGNED NOT NULL, store_id SMALLINT UNSIGNED, base_grand_total DECIMAL(12,4), grand_total DECIMAL(12,4),
  order_id INT UNSIGNED NOT NULL, `state` INT, store_currency_code VARCHAR(3), order_currency_code VARCHAR(3), base_currency_code VARCHAR(3),
  global_currency_code VARCHAR(3), increment_id VARCHAR(50) UNIQUE, order_increment_id VARCHAR(50), created_at TIMESTAMP NULL,
  order_created_at TIMESTAMP NULL, billing_name VARCHAR(255), PRIMARY KEY (entity_id),
  FOREIGN KEY (entity_id) REFERENCES sales_flat_invoice (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_invoice_comment (
  entity_id INT UNSIGNED NOT NULL AUTO_INCREMENT, parent_id INT UNSIGNED NOT NULL, is_customer_notified SMALLINT UNSIGNED,
  is_visible_on_front SMALLINT UNSIGNED NOT NULL DEFAULT 0, `comment` TEXT, created_at TIMESTAMP NULL, PRIMARY KEY (entity_id),
  FOREIGN KEY (parent_id) REFERENCES sales_flat_invoice (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_creditmemo (
  entity_id INT UNSIGNED NOT NULL AUTO_INCREMENT, store_id SMALLINT UNSIGNED, adjustment_positive DECIMAL(12,4),
  base_shipping_tax_amount DECIMAL(12,4), store_to_order_rate DECIMAL(12,4), base_discount_amount DECIMAL(12,4), base_to_order_rate DECIMAL(12,4),
  grand_total DECIMAL(12,4), base_adjustment_negative DECIMAL(12,4), base_subtotal_incl_tax DECIMAL(12,4), shipping_amount DECIMAL(12,4),
  subtotal_incl_tax DECIMAL(12,4), adjustment_negative DECIMAL(12,4), base_shipping_amount DECIMAL(12,4), store_to_base_rate DECIMAL(12,4),
  base_to_global_rate DECIMAL(12,4), base_adjustment DECIMAL(12,4), base_subtotal DECIMAL(12,4), discount_amount DECIMAL(12,4),
  subtotal DECIMAL(12,4), adjustment DECIMAL(12,4), base_grand_total DECIMAL(12,4), base_adjustment_positive DECIMAL(12,4),
  base_tax_amount DECIMAL(12,4), shipping_tax_amount DECIMAL(12,4), tax_amount DECIMAL(12,4), order_id INT UNSIGNED NOT NULL,
  email_sent SMALLINT UNSIGNED, creditmemo_status INT, `state` INT, shipping_address_id INT, billing_address_id INT, invoice_id INT,
  store_currency_code VARCHAR(3), order_currency_code VARCHAR(3), base_currency_code VARCHAR(3), global_currency_code VARCHAR(3),
  transaction_id VARCHAR(255), increment_id VARCHAR(50) UNIQUE, created_at TIMESTAMP NULL, updated_at TIMESTAMP NULL, hidden_tax_amount DECIMAL(12,4),
  base_hidden_tax_amount DECIMAL(12,4), shipping_hidden_tax_amount DECIMAL(12,4), base_shipping_hidden_tax_amnt DECIMAL(12,4),
  shipping_incl_tax DECIMAL(12,4), base_shipping_incl_tax DECIMAL(12,4), discount_description VARCHAR(255), PRIMARY KEY (entity_id),
  FOREIGN KEY (order_id) REFERENCES sales_flat_order (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_creditmemo_grid (
  entity_id INT UNSIGNED NOT NULL, store_id SMALLINT UNSIGNED, store_to_order_rate DECIMAL(12,4), base_to_order_rate DECIMAL(12,4),
  grand_total DECIMAL(12,4), store_to_base_rate DECIMAL(12,4), base_to_global_rate DECIMAL(12,4), base_grand_total DECIMAL(12,4),
  order_id INT UNSIGNED NOT NULL, creditmemo_status INT, `state` INT, invoice_id INT, store_currency_code VARCHAR(3), order_currency_code VARCHAR(3),
  base_currency_code VARCHAR(3), global_currency_code VARCHAR(3), increment_id VARCHAR(50) UNIQUE, order_increment_id VARCHAR(50),
  created_at TIMESTAMP NULL, order_created_at TIMESTAMP NULL, billing_name VARCHAR(255), PRIMARY KEY (entity_id),
  FOREIGN KEY (entity_id) REFERENCES sales_flat_creditmemo (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_creditmemo_comment (
  entity_id INT UNSIGNED NOT NULL AUTO_INCREMENT, parent_id INT UNSIGNED NOT NULL, is_customer_notified INT,
  is_visible_on_front SMALLINT UNSIGNED NOT NULL DEFAULT 0, `comment` TEXT, created_at TIMESTAMP NULL, PRIMARY KEY (entity_id),
  FOREIGN KEY (parent_id) REFERENCES sales_flat_creditmemo (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_shipment (
  entity_id INT UNSIGNED NOT NULL AUTO_INCREMENT, store_id SMALLINT UNSIGNED, total_weight DECIMAL(12,4), total_qty DECIMAL(12,4),
  email_sent SMALLINT UNSIGNED, order_id INT UNSIGNED NOT NULL, customer_id INT, shipping_address_id INT, billing_address_id INT, shipment_status INT,
  increment_id VARCHAR(50) UNIQUE, created_at TIMESTAMP NULL, updated_at TIMESTAMP NULL, packages TEXT, shipping_label MEDIUMBLOB,
  PRIMARY KEY (entity_id), FOREIGN KEY (order_id) REFERENCES sales_flat_order (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_shipment_grid (
  entity_id INT UNSIGNED NOT NULL, store_id SMALLINT UNSIGNED, total_qty DECIMAL(12,4), order_id INT UNSIGNED NOT NULL, shipment_status INT,
  increment_id VARCHAR(50) UNIQUE, order_increment_id VARCHAR(50), created_at TIMESTAMP NULL, order_created_at TIMESTAMP NULL,
  shipping_name VARCHAR(255), PRIMARY KEY (entity_id),
  FOREIGN KEY (entity_id) REFERENCES sales_flat_shipment (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_shipment_track (
  entity_id INT UNSIGNED NOT NULL AUTO_INCREMENT, parent_id INT UNSIGNED NOT NULL, weight DECIMAL(12,4), qty DECIMAL(12,4),
  order_id INT UNSIGNED NOT NULL, track_number TEXT, description TEXT, title VARCHAR(255), carrier_code VARCHAR(32), created_at TIMESTAMP NULL,
  updated_at TIMESTAMP NULL, PRIMARY KEY (entity_id),
  FOREIGN KEY (parent_id) REFERENCES sales_flat_shipment (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_shipment_comment (
  entity_id INT UNSIGNED NOT NULL AUTO_INCREMENT, parent_id INT UNSIGNED NOT NULL, is_customer_notified INT,
  is_visible_on_front SMALLINT UNSIGNED NOT NULL DEFAULT 0, `comment` TEXT, created_at TIMESTAMP NULL, PRIMARY KEY (entity_id),
  FOREIGN KEY (parent_id) REFERENCES sales_flat_shipment (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE downloadable_link_purchased (
  purchased_id INT UNSIGNED NOT NULL AUTO_INCREMENT, order_id INT UNSIGNED DEFAULT 0, order_increment_id VARCHAR(50),
  order_item_id INT UNSIGNED NOT NULL DEFAULT 0, created_at TIMESTAMP NULL, updated_at TIMESTAMP NULL, customer_id INT UNSIGNED DEFAULT 0,
  product_name VARCHAR(255), product_sku VARCHAR(255), link_section_title VARCHAR(255), PRIMARY KEY (purchased_id),
  FOREIGN KEY (customer_id) REFERENCES customer_entity (entity_id) ON DELETE SET NULL ON UPDATE CASCADE,
  FOREIGN KEY (order_id) REFERENCES sales_flat_order (entity_id) ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE TABLE sales_billing_agreement (
  agreement_id INT UNSIGNED NOT NULL AUTO_INCREMENT, customer_id INT UNSIGNED NOT NULL, method_code VARCHAR(32) NOT NULL,
  reference_id VARCHAR(32) NOT NULL, status VARCHAR(20) NOT NULL, created_at TIMESTAMP NULL, updated_at TIMESTAMP NULL, store_id SMALLINT UNSIGNED,
  agreement_label VARCHAR(255), PRIMARY KEY (agreement_id),
  FOREIGN KEY (customer_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_billing_agreement_order (
  agreement_id INT UNSIGNED NOT NULL, order_id INT UNSIGNED NOT NULL, PRIMARY KEY (agreement_id, order_id),
  FOREIGN KEY (agreement_id) REFERENCES sales_billing_agreement (agreement_id) ON DELETE CASCADE ON UPDATE CASCADE,
  FOREIGN KEY (order_id) REFERENCES sales_flat_order (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_quote (
  entity_id INT UNSIGNED NOT NULL AUTO_INCREMENT, store_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, created_at TIMESTAMP NULL, updated_at TIMESTAMP NULL,
  converted_at TIMESTAMP NULL, is_active SMALLINT UNSIGNED, is_virtual SMALLINT UNSIGNED, is_multi_shipping SMALLINT UNSIGNED,
  items_count INT UNSIGNED, items_qty DECIMAL(12,4), orig_order_id INT UNSIGNED, store_to_base_rate DECIMAL(12,4), store_to_quote_rate DECIMAL(12,4),
  base_currency_code VARCHAR(255), store_currency_code VARCHAR(255), quote_currency_code VARCHAR(255), grand_total DECIMAL(12,4),
  base_grand_total DECIMAL(12,4), checkout_method VARCHAR(255), customer_id INT UNSIGNED, customer_tax_class_id INT UNSIGNED,
  customer_group_id INT UNSIGNED, customer_email VARCHAR(255), customer_prefix VARCHAR(40), customer_firstname VARCHAR(255),
  customer_middlename VARCHAR(40), customer_lastname VARCHAR(255), customer_suffix VARCHAR(40), customer_dob DATETIME, customer_note VARCHAR(255),
  customer_note_notify SMALLINT UNSIGNED, customer_is_guest SMALLINT UNSIGNED, remote_ip VARCHAR(32), applied_rule_ids VARCHAR(255),
  reserved_order_id VARCHAR(64), password_hash VARCHAR(255), coupon_code VARCHAR(255), global_currency_code VARCHAR(255),
  base_to_global_rate DECIMAL(12,4), base_to_quote_rate DECIMAL(12,4), customer_taxvat VARCHAR(255), customer_gender VARCHAR(255),
  subtotal DECIMAL(12,4), base_subtotal DECIMAL(12,4), subtotal_with_discount DECIMAL(12,4), base_subtotal_with_discount DECIMAL(12,4),
  is_changed INT UNSIGNED, trigger_recollect SMALLINT NOT NULL DEFAULT 0, ext_shipping_info TEXT, gift_message_id INT,
  is_persistent SMALLINT UNSIGNED DEFAULT 0, PRIMARY KEY (entity_id)
);
CREATE TABLE sales_flat_quote_address (
  address_id INT UNSIGNED NOT NULL AUTO_INCREMENT, quote_id INT UNSIGNED NOT NULL DEFAULT 0, created_at TIMESTAMP NULL, updated_at TIMESTAMP NULL,
  customer_id INT UNSIGNED, save_in_address_book SMALLINT DEFAULT 0, customer_address_id INT UNSIGNED, address_type VARCHAR(255), email VARCHAR(255),
  prefix VARCHAR(40), firstname VARCHAR(255), middlename VARCHAR(40), lastname VARCHAR(255), suffix VARCHAR(40), company VARCHAR(255),
  street VARCHAR(255), city VARCHAR(255), region VARCHAR(255), region_id INT UNSIGNED, postcode VARCHAR(255), country_id VARCHAR(255),
  telephone VARCHAR(255), fax VARCHAR(255), same_as_billing SMALLINT UNSIGNED NOT NULL DEFAULT 0, free_shipping SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  collect_shipping_rates SMALLINT UNSIGNED NOT NULL DEFAULT 0, shipping_method VARCHAR(255), shipping_description VARCHAR(255), weight DECIMAL(12,4),
  subtotal DECIMAL(12,4), base_subtotal DECIMAL(12,4), subtotal_with_discount DECIMAL(12,4), base_subtotal_with_discount DECIMAL(12,4),
  tax_amount DECIMAL(12,4), base_tax_amount DECIMAL(12,4), shipping_amount DECIMAL(12,4), base_shipping_amount DECIMAL(12,4),
  shipping_tax_amount DECIMAL(12,4), base_shipping_tax_amount DECIMAL(12,4), discount_amount DECIMAL(12,4), base_discount_amount DECIMAL(12,4),
  grand_total DECIMAL(12,4), base_grand_total DECIMAL(12,4), customer_notes TEXT, applied_taxes TEXT, discount_description VARCHAR(255),
  shipping_discount_amount DECIMAL(12,4), base_shipping_discount_amount DECIMAL(12,4), subtotal_incl_tax DECIMAL(12,4),
  base_subtotal_total_incl_tax DECIMAL(12,4), hidden_tax_amount DECIMAL(12,4), base_hidden_tax_amount DECIMAL(12,4),
  shipping_hidden_tax_amount DECIMAL(12,4), base_shipping_hidden_tax_amnt DECIMAL(12,4), shipping_incl_tax DECIMAL(12,4),
  base_shipping_incl_tax DECIMAL(12,4), vat_id TEXT, vat_is_valid SMALLINT, vat_request_id TEXT, vat_request_date TEXT, vat_request_success SMALLINT,
  gift_message_id INT, PRIMARY KEY (address_id), FOREIGN KEY (quote_id) REFERENCES sales_flat_quote (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_quote_item (
  item_id INT UNSIGNED NOT NULL AUTO_INCREMENT, quote_id INT UNSIGNED NOT NULL DEFAULT 0, created_at TIMESTAMP NULL, updated_at TIMESTAMP NULL,
  product_id INT UNSIGNED, store_id SMALLINT UNSIGNED, parent_item_id INT UNSIGNED, is_virtual SMALLINT UNSIGNED, sku VARCHAR(255), name VARCHAR(255),
  description TEXT, applied_rule_ids TEXT, additional_data TEXT, free_shipping SMALLINT UNSIGNED NOT NULL DEFAULT 0, is_qty_decimal SMALLINT UNSIGNED,
  no_discount SMALLINT UNSIGNED, weight DECIMAL(12,4), qty DECIMAL(12,4), price DECIMAL(12,4), base_price DECIMAL(12,4), custom_price DECIMAL(12,4),
  discount_percent DECIMAL(12,4), discount_amount DECIMAL(12,4), base_discount_amount DECIMAL(12,4), tax_percent DECIMAL(12,4),
  tax_amount DECIMAL(12,4), base_tax_amount DECIMAL(12,4), row_total DECIMAL(12,4), base_row_total DECIMAL(12,4),
  row_total_with_discount DECIMAL(12,4), row_weight DECIMAL(12,4), product_type VARCHAR(255), base_tax_before_discount DECIMAL(12,4),
  tax_before_discount DECIMAL(12,4), original_custom_price DECIMAL(12,4), redirect_url VARCHAR(255), base_cost DECIMAL(12,4),
  price_incl_tax DECIMAL(12,4), base_price_incl_tax DECIMAL(12,4), row_total_incl_tax DECIMAL(12,4), base_row_total_incl_tax DECIMAL(12,4),
  hidden_tax_amount DECIMAL(12,4), base_hidden_tax_amount DECIMAL(12,4), gift_message_id INT, weee_tax_disposition DECIMAL(12,4),
  weee_tax_row_disposition DECIMAL(12,4), base_weee_tax_disposition DECIMAL(12,4), base_weee_tax_row_disposition DECIMAL(12,4), weee_tax_applied TEXT,
  weee_tax_applied_amount DECIMAL(12,4), weee_tax_applied_row_amount DECIMAL(12,4), base_weee_tax_applied_amount DECIMAL(12,4),
  base_weee_tax_applied_row_amnt DECIMAL(12,4), PRIMARY KEY (item_id),
  FOREIGN KEY (quote_id) REFERENCES sales_flat_quote (entity_id) ON DELETE CASCADE ON UPDATE CASCADE,
  FOREIGN KEY (parent_item_id) REFERENCES sales_flat_quote_item (item_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_quote_item_option (
  option_id INT UNSIGNED NOT NULL AUTO_INCREMENT, item_id INT UNSIGNED NOT NULL, product_id INT UNSIGNED NOT NULL, `code` VARCHAR(255) NOT NULL,
  `value` TEXT, PRIMARY KEY (option_id), FOREIGN KEY (item_id) REFERENCES sales_flat_quote_item (item_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_quote_payment (
  payment_id INT UNSIGNED NOT NULL AUTO_INCREMENT, quote_id INT UNSIGNED NOT NULL DEFAULT 0, created_at TIMESTAMP NULL, updated_at TIMESTAMP NULL,
  `method` VARCHAR(255), cc_type VARCHAR(255), cc_number_enc VARCHAR(255), cc_last4 VARCHAR(255), cc_cid_enc VARCHAR(255), cc_owner VARCHAR(255),
  cc_exp_month SMALLINT UNSIGNED DEFAULT 0, cc_exp_year SMALLINT UNSIGNED DEFAULT 0, cc_ss_owner VARCHAR(255),
  cc_ss_start_month SMALLINT UNSIGNED DEFAULT 0, cc_ss_start_year SMALLINT UNSIGNED DEFAULT 0, po_number VARCHAR(255), additional_data TEXT,
  cc_ss_issue VARCHAR(255), additional_information TEXT, paypal_payer_id VARCHAR(255), paypal_payer_status VARCHAR(255),
  paypal_correlation_id VARCHAR(255), PRIMARY KEY (payment_id),
  FOREIGN KEY (quote_id) REFERENCES sales_flat_quote (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE sales_flat_quote_shipping_rate (
  rate_id INT UNSIGNED NOT NULL AUTO_INCREMENT, address_id INT UNSIGNED NOT NULL DEFAULT 0, created_at TIMESTAMP NULL, updated_at TIMESTAMP NULL,
  carrier VARCHAR(255), carrier_title VARCHAR(255), `code` VARCHAR(255), `method` VARCHAR(255), method_description TEXT, price DECIMAL(12,4),
  error_message TEXT, method_title TEXT, PRIMARY KEY (rate_id),
  FOREIGN KEY (address_id) REFERENCES sales_flat_quote_address (address_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE gift_message (
  gift_message_id INT UNSIGNED NOT NULL AUTO_INCREMENT, customer_id INT UNSIGNED NOT NULL DEFAULT 0, sender VARCHAR(255), recipient VARCHAR(255),
  message TEXT, PRIMARY KEY (gift_message_id)
);
CREATE TABLE review_detail (
  detail_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, review_id BIGINT UNSIGNED NOT NULL DEFAULT 0, store_id SMALLINT UNSIGNED,
  title VARCHAR(255) NOT NULL, detail TEXT NOT NULL, nickname VARCHAR(128) NOT NULL, customer_id INT UNSIGNED, PRIMARY KEY (detail_id),
  FOREIGN KEY (customer_id) REFERENCES customer_entity (entity_id) ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE TABLE rating_option_vote (
  vote_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, option_id INT UNSIGNED NOT NULL DEFAULT 0, remote_ip VARCHAR(50) NOT NULL,
  remote_ip_long VARBINARY(16) NOT NULL, customer_id INT UNSIGNED DEFAULT 0, entity_pk_value BIGINT UNSIGNED NOT NULL DEFAULT 0,
  rating_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, review_id BIGINT UNSIGNED, percent SMALLINT NOT NULL DEFAULT 0, `value` SMALLINT NOT NULL DEFAULT 0,
  PRIMARY KEY (vote_id)
);
CREATE TABLE wishlist (
  wishlist_id INT UNSIGNED NOT NULL AUTO_INCREMENT, customer_id INT UNSIGNED NOT NULL DEFAULT 0 UNIQUE, shared SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  sharing_code VARCHAR(32), updated_at TIMESTAMP NULL, PRIMARY KEY (wishlist_id),
  FOREIGN KEY (customer_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE wishlist_item (
  wishlist_item_id INT UNSIGNED NOT NULL AUTO_INCREMENT, wishlist_id INT UNSIGNED NOT NULL DEFAULT 0, product_id INT UNSIGNED NOT NULL DEFAULT 0,
  store_id SMALLINT UNSIGNED, added_at TIMESTAMP NULL, description TEXT, qty DECIMAL(12,4) NOT NULL, PRIMARY KEY (wishlist_item_id),
  FOREIGN KEY (wishlist_id) REFERENCES wishlist (wishlist_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE wishlist_item_option (
  option_id INT UNSIGNED NOT NULL AUTO_INCREMENT, wishlist_item_id INT UNSIGNED NOT NULL, product_id INT UNSIGNED NOT NULL,
  `code` VARCHAR(255) NOT NULL, `value` TEXT, PRIMARY KEY (option_id),
  FOREIGN KEY (wishlist_item_id) REFERENCES wishlist_item (wishlist_item_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE product_alert_price (
  alert_price_id INT UNSIGNED NOT NULL AUTO_INCREMENT, customer_id INT UNSIGNED NOT NULL DEFAULT 0, product_id INT UNSIGNED NOT NULL DEFAULT 0,
  price DECIMAL(12,4) NOT NULL DEFAULT 0, website_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, add_date TIMESTAMP NULL, last_send_date TIMESTAMP NULL,
  send_count SMALLINT UNSIGNED NOT NULL DEFAULT 0, status SMALLINT UNSIGNED NOT NULL DEFAULT 0, PRIMARY KEY (alert_price_id),
  FOREIGN KEY (customer_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE product_alert_stock (
  alert_stock_id INT UNSIGNED NOT NULL AUTO_INCREMENT, customer_id INT UNSIGNED NOT NULL DEFAULT 0, product_id INT UNSIGNED NOT NULL DEFAULT 0,
  website_id SMALLINT UNSIGNED NOT NULL DEFAULT 0, add_date TIMESTAMP NULL, send_date TIMESTAMP NULL, send_count SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  status SMALLINT UNSIGNED NOT NULL DEFAULT 0, PRIMARY KEY (alert_stock_id),
  FOREIGN KEY (customer_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE tag (
  tag_id INT UNSIGNED NOT NULL AUTO_INCREMENT, name VARCHAR(255), status SMALLINT NOT NULL DEFAULT 0, first_customer_id INT UNSIGNED,
  first_store_id SMALLINT UNSIGNED, PRIMARY KEY (tag_id), FOREIGN KEY (first_customer_id) REFERENCES customer_entity (entity_id) ON DELETE SET NULL
);
CREATE TABLE tag_relation (
  tag_relation_id INT UNSIGNED NOT NULL AUTO_INCREMENT, tag_id INT UNSIGNED NOT NULL DEFAULT 0, customer_id INT UNSIGNED,
  product_id INT UNSIGNED NOT NULL DEFAULT 0, store_id SMALLINT UNSIGNED NOT NULL DEFAULT 1, active SMALLINT UNSIGNED NOT NULL DEFAULT 1,
  created_at TIMESTAMP NULL, PRIMARY KEY (tag_relation_id),
  FOREIGN KEY (customer_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE,
  FOREIGN KEY (tag_id) REFERENCES tag (tag_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE log_customer (
  log_id INT UNSIGNED NOT NULL AUTO_INCREMENT, visitor_id BIGINT UNSIGNED, customer_id INT NOT NULL DEFAULT 0, login_at TIMESTAMP NULL,
  logout_at TIMESTAMP NULL, store_id SMALLINT UNSIGNED NOT NULL, PRIMARY KEY (log_id)
);
CREATE TABLE log_visitor (
  visitor_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, session_id VARCHAR(64), first_visit_at TIMESTAMP NULL, last_visit_at TIMESTAMP NULL,
  last_url_id BIGINT UNSIGNED NOT NULL DEFAULT 0, store_id SMALLINT UNSIGNED NOT NULL, PRIMARY KEY (visitor_id)
);
CREATE TABLE log_visitor_info (
  visitor_id BIGINT UNSIGNED NOT NULL DEFAULT 0, http_referer VARCHAR(255), http_user_agent VARCHAR(255), http_accept_charset VARCHAR(255),
  http_accept_language VARCHAR(255), server_addr VARBINARY(16), remote_addr VARBINARY(16), PRIMARY KEY (visitor_id)
);
CREATE TABLE log_visitor_online (
  visitor_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, visitor_type VARCHAR(1) NOT NULL, remote_addr VARBINARY(16) NOT NULL,
  first_visit_at TIMESTAMP NULL, last_visit_at TIMESTAMP NULL, customer_id INT UNSIGNED, last_url VARCHAR(255), PRIMARY KEY (visitor_id)
);
CREATE TABLE log_url (
  url_id BIGINT UNSIGNED NOT NULL DEFAULT 0, visitor_id BIGINT UNSIGNED, visit_time TIMESTAMP NULL, PRIMARY KEY (url_id)
);
CREATE TABLE log_url_info (
  url_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, url VARCHAR(255), referer VARCHAR(255), PRIMARY KEY (url_id)
);
CREATE TABLE log_quote (
  quote_id INT UNSIGNED NOT NULL DEFAULT 0, visitor_id BIGINT UNSIGNED, created_at TIMESTAMP NULL, deleted_at TIMESTAMP NULL, PRIMARY KEY (quote_id)
);
CREATE TABLE report_event (
  event_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, logged_at TIMESTAMP NULL, event_type_id SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  object_id INT UNSIGNED NOT NULL DEFAULT 0, subject_id INT UNSIGNED NOT NULL DEFAULT 0, subtype SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  store_id SMALLINT UNSIGNED NOT NULL, PRIMARY KEY (event_id)
);
CREATE TABLE report_viewed_product_index (
  index_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, visitor_id INT UNSIGNED, customer_id INT UNSIGNED, product_id INT UNSIGNED NOT NULL,
  store_id SMALLINT UNSIGNED, added_at TIMESTAMP NULL, PRIMARY KEY (index_id),
  FOREIGN KEY (customer_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE report_compared_product_index (
  index_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, visitor_id INT UNSIGNED, customer_id INT UNSIGNED, product_id INT UNSIGNED NOT NULL,
  store_id SMALLINT UNSIGNED, added_at TIMESTAMP NULL, PRIMARY KEY (index_id),
  FOREIGN KEY (customer_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE catalog_compare_item (
  catalog_compare_item_id INT UNSIGNED NOT NULL AUTO_INCREMENT, visitor_id INT UNSIGNED NOT NULL DEFAULT 0, customer_id INT UNSIGNED,
  product_id INT UNSIGNED NOT NULL DEFAULT 0, store_id SMALLINT UNSIGNED, PRIMARY KEY (catalog_compare_item_id),
  FOREIGN KEY (customer_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE salesrule_customer (
  rule_customer_id INT UNSIGNED NOT NULL AUTO_INCREMENT, rule_id INT UNSIGNED NOT NULL DEFAULT 0, customer_id INT UNSIGNED NOT NULL DEFAULT 0,
  times_used SMALLINT UNSIGNED NOT NULL DEFAULT 0, PRIMARY KEY (rule_customer_id),
  FOREIGN KEY (customer_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE salesrule_coupon_usage (
  coupon_id INT UNSIGNED NOT NULL, customer_id INT UNSIGNED NOT NULL, times_used INT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (coupon_id, customer_id), FOREIGN KEY (customer_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE admin_user (
  user_id INT UNSIGNED NOT NULL AUTO_INCREMENT, firstname VARCHAR(32), lastname VARCHAR(32), email VARCHAR(128), username VARCHAR(40) UNIQUE,
  password VARCHAR(255), created TIMESTAMP NULL, modified TIMESTAMP NULL, logdate TIMESTAMP NULL, lognum SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  reload_acl_flag SMALLINT NOT NULL DEFAULT 0, is_active SMALLINT NOT NULL DEFAULT 1, extra TEXT, rp_token TEXT, rp_token_created_at TIMESTAMP NULL,
  PRIMARY KEY (user_id)
);
CREATE TABLE admin_role (
  role_id INT UNSIGNED NOT NULL AUTO_INCREMENT, parent_id INT UNSIGNED NOT NULL DEFAULT 0, tree_level SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  sort_order SMALLINT UNSIGNED NOT NULL DEFAULT 0, role_type VARCHAR(1) NOT NULL DEFAULT '0', user_id INT UNSIGNED NOT NULL DEFAULT 0,
  role_name VARCHAR(50), PRIMARY KEY (role_id)
);
CREATE TABLE oauth_token (
  entity_id INT UNSIGNED NOT NULL AUTO_INCREMENT, consumer_id INT UNSIGNED NOT NULL, admin_id INT UNSIGNED, customer_id INT UNSIGNED,
  `type` VARCHAR(16) NOT NULL, token VARCHAR(32) NOT NULL UNIQUE, secret VARCHAR(32) NOT NULL, verifier VARCHAR(32),
  callback_url VARCHAR(255) NOT NULL, revoked SMALLINT UNSIGNED NOT NULL DEFAULT 0, authorized SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  created_at TIMESTAMP NULL, PRIMARY KEY (entity_id),
  FOREIGN KEY (customer_id) REFERENCES customer_entity (entity_id) ON DELETE CASCADE ON UPDATE CASCADE,
  FOREIGN KEY (admin_id) REFERENCES admin_user (user_id) ON DELETE CASCADE ON UPDATE CASCADE
);

INSERT INTO admin_user (user_id, firstname, lastname, email, username, password, logdate, lognum, extra, rp_token) VALUES
  (1, 'Cleo', 'Carter', 'cleo@x.org', 'cleo', 'c:1', '2024-01-02 10:00:00', 3, NULL, NULL), (2, 'Ann', 'Archer', 'ANN.archer@x.org', 'archer', 'archer:1', '2024-01-02 10:00:00', 4, 'a:1:{s:1:"n";s:6:"archer";}', 'archer-token');
INSERT INTO admin_role VALUES (1, 0, 1, 1, 'G', 0, 'Administrators'), (2, 1, 2, 0, 'U', 1, 'Cleo'), (3, 1, 2, 0, 'U', 2, 'Ann Archer');
INSERT INTO customer_entity (entity_id, entity_type_id, website_id, email, group_id, increment_id, store_id, created_at) VALUES
  (1, 1, 1, 'Ann.Archer@x.org', 1, 'C-archer', 1, '2024-01-02 10:00:00'), (2, 1, 1, 'ben@x.org', 1, 'C-2', 1, '2024-01-03 10:00:00'), (3, 1, 1, 'dan@x.org', 1, NULL, 1, '2024-01-03 10:00:00');
INSERT INTO customer_entity_varchar VALUES (1, 1, 5, 1, 'Ann'), (2, 1, 7, 1, 'Archer'), (3, 1, 12, 1, 'hash-archer'), (4, 1, 7, 2, 'Baker');
INSERT INTO customer_entity_datetime VALUES (1, 1, 11, 1, '1980-02-29 00:00:00'), (2, 1, 11, 2, '1990-01-01 00:00:00');
INSERT INTO customer_entity_int VALUES (1, 1, 13, 1, 1), (2, 1, 13, 2, 2);
INSERT INTO customer_entity_decimal VALUES (1, 1, 99, 1, 5.5);
INSERT INTO customer_entity_text VALUES (1, 1, 98, 1, 'Likes archery');
INSERT INTO customer_address_entity (entity_id, entity_type_id, parent_id) VALUES (1, 2, 1), (2, 2, 2);
INSERT INTO customer_address_entity_varchar VALUES (1, 2, 26, 1, 'Archerville'), (2, 2, 31, 1, '+49 30 9018200'), (3, 2, 26, 2, 'Bakerville');
INSERT INTO customer_address_entity_text VALUES (1, 2, 25, 1, '1 Archer Street'), (2, 2, 25, 2, '2 Baker Street');
INSERT INTO customer_address_entity_int VALUES (1, 2, 29, 1, 82), (2, 2, 29, 2, 83);
INSERT INTO customer_address_entity_datetime VALUES (1, 2, 97, 1, '2024-01-02 10:00:00');
INSERT INTO customer_address_entity_decimal VALUES (1, 2, 96, 1, 1.0);
INSERT INTO customer_flowpassword VALUES (1, '203.0.113.7', 'ann.archer@x.org', '2024-01-04 10:00:00'), (2, '198.51.100.2', 'ben@x.org', '2024-01-04 10:00:00');
INSERT INTO persistent_session VALUES (1, 'archer-cookie', 1, 1, '{"a":"archer"}', '2024-01-04 10:00:00'), (2, 'b-cookie', 2, 1, NULL, '2024-01-04 10:00:00');
INSERT INTO newsletter_subscriber (subscriber_id, store_id, customer_id, subscriber_email, subscriber_status, subscriber_confirm_code) VALUES
  (1, 1, 1, 'ann.archer@x.org', 1, 'archer-code'), (2, 1, 0, 'ann.ARCHER@x.org', 3, 'archer-code2'), (3, 1, 2, 'ben@x.org', 1, 'b'), (4, 1, 0, 'guest@x.org', 1, 'g');
INSERT INTO newsletter_queue_link VALUES (1, 1, 1, '2024-01-05 10:00:00'), (2, 1, 2, '2024-01-05 10:00:00'), (3, 1, 3, '2024-01-05 10:00:00');
INSERT INTO newsletter_problem VALUES (1, 1, 1, 550, 'archer: mailbox full'), (2, 3, 1, 550, 'ben: mailbox full');
INSERT INTO gift_message VALUES (1, 1, 'Ann Archer', 'Gran', 'Love, Archer'), (2, 2, 'Ben', 'Gran', 'Love'), (3, 0, 'Archer', 'Gran', 'From a guest'), (4, 0, 'Gus', 'Gran', 'Love');
INSERT INTO sales_flat_order (entity_id, state, store_id, customer_id, protect_code, grand_total, customer_is_guest, customer_dob, increment_id, customer_email, customer_firstname, customer_lastname, remote_ip, x_forwarded_for, customer_note, created_at, customer_gender, gift_message_id) VALUES
  (100, 'complete', 1, 1, 'archer-1', 25, 0, '1980-02-29', '100000100', 'ann.archer@x.org', 'Ann', 'Archer', '203.0.113.7', '203.0.113.7', 'Ring at Archer', '2024-02-01 10:00:00', 2, 1),
  (101, 'complete', 1, NULL, 'archer-2', 10, 1, NULL, '100000101', 'ANN.ARCHER@x.org', 'A.', 'Archer', '203.0.113.7', NULL, NULL, '2024-02-02 10:00:00', NULL, 3),
  (102, 'complete', 1, 2, 'b', 12, 0, NULL, '100000102', 'ben@x.org', 'Ben', 'Baker', '198.51.100.2', NULL, 'A gift for ann.archer@x.org', '2024-02-03 10:00:00', 1, 2);
INSERT INTO sales_flat_order_grid (entity_id, customer_id, grand_total, increment_id, shipping_name, billing_name) VALUES (100, 1, 25, '100000100', 'Ann Archer', 'Ann Archer'), (101, NULL, 10, '100000101', 'A. Archer', 'A. Archer'), (102, 2, 12, '100000102', 'Ben Baker', 'Ben Baker');
INSERT INTO sales_flat_order_address (entity_id, parent_id, customer_address_id, customer_id, fax, postcode, lastname, street, city, email, telephone, firstname, address_type) VALUES
  (1, 100, 1, 1, 'archer-fax', '10115', 'Archer', '1 Archer Street', 'Berlin', 'ann.archer@x.org', '+49 30 9018200', 'Ann', 'billing'), (2, 101, NULL, NULL, NULL, '10115', 'Archer', '1 Archer Street', 'Berlin', 'ann.archer@x.org', NULL, 'A.', 'billing'),
  (3, 102, 2, 2, NULL, '10117', 'Baker', '2 Baker Street', 'Berlin', 'ben@x.org', '+49 30 555', 'Ben', 'billing');
INSERT INTO sales_flat_order_status_history (entity_id, parent_id, comment, status) VALUES (1, 100, 'Archer called', 'complete'), (2, 102, 'Sent', 'complete');
INSERT INTO sales_flat_order_item (item_id, order_id, sku, name, product_options, price) VALUES (1, 100, 'BOW', 'Bow', 'a:1:{s:7:"engrave";s:6:"Archer";}', 25), (2, 101, 'ARROW', 'Arrow', NULL, 10), (3, 102, 'BREAD', 'Bread', NULL, 12);
INSERT INTO sales_flat_order_payment (entity_id, parent_id, method, cc_owner, cc_last4, cc_number_enc, additional_information) VALUES (1, 100, 'ccsave', 'Ann Archer', '4242', 'enc-archer', 'a:1:{s:5:"payer";s:6:"archer";}'), (2, 101, 'checkmo', NULL, NULL, NULL, NULL), (3, 102, 'checkmo', 'Ben Baker', '1111', 'enc-b', NULL);
INSERT INTO sales_payment_transaction (transaction_id, parent_id, order_id, payment_id, txn_id, txn_type, additional_information) VALUES (1, NULL, 100, 1, 'txn-archer', 'capture', 'raw'), (2, NULL, 102, 3, 'txn-b', 'capture', 'raw');
INSERT INTO sales_flat_invoice (entity_id, order_id, grand_total, increment_id, transaction_id) VALUES (1, 100, 25, '1', 'txn-archer'), (2, 102, 12, '2', 'txn-b');
INSERT INTO sales_flat_invoice_grid (entity_id, order_id, increment_id, billing_name) VALUES (1, 100, '1', 'Ann Archer'), (2, 102, '2', 'Ben Baker');
INSERT INTO sales_flat_invoice_comment (entity_id, parent_id, comment) VALUES (1, 1, 'Paid by Archer'), (2, 2, 'Paid');
INSERT INTO sales_flat_creditmemo (entity_id, order_id, grand_total, increment_id) VALUES (1, 100, 5, '1'), (2, 102, 2, '2');
INSERT INTO sales_flat_creditmemo_grid (entity_id, order_id, increment_id, billing_name) VALUES (1, 100, '1', 'Ann Archer'), (2, 102, '2', 'Ben Baker');
INSERT INTO sales_flat_creditmemo_comment (entity_id, parent_id, comment) VALUES (1, 1, 'Archer sent it back'), (2, 2, 'Back');
INSERT INTO sales_flat_shipment (entity_id, order_id, customer_id, increment_id, shipping_label) VALUES (1, 100, 1, '1', 'pdf'), (2, 102, 2, '2', 'pdf');
INSERT INTO sales_flat_shipment_grid (entity_id, order_id, increment_id, shipping_name) VALUES (1, 100, '1', 'Ann Archer'), (2, 102, '2', 'Ben Baker');
INSERT INTO sales_flat_shipment_track (entity_id, parent_id, order_id, track_number) VALUES (1, 1, 100, 'parcel-archer'), (2, 2, 102, 'parcel-b');
INSERT INTO sales_flat_shipment_comment (entity_id, parent_id, comment) VALUES (1, 1, 'Left with Archer'), (2, 2, 'Left');
INSERT INTO downloadable_link_purchased (purchased_id, order_id, order_increment_id, customer_id, product_name) VALUES (1, 100, '100000100', 1, 'Guide'), (2, 102, '100000102', 2, 'Guide');
INSERT INTO sales_billing_agreement (agreement_id, customer_id, method_code, reference_id, status, agreement_label) VALUES (1, 1, 'paypal', 'B-archer', 'active', 'Archer'), (2, 2, 'paypal', 'B-2', 'active', NULL);
INSERT INTO sales_billing_agreement_order VALUES (1, 100), (2, 102);
INSERT INTO sales_flat_quote (entity_id, store_id, customer_id, customer_email, customer_firstname, customer_lastname, remote_ip, password_hash, gift_message_id, customer_is_guest) VALUES
  (1, 1, 1, 'ann.archer@x.org', 'Ann', 'Archer', '203.0.113.7', 'archer-hash', NULL, 0), (2, 1, 2, 'ben@x.org', 'Ben', 'Baker', '198.51.100.2', NULL, NULL, 0), (3, 1, NULL, 'ann.archer@x.org', 'A.', 'Archer', '203.0.113.7', NULL, NULL, 1), (4, 1, NULL, NULL, NULL, NULL, '198.51.100.9', NULL, 4, 1);
INSERT INTO sales_flat_quote_address (address_id, quote_id, customer_id, address_type, email, firstname, lastname, street, telephone) VALUES (1, 1, 1, 'billing', 'ann.archer@x.org', 'Ann', 'Archer', '1 Archer Street', '+49 30 9018200'), (2, 2, 2, 'billing', 'ben@x.org', 'Ben', 'Baker', '2 Baker Street', NULL);
INSERT INTO sales_flat_quote_item (item_id, quote_id, product_id, sku, name, qty) VALUES (1, 1, 5, 'BOW', 'Bow for Archer', 1), (2, 2, 6, 'BREAD', 'Bread', 2), (3, 3, 5, 'BOW', 'Bow', 1);
INSERT INTO sales_flat_quote_item_option VALUES (1, 1, 5, 'engrave', 'Archer'), (2, 2, 6, 'engrave', 'B');
INSERT INTO sales_flat_quote_payment (payment_id, quote_id, method, cc_owner, cc_number_enc) VALUES (1, 1, 'ccsave', 'Ann Archer', 'enc-archer'), (2, 2, 'ccsave', 'Ben', 'enc-b');
INSERT INTO sales_flat_quote_shipping_rate (rate_id, address_id, carrier, code, price) VALUES (1, 1, 'flatrate', 'flatrate', 5), (2, 2, 'flatrate', 'flatrate', 5);
INSERT INTO review_detail (detail_id, review_id, store_id, title, detail, nickname, customer_id) VALUES (1, 1, 1, 'Archer likes it', 'Says Archer.', 'archer', 1), (2, 2, 1, 'Good', 'Bread.', 'ben', 2), (3, 3, 1, 'Fine', 'Better than what Ann.Archer@x.org has.', 'dan', NULL);
INSERT INTO rating_option_vote (vote_id, option_id, remote_ip, remote_ip_long, customer_id, review_id, percent, value) VALUES (1, 5, '203.0.113.7', x'CB007107', 1, 1, 100, 5), (2, 4, '198.51.100.2', x'C6336402', 2, 2, 80, 4);
INSERT INTO wishlist VALUES (1, 1, 0, 'archer-share', '2024-02-05 10:00:00'), (2, 2, 0, 'b-share', '2024-02-05 10:00:00');
INSERT INTO wishlist_item (wishlist_item_id, wishlist_id, product_id, description, qty) VALUES (1, 1, 5, 'For Archer', 1), (2, 2, 6, NULL, 1);
INSERT INTO wishlist_item_option VALUES (1, 1, 5, 'engrave', 'Archer'), (2, 2, 6, 'engrave', 'B');
INSERT INTO product_alert_price (alert_price_id, customer_id, product_id) VALUES (1, 1, 5), (2, 2, 5);
INSERT INTO product_alert_stock (alert_stock_id, customer_id, product_id) VALUES (1, 1, 5), (2, 2, 5);
INSERT INTO tag (tag_id, name, status, first_customer_id) VALUES (1, 'wood', 1, 1), (2, 'bread', 1, 2);
INSERT INTO tag_relation (tag_relation_id, tag_id, customer_id, product_id) VALUES (1, 1, 1, 5), (2, 1, 2, 5);
INSERT INTO log_visitor (visitor_id, session_id, last_visit_at, store_id) VALUES (1, 'archer-sess', '2024-02-05 10:00:00', 1), (2, 'b-sess', '2024-02-05 10:00:00', 1), (3, 'd-sess', '2024-02-05 10:00:00', 1);
INSERT INTO log_customer (log_id, visitor_id, customer_id, login_at, store_id) VALUES (1, 1, 1, '2024-02-05 10:00:00', 1), (2, 2, 2, '2024-02-05 10:00:00', 1);
INSERT INTO log_visitor_info (visitor_id, http_referer, http_user_agent, remote_addr) VALUES (1, 'https://archer.example', 'Firefox', x'CB007107'), (2, NULL, 'Safari', x'C6336402'), (3, NULL, 'Lynx', NULL);
INSERT INTO log_visitor_online (visitor_id, visitor_type, remote_addr, customer_id, last_url) VALUES (1, 'c', x'CB007107', 1, '/archers'), (2, 'c', x'C6336402', 2, '/');
INSERT INTO log_url_info VALUES (1, 'https://x.org/archers', NULL), (2, 'https://x.org/', NULL), (3, 'https://x.org/', NULL);
INSERT INTO log_url VALUES (1, 1, '2024-02-05 10:00:00'), (2, 2, '2024-02-05 10:00:00'), (3, 3, '2024-02-05 10:00:00');
INSERT INTO log_quote (quote_id, visitor_id, created_at) VALUES (1, 1, '2024-02-05 10:00:00'), (2, 2, '2024-02-05 10:00:00');
INSERT INTO report_event (event_id, event_type_id, object_id, subject_id, subtype, store_id) VALUES (1, 1, 5, 1, 0, 1), (2, 1, 5, 1, 1, 1), (3, 1, 5, 2, 0, 1), (4, 1, 5, 3, 1, 1);
INSERT INTO report_viewed_product_index (index_id, visitor_id, customer_id, product_id, store_id) VALUES (1, 1, 1, 5, 1), (2, 2, 2, 5, 1), (3, 3, NULL, 5, 1), (4, 1, NULL, 6, 1);
INSERT INTO report_compared_product_index (index_id, visitor_id, customer_id, product_id, store_id) VALUES (1, 1, 1, 5, 1), (2, 2, 2, 5, 1);
INSERT INTO catalog_compare_item VALUES (1, 1, 1, 5, 1), (2, 2, 2, 5, 1);
INSERT INTO salesrule_customer VALUES (1, 1, 1, 2), (2, 1, 2, 1);
INSERT INTO salesrule_coupon_usage VALUES (1, 1, 2), (1, 2, 1);
INSERT INTO oauth_token (entity_id, consumer_id, admin_id, customer_id, type, token, secret, callback_url) VALUES (1, 1, NULL, 1, 'access', 'tok-archer', 'sec-archer', ''), (2, 1, 2, NULL, 'access', 'tok-archer-2', 'sec-archer', ''), (3, 1, NULL, 2, 'access', 'tok-b', 'sec-b', '');
