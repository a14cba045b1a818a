-- A register as Part 1 wrote it (revision 0001): closed with fault, open and unallocated, withdrawn, extended and closed,
-- extended and open. Written by Part 1's own code and copied row by row; every name is invented.
INSERT INTO team (id, name, parent_id, allocation) VALUES
(1, 'Localities', NULL, 'offered'),
(2, 'Permanence', NULL, 'offered'),
(3, 'East', 1, 'offered'),
(4, 'West', 1, 'offered'),
(5, 'Fostering', 2, 'offered');
INSERT INTO person (id, slack_id, name, tz, nudge_hour, agency) VALUES
(1, 'UHANDLER1', 'Hester Quill', 'Europe/London', 9, false),
(2, 'UHANDLER2', 'Idris Penn', 'Europe/London', 9, false),
(3, 'UCMANAGER', 'Cora Ledger', 'Europe/London', 9, false),
(4, 'UMANAGER1', 'Mabel Eastwood', 'Europe/London', 9, false),
(5, 'UMANAGER2', 'Noor Eastham', 'Europe/London', 9, false),
(6, 'UMANAGER3', 'Fenn Foster', 'Europe/London', 9, false),
(7, 'USENIOR01', 'Sefton Hale', 'Europe/London', 9, false),
(8, 'USENIOR02', 'Petra Vale', 'Europe/London', 9, false),
(9, 'UVIEWER01', 'Vida Glass', 'Europe/London', 9, false);
INSERT INTO appointment (id, person_id, role, team_id, from_on) VALUES
(1, 1, 'handler', NULL, '2025-10-01'),
(2, 2, 'handler', NULL, '2025-10-01'),
(3, 3, 'complaints_manager', NULL, '2025-10-01'),
(4, 4, 'named_manager', 3, '2025-10-01'),
(5, 5, 'named_manager', 3, '2025-10-01'),
(6, 6, 'named_manager', 5, '2025-10-01'),
(7, 7, 'senior_manager', 1, '2025-10-01'),
(8, 8, 'senior_manager', 2, '2025-10-01'),
(9, 9, 'viewer', NULL, '2025-10-01');
INSERT INTO theme (id, name) VALUES
(1, 'Communication'),
(2, 'Delay'),
(3, 'Staff conduct');
INSERT INTO reference_counter (year, last) VALUES
(2026, 5);
INSERT INTO complaint (id, reference, procedure, procedure_version, received_on, recorded_at, recorded_by_id, lead_team_id, owner_id, handler_id, owned_at, acknowledged_on, closed_on, changes) VALUES
(1, 'CS-2026-0001', 'statutory', '1', '2026-09-28', '2026-10-01 09:30:00', 1, 3, 4, 1, '2026-10-01 09:30:00', '2026-10-01', '2026-10-08', 5),
(2, 'CS-2026-0002', 'statutory', '1', '2026-11-02', '2026-11-03 10:00:00', 1, 3, NULL, 1, NULL, NULL, NULL, 1),
(3, 'CS-2026-0003', 'statutory', '1', '2026-11-02', '2026-11-03 10:00:00', 1, 5, NULL, 1, NULL, NULL, '2026-11-09', 2),
(4, 'CS-2026-0004', 'statutory', '1', '2026-09-01', '2026-09-02 10:00:00', 1, 3, 4, 1, '2026-09-02 10:00:00', NULL, '2026-09-24', 4),
(5, 'CS-2026-0005', 'statutory', '1', '2026-11-10', '2026-11-16 10:00:00', 1, 3, 4, 1, '2026-11-16 10:00:00', NULL, NULL, 3);
INSERT INTO complaint_theme (complaint_id, theme_id) VALUES
(1, 2);
INSERT INTO stage (id, complaint_id, number, procedure, lead_team_id, owner_id, started_on, recorded_after, limit_days, maximum_days, original_due_on, due_on, ended_on, days_taken, band, outcome, finding) VALUES
(1, 1, 1, 'statutory', 3, 4, '2026-09-28', 3, 10, 20, '2026-10-12', '2026-10-12', '2026-10-08', 8, 'within_limit', 'fault', 'fault'),
(2, 2, 1, 'statutory', 3, NULL, '2026-11-02', 1, 10, 20, '2026-11-16', '2026-11-16', NULL, NULL, NULL, NULL, NULL),
(3, 3, 1, 'statutory', 5, NULL, '2026-11-02', 1, 10, 20, '2026-11-16', '2026-11-16', '2026-11-09', NULL, NULL, 'withdrawn', 'not_proceeded'),
(4, 4, 1, 'statutory', 3, 4, '2026-09-01', 1, 10, 20, '2026-09-15', '2026-09-25', '2026-09-24', 17, 'agreed_extension', 'no_fault', 'no_fault'),
(5, 5, 1, 'statutory', 3, 4, '2026-11-10', 4, 10, 20, '2026-11-24', '2026-12-04', NULL, NULL, NULL, NULL, NULL);
INSERT INTO event (id, complaint_id, sequence, kind, stage, happened_on, recorded_at, actor_id, data) VALUES
(1, 1, 1, 'received', 1, '2026-09-28', '2026-10-01 09:30:00', 1, '{"team": 3, "procedure": "statutory", "recorded_after": 3, "text": 1}'),
(2, 1, 2, 'claimed', 1, '2026-10-01', '2026-10-01 09:30:00', 4, '{"owner": 4}'),
(3, 1, 3, 'acknowledged', 1, '2026-10-01', '2026-10-01 09:30:00', 4, '{}'),
(4, 1, 4, 'responded', 1, '2026-10-08', '2026-10-09 15:00:00', 4, '{"outcome": "fault", "finding": "fault", "themes": [2]}'),
(5, 1, 5, 'action_added', 1, '2026-10-08', '2026-10-09 15:00:00', 4, '{"action": 1, "owner": 5, "due": "2027-01-29", "text": 2}'),
(6, 2, 1, 'received', 1, '2026-11-02', '2026-11-03 10:00:00', 1, '{"team": 3, "procedure": "statutory", "recorded_after": 1, "text": 3}'),
(7, 3, 1, 'received', 1, '2026-11-02', '2026-11-03 10:00:00', 1, '{"team": 5, "procedure": "statutory", "recorded_after": 1}'),
(8, 3, 2, 'not_proceeded', 1, '2026-11-09', '2026-11-10 10:00:00', 1, '{"outcome": "withdrawn", "finding": "not_proceeded", "themes": []}'),
(9, 4, 1, 'received', 1, '2026-09-01', '2026-09-02 10:00:00', 1, '{"team": 3, "procedure": "statutory", "recorded_after": 1}'),
(10, 4, 2, 'extension_approved', 1, '2026-09-10', '2026-09-02 10:00:00', NULL, '{"until": "2026-09-25"}'),
(11, 4, 3, 'allocated', 1, '2026-09-02', '2026-09-02 10:00:00', 1, '{"owner": 4, "from": null, "how": "assigned"}'),
(12, 4, 4, 'responded', 1, '2026-09-24', '2026-09-28 10:00:00', 1, '{"outcome": "no_fault", "finding": "no_fault", "themes": []}'),
(13, 5, 1, 'received', 1, '2026-11-10', '2026-11-16 10:00:00', 1, '{"team": 3, "procedure": "statutory", "recorded_after": 4}'),
(14, 5, 2, 'extension_approved', 1, '2026-11-16', '2026-11-16 10:00:00', NULL, '{"until": "2026-12-04"}'),
(15, 5, 3, 'claimed', 1, '2026-11-16', '2026-11-16 10:00:00', 4, '{"owner": 4}');
INSERT INTO free_text (id, complaint_id, about, body) VALUES
(1, 1, 'summary', 'Calls were not returned.'),
(2, 1, 'action', 'Calls are returned within two working days.'),
(3, 2, 'summary', 'A review was put off twice.');
INSERT INTO learning_action (id, complaint_id, text_id, owner_id, due_on) VALUES
(1, 1, 2, 5, '2027-01-29');
INSERT INTO outbox (id, key, kind, person_id, complaint_id, data, state, created_at, not_before, attempts, uncertain, again) VALUES
(1, 'card:1', 'card', NULL, 1, '{}', 'pending', '2026-10-01 09:30:00', '2026-10-01 09:30:00', 0, false, false),
(2, 'thread:1:1', 'thread', NULL, 1, '{"sequence": 1}', 'pending', '2026-10-01 09:30:00', '2026-10-01 09:30:00', 0, false, false),
(3, 'thread:1:2', 'thread', NULL, 1, '{"sequence": 2}', 'pending', '2026-10-01 09:30:00', '2026-10-01 09:30:00', 0, false, false),
(4, 'thread:1:3', 'thread', NULL, 1, '{"sequence": 3}', 'pending', '2026-10-01 09:30:00', '2026-10-01 09:30:00', 0, false, false),
(5, 'thread:1:4', 'thread', NULL, 1, '{"sequence": 4}', 'pending', '2026-10-09 15:00:00', '2026-10-09 15:00:00', 0, false, false),
(6, 'thread:1:5', 'thread', NULL, 1, '{"sequence": 5}', 'pending', '2026-10-09 15:00:00', '2026-10-09 15:00:00', 0, false, false),
(7, 'card:2', 'card', NULL, 2, '{}', 'pending', '2026-11-03 10:00:00', '2026-11-03 10:00:00', 0, false, false),
(8, 'thread:2:1', 'thread', NULL, 2, '{"sequence": 1}', 'pending', '2026-11-03 10:00:00', '2026-11-03 10:00:00', 0, false, false),
(9, 'card:3', 'card', NULL, 3, '{}', 'pending', '2026-11-03 10:00:00', '2026-11-03 10:00:00', 0, false, false),
(10, 'thread:3:1', 'thread', NULL, 3, '{"sequence": 1}', 'pending', '2026-11-03 10:00:00', '2026-11-03 10:00:00', 0, false, false),
(11, 'thread:3:2', 'thread', NULL, 3, '{"sequence": 2}', 'pending', '2026-11-10 10:00:00', '2026-11-10 10:00:00', 0, false, false),
(12, 'card:4', 'card', NULL, 4, '{}', 'pending', '2026-09-02 10:00:00', '2026-09-02 10:00:00', 0, false, false),
(13, 'thread:4:1', 'thread', NULL, 4, '{"sequence": 1}', 'pending', '2026-09-02 10:00:00', '2026-09-02 10:00:00', 0, false, false),
(14, 'thread:4:2', 'thread', NULL, 4, '{"sequence": 2}', 'pending', '2026-09-02 10:00:00', '2026-09-02 10:00:00', 0, false, false),
(15, 'thread:4:3', 'thread', NULL, 4, '{"sequence": 3}', 'pending', '2026-09-02 10:00:00', '2026-09-02 10:00:00', 0, false, false),
(16, 'allocated:4:3', 'allocated', 4, 4, '{"sequence": 3}', 'pending', '2026-09-02 10:00:00', '2026-09-02 10:00:00', 0, false, false),
(17, 'thread:4:4', 'thread', NULL, 4, '{"sequence": 4}', 'pending', '2026-09-28 10:00:00', '2026-09-28 10:00:00', 0, false, false),
(18, 'card:5', 'card', NULL, 5, '{}', 'pending', '2026-11-16 10:00:00', '2026-11-16 10:00:00', 0, false, false),
(19, 'thread:5:1', 'thread', NULL, 5, '{"sequence": 1}', 'pending', '2026-11-16 10:00:00', '2026-11-16 10:00:00', 0, false, false),
(20, 'thread:5:2', 'thread', NULL, 5, '{"sequence": 2}', 'pending', '2026-11-16 10:00:00', '2026-11-16 10:00:00', 0, false, false),
(21, 'thread:5:3', 'thread', NULL, 5, '{"sequence": 3}', 'pending', '2026-11-16 10:00:00', '2026-11-16 10:00:00', 0, false, false);
