-- The invented web shop of Halden & Co.
CREATE TABLE addresses (
  id INTEGER PRIMARY KEY, street TEXT NOT NULL, postcode TEXT NOT NULL, city TEXT NOT NULL, country TEXT NOT NULL DEFAULT 'DE'
);
CREATE TABLE customers (
  id INTEGER PRIMARY KEY, email TEXT UNIQUE, full_name TEXT NOT NULL, born_on DATE, phone TEXT, diet_note TEXT,
  address_id INTEGER REFERENCES addresses (id), created_at DATETIME NOT NULL,
  on_hold INTEGER NOT NULL DEFAULT 0 CHECK (on_hold IN (0, 1))
);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id), ordered_at DATETIME NOT NULL,
  total_cents INTEGER NOT NULL CHECK (total_cents >= 0), ship_to TEXT NOT NULL, note TEXT
);
CREATE INDEX orders_customer ON orders (customer_id);
CREATE TABLE order_items (
  order_id INTEGER NOT NULL REFERENCES orders (id), line INTEGER NOT NULL, sku TEXT NOT NULL, quantity INTEGER NOT NULL,
  price_cents INTEGER NOT NULL, PRIMARY KEY (order_id, line)
);
CREATE TABLE payments (
  id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id), customer_id INTEGER NOT NULL REFERENCES customers (id),
  iban TEXT, paid_at DATETIME NOT NULL, amount_cents INTEGER NOT NULL
);
CREATE INDEX payments_order ON payments (order_id);
CREATE INDEX payments_customer ON payments (customer_id);
CREATE TABLE messages (
  thread_id INTEGER NOT NULL, position INTEGER NOT NULL, sender_id INTEGER NOT NULL REFERENCES customers (id),
  recipient_id INTEGER NOT NULL REFERENCES customers (id), sent_at DATETIME NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (thread_id, position)
);
CREATE INDEX messages_sender ON messages (sender_id);
CREATE INDEX messages_recipient ON messages (recipient_id);
CREATE TABLE reviews (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id), sku TEXT NOT NULL,
  stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5), shown_as TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX reviews_customer ON reviews (customer_id);
CREATE TABLE wishes (
  customer_id INTEGER NOT NULL REFERENCES customers (id), sku TEXT NOT NULL, added_on DATE NOT NULL, PRIMARY KEY (customer_id, sku)
);
CREATE TABLE sessions (
  id TEXT PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id), started_at DATETIME NOT NULL, ip TEXT NOT NULL,
  browser TEXT NOT NULL
);
CREATE INDEX sessions_customer ON sessions (customer_id);
CREATE TABLE invoice_limits (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL UNIQUE REFERENCES customers (id), decided_on DATE NOT NULL,
  score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 100), limit_cents INTEGER NOT NULL
);
