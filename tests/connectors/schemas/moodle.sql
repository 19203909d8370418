CREATE TABLE mdl_user (
  id BIGINT NOT NULL AUTO_INCREMENT, auth VARCHAR(20) NOT NULL DEFAULT 'manual', confirmed TINYINT NOT NULL DEFAULT 0,
  policyagreed TINYINT NOT NULL DEFAULT 0, deleted TINYINT NOT NULL DEFAULT 0, suspended TINYINT NOT NULL DEFAULT 0,
  mnethostid BIGINT NOT NULL DEFAULT 0, username VARCHAR(100) NOT NULL DEFAULT '', password VARCHAR(255) NOT NULL DEFAULT '',
  idnumber VARCHAR(255) NOT NULL DEFAULT '', firstname VARCHAR(100) NOT NULL DEFAULT '', lastname VARCHAR(100) NOT NULL DEFAULT '',
  email VARCHAR(100) NOT NULL DEFAULT '', emailstop TINYINT NOT NULL DEFAULT 0, phone1 VARCHAR(20) NOT NULL DEFAULT '',
  phone2 VARCHAR(20) NOT NULL DEFAULT '', institution VARCHAR(255) NOT NULL DEFAULT '', department VARCHAR(255) NOT NULL DEFAULT '',
  address VARCHAR(255) NOT NULL DEFAULT '', city VARCHAR(120) NOT NULL DEFAULT '', country VARCHAR(2) NOT NULL DEFAULT '',
  lang VARCHAR(30) NOT NULL DEFAULT 'en', calendartype VARCHAR(30) NOT NULL DEFAULT 'gregorian', theme VARCHAR(50) NOT NULL DEFAULT '',
  timezone VARCHAR(100) NOT NULL DEFAULT '99', firstaccess BIGINT NOT NULL DEFAULT 0, lastaccess BIGINT NOT NULL DEFAULT 0,
  lastlogin BIGINT NOT NULL DEFAULT 0, currentlogin BIGINT NOT NULL DEFAULT 0, lastip VARCHAR(45) NOT NULL DEFAULT '',
  secret VARCHAR(15) NOT NULL DEFAULT '', picture BIGINT NOT NULL DEFAULT 0, description LONGTEXT NULL, descriptionformat TINYINT NOT NULL DEFAULT 1,
  mailformat TINYINT NOT NULL DEFAULT 1, maildigest TINYINT NOT NULL DEFAULT 0, maildisplay TINYINT NOT NULL DEFAULT 2,
  autosubscribe TINYINT NOT NULL DEFAULT 1, trackforums TINYINT NOT NULL DEFAULT 0, timecreated BIGINT NOT NULL DEFAULT 0,
  timemodified BIGINT NOT NULL DEFAULT 0, trustbitmask BIGINT NOT NULL DEFAULT 0, imagealt VARCHAR(255) NULL, lastnamephonetic VARCHAR(255) NULL,
  firstnamephonetic VARCHAR(255) NULL, middlename VARCHAR(255) NULL, alternatename VARCHAR(255) NULL, moodlenetprofile VARCHAR(255) NULL,
  PRIMARY KEY (id), UNIQUE KEY mdl_user_mneuse_uix (mnethostid, username)
);
CREATE TABLE mdl_user_preferences (
  id BIGINT NOT NULL AUTO_INCREMENT, userid BIGINT NOT NULL DEFAULT 0, name VARCHAR(255) NOT NULL DEFAULT '',
  `value` VARCHAR(1333) NOT NULL DEFAULT '', PRIMARY KEY (id)
);
CREATE TABLE mdl_user_info_data (
  id BIGINT NOT NULL AUTO_INCREMENT, userid BIGINT NOT NULL DEFAULT 0, fieldid BIGINT NOT NULL DEFAULT 0, data LONGTEXT NOT NULL,
  dataformat TINYINT NOT NULL DEFAULT 0, PRIMARY KEY (id)
);
CREATE TABLE mdl_user_lastaccess (
  id BIGINT NOT NULL AUTO_INCREMENT, userid BIGINT NOT NULL DEFAULT 0, courseid BIGINT NOT NULL DEFAULT 0, timeaccess BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (id)
);
CREATE TABLE mdl_user_password_history (
  id BIGINT NOT NULL AUTO_INCREMENT, userid BIGINT NOT NULL, hash VARCHAR(255) NOT NULL, timecreated BIGINT NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE mdl_user_password_resets (
  id BIGINT NOT NULL AUTO_INCREMENT, userid BIGINT NOT NULL, timerequested BIGINT NOT NULL, timererequested BIGINT NOT NULL DEFAULT 0,
  token VARCHAR(32) NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE mdl_user_devices (
  id BIGINT NOT NULL AUTO_INCREMENT, userid BIGINT NOT NULL DEFAULT 0, appid VARCHAR(128) NOT NULL, name VARCHAR(32) NOT NULL,
  model VARCHAR(32) NOT NULL, platform VARCHAR(32) NOT NULL, version VARCHAR(32) NOT NULL, pushid VARCHAR(255) NOT NULL, uuid VARCHAR(255) NOT NULL,
  timecreated BIGINT NOT NULL, timemodified BIGINT NOT NULL, publickey LONGTEXT NULL, PRIMARY KEY (id)
);
CREATE TABLE mdl_sessions (
  id BIGINT NOT NULL AUTO_INCREMENT, state BIGINT NOT NULL DEFAULT 0, sid VARCHAR(128) NOT NULL DEFAULT '', userid BIGINT NOT NULL,
  sessdata LONGTEXT NULL, timecreated BIGINT NOT NULL, timemodified BIGINT NOT NULL, firstip VARCHAR(45) NULL, lastip VARCHAR(45) NULL,
  PRIMARY KEY (id)
);
CREATE TABLE mdl_external_tokens (
  id BIGINT NOT NULL AUTO_INCREMENT, token VARCHAR(128) NOT NULL, privatetoken VARCHAR(64) NULL, tokentype SMALLINT NOT NULL, userid BIGINT NOT NULL,
  externalserviceid BIGINT NOT NULL, sid VARCHAR(128) NULL, contextid BIGINT NOT NULL, creatorid BIGINT NOT NULL DEFAULT 1,
  iprestriction VARCHAR(255) NULL, validuntil BIGINT NULL, timecreated BIGINT NOT NULL, lastaccess BIGINT NULL, name VARCHAR(255) NULL,
  PRIMARY KEY (id)
);
CREATE TABLE mdl_user_enrolments (
  id BIGINT NOT NULL AUTO_INCREMENT, status BIGINT NOT NULL DEFAULT 0, enrolid BIGINT NOT NULL, userid BIGINT NOT NULL,
  timestart BIGINT NOT NULL DEFAULT 0, timeend BIGINT NOT NULL DEFAULT 2147483647, modifierid BIGINT NOT NULL DEFAULT 0,
  timecreated BIGINT NOT NULL DEFAULT 0, timemodified BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (id)
);
CREATE TABLE mdl_role_assignments (
  id BIGINT NOT NULL AUTO_INCREMENT, roleid BIGINT NOT NULL DEFAULT 0, contextid BIGINT NOT NULL DEFAULT 0, userid BIGINT NOT NULL DEFAULT 0,
  timemodified BIGINT NOT NULL DEFAULT 0, modifierid BIGINT NOT NULL DEFAULT 0, component VARCHAR(100) NOT NULL DEFAULT '',
  itemid BIGINT NOT NULL DEFAULT 0, sortorder BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (id)
);
CREATE TABLE mdl_groups_members (
  id BIGINT NOT NULL AUTO_INCREMENT, groupid BIGINT NOT NULL DEFAULT 0, userid BIGINT NOT NULL DEFAULT 0, timeadded BIGINT NOT NULL DEFAULT 0,
  component VARCHAR(100) NOT NULL DEFAULT '', itemid BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (id)
);
CREATE TABLE mdl_cohort_members (
  id BIGINT NOT NULL AUTO_INCREMENT, cohortid BIGINT NOT NULL DEFAULT 0, userid BIGINT NOT NULL DEFAULT 0, timeadded BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (id)
);
CREATE TABLE mdl_forum_discussions (
  id BIGINT NOT NULL AUTO_INCREMENT, course BIGINT NOT NULL DEFAULT 0, forum BIGINT NOT NULL DEFAULT 0, name VARCHAR(255) NOT NULL DEFAULT '',
  firstpost BIGINT NOT NULL DEFAULT 0, userid BIGINT NOT NULL DEFAULT 0, groupid BIGINT NOT NULL DEFAULT -1, assessed TINYINT NOT NULL DEFAULT 1,
  timemodified BIGINT NOT NULL DEFAULT 0, usermodified BIGINT NOT NULL DEFAULT 0, timestart BIGINT NOT NULL DEFAULT 0,
  timeend BIGINT NOT NULL DEFAULT 0, pinned TINYINT NOT NULL DEFAULT 0, timelocked BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (id)
);
CREATE TABLE mdl_forum_posts (
  id BIGINT NOT NULL AUTO_INCREMENT, discussion BIGINT NOT NULL DEFAULT 0, parent BIGINT NOT NULL DEFAULT 0, userid BIGINT NOT NULL DEFAULT 0,
  created BIGINT NOT NULL DEFAULT 0, modified BIGINT NOT NULL DEFAULT 0, mailed TINYINT NOT NULL DEFAULT 0, subject VARCHAR(255) NOT NULL DEFAULT '',
  message LONGTEXT NOT NULL, messageformat TINYINT NOT NULL DEFAULT 0, messagetrust TINYINT NOT NULL DEFAULT 0,
  attachment VARCHAR(100) NOT NULL DEFAULT '', totalscore SMALLINT NOT NULL DEFAULT 0, mailnow BIGINT NOT NULL DEFAULT 0,
  deleted TINYINT NOT NULL DEFAULT 0, privatereplyto BIGINT NOT NULL DEFAULT 0, wordcount BIGINT NULL, charcount BIGINT NULL, PRIMARY KEY (id)
);
CREATE TABLE mdl_messages (
  id BIGINT NOT NULL AUTO_INCREMENT, useridfrom BIGINT NOT NULL, conversationid BIGINT NOT NULL, subject LONGTEXT NULL, fullmessage LONGTEXT NULL,
  fullmessageformat TINYINT NOT NULL DEFAULT 0, fullmessagehtml LONGTEXT NULL, smallmessage LONGTEXT NULL, timecreated BIGINT NOT NULL,
  fullmessagetrust TINYINT NOT NULL DEFAULT 0, customdata LONGTEXT NULL, PRIMARY KEY (id)
);
CREATE TABLE mdl_message_conversation_members (
  id BIGINT NOT NULL AUTO_INCREMENT, conversationid BIGINT NOT NULL, userid BIGINT NOT NULL, timecreated BIGINT NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE mdl_notifications (
  id BIGINT NOT NULL AUTO_INCREMENT, useridfrom BIGINT NOT NULL, useridto BIGINT NOT NULL, subject LONGTEXT NULL, fullmessage LONGTEXT NULL,
  fullmessageformat TINYINT NOT NULL DEFAULT 0, fullmessagehtml LONGTEXT NULL, smallmessage LONGTEXT NULL, component VARCHAR(100) NULL,
  eventtype VARCHAR(100) NULL, contexturl LONGTEXT NULL, contexturlname LONGTEXT NULL, timeread BIGINT NULL, timecreated BIGINT NOT NULL,
  customdata LONGTEXT NULL, PRIMARY KEY (id)
);
CREATE TABLE mdl_assign_submission (
  id BIGINT NOT NULL AUTO_INCREMENT, assignment BIGINT NOT NULL DEFAULT 0, userid BIGINT NOT NULL DEFAULT 0, timecreated BIGINT NOT NULL DEFAULT 0,
  timemodified BIGINT NOT NULL DEFAULT 0, timestarted BIGINT NULL, status VARCHAR(10) NULL, groupid BIGINT NOT NULL DEFAULT 0,
  attemptnumber BIGINT NOT NULL DEFAULT 0, latest TINYINT NOT NULL DEFAULT 0, PRIMARY KEY (id)
);
CREATE TABLE mdl_assignsubmission_onlinetext (
  id BIGINT NOT NULL AUTO_INCREMENT, assignment BIGINT NOT NULL DEFAULT 0, submission BIGINT NOT NULL DEFAULT 0, onlinetext LONGTEXT NULL,
  onlineformat SMALLINT NOT NULL DEFAULT 0, PRIMARY KEY (id)
);
CREATE TABLE mdl_grade_grades (
  id BIGINT NOT NULL AUTO_INCREMENT, itemid BIGINT NOT NULL, userid BIGINT NOT NULL, rawgrade DECIMAL(10,5) NULL,
  rawgrademax DECIMAL(10,5) NOT NULL DEFAULT 100, rawgrademin DECIMAL(10,5) NOT NULL DEFAULT 0, rawscaleid BIGINT NULL, usermodified BIGINT NULL,
  finalgrade DECIMAL(10,5) NULL, hidden BIGINT NOT NULL DEFAULT 0, locked BIGINT NOT NULL DEFAULT 0, locktime BIGINT NOT NULL DEFAULT 0,
  exported BIGINT NOT NULL DEFAULT 0, overridden BIGINT NOT NULL DEFAULT 0, excluded BIGINT NOT NULL DEFAULT 0, feedback LONGTEXT NULL,
  feedbackformat BIGINT NOT NULL DEFAULT 0, information LONGTEXT NULL, informationformat BIGINT NOT NULL DEFAULT 0, timecreated BIGINT NULL,
  timemodified BIGINT NULL, aggregationstatus VARCHAR(10) NOT NULL DEFAULT 'unknown', aggregationweight DECIMAL(10,5) NULL, PRIMARY KEY (id)
);
CREATE TABLE mdl_quiz_attempts (
  id BIGINT NOT NULL AUTO_INCREMENT, quiz BIGINT NOT NULL DEFAULT 0, userid BIGINT NOT NULL DEFAULT 0, attempt INT NOT NULL DEFAULT 0,
  uniqueid BIGINT NOT NULL DEFAULT 0, layout LONGTEXT NOT NULL, currentpage BIGINT NOT NULL DEFAULT 0, preview TINYINT NOT NULL DEFAULT 0,
  state VARCHAR(16) NOT NULL DEFAULT 'inprogress', timestart BIGINT NOT NULL DEFAULT 0, timefinish BIGINT NOT NULL DEFAULT 0,
  timemodified BIGINT NOT NULL DEFAULT 0, timemodifiedoffline BIGINT NOT NULL DEFAULT 0, timecheckstate BIGINT NOT NULL DEFAULT 0,
  sumgrades DECIMAL(10,5) NULL, gradednotificationsenttime BIGINT NULL, PRIMARY KEY (id)
);
CREATE TABLE mdl_course_completions (
  id BIGINT NOT NULL AUTO_INCREMENT, userid BIGINT NOT NULL DEFAULT 0, course BIGINT NOT NULL DEFAULT 0, timeenrolled BIGINT NOT NULL DEFAULT 0,
  timestarted BIGINT NOT NULL DEFAULT 0, timecompleted BIGINT NULL, reaggregate BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (id)
);
CREATE TABLE mdl_logstore_standard_log (
  id BIGINT NOT NULL AUTO_INCREMENT, eventname VARCHAR(255) NOT NULL, component VARCHAR(100) NOT NULL, action VARCHAR(100) NOT NULL,
  target VARCHAR(100) NOT NULL, objecttable VARCHAR(50) NULL, objectid BIGINT NULL, crud VARCHAR(1) NOT NULL, edulevel TINYINT NOT NULL,
  contextid BIGINT NOT NULL, contextlevel BIGINT NOT NULL, contextinstanceid BIGINT NOT NULL, userid BIGINT NOT NULL, courseid BIGINT NULL,
  relateduserid BIGINT NULL, anonymous TINYINT NOT NULL DEFAULT 0, other LONGTEXT NULL, timecreated BIGINT NOT NULL, origin VARCHAR(10) NULL,
  ip VARCHAR(45) NULL, realuserid BIGINT NULL, PRIMARY KEY (id), KEY userid (userid)
);

INSERT INTO mdl_user (id, username, password, idnumber, firstname, lastname, email, phone1, institution, address, city, country, lastip, secret, description, alternatename, lastlogin) VALUES
  (2, 'cleo', 'c', '', 'Cleo', 'Carter', 'cleo@x.org', '', '', '', '', '', '198.51.100.3', '', NULL, NULL, 1700000000),
  (3, 'ann.archer', '$archer', 'archer-1', 'Ann', 'Archer', 'Ann.Archer@x.org', '+49 30 9018200', 'Archer School', '1 Archer Way', 'Archerstadt', 'DE', '203.0.113.7', 'archer', '<p>Archer</p>', 'Archie Archer', 1700000000),
  (4, 'ben', 'b', '', 'Ben', 'Baker', 'ben@x.org', '', '', '', '', 'DE', '198.51.100.2', '', '', NULL, 1700000000);
INSERT INTO mdl_user_preferences VALUES (1, 3, 'auth_forcepasswordchange', 'archer'), (2, 4, 'htmleditor', '');
INSERT INTO mdl_user_info_data VALUES (1, 3, 1, 'Archer club', 0), (2, 4, 1, 'Bakers', 0);
INSERT INTO mdl_user_lastaccess VALUES (1, 3, 10, 1700000000), (2, 4, 10, 1700000000);
INSERT INTO mdl_user_password_history VALUES (1, 3, '$archer', 1), (2, 4, '$b', 1);
INSERT INTO mdl_user_password_resets VALUES (1, 3, 1, 0, 't1'), (2, 4, 1, 0, 't2');
INSERT INTO mdl_user_devices VALUES (1, 3, 'app', 'Archer phone', 'm', 'android', '14', 'p1', 'u1', 1, 1, NULL), (2, 4, 'app', 'phone', 'm', 'android', '14', 'p2', 'u2', 1, 1, NULL);
INSERT INTO mdl_sessions VALUES (1, 0, 's1', 3, 'archer', 1, 1, '203.0.113.7', '203.0.113.7'), (2, 0, 's2', 4, '', 1, 1, '198.51.100.2', '198.51.100.2'), (3, 0, 's3', 0, NULL, 1, 1, '198.51.100.9', '198.51.100.9');
INSERT INTO mdl_external_tokens (id, token, tokentype, userid, externalserviceid, contextid, creatorid, timecreated) VALUES (1, 'archer', 0, 3, 1, 1, 3, 1), (2, 'b', 0, 4, 1, 1, 3, 1);
INSERT INTO mdl_user_enrolments (id, enrolid, userid, modifierid) VALUES (1, 1, 3, 2), (2, 1, 4, 3);
INSERT INTO mdl_role_assignments (id, roleid, contextid, userid, modifierid) VALUES (1, 5, 20, 3, 2), (2, 5, 20, 4, 2);
INSERT INTO mdl_groups_members (id, groupid, userid) VALUES (1, 1, 3), (2, 1, 4);
INSERT INTO mdl_cohort_members VALUES (1, 1, 3, 1), (2, 1, 4, 1);
INSERT INTO mdl_forum_discussions (id, course, forum, name, firstpost, userid, usermodified) VALUES (1, 10, 1, 'How archers aim', 1, 3, 4), (2, 10, 1, 'How bakers bake', 3, 4, 3);
INSERT INTO mdl_forum_posts (id, discussion, parent, userid, subject, message, privatereplyto) VALUES
  (1, 1, 0, 3, 'Archer asks', 'Says Archer', 0), (2, 1, 1, 4, 'Re', 'Only for you', 3), (3, 2, 0, 4, 'Bread', 'Mail ann.archer@x.org', 0), (4, 2, 3, 2, 'Re', 'Thanks', 0);
INSERT INTO mdl_messages (id, useridfrom, conversationid, fullmessage, smallmessage, timecreated) VALUES (1, 3, 1, 'Archer here', 'Archer here', 1), (2, 4, 1, 'Hi', 'Hi', 2);
INSERT INTO mdl_message_conversation_members VALUES (1, 1, 3, 1), (2, 1, 4, 1);
INSERT INTO mdl_notifications (id, useridfrom, useridto, subject, timecreated) VALUES (1, 4, 3, 'Dear Archer', 1), (2, 3, 4, 'Dear Ben', 1);
INSERT INTO mdl_assign_submission (id, assignment, userid, status) VALUES (1, 1, 3, 'submitted'), (2, 1, 4, 'submitted');
INSERT INTO mdl_assignsubmission_onlinetext VALUES (1, 1, 1, 'By Archer', 1), (2, 1, 2, 'By Ben', 1);
INSERT INTO mdl_grade_grades (id, itemid, userid, finalgrade, feedback) VALUES (1, 1, 3, 90, 'Well done, Archer'), (2, 1, 4, 80, 'Well done');
INSERT INTO mdl_quiz_attempts (id, quiz, userid, uniqueid, layout, sumgrades) VALUES (1, 1, 3, 1, '1,2', 9), (2, 1, 4, 2, '1,2', 8);
INSERT INTO mdl_course_completions (id, userid, course, timecompleted) VALUES (1, 3, 10, 1700000000), (2, 4, 10, NULL);
INSERT INTO mdl_logstore_standard_log (id, eventname, component, action, target, crud, edulevel, contextid, contextlevel, contextinstanceid, userid, relateduserid, other, timecreated, ip) VALUES
  (1, 'login', 'core', 'loggedin', 'user', 'r', 0, 1, 10, 0, 3, NULL, '{"username":"ann.archer"}', 1700000000, '203.0.113.7'), (2, 'viewed', 'core', 'viewed', 'user', 'r', 0, 1, 10, 0, 4, 3, 'null', 1700000000, '198.51.100.2'),
  (3, 'login_failed', 'core', 'failed', 'user_login', 'r', 0, 1, 10, 0, 0, NULL, '{"username":"ann.archer@x.org"}', 1700000000, '203.0.113.7');
