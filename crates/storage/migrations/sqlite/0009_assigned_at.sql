-- When what decides about a device's profile was last changed on the device itself (the profile or
-- policy it was given, its group tag), and when a tag of the catalogue was made to name another
-- profile. NULL: not since the device was registered.
ALTER TABLE device ADD COLUMN assigned_at INTEGER;
ALTER TABLE group_tag ADD COLUMN assigned_at INTEGER;
