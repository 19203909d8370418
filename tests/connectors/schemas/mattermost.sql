CREATE TABLE users (
  id VARCHAR(26) PRIMARY KEY, createat BIGINT, updateat BIGINT, deleteat BIGINT, username VARCHAR(64) UNIQUE, password VARCHAR(128), authdata VARCHAR(128) UNIQUE,
  authservice VARCHAR(32), email VARCHAR(128) UNIQUE, emailverified BOOLEAN, nickname VARCHAR(64), firstname VARCHAR(64), lastname VARCHAR(64), roles VARCHAR(256),
  allowmarketing BOOLEAN, props JSONB, notifyprops JSONB, lastpasswordupdate BIGINT, lastpictureupdate BIGINT, failedattempts INTEGER, locale VARCHAR(5),
  mfaactive BOOLEAN, mfasecret VARCHAR(128), position VARCHAR(128), timezone JSONB, remoteid VARCHAR(26), lastlogin BIGINT NOT NULL DEFAULT 0, mfausedtimestamps JSONB
);
CREATE TABLE posts (
  id VARCHAR(26) PRIMARY KEY, createat BIGINT, updateat BIGINT, deleteat BIGINT, userid VARCHAR(26), channelid VARCHAR(26), rootid VARCHAR(26), originalid VARCHAR(26),
  message VARCHAR(65535), type VARCHAR(26), props JSONB, hashtags VARCHAR(1000), filenames VARCHAR(4000), fileids VARCHAR(300), hasreactions BOOLEAN, editat BIGINT,
  ispinned BOOLEAN, remoteid VARCHAR(26)
);
CREATE INDEX idx_posts_user_id ON posts (userid);
CREATE TABLE fileinfo (
  id VARCHAR(26) PRIMARY KEY, creatorid VARCHAR(26), postid VARCHAR(26), createat BIGINT, updateat BIGINT, deleteat BIGINT, path VARCHAR(512), thumbnailpath VARCHAR(512),
  previewpath VARCHAR(512), name VARCHAR(256), extension VARCHAR(64), size BIGINT, mimetype VARCHAR(256), width INTEGER, height INTEGER, haspreviewimage BOOLEAN,
  minipreview BYTEA, content TEXT, remoteid VARCHAR(26), archived BOOLEAN NOT NULL DEFAULT FALSE, channelid VARCHAR(26)
);
CREATE TABLE drafts (
  createat BIGINT, updateat BIGINT, deleteat BIGINT, userid VARCHAR(26) NOT NULL, channelid VARCHAR(26) NOT NULL, rootid VARCHAR(26) NOT NULL DEFAULT '',
  message VARCHAR(65535), props VARCHAR(8000), fileids VARCHAR(300), priority TEXT, type TEXT, PRIMARY KEY (userid, channelid, rootid)
);
CREATE TABLE scheduledposts (
  id VARCHAR(26) PRIMARY KEY, createat BIGINT, updateat BIGINT, userid VARCHAR(26) NOT NULL, channelid VARCHAR(26) NOT NULL, rootid VARCHAR(26), message VARCHAR(65535),
  props VARCHAR(8000), fileids VARCHAR(300), priority TEXT, scheduledat BIGINT NOT NULL, processedat BIGINT, errorcode VARCHAR(200), type TEXT
);
CREATE TABLE reactions (
  userid VARCHAR(26) NOT NULL, postid VARCHAR(26) NOT NULL, emojiname VARCHAR(64) NOT NULL, createat BIGINT, updateat BIGINT, deleteat BIGINT, remoteid VARCHAR(26),
  channelid VARCHAR(26) NOT NULL DEFAULT '', PRIMARY KEY (postid, userid, emojiname)
);
CREATE TABLE sessions (
  id VARCHAR(26) PRIMARY KEY, token VARCHAR(26), createat BIGINT, expiresat BIGINT, lastactivityat BIGINT, userid VARCHAR(26), deviceid VARCHAR(512), roles VARCHAR(256),
  isoauth BOOLEAN, props JSONB, expirednotify BOOLEAN, voipdeviceid VARCHAR(512) NOT NULL DEFAULT ''
);
CREATE TABLE audits (
  id VARCHAR(26) PRIMARY KEY, createat BIGINT, userid VARCHAR(26), action VARCHAR(512), extrainfo VARCHAR(1024), ipaddress VARCHAR(64), sessionid VARCHAR(26)
);
CREATE TABLE preferences (userid VARCHAR(26) NOT NULL, category VARCHAR(32) NOT NULL, name VARCHAR(32) NOT NULL, value TEXT, PRIMARY KEY (userid, category, name));
CREATE TABLE status (userid VARCHAR(26) PRIMARY KEY, status VARCHAR(32), manual BOOLEAN, lastactivityat BIGINT, dndendtime BIGINT, prevstatus VARCHAR(32));
CREATE TABLE teammembers (
  teamid VARCHAR(26) NOT NULL, userid VARCHAR(26) NOT NULL, roles VARCHAR(256), deleteat BIGINT, schemeuser BOOLEAN, schemeadmin BOOLEAN, schemeguest BOOLEAN,
  createat BIGINT DEFAULT 0, PRIMARY KEY (teamid, userid)
);
CREATE TABLE channelmembers (
  channelid VARCHAR(26) NOT NULL, userid VARCHAR(26) NOT NULL, roles VARCHAR(256), lastviewedat BIGINT, msgcount BIGINT, mentioncount BIGINT, notifyprops JSONB,
  lastupdateat BIGINT, schemeuser BOOLEAN, schemeadmin BOOLEAN, schemeguest BOOLEAN, mentioncountroot BIGINT, msgcountroot BIGINT, urgentmentioncount BIGINT,
  autotranslation BOOLEAN NOT NULL DEFAULT FALSE, autotranslationdisabled BOOLEAN NOT NULL DEFAULT FALSE, PRIMARY KEY (channelid, userid)
);
CREATE TABLE channelmemberhistory (
  channelid VARCHAR(26) NOT NULL, userid VARCHAR(26) NOT NULL, jointime BIGINT NOT NULL, leavetime BIGINT, PRIMARY KEY (channelid, userid, jointime)
);
CREATE TABLE threadmemberships (
  postid VARCHAR(26) NOT NULL, userid VARCHAR(26) NOT NULL, following BOOLEAN, lastviewed BIGINT, lastupdated BIGINT, unreadmentions BIGINT, PRIMARY KEY (postid, userid)
);
CREATE TABLE useraccesstokens (
  id VARCHAR(26) PRIMARY KEY, token VARCHAR(26) UNIQUE, userid VARCHAR(26), description VARCHAR(512), isactive BOOLEAN, expiresat BIGINT NOT NULL DEFAULT 0, lastnotifiedat BIGINT
);
CREATE TABLE oauthaccessdata (
  token VARCHAR(26) PRIMARY KEY, refreshtoken VARCHAR(26), redirecturi VARCHAR(256), clientid VARCHAR(26), userid VARCHAR(26), expiresat BIGINT, scope VARCHAR(128),
  audience VARCHAR(512) DEFAULT '', UNIQUE (clientid, userid)
);
CREATE TABLE oauthauthdata (
  clientid VARCHAR(26), userid VARCHAR(26), code VARCHAR(128) PRIMARY KEY, expiresin INTEGER, createat BIGINT, redirecturi VARCHAR(256), state VARCHAR(1024),
  scope VARCHAR(128), codechallenge VARCHAR(128) DEFAULT '', codechallengemethod VARCHAR(10) DEFAULT '', resource VARCHAR(512) DEFAULT ''
);
CREATE TABLE tokens (token VARCHAR(64) PRIMARY KEY, createat BIGINT, type VARCHAR(64), extra VARCHAR(2048));
CREATE TABLE desktoptokens (token VARCHAR(64) PRIMARY KEY, createat BIGINT NOT NULL, userid VARCHAR(26) NOT NULL);
CREATE TABLE sidebarcategories (
  id VARCHAR(128) PRIMARY KEY, userid VARCHAR(26), teamid VARCHAR(26), sortorder BIGINT, sorting VARCHAR(64), type VARCHAR(64), displayname VARCHAR(64), muted BOOLEAN, collapsed BOOLEAN
);
CREATE TABLE sidebarchannels (
  channelid VARCHAR(26) NOT NULL, userid VARCHAR(26) NOT NULL, categoryid VARCHAR(128) NOT NULL, sortorder BIGINT, PRIMARY KEY (channelid, userid, categoryid)
);
CREATE TABLE postreminders (postid VARCHAR(26) NOT NULL, userid VARCHAR(26) NOT NULL, targettime BIGINT, PRIMARY KEY (postid, userid));
CREATE TABLE postacknowledgements (
  postid VARCHAR(26) NOT NULL, userid VARCHAR(26) NOT NULL, acknowledgedat BIGINT, remoteid VARCHAR(26) DEFAULT '', channelid VARCHAR(26) DEFAULT '', PRIMARY KEY (postid, userid)
);
CREATE TABLE uploadsessions (
  id VARCHAR(26) PRIMARY KEY, type VARCHAR(16), createat BIGINT, userid VARCHAR(26), channelid VARCHAR(26), filename VARCHAR(256), path VARCHAR(512), filesize BIGINT,
  fileoffset BIGINT, remoteid VARCHAR(26), reqfileid VARCHAR(26)
);
CREATE TABLE usertermsofservice (userid VARCHAR(26) PRIMARY KEY, termsofserviceid VARCHAR(26), createat BIGINT);
CREATE TABLE productnoticeviewstate (userid VARCHAR(26) NOT NULL, noticeid VARCHAR(26) NOT NULL, viewed INTEGER, "timestamp" BIGINT, PRIMARY KEY (userid, noticeid));
CREATE TABLE recentsearches (userid CHAR(26) NOT NULL, searchpointer INTEGER NOT NULL, query JSONB, createat BIGINT NOT NULL, PRIMARY KEY (userid, searchpointer));
CREATE TABLE channels (
  id VARCHAR(26) PRIMARY KEY, createat BIGINT, updateat BIGINT, deleteat BIGINT, teamid VARCHAR(26), type VARCHAR(1), displayname VARCHAR(64), name VARCHAR(64),
  header VARCHAR(1024), purpose VARCHAR(250), lastpostat BIGINT, totalmsgcount BIGINT, extraupdateat BIGINT, creatorid VARCHAR(26), schemeid VARCHAR(26),
  groupconstrained BOOLEAN, shared BOOLEAN, totalmsgcountroot BIGINT, lastrootpostat BIGINT, bannerinfo JSONB, defaultcategoryname VARCHAR(64) NOT NULL DEFAULT '',
  autotranslation BOOLEAN NOT NULL DEFAULT FALSE, UNIQUE (name, teamid)
);
CREATE TABLE emoji (id VARCHAR(26) PRIMARY KEY, createat BIGINT, updateat BIGINT, deleteat BIGINT, creatorid VARCHAR(26), name VARCHAR(64));
CREATE TABLE commands (
  id VARCHAR(26) PRIMARY KEY, token VARCHAR(26), createat BIGINT, updateat BIGINT, deleteat BIGINT, creatorid VARCHAR(26), teamid VARCHAR(26), trigger VARCHAR(128),
  method VARCHAR(1), username VARCHAR(64), iconurl VARCHAR(1024), autocomplete BOOLEAN, autocompletedesc VARCHAR(1024), autocompletehint VARCHAR(1024),
  displayname VARCHAR(64), description VARCHAR(128), url VARCHAR(1024), pluginid VARCHAR(190)
);
CREATE TABLE incomingwebhooks (
  id VARCHAR(26) PRIMARY KEY, createat BIGINT, updateat BIGINT, deleteat BIGINT, userid VARCHAR(26), channelid VARCHAR(26), teamid VARCHAR(26), displayname VARCHAR(64),
  description VARCHAR(500), username VARCHAR(255), iconurl VARCHAR(1024), channellocked BOOLEAN, lastused BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE outgoingwebhooks (
  id VARCHAR(26) PRIMARY KEY, token VARCHAR(26), createat BIGINT, updateat BIGINT, deleteat BIGINT, creatorid VARCHAR(26), channelid VARCHAR(26), teamid VARCHAR(26),
  triggerwords VARCHAR(1024), callbackurls VARCHAR(1024), displayname VARCHAR(64), contenttype VARCHAR(128), triggerwhen INTEGER, username VARCHAR(64), iconurl VARCHAR(1024),
  description VARCHAR(500)
);
CREATE TABLE threads (postid VARCHAR(26) PRIMARY KEY, replycount BIGINT, lastreplyat BIGINT, participants JSONB, channelid VARCHAR(26));

INSERT INTO users (id, username, password, email, emailverified, nickname, firstname, lastname, roles, props, notifyprops, locale, mfasecret, position, timezone, lastlogin, mfausedtimestamps) VALUES
  ('u1', 'ann.archer', '$archer', 'ann.archer@x.org', TRUE, 'archie archer', 'Ann', 'Archer', 'system_user', '{"customStatus":"archer"}', '{"mention_keys":"archer"}', 'en', 'archer', 'Archer in chief', '{"manualTimezone":"Archer/City"}', 1700, '["1"]'),
  ('u2', 'ben', '$ben', 'ben@x.org', TRUE, '', 'Ben', 'Baker', 'system_user', '{}', '{}', 'en', '', '', '{}', 1701, NULL),
  ('u3', 'cleo', '$cleo', 'cleo@x.org', TRUE, '', 'Cleo', 'Carter', 'system_admin', '{}', '{}', 'en', '', '', '{}', 1702, NULL);
INSERT INTO channels (id, type, displayname, name, header, purpose, creatorid) VALUES ('ch1', 'O', 'Town', 'town', '', 'All', 'u1'), ('ch2', 'D', '', 'u1__u2', '', '', ''), ('ch3', 'P', 'Heads', 'heads', 'Ask ann.archer@x.org', '', 'u3');
INSERT INTO posts (id, userid, channelid, rootid, message, type, props, hashtags, filenames, fileids) VALUES
  ('p1', 'u1', 'ch1', '', 'Archer says hello #archer', '', '{"x":"archer"}', '#archer', '[]', '["f1"]'), ('p2', 'u2', 'ch1', 'p1', 'Hello!', '', '{}', '', '[]', '[]'),
  ('p3', 'u1', 'ch2', '', 'Secret of an archer', '', '{}', '', '[]', '[]'), ('p4', 'u2', 'ch2', '', 'Mail it to ann.archer@x.org', '', '{}', '', '[]', '[]');
INSERT INTO fileinfo (id, creatorid, postid, path, name, content) VALUES ('f1', 'u1', 'p1', '20240101/archer.pdf', 'archer.pdf', 'archer'), ('f2', 'u2', 'p2', '20240101/b.pdf', 'b.pdf', NULL);
INSERT INTO drafts (userid, channelid, rootid, message) VALUES ('u1', 'ch1', '', 'archer draft'), ('u2', 'ch1', '', 'draft');
INSERT INTO scheduledposts (id, userid, channelid, message, scheduledat) VALUES ('sp1', 'u1', 'ch1', 'archer later', 1), ('sp2', 'u2', 'ch1', 'later', 1);
INSERT INTO reactions (userid, postid, emojiname) VALUES ('u1', 'p2', 'smile'), ('u2', 'p1', 'heart');
INSERT INTO sessions (id, token, userid, deviceid, props) VALUES ('s1', 'archer', 'u1', 'apple:archer', '{"os":"archer"}'), ('s2', 't2', 'u2', '', '{}');
INSERT INTO audits VALUES ('l1', 1, 'u1', '/login', 'archer', '203.0.113.7', 's1'), ('l2', 2, 'u2', '/login', '', '198.51.100.2', 's2');
INSERT INTO preferences VALUES ('u1', 'theme', '', 'archer'), ('u2', 'theme', '', 'blue');
INSERT INTO status (userid, status) VALUES ('u1', 'away'), ('u2', 'online');
INSERT INTO teammembers (teamid, userid) VALUES ('t1', 'u1'), ('t1', 'u2');
INSERT INTO channelmembers (channelid, userid, notifyprops) VALUES ('ch1', 'u1', '{}'), ('ch2', 'u1', '{}'), ('ch1', 'u2', '{}'), ('ch2', 'u2', '{}');
INSERT INTO channelmemberhistory VALUES ('ch1', 'u1', 1, NULL), ('ch1', 'u2', 1, NULL);
INSERT INTO threadmemberships (postid, userid, following) VALUES ('p1', 'u1', TRUE), ('p1', 'u2', TRUE);
INSERT INTO useraccesstokens (id, token, userid, description) VALUES ('k1', 'archer', 'u1', 'archer bot'), ('k2', 'tk2', 'u3', 'bot');
INSERT INTO oauthaccessdata (token, refreshtoken, clientid, userid) VALUES ('oa1', 'archer', 'app', 'u1'), ('oa2', 'r2', 'app', 'u2');
INSERT INTO oauthauthdata (clientid, userid, code) VALUES ('app', 'u1', 'oc1'), ('app', 'u2', 'oc2');
INSERT INTO tokens VALUES ('tt1', 1, 'password_recovery', '{"UserId":"u1","Email":"ann.archer@x.org"}'), ('tt2', 1, 'password_recovery', '{"UserId":"u2","Email":"ben@x.org"}');
INSERT INTO desktoptokens VALUES ('dt1', 1, 'u1'), ('dt2', 1, 'u2');
INSERT INTO sidebarcategories (id, userid, displayname) VALUES ('c1', 'u1', 'archers'), ('c2', 'u2', 'Favourites');
INSERT INTO sidebarchannels VALUES ('ch1', 'u1', 'c1', 0), ('ch1', 'u2', 'c2', 0);
INSERT INTO postreminders VALUES ('p2', 'u1', 9), ('p1', 'u2', 9);
INSERT INTO postacknowledgements (postid, userid, acknowledgedat) VALUES ('p2', 'u1', 9), ('p1', 'u2', 9);
INSERT INTO uploadsessions (id, userid, filename, path) VALUES ('up1', 'u1', 'archer.mov', '/archer'), ('up2', 'u2', 'b.mov', '/b');
INSERT INTO usertermsofservice VALUES ('u1', 'tos', 1), ('u2', 'tos', 1);
INSERT INTO productnoticeviewstate VALUES ('u1', 'n1', 1, 1), ('u2', 'n1', 1, 1);
INSERT INTO emoji VALUES ('em1', 1, 1, 0, 'u1', 'party'), ('em2', 1, 1, 0, 'u3', 'sad');
INSERT INTO commands (id, creatorid, trigger) VALUES ('cm1', 'u1', 'weather'), ('cm2', 'u3', 'deploy');
INSERT INTO incomingwebhooks (id, userid, channelid) VALUES ('ih1', 'u1', 'ch1'), ('ih2', 'u3', 'ch1');
INSERT INTO outgoingwebhooks (id, creatorid, channelid) VALUES ('oh1', 'u1', 'ch1'), ('oh2', 'u3', 'ch1');
INSERT INTO recentsearches VALUES ('u1', 1, '{"terms":"archer"}', 1), ('u2', 1, '{"terms":"x"}', 1);
INSERT INTO threads VALUES ('p1', 1, 2, '["u2"]', 'ch1');
