-- The invented customer relations database of Halden & Co.
CREATE TABLE staff (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE
);
CREATE TABLE contacts (
  id TEXT PRIMARY KEY, given_name TEXT, family_name TEXT, email TEXT, phone TEXT, birthday DATE, shop_customer INTEGER, since DATE NOT NULL
);
CREATE INDEX contacts_shop_customer ON contacts (shop_customer);
CREATE TABLE activities (
  id INTEGER PRIMARY KEY, contact_id TEXT NOT NULL REFERENCES contacts (id), staff_id INTEGER REFERENCES staff (id),
  happened_on DATE NOT NULL, kind TEXT NOT NULL, summary TEXT NOT NULL
);
CREATE INDEX activities_contact ON activities (contact_id);
